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
BURNT = 250
MAX_STRETCH = 3.0
FULL_SPREAD = 110.0  # grey levels between the dark and the bright twentieth of a clear picture
SLOW = 0.02
QUIET = 12
WINDOW, SAME_PATTERN, SAME_COLOR = 5, 0.75, 0.02
REACH = 8  # pixels around, more than any filter of `is_light` reaches
JUMP = 1.3  # a gain that changes by so much from one picture to the next is a light step
GLARE_S = 4.0  # unless it is back so soon: a white car passes, and the camera exposes for that

Part = tuple[slice, slice]
Shares = tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]


class Light:
    """The light and noise of one camera's small picture."""

    def __init__(self) -> None:
        self.noise, self.gain, self.has_jumped = 0.0, 1.0, False
        self.jumped_at: float | None = None  # and is not back yet
        self._last: Picture | None = None

    def level(self, small: Picture, ground: Picture | None, *, at: float) -> Picture:
        """Return the picture in the light of the ground: exposure and clouds taken out."""
        gain = 1.0 if ground is None else gain_between(small, ground)
        self._note_gain(gain, at)
        levelled = lit(small, gain)
        if self.jumped_at is None:
            self._note_noise(levelled)
        return levelled

    @property
    def is_glare(self) -> bool:
        """Tell whether the light jumped just now and may be back in a moment."""
        return self.jumped_at is not None and not self.has_jumped

    def _note_gain(self, gain: float, at: float) -> None:
        """Tell a light that stays from one that is back at once, or as the ground was learned."""
        is_steady = _is_near(gain, self.gain) or _is_near(gain, 1.0)
        since = at if self.jumped_at is None else self.jumped_at
        self.has_jumped = not is_steady and at - since >= GLARE_S
        self.jumped_at = None if is_steady else since
        self.gain = gain if is_steady or self.has_jumped else self.gain

    def _note_noise(self, levelled: Picture) -> None:
        thin = levelled[::STEP, ::STEP]
        if self._last is not None and self._last.shape == thin.shape:
            step = cv2.absdiff(thin, self._last)
            quiet = step[step < QUIET]
            fresh = float(quiet.mean()) * 0.886 if quiet.size else self.noise
            self.noise += (fresh - self.noise) * 0.1
        self._last = thin


def _is_near(gain: float, other: float) -> bool:
    return 1 / JUMP < gain / other < JUMP


def readable(small: Picture) -> NDArray[np.bool_] | bool:
    """Return where a picture says anything: burnt pixels do not."""
    return small < BURNT if small.max() >= BURNT else True


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


def lit(picture: Picture, gain: float) -> Picture:
    """Return a picture as a camera of another exposure sees it."""
    if gain == 1.0:
        return picture
    return cv2.convertScaleAbs(picture, alpha=gain).astype(np.uint8, copy=False)


def relit(ground: Picture, small: Picture) -> Picture:
    """Return the ground in the light of a picture."""
    return lit(ground, gain_between(ground, small))


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
    part = _asked(where, small.shape)
    if part is None:
        return np.zeros(small.shape, bool)
    lit = np.zeros(small.shape, bool)
    asked = True if where is None else _halved_mask(where[part])
    lit[part] = _is_light(
        small[part],
        ground[part],
        lambda: _same_color(color.shares_in(part), ground_color.shares_in(part)),
        noise=noise,
        asked=asked,
    )
    return lit


def _is_light(
    small: Picture,
    ground: Picture,
    same_color: Callable[[], NDArray[np.bool_]],
    *,
    noise: float,
    asked: NDArray[np.bool_] | bool,
) -> NDArray[np.bool_]:
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
    may_be = is_even & other_light & asked
    if may_be.any():
        may_be &= same_color()
    lit = (same_pattern | may_be) & (ratio > 0.3) & (ratio < 3.0)
    whole = (small.shape[1], small.shape[0])
    return np.asarray(cv2.resize(lit.astype(np.uint8), whole, interpolation=cv2.INTER_NEAREST) > 0)


def _halved(picture: Picture, size: tuple[int, int]) -> NDArray[np.float32]:
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.float32)


def _mean(picture: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(cv2.blur(picture, (WINDOW, WINDOW)), np.float32)


def _asked(where: NDArray[np.bool_] | None, shape: tuple[int, ...]) -> Part | None:
    """Return the part of the picture in which an answer is wanted, with what the filters reach.

    It begins and ends at even pixels, so that half of it is the part of the half.
    """
    if where is None or where.shape[0] % 2 or where.shape[1] % 2:
        return (slice(0, shape[0]), slice(0, shape[1]))
    left, top, width, height = cv2.boundingRect(where.view(np.uint8))
    if width == 0:
        return None
    rows = slice(max(top - REACH, 0) // 2 * 2, min(top + height + REACH + 1, shape[0]) // 2 * 2)
    columns = slice(max(left - REACH, 0) // 2 * 2, min(left + width + REACH + 1, shape[1]) // 2 * 2)
    return (rows, columns)


def _halved_mask(where: NDArray[np.bool_]) -> NDArray[np.bool_] | bool:
    """Return where an answer is wanted, at half the size."""
    if where.shape[0] % 2 or where.shape[1] % 2:
        return True
    rows = where[::2] | where[1::2]
    return np.asarray(rows[:, ::2] | rows[:, 1::2])


def _same_color(one: Shares, other: Shares) -> NDArray[np.bool_]:
    """Compare the shares of blue and red, which light alone leaves as they are."""
    (blue, red, _), (blue_g, red_g, _) = one, other
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

    def shares_in(self, part: Part) -> Shares:
        """Return the shares of blue and red in a part of the picture, and all light, at half the size."""
        inside = self.picture[part]
        height, width = inside.shape[:2]
        return _shares(inside, (max(width // 2, 1), max(height // 2, 1)))


def _shares(picture: Picture, size: tuple[int, int]) -> Shares:
    thin = cv2.blur(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), (3, 3))
    blue, green, red = (part.astype(np.float32) + 1 for part in cv2.split(thin))
    total = blue + green + red
    return blue / total, red / total, total


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
        return cv2.LUT(luma, table.astype(np.uint8)).astype(np.uint8, copy=False)
