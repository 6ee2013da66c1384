"""What the worker asks of a detector: load it, then let it look at pictures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from chengzhi_vision.types import Detection, ModelRef, Picture


class Detector(Protocol):
    """Two methods and a name; anything that keeps to this can be plugged in."""

    @property
    def model(self) -> ModelRef: ...

    def load(self) -> None: ...

    def detect(self, image: Picture) -> Sequence[Detection]: ...
