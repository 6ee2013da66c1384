"""What reviewers said of garbage and bins, as photographs from which the shipped detector learns.

The folder is the one that `make split-photos` and `make train-garbage` take: images/<name>.jpg and
labels/<name>.txt, a line a box (YOLO: class, centre and size in shares of the picture). A reviewer
speaks of the box only, so of each picture no more is kept than the boxes and their surroundings.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from chengzhi.vision.rules.training import box_in, is_lesson
from chengzhi.vision.types import FindingKind, TrainingPicture, TrainingRow

#: The detector's classes, in the order of its answers (src/chengzhi_vision/detectors/garbage.py).
CLASSES = ("garbage", "bin", "overflow")
CONFIRMED = {FindingKind.GARBAGE_EXPOSED: "garbage", FindingKind.BIN_OVERFLOW: "overflow"}
#: A bin that was said to overflow and does not is still a bin; other mistakes are of none of the three.
REJECTED = {(FindingKind.BIN_OVERFLOW, "nothing"): "bin"}
LEAST_SIDE = 320  # pixels; the detector looks at pictures of this size
AROUND = 3.0  # sides of the boxes

Box = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True, kw_only=True)
class Sample:
    """What is cut out of one picture, and the lines that say what is in it."""

    window: tuple[int, int, int, int]  # left, top, right, bottom
    labels: str  # empty: nothing of the three


def is_sample(row: TrainingRow) -> bool:
    """Return whether the garbage detector may learn from a finding."""
    return row.kind in CONFIRMED and is_lesson(row)


def sample(rows: Sequence[TrainingRow], picture: TrainingPicture) -> Sample:
    """Return what one picture teaches; `rows` are the findings whose boxes lie on it."""
    boxes = [_corners(row, picture) for row in rows]
    window = _window(boxes, picture.width, picture.height)
    lines = [
        _line(name, box, window)
        for row, box in zip(rows, boxes, strict=True)
        if (name := _class(row))
    ]
    return Sample(window=window, labels="".join(f"{line}\n" for line in dict.fromkeys(lines)))


def _class(row: TrainingRow) -> str:
    if row.verdict == "true":
        return CONFIRMED[FindingKind(row.kind)]
    return REJECTED.get((FindingKind(row.kind), row.reason), "")


def _corners(row: TrainingRow, picture: TrainingPicture) -> Box:
    x, y, w, h = box_in(row, picture)
    right, bottom = min(x + w, picture.width), min(y + h, picture.height)
    return max(x, 0.0), max(y, 0.0), right, bottom


def _window(boxes: Sequence[Box], width: int, height: int) -> tuple[int, int, int, int]:
    """Return a square around the boxes that lies within the picture as far as it fits."""
    left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right, bottom = max(box[2] for box in boxes), max(box[3] for box in boxes)
    side = max(LEAST_SIDE, AROUND * max(right - left, bottom - top))
    x0, x1 = _span((left + right) / 2, side, width)
    y0, y1 = _span((top + bottom) / 2, side, height)
    return x0, y0, x1, y1


def _span(middle: float, side: float, limit: int) -> tuple[int, int]:
    length = min(round(side), limit)
    start = round(min(max(middle - length / 2, 0), limit - length))
    return start, start + length


def _line(name: str, box: Box, window: tuple[int, int, int, int]) -> str:
    x0, y0, x1, y1 = window
    wide, high = x1 - x0, y1 - y0
    left, top, right, bottom = box
    shares = (
        ((left + right) / 2 - x0) / wide,
        ((top + bottom) / 2 - y0) / high,
        (right - left) / wide,
        (bottom - top) / high,
    )
    return " ".join([str(CLASSES.index(name)), *(f"{share:.6f}" for share in shares)])
