"""Where and when something is allowed that is a problem elsewhere (管控范围、时段).

Approved construction and market days (anchors_civic 2.14): matter, place, day and hour all have
to fit. A window warns and asks for a reason; it never forbids a report.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from chengzhi.places.types import Located, Point
from chengzhi.workorders.rules.words import CHINA
from chengzhi.workorders.types import ControlRow

DAY_NAMES = "一二三四五六日"
Holds = Callable[[dict[str, Any], Point], bool]  # whether a stored surface holds a point


def controls_at(
    rows: Iterable[ControlRow],
    *,
    matter: str,
    place: Located,
    point: Point,
    at: datetime,
    holds: Holds,
) -> tuple[ControlRow, ...]:
    """Return the control areas and windows that hold for a matter, a place and a moment."""
    return tuple(
        row
        for row in rows
        if _of_matter(row, matter) and is_on(row, at) and _is_here(row, place, point, holds)
    )


def _of_matter(row: ControlRow, matter: str) -> bool:
    return not row.matter_prefixes or matter.startswith(row.matter_prefixes)


def is_on(row: ControlRow, at: datetime) -> bool:
    """Return whether a window is open at a moment, in the city's time.

    A slot that ends before it begins runs past midnight and belongs to the day it began on.
    """
    local = at.astimezone(CHINA)
    day, moment = local.date(), local.time()
    start, end = row.from_time or time.min, row.to_time or time.max
    if start <= end:
        return _on_day(row, day) and start <= moment < _after(end)
    if moment >= start:
        return _on_day(row, day)
    return moment < end and _on_day(row, day - timedelta(days=1))


def _after(end: time) -> time:
    return end if end != time.max else time(23, 59, 59, 999_999)


def _on_day(row: ControlRow, day: date) -> bool:
    still = row.valid_to is None or day < row.valid_to
    return row.valid_from <= day and still and str(day.isoweekday()) in row.weekdays


def _is_here(row: ControlRow, place: Located, point: Point, holds: Holds) -> bool:
    areas = (place.cell, place.grid, place.community, place.town)
    if row.area_prefix and not any(area.startswith(row.area_prefix) for area in areas if area):
        return False
    if row.road and row.road != place.road:
        return False
    return row.polygon is None or holds(row.polygon, point)


def control_text(rows: Iterable[ControlRow]) -> str:
    """Return what a person is warned of; empty when nothing holds."""
    said = "；".join(_said(row) for row in rows)
    return f"在管控范围内：{said}" if said else ""


def _said(row: ControlRow) -> str:
    permit = f"，许可 {row.permit}" if row.permit else ""
    return f"{row.title}（{when_text(row)}{permit}）"


def when_text(row: ControlRow) -> str:
    """Return days and hours in words: "周一、周五 06:00–10:00，至 2026-12-31"."""
    days = (
        "每天"
        if len(row.weekdays) == 7
        else "周" + "、".join(DAY_NAMES[int(day) - 1] for day in row.weekdays)
    )
    hours = ""
    if row.from_time or row.to_time:
        hours = f" {(row.from_time or time.min):%H:%M}–{_end_text(row.to_time)}"
    until = f"，至 {row.valid_to - timedelta(days=1)}" if row.valid_to else ""
    return f"{days}{hours}{until}"


def _end_text(end: time | None) -> str:
    return f"{end:%H:%M}" if end else "24:00"
