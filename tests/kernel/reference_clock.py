"""The clock a child would write: walk minute by minute and count. Slow, and plainly right.

It shares no arithmetic with `chengzhi.kernel.clock`: it asks of every minute whether the office
is open and whether the clock stands, nothing else. Times must lie on whole minutes.
"""

from calendar import monthrange
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from chengzhi.kernel.calendar import Plan, Span
from chengzhi.kernel.clock import (
    CountRules,
    DayEnd,
    Deadline,
    Duration,
    Pause,
    RollRule,
    StartRule,
    Unit,
)

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
PER_UNIT = {
    Unit.URGENT_MINUTE: 1,
    Unit.WORK_MINUTE: 1,
    Unit.URGENT_HOUR: 60,
    Unit.WORK_HOUR: 60,
    Unit.HOUR: 60,
    Unit.URGENT_DAY: 1440,
    Unit.NATURAL_DAY: 1440,
}


class ReferenceClock:
    """Every minute of the plan, marked open or closed."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.zero = datetime.combine(plan.first, datetime.min.time(), tzinfo=plan.zone)
        days = (plan.last - plan.first).days + 1
        self.open = bytearray(days * 1440)
        for number in range(days):
            for span in spans_of(plan.first + number * DAY, plan):
                self._open_span(number, span)

    def deadline(
        self, start: datetime, duration: Duration, pauses: Sequence[Pause], rules: CountRules
    ) -> Deadline:
        begin, still = self.minute(start), self.still(pauses)
        need = self.need(begin, duration, rules)
        walk = self.by_days if self.counts_days(duration, rules) else self.by_minutes
        warn, _ = walk(begin, need * rules.warn_percent // 100, duration, still)
        end, left = walk(begin, need, duration, still)
        warn_at = None if warn is None else self.at(warn)
        if end is None:
            return Deadline(None, warn_at, True, left)
        return Deadline(self.at(self.settle(end, duration, rules)), warn_at)

    def by_minutes(
        self, begin: int, need: int, duration: Duration, still: "Still"
    ) -> tuple[int | None, timedelta]:
        minute, used, counted = begin, 0, self.open if duration.unit.is_working else None
        while used < need:
            if minute >= still.forever:
                return None, (need - used) * MINUTE
            if (counted is None or counted[minute]) and not still.at(minute):
                used += 1
            minute += 1
        return minute, timedelta()

    def by_days(
        self, begin: int, need: int, duration: Duration, still: "Still"
    ) -> tuple[int | None, timedelta]:
        minute, used = (begin // 1440 + 1) * 1440, 0
        while used < need:
            minute += 1
            if minute % 1440:
                continue
            if minute > still.forever:
                return None, (need - used) * DAY
            day = self.plan.first + (minute // 1440 - 1) * DAY
            counts = duration.unit is not Unit.WORK_DAY or spans_of(day, self.plan)
            used += bool(counts) and not still.at(minute - 1)
        return minute, timedelta()

    def settle(self, end: int, duration: Duration, rules: CountRules) -> int:
        """Roll the end over holidays and set it to the hour at which that day ends."""
        by_days = self.counts_days(duration, rules)
        may_roll = duration.unit in (Unit.NATURAL_DAY, Unit.MONTH, Unit.YEAR)
        rolls = may_roll and rules.roll is RollRule.NEXT_WORKING_DAY
        if not by_days and not rolls:
            return end
        day = (end - 1) // 1440
        if not by_days and spans_of(self.plan.first + day * DAY, self.plan):
            return end
        while rolls and not spans_of(self.plan.first + day * DAY, self.plan):
            day += 1
        minute = (day + 1) * 1440
        while rules.day_end is DayEnd.CLOSING and minute > day * 1440:
            if self.open[minute - 1]:
                return minute
            minute -= 1
        return (day + 1) * 1440

    def counts_days(self, duration: Duration, rules: CountRules) -> bool:
        units = (Unit.NATURAL_DAY, Unit.WORK_DAY, Unit.MONTH, Unit.YEAR)
        return rules.start is StartRule.NEXT_DAY and duration.unit in units

    def need(self, begin: int, duration: Duration, rules: CountRules) -> int:
        if duration.unit in (Unit.MONTH, Unit.YEAR):
            months = duration.amount * (12 if duration.unit is Unit.YEAR else 1)
            day = self.plan.first + begin // 1440 * DAY
            days = (same_day(day, months) - day).days
            return days if self.counts_days(duration, rules) else days * 1440
        if self.counts_days(duration, rules):
            return duration.amount
        if duration.unit is Unit.WORK_DAY:
            return duration.amount * (self.plan.day_length // MINUTE)
        return duration.amount * PER_UNIT[duration.unit]

    def still(self, pauses: Sequence[Pause]) -> "Still":
        ends = [(self.minute(p.start), self.minute(p.end) if p.end else None) for p in pauses]
        return Still(ends, len(self.open))

    def minute(self, at: datetime) -> int:
        return (at - self.zero) // MINUTE

    def at(self, minute: int) -> datetime:
        return (self.zero + minute * MINUTE).astimezone(UTC)

    def _open_span(self, number: int, span: Span) -> None:
        first = number * 1440 + span.opens.hour * 60 + span.opens.minute
        last = number * 1440 + span.closes.hour * 60 + span.closes.minute
        self.open[first:last] = b"\1" * (last - first)


class Still:
    """Whether the clock stands at a minute."""

    def __init__(self, pauses: list[tuple[int, int | None]], never: int) -> None:
        self.pauses = [(a, b) for a, b in pauses if b is not None]
        self.forever = min((a for a, b in pauses if b is None), default=never)

    def at(self, minute: int) -> bool:
        return any(a <= minute and minute + 1 <= b for a, b in self.pauses)


def spans_of(day: date, plan: Plan) -> Sequence[Span]:
    if day not in plan.make_up_days and (day in plan.holidays or day.weekday() not in plan.weekly):
        return ()
    if day in plan.short_days:
        return plan.short_days[day]
    return [h for h in sorted(plan.hours, key=lambda h: h.valid_from) if h.valid_from <= day][
        -1
    ].spans


def same_day(day: date, months: int) -> date:
    """Return the day of the same number months later, or that month's last day."""
    year, month = day.year, day.month
    for _ in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return date(year, month, min(day.day, monthrange(year, month)[1]))
