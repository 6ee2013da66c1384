"""How a place looks: a small grey crop, compared by correlation.

Correlation ignores overall brightness, so a passing cloud does not end a stay. The idea of
checking the anchor crop before believing that a still thing moved follows Frigate's practice.
"""

from __future__ import annotations

import base64

import cv2
import numpy as np
from numpy.typing import NDArray

from chengzhi_vision.geometry import clip, scaled
from chengzhi_vision.scene.order import spread
from chengzhi_vision.types import Box, Picture

SIDE = 48
FLAT = 4.0  # spread of grey values below which a crop says nothing
PATTERN, SAME_GROUND = 8.0, 0.5
Look = NDArray[np.uint8]


def look_at(luma: Picture, box: Box, *, scale: float = 1.0) -> Look | None:
    """Return the look of a place, or None when too little of it is in the picture.

    `scale` turns the pixels of the box into pixels of `luma`.
    """
    height, width = luma.shape[:2]
    part = clip(scaled(box, scale), width=width, height=height)
    if part.w < 4 or part.h < 4:
        return None
    left, top = int(part.x), int(part.y)
    crop = luma[top : top + max(int(part.h), 4), left : left + max(int(part.w), 4)]
    return cv2.resize(crop, (SIDE, SIDE), interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)


def similarity(one: Look, other: Look) -> float:
    """Return the best correlation of two looks within a small shift, -1 to 1."""
    if spread(one) < FLAT and spread(other) < FLAT:
        return 1.0 if abs(float(one.mean()) - float(other.mean())) < 3 * FLAT else 0.0
    inner = one[3:-3, 3:-3]
    scores = cv2.matchTemplate(other, inner, cv2.TM_CCOEFF_NORMED)
    best = float(scores.max())
    return best if np.isfinite(best) else 0.0


def is_ground(before: Look, look: Look) -> bool:
    """Tell whether a look shows the ground as it was before: its pattern, where it has one."""
    has_pattern = spread(before) >= PATTERN
    return not has_pattern or similarity(before, look) >= SAME_GROUND


def blended(anchor: Look, fresh: Look, *, weight: float) -> Look:
    """Return the anchor led slowly toward the fresh look (daylight moves on)."""
    mixed = anchor.astype(np.float32) * (1 - weight) + fresh.astype(np.float32) * weight
    return np.clip(np.rint(mixed), 0, 255).astype(np.uint8)


def packed(look: Look) -> str:
    return base64.b64encode(look.tobytes()).decode("ascii")


def unpacked(text: str) -> Look:
    return np.frombuffer(base64.b64decode(text), np.uint8).reshape(SIDE, SIDE)
