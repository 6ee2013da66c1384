"""The pieces of what stands still, each judged on its own part of the picture."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from chengzhi_vision.scene.order import correlation, mean_in
from chengzhi_vision.types import Box, Detection, ObjectClass, Picture

Mask = NDArray[np.bool_]
Part = tuple[slice, slice]
KERNEL, CLOSE = np.ones((3, 3), np.uint8), np.ones((9, 9), np.uint8)
REACH = 8  # pixels around parts, more than closing them reaches
RIM = 4  # pixels around a piece, more than any filter below reaches
SAME_PATTERN = 0.8
CLEAR = 34.0  # grey levels that make a thing stand out fully


@dataclass(frozen=True, kw_only=True)
class Blob:
    """One piece: its outline in pixels, the part of the picture it lies in, and where in that."""

    outline: tuple[int, int, int, int]
    area: int
    part: Part
    mask: Mask

    def is_inside(self, shape: tuple[int, ...]) -> bool:
        """Tell whether the whole piece is in the picture."""
        x, y, w, h = self.outline
        return x > 1 and y > 1 and x + w < shape[1] - 1 and y + h < shape[0] - 1

    def share_in(self, where: Mask) -> float:
        """Return which share of the piece is marked in a mask of the whole picture."""
        return np.count_nonzero(where[self.part] & self.mask) / self.area

    def box(self, factor: float) -> Box:
        """Return the outline in pixels of the picture, of which `factor` makes those of the blob."""
        x, y, w, h = (float(side) / factor for side in self.outline)
        return Box(x=x, y=y, w=w, h=h)

    def contrast(self, small: Picture, ground: Picture) -> float:
        """Return by how many grey levels it differs from the ground on average."""
        return mean_in(cv2.absdiff(small[self.part], ground[self.part]), self.mask)

    def as_detection(self, *, contrast: float, factor: float) -> Detection:
        """Return a still thing; its score is how well it fills its box and stands out."""
        box = self.box(factor)
        score = self.area / (self.outline[2] * self.outline[3]) * min(contrast / CLEAR, 1.0)
        return Detection(box=box, kind=ObjectClass.OBJECT, score=round(score, 4), label="static")


def blobs_of(mask: NDArray[np.uint8]) -> Iterator[Blob]:
    """Yield the connected pieces of a mask."""
    left, top, width, height = cv2.boundingRect(mask)
    if width == 0:
        return
    x0, y0 = max(left - RIM, 0) // 2 * 2, max(top - RIM, 0) // 2 * 2
    inner = mask[y0 : top + height + RIM, x0 : left + width + RIM]
    count, labels, stats, _ = cv2.connectedComponentsWithStats(inner, connectivity=8)
    for index in range(1, count):
        x, y, w, h, area = (int(side) for side in stats[index][:5])
        part = (slice(max(y - RIM, 0), y + h + RIM), slice(max(x - RIM, 0), x + w + RIM))
        yield Blob(
            outline=(x0 + x, y0 + y, w, h),
            area=area,
            part=(_moved(part[0], y0), _moved(part[1], x0)),
            mask=labels[part] == index,
        )


def _moved(span: slice, step: int) -> slice:
    return slice(span.start + step, span.stop + step)


def filled(parts: Mask) -> Mask:
    """Return a mask without its small gaps: between the parts of a thing there is more of it."""
    left, top, width, height = cv2.boundingRect(parts.view(np.uint8))
    whole = np.zeros_like(parts)
    if width:
        rows = slice(max(top - REACH, 0), top + height + REACH)
        columns = slice(max(left - REACH, 0), left + width + REACH)
        inner = parts[rows, columns].astype(np.uint8)
        whole[rows, columns] = cv2.morphologyEx(inner, cv2.MORPH_CLOSE, CLOSE) > 0
    return whole


def is_only_light(small: Picture, ground: Picture, blob: Mask) -> bool:
    """Tell whether a blob shows the ground's own pattern, only brighter or darker."""
    wide = cv2.dilate(blob.astype(np.uint8), KERNEL) > 0
    along = correlation(small[wide], ground[wide])
    return along is not None and along >= SAME_PATTERN
