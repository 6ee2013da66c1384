"""超时申诉: a unit says why it was late; the fact stays, the statistic may leave it out."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class AppealState(StrEnum):
    """Where an appeal stands: the dispatcher looks first, the duty manager decides."""

    LODGED = "lodged"
    SUPPORTED = "supported"
    UPHELD = "upheld"
    DISMISSED = "dismissed"
    DROPPED = "dropped"


APPEAL_STATES: dict[str, str] = {
    AppealState.LODGED: "待初审",
    AppealState.SUPPORTED: "待终审",
    AppealState.UPHELD: "申诉成立",
    AppealState.DISMISSED: "申诉不成立",
    AppealState.DROPPED: "已撤回",
}
OPEN_APPEALS = frozenset({AppealState.LODGED, AppealState.SUPPORTED})


@dataclass(frozen=True, kw_only=True)
class AppealFacts:
    """What the guards of an appeal may ask."""

    unit: str = ""  # whose lateness it is
    lodged_by: str = ""
    first_by: str = ""
    actor: str = ""
    actor_unit: str = ""
    reason: str = ""
    was_overdue: bool = True
    is_in_window: bool = True
    window_text: str = ""
    appealed_before: bool = False


@dataclass(frozen=True, kw_only=True)
class AppealRow:
    """An appeal as lists and the record page show it."""

    id: int
    order: int
    order_code: str
    matter_name: str
    address: str
    stage: str
    stage_label: str
    state: str
    state_label: str
    reason: str
    unit: str
    unit_name: str
    lodged_by_name: str
    lodged_at: datetime
    warn_at: datetime | None
    due_at: datetime | None
    run_due_at: datetime | None
    run_ended_at: datetime
    first_name: str
    first_note: str
    decided_name: str
    decided_at: datetime | None
    decided_note: str
    actions: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class AppealPage:
    """One page of appeals, and the key at which the next begins."""

    rows: tuple[AppealRow, ...]
    count: int
    next_key: int | None


@dataclass(frozen=True, kw_only=True)
class LateStage:
    """A late stage of one order, and whether its unit may still appeal."""

    run: int
    stage: str
    stage_label: str
    unit: str
    due_at: datetime
    ended_at: datetime
    is_badly_late: bool
    is_exempted: bool
    appeal: str  # its state, if there is one
    appeal_label: str
    appeal_until: datetime | None
