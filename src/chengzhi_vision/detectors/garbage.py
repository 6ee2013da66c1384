"""Our own detector of garbage, bins, overflowing bins, two-wheelers and people; packaged.

How it was trained, on what, and where it fails: docs/models/garbage.md.
"""

from __future__ import annotations

from importlib import resources
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from chengzhi_vision.detectors.engine import Engine, open_net, version_under
from chengzhi_vision.types import Box, Detection, ModelRef, ObjectClass, Picture

WEIGHTS = "garbage.onnx"
NAME, VERSION = "chengzhi-garbage", "7"
OUTPUTS = ("scores", "boxes")
CLASSES = (  # in the order of the net's answers; what people drew boxes of
    ("garbage", ObjectClass.GARBAGE),
    ("garbage_bin", ObjectClass.BIN),
    ("overflow", ObjectClass.OVERFLOW),
)
ANSWERS = (  # the last two for closer looks only
    *CLASSES,
    ("two_wheeler", ObjectClass.TWO_WHEELER),
    ("person", ObjectClass.PERSON),
)
SAME = 0.6  # boxes of one class that overlap more are one object: bins stand close together
MOST = 100


class GarbageHead:
    """Keeps to `Detector`; thread-safe after `load` (one net, one thread each run)."""

    def __init__(
        self, *, floor: float, threads: int = 1, engine: Engine = Engine.ONNXRUNTIME
    ) -> None:
        self.floor, self.threads, self.engine = floor, threads, engine
        self.model = ModelRef(name=NAME, version=version_under(engine, VERSION))
        self.classes = frozenset(kind for _, kind in ANSWERS)

    def load(self) -> None:
        """Open the packaged weights."""
        weights = resources.files("chengzhi_vision.data").joinpath(WEIGHTS).read_bytes()
        self._net = open_net(weights, outputs=OUTPUTS, engine=self.engine, threads=self.threads)
        self._size = self._net.shape()[1]

    def detect(self, image: Picture) -> list[Detection]:
        """Return the boxes above the floor in pixels of `image`, best first."""
        height, width = image.shape[:2]
        scores, boxes = self._net(self._squashed(image))
        grow = np.array([width, height, width, height]) / self._size
        inside = np.clip(boxes[0] * grow, 0, [width, height, width, height])
        found = [
            one for number in range(len(ANSWERS)) for one in self._of(number, scores[0], inside)
        ]
        return sorted(found, key=lambda d: -d.score)

    def _squashed(self, image: Picture) -> Picture:
        """Return the picture as the net takes it; large ones are averaged, not sampled."""
        height, width = image.shape[:2]
        across, down = max(width // self._size, 1), max(height // self._size, 1)
        if across > 1 or down > 1:  # a whole factor is much faster than going there at once
            image = _resized(image, width // across, height // down, cv2.INTER_AREA)
        return _resized(image, self._size, self._size, cv2.INTER_LINEAR)[None]

    def _of(self, number: int, scores: NDArray[Any], corners: NDArray[Any]) -> list[Detection]:
        """Return the boxes of one class, one per object."""
        rows = np.flatnonzero(scores[:, number] > self.floor)
        sure = scores[rows, number]
        sides = np.hstack([corners[rows, :2], corners[rows, 2:] - corners[rows, :2]])
        kept = cv2.dnn.NMSBoxes(sides.tolist(), sure.tolist(), self.floor, SAME, top_k=MOST)
        label, kind = ANSWERS[number]
        return [
            Detection(box=_box(sides[k]), kind=kind, score=float(sure[k]), label=label)
            for k in np.asarray(kept, int).reshape(-1)
        ]


def _resized(image: Picture, width: int, height: int, way: int) -> Picture:
    return np.asarray(cv2.resize(image, (width, height), interpolation=way), np.uint8)


def _box(sides: NDArray[Any]) -> Box:
    left, top, width, height = (float(v) for v in sides)
    return Box(x=left, y=top, w=width, h=height)
