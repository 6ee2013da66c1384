"""What the worker says about a place it looked at again, and what it is asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from chengzhi_vision.findings import kind_table
from chengzhi_vision.fitting import read_size
from chengzhi_vision.spool.message import moment
from chengzhi_vision.types import Box, FindingKind, ObjectClass, Size


class Answer(StrEnum):
    """What stands there now."""

    PRESENT = "present"
    ABSENT = "absent"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class Question:
    """A place to look at again, as the platform asks."""

    number: int
    finding_id: str
    camera: str
    kind: ObjectClass | None
    box: Box
    asked_at: float
    frame: Size | None = None  # in whose pixels the box is told; none: the camera's own


@dataclass(frozen=True, kw_only=True)
class Told:
    """One answer, or (without a number) the worker's own word that a thing is gone."""

    finding_id: str
    answer: Answer
    looked_at: float
    number: int | None = None
    reason: str = ""
    jpeg: bytes = field(default=b"", repr=False)

    @property
    def name(self) -> str:
        """The name under which it waits for the server: the same word twice is one."""
        return f"gone-{self.finding_id}" if self.number is None else f"answer-{self.number}"


def read_question(row: dict[str, Any], *, now: float) -> Question:
    """Return the question of the server's row.

    :raises KeyError, ValueError, TypeError: the row is not one.
    """
    x, y, w, h = (float(side) for side in row["bbox"])
    return Question(
        number=int(row["id"]),
        finding_id=str(row["finding_id"]),
        camera=str(row["camera"]),
        kind=_class_of(str(row["kind"])),
        box=Box(x=x, y=y, w=w, h=h),
        asked_at=now,
        frame=read_size(row.get("frame")),
    )


def _class_of(kind: str) -> ObjectClass | None:
    row = kind_table().get(FindingKind(kind)) if kind in set(FindingKind) else None
    named = sorted(row.classes) if row is not None else []
    return ObjectClass(named[0]) if len(named) == 1 else None


def body_of(told: Told, *, still: str) -> dict[str, Any]:
    """Return the documented message of an answer."""
    said = {"still": still, "reason": told.reason, "model": "recheck/1"}
    at = moment(told.looked_at)
    if told.number is None:
        return {"gone_at": at, **said}
    return {"answer": str(told.answer), "looked_at": at, **said}
