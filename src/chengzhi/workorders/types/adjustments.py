"""延期, 缓办, 挂账: what a unit may ask of the clock, and where a request stands."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class AdjustmentKind(StrEnum):
    """What is asked (domain.md 1.4)."""

    EXTENSION = "extension"
    DEFERRAL = "deferral"
    SHELVING = "shelving"


ADJUSTMENT_LABELS: dict[str, str] = {
    AdjustmentKind.EXTENSION: "延期",
    AdjustmentKind.DEFERRAL: "缓办",
    AdjustmentKind.SHELVING: "挂账",
}


class AdjustmentState(StrEnum):
    """Where a request stands: two people say yes, one says no."""

    ASKED = "asked"
    FIRST_APPROVED = "first_approved"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"


ADJUSTMENT_STATES: dict[str, str] = {
    AdjustmentState.ASKED: "待初审",
    AdjustmentState.FIRST_APPROVED: "待终审",
    AdjustmentState.GRANTED: "已批准",
    AdjustmentState.REFUSED: "未批准",
    AdjustmentState.WITHDRAWN: "已撤回",
    AdjustmentState.CANCELLED: "自动取消",
}
PENDING = frozenset({AdjustmentState.ASKED, AdjustmentState.FIRST_APPROVED})


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a request says."""

    kind: AdjustmentKind
    reason: str
    amount: int = 0  # of the limit's unit, for an extension
    until: date | None = None  # the day on which it goes on, for a deferral or a shelving
    cause: str = ""  # why it cannot be done now, by code


@dataclass(frozen=True, kw_only=True)
class AdjustmentFacts:
    """What the guards of a request may ask."""

    kind: str = AdjustmentKind.EXTENSION
    state: str = ""  # of the work order
    handler: str = ""
    asked_by: str = ""
    asked_unit: str = ""
    first_by: str = ""
    actor: str = ""
    actor_unit: str = ""
    by_centre: bool = False
    by_leader: bool = False
    reason: str = ""
    amount: int = 0
    limit_amount: int = 0
    limit_text: str = ""
    until: date | None = None
    today: date | None = None
    cause_known: bool = True
    granted_count: int = 0
    is_pending: bool = False
    is_overdue: bool = False
    is_supervised: bool = False


@dataclass(frozen=True, kw_only=True)
class AdjustmentRow:
    """A request as lists and the record page show it."""

    id: int
    order: int
    order_code: str
    matter_name: str
    address: str
    town_name: str
    kind: str
    kind_label: str
    state: str
    state_label: str
    what: str  # "2 工作时", "至 12-31"
    cause: str
    reason: str
    unit: str
    unit_name: str
    asked_by_name: str
    asked_at: datetime
    first_name: str
    first_at: datetime | None
    decided_name: str
    decided_at: datetime | None
    decided_note: str
    warn_at: datetime | None
    due_at: datetime | None
    until: date | None
    actions: tuple[str, ...] = ()  # steps that this reader may take now


@dataclass(frozen=True, kw_only=True)
class AdjustmentPage:
    """One page of requests, and the key at which the next begins."""

    rows: tuple[AdjustmentRow, ...]
    count: int
    next_key: int | None


@dataclass(frozen=True, kw_only=True)
class AdjustmentFilters:
    """What a list of requests keeps; empty fields keep everything."""

    states: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    unit: str = ""
    since: datetime | None = None
    until: datetime | None = None
    overdue: bool = False
    mine: bool = False  # what the reader may decide now
