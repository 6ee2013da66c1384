"""Whether somebody or a vehicle stands before a place: one parked beside the thing all along does not."""

from __future__ import annotations

from collections.abc import Sequence

from chengzhi_vision.dwell.place import Place
from chengzhi_vision.geometry import covered, iou
from chengzhi_vision.types import Box

VEILED = 0.3  # of a place, under somebody's box
SAME = 0.6  # overlap of the boxes of what has not moved


def is_veiled(place: Place, known: Sequence[Box]) -> bool:
    """Tell whether one of those that are known hides a good part of a place."""
    return any(
        not any(iou(box, other) >= SAME for other in place.beside) for box in _over(place, known)
    )


def note_beside(place: Place, wheeled: Sequence[Box]) -> None:
    """Remember the vehicles whose boxes lie over a place while its thing is seen: they stand beside it.

    Somebody there may be what was taken for a thing.
    """
    place.beside = tuple(_over(place, wheeled))


def _over(place: Place, known: Sequence[Box]) -> list[Box]:
    return [box for box in known if covered(place.box, by=box) >= VEILED]
