"""The deadline clock: when a limit ends, in closed form, over any calendar, pauses and rules.

A limit is counted on one of four scales, chosen by its unit and its start rule:

* running time (urgent hours and days, hours; natural days, months and years from the moment),
* working time (work minutes and hours; work days from the moment, one being `day_length`),
* natural days and working days (start day not counted: 民法典 201, 民诉法 85).

On every scale the end is `until(count(start) + amount)`, moved on by what each pause covers.
"""

from calendar import monthrange
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from chengzhi.kernel.calendar import HOUR, WorkCalendar, micros, moment
from chengzhi.kernel.duration import (
    CIVIL_PERIOD,
    FROM_MOMENT,
    FROM_NEXT_DAY,
    WORKING_UNITS,
    CountRules,
    DayEnd,
    DayLimit,
    Deadline,
    Duration,
    Pause,
    RollRule,
    StartRule,
    Unit,
)
from chengzhi.kernel.errors import InvalidInput

__all__ = [
    "CIVIL_PERIOD",
    "FROM_MOMENT",
    "FROM_NEXT_DAY",
    "CountRules",
    "DayEnd",
    "DayLimit",
    "Deadline",
    "Duration",
    "Pause",
    "RollRule",
    "StartRule",
    "Unit",
    "deadline",
    "elapsed",
    "last_day",
    "latest_day_before",
    "merge",
    "remaining",
]

MINUTE = HOUR // 60
DAY = 24 * HOUR


_MICROS = {
    Unit.URGENT_MINUTE: MINUTE,
    Unit.URGENT_HOUR: HOUR,
    Unit.URGENT_DAY: DAY,
    Unit.WORK_MINUTE: MINUTE,
    Unit.WORK_HOUR: HOUR,
    Unit.HOUR: HOUR,
    Unit.NATURAL_DAY: DAY,
}
_MONTHS = {Unit.MONTH: 1, Unit.YEAR: 12}
_DAY_UNITS = frozenset({Unit.NATURAL_DAY, Unit.WORK_DAY, Unit.MONTH, Unit.YEAR})
_ROLLING = frozenset({Unit.NATURAL_DAY, Unit.MONTH, Unit.YEAR})

Gap = tuple[int, int | None]


class _Scale(NamedTuple):
    """How a leg is counted: `count` says how much has passed, `until` is its inverse."""

    name: str
    count: Callable[[int], int]
    until: Callable[[int], int]
    by_days: bool


class _Leg(NamedTuple):
    """One run on one scale; `start` is a day edge on day scales, else an instant."""

    scale: _Scale
    start: int
    amount: int


def deadline(
    start: datetime,
    duration: Duration,
    *,
    calendar: WorkCalendar,
    pauses: Sequence[Pause] = (),
    rules: CountRules = FROM_MOMENT,
    extensions: Sequence[Duration] = (),
) -> Deadline:
    """Return when the limit ends and when to warn.

    An extension of the same scale lengthens the limit; one of another scale runs from its end,
    and the warning then belongs to that last run.
    """
    begins = micros(start)
    scale = _scale(duration.unit, rules, calendar)
    at = calendar.index_at(begins) + 1 if scale.by_days else begins
    leg = _Leg(scale, at, _amount(duration, at, scale, calendar))
    gaps = merge(pauses) if pauses else ()
    for extension in extensions:
        leg = _extend(leg, extension, gaps, rules, calendar)
    return _answer(leg, (duration, *extensions)[-1].unit, gaps, rules, calendar)


def elapsed(
    start: datetime,
    end: datetime,
    unit: Unit,
    calendar: WorkCalendar,
    pauses: Sequence[Pause] = (),
) -> timedelta:
    """Return the counted time in [start, end): working time for working units, else all of it."""
    count = calendar.worked if unit.is_working else _same
    begins, ends = micros(start), micros(end)
    used = count(ends) - count(begins)
    for gap_start, gap_end in merge(pauses):
        low, high = max(gap_start, begins), min(ends if gap_end is None else gap_end, ends)
        used -= count(high) - count(low) if low < high else 0
    return timedelta(microseconds=used)


