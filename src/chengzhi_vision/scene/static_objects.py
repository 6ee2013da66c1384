"""What came into the picture and stays still, whatever it is (class-agnostic).

A slow KNN background tells what is new, and so does the color of the ground; what is still is
timed pixel by pixel and withheld from the background model, so that goods do not melt into the
pavement. The picture is brought to the light of the background first, and thresholds follow the
noise.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from chengzhi_vision.geometry import clip, scaled
from chengzhi_vision.scene.blobs import CLOSE, KERNEL, Blob, blobs_of, filled, is_only_light
from chengzhi_vision.scene.coloring import GroundColor, replaced
from chengzhi_vision.scene.contour import is_laid_bare
from chengzhi_vision.scene.doubts import Doubts, Named, is_named
from chengzhi_vision.scene.light import Light, Tint, is_light, readable, relit
from chengzhi_vision.scene.memory import GroundMemory
from chengzhi_vision.scene.order import share_of
from chengzhi_vision.scene.resting import LAGS, NOISES, Resting
from chengzhi_vision.thresholds import StaticLimits
from chengzhi_vision.types import Box, Detection, Picture

Mask = NDArray[np.bool_]
Colors = Callable[[tuple[int, int]], Picture]
DIFFERENT = 17.0  # grey levels a new pixel differs from all the background has been
HISTORY = 400
SEED = 1
SLOW_S = 60.0
LEARN_FAST, LEARN_HEAL, SEEDED, HEALED = 0.1, 0.2, 10, 6
WARM_FRAMES = 8
STANDS_S = 1.0  # still for so long, a pixel belongs to a thing that stands
SEEN = 0.5  # of a blob at rest
STILL_NEW = 0.3  # of a blob: less differs from the ground when the thing has gone
COLORED = 0.3  # of a blob in another color than the ground: no light does that


@dataclass(frozen=True, kw_only=True)
class StaticView:
    """The still things of one frame, and how much of the picture is new at once."""

    objects: tuple[Detection, ...]
    rest_since: tuple[float, ...]
    new_share: float
    began: float = -math.inf  # since when this generator watches, without a break
    new: Mask | None = field(default=None, compare=False, repr=False)
    scale: float = 1.0  # from pixels of the picture to those of `new`

    def new_in(self, box: Box) -> float | None:
        """Return which share of a box differs from the empty ground; None while nobody knows."""
        if self.new is None:
            return None
        height, width = self.new.shape
        part = clip(scaled(box, self.scale), width=width, height=height)
        left, top = int(part.x), int(part.y)
        inside = self.new[
            top : max(int(part.bottom), top + 1), left : max(int(part.right), left + 1)
        ]
        return share_of(inside) if inside.size else None


class StaticObjects:
    """The class-agnostic generator of one camera."""

    def __init__(self, limits: StaticLimits, *, hold_s: float) -> None:
        self.limits, self.hold_s = limits, hold_s
        self.shrink = 1.0
        self.small: Picture | None = None  # the last picture, in the light of the ground
        self.reset()

    def reset(self) -> None:
        """Learn the background anew (start, light step, view moved)."""
        cv2.setRNGSeed(SEED)  # the model samples at random; the same clip gives the same findings
        self._model: Any = cv2.createBackgroundSubtractorKNN(HISTORY, DIFFERENT**2, False)
        self._light = Light()
        self._ground: Picture | None = None
        self._empty: Picture | None = None  # each place as it looked when last seen empty
        self._resting: Resting | None = None
        self._born = self._warm_at = 0.0
        self._last = 0.0
        self._unseen = 0.0  # seconds since whose pictures said nothing
        self._frames = 0
        self._color = GroundColor()
        self._shown: Tint | None = None
        self._memory = GroundMemory()
        self._doubts = Doubts()

    def update(
        self,
        luma: Picture,
        *,
        at: float,
        scale: float,
        ground: Picture | None = None,
        ground_color: Picture | None = None,
        shift: tuple[float, float] = (0.0, 0.0),
        colors: Colors | None = None,
        named: Sequence[Named] | None = None,
    ) -> StaticView:
        """Take in one frame; `scale` turns picture pixels into pixels of `luma`.

        `ground` is the empty picture of a former run, if it is known, and `ground_color` the same
        in color: what differs from it at the start is new. `shift` is how far the picture has
        moved, in shares of its width.
        `colors` makes the frame in color at a size: it tells light from things, and finds things
        as bright as the ground. `named` is what detectors saw last, None where none looks.
        """
        small, shrink = _shrunk(luma, self.limits)
        self.shrink = shrink
        small = steadied(small, shift)
        self._shown = color = _tint(small, shift, colors)
        if self._resting is None or self._resting.shape != small.shape:
            self._begin(small, at, ground, ground_color)
        elapsed, self._last = max(at - self._last, 0.0), at
        is_readable = readable(small)
        levelled = self._light.level(small, self._ground, at=at)
        if self.is_glare:
            self._shown, self._unseen = None, self._unseen + elapsed
            return StaticView(objects=(), rest_since=(), new_share=0.0)
        self.small = small = levelled
        new = self._new(small, elapsed, at) & is_readable
        other = new  # than the ground, if only in light
        new = other & np.logical_not(self._is_light(small, color, other))
        new_share = 1.0 if self._light.has_jumped else share_of(new)
        self._frames += 1
        view = StaticView(objects=(), rest_since=(), new_share=0.0)
        assert self._resting is not None
        if self._is_warming(at):
            self._color.begin(color, ~new & (self._resting.still <= 0))
            self._resting.note(small, at)
        else:
            rest = self._resting.at_rest(small, at, noise=self._light.noise)
            new |= self._color.new(small, color, at=at) & is_readable
            new |= other & rest & filled(new & rest & (self._resting.still > STANDS_S))
            calm = rest & ~new & (self._resting.still <= 0)
            self._color.learn(color, calm, elapsed=elapsed)
            self._note_empty(small, calm)
            self._resting.count(small, new, rest, at=at, elapsed=elapsed, unseen=self._unseen)
            view = StaticView(
                objects=(), rest_since=(), new_share=new_share, new=new, scale=scale * shrink
            )
            view = self._blobs(view, rest, named, elapsed, at)
        self._unseen = 0.0
        self._shown = None  # it holds the frame
        return view

    @property
    def is_glare(self) -> bool:
        """Tell whether the last picture says nothing: the camera exposes for what passes."""
        return self._light.is_glare

    @property
    def jumped_at(self) -> float | None:
        """Return when the light became another, until it is learned anew."""
        return self._light.jumped_at

    def sized(self, luma: Picture) -> Picture:
        """Return the picture as this generator sees it."""
        return _shrunk(luma, self.limits)[0]

    def _is_light(self, small: Picture, color: Tint, new: Mask) -> Mask | bool:
        known = self._color.known
        if self._ground is None or known is None or not new.any():
            return False
        return is_light(small, self._ground, color, known, noise=self._light.noise, where=new)

    def _is_warming(self, at: float) -> bool:
        return at < self._warm_at or self._frames < WARM_FRAMES

    def moved_by(self, shift: tuple[float, float]) -> None:
        """Go on in a picture whose content lies elsewhere for good."""
        resting, ground = self._resting, self._ground
        if resting is None or ground is None:
            return
        move = partial(steadied, shift=shift, back=True)
        born, last, light, empty = self._born, self._last, self._light, self._empty
        warm_at = self._warm_at
        self.reset()
        self._light, self._resting = light, resting.moved(move)
        self._empty = None if empty is None else move(empty)
        self._seed(move(ground))
        self._born, self._last, self._frames, self._warm_at = born, last, WARM_FRAMES, warm_at

    @property
    def ground(self) -> Picture | None:
        """Return the background as it is known now."""
        return self._ground

    @property
    def ground_color(self) -> Picture | None:
        """Return the background in color."""
        return None if self._color.known is None else self._color.known.picture

    def is_in_doubt(self, at: float) -> bool:
        """Tell whether something seems to have left just now, unless a detector names it."""
        return self._doubts.are_open(at)

    @property
    def calm(self) -> Mask | None:
        """Return where nothing new stands."""
        return None if self._resting is None else np.asarray(self._resting.still <= 0)

    def _begin(
        self, small: Picture, at: float, ground: Picture | None, color: Picture | None
    ) -> None:
        self.reset()
        self._resting = Resting(small.shape)
        self._born = self._last = self._warm_at = at
        if ground is not None and ground.shape == small.shape:
            self._seed(relit(ground, small))
            self._frames = WARM_FRAMES
            self._color = GroundColor(color)
        else:
            self._seed(small)
            self._warm_at = at + self.limits.warm_s

    def _seed(self, ground: Picture) -> None:
        for _ in range(SEEDED):
            self._model.apply(ground, learningRate=LEARN_HEAL)
        self._ground = ground

    def _new(self, small: Picture, elapsed: float, at: float) -> Mask:
        assert self._resting is not None
        rate = LEARN_FAST if self._is_warming(at) else min(elapsed / SLOW_S, LEARN_FAST)
        different = max(DIFFERENT, NOISES * self._light.noise)
        self._model.setDist2Threshold(different**2)
        kept = self._resting.kept(self.hold_s)
        if not kept.any() or self._ground is None:
            new = np.asarray(self._model.apply(small, learningRate=rate) > 0)
            self._read_ground(small)
            return new
        ground = self._ground
        wide = np.asarray(cv2.dilate(filled(kept).view(np.uint8), KERNEL) > 0)
        shown = replaced(small, by=ground, where=wide)
        new = np.asarray(self._model.apply(shown, learningRate=rate) > 0)
        new = np.where(wide, self._is_other(small, int(different)), new)
        self._read_ground(small)
        return new

    def _is_other(self, small: Picture, different: int) -> Mask:
        """Return what differs from the background picture and from how a place was last seen empty.

        The model knows several looks of a place and gives one for the background: that of a car
        which passed at the start as well as the road it passed over.
        """
        assert self._ground is not None
        other = cv2.absdiff(small, self._ground) > different
        if self._empty is not None:
            other &= cv2.absdiff(small, self._empty) > different
        return np.asarray(other)

    def _note_empty(self, small: Picture, calm: Mask) -> None:
        known = self._ground if self._empty is None else self._empty
        if known is not None:
            self._empty = replaced(known, by=small, where=calm)

    def _read_ground(self, small: Picture) -> None:
        """Keep the background picture; where the model has none it is black, and the last stays."""
        fresh = self._model.getBackgroundImage()
        if cv2.countNonZero(fresh) < fresh.size:
            known = small if self._ground is None else self._ground
            fresh = replaced(fresh, by=known, where=fresh == 0)
        self._ground = fresh

    def _blobs(
        self,
        view: StaticView,
        rest: Mask,
        named: Sequence[Named] | None,
        step: float,
        at: float,
    ) -> StaticView:
        assert self._resting is not None and self.small is not None and view.new is not None
        small = self.small
        calm = (self._resting.still >= self.limits.stable_s).astype(np.uint8)
        ground = small if self._ground is None else self._ground
        objects, since, bare = [], [], np.zeros(small.shape, bool)
        for blob in blobs_of(_closed(calm)):
            if not self._is_sized(blob, small.shape):
                continue
            if blob.share_in(view.new) < STILL_NEW:
                continue  # the ground is seen again
            is_seen = blob.share_in(rest) >= SEEN  # nobody passes in front
            if is_seen and self._is_ground(blob, small, ground):
                bare[blob.part] |= blob.mask
                continue
            rested = self._resting.rested(blob.mask, blob.part, at=at)
            came, box = at - rested - LAGS[-1] + step, blob.box(view.scale)
            is_doubtful = is_seen and not is_named(box, named or (), since=came)
            if is_doubtful and self._has_left(blob, small):
                if named is None or self._doubts.is_settled(box, at=at):
                    bare[blob.part] |= blob.mask
                continue
            if not blob.is_inside(small.shape):
                continue  # nobody knows how large it is
            objects.append(blob.as_detection(contrast=self._contrast(blob), factor=view.scale))
            since.append(came)
        if bare.any():
            self._heal(bare)
        self._memory.note(ground, at=at)
        return replace(view, objects=tuple(objects), rest_since=tuple(since), began=self._born)

    def _contrast(self, blob: Blob) -> float:
        """Return how far a blob stands out from the ground, in grey or in color."""
        assert self.small is not None and self._ground is not None
        grey = blob.contrast(self.small, self._ground)
        return max(grey, self._color.contrast_in(blob.mask, blob.part))

    def _is_ground(self, blob: Blob, small: Picture, ground: Picture) -> bool:
        """Tell whether the ground itself is seen: in another light, or as it was some time ago."""
        part, mask = blob.part, blob.mask
        here, there = small[part], ground[part]
        if self._color.share_in(mask, part) >= COLORED:
            return False
        return is_only_light(here, there, mask) or self._memory.knows(here, there, mask, part=part)

    def _has_left(self, blob: Blob, small: Picture) -> bool:
        """Tell whether something left here: then the old background has the thing, not we."""
        assert self._ground is not None
        before, now = (self._ground, self._color.known), (small, self._shown)
        return is_laid_bare(blob, before=before, now=now, ratio=self.limits.removed_ratio)

    def _is_sized(self, blob: Blob, shape: tuple[int, ...]) -> bool:
        share = blob.area / (shape[0] * shape[1])
        return self.limits.min_area_share <= share <= self.limits.max_area_share

    def _heal(self, blob: Mask) -> None:
        assert self._resting is not None and self._ground is not None and self.small is not None
        wide = cv2.dilate(blob.astype(np.uint8), CLOSE) > 0
        self._resting.clear(wide)
        shown = replaced(self._ground, by=self.small, where=wide)
        for _ in range(HEALED):
            self._model.apply(shown, learningRate=LEARN_HEAL)
        self._ground = shown
        self._note_empty(self.small, wide)
        if self._shown is not None:
            self._color.heal(wide, self._shown)


def _tint(small: Picture, shift: tuple[float, float], colors: Colors | None) -> Tint:
    """Return the frame in color at the size of the small picture, made when it is asked for."""
    if colors is None:
        return Tint(lambda: np.repeat(small[:, :, None], 3, axis=2))
    size = (small.shape[1], small.shape[0])
    return Tint(lambda: steadied(colors(size), shift).astype(np.uint8, copy=False))


def _closed(calm: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the mask without specks and small holes."""
    if cv2.countNonZero(calm) == 0:
        return calm
    opened = cv2.morphologyEx(calm, cv2.MORPH_OPEN, KERNEL)
    return np.asarray(cv2.morphologyEx(opened, cv2.MORPH_CLOSE, CLOSE), np.uint8)


def _shrunk(luma: Picture, limits: StaticLimits) -> tuple[Picture, float]:
    height, width = luma.shape[:2]
    shrink = min(limits.width / width, 1.0)
    size = (max(round(width * shrink), 1), max(round(height * shrink), 1))
    small = cv2.resize(luma, size, interpolation=cv2.INTER_AREA) if shrink < 1 else luma
    return cv2.GaussianBlur(small, (3, 3), 0).astype(np.uint8, copy=False), shrink


def steadied(
    picture: NDArray[Any], shift: tuple[float, float], *, back: bool = False
) -> NDArray[Any]:
    """Return the picture moved back by a shift in shares of its width, or forth by it."""
    height, width = picture.shape[:2]
    sign = 1 if back else -1
    dx, dy = sign * shift[0] * width, sign * shift[1] * width
    if abs(dx) < 0.2 and abs(dy) < 0.2:
        return picture
    step = np.array([[1, 0, dx], [0, 1, dy]], np.float32)
    edge = cv2.BORDER_REPLICATE
    return np.asarray(cv2.warpAffine(picture, step, (width, height), borderMode=edge))
