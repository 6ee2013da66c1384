"""催办 and 督办: notices beside the loop, with a deadline of their own."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class NoticeKind(StrEnum):
    """How hard it presses (domain.md 1.5: 督办 is a notice, not a state)."""

    URGING = "urging"
    SUPERVISION = "supervision"


NOTICE_LABELS: dict[str, str] = {NoticeKind.URGING: "催办", NoticeKind.SUPERVISION: "督办"}


class NoticeState(StrEnum):
    """Where a notice stands."""

    ISSUED = "issued"
    ACKNOWLEDGED = "acknowledged"
    REPLIED = "replied"
    REVOKED = "revoked"


NOTICE_STATES: dict[str, str] = {
    NoticeState.ISSUED: "待签收",
    NoticeState.ACKNOWLEDGED: "待回复",
    NoticeState.REPLIED: "已回复",
    NoticeState.REVOKED: "已撤销",
}
UNANSWERED = frozenset({NoticeState.ISSUED, NoticeState.ACKNOWLEDGED})


@dataclass(frozen=True, kw_only=True)
class NoticeFacts:
    """What the guards of a notice may ask."""

    unit: str = ""
    actor_unit: str = ""
    by_centre: bool = False
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class NoticeRow:
    """A notice as lists and the record page show it."""

    id: int
    order: int
    order_code: str
    matter_name: str
    address: str
    kind: str
    kind_label: str
    level: str
    level_label: str
    state: str
    state_label: str
    text: str
    unit: str
    unit_name: str
    issued_by_name: str
    issued_at: datetime
    warn_at: datetime | None
    due_at: datetime
    acknowledged_at: datetime | None
    replied_at: datetime | None
    reply: str
    is_overdue: bool
    is_automatic: bool
    actions: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class NoticePage:
    """One page of notices, and the key at which the next begins."""

    rows: tuple[NoticeRow, ...]
    count: int
    next_key: int | None


@dataclass(frozen=True, kw_only=True)
class NoticeFilters:
    """What a list of notices keeps; empty fields keep everything."""

    states: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    unit: str = ""
    overdue: bool = False
    since: datetime | None = None
    until: datetime | None = None
