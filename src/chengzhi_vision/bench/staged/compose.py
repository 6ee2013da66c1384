"""Put cut-outs into a frame: size by the ground, matched light, contact shadow, right order."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from chengzhi_vision.bench.cutouts.types import Cutout, Sprite
from chengzhi_vision.bench.staged.background import Backdrop
from chengzhi_vision.bench.staged.ground import Ground
from chengzhi_vision.scene.light import lit
from chengzhi_vision.types import Box, Picture

SHADOW = 0.45
EDGE_BLUR = 0.55


@dataclass(frozen=True, kw_only=True)
class Key:
    """Where a foot is at a time; between two keys it moves evenly."""

    t: float
    x: float
    y: float


@dataclass
class Actor:
    """One cut-out on its way through the scene."""

    cutout: Cutout
    height_m: float
    keys: tuple[Key, ...]
    flip: bool = False
    sway: float = 0.0
    has_shadow: bool = True
    gain: float = 1.0
    stretch: float = 1.0
    lift: float = 0.0
    _made: dict[tuple[int, int], Sprite] = field(default_factory=dict)

    def foot(self, t: float) -> Key | None:
        """Return where the foot is, or None while the thing is not in the scene."""
        if not self.keys[0].t <= t <= self.keys[-1].t:
            return None
        for one, other in zip(self.keys, self.keys[1:], strict=False):
            if one.t <= t <= other.t:
                part = (t - one.t) / (other.t - one.t) if other.t > one.t else 0.0
                x, y = one.x + (other.x - one.x) * part, one.y + (other.y - one.y) * part
                return Key(t=t, x=x + self._sway(t), y=y)
        return self.keys[-1]

    def is_moving(self, t: float) -> bool:
        now, soon = self.foot(t), self.foot(t + 0.2)
        return (
            now is not None and soon is not None and math.hypot(now.x - soon.x, now.y - soon.y) > 1
        )

    def _sway(self, t: float) -> float:
        return self.sway * (math.sin(t * 0.9) + 0.6 * math.sin(t * 0.37 + 1)) if self.sway else 0.0

    def box(self, t: float, *, ground: Ground, size: tuple[int, int]) -> Box | None:
        """Return the box of the thing in the frame, clipped to it."""
        foot = self.foot(t)
        if foot is None:
            return None
        w, h = self.extent(foot.y, ground=ground, height=size[1])
        left, top = foot.x - w / 2, foot.y - h - self.lift * h
        right, bottom = min(left + w, size[0]), min(top + h, size[1])
        left, top = max(left, 0.0), max(top, 0.0)
        if right - left < 2 or bottom - top < 2:
            return None
        return Box(x=left, y=top, w=right - left, h=bottom - top)

    def extent(self, y: float, *, ground: Ground, height: int) -> tuple[float, float]:
        """Return width and height in pixels with the foot at `y`."""
        tall = self.height_m * ground.px_per_m(y, height=height)
        rows, columns = self.cutout.picture.shape[:2]
        return tall * columns / rows * self.stretch, tall

    def sprite(self, t: float, *, width: int, height: int) -> Sprite:
        """Return the picture of this moment in the wanted size."""
        count = len(self.cutout.pictures)
        index = 0
        if count > 1 and self.is_moving(t):
            step = int((t - self.keys[0].t) * self.cutout.fps)
            index = _there_and_back(step, count)
        if (index, height) not in self._made:
            if len(self._made) > 48:
                self._made.clear()
            self._made[index, height] = self._make(index, width, height)
        return self._made[index, height]

    def _make(self, index: int, width: int, height: int) -> Sprite:
        picture = self.cutout.pictures[index]
        rows, columns = picture.shape[:2]
        if len(self.cutout.pictures) > 1:
            width = max(round(height * columns / rows), 2)
        way = cv2.INTER_AREA if height < rows else cv2.INTER_LINEAR
        sized = cv2.resize(picture, (max(width, 2), max(height, 2)), interpolation=way)
        color = cv2.GaussianBlur(sized[:, :, :3], (0, 0), EDGE_BLUR) * self.gain
        made = np.dstack([np.clip(color, 0, 255), sized[:, :, 3]]).astype(np.uint8)
        return made[:, ::-1] if self.flip else made


def _there_and_back(step: int, count: int) -> int:
    place = step % (2 * count - 2)
    return place if place < count else 2 * count - 2 - place


def matched_gain(cutout: Cutout, plate: Picture, box: Box) -> float:
    """Return how much lighter or darker a cut-out must be to belong into its surroundings."""
    sprite = cutout.picture
    solid = sprite[:, :, 3] > 128
    own = float(sprite[:, :, :3][solid].mean()) if solid.any() else 128.0
    rows = slice(max(int(box.y), 0), max(int(box.bottom), 1))
    columns = slice(max(int(box.x), 0), max(int(box.right), 1))
    around = plate[rows, columns]
    there = float(around.mean()) if around.size else float(plate.mean())
    return float(np.clip((there / max(own, 20.0)) ** 0.35, 0.7, 1.35))


def compose(
    picture: Picture, actors: Sequence[Actor], t: float, *, backdrop: Backdrop, ground: Ground
) -> Picture:
    """Return the frame with all actors of this moment, the farthest first, in its own light."""
    standing = [(foot, actor) for actor in actors if (foot := actor.foot(t)) is not None]
    if not standing:
        return picture
    out = picture.copy()
    light = backdrop.light(picture)
    blobs = _blobs(backdrop.movers(picture, light))
    for foot, actor in sorted(standing, key=lambda pair: pair[0].y):
        w, h = actor.extent(foot.y, ground=ground, height=picture.shape[0])
        sprite = _lit(actor.sprite(t, width=round(w), height=round(h)), light)
        if actor.has_shadow:
            _shade(out, foot, w, h)
        top = round(foot.y - actor.lift * h - sprite.shape[0])
        _paste(out, sprite, round(foot.x - sprite.shape[1] / 2), top, blobs, y=foot.y)
    return out


def _lit(sprite: Sprite, light: float) -> Sprite:
    if light == 1.0:
        return sprite
    return np.dstack([lit(sprite[:, :, :3], light), sprite[:, :, 3]]).astype(np.uint8)


Blobs = tuple[NDArray[np.int32], NDArray[Any]]


def _blobs(mask: NDArray[np.uint8]) -> Blobs:
    """Return what moves in the background, labelled at half size, and where each blob ends."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask)
    lower = 2 * (stats[:, cv2.CC_STAT_TOP] + stats[:, cv2.CC_STAT_HEIGHT])
    lower[stats[:, cv2.CC_STAT_AREA] < 15] = 0
    lower[0] = 0
    return labels.astype(np.int32), lower


