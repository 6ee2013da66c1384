"""The numbers of a period, for the reports context."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class SourceCount:
    """What one channel brought in a period (reports read model)."""

    channel: str
    label: str
    reported: int = 0
    filed: int = 0
    closed: int = 0
    on_time: int = 0
    late: int = 0
    open: int = 0
    overdue: int = 0
    late_counted: int = 0  # late without what an appeal has exempted
    exempted: int = 0
    due_to_close: int = 0
    suspended: int = 0
    badly_late: int = 0


@dataclass(frozen=True, kw_only=True)
class Totals:
    """The numbers of a period; each is the length of the list that the same measure gives.

    `reported`, `filed` and `closed` count by their own moment in the period; `on_time` and `late`
    split the closed ones by their first handling deadline; `open` and `overdue` are as of now.
    """

    reported: int = 0
    filed: int = 0
    closed: int = 0
    on_time: int = 0
    late: int = 0
    open: int = 0
    overdue: int = 0
    late_counted: int = 0  # late without what an appeal has exempted
    exempted: int = 0
    due_to_close: int = 0
    suspended: int = 0
    badly_late: int = 0
    by_channel: tuple[SourceCount, ...] = ()
