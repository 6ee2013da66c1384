"""One work order as a reader sees it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chengzhi.workorders.types.clocks import Standing
from chengzhi.workorders.types.endings import Ties
from chengzhi.workorders.types.reading import Row


class Hanging(StrEnum):
    """A kind of record that belongs to a work order, which most orders have none of."""

    ADJUSTMENT = "adjustment"
    APPEAL = "appeal"
    HOLD = "hold"
    LATE_STAGE = "late_stage"
    MARK = "mark"
    MERGED = "merged"
    NOTICE = "notice"
    REFERRAL = "referral"
    REMEDY = "remedy"
    REPEAT = "repeat"
    WHISTLE = "whistle"


@dataclass(frozen=True, kw_only=True)
class Action:
    """One step that leads on from here: whether this person may take it, and if not, why."""

    name: str
    label: str
    basis: str
    roles: tuple[str, ...]  # labels of those who may
    is_mine: bool
    reasons: tuple[str, ...] = ()  # what the record itself lacks

    @property
    def is_open(self) -> bool:
        """Whether the person may take it now."""
        return self.is_mine and not self.reasons


@dataclass(frozen=True, kw_only=True)
class Stage:
    """One stage of the loop: when it began and ended, and what its limit was."""

    name: str
    label: str
    state: str  # done | now | over | ""
    started_at: datetime | None = None
    ended_at: datetime | None = None
    due_at: datetime | None = None
    paused_minutes: int = 0
    was_overdue: bool = False
    is_badly_late: bool = False  # three times its limit
    is_exempted: bool = False  # an appeal was upheld: late, but not counted


@dataclass(frozen=True, kw_only=True)
class Record:
    """Everything a reader of one work order sees, but its files and its timeline."""

    row: Row
    subject: str
    description: str
    component_code: str
    cell: str
    community: str
    road: str
    reporter_name: str  # masked
    reporter_phone: str  # masked
    reporter_wish_label: str
    is_redacted: bool  # the description holds numbers that are covered here
    reported_by_name: str
    occurred_at: datetime
    scheme: str
    condition_number: int
    filing_condition: str
    closing_condition: str
    limit_text: str
    limit_unit: str
    standard_source: str
    verification_label: str
    verifier: str
    verifier_name: str
    checker: str
    checker_name: str
    last_reason: str
    acceptance_returns: int
    finding: str
    camera: str
    score: float | None
    accepted_at: datetime | None
    dispatched_at: datetime | None
    task_accepted_at: datetime | None
    handled_at: datetime | None
    checked_at: datetime | None
    is_final: bool
    is_on_time: bool | None  # None until it was handled
    master: tuple[int, str] | None
    ties: Ties
    stages: tuple[Stage, ...]
    actions: tuple[Action, ...]
    capabilities: frozenset[str]
    standing: Standing
    hanging: frozenset[Hanging]
    next_action: Action | None
