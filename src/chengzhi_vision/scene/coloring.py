"""The color of the empty ground: what has another one is new, however bright it is.

A cardboard box on grey slabs, or a green scooter on asphalt, is as bright as the ground. Shares of
blue and red tell it apart; the light of the whole picture, which a camera balances anew now and
then, is taken out first. Color says nothing in the dark, nor where the bare ground has not been seen
still a few times: of a busy pavement the first pictures show mostly people.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from chengzhi_vision.scene.light import STEP, Tint
from chengzhi_vision.scene.order import mean_in, median, share_of
from chengzhi_vision.types import Picture

Mask = NDArray[np.bool_]
LOOK_S = 1.9  # between two looks at the color
OTHER = 0.05  # of all light: by so much the share of blue or of red is another
DARK = 100.0  # levels of the three colors together, below which a share is mostly noise
LEVELS = 340.0  # grey levels that stand out as much as all light would
SAME_GREY = 14  # grey levels a pixel may differ since the color was looked at
WIDE = 0.3  # of the picture in another color: the camera has changed its balance, not the street
LEARN_FAST, LEARN_S, EVERY_S, TRUSTED_EVERY_S = 0.1, 60.0, 1.0, 4.0
TRUSTED = 3  # notes of the calm ground, after which its color is known


@dataclass(frozen=True, eq=False)
class _Look:
    """One look at the color: how far it is from the ground's, and the picture it was taken in."""

    at: float
    small: Picture
    apart: NDArray[np.float32]
    where: Mask


class GroundColor:
    """The color of the ground of one camera, and where something has another."""

    def __init__(self, known: Picture | None = None) -> None:
        self.known = None if known is None else Tint.of(known)
        self._notes = None if known is None else np.full(known.shape[:2], TRUSTED, np.uint8)
        self._waited_s = self._trusted_s = 0.0
        self._look: _Look | None = None

    def new(self, small: Picture, color: Tint, *, at: float) -> Mask:
        """Return where another color than the ground's is seen; what moved since says nothing."""
        look = self._look
        if look is None or at - look.at >= LOOK_S or look.small.shape != small.shape:
            look = self._look = self._take(small, color, at)
        return np.asarray(look.where & (cv2.absdiff(small, look.small) < SAME_GREY))

    def share_in(self, blob: Mask, part: tuple[slice, slice]) -> float:
        """Return which share of a blob has another color than the ground."""
        if self._look is None:
            return 0.0
        return share_of(self._look.where[part][blob]) if blob.any() else 0.0

    def contrast_in(self, blob: Mask, part: tuple[slice, slice]) -> float:
        """Return how far the color of a blob stands out, in grey levels."""
        return 0.0 if self._look is None else LEVELS * mean_in(self._look.apart[part], blob)

    def begin(self, color: Tint, calm: Mask) -> None:
        """Take in one of the first pictures, as the background does; it is not trusted yet."""
        if self.known is None:
            self.known, self._notes = Tint.of(color.picture), np.zeros(calm.shape, np.uint8)
        self.known = Tint.of(self._led(color, LEARN_FAST, calm))

    def learn(self, color: Tint, calm: Mask, *, elapsed: float) -> None:
        """Lead the known color toward the present one where the ground is bare and still."""
        if self.known is None or self._notes is None:
            self.begin(color, calm)
            return
        self._waited_s, self._trusted_s = self._waited_s + elapsed, self._trusted_s + elapsed
        if self._waited_s >= EVERY_S:
            self._waited_s = 0.0
            self._get_to_know(color, calm & (self._notes < TRUSTED))
        if self._trusted_s >= TRUSTED_EVERY_S:  # a smaller step would be rounded away
            rate, self._trusted_s = min(self._trusted_s / LEARN_S, 1.0), 0.0
            self.known = Tint.of(self._led(color, rate, calm & (self._notes >= TRUSTED)))

    def _get_to_know(self, color: Tint, fresh: Mask) -> None:
        if self._notes is None or not fresh.any():
            return
        led = self._led(color, 1 / 2, fresh)
        self.known = Tint.of(replaced(led, by=color.picture, where=fresh & (self._notes == 0)))
        self._notes[fresh] += 1

    def _led(self, color: Tint, rate: float, where: Mask) -> Picture:
        assert self.known is not None
        known = self.known.picture
        mixed = cv2.addWeighted(known, 1 - rate, color.picture, rate, 0)
        return replaced(known, by=mixed.astype(np.uint8, copy=False), where=where)

    def heal(self, wide: Mask, shown: Tint) -> None:
        """Take the present color of some places for the ground's."""
        if self.known is not None:
            self.known = Tint.of(replaced(self.known.picture, by=shown.picture, where=wide))
        if self._notes is not None:
            self._notes[wide] = TRUSTED
        self._look = None

    def _take(self, small: Picture, color: Tint, at: float) -> _Look:
        apart = np.zeros(small.shape, np.float32)
        if self.known is not None and self._notes is not None:
            apart = _apart(color, self.known, small.shape) * (self._notes >= TRUSTED)
        where = apart > OTHER
        if share_of(where) > WIDE:
            where = np.zeros(small.shape, bool)
        return _Look(at, small, apart, where)


def _apart(one: Tint, other: Tint, shape: tuple[int, ...]) -> NDArray[np.float32]:
    """Return by how much the shares of blue or red differ, the light of the whole taken out."""
    whole = (slice(0, shape[0]), slice(0, shape[1]))
    (blue, red, light), (blue_g, red_g, light_g) = one.shares_in(whole), other.shares_in(whole)
    apart = cv2.max(_from_median(blue - blue_g), _from_median(red - red_g))
    apart[(light < DARK) | (light_g < DARK)] = 0
    size = (shape[1], shape[0])
    return np.asarray(cv2.resize(apart, size, interpolation=cv2.INTER_LINEAR), np.float32)


def _from_median(step: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(np.abs(step - np.float32(median(step[::STEP, ::STEP]))))


def replaced(picture: Picture, *, by: Picture, where: Mask) -> Picture:
    """Return a picture that shows another one in some places."""
    mixed = picture.copy()
    return np.asarray(cv2.copyTo(by, where.view(np.uint8), mixed), np.uint8)
