"""Lettering that is no plate: shop signs, street names, house numbers, notices, telephone numbers."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from tools.training.plates.glyphs import LINE, Atlas
from tools.training.plates.kinds import COLOURS, Colour

Array = NDArray[Any]
GROUNDS = (  # ground and ink
    ("red", "white"),
    ("red", "yellow"),
    ("blue", "white"),
    ("blue", "white"),
    ("green", "white"),
    ("white", "black"),
    ("white", "red"),
    ("white", "blue"),
    ("yellow", "black"),
    ("yellow", "black"),
    ("black", "white"),
    ("black", "yellow"),
)
BARE = 0.3  # share of lettering that stands on whatever is behind


def lettered(atlas: Atlas, rng: Generator) -> tuple[Array, Array]:
    """Return a sign (high × wide × 3, BGR) and where it covers what is behind (0 to 255)."""
    ground, ink = (COLOURS[name] for name in GROUNDS[int(rng.integers(len(GROUNDS)))])
    rows = [
        atlas.lines[int(rng.integers(len(atlas.lines)))] for _ in range(rng.choice((1, 1, 2, 3)))
    ]
    gap, edge = int(rng.integers(2, 24)), int(rng.integers(4, 40))
    wide = max(row.shape[1] for row in rows) + 2 * edge
    high = len(rows) * LINE + (len(rows) - 1) * gap + 2 * int(rng.integers(3, 24))
    mask = np.zeros((high, wide), np.uint8)
    top = (high - len(rows) * LINE - (len(rows) - 1) * gap) // 2
    for row in rows:
        left = (wide - row.shape[1]) // 2
        mask[top : top + LINE, left : left + row.shape[1]] = row
        top += LINE + gap
    return _coloured(mask, ground, ink, rng)


def _coloured(mask: Array, ground: Colour, ink: Colour, rng: Generator) -> tuple[Array, Array]:
    back, front = (
        np.clip(np.array(colour) + rng.normal(0, 25, 3), 0, 255) for colour in (ground, ink)
    )
    share = mask[..., None] / 255.0
    image = (back * (1 - share) + front * share).astype(np.uint8)
    if rng.random() < BARE:
        return image, mask
    if rng.random() < 0.5:
        high, wide = mask.shape
        colour = tuple(int(v) for v in (front if rng.random() < 0.6 else back * 0.5))
        cv2.rectangle(image, (2, 2), (wide - 3, high - 3), colour, int(rng.integers(1, 5)))
    return image, np.full(mask.shape, 255, np.uint8)