def _paste(out: Picture, sprite: Sprite, left: int, top: int, blobs: Blobs, *, y: float) -> None:
    """Blend a sprite in; what moves in front of it in the real clip stays in front."""
    height, width = out.shape[:2]
    x0, y0 = max(left, 0), max(top, 0)
    x1, y1 = min(left + sprite.shape[1], width), min(top + sprite.shape[0], height)
    if x1 <= x0 or y1 <= y0:
        return
    part = sprite[y0 - top : y1 - top, x0 - left : x1 - left]
    where = (slice(y0, y1), slice(x0, x1))
    alpha = part[:, :, 3:].astype(np.float32) / 255
    labels, lower = blobs
    small = (slice(y0 // 2, (y1 + 1) // 2), slice(x0 // 2, (x1 + 1) // 2))
    in_front = lower[labels[small]] > y + 2
    if in_front.any():
        veil = cv2.resize(in_front.astype(np.float32), (x1 - x0, y1 - y0))
        alpha = alpha * (1 - veil[:, :, None])
    base = out[where].astype(np.float32)
    out[where] = (base + (part[:, :, :3] - base) * alpha).astype(np.uint8)


def _shade(out: Picture, foot: Key, w: float, h: float) -> None:
    """Darken the ground where the thing touches it."""
    rx, ry = max(w * 0.52, 2.0), max(min(w * 0.09, h * 0.16), 1.5)
    x0, x1 = int(foot.x - rx * 1.2), int(foot.x + rx * 1.2) + 1
    y0, y1 = int(foot.y - ry * 1.6), int(foot.y + ry * 1.4) + 1
    x0, y0 = max(x0, 0), max(y0, 0)
    x1, y1 = min(x1, out.shape[1]), min(y1, out.shape[0])
    if x1 <= x0 or y1 <= y0:
        return
    ys, xs = np.mgrid[y0:y1, x0:x1].astype(np.float32)
    away = ((xs - foot.x) / rx) ** 2 + ((ys - foot.y) / ry) ** 2
    dark = 1 - SHADOW * np.exp(-1.4 * away)[:, :, None]
    out[y0:y1, x0:x1] = (out[y0:y1, x0:x1] * dark).astype(np.uint8)
