"""The empty street as it is known from long calm watching, kept over restarts.

What the static generator holds for background is remembered where nothing has stood, and only
there: goods that are put out every morning never become part of it. Each pixel carries the
seconds it has been seen calm. Where that is long enough, the empty street is known, and a thing
that stands there at the next start is new.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from chengzhi_vision.scene.health import likeness
from chengzhi_vision.thresholds import GroundLimits
from chengzhi_vision.types import Picture
from chengzhi_vision.whole import write_whole

MOST_S = 65535  # what two bytes a pixel hold: eighteen hours
SAME_PLACE = 0.5  # correlation of the remembered street with what is seen now
SAME_HOUR_S = 600.0  # after a longer break the shadows lie elsewhere


@dataclass(frozen=True, kw_only=True)
class KnownGround:
    """What lay behind the things when a run ended, or the stream broke."""

    picture: Picture
    at: float
    color: Picture | None = None

    def for_start(self, small: Picture, *, at: float) -> Picture | None:
        """Return it to go on with, after a short break in the same view."""
        is_fresh = 0 <= at - self.at <= SAME_HOUR_S and self.picture.shape == small.shape
        is_same = is_fresh and likeness(self.picture, small) >= SAME_PLACE
        return self.picture if is_same else None


@dataclass
class LearnedGround:
    """The remembered picture of one camera, in grey, at the size of the static generator."""

    limits: GroundLimits
    picture: Picture | None = None
    calm_s: NDArray[np.uint16] = field(default_factory=lambda: np.zeros((0, 0), np.uint16))
    noted_at: float = float("-inf")

    def note(self, ground: Picture, calm: NDArray[np.bool_], *, at: float) -> None:
        """Take in the present background where nothing stands; seldom is enough."""
        elapsed = at - self.noted_at
        if elapsed < self.limits.every_s:
            return
        self.noted_at = at
        if self.picture is None or self.picture.shape != ground.shape:
            self.picture, self.calm_s = ground.copy(), np.zeros(ground.shape, np.uint16)
            return
        self.picture = np.where(calm, ground, self.picture).astype(np.uint8)
        gained = calm * np.uint16(round(min(elapsed, 2 * self.limits.every_s)))
        self.calm_s = cv2.add(self.calm_s, gained).astype(
            np.uint16, copy=False
        )  # no more than fits

    @property
    def is_known(self) -> bool:
        """Tell whether most of the street has been seen calm for long enough."""
        if self.picture is None:
            return False
        return float((self.calm_s >= self.limits.learn_s).mean()) >= self.limits.known_share

    def for_start(self, small: Picture) -> Picture | None:
        """Return the empty street to begin with, if it is known and is this street."""
        if not self.is_known or self.picture is None or self.picture.shape != small.shape:
            return None
        if likeness(self.picture, small) < SAME_PLACE:
            return None
        known = self.calm_s >= self.limits.learn_s
        return np.where(known, self.picture, small).astype(np.uint8)


def street_behind(
    recalled: KnownGround | None, learned: LearnedGround, small: Picture, *, at: float
) -> tuple[Picture | None, Picture | None]:
    """Return the street behind the things, in grey and in color: of a moment ago, else as it is
    known empty, of which only the grey is remembered."""
    known = None if recalled is None else recalled.for_start(small, at=at)
    if recalled is None or known is None:
        return learned.for_start(small), None
    return known, recalled.color


def save_ground(learned: LearnedGround, path: Path) -> None:
    """Write the remembered street beside the places; replaced as a whole."""
    if learned.picture is None:
        return
    held = io.BytesIO()
    np.savez_compressed(held, picture=learned.picture, minutes=learned.calm_s // 60)
    write_whole(path, held.getvalue())


def load_ground(learned: LearnedGround, path: Path) -> None:
    """Read what a former run remembered; an unreadable file counts as none."""
    try:
        with np.load(path, allow_pickle=False) as held:
            picture, minutes = held["picture"], held["minutes"]
    except (OSError, ValueError, KeyError, EOFError):
        return
    if picture.dtype == np.uint8 and picture.ndim == 2 and picture.shape == minutes.shape:
        learned.picture = picture
        learned.calm_s = np.minimum(minutes.astype(np.float32) * 60, MOST_S).astype(np.uint16)
