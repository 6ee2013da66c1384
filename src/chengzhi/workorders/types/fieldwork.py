"""Who looks after which area, and what waits for a collector in the street."""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any


@dataclass(frozen=True, kw_only=True)
class BeatRow:
    """Who looks after an area on which days (采集员责任网格)."""

    id: int
    person: str  # actor ref
    area_prefix: str
    weekdays: str  # 1 is Monday
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class BeatChoice:
    """The collector for a task and why; an empty ref means that a person decides, and why."""

    ref: str
    name: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class BeatCard:
    """A beat as people read it."""

    row: BeatRow
    person_name: str
    is_person_gone: bool
    area_name: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, kw_only=True)
class FieldTask:
    """What a collector has to look at: where, what for, until when."""

    id: int
    code: str
    kind: str  # "verify" or "check"
    kind_label: str
    matter_name: str
    address: str
    town_name: str
    look_for: str  # the description, or the closing condition
    lon: float
    lat: float
    due_at: datetime | None
    warn_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class ControlRow:
    """Where and when something is allowed that is a problem elsewhere (管控范围、时段)."""

    id: int
    title: str
    permit: str
    polygon: dict[str, Any] | None
    area_prefix: str
    road: str
    matter_prefixes: tuple[str, ...]
    weekdays: str
    from_time: time | None
    to_time: time | None
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, kw_only=True)
class ControlDraft:
    """A control area or window as somebody writes it down."""

    title: str
    permit: str = ""
    polygon: dict[str, Any] | None = None
    area_prefix: str = ""
    road: str = ""
    matter_prefixes: tuple[str, ...] = ()
    weekdays: str = "1234567"
    from_time: time | None = None
    to_time: time | None = None
    valid_from: date | None = None
    valid_to: date | None = None


class PolicyKind(StrEnum):
    """What a published policy stands for."""

    SPOT = "spot"
    CAMERA = "camera"


POLICY_KIND_LABELS: dict[str, str] = {
    PolicyKind.SPOT: "现场处置办法",
    PolicyKind.CAMERA: "监控核查办法",
}


@dataclass(frozen=True, kw_only=True)
class PolicyRow:
    """A published policy: what collectors handle themselves, or what a camera may check."""

    id: int
    kind: str
    kind_label: str
    title: str
    document: str
    matter_prefixes: tuple[str, ...]
    sample_percent: int
    answerable: str
    answerable_name: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, kw_only=True)
class BundleLine:
    """What became of one order of a bundled dispatch."""

    id: int
    code: str
    is_done: bool
    sentence: str


@dataclass(frozen=True, kw_only=True)
class BundleResult:
    """A bundled dispatch: its number, empty when nothing could be dispatched, and each row."""

    id: int
    code: str
    lines: tuple[BundleLine, ...]

    @property
    def done_count(self) -> int:
        """How many were dispatched."""
        return sum(line.is_done for line in self.lines)


@dataclass(frozen=True, kw_only=True)
class BundleCard:
    """A bundle as people read it."""

    id: int
    code: str
    unit: str
    unit_name: str
    reason: str
    dispatched_by_name: str
    dispatched_at: datetime
    order_count: int
    open_count: int


@dataclass(frozen=True, kw_only=True)
class ReferralCard:
    """A referral to enforcement as the record shows it."""

    id: int
    item: str
    reason: str
    parties: str
    state: str
    state_label: str
    sent_at: datetime
    sent_by_name: str
    is_taken: bool | None
    case_ref: str
    answer: str
    answered_at: datetime | None
