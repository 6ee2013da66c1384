"""What is kept how long, what is due to go, and what went (保存期限)."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Keeping(StrEnum):
    """What a retention rule speaks of."""

    REPORTER = "reporter"
    WORDS = "words"
    FILES = "files"
    DESCRIPTION = "description"


class Removal(StrEnum):
    """What happens when the time has come."""

    ANONYMISE = "anonymise"
    DELETE = "delete"


REMOVAL_LABELS: dict[str, str] = {
    Removal.ANONYMISE: "匿名化",
    Removal.DELETE: "删除",
}


@dataclass(frozen=True, kw_only=True)
class RetentionRule:
    """One row of the retention table."""

    key: str
    label: str
    what: Keeping
    action: Removal
    keep_days: int
    basis: str
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True, kw_only=True)
class DueRow:
    """One work order in which something is due to go."""

    id: int
    code: str
    ended_at: datetime
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class Due:
    """What one rule would remove now: how many, those on hold, and the first of them."""

    rule: RetentionRule
    action_label: str
    count: int
    held_count: int
    first: tuple[DueRow, ...]


@dataclass(frozen=True, kw_only=True)
class HoldCard:
    """A legal hold as people read it."""

    id: int
    order_id: int
    code: str
    reason: str
    placed_by_name: str
    placed_at: datetime
    until: date | None
    lifted_at: datetime | None
    lifted_by_name: str
    is_in_force: bool


@dataclass(frozen=True, kw_only=True)
class RunCard:
    """One run as the register has it."""

    id: int
    batch: str
    rule_version: str
    executed_at: datetime
    executed_by_name: str
    counts: tuple[tuple[str, int], ...]  # rule label, rows
    row_count: int
    digest: str


@dataclass(frozen=True, kw_only=True)
class Ran:
    """What one run did."""

    batch: str
    row_count: int
    digest: str


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What the page of a work order says of its own retention."""

    hold: HoldCard | None
    lines: tuple[tuple[str, str, datetime], ...]  # label, action label, when it is due
    may_hold: bool
