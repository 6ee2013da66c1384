"""Came or left? Where a thing stands, its outline and its colors break the ground around it.

Both pictures are asked, the background and the present one: whichever shows the break holds the
thing. Textured ground has strong edges everywhere, so edges on the outline are weighed against
those beside it, and three witnesses must agree before a thing is taken for bare ground. Where a
full bin stands now in the place of a clean one, both pictures show a thing: nothing is laid bare.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from chengzhi_vision.scene.blobs import KERNEL, Blob, Mask, Part
from chengzhi_vision.scene.light import Tint
from chengzhi_vision.types import Picture

View = tuple[Picture, Tint | None]  # in grey and in color
BESIDE = np.ones((11, 11), np.uint8)
FLAT = 4.0  # edge strength of plain ground
BINS = 8
STANDS_OUT = 1.1
A_THING, A_THING_APART = 1.1, 0.22  # an outline and colors that no bare ground has
FEW = 12
MARGIN = 8


def is_laid_bare(blob: Blob, *, before: View, now: View, ratio: float) -> bool:
    """Tell whether the background holds a thing in a blob and the present picture does not."""
    part, inside = _widened(blob, before[0].shape)
    plain = inside.astype(np.uint8)
    wide = cv2.dilate(plain, KERNEL)
    ring = wide - cv2.erode(plain, KERNEL) > 0
    around = (cv2.dilate(plain, BESIDE) > 0) & (wide == 0)
    edges, edges_now = (_edges(view, part) for view in (before, now))
    strong, strong_now = _mean(edges, ring), _mean(edges_now, ring)
    if strong <= strong_now * ratio:
        return False
    beside = around | (cv2.erode(plain, BESIDE) > 0)
    outline = strong / (_mean(edges, beside) + FLAT)
    outline_now = strong_now / (_mean(edges_now, beside) + FLAT)
    if outline <= outline_now * STANDS_OUT or np.count_nonzero(around) < FEW:
        return False
    apart, apart_now = (_apart(_colors(view, part), inside, around) for view in (before, now))
    is_a_thing = outline_now > A_THING and apart_now > A_THING_APART
    return apart > apart_now and not is_a_thing


def _widened(blob: Blob, shape: tuple[int, ...]) -> tuple[Part, Mask]:
    """Return the part of the picture that holds a blob and what is beside it, and the blob in it."""
    x, y, w, h = blob.outline
    top, left = max(y - MARGIN, 0), max(x - MARGIN, 0)
    down, right = min(y + h + MARGIN, shape[0]), min(x + w + MARGIN, shape[1])
    inside = np.zeros((down - top, right - left), bool)
    rows, columns = np.nonzero(blob.mask)
    inside[rows + blob.part[0].start - top, columns + blob.part[1].start - left] = True
    return (slice(top, down), slice(left, right)), inside


def _edges(view: View, part: Part) -> NDArray[Any]:
    """Return how strongly the picture breaks at each pixel, in grey or in the color that breaks most."""
    grey, color = view
    if color is None:
        return _breaks(grey[part])
    smooth = cv2.GaussianBlur(color.picture[part], (3, 3), 0)
    breaks = [_breaks(one) for one in (grey[part], *cv2.split(smooth))]
    return np.asarray(np.maximum.reduce(breaks))


def _breaks(grey: NDArray[Any]) -> NDArray[Any]:
    return cv2.magnitude(cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1))


def _mean(picture: NDArray[Any], where: Mask) -> float:
    return float(picture[where].mean()) if where.any() else 0.0


def _colors(view: View, part: Part) -> Picture:
    grey, color = view
    return grey[part] if color is None else color.picture[part]


def _apart(picture: Picture, blob: Mask, around: Mask) -> float:
    """Return how much the colors of a blob differ from those around it, 0 to 1."""
    one, other = (_histogram(picture, mask) for mask in (blob, around))
    return float(np.abs(one - other).sum()) / 2


def _histogram(picture: Picture, where: Mask) -> NDArray[np.float64]:
    """Return the shares of the colors in steps of 32, smoothed over neighbouring steps."""
    steps = (picture[where].reshape(np.count_nonzero(where), -1) // (256 // BINS)).astype(np.int64)
    count = steps.shape[1]
    index = sum(steps[:, i] * BINS**i for i in range(count))
    found = np.bincount(index, minlength=BINS**count).reshape((BINS,) * count).astype(np.float64)
    for axis in range(count):
        padded = np.pad(found, [(1, 1) if i == axis else (0, 0) for i in range(count)])
        low, high = (np.take(padded, np.arange(BINS) + shift, axis=axis) for shift in (0, 2))
        found = 0.5 * found + 0.25 * (low + high)
    shares: NDArray[np.float64] = found / max(float(found.sum()), 1e-9)
    return shares
