"""What the camera says when it looks again at a place it reported (监控回看)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class RecheckAnswer(StrEnum):
    """What the camera sees there now; a blind or shifted one cannot tell."""

    PRESENT = "present"
    ABSENT = "absent"
    UNKNOWN = "unknown"


RECHECK_ANSWER_LABELS: dict[str, str] = {
    RecheckAnswer.PRESENT: "还在",
    RecheckAnswer.ABSENT: "已消失",
    RecheckAnswer.UNKNOWN: "看不出",
}


@dataclass(frozen=True, kw_only=True)
class RecheckMessage:
    """The worker's answer: by its own notice that the thing is gone, or to a question."""

    answer: RecheckAnswer
    looked_at: datetime
    reason: str = ""
    model: str = ""
    still: str = ""  # sha256 of the picture


@dataclass(frozen=True, kw_only=True)
class RecheckReceipt:
    """What the worker is told: whether it is new, and which pictures are still missing."""

    is_new: bool
    evidence_missing: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class RecheckAsk:
    """A question that waits for a worker."""

    id: int
    finding_id: str
    camera: str
    kind: str
    zone: str
    bbox: tuple[float, float, float, float]
    frame: tuple[int, int] | None  # width and height of the picture in whose pixels that is
    asked_at: datetime


@dataclass(frozen=True, kw_only=True)
class RecheckCard:
    """One look as a page shows it."""

    id: int
    is_asked: bool
    asked_at: datetime | None
    asked_by: str
    answer: str
    answer_label: str
    looked_at: datetime | None
    reason: str
    shown: str  # sha256 of the picture to show, or ""
