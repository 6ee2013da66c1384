"""The words of a limit: units, counting rules, durations, pauses and the deadline itself."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple, Protocol

from chengzhi.kernel.errors import InvalidInput


class Unit(StrEnum):
    """The unit a limit is written in (时限单位)."""

    URGENT_HOUR = "urgent_hour"
    URGENT_DAY = "urgent_day"
    URGENT_MINUTE = "urgent_minute"
    WORK_MINUTE = "work_minute"
    WORK_HOUR = "work_hour"
    WORK_DAY = "work_day"
    HOUR = "hour"
    NATURAL_DAY = "natural_day"
    MONTH = "month"
    YEAR = "year"

    @property
    def label(self) -> str:
        """Return the unit's Chinese name."""
        return _LABELS[self]

    @property
    def is_working(self) -> bool:
        """Return whether only working time counts."""
        return self in WORKING_UNITS

    @property
    def is_urgent(self) -> bool:
        """Return whether nights and holidays count because the matter is urgent (紧急)."""
        return self in (Unit.URGENT_MINUTE, Unit.URGENT_HOUR, Unit.URGENT_DAY)


WORKING_UNITS = frozenset({Unit.WORK_MINUTE, Unit.WORK_HOUR, Unit.WORK_DAY})
_LABELS = {
    Unit.URGENT_HOUR: "紧急工作时",
    Unit.URGENT_DAY: "紧急工作日",
    Unit.URGENT_MINUTE: "紧急分钟",
    Unit.WORK_MINUTE: "工作分钟",
    Unit.WORK_HOUR: "工作时",
    Unit.WORK_DAY: "工作日",
    Unit.HOUR: "小时",
    Unit.NATURAL_DAY: "日",
    Unit.MONTH: "个月",
    Unit.YEAR: "年",
}


class StartRule(StrEnum):
    """Whether the start day counts (起算规则)."""

    MOMENT = "moment"
    NEXT_DAY = "next_day"


class RollRule(StrEnum):
    """What happens when the last day is a holiday (顺延规则)."""

    NONE = "none"
    NEXT_WORKING_DAY = "next_working_day"


class DayEnd(StrEnum):
    """When the last day ends: at 24:00, or when the office closes (民法典 203)."""

    MIDNIGHT = "midnight"
    CLOSING = "closing"


@dataclass(frozen=True, kw_only=True)
class CountRules:
    """How a limit is counted; every limit carries its own, as data."""

    start: StartRule = StartRule.MOMENT
    roll: RollRule = RollRule.NONE
    day_end: DayEnd = DayEnd.MIDNIGHT
    warn_percent: int = 80


@dataclass(frozen=True)
class Duration:
    """An amount of a unit: `Duration(2, Unit.URGENT_HOUR)`."""

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        if self.amount < 0:
            raise InvalidInput(f"时限 {self.amount} 是负数，请写 0 或正整数。", field="amount")

    def __str__(self) -> str:
        return f"{self.amount} {self.unit.label}"


@dataclass(frozen=True)
class Pause:
    """A stretch in which the clock stands, half-open; `end` empty means it still stands."""

    start: datetime
    end: datetime | None = None


class Deadline(NamedTuple):
    """Where a limit ends. While an open pause holds it, only what remains is known.

    `remaining` is counted time (working time on working scales; 24 hours a day on day scales),
    given only while paused. `warn_at` is where 80 % has been used, empty if the pause comes first.
    """

    due_at: datetime | None
    warn_at: datetime | None
    paused: bool = False
    remaining: timedelta | None = None


class DayLimit(Protocol):
    """Anything that says how long and how to count, such as a row of the limits table."""

    @property
    def duration(self) -> Duration: ...

    @property
    def rules(self) -> CountRules: ...


FROM_MOMENT = CountRules()
FROM_NEXT_DAY = CountRules(start=StartRule.NEXT_DAY)
CIVIL_PERIOD = CountRules(start=StartRule.NEXT_DAY, roll=RollRule.NEXT_WORKING_DAY)
