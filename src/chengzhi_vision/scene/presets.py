"""Which preset a turning camera stands at, by comparing with a reference picture of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from chengzhi_vision.config import Preset
from chengzhi_vision.scene.health import shrunk
from chengzhi_vision.types import Picture

ALIKE = 0.5
SETTLED_S = 2.0
BORDER = 6
ROWS = 2  # a picture of the same shape, both rounded, may differ by


@dataclass(frozen=True, kw_only=True)
class _Known:
    preset: Preset
    small: Picture
    outline: NDArray[np.float32]

    def sized(self, shape: tuple[int, ...]) -> _Known:
        """Return it as large as the pictures that come, where those are of nearly the same shape."""
        if self.outline.shape == shape or abs(self.small.shape[0] - shape[0]) > ROWS:
            return self
        small = cv2.resize(self.small, shape[::-1]).astype(np.uint8, copy=False)
        return replace(self, outline=_outline(small))


class Presets:
    """The presets of one camera; `current` is None while it turns or looks elsewhere."""

    def __init__(self, presets: Sequence[Preset]) -> None:
        smalls = [_decoded(preset.picture) for preset in presets]
        self._known = [
            _Known(preset=preset, small=small, outline=_outline(small))
            for preset, small in zip(presets, smalls, strict=True)
        ]
        self._shape: tuple[int, ...] = ()  # of the pictures that come
        self.current: Preset | None = None
        self._seen: tuple[Preset | None, float] = (None, float("-inf"))

    def __bool__(self) -> bool:
        return bool(self._known)

    def update(self, small: Picture, *, at: float) -> bool:
        """Take in a small picture and tell whether the camera now stands elsewhere."""
        best = self._best(small)
        if best is not self._seen[0]:
            self._seen = (best, at)
        wait = SETTLED_S if best is not None else 0.0
        before = self.current
        if at - self._seen[1] >= wait:
            self.current = best
        elif best is not self.current:
            self.current = None
        return self.current is not before

    def _best(self, small: Picture) -> Preset | None:
        outline = _outline(small)
        if outline.shape != self._shape:  # once, not for every picture
            self._shape = outline.shape
            self._known = [one.sized(self._shape) for one in self._known]
        scores = [(_alike(known.outline, outline), i) for i, known in enumerate(self._known)]
        score, index = max(scores, default=(0.0, 0))
        return self._known[index].preset if score >= ALIKE else None


def _alike(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    """Return the best correlation of two outlines within a few pixels."""
    if one.shape != other.shape:
        return 0.0
    inner = one[BORDER:-BORDER, BORDER:-BORDER]
    return float(cv2.matchTemplate(other, inner, cv2.TM_CCOEFF_NORMED).max())


def _outline(small: Picture) -> NDArray[np.float32]:
    """Return the blurred edges: they look alike by day and by night."""
    dx, dy = cv2.Sobel(small, cv2.CV_32F, 1, 0), cv2.Sobel(small, cv2.CV_32F, 0, 1)
    edges = np.sqrt(cv2.magnitude(dx, dy))
    return np.asarray(cv2.GaussianBlur(edges, (5, 5), 0), np.float32)


def _decoded(picture: bytes) -> Picture:
    grey = cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert grey is not None, "the camera file was read only with pictures that can be"
    return shrunk(grey.astype(np.uint8))
