"""How tall people stand where in the picture, learned from those seen: a measure for the rest."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

import numpy as np

from chengzhi_vision.types import Box, Detection, ObjectClass

KEEP, ENOUGH = 200, 12
SURE, WHOLE = 0.5, 1.8  # of a person: the score, and how much taller than wide
SMALL_WIDE, SMALL_HIGH = 1.6, 1.25  # a two-wheeler, in heights of a person


class Heights:
    """The height of a person by where the feet are."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, float]] = deque(maxlen=KEEP)

    def note(self, seen: Sequence[Detection]) -> None:
        """Take in the people of one look."""
        for one in seen:
            if (
                one.kind is ObjectClass.PERSON
                and one.score >= SURE
                and one.box.h > WHOLE * one.box.w
            ):
                self._seen.append((one.box.bottom, one.box.h))

    def moved_by(self, down: float) -> None:
        """Go on in a picture whose content lies so many pixels further down for good."""
        self._seen = deque(((row + down, height) for row, height in self._seen), maxlen=KEEP)

    def at(self, bottom: float) -> float | None:
        """Return how tall a person with the feet at this row is; None while too few were seen."""
        if len(self._seen) < ENOUGH:
            return None
        rows = np.array(self._seen)
        middle = float(np.median(rows[:, 1]))
        spread = float(rows[:, 0].std())
        if spread < 8:
            return middle
        slope, base = np.polyfit(rows[:, 0], rows[:, 1], 1)
        return float(np.clip(slope * bottom + base, 0.5 * middle, 2.0 * middle))

    def is_two_wheeler(self, box: Box) -> bool | None:
        """Tell whether a vehicle is no larger than a two-wheeler; None while nobody knows."""
        person = self.at(box.bottom)
        if person is None:
            return None
        return box.w <= SMALL_WIDE * person and box.h <= SMALL_HIGH * person
