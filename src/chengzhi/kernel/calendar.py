"""The working calendar: which days and hours count, as prefix sums that answer without a loop."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

from chengzhi.kernel.errors import DomainError, InvalidInput

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
HOUR = 3_600_000_000
CHINA = ZoneInfo("Asia/Shanghai")
MONDAY_TO_FRIDAY = frozenset(range(5))


class OutsideCalendar(DomainError):
    """The moment lies before the first or after the last day of the working calendar."""

    code = "outside-calendar"
    status = 409


class CalendarConflict(DomainError):
    """The calendar table contradicts itself."""

    code = "calendar-conflict"
    status = 409


@dataclass(frozen=True, kw_only=True)
class Span:
    """One stretch of working time in a day, half-open: [opens, closes)."""

    opens: time
    closes: time


@dataclass(frozen=True, kw_only=True)
class Hours:
    """The daily working spans from a date on, until the next `Hours` begins (作息时间)."""

    valid_from: date
    spans: tuple[Span, ...]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What the calendar is built from: dated tables, nothing computed."""

    first: date
    last: date
    hours: tuple[Hours, ...]
    weekly: frozenset[int] = MONDAY_TO_FRIDAY
    holidays: frozenset[date] = frozenset()
    make_up_days: frozenset[date] = frozenset()
    short_days: Mapping[date, tuple[Span, ...]] = field(default_factory=dict)
    planned_years: frozenset[int] = frozenset()
    day_length: timedelta = timedelta(hours=8)
    zone: ZoneInfo = CHINA


def micros(at: datetime) -> int:
    """Return the moment as microseconds since 1970 in UTC."""
    if at.tzinfo is None:
        raise InvalidInput(f"时间 {at.isoformat()} 没有时区，请写明时区，例如 +08:00。", field="at")
    return (at - EPOCH) // MICROSECOND


def moment(at: int) -> datetime:
    """Return the UTC moment that lies so many microseconds after 1970."""
    return EPOCH + at * MICROSECOND


class WorkCalendar:
    """Working days and hours of one place. Built once from a `Plan`, then only asked.

    Inside, a day is its index from `first`, a moment is microseconds since 1970, and working
    time is a running sum over spans: every question is one or two binary searches.
    """

    __slots__ = (
        "_closes",
        "_done",
        "_marks",
        "_midnights",
        "_opens",
        "_work_days",
        "day_length",
        "first",
        "last",
        "planned_years",
        "zone",
    )

    def __init__(self, plan: Plan) -> None:
        _refuse_conflicts(plan)
        days = [plan.first + timedelta(days=n) for n in range((plan.last - plan.first).days + 1)]
        spans = [(i, span) for i, day in enumerate(days) for span in _spans_of(day, plan)]
        self.first, self.last, self.zone = plan.first, plan.last, plan.zone
        self.day_length = plan.day_length // MICROSECOND
        self.planned_years = plan.planned_years
        self._midnights = [_civil(day, time(), plan.zone) for day in days]
        self._midnights.append(_civil(plan.last + timedelta(days=1), time(), plan.zone))
        self._opens = [_civil(days[i], span.opens, plan.zone) for i, span in spans]
        self._closes = [_civil(days[i], span.closes, plan.zone) for i, span in spans]
        self._done = _running(self._opens, self._closes)
        self._work_days = sorted({i for i, _ in spans})
        self._marks = [0, *accumulate(_flags(self._work_days, len(days)))]

    # Days ----------------------------------------------------------------------------------

    def is_working_day(self, on: date) -> bool:
        """Return whether the day is a working day; a short day is one."""
        index = self.index_of(on)
        return self._marks[index + 1] > self._marks[index]

    def is_planned(self, on: date) -> bool:
        """Return whether the year's holiday plan is in the table; else weekends are a guess."""
        return on.year in self.planned_years

    def working_days(self, start_on: date, end_on: date) -> int:
        """Return how many working days lie in [start_on, end_on)."""
        return self.days_worked(self.index_of(end_on)) - self.days_worked(self.index_of(start_on))

    def next_working_day(self, on: date) -> date:
        """Return the day itself if it is a working day, else the first one after it."""
        return self.date_of(self.next_work_index(self.index_of(on)))

    def civil_date(self, at: datetime) -> date:
        """Return the civil date of a moment in the calendar's zone."""
        return self.date_of(self.index_at(micros(at)))

    def due_date(self, due_at: datetime) -> date:
        """Return the last day of a limit that ends at `due_at`: 24:00 belongs to its own day."""
        return self.date_of(self.index_at(micros(due_at) - 1))

    def start_of(self, on: date) -> datetime:
        """Return the midnight at which the civil day begins."""
        return moment(self.midnight(self.index_of(on)))

    def is_working_time(self, at: datetime) -> bool:
        """Return whether the moment lies inside a working span."""
        instant = self._inside(micros(at))
        number = bisect_right(self._opens, instant) - 1
        return number >= 0 and instant < self._closes[number]

    def spans_on(self, on: date) -> list[tuple[datetime, datetime]]:
        """Return the day's working spans as civil moments, for people to read."""
        index = self.index_of(on)
        low = bisect_left(self._opens, self._midnights[index])
        high = bisect_left(self._opens, self._midnights[index + 1])
        pairs = zip(self._opens[low:high], self._closes[low:high], strict=True)
        return [(self._local(opens), self._local(closes)) for opens, closes in pairs]

    # Numbers, for the clock ----------------------------------------------------------------

    def index_of(self, on: date) -> int:
        """Return the day's index; one past the last day is allowed, as an end."""
        index = (on - self.first).days
        if 0 <= index < len(self._midnights):
            return index
        raise self._refusal(on)

    def date_of(self, index: int) -> date:
        """Return the date of a day's index."""
        return self.first + timedelta(days=index)

    def index_at(self, instant: int) -> int:
        """Return the index of the civil day that holds the instant."""
        return bisect_right(self._midnights, self._inside(instant)) - 1

    def edge_from(self, instant: int) -> int:
        """Return the index of the first midnight at or after the instant."""
        return bisect_left(self._midnights, self._inside(instant))

    def midnight(self, index: int) -> int:
        """Return the instant at which the day of this index begins."""
        if 0 <= index < len(self._midnights):
            return self._midnights[index]
        raise self._refusal(self.date_of(index))

    def closing(self, index: int) -> int:
        """Return the instant at which work ends on the day, or its midnight if it is free."""
        end = self.midnight(index + 1)
        number = bisect_left(self._opens, end) - 1
        at_work = number >= 0 and self._opens[number] >= self._midnights[index]
        return self._closes[number] if at_work else end

    def worked(self, instant: int) -> int:
        """Return the working time from the calendar's first day to the instant."""
        number = bisect_right(self._opens, instant) - 1
        if number < 0 or instant > self._midnights[-1]:
            self._inside(instant)
            return 0
        closes = self._closes[number]
        return self._done[number + 1] - (closes - instant if instant < closes else 0)

    def worked_until(self, amount: int) -> int:
        """Return the first instant at which so much working time has passed."""
        number = bisect_left(self._done, amount)
        if not 0 < number < len(self._done):
            raise self._refusal(self.last)
        return self._closes[number - 1] - (self._done[number] - amount)

    def days_worked(self, edge: int) -> int:
        """Return the number of working days before the day of this index."""
        if 0 <= edge < len(self._marks):
            return self._marks[edge]
        raise self._refusal(self.date_of(edge))

    def days_worked_until(self, amount: int) -> int:
        """Return the index of the day after the n-th working day."""
        if 0 < amount <= len(self._work_days):
            return self._work_days[amount - 1] + 1
        raise self._refusal(self.last)

    def next_work_index(self, index: int) -> int:
        """Return the index of the first working day at or after the day of this index."""
        return self.days_worked_until(self.days_worked(index) + 1) - 1

    def _inside(self, instant: int) -> int:
        if self._midnights[0] <= instant <= self._midnights[-1]:
            return instant
        raise self._refusal(moment(instant).astimezone(self.zone).date())

    def _local(self, instant: int) -> datetime:
        return moment(instant).astimezone(self.zone)

    def _refusal(self, on: date) -> OutsideCalendar:
        return OutsideCalendar(
            f"{on.isoformat()} 超出工作日历（{self.first.isoformat()} 至 {self.last.isoformat()}），"
            "无法计算期限，请先补充日历数据。",
            field="on",
        )


