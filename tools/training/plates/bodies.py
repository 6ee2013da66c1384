"""The part of a vehicle around its plate: sheet metal, a recess, a grille, a bumper, lamps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from tools.training.plates.glyphs import Atlas

Array = NDArray[Any]
PAINTS = np.array(  # blue, green, red
    [
        (235, 235, 235),
        (200, 200, 200),
        (25, 25, 25),
        (90, 90, 95),
        (40, 30, 150),
        (140, 80, 30),
        (60, 110, 70),
        (60, 150, 200),
        (150, 170, 180),
    ],
    np.float32,
)
LAMPS = ((250, 250, 250), (230, 240, 240), (40, 30, 210), (30, 40, 160), (40, 150, 240))


@dataclass(frozen=True, kw_only=True, eq=False)
class Body:
    """A drawn piece of a vehicle and where on it the plate sits: left, top, width, height."""

    image: Array
    place: tuple[int, int, int, int]


def drawn_body(size: tuple[int, int], atlas: Atlas, rng: Generator) -> Body:
    """Return a body around a plate of this size (width and height in pixels)."""
    wide, high = size
    across, above, below = rng.uniform(1.6, 4.5), rng.uniform(0.8, 4.0), rng.uniform(0.4, 2.2)
    whole = (int(wide * across), int(high * (1 + above + below)))
    left, top = int((whole[0] - wide) * rng.uniform(0.35, 0.65)), int(high * above)
    image = _paint(whole, rng)
    for part, chance in PARTS:
        if rng.random() < chance:
            part(image, rng)
    if rng.random() < 0.5:
        _badge(image, atlas, rng)
    if rng.random() < 0.6:
        _recess(image, (left, top, wide, high), rng)
    return Body(image=image, place=(left, top, wide, high))


def _paint(whole: tuple[int, int], rng: Generator) -> Array:
    colour = PAINTS[int(rng.integers(len(PAINTS)))] + rng.normal(0, 15, 3)
    light = cv2.resize(rng.normal(1, 0.22, (5, 4)), whole, interpolation=cv2.INTER_CUBIC)[..., None]
    return np.asarray(np.clip(colour * light, 0, 255), np.uint8)


def _grille(image: Array, rng: Generator) -> None:
    high, wide = image.shape[:2]
    top, bottom = sorted(int(v) for v in rng.uniform(0, high, 2))
    level, step = int(rng.integers(60, 220)), max(int(rng.integers(3, 14) * high / 300), 2)
    cv2.rectangle(image, (wide // 8, top), (wide * 7 // 8, bottom), (20, 20, 20), -1)
    upright = rng.random() < 0.3
    for at in range(top, bottom, step * 2):
        cv2.line(image, (wide // 8, at), (wide * 7 // 8, at), (level,) * 3, max(step // 2, 1))
    for at in range(wide // 8, wide * 7 // 8, step * 3) if upright else ():
        cv2.line(image, (at, top), (at, bottom), (level // 2,) * 3, max(step // 2, 1))


def _bumper(image: Array, rng: Generator) -> None:
    high, wide = image.shape[:2]
    top = int(high * rng.uniform(0.3, 0.95))
    shade = rng.uniform(0.25, 0.8)
    bottom = min(top + int(high * rng.uniform(0.1, 0.4)), high)
    image[top:bottom] = (image[top:bottom] * shade).astype(np.uint8)
    cv2.line(image, (0, top), (wide, top), (15, 15, 15), max(high // 90, 1))


def _lamps(image: Array, rng: Generator) -> None:
    """Draw a lamp on each side: clear, red or amber glass over bright and dark reflectors."""
    high, wide = image.shape[:2]
    colour = LAMPS[int(rng.integers(len(LAMPS)))]
    reach = (int(wide * rng.uniform(0.06, 0.17)), int(high * rng.uniform(0.05, 0.16)))
    y, lean = int(high * rng.uniform(0.1, 0.6)), float(rng.uniform(0, 30))
    glass = _glass((2 * reach[0] + 2, 2 * reach[1] + 2), colour, rng)
    for x, turn in ((int(wide * 0.1), lean), (int(wide * 0.9), -lean)):
        mask = np.zeros(image.shape[:2], np.uint8)
        cv2.ellipse(mask, (x, y), reach, turn, 0, 360, 255, -1)
        filled = np.zeros_like(image)
        top, left = max(y - reach[1], 0), max(x - reach[0], 0)
        part = filled[top : top + glass.shape[0], left : left + glass.shape[1]]
        part[:] = glass[: part.shape[0], : part.shape[1]]
        image[mask > 0] = filled[mask > 0]
        cv2.ellipse(image, (x, y), reach, turn, 0, 360, (30, 30, 30), max(high // 150, 1))


def _glass(size: tuple[int, int], colour: tuple[int, int, int], rng: Generator) -> Array:
    """Return a texture of cells or blots, as reflectors and the ribs of the glass make."""
    across, down = int(rng.integers(3, 14)), int(rng.integers(2, 8))
    way = cv2.INTER_NEAREST if rng.random() < 0.3 else cv2.INTER_CUBIC
    light = cv2.resize(rng.uniform(0.1, 1.4, (down, across)), size, interpolation=way)[..., None]
    return np.clip(np.array(colour) * light, 0, 255).astype(np.uint8)


def _wheel(image: Array, rng: Generator) -> None:
    """Draw a wheel at the lower edge: tyre with its profile, rim with spokes."""
    high, wide = image.shape[:2]
    reach = int(high * rng.uniform(0.12, 0.3))
    center = (int(wide * rng.choice((0.08, 0.92))), int(high * rng.uniform(0.8, 1.0)))
    cv2.circle(image, center, reach, (25, 25, 25), -1)
    for turn in np.arange(0, 2 * np.pi, rng.uniform(0.12, 0.3)):
        way = np.array([np.cos(turn), np.sin(turn)])
        ends = [tuple(int(v) for v in center + way * reach * share) for share in (0.8, 1.0)]
        cv2.line(image, ends[0], ends[1], (70, 70, 70), max(reach // 25, 1))
    level = int(rng.integers(90, 220))
    for turn in np.arange(0, 2 * np.pi, 2 * np.pi / rng.integers(5, 9)):
        tip = (
            int(center[0] + np.cos(turn) * reach * 0.6),
            int(center[1] + np.sin(turn) * reach * 0.6),
        )
        cv2.line(image, center, tip, (level,) * 3, max(reach // 8, 1))
    cv2.circle(image, center, int(reach * 0.65), (level,) * 3, max(reach // 20, 1))


def _badge(image: Array, atlas: Atlas, rng: Generator) -> None:
    """Set a maker's name or other lettering on the metal, in chrome or dark."""
    high, wide = image.shape[:2]
    line = atlas.lines[int(rng.integers(len(atlas.lines)))]
    across = int(wide * rng.uniform(0.12, 0.5))
    down = max(int(across * line.shape[0] / line.shape[1]), 2)
    left, top = int(rng.uniform(0, wide - across)), int(rng.uniform(0, max(high - down, 1)))
    part = image[top : top + down, left : left + across]
    share = cv2.resize(line, part.shape[1::-1], interpolation=cv2.INTER_AREA)[..., None] / 255.0
    part[:] = (part * (1 - share) + rng.choice((30, 190, 235)) * share).astype(np.uint8)


def _seams(image: Array, rng: Generator) -> None:
    high, wide = image.shape[:2]
    for _ in range(int(rng.integers(1, 4))):
        ends = [(int(rng.uniform(0, wide)), int(rng.uniform(0, high))) for _ in range(2)]
        if rng.random() < 0.6:
            ends[1] = (ends[1][0], ends[0][1])
        level = int(rng.integers(0, 255))
        cv2.line(
            image, ends[0], ends[1], (level,) * 3, max(int(high * rng.uniform(0.004, 0.02)), 1)
        )


def _recess(image: Array, place: tuple[int, int, int, int], rng: Generator) -> None:
    left, top, wide, high = place
    room = rng.uniform(0.03, 0.35, 4) * high
    low = (max(int(left - room[0]), 0), max(int(top - room[1]), 0))
    far = (int(left + wide + room[2]), int(top + high + room[3]))
    part = image[low[1] : far[1], low[0] : far[0]]
    part[:] = (part * rng.uniform(0.2, 0.8)).astype(np.uint8)


PARTS = (
    (_grille, 0.4),
    (_bumper, 0.6),
    (_wheel, 0.3),
    (_lamps, 0.6),
    (_seams, 0.5),
)
