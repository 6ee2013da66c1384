"""Words and values of the live numbers: periods, figures and the list behind each."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum


class PeriodName(StrEnum):
    """The spans that the page offers."""

    TODAY = "today"
    WEEK = "7d"
    MONTH_BACK = "30d"
    MONTH = "month"
    YEAR = "year"


PERIOD_LABELS: dict[PeriodName, str] = {
    PeriodName.TODAY: "今天",
    PeriodName.WEEK: "近7天",
    PeriodName.MONTH_BACK: "近30天",
    PeriodName.MONTH: "本月",
    PeriodName.YEAR: "今年",
}


@dataclass(frozen=True, kw_only=True)
class Period:
    """A span of whole civil days of the county, half-open: [since, until)."""

    name: PeriodName
    first: date
    last: date  # included
    since: datetime
    until: datetime

    @property
    def days(self) -> int:
        """How many civil days it spans."""
        return (self.last - self.first).days + 1


class Source(StrEnum):
    """Which list a number opens."""

    WORK_ORDERS = "work_orders"
    FINDINGS = "findings"


@dataclass(frozen=True, kw_only=True)
class Number:
    """A count and the filters of exactly the rows it counts."""

    value: int
    source: Source = Source.WORK_ORDERS
    filters: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Rate:
    """A share with what it was made of; nothing to divide by gives no value, shown as “—”."""

    part: Number
    whole: int

    @property
    def value(self) -> float | None:
        """The share of one, or None where the denominator is zero (domain.md 1.6)."""
        return self.part.value / self.whole if self.whole else None


@dataclass(frozen=True, kw_only=True)
class Counts:
    """One line of figures: the county, a source, a town, a matter or a unit.

    `mean_close` is the average time from report to close of what `closed` counts.
    """

    key: str
    label: str
    reported: Number
    filed: Number
    closed: Number
    on_time: Number
    late: Number
    exempted: Number  # of the late ones, those that an appeal has exempted
    open: Number
    overdue: Number
    mean_close: timedelta | None = None

    @property
    def punctuality(self) -> Rate:
        """按期处置率 over what was closed in the period and had a handling limit."""
        return Rate(part=self.on_time, whole=self.on_time.value + self.late.value)


@dataclass(frozen=True, kw_only=True)
class Capture:
    """Capture accuracy (抓拍准确率) with its 95 % Wilson interval and the backlog beside it."""

    key: str
    label: str
    true: Number
    reviewed: Number
    backlog: Number
    low: float | None
    high: float | None

    @property
    def rate(self) -> Rate:
        """Confirmed and merged captures among the reviewed ones."""
        return Rate(part=self.true, whole=self.reviewed.value)


@dataclass(frozen=True, kw_only=True)
class Step:
    """One column of the chart: a day or a month."""

    label: str
    by_camera: Number
    by_others: int
    closed: Number


@dataclass(frozen=True, kw_only=True)
class Live:
    """Everything the page of live numbers shows."""

    period: Period
    total: Counts
    before: Counts
    sources: tuple[Counts, ...]
    towns: tuple[Counts, ...]
    matters: tuple[Counts, ...]
    units: tuple[Counts, ...]
    capture: Capture
    cameras: tuple[Capture, ...]
    steps: tuple[Step, ...]
