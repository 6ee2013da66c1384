"""A nameless thing that a detector names: all looks of the stay say so, not only the last one."""

from __future__ import annotations

from collections.abc import Sequence

from chengzhi_vision.dwell.place import Place
from chengzhi_vision.findings import KindRow, Person
from chengzhi_vision.geometry import covered
from chengzhi_vision.scene.pieces import TOGETHER_S
from chengzhi_vision.types import WHEELED, ObjectClass

SEVERAL, MOSTLY, SURELY = 6, 0.6, 0.5  # looks, their share, and their mean score
HALF, LARGER = 0.5, 5.0  # of the nameless thing: mostly what is named, of which it is a good part


def is_named(place: Place, row: KindRow, others: Sequence[Place]) -> bool:
    """Tell whether a nameless thing is a vehicle or cycle, which other rules are about.

    A vendor's goods stand beside a vehicle: where somebody has to be near, a name says nothing.
    """
    if place.kind is not ObjectClass.OBJECT or row.proof is not None or row.person is Person.NEAR:
        return False
    return any(_names(other, place) for other in others)


def _names(other: Place, place: Place) -> bool:
    if other.kind not in WHEELED or other.is_lost or other.seen < SEVERAL:
        return False
    if other.seen_share < MOSTLY or other.score < SURELY:
        return False
    came_together = abs(other.since - place.since) <= TOGETHER_S
    is_it = covered(place.box, by=other.box) >= HALF and other.box.area <= LARGER * place.box.area
    return came_together and is_it