def remaining(
    due_at: datetime,
    now: datetime,
    unit: Unit,
    calendar: WorkCalendar,
    pauses: Sequence[Pause] = (),
) -> timedelta:
    """Return the counted time from `now` to the end; negative once overdue."""
    if now <= due_at:
        return elapsed(now, due_at, unit, calendar, pauses)
    return -elapsed(due_at, now, unit, calendar, pauses)


def last_day(
    start_on: date,
    limit: DayLimit,
    calendar: WorkCalendar,
    pauses: Sequence[Pause] = (),
    extensions: Sequence[Duration] = (),
) -> date:
    """Return the last day of a legal limit that starts from an act on `start_on`."""
    ends = deadline(
        calendar.start_of(start_on),
        limit.duration,
        calendar=calendar,
        pauses=pauses,
        rules=limit.rules,
        extensions=extensions,
    )
    if ends.due_at is None:
        raise InvalidInput("期限已中止且尚未恢复，最后一日待恢复计算后确定。", field="pauses")
    return calendar.due_date(ends.due_at)


def latest_day_before(event_on: date, limit: DayLimit, calendar: WorkCalendar) -> date:
    """Return the last day to act so that the whole limit lies between it and the event.

    行政处罚法 64(2): seven working days before the hearing. Neither end counts.
    """
    edge, amount = calendar.index_of(event_on), limit.duration.amount
    if limit.duration.unit is Unit.WORK_DAY:
        opening = calendar.days_worked_until(calendar.days_worked(edge) - amount + 1)
        return calendar.date_of(opening - 2)
    if limit.duration.unit is Unit.NATURAL_DAY:
        return calendar.date_of(edge - amount - 1)
    raise InvalidInput(f"“{limit.duration}”不能倒推，倒推的期限须以日计。", field="limit")


def merge(pauses: Sequence[Pause]) -> list[Gap]:
    """Return the pauses in order, overlaps joined, as instants; an open one swallows the rest."""
    if len(pauses) == 1:
        return [_gap(pauses[0])]
    merged: list[Gap] = []
    for start, end in sorted(map(_gap, pauses), key=_by_start):
        last_end = merged[-1][1] if merged else -1
        if last_end is None:
            break
        if start > last_end:
            merged.append((start, end))
        else:
            merged[-1] = (merged[-1][0], None if end is None else max(end, last_end))
    return merged


def _gap(pause: Pause) -> Gap:
    start = micros(pause.start)
    if pause.end is None:
        return start, None
    end = micros(pause.end)
    if end < start:
        raise InvalidInput("中止的恢复时间早于开始时间，请更正。", field="pauses")
    return start, end


def _by_start(gap: Gap) -> int:
    return gap[0]


def _same(instant: int) -> int:
    return instant


def _scale(unit: Unit, rules: CountRules, calendar: WorkCalendar) -> _Scale:
    by_days = rules.start is StartRule.NEXT_DAY and unit in _DAY_UNITS
    return _scale_of(unit in WORKING_UNITS, by_days, calendar)


@lru_cache(maxsize=64)
def _scale_of(is_working: bool, by_days: bool, calendar: WorkCalendar) -> _Scale:
    if is_working and by_days:
        return _Scale("working days", calendar.days_worked, calendar.days_worked_until, True)
    if is_working:
        return _Scale("working time", calendar.worked, calendar.worked_until, False)
    if by_days:
        return _Scale("natural days", _same, _same, True)
    return _Scale("running time", _same, _same, False)


def _amount(duration: Duration, at: int, scale: _Scale, calendar: WorkCalendar) -> int:
    """Return the duration on its scale: microseconds, or days."""
    months = _MONTHS.get(duration.unit)
    if months is not None:
        return _months(duration.amount * months, at, scale, calendar)
    if scale.by_days:
        return duration.amount
    if duration.unit is Unit.WORK_DAY:
        return duration.amount * calendar.day_length
    return duration.amount * _MICROS[duration.unit]


