"""Who is responsible where and when in the demo county: a market, a street, a night (invented)."""

from datetime import datetime
from typing import Any

from chengzhi.accounts.types import Actor
from chengzhi.workorders.commands.routing import add_routing_rule, load_layer

MARKET = "靖南夜市"
SQUARE = (121.8890, 29.4570, 121.8950, 29.4600)  # west, south, east, north
STREET = "3302250001"
RULES: tuple[dict[str, Any], ...] = (
    {
        "matter_prefix": "09", "layer": MARKET, "slot": "18:00-23:00", "unit": "S01",
        "note": "夜市专班，收摊前由丹东中队盯守",
    },
    {
        "matter_prefix": "06012", "road": STREET, "road_metres": 60, "unit": "D01",
        "note": "靖南大街清扫保洁标段",
    },
    {
        "matter_prefix": "06012", "road": STREET, "road_metres": 60, "weekdays": "67", "unit": "S01",
        "note": "周末步行街由中队值守",
    },
    {
        "matter_prefix": "04", "area_prefix": "330225101", "unit": "D02",
        "note": "石浦绿化养护标段",
    },
    {
        "matter_prefix": "08012", "area_prefix": "330225101", "layer": "渔港工地", "weekdays": "7",
        "unit": "S04", "note": "工地红线图还没有送来，先由人决定",
    },
)  # fmt: skip


def settle(*, actor: Actor, now: datetime) -> None:
    """Load the market's outline and write the rules."""
    west, south, east, north = SQUARE
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    load_layer(MARKET, geometry={"type": "Polygon", "coordinates": [ring]}, actor=actor, now=now)
    for rule in RULES:
        add_routing_rule(**rule, actor=actor, now=now)
