"""Thin out overlapping boxes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from chengzhi_vision.types import Box, Detection, ObjectClass

ALIKE, WITHIN = 0.4, 0.85  # two detectors draw the same person: overlap, or share of the smaller
Sides = tuple[float, float, float, float, float]  # left, top, right, bottom, area


def suppress(
    detections: Sequence[Detection], *, overlap: float = 0.55, inside: float = 0.85
) -> list[Detection]:
    """Keep the best box of each object; boxes of one class that overlap are one object."""
    kept: list[Detection] = []
    taken: dict[ObjectClass, list[Sides]] = {}
    for one in sorted(detections, key=lambda d: -d.score):
        sides, others = _sides(one.box), taken.setdefault(one.kind, [])
        if not any(_same(sides, other, overlap=overlap, inside=inside) for other in others):
            kept.append(one)
            others.append(sides)
    return kept


def together(
    answers: Sequence[Sequence[Detection]], *, agreed: Collection[ObjectClass]
) -> list[Detection]:
    """Merge what several detectors saw: of the classes in `agreed` as the mean of their scores.

    A box of such a class that one of three sees counts a third (weighted boxes fusion, Solovyev
    et al. 2021, without moving the boxes). Of all others the best box is kept.
    """
    kept = [suppress(seen) for seen in answers]
    return suppress(
        [
            replace(one, score=sum(_alike(one, other) for other in kept) / len(kept))
            if one.kind in agreed
            else one
            for seen in kept
            for one in seen
        ]
    )


def _alike(one: Detection, seen: Sequence[Detection]) -> float:
    """Return the best score of the boxes that show the same."""
    sides = _sides(one.box)
    return max(
        (
            other.score
            for other in seen
            if other.kind is one.kind
            and _same(sides, _sides(other.box), overlap=ALIKE, inside=WITHIN)
        ),
        default=0.0,
    )


def _sides(box: Box) -> Sides:
    return (box.x, box.y, box.right, box.bottom, box.area)


def _same(one: Sides, other: Sides, *, overlap: float, inside: float) -> bool:
    """Tell whether two boxes are one object; plain numbers, since there are many pairs."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    if width <= 0 or height <= 0:
        return False
    common = width * height
    smaller = min(one[4], other[4])
    return common / (one[4] + other[4] - common) > overlap or common / smaller > inside


def moved(detection: Detection, *, dx: float, dy: float) -> Detection:
    """Return a detection of a crop in pixels of the whole picture."""
    box = detection.box
    shifted = Box(x=box.x + dx, y=box.y + dy, w=box.w, h=box.h)
    return Detection(box=shifted, kind=detection.kind, score=detection.score, label=detection.label)