def _months(count: int, at: int, scale: _Scale, calendar: WorkCalendar) -> int:
    """Return the length up to the corresponding day, or the month's last day (民法典 202)."""
    if scale.by_days:
        return _corresponding(at - 1, count, calendar) + 1 - at
    index = calendar.index_at(at)
    target = _corresponding(index, count, calendar)
    return calendar.midnight(target) - calendar.midnight(index)


def _corresponding(index: int, count: int, calendar: WorkCalendar) -> int:
    day = calendar.date_of(index)
    years, month = divmod(day.month - 1 + count, 12)
    year = day.year + years
    return calendar.index_of(date(year, month + 1, min(day.day, monthrange(year, month + 1)[1])))


def _extend(
    leg: _Leg, extension: Duration, gaps: Sequence[Gap], rules: CountRules, calendar: WorkCalendar
) -> _Leg:
    scale = _scale(extension.unit, rules, calendar)
    if scale.name == leg.scale.name:
        more = _amount(extension, leg.start + leg.amount, scale, calendar)
        return leg._replace(amount=leg.amount + more)
    end, _ = _walk(leg, leg.amount, _stops(leg, gaps, calendar))
    if end is None:
        raise InvalidInput("时限正在中止，恢复后才能按另一种单位延期。", field="extensions")
    instant = calendar.midnight(end) if leg.scale.by_days else end
    at = calendar.edge_from(instant) if scale.by_days else instant
    return _Leg(scale, at, _amount(extension, at, scale, calendar))


def _stops(leg: _Leg, gaps: Sequence[Gap], calendar: WorkCalendar) -> list[Gap]:
    """Return the pauses as counts on the leg's scale: where each begins and where it ends."""
    count, stops = leg.scale.count, []
    for gap in gaps:
        low, high = _on_days(gap, calendar) if leg.scale.by_days else gap
        low = max(low, leg.start)
        if high is None or high > low:
            stops.append((count(low), None if high is None else count(high)))
    return stops


def _on_days(gap: Gap, calendar: WorkCalendar) -> Gap:
    """A day is lost to a pause if the clock stands at its end."""
    start, end = gap
    return calendar.index_at(start), None if end is None else calendar.index_at(end)


def _walk(leg: _Leg, amount: int, stops: Sequence[Gap]) -> tuple[int | None, int]:
    """Return where the amount is used up, or nothing and what is left at the open pause."""
    if amount == 0:
        return leg.start, 0
    target = leg.scale.count(leg.start) + amount
    for low, high in stops:
        if target <= low:
            break
        if high is None:
            return None, target - low
        target += high - low
    return leg.scale.until(target), 0


def _answer(
    leg: _Leg, unit: Unit, gaps: Sequence[Gap], rules: CountRules, calendar: WorkCalendar
) -> Deadline:
    stops = _stops(leg, gaps, calendar) if gaps else ()
    warns, _ = _walk(leg, leg.amount * rules.warn_percent // 100, stops)
    by_days = leg.scale.by_days
    warn_at = None if warns is None else moment(calendar.midnight(warns) if by_days else warns)
    end, left = _walk(leg, leg.amount, stops)
    if end is None:
        left *= DAY if by_days else 1
        return Deadline(None, warn_at, True, timedelta(microseconds=left))
    return Deadline(moment(_due(end, unit, by_days, rules, calendar)), warn_at)


def _due(end: int, unit: Unit, by_days: bool, rules: CountRules, calendar: WorkCalendar) -> int:
    """Return the instant of the end, after the roll-over and day-end rules."""
    rolls = unit in _ROLLING and rules.roll is RollRule.NEXT_WORKING_DAY
    if not by_days and not rolls:
        return end
    index = (end if by_days else calendar.edge_from(end)) - 1
    last = calendar.next_work_index(index) if rolls else index
    if last == index and not by_days:
        return end
    closes = rules.day_end is DayEnd.CLOSING
    return calendar.closing(last) if closes else calendar.midnight(last + 1)
