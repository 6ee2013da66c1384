"""Words and values of the desk: marks, deeds on many records, what came of each."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Mark(StrEnum):
    """What a person puts on a work order for themselves."""

    STAR = "star"
    WATCH = "watch"


MARK_LABELS: dict[str, str] = {Mark.STAR: "收藏", Mark.WATCH: "关注"}


@dataclass(frozen=True, kw_only=True)
class Details:
    """What one form brings to a deed on many records."""

    reason: str = ""
    unit: str = ""
    assignee: str = ""


@dataclass(frozen=True, kw_only=True)
class BulkTask:
    """One deed to be done on one work order; `pk` is 0 where the number was not understood."""

    pk: int
    code: str  # as it was written, or printed
    deed: str
    details: Details = Details()


@dataclass(frozen=True, kw_only=True)
class BulkOutcome:
    """What became of one task: done, or refused with the sentence."""

    pk: int
    code: str
    deed: str
    sentence: str  # empty when it was done
    details: Details = Details()

    @property
    def is_done(self) -> bool:
        """Whether the deed was done."""
        return not self.sentence


@dataclass(frozen=True, kw_only=True)
class BulkResult:
    """A run as its page shows it."""

    id: int
    title: str
    at: datetime
    done: tuple[BulkOutcome, ...]
    refused: tuple[BulkOutcome, ...]
