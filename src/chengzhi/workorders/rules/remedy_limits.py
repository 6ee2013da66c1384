"""What a city may set for remedies (`data/remedy.toml`), and the days that law counts for them."""

import tomllib
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files

from chengzhi import standards
from chengzhi.kernel.clock import Duration, last_day, latest_day_before
from chengzhi.standards.limit_text import parse_limit
from chengzhi.workorders.rules.words import CHINA

NOTICE = "ownerless_building_notice"  # 浙江省城乡规划条例 64
REMINDER = "substitute_reminder"  # 行政强制法 51(2)


@dataclass(frozen=True, kw_only=True)
class RemedySettings:
    """Limits and lists, read once."""

    fence: Duration
    search: Duration
    notify: Duration
    pay: Duration
    solve_hazard: Duration
    solve: dict[str, Duration]
    sources: dict[str, str]
    required: tuple[str, ...]
    kinds: dict[str, str]
    consequences: dict[str, str]
    places: dict[str, str]
    night_from: int
    night_to: int


@cache
def remedy_settings() -> RemedySettings:
    """Return the settings that come with this installation."""
    text = (files("chengzhi.workorders") / "data" / "remedy.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    spans = ("fence", "search", "notify", "pay", "solve_hazard")
    return RemedySettings(
        **{name: parse_limit(table[name]) for name in spans},
        solve={row["key"]: parse_limit(row["solve"]) for row in table["kinds"]},
        sources=_names(table["sources"]),
        required=tuple(row["key"] for row in table["sources"] if row["is_required"]),
        kinds=_names(table["kinds"]),
        consequences=_names(table["consequences"]),
        places=_names(table["places"]),
        night_from=table["night_from"],
        night_to=table["night_to"],
    )


def _names(rows: list[dict[str, str]]) -> dict[str, str]:
    return {row["key"]: row["name"] for row in rows}


def remind_by(perform_on: date) -> date:
    """Return the last day for the reminder: three working days lie between (行政强制法 51(2)、69)."""
    tables = standards.current()
    limit = tables.limit(REMINDER, on=perform_on)
    return latest_day_before(perform_on, limit, tables.calendar)


def notice_ends_on(notice_on: date) -> date:
    """Return the last day of the public notice of an ownerless building (城乡规划条例 64)."""
    tables = standards.current()
    return last_day(notice_on, tables.limit(NOTICE, on=notice_on), tables.calendar)


def is_workday(day: date) -> bool:
    """Return whether the office works on a day (行政强制法 43: not on statutory holidays)."""
    calendar = standards.current().calendar
    index = calendar.index_of(day)
    return calendar.days_worked(index + 1) > calendar.days_worked(index)


def is_night(at: datetime) -> bool:
    """Return whether it is night (行政强制法 43)."""
    hour, limits = at.astimezone(CHINA).hour, remedy_settings()
    return hour >= limits.night_from or hour < limits.night_to