def _spans_of(day: date, plan: Plan) -> Sequence[Span]:
    works = day in plan.make_up_days or (day.weekday() in plan.weekly and day not in plan.holidays)
    if not works:
        return ()
    if day in plan.short_days:
        return plan.short_days[day]
    return _latest(plan.hours, day).spans


def _latest(hours: Sequence[Hours], day: date) -> Hours:
    return max((h for h in hours if h.valid_from <= day), key=lambda h: h.valid_from)


def _civil(day: date, at: time, zone: ZoneInfo) -> int:
    return micros(datetime.combine(day, at, tzinfo=zone))


def _running(opens: Iterable[int], closes: Iterable[int]) -> list[int]:
    return [0, *accumulate(b - a for a, b in zip(opens, closes, strict=True))]


def _flags(marked: Iterable[int], length: int) -> list[int]:
    flags = [0] * length
    for index in marked:
        flags[index] = 1
    return flags


def _refuse_conflicts(plan: Plan) -> None:
    for is_wrong, sentence in _CONFLICTS:
        if is_wrong(plan):
            raise CalendarConflict(sentence)


def _short_day_off(plan: Plan) -> bool:
    return any(not _spans_of(day, plan) for day in plan.short_days)


def _hours_start_late(plan: Plan) -> bool:
    return not any(h.valid_from <= plan.first for h in plan.hours)


def _spans_disordered(plan: Plan) -> bool:
    tables = [*(h.spans for h in plan.hours), *plan.short_days.values()]
    return not all(_in_order(spans) for spans in tables)


def _in_order(spans: Sequence[Span]) -> bool:
    times = [edge for span in spans for edge in (span.opens, span.closes)]
    return (
        bool(times)
        and all(a < b for a, b in zip(times[::2], times[1::2], strict=True))
        and (all(a <= b for a, b in zip(times[1:-1:2], times[2::2], strict=True)))
    )


_CONFLICTS: tuple[tuple[Callable[[Plan], bool], str], ...] = (
    (lambda plan: plan.last < plan.first, "工作日历的止日早于起日，请改正起止日期。"),
    (
        lambda plan: bool(plan.holidays & plan.make_up_days),
        "同一天既是放假日又是调休上班日，请在日历表中只保留一种。",
    ),
    (_spans_disordered, "作息时段为空、颠倒或重叠，请按先后顺序写“上班–下班”。"),
    (_hours_start_late, "日历首日没有作息时段，请补上更早生效的作息时间。"),
    (_short_day_off, "半日工作只能写在工作日上；休息日上班请同时列为调休上班日。"),
)
