"""What is seen at a place: the thing, the ground as it was before, or something in front.

Only the pixels in which the thing differs from the ground can tell, and each is asked which of
the two it is nearer to. What lies around the thing tells in which light the picture is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any, TypeGuard

import cv2
import numpy as np
from numpy.typing import NDArray

from chengzhi_vision.dwell.look import Look, look_at
from chengzhi_vision.geometry import grown
from chengzhi_vision.scene.order import correlation, median, share_of
from chengzhi_vision.types import Box, Picture

AROUND = 1.25  # of the box: the ground beside the thing belongs to the look
APART = 14.0  # grey levels in which a pixel of the thing differs from the ground
FEW = 120  # pixels of a look that must tell
NEARER = 0.5  # of the way from the one to the other
MOST, HARDLY = 0.6, 0.2  # of the telling pixels
HALF, MOSTLY, SURELY = 0.5, 0.65, 0.8
ITS_PATTERN, ANOTHER = 0.85, 0.5  # correlation in the telling pixels, with the one and the other
MIN_GAIN, MAX_GAIN = 0.5, 2.0
MOST_HIDDEN_S = 4.0  # unseen for longer than that, it must have been seen surely before
STIRRED = 12.0  # grey levels on average
TWICE = 2  # looks at the bare ground, one after the other
BLOCKS, TELLING = 4, 12  # a look is cut into so many by so many; pixels of one that must tell
HIDDEN = 0.25  # of the telling pixels: neither the thing nor the ground
CLEARLY, PARTS = 0.8, 2  # of a block's pixels, and how many blocks must show the thing


EVERY_BLOCK = frozenset(range(BLOCKS**2))


class Says(StrEnum):
    """What one look at a place shows."""

    THING = "thing"
    GROUND = "ground"
    OTHER = "other"


@dataclass(frozen=True, eq=False)
class Witness:
    """How a place looks with the thing and without it; both in the same light."""

    thing: Look
    ground: Look

    @cached_property
    def _way(self) -> NDArray[Any]:
        """The way from the ground to the thing, in grey levels."""
        return np.asarray(_level(self.thing) - _level(self.ground))

    @cached_property
    def _tells(self) -> NDArray[np.bool_]:
        return np.asarray(np.abs(self._way) >= APART)

    @cached_property
    def _light(self) -> float | None:
        """How bright the ground beside the thing is."""
        beside = _level(self.ground)[~self._tells]
        return median(beside) if beside.size >= FEW else None

    @cached_property
    def _from(self) -> NDArray[Any]:
        return np.asarray(_level(self.ground)[self._tells])

    @property
    def is_able(self) -> bool:
        """Tell whether the thing differs from the ground in enough pixels."""
        return int(np.count_nonzero(self._tells)) >= FEW

    def says(self, look: Look) -> Says:
        """Return what a look shows."""
        return self.weigh(look)[0]

    def weigh(self, look: Look) -> tuple[Says, float]:
        """Return what a look shows, and in which share of the telling pixels it is the thing."""
        level = _level(look)
        gone = self._gone(self._lit(level))
        is_thing = share_of(np.abs(gone - 1) < NEARER)
        is_ground = share_of(np.abs(gone) < NEARER)
        if is_ground >= MOST and is_thing <= HARDLY:
            return (Says.OTHER if self._has_its_pattern(level) else Says.GROUND), is_thing
        is_clear = is_thing >= HALF and is_thing >= 2 * is_ground
        return (Says.THING if is_clear else Says.OTHER), is_thing

    def _has_its_pattern(self, seen: NDArray[Any]) -> bool:
        """Tell whether a look has the thing's own pattern: then it stands there, in a shadow."""
        pattern, thing = seen[self._tells], self._from + self._way[self._tells]
        along, ground = correlation(pattern, thing), correlation(pattern, self._from)
        return along is not None and along >= ITS_PATTERN and (ground is None or ground <= ANOTHER)

    def parts(self, look: Look) -> frozenset[int]:
        """Return the blocks of a look that clearly show the thing, where something hides others."""
        gone = self._gone(_level(look))
        is_thing = np.abs(gone - 1) < NEARER
        if share_of(is_thing | (np.abs(gone) < NEARER)) > 1 - HIDDEN:
            return frozenset()
        told = np.bincount(self._block, minlength=BLOCKS**2)
        shares = np.bincount(self._block, weights=is_thing, minlength=BLOCKS**2)
        clear = (told >= TELLING) & (shares >= CLEARLY * told)
        return frozenset(np.flatnonzero(clear).tolist())

    @cached_property
    def _block(self) -> NDArray[np.intp]:
        """The block in which each telling pixel lies."""
        rows, columns = np.nonzero(self._tells)
        height, width = self._tells.shape
        return np.asarray(rows * BLOCKS // height * BLOCKS + columns * BLOCKS // width)

    def _lit(self, seen: NDArray[Any]) -> NDArray[Any]:
        """Return a look in the light of the ground beside the thing."""
        if self._light is None:
            return seen
        gain = self._light / max(median(seen[~self._tells]), 1.0)
        return seen * min(max(gain, MIN_GAIN), MAX_GAIN)

    def _gone(self, seen: NDArray[Any]) -> NDArray[Any]:
        """Return how far each telling pixel has gone from the ground (0) to the thing (1)."""
        return np.asarray((seen[self._tells] - self._from) / self._way[self._tells])


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """Since when a thing has been seen; `is_seen`: the bare ground was seen before."""

    at: float
    is_seen: bool


def witness_of(small: Picture, ground: Picture | None, box: Box, *, scale: float) -> Witness | None:
    """Return who can tell a thing from the ground, or None where the two are alike."""
    if ground is None or ground.shape != small.shape:
        return None
    one, other = (look_around(picture, box, scale=scale) for picture in (small, ground))
    if one is None or other is None:
        return None
    witness = Witness(one, other)
    return witness if witness.is_able else None


def look_around(small: Picture, box: Box, *, scale: float) -> Look | None:
    """Return the look of a place with what lies around it."""
    return look_at(small, grown(box, factor=AROUND), scale=scale)


def came_at(
    witness: Witness, past: Iterable[tuple[float, Picture]], box: Box, *, scale: float, now: float
) -> Arrival:
    """Return since when the thing has stood there, by the pictures of the last seconds.

    Between then and now somebody may have hidden it; the bare ground was not seen again. The
    clock begins with the first picture that shows most of it: what is being wheeled or carried to
    where it will stand does not stand there yet. Beside what has stopped in front and stirs no
    more, the same parts of it must show all the while.
    """
    first, sure, bare, parts = now, now, 0, EVERY_BLOCK
    later: Look | None = None
    for at, picture in past:
        look = look_around(picture, box, scale=scale)
        says, share = (Says.OTHER, 0.0) if look is None else witness.weigh(look)
        bare = bare + 1 if says is Says.GROUND else 0
        if bare >= TWICE:
            return Arrival(at=sure, is_seen=first < now)
        if says is Says.THING and (share >= SURELY or first - at <= MOST_HIDDEN_S):
            first = at
            sure = at if share >= MOSTLY else sure
        elif says is Says.OTHER and first - at <= MOST_HIDDEN_S and _are_alike(look, later):
            shown = parts & witness.parts(look)
            if len(shown) >= PARTS:
                first, sure, parts = at, at, shown
        later = look
    return Arrival(at=sure, is_seen=False)


def _are_alike(one: Look | None, other: Look | None) -> TypeGuard[Look]:
    """Tell whether nothing stirred between two pictures."""
    if one is None or other is None:
        return False
    return float(cv2.absdiff(one, other).mean()) < STIRRED


def _level(look: Look) -> NDArray[Any]:
    return np.asarray(cv2.blur(look.astype(np.float32), (3, 3)))
