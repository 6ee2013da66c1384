"""How long each pixel of something new has been still, and what it shows.

Equality with the pictures of one and two seconds ago tells what is still. The seconds survive a
passer-by in front. When what is shown began is known apart from them: who stood there before the
goods were put down does not lend them his time.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from math import ceil
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from chengzhi_vision.scene.coloring import replaced
from chengzhi_vision.scene.order import percentile
from chengzhi_vision.types import Picture

Mask = NDArray[np.bool_]
LAGS = (1.0, 2.0)
STILL_GREY = 14  # grey levels a still pixel may differ from a second ago
OTHER_GREY = 24  # grey levels by which what comes to rest is something else
NOISES = 6.0  # or so many times the noise of the picture, whichever is more
FADE, HIDE_FADE = 4.0, 0.3
MOSTLY = 60  # of the pixels of a thing in a hundred rested by then


class Resting:
    """The seconds of stillness of one camera's small picture."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.still = np.zeros(shape, np.float32)
        self.held = np.zeros(shape, np.float32)
        self._shown = np.zeros(shape, np.uint8)
        self._begun = np.zeros(shape, np.float32)  # seconds after the first picture
        self._zero: float | None = None
        self._past: deque[tuple[float, Picture]] = deque()

    @property
    def shape(self) -> tuple[int, ...]:
        return self.still.shape

    def note(self, small: Picture, at: float) -> None:
        """Keep a picture to compare later ones with."""
        self._past.append((at, small))
        while self._past[0][0] < at - 2 * LAGS[-1]:
            self._past.popleft()

    def at_rest(self, small: Picture, at: float, *, noise: float) -> Mask:
        """Return which pixels look as they did one and two seconds ago."""
        rest = np.ones(small.shape, bool)
        grey = ceil(max(STILL_GREY, NOISES * noise))
        for lag in LAGS:
            past = self._seen_before(at - lag)
            rest &= past is not None and cv2.absdiff(small, past) < grey
        self.note(small, at)
        return rest

    def count(
        self,
        small: Picture,
        new: Mask,
        rest: Mask,
        *,
        at: float,
        elapsed: float,
        unseen: float = 0.0,
    ) -> None:
        """Add up the seconds of what is new and still.

        `unseen` are seconds before those of `elapsed` whose pictures said nothing: they count for
        what stood still before them and does so after them.
        """
        touched = new | (self.still > 0) | (self.held > 0)  # nothing happens to the others
        self._note_shown(small, new & rest, at)
        is_new, still = new[touched], self.still[touched]
        gain = np.where(is_new & rest[touched], 1.0, np.where(is_new, -HIDE_FADE, -FADE))
        stood = unseen * (is_new & rest[touched] & (still > 0)) if unseen else 0.0
        still = np.maximum(still + gain * elapsed + stood, 0).astype(np.float32)
        self.still[touched] = still
        self.held[touched] = np.where(still > 0, self.held[touched] + elapsed + unseen, 0)

    def rested(self, blob: Mask, part: tuple[slice, slice], *, at: float) -> float:
        """Return for how many seconds most of a blob has been still and shown the same."""
        shown = at - (self._zero or 0.0) - self._begun[part][blob]
        return percentile(np.minimum(self.still[part][blob], shown), MOSTLY)

    def kept(self, hold_s: float) -> Mask:
        """Return what is withheld from the background."""
        return np.asarray((self.still > 0.5) & (self.held < hold_s))

    def clear(self, where: Mask) -> None:
        """Forget what was still in some places: the ground itself is seen there."""
        self.still[where] = 0
        self.held[where] = 0

    def moved(self, move: Callable[[NDArray[Any]], NDArray[Any]]) -> Resting:
        """Return the same in a picture whose content lies elsewhere now."""
        other = Resting(self.shape)
        other.still, other.held = move(self.still), move(self.held)
        other._shown, other._begun, other._zero = move(self._shown), move(self._begun), self._zero
        return other

    def _note_shown(self, small: Picture, stands: Mask, at: float) -> None:
        self._zero = at if self._zero is None else self._zero
        other = stands & (cv2.absdiff(small, self._shown) > OTHER_GREY)
        self._begun[other] = at - self._zero
        self._shown = replaced(self._shown, by=small, where=stands)

    def _seen_before(self, moment: float) -> Picture | None:
        fitting = [picture for when, picture in self._past if when <= moment + 1e-6]
        return fitting[-1] if fitting else None
