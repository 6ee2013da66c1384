"""Number plates through our own net; how it was trained, and where it fails: docs/models/plates.md."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from chengzhi_redaction.faces import thinned
from chengzhi_redaction.sessions import session
from chengzhi_redaction.types import Found, Picture

WEIGHTS = "plates.onnx"
OUTPUTS = ["scores", "boxes"]
FLOOR = 0.2
LARGEST = 4.0  # times as large as it is may a small crop be looked at
GREY = 114


class Plates:
    """Finds number plates in pictures and in enlarged crops; thread-safe."""

    def __init__(self, *, floor: float = FLOOR) -> None:
        held = resources.files("chengzhi_redaction.data").joinpath(WEIGHTS)
        self._session = session(held.read_bytes(), keeps_room=True)
        self._size: int = self._session.get_inputs()[0].shape[1]
        self.floor = floor

    def find(self, picture: Picture) -> Sequence[Found]:
        """Return the plates of a picture, best first."""
        height, width = picture.shape[:2]
        scale = min(self._size / max(height, width), LARGEST)
        scores, boxes = self._session.run(OUTPUTS, {"picture": self._framed(picture, scale)[None]})
        rows = np.flatnonzero(scores[0, :, 0] > self.floor)
        corners = np.clip(boxes[0, rows] / scale, 0, [width, height, width, height])
        return thinned(_sides(corners), scores[0, rows, 0].astype(float))

    def _framed(self, picture: Picture, scale: float) -> Picture:
        """Return the picture in the upper left corner of a grey square, averaged where it shrinks."""
        height, width = picture.shape[:2]
        size = (max(round(width * scale), 1), max(round(height * scale), 1))
        way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
        square = np.full((self._size, self._size, 3), GREY, np.uint8)
        square[: size[1], : size[0]] = cv2.resize(picture, size, interpolation=way)
        return square


@cache
def plate_finder() -> Plates:
    """Return the finder of the packaged weights, opened once for all who look."""
    return Plates()


def _sides(corners: NDArray[Any]) -> NDArray[Any]:
    """Return left, top, width, height of left, top, right, bottom."""
    return np.hstack([corners[:, :2], corners[:, 2:] - corners[:, :2]])
