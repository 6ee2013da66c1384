"""What one detector saw in parts of a picture: it need not look again where nothing has changed.

A refused stay is looked at again and again, mostly in the same still picture. The answer of the
last look is taken for as long as the usual looks take theirs where nothing moves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np

from chengzhi_vision.geometry import scaled
from chengzhi_vision.types import Box, Detection, Picture

Sides = tuple[int, int, int, int]


@dataclass(frozen=True, kw_only=True)
class Shown:
    """The moment, the small grey picture in which a change shows, and its scale."""

    at: float
    small: Picture
    scale: float

    def of(self, part: Box) -> Picture:
        """Return what the small picture shows of a part."""
        inside = scaled(part, self.scale)
        top, left = int(inside.y), int(inside.x)
        return self.small[top : int(inside.bottom) + 1, left : int(inside.right) + 1]


@dataclass(frozen=True, kw_only=True)
class _Glance:
    at: float
    shown: Picture
    seen: tuple[Detection, ...]


@dataclass
class Glances:
    """The last looks of one detector at a camera, each at one part of the picture."""

    keep_s: float
    grey: int  # levels by which a pixel has changed
    _kept: dict[Sides, _Glance] = field(default_factory=dict)

    def recall(self, part: Box, view: Shown) -> list[Detection] | None:
        """Return what was seen in a part if it has looked the same since, else None."""
        known = self._kept.get(_sides(part))
        if known is None or not 0 <= view.at - known.at < self.keep_s:
            return None
        now = view.of(part)
        if now.shape != known.shown.shape:
            return None
        is_same = int(np.max(cv2.absdiff(known.shown, now), initial=0)) <= self.grey
        return list(known.seen) if is_same else None

    def note(self, part: Box, view: Shown, seen: Sequence[Detection]) -> None:
        """Remember a look; those too old to be taken again are forgotten."""
        fresh = {k: one for k, one in self._kept.items() if view.at - one.at < self.keep_s}
        fresh[_sides(part)] = _Glance(at=view.at, shown=view.of(part).copy(), seen=tuple(seen))
        self._kept = fresh


def _sides(part: Box) -> Sides:
    return int(part.x), int(part.y), int(part.right), int(part.bottom)
