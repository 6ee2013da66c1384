"""A detector that was told: its boxes come with the frame, from whoever found them."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from chengzhi_vision.detectors.boxes import moved
from chengzhi_vision.types import Box, Detection, ModelRef, Picture

REMEMBERED = 32  # frames under way between the thread that reads and the one that judges


class GivenDetector:
    """Answers with what was given for a picture; for a part of it, with what stands in the part.

    A part is recognised because a slice of an array is a view of the same memory.
    """

    def __init__(self, *, name: str = "given", version: str = "1") -> None:
        self._model = ModelRef(name=name, version=version)
        self._given: deque[tuple[Picture, tuple[Detection, ...]]] = deque(maxlen=REMEMBERED)

    @property
    def model(self) -> ModelRef:
        return self._model

    def load(self) -> None:
        """Nothing has to be loaded."""

    def give(self, image: Picture, objects: Sequence[Detection]) -> None:
        """Remember what was found in a picture that is about to be judged."""
        self._given.append((image, tuple(objects)))

    def detect(self, image: Picture) -> Sequence[Detection]:
        """Return what was given for this picture, in its own pixels."""
        for whole, objects in reversed(self._given):
            if image is whole:
                return objects
            if image.base is whole:
                return _inside(objects, whole, image)
        return ()


def _inside(objects: Sequence[Detection], whole: Picture, part: Picture) -> list[Detection]:
    """Return the boxes whose middle lies in a part, moved to where the part begins."""
    offset = part.__array_interface__["data"][0] - whole.__array_interface__["data"][0]
    top, rest = divmod(offset, whole.strides[0])
    left = rest // whole.strides[1]
    height, width = part.shape[:2]
    frame = Box(x=left, y=top, w=width, h=height)
    return [moved(d, dx=-left, dy=-top) for d in objects if _holds(frame, d.box)]


def _holds(frame: Box, box: Box) -> bool:
    x, y = box.center
    return frame.x <= x < frame.right and frame.y <= y < frame.bottom
