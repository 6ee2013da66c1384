"""The working calendar of `calendar_cn.toml`, with a city's own days laid over it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from chengzhi.kernel.calendar import Hours, Plan, Span
from chengzhi.standards.tables import DATA, parse_toml
from chengzhi.standards.types import StandardBroken

NAME = "calendar_cn.toml"
Table = Mapping[str, Any]
ONE_DAY = timedelta(days=1)


def read_plan(overlay: Path | None = None) -> Plan:
    """Return the plan that the working calendar is built from."""
    try:
        return _plan(_merged(overlay))
    except (KeyError, TypeError, ValueError) as error:
        raise StandardBroken(
            f"{NAME} 有缺项或写法不对（{error}），请对照系统自带的同名文件改正。", field=NAME
        ) from error


def _plan(table: Table) -> Plan:
    head, years = table["calendar"], table["years"]
    return Plan(
        first=head["first"],
        last=head["last"],
        zone=ZoneInfo(head["zone"]),
        weekly=frozenset(number - 1 for number in head["weekly"]),
        day_length=timedelta(hours=head["day_hours"]),
        hours=tuple(_hours(table["hours"], head["last"].year)),
        holidays=frozenset(_days_off(years)) - _local(table, "work") | _local(table, "off"),
        make_up_days=frozenset(d for year in years for d in year["make_up"]) - _local(table, "off")
        | _local(table, "work"),
        short_days={row["date"]: spans(row["spans"]) for row in table.get("short_days", [])},
        planned_years=frozenset(year["year"] for year in years if year["published"]),
    )


def has_calendar(overlay: Path | None) -> bool:
    """Return whether the overlay says anything about the calendar."""
    return overlay is not None and (overlay / NAME).is_file()


def spans(texts: Sequence[str]) -> tuple[Span, ...]:
    """Return working spans from texts such as "08:00-12:00"."""
    pairs = [text.split("-") for text in texts]
    return tuple(
        Span(opens=time.fromisoformat(opens), closes=time.fromisoformat(closes))
        for opens, closes in pairs
    )


def holiday_names(overlay: Path | None = None) -> dict[date, str]:
    """Return the name of every day off in the table, for people to read."""
    table = _merged(overlay)
    named = {d: h["name"] for y in table["years"] for h in y["holidays"] for d in _run(h)}
    return named | {row["date"]: row["name"] for row in table.get("days", [])}


def _merged(overlay: Path | None) -> dict[str, Any]:
    own = parse_toml(DATA / NAME)
    local = parse_toml(overlay / NAME) if overlay and has_calendar(overlay) else {}
    replaced = {year["year"] for year in local.get("years", [])}
    years = [year for year in own["years"] if year["year"] not in replaced]
    return {
        **own,
        **local,
        "calendar": {**own["calendar"], **local.get("calendar", {})},
        "years": sorted([*years, *local.get("years", [])], key=lambda year: int(year["year"])),
    }


def _local(table: Table, kind: str) -> frozenset[date]:
    return frozenset(row["date"] for row in table.get("days", []) if row["kind"] == kind)


def _days_off(years: Sequence[Table]) -> Iterator[date]:
    for year in years:
        for holiday in year["holidays"]:
            yield from _run(holiday)


def _run(holiday: Table) -> Iterator[date]:
    length = (holiday["last"] - holiday["first"]).days + 1
    return (holiday["first"] + ONE_DAY * n for n in range(length))


def _hours(blocks: Sequence[Table], last_year: int) -> Iterator[Hours]:
    """Yield dated hours; a seasonal block begins and ends in each year from its own on."""
    plain = [b for b in blocks if "season_from" not in b]
    for block in plain:
        yield Hours(valid_from=block["valid_from"], spans=spans(block["spans"]))
    for block in (b for b in blocks if "season_from" in b):
        for year in range(block["valid_from"].year, last_year + 1):
            starts, ends = (_in_year(year, block[key]) for key in ("season_from", "season_to"))
            yield Hours(valid_from=starts, spans=spans(block["spans"]))
            yield Hours(valid_from=ends, spans=spans(_in_force(plain, ends)["spans"]))


def _in_year(year: int, month_day: str) -> date:
    return date.fromisoformat(f"{year}-{month_day}")


def _in_force(blocks: Sequence[Table], on: date) -> Table:
    return max((b for b in blocks if b["valid_from"] <= on), key=lambda b: b["valid_from"])
