"""How fast a whistle must be answered, read once from `data/whistle.toml`; configuration, not law."""

import tomllib
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files

from chengzhi import standards
from chengzhi.accounts.types import Role
from chengzhi.kernel.clock import Duration, deadline
from chengzhi.standards.limit_text import parse_limit
from chengzhi.workorders.types.whistles import Urgency


@dataclass(frozen=True, kw_only=True)
class WhistleLimits:
    """The limits of one urgency from a day on, and whom an overdue stage is escalated to."""

    urgency: str
    dispatch: Duration
    acknowledge: Duration
    arrive: Duration
    finish: Duration
    confirm: Duration
    escalate: Role
    source: str
    valid_from: date


@cache
def _table() -> tuple[int, tuple[WhistleLimits, ...]]:
    text = (files("chengzhi.workorders") / "data" / "whistle.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    return table["satisfied_from"], tuple(_limits(row) for row in table["limits"])


def _limits(row: dict[str, str]) -> WhistleLimits:
    spans = ("dispatch", "acknowledge", "arrive", "finish", "confirm")
    return WhistleLimits(
        urgency=row["urgency"],
        **{name: parse_limit(row[name]) for name in spans},
        escalate=Role(row["escalate"]),
        source=row["source"],
        valid_from=date.fromisoformat(str(row["valid_from"])),
    )


def whistle_limits(urgency: str, *, on: date) -> WhistleLimits:
    """Return the limits of an urgency as they stand on a day."""
    rows = [row for row in _table()[1] if row.urgency == urgency and row.valid_from <= on]
    return max(rows, key=lambda row: row.valid_from)


def satisfied_from() -> int:
    """Return from how many points on a town counts as satisfied."""
    return _table()[0]


def ends_at(limit: Duration, *, since: datetime) -> datetime:
    """Return when a limit that starts now ends."""
    due = deadline(since, limit, calendar=standards.current().calendar).due_at
    assert due is not None, "a limit without a pause has an end"
    return due


URGENCIES = tuple(Urgency)
