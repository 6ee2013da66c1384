"""Boxes and polygons: overlap, distance and what stands inside a zone."""

from __future__ import annotations

from bisect import bisect_left
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from chengzhi_vision.types import Box

Polygon = tuple[tuple[float, float], ...]
FOOT_SHARE = 0.4


def intersection(one: Box, other: Box) -> float:
    """Return the common area of two boxes."""
    width = min(one.right, other.right) - max(one.x, other.x)
    height = min(one.bottom, other.bottom) - max(one.y, other.y)
    return max(width, 0.0) * max(height, 0.0)


def iou(one: Box, other: Box) -> float:
    """Return intersection over union."""
    common = intersection(one, other)
    union = one.area + other.area - common
    return common / union if union > 0 else 0.0


def covered(box: Box, *, by: Box) -> float:
    """Return the share of `box` that lies under `by`."""
    return intersection(box, by) / box.area if box.area > 0 else 0.0


def is_about(box: Box, *, seen: Box, share: float = 0.3, most: float = 0.85) -> bool:
    """Tell whether what is seen is the thing in a box or holds it, rather than stands beside it."""
    inside = covered(box, by=seen)
    return inside >= most or (inside >= share and covered(seen, by=box) >= 0.5)


def iou_matrix(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return pairwise intersection over union of rows x, y, w, h."""
    low = np.maximum(one[:, None, :2], other[None, :, :2])
    high = np.minimum(
        one[:, None, :2] + one[:, None, 2:4], other[None, :, :2] + other[None, :, 2:4]
    )
    common = np.prod(np.clip(high - low, 0, None), axis=2)
    total = np.prod(one[:, 2:4], axis=1)[:, None] + np.prod(other[:, 2:4], axis=1)[None]
    matrix: NDArray[np.float64] = common / np.maximum(total - common, 1e-9)
    return matrix


def row(box: Box) -> list[float]:
    return [box.x, box.y, box.w, box.h]


def scaled(box: Box, factor: float) -> Box:
    """Return a box in the pixels of the same picture at another size."""
    return Box(x=box.x * factor, y=box.y * factor, w=box.w * factor, h=box.h * factor)


def foot(box: Box, *, share: float = FOOT_SHARE) -> Box:
    """Return the lower part of a box, where the object touches the ground."""
    height = box.h * share
    return Box(x=box.x, y=box.bottom - height, w=box.w, h=height)


def contains(polygon: Polygon, point: tuple[float, float]) -> bool:
    """Tell whether a point lies in a polygon (even-odd rule)."""
    x, y = point
    return sum(x < edge for edge in _crossings(polygon, y)) % 2 == 1


def _crossings(polygon: Polygon, y: float) -> list[float]:
    """Return where the edges of a polygon cross a level line."""
    return [
        (bx - ax) * (y - ay) / (by - ay) + ax
        for (ax, ay), (bx, by) in zip(polygon, polygon[1:] + polygon[:1], strict=True)
        if (ay > y) != (by > y)
    ]


@lru_cache(maxsize=2048)  # every zone asks about every thing, several times a picture
def share_inside(box: Box, *, polygon: Polygon, grid: int = 7) -> float:
    """Return about which share of a box lies in a polygon (sampled on a grid)."""
    around = bounds(polygon)
    if box.x > around.right or box.right < around.x:
        return 0.0
    if box.y > around.bottom or box.bottom < around.y:
        return 0.0
    columns = [box.x + box.w * (i + 0.5) / grid for i in range(grid)]
    hits = 0
    for j in range(grid):
        edges = sorted(_crossings(polygon, box.y + box.h * (j + 0.5) / grid))
        left_of = [bisect_left(columns, edge) for edge in edges]
        hits += sum(left_of[1::2]) - sum(left_of[::2])  # edges come in pairs: in, and out again
    return hits / grid**2


def area(polygon: Polygon) -> float:
    """Return the area of a polygon (shoelace formula)."""
    pairs = zip(polygon, polygon[1:] + polygon[:1], strict=True)
    return abs(sum(ax * by - bx * ay for (ax, ay), (bx, by) in pairs)) / 2


@lru_cache(maxsize=4096)  # of all zones of a worker
def bounds(polygon: Polygon) -> Box:
    """Return the smallest box around a polygon."""
    xs, ys = [p[0] for p in polygon], [p[1] for p in polygon]
    return Box(x=min(xs), y=min(ys), w=max(xs) - min(xs), h=max(ys) - min(ys))


def clip(box: Box, *, width: int, height: int) -> Box:
    """Return the part of a box that lies in the picture."""
    x, y = min(max(box.x, 0.0), width), min(max(box.y, 0.0), height)
    right, bottom = max(min(box.right, width), x), max(min(box.bottom, height), y)
    return Box(x=x, y=y, w=right - x, h=bottom - y)


def square(middle: tuple[float, float], *, side: float, width: int, height: int) -> Box:
    """Return a square about a point, pushed into the picture and no larger than it."""
    x, y = middle
    left = min(max(x - side / 2, 0), max(width - side, 0))
    top = min(max(y - side / 2, 0), max(height - side, 0))
    return clip(Box(x=left, y=top, w=side, h=side), width=width, height=height)


def padded(box: Box, by: float) -> Box:
    """Return the box with so many pixels more (or less) on each side."""
    return Box(x=box.x - by, y=box.y - by, w=max(box.w + 2 * by, 0.0), h=max(box.h + 2 * by, 0.0))


def moved(box: Box, dx: float, dy: float) -> Box:
    """Return a box of the same size elsewhere."""
    return Box(x=box.x + dx, y=box.y + dy, w=box.w, h=box.h)


def grown(box: Box, *, factor: float) -> Box:
    """Return the box enlarged about its center."""
    return Box(
        x=box.x - box.w * (factor - 1) / 2,
        y=box.y - box.h * (factor - 1) / 2,
        w=box.w * factor,
        h=box.h * factor,
    )
