"""Where a named thing stands: it rolls on a little, or shows more of itself than at first."""

from __future__ import annotations

from chengzhi_vision.dwell.dating import outline
from chengzhi_vision.dwell.place import SELDOM, Place
from chengzhi_vision.dwell.view import View
from chengzhi_vision.geometry import covered, iou
from chengzhi_vision.types import Box

STEADY_BOX = 0.75  # overlap of the boxes of what truly stands
WITHIN = 0.9  # of one outline in the other
ARRIVING_S = 10.0
MOST = 0.5  # of an outline: a smaller piece of it is what something in front leaves to be seen


def follow(place: Place, box: Box, view: View) -> bool:
    """Move a place to where its thing is seen twice alike; return whether it was moved.

    Its clock goes on, if it came just now or one outline holds the other: it is the same thing.
    """
    is_elsewhere, other = iou(place.box, box) < STEADY_BOX, place.elsewhere
    place.elsewhere = box if is_elsewhere else None
    if not is_elsewhere or other is None or iou(other, box) < STEADY_BOX or place.alert_count:
        return False
    is_it = _is_it(place, box) or view.at - place.since <= ARRIVING_S
    if not is_it or not outline(place, box, view):
        return False
    place.elsewhere = None
    place.steady = place.samples = max(place.steady, 1)
    return True


def _is_it(place: Place, box: Box) -> bool:
    """Tell whether more of the thing is seen now, or less: what it had run together with has gone."""
    if covered(place.box, by=box) >= WITHIN:
        return True
    is_most = place.kind in SELDOM or box.area >= MOST * place.box.area
    return is_most and covered(box, by=place.box) >= WITHIN
