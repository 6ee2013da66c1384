"""Open work orders as points on a map."""

from dataclasses import dataclass
from datetime import datetime

from chengzhi.accounts.types import Actor
from chengzhi.workorders.queries.lists import listed
from chengzhi.workorders.rules.words import code_text, left
from chengzhi.workorders.types import STATE_LABELS, Filters

MOST = 2000


@dataclass(frozen=True, kw_only=True)
class MapPoint:
    """One work order on the map; `tone` says how its limit stands."""

    id: int
    code: str
    lon: float
    lat: float
    matter_name: str
    address: str
    state_label: str
    left_text: str
    tone: str


def points(actor: Actor, filters: Filters, *, now: datetime) -> tuple[list[MapPoint], int]:
    """Return the most urgent points of a list, and how many there are in all."""
    rows = listed(actor, filters, now=now)
    fields = (
        "pk", "year", "lon", "lat", "matter_name", "address", "state", "stage_due_at",
        "stage_warn_at",
    )  # fmt: skip
    found = rows.order_by("stage_due_at", "pk").values(*fields)[:MOST]
    return [_point(values, now) for values in found], rows.count()


def _point(values, now: datetime) -> MapPoint:  # type: ignore[no-untyped-def]
    rest = left(values["stage_due_at"], values["stage_warn_at"], now=now)
    return MapPoint(
        id=values["pk"],
        code=code_text(values["year"], values["pk"]),
        lon=values["lon"],
        lat=values["lat"],
        matter_name=values["matter_name"],
        address=values["address"],
        state_label=STATE_LABELS[values["state"]],
        left_text=rest.text,
        tone=rest.tone,
    )
