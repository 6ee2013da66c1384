"""Cut a thing out of a picture: GrabCut from its box, or the difference to the empty scene."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from chengzhi_vision.bench.cutouts.types import Sprite
from chengzhi_vision.types import Box, Picture

SIDE = 150  # the longest side of a cut-out: nothing in the clips is larger
MARGIN = 0.18
ROUNDS = 2
MIN_FILL, MAX_FILL = 0.3, 0.97
ONE_PIECE = 0.8
SEED = 5


def cut_by_grabcut(image: Picture, box: Box) -> Sprite | None:
    """Return the thing in a box with a soft edge, or None when no clean shape comes out."""
    crop, inner = _around(image, box)
    if crop is None or min(inner[2:]) < 16:
        return None
    cv2.setRNGSeed(SEED)
    mask = np.zeros(crop.shape[:2], np.uint8)
    models = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.grabCut(crop, mask, inner, models[0], models[1], ROUNDS, cv2.GC_INIT_WITH_RECT)
    solid = np.isin(mask, (cv2.GC_FGD, cv2.GC_PR_FGD)).astype(np.uint8)
    return _sprite(crop, solid, inner)


def cut_vehicle(image: Picture, box: Box) -> Sprite | None:
    """Return a vehicle: its middle is surely part of it and its outline has no deep bays."""
    crop, inner = _around(image, box)
    if crop is None or min(inner[2:]) < 16:
        return None
    cv2.setRNGSeed(SEED)
    mask = _vehicle_guess(crop, inner)
    models = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.grabCut(crop, mask, inner, models[0], models[1], ROUNDS, cv2.GC_INIT_WITH_MASK)
    solid = np.isin(mask, (cv2.GC_FGD, cv2.GC_PR_FGD)).astype(np.uint8)
    solid = cv2.morphologyEx(solid, cv2.MORPH_OPEN, np.ones((5, 5), np.uint8)).astype(np.uint8)
    outline, _ = cv2.findContours(solid, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    if not outline:
        return None
    hull = cv2.convexHull(max(outline, key=cv2.contourArea))
    shape = np.asarray(cv2.fillConvexPoly(np.zeros(solid.shape, np.uint8), hull, 1), np.uint8)
    x, y, w, h = (int(v) for v in cv2.boundingRect(hull))
    if w < 0.85 * inner[2] or h < 0.85 * inner[3]:
        return None
    part = (slice(y, y + h), slice(x, x + w))
    return _soft(crop[part], shape[part])


def _vehicle_guess(crop: Picture, inner: tuple[int, int, int, int]) -> NDArray[np.uint8]:
    x, y, w, h = inner
    mask = np.full(crop.shape[:2], cv2.GC_BGD, np.uint8)
    mask[y : y + h, x : x + w] = cv2.GC_PR_FGD
    middle, axes = (x + w // 2, y + int(h * 0.56)), (int(w * 0.4), int(h * 0.36))
    cv2.ellipse(mask, middle, axes, 0, 0, 360, cv2.GC_FGD, cv2.FILLED)
    for corner in (x, x + w):
        cv2.circle(mask, (corner, y), max(int(0.16 * h), 2), cv2.GC_BGD, cv2.FILLED)
    return mask


def cut_by_difference(image: Picture, empty: Picture, *, min_share: float) -> list[Sprite]:
    """Return the things that a picture has and the same view without them has not."""
    change = cv2.absdiff(cv2.GaussianBlur(image, (3, 3), 0), cv2.GaussianBlur(empty, (3, 3), 0))
    solid = (change.max(axis=2) > 22).astype(np.uint8)
    solid = cv2.morphologyEx(solid, cv2.MORPH_CLOSE, np.ones((7, 7), np.uint8))
    solid = cv2.morphologyEx(solid, cv2.MORPH_OPEN, np.ones((5, 5), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(solid)
    found = []
    for index in range(1, count):
        x, y, w, h, area = (int(v) for v in stats[index])
        if area < min_share * solid.size or _at_border(x, y, w, h, solid.shape):
            continue
        part = (slice(y, y + h), slice(x, x + w))
        found.append(_soft(image[part], (labels[part] == index).astype(np.uint8)))
    return found


def _at_border(x: int, y: int, w: int, h: int, shape: tuple[int, ...]) -> bool:
    return x < 2 or y < 2 or x + w > shape[1] - 2 or y + h > shape[0] - 2


def _around(image: Picture, box: Box) -> tuple[Picture | None, tuple[int, int, int, int]]:
    """Return the scaled surroundings of a box and the box in them."""
    height, width = image.shape[:2]
    dx, dy = box.w * MARGIN, box.h * MARGIN
    left, top = max(int(box.x - dx), 0), max(int(box.y - dy), 0)
    right, bottom = min(int(box.right + dx), width), min(int(box.bottom + dy), height)
    if right - left < 8 or bottom - top < 8:
        return None, (0, 0, 0, 0)
    scale = min(SIDE / max(box.w, box.h), 1.0)
    size = (max(round((right - left) * scale), 8), max(round((bottom - top) * scale), 8))
    crop = cv2.resize(image[top:bottom, left:right], size, interpolation=cv2.INTER_AREA)
    inner = ((box.x - left) * scale, (box.y - top) * scale, box.w * scale, box.h * scale)
    x, y, w, h = (round(v) for v in inner)
    return crop.astype(np.uint8), (max(x, 1), max(y, 1), w, h)


def _sprite(
    crop: Picture, solid: NDArray[np.uint8], inner: tuple[int, int, int, int]
) -> Sprite | None:
    solid = cv2.morphologyEx(solid, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8)).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(solid)
    if count < 2:
        return None
    areas = stats[1:, cv2.CC_STAT_AREA]
    main = int(np.argmax(areas)) + 1
    x, y, w, h, area = (int(v) for v in stats[main])
    whole = area / max(int(areas.sum()), 1)
    fill = area / max(inner[2] * inner[3], 1)
    if whole < ONE_PIECE or not MIN_FILL <= fill <= MAX_FILL or h < 0.6 * inner[3]:
        return None
    part = (slice(y, y + h), slice(x, x + w))
    return _soft(crop[part], _filled(labels[part] == main))


def _filled(shape: NDArray[Any]) -> NDArray[np.uint8]:
    """Return the shape without its holes."""
    outline, _ = cv2.findContours(shape.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    blank = np.zeros(shape.shape, np.uint8)
    return np.asarray(cv2.drawContours(blank, outline, -1, 1, cv2.FILLED), np.uint8)


def _soft(crop: Picture, solid: NDArray[np.uint8]) -> Sprite:
    """Return BGRA whose edge runs out over two pixels, inward."""
    padded = cv2.copyMakeBorder(solid * 255, 2, 2, 2, 2, cv2.BORDER_CONSTANT, value=0)
    inward = cv2.erode(padded, np.ones((3, 3), np.uint8))
    alpha = cv2.GaussianBlur(inward, (5, 5), 0)[2:-2, 2:-2]
    return np.dstack([crop, alpha]).astype(np.uint8)
