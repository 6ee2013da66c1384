"""Thin out overlapping boxes."""

from __future__ import annotations

from collections.abc import Sequence

from chengzhi_vision.geometry import intersection, iou
from chengzhi_vision.types import Box, Detection


def suppress(
    detections: Sequence[Detection], *, overlap: float = 0.55, inside: float = 0.85
) -> list[Detection]:
    """Keep the best box of each object; boxes of one class that overlap are one object."""
    kept: list[Detection] = []
    for one in sorted(detections, key=lambda d: -d.score):
        if not any(_same(one, other, overlap=overlap, inside=inside) for other in kept):
            kept.append(one)
    return kept


def _same(one: Detection, other: Detection, *, overlap: float, inside: float) -> bool:
    if one.kind is not other.kind:
        return False
    if iou(one.box, other.box) > overlap:
        return True
    smaller = min(one.box.area, other.box.area)
    return smaller > 0 and intersection(one.box, other.box) / smaller > inside


def moved(detection: Detection, *, dx: float, dy: float) -> Detection:
    """Return a detection of a crop in pixels of the whole picture."""
    box = detection.box
    shifted = Box(x=box.x + dx, y=box.y + dy, w=box.w, h=box.h)
    return Detection(box=shifted, kind=detection.kind, score=detection.score, label=detection.label)
