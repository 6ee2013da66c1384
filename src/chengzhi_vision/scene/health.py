"""Is the picture fit to judge: dark, blurred, frozen, moved, or suddenly in another light."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from chengzhi_vision.scene.order import correlation, median, percentile, spread
from chengzhi_vision.thresholds import HealthLimits
from chengzhi_vision.types import Picture

WIDTH = 160
LEARN_S, KNOWN_S = 120.0, 5.0
MIN_RESPONSE = 0.15
MOVED_REST = 0.5  # of the difference that the best shift leaves
SLIGHT_REST = 0.85  # of a slight one
MIN_SHIFT, CLEAR_SHIFT = 0.15, 3.0  # pixels of the small picture
STEADY_S, STEADY_LOOKS = 20.0, 6
STEADY_SPREAD = 0.002  # of the width
LASTING = 0.003  # of the width: a lasting shift by so much moves the zones
SAME_LIGHT_S = 600.0  # after a longer break shadows lie elsewhere, which looks like a slight shift
KEPT_S = 86_400.0  # after a longer break somebody may have seen to the camera and to its zones


class Trouble(StrEnum):
    """Why a picture cannot be judged (画面异常)."""

    COVERED = "covered"
    BLURRED = "blurred"
    FROZEN = "frozen"
    MOVED = "moved"
    LIGHT = "light"
    NO_PICTURE = "no_picture"
    OTHER_SHAPE = "other_shape"  # drawn on a picture of another shape: nothing can be judged
    OTHER_VIEW = "other_view"  # a turning camera looks elsewhere: rules pause, nothing is wrong


@dataclass(frozen=True, kw_only=True)
class Health:
    """The verdict on one frame; `blind_since` is set once trouble has lasted long enough."""

    trouble: Trouble | None
    since: float | None = None
    is_blind: bool = False

    @property
    def is_fit(self) -> bool:
        return self.trouble is None


@dataclass(frozen=True, kw_only=True)
class KnownView:
    """How the picture of a camera usually looks: what a former run compared it with."""

    picture: Picture
    sharp: float
    learned_at: float  # the last look that was like it
    watched_at: float  # the last look at all


class SceneHealth:
    """Watches the picture of one camera as a whole."""

    def __init__(self, limits: HealthLimits) -> None:
        self.limits = limits
        self.reset()

    def reset(self) -> None:
        """Forget the usual picture (a new view, a new loop of a clip)."""
        self._last: Picture | None = None
        self._same_since = 0.0
        self._usual: NDArray[np.float32] | None = None
        self._recalled: KnownView | None = None
        self._is_dated = False  # the usual picture is of another hour
        self._agreed_s = 0.0
        self._learned_at = 0.0
        self._sharp = 0.0
        self._seen_s = 0.0
        self._at = 0.0
        self._light_until = float("-inf")
        self._moved_since: float | None = None
        self.shift = (0.0, 0.0)
        self._steady: deque[tuple[float, float, float]] = deque()
        self._trouble: Trouble | None = None
        self._since = 0.0

    def known(self) -> KnownView | None:
        """Return what a restart has to know of the usual picture."""
        if self._usual is None or self._seen_s <= KNOWN_S:
            return self._recalled
        return KnownView(
            picture=np.clip(np.rint(self._usual), 0, 255).astype(np.uint8),
            sharp=self._sharp,
            learned_at=self._learned_at,
            watched_at=self._at,
        )

    def recall(self, known: KnownView) -> None:
        """Compare with what a former run knew, from the first picture on."""
        self._recalled = known

    def _take_up(self, known: KnownView, small: Picture, at: float) -> None:
        """Begin with the usual picture of a former run.

        After a short break it is as if there had been none. One of another hour tells only a view
        that is clearly another: in other light slight shifts cannot be trusted, nor sharpness.
        """
        if known.picture.shape != small.shape or not 0 <= at - known.watched_at <= KEPT_S:
            return
        self._usual, self._seen_s = known.picture.astype(np.float32), LEARN_S
        self._is_dated = at - known.learned_at > SAME_LIGHT_S
        self._learned_at = known.learned_at
        self._sharp = 0.0 if self._is_dated else known.sharp

    def note_light(self, at: float) -> None:
        """Pause the rules: much of the picture changed at once."""
        self._light_until = at + self.limits.light_pause_s

    def update(self, small: Picture, *, at: float) -> Health:
        """Return the verdict on one frame, given small (see `shrunk`)."""
        if self._last is not None and self._last.shape != small.shape:
            self.reset()
        if self._recalled is not None:
            self._take_up(self._recalled, small, at)
            self._recalled = None
        elapsed = max(at - self._at, 0.0) if self._last is not None else 0.0
        self._at = at
        self._same(small, at)
        sharp = spread(cv2.Laplacian(small, cv2.CV_32F)) ** 2
        trouble = self._judge(small, sharp, at)
        if trouble is None:
            self._learn(small, sharp, elapsed)
        return self._verdict(trouble, at)

    def _same(self, small: Picture, at: float) -> None:
        is_same = self._last is not None and np.array_equal(small, self._last)
        if not is_same:
            self._same_since = at
        self._last = small

    def _judge(self, small: Picture, sharp: float, at: float) -> Trouble | None:
        limits = self.limits
        if spread(small) < limits.dark_spread:
            return Trouble.COVERED
        if self._seen_s > KNOWN_S and sharp < self._sharp * limits.sharp_share:
            return Trouble.BLURRED
        if at - self._same_since >= limits.frozen_s:
            return Trouble.FROZEN
        if self._seen_s > KNOWN_S and self._has_moved(small, at):
            return Trouble.MOVED
        return Trouble.LIGHT if at < self._light_until else None

    def _has_moved(self, small: Picture, at: float) -> bool:
        """Tell whether the view has been another one for some seconds."""
        assert self._usual is not None
        found = shift_of(self._usual, small)
        far = found is not None and np.hypot(*found) >= self.limits.shift_share
        self._note_shift(None if far or self._is_dated else found, at)
        if not far:
            self._moved_since = None
        elif self._moved_since is None:
            self._moved_since = at
        return self._moved_since is not None and at - self._moved_since >= self.limits.shift_s

    def _note_shift(self, found: tuple[float, float] | None, at: float) -> None:
        self.shift = (0.0, 0.0) if found is None else found
        if found is not None:
            self._steady.append((at, *found))
        while self._steady and self._steady[0][0] < at - STEADY_S:
            self._steady.popleft()

    def lasting_shift(self) -> tuple[float, float] | None:
        """Return the shift that the picture has kept for some time, once: then it is the usual.

        A camera that shakes goes to and fro; one that was pushed stays.
        """
        if len(self._steady) < STEADY_LOOKS or self._usual is None:
            return None
        if self._steady[-1][0] - self._steady[0][0] < 0.7 * STEADY_S:
            return None
        across, down = np.array([row[1:] for row in self._steady]).T
        middle = (median(across), median(down))
        if float(np.hypot(*middle)) < LASTING or max(map(_breadth, (across, down))) > STEADY_SPREAD:
            return None
        height, width = self._usual.shape[:2]
        step = np.array([[1, 0, middle[0] * width], [0, 1, middle[1] * width]], np.float32)
        moved = cv2.warpAffine(self._usual, step, (width, height), borderMode=cv2.BORDER_REPLICATE)
        self._usual = moved.astype(np.float32)
        self._steady.clear()
        self.shift = (0.0, 0.0)
        return middle

    def _let_go(self, elapsed: float) -> None:
        """Begin with the present light once the view has not been another one for some time."""
        self._agreed_s = 0.0 if self._moved_since is not None else self._agreed_s + elapsed
        if self._agreed_s >= STEADY_S:
            self._usual, self._seen_s, self._is_dated = None, 0.0, False

    def _learn(self, small: Picture, sharp: float, elapsed: float) -> None:
        if self._is_dated:
            self._let_go(elapsed)
            return
        self._learned_at = self._at
        self._seen_s += elapsed
        weight = min(max(elapsed / LEARN_S, elapsed / (self._seen_s + 1e-6)), 1.0)
        if np.hypot(*self.shift) * WIDTH >= MIN_SHIFT:
            weight = 0.0  # what is moved is no longer the usual place of things
        fresh = small.astype(np.float32)
        if self._usual is None:
            self._usual, self._sharp = fresh, sharp
        self._usual = self._usual * (1 - weight) + fresh * weight
        self._sharp += (sharp - self._sharp) * weight

    def _verdict(self, trouble: Trouble | None, at: float) -> Health:
        if trouble is not self._trouble:
            self._trouble, self._since = trouble, at
        if trouble is None:
            return Health(trouble=None)
        lasted = at - self._since
        wait = 0.0 if trouble is Trouble.FROZEN else self.limits.blind_after_s
        is_blind = trouble is not Trouble.LIGHT and lasted >= wait
        return Health(trouble=trouble, since=self._since, is_blind=is_blind)


def shift_of(usual: NDArray[np.float32], small: Picture) -> tuple[float, float] | None:
    """Return by which share of its width a picture has moved, or None when no shift explains it."""
    fresh = small.astype(np.float32)
    # OpenCV 5 multiplies its inputs by the window in place: hand it copies.
    window = _window(small.shape[1], small.shape[0])
    (dx, dy), response = cv2.phaseCorrelate(usual.copy(), fresh.copy(), window)
    if response < MIN_RESPONSE:
        return None
    length = float(np.hypot(dx, dy))
    if length < MIN_SHIFT:
        return (0.0, 0.0)
    step = np.array([[1, 0, dx], [0, 1, dy]], np.float32)
    moved = cv2.warpAffine(usual, step, (small.shape[1], small.shape[0]))
    inner = (slice(abs(int(dy)) + 2, -abs(int(dy)) - 2), slice(abs(int(dx)) + 2, -abs(int(dx)) - 2))
    left_over = 1 - likeness(moved[inner], fresh[inner])
    share = MOVED_REST if length > CLEAR_SHIFT else SLIGHT_REST
    if left_over >= share * (1 - likeness(usual[inner], fresh[inner])):
        return None if length > CLEAR_SHIFT else (0.0, 0.0)
    return (dx / small.shape[1], dy / small.shape[1])


def _breadth(steps: NDArray[np.float64]) -> float:
    return percentile(steps, 90) - percentile(steps, 10)


@cache
def _window(width: int, height: int) -> NDArray[np.float32]:
    return np.asarray(cv2.createHanningWindow((width, height), cv2.CV_32F), np.float32)


def likeness(one: NDArray[Any], other: NDArray[Any]) -> float:
    return 0.0 if one.size < 100 else correlation(one, other) or 0.0


def shrunk(luma: Picture) -> Picture:
    """Return the small grey picture by which the scene as a whole is judged."""
    height, width = luma.shape[:2]
    size = (WIDTH, max(round(height * WIDTH / width), 8))
    return cv2.resize(luma, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
