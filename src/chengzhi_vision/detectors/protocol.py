"""What the worker asks of a detector: load it, then let it look at pictures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from chengzhi_vision.types import Detection, Frame, ModelRef, Picture


class Detector(Protocol):
    """Two methods and a name; anything that keeps to this can be plugged in."""

    @property
    def model(self) -> ModelRef: ...

    def load(self) -> None: ...

    def detect(self, image: Picture) -> Sequence[Detection]: ...


class FrameDetector(Protocol):
    """A detector that may also use the moment of the frame (fakes in tests do)."""

    @property
    def model(self) -> ModelRef: ...

    def detect_frame(self, frame: Frame) -> Sequence[Detection]: ...
