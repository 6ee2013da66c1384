"""What the camera that reported a problem saw when it looked again."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chengzhi.workorders.types.reports import PhotoRef


class LookAnswer(StrEnum):
    """What a camera says of the place (监控回看)."""

    PRESENT = "present"
    ABSENT = "absent"
    UNKNOWN = "unknown"


LOOK_LABELS: dict[str, str] = {
    LookAnswer.PRESENT: "还在",
    LookAnswer.ABSENT: "已消失",
    LookAnswer.UNKNOWN: "看不出",
}


@dataclass(frozen=True, kw_only=True)
class CameraSaw:
    """One look that the context of the cameras hands on; `ref` names it for ever."""

    ref: str
    camera: str
    answer: LookAnswer
    looked_at: datetime
    remark: str = ""
    photos: tuple[PhotoRef, ...] = ()


@dataclass(frozen=True, kw_only=True)
class LookCard:
    """One look as the record shows it."""

    id: int
    camera: str
    answer: str
    answer_label: str
    looked_at: datetime
    remark: str
    still: str
    is_after_handling: bool

    @property
    def is_warning(self) -> bool:
        """Whether it speaks against what the handler reported."""
        return self.answer == LookAnswer.PRESENT and self.is_after_handling
