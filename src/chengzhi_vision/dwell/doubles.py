"""Of several places that hold one thing, one is kept."""

from __future__ import annotations

from chengzhi_vision.dwell.growing import PIECE
from chengzhi_vision.dwell.place import Place
from chengzhi_vision.geometry import covered, iou
from chengzhi_vision.scene.pieces import TOGETHER_S
from chengzhi_vision.types import ObjectClass

SAME = 0.6  # overlap of two boxes


def without_doubles(places: list[Place]) -> list[Place]:
    """Keep the elder of two places that hold the same thing, and no piece beside the whole."""
    kept: list[Place] = []
    whole = [p for p in places if not any(_is_piece(p, other) for other in places)]
    for one in sorted(whole, key=lambda p: (-p.alert_count, p.since)):
        if not any(_same_thing(one, other) for other in kept if not other.has_left):
            kept.append(one)
    return kept


def _is_piece(one: Place, whole: Place) -> bool:
    """Tell whether a nameless thing is part of a larger one that came with it."""
    if not one.kind is whole.kind is ObjectClass.OBJECT or one.zone != whole.zone:
        return False
    is_within = one.box.area < whole.box.area and covered(one.box, by=whole.box) >= PIECE
    came_together = abs(one.since - whole.since) <= TOGETHER_S
    return is_within and came_together and one.alert_count <= whole.alert_count


def _same_thing(one: Place, other: Place) -> bool:
    if one.zone != other.zone or one.kind is not other.kind:
        return False
    return iou(one.box, other.box) >= SAME or covered(one.box, by=other.box) >= PIECE
