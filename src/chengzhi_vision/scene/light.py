"""Bring a picture to the light of another, stretch dark ones, and know how noisy they are."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from chengzhi_vision.scene.order import median, percentile
from chengzhi_vision.types import Picture

STEP = 4  # every fourth pixel of every fourth row tells the light well enough
MIN_GAIN, MAX_GAIN = 0.4, 2.5
BURNT, BLACK = 250, 2
MAX_STRETCH = 3.0
FULL_SPREAD = 110.0  # grey levels between the dark and the bright twentieth of a clear picture
SLOW = 0.02
QUIET = 12
WINDOW, SAME_PATTERN, SAME_COLOR = 5, 0.75, 0.02
JUMP = 1.3  # a gain that changes by so much from one picture to the next is a light step


class Light:
    """The light and noise of one camera's small picture."""

    def __init__(self) -> None:
        self.noise, self.gain, self.has_jumped = 0.0, 1.0, False
        self.is_readable: NDArray[np.bool_] | bool = True
        self._last: Picture | None = None

    def level(self, small: Picture, ground: Picture | None) -> Picture:
        """Return the picture in the light of the ground: exposure and clouds taken out."""
        self.is_readable = (small < BURNT) & (small > BLACK) if small.max() >= BURNT else True
        gain = 1.0 if ground is None else gain_between(small, ground)
        self.has_jumped = not 1 / JUMP < gain / self.gain < JUMP
        self.gain = gain
        levelled = small if gain == 1.0 else cv2.convertScaleAbs(small, alpha=gain).astype(np.uint8)
        self._note_noise(levelled)
        return levelled

    def _note_noise(self, levelled: Picture) -> None:
        thin = levelled[::STEP, ::STEP]
        if self._last is not None and self._last.shape == thin.shape:
            step = cv2.absdiff(thin, self._last)
            quiet = step[step < QUIET]
            fresh = float(quiet.mean()) * 0.886 if quiet.size else self.noise
            self.noise += (fresh - self.noise) * 0.1
        self._last = thin


def gain_between(small: Picture, ground: Picture) -> float:
    """Return by what the picture is to be multiplied to have the light of the ground."""
    one = small[::STEP, ::STEP].astype(np.float32)
    other = ground[::STEP, ::STEP].astype(np.float32)
    fit = (one > 8) & (one < BURNT) & (other > 8)
    if np.count_nonzero(fit) < 100:
        return 1.0
    ratio = median(other[fit] / one[fit])
    if 0.97 <= ratio <= 1.03:
        return 1.0
    return min(max(ratio, MIN_GAIN), MAX_GAIN)


def relit(ground: Picture, small: Picture) -> Picture:
    """Return the ground in the light of a picture."""
    gain = gain_between(ground, small)
    return ground if gain == 1.0 else cv2.convertScaleAbs(ground, alpha=gain).astype(np.uint8)


def is_light(
    small: Picture,
    ground: Picture,
    color: Tint,
    ground_color: Tint,
    *,
    noise: float,
    where: NDArray[np.bool_] | None = None,
) -> NDArray[np.bool_]:
    """Return where the ground itself is seen, only brighter or darker: shadow, sun, wet ground.

    A shadow keeps the pattern of what it falls on; where that has none, it keeps its evenness
    and its color. A thing brings a pattern or a color of its own. Elsewhere than `where` the
    answer is not asked for, and colors are only made where they decide.
    """
    size = (max(small.shape[1] // 2, 1), max(small.shape[0] // 2, 1))
    one, other = _halved(small, size), _halved(ground, size)
    mean, mean_g = _mean(one), _mean(other)
    spread = np.maximum(_mean(one * one) - mean * mean, 0.01)
    spread_g = np.maximum(_mean(other * other) - mean_g * mean_g, 0.01)
    along = (_mean(one * other) - mean * mean_g) / np.sqrt(spread * spread_g)
    ratio = mean / np.maximum(mean_g, 1.0)
    has_pattern = spread_g > (2 * noise + 1.5) ** 2
    same_pattern = has_pattern & (along > SAME_PATTERN)
    is_even = spread <= 1.7 * spread_g * ratio**2 + (1.5 * noise + 1.5) ** 2
    other_light = ((ratio > 0.35) & (ratio < 0.97)) | ((ratio > 1.03) & (ratio < 2.2))
    may_be = is_even & other_light & _asked(where, size)
    if may_be.any():
        may_be &= _same_color(color, ground_color)
    lit = (same_pattern | may_be) & (ratio > 0.3) & (ratio < 3.0)
    whole = (small.shape[1], small.shape[0])
    return np.asarray(cv2.resize(lit.astype(np.uint8), whole, interpolation=cv2.INTER_NEAREST) > 0)


def _halved(picture: Picture, size: tuple[int, int]) -> NDArray[np.float32]:
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.float32)


def _mean(picture: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(cv2.blur(picture, (WINDOW, WINDOW)), np.float32)


def _asked(where: NDArray[np.bool_] | None, size: tuple[int, int]) -> NDArray[np.bool_] | bool:
    """Return where an answer is wanted, at half the size."""
    if where is None or where.shape != (2 * size[1], 2 * size[0]):
        return True
    rows = where[::2] | where[1::2]
    return np.asarray(rows[:, ::2] | rows[:, 1::2])


def _same_color(one: Tint, other: Tint) -> NDArray[np.bool_]:
    """Compare the shares of blue and red, which light alone leaves as they are."""
    (blue, red), (blue_g, red_g) = one.shares, other.shares
    apart = cv2.max(cv2.absdiff(blue, blue_g), cv2.absdiff(red, red_g))
    return np.asarray(apart < SAME_COLOR)


class Tint:
    """A picture in color, made when somebody asks for it."""

    def __init__(self, make: Callable[[], Picture]) -> None:
        self._make = make

    @classmethod
    def of(cls, picture: Picture) -> Tint:
        return cls(lambda: picture)

    @cached_property
    def picture(self) -> Picture:
        return self._make()

    @cached_property
    def shares(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """The shares of blue and red at half the size."""
        height, width = self.picture.shape[:2]
        return _shares(self.picture, (max(width // 2, 1), max(height // 2, 1)))


def _shares(
    picture: Picture, size: tuple[int, int]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    thin = cv2.blur(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), (3, 3))
    blue, green, red = (part.astype(np.float32) + 1 for part in cv2.split(thin))
    total = blue + green + red
    return blue / total, red / total


class Stretch:
    """Spreads the grey levels of dark pictures, slowly, so that a lamp changes nothing at once."""

    def __init__(self) -> None:
        self._low = self._high = -1.0

    def __call__(self, luma: Picture) -> Picture:
        thin = np.ascontiguousarray(luma[::8, ::8])
        low, high = percentile(thin, 5), percentile(thin, 95)
        if self._high < 0:
            self._low, self._high = low, high
        self._low += (low - self._low) * SLOW
        self._high += (high - self._high) * SLOW
        gain = min(FULL_SPREAD / max(self._high - self._low, 1.0), MAX_STRETCH)
        if gain <= 1.05:
            return luma
        table = np.clip((np.arange(256) - self._low) * gain + self._low, 0, 255)
        return cv2.LUT(luma, table.astype(np.uint8)).astype(np.uint8)
