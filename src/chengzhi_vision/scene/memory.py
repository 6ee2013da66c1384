"""How the ground looked some time ago: what looks like that again has been left, not put down."""

from __future__ import annotations

from collections import deque

import cv2
import numpy as np
from numpy.typing import NDArray

from chengzhi_vision.scene.order import mean_in
from chengzhi_vision.types import Picture

EVERY_S = 20.0
KEEP = 8
NEARER = 0.5  # of the difference to the present ground
ALIKE_GREY = 12.0
Part = tuple[slice, slice]
WHOLE: Part = (slice(None), slice(None))


class GroundMemory:
    """Some former grounds, close together for the last minutes and wider apart before."""

    def __init__(self) -> None:
        self._kept: deque[tuple[float, Picture]] = deque()

    def note(self, ground: Picture, *, at: float) -> None:
        """Keep the ground now and then; thin out the older ones."""
        if self._kept and at - self._kept[-1][0] < EVERY_S:
            return
        self._kept.append((at, ground))
        if len(self._kept) > KEEP:
            gaps = [self._kept[i + 1][0] - self._kept[i - 1][0] for i in range(1, KEEP)]
            ages = [at - self._kept[i][0] for i in range(1, KEEP)]
            crowded = [gap / max(age, EVERY_S) for gap, age in zip(gaps, ages, strict=True)]
            del self._kept[1 + int(np.argmin(crowded))]

    def knows(
        self, small: Picture, ground: Picture, blob: NDArray[np.bool_], *, part: Part = WHOLE
    ) -> bool:
        """Tell whether a blob shows a former ground rather than something new.

        All but the former grounds are given as a part of the picture.
        """
        now = mean_in(cv2.absdiff(small, ground), blob)
        return any(
            (apart := mean_in(cv2.absdiff(small, former[part]), blob)) < ALIKE_GREY
            and apart < NEARER * now
            for _, former in self._kept
        )
