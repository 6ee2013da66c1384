"""Pages of lists at a million work orders over HTTP: one user, then sixteen, on both databases.

Protocol: the databases of `benchmarks.million` (built once, reused); the platform as `chengzhi serve`
starts it, two web workers, without the demo's settings; database, programs and visitors share the
machine's cores. Sessions are made beforehand. One user asks for every page in turn, the first turn does
not count; then sixteen users ask for pages at random, one after the other. Figures are the medians of the
time from the first byte sent to the last byte received; the bar holds for every page.
"""

import argparse
import signal
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.million.store import postgres_built, sqlite_built
from benchmarks.outcome import tell
from benchmarks.site import (
    Address,
    Visitor,
    asked,
    environment_for,
    many_users,
    median_ms,
    one_user,
    served,
)

PORT = 8766
USERS = 16
ONE_MS, MANY_MS = 50, 150
BAR = f"p50 of every page <= {ONE_MS} ms at 1 user, <= {MANY_MS} ms at {USERS} users, two cores"
STATES = ("handling", "dispatched", "to_check", "reported")
TOWNS = ("330225001", "330225002", "330225101", "330225102")
UNITS = ("S01", "S02", "S04", "D01", "D02")
MATTERS = ("09", "06", "09005", "06010", "01001")
TILES = (
    {"bbox": "121.4,28.9,122.3,29.7", "zoom": 10},
    {"bbox": "121.8,29.4,121.95,29.55", "zoom": 13},
    {"bbox": "121.86,29.46,121.89,29.49", "zoom": 16, "age": 0},
)
WORDS = ("井盖松动", "盲道", "垃圾箱满了", "污水井盖", "横幅破损", "小学门口", "没有这样的话")
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the programs are ended too


def main() -> int:
    """Run the protocol on both databases, or on one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--turns", type=int, default=20)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    options = parser.parse_args()
    figures: dict[str, float | int | str] = {"rows": options.rows}
    builders = {"postgresql": postgres_built, "sqlite": sqlite_built}
    for name, built in builders.items():
        if options.database in (name, "both"):
            with built(options.rows, seed=options.seed) as database:
                figures |= {f"{name}_{k}": v for k, v in _measured(database, options).items()}
    ok = all(
        value <= (MANY_MS if "_16_" in key else ONE_MS)
        for key, value in figures.items()
        if key.endswith("_ms") and isinstance(value, float)
    )
    return tell("lists", figures, bar=BAR, ok=ok, seed=options.seed)


def _measured(database: str, options: argparse.Namespace) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as state:
        environment = environment_for(database, state=Path(state))
        known = asked(environment, "benchmarks.lists_site")
        pages = pages_of(known)
        with served(environment, port=PORT):
            alone = Visitor(PORT, known["sessions"]["haiyan"])
            one_user(alone, pages, turns=options.turns, seed=options.seed)
            crowd = [Visitor(PORT, known["sessions"]["haiyan"]) for _ in range(USERS)]
            many_users(crowd, pages, seconds=options.seconds, seed=options.seed)
    figures = {f"1_{name}_ms": median_ms(alone.times[name]) for name in pages}
    for name in pages:
        times = [spent for visitor in crowd for spent in visitor.times.get(name, [])]
        figures[f"16_{name}_ms"] = median_ms(times)
    whole = [spent for visitor in crowd for times in visitor.times.values() for spent in times]
    return {**figures, "pages_per_s": round(len(whole) / options.seconds, 1)}


def pages_of(known: dict[str, object]) -> dict[str, Address]:
    """Return the pages that are asked for; the dice choose among filters, so that no two are alike."""
    count = int(str(known["count"]))
    month = {"since": known["month"], "until": known["month_end"]}

    def listed(**query: object) -> str:
        return f"/work-orders/?{urlencode(query)}"

    return {
        "first": lambda dice: "/work-orders/",
        "state_town": lambda dice: listed(state=dice.choice(STATES), town=dice.choice(TOWNS)),
        "handler": lambda dice: listed(handler=dice.choice(UNITS)),
        "overdue": lambda dice: listed(due="over", sort="due"),
        "matter_month": lambda dice: listed(matter=dice.choice(MATTERS), **month),
        "text": lambda dice: listed(text=dice.choice(WORDS)),
        "deep": lambda dice: listed(after=known["cursor"]),
        "record": lambda dice: f"/work-orders/{dice.randrange(1, count)}/",
        "map": lambda dice: f"/work-orders/map/tile.json?{urlencode(dice.choice(TILES))}",
    }


if __name__ == "__main__":
    raise SystemExit(main())
