"""How the outline of a nameless thing changes.

It grows as more is put down beside it, and what stood there before stays itself; it shrinks when
somebody who had been taken for a part of it has gone.
"""

from __future__ import annotations

from collections.abc import Sequence

from chengzhi_vision.dwell.dating import arrival, date, outline
from chengzhi_vision.dwell.place import Place
from chengzhi_vision.dwell.view import Observation, View
from chengzhi_vision.geometry import covered
from chengzhi_vision.scene.pieces import TOGETHER_S
from chengzhi_vision.types import Box, ObjectClass

SPECK = 0.15  # of a thing
WITHIN, SAME = 0.7, 0.5  # of an elder: inside the whole; of two boxes: about the same thing
ONE_ACT_S = 3.0  # a speck and the whole that follows so soon are put down in one act
JUST_S = 1.0
PIECE = 0.9  # of what lies within a whole
NOTICED_S, LARGER = 3.0, 5.0  # a piece noticed so lately, and how much larger the whole is
GONE_S, PART = 4.0, 0.25  # the larger outline unseen for so long; of its width and height


def elders_within(place: Place, box: Box, places: Sequence[Place]) -> list[Place]:
    """Return the other nameless things inside a box that stood there before this one came.

    The same thing may be watched in several zones.
    """
    return [
        other
        for other in places
        if other is not place
        and other.kind is ObjectClass.OBJECT
        and not other.is_lost
        and other.since < place.since
        and other.is_believed
        and covered(other.box, by=box) >= WITHIN
        and (other.zone == place.zone or not _is_same(place.box, other.box))
    ]


def stands_apart(place: Place, elder: Place) -> bool:
    """Tell whether an elder is a thing of its own, whose outline only touches this one's.

    What was set out long before and is seen at its own place is one; what something hides now is
    the first part of the whole.
    """
    if place.since - elder.since <= TOGETHER_S:
        return False
    return not elder.hidden or elder.zone != place.zone


def join(place: Place, elder: Place) -> bool:
    """Go on with the clock of a part that was set out first; return whether it is one.

    It was still to be seen when the next part came.
    """
    if elder.zone != place.zone or elder.alert_count or not elder.is_dated:
        return False
    if elder.last_present < place.since - JUST_S:
        return False
    is_one_act = _is_speck(elder.box, place.box) and place.since - elder.since <= ONE_ACT_S
    if elder.since < place.since and not is_one_act:
        place.since, place.is_dated = elder.since, True
        place.first = elder.first or place.first
    return True


def _is_same(one: Box, other: Box) -> bool:
    return max(covered(one, by=other), covered(other, by=one)) >= SAME


def _is_speck(box: Box, whole: Box) -> bool:
    return box.area < SPECK * whole.area


def grow_to(place: Place, box: Box, view: View, *, rested: float | None) -> None:
    """Take the outline of the whole. The clock goes on: it never starts later than the whole.

    Only where no more than a speck came just before, or somebody stood there, or the piece was
    noticed only now, the whole has a clock of its own.
    """
    was_speck, was_it = _is_speck(place.box, box), place.is_believed
    is_first = view.at - place.found_at <= NOTICED_S and box.area >= LARGER * place.box.area
    place.box = box
    if was_speck and not place.is_dated:
        place.since = max(place.since, place.since if rested is None else rested)
        date(place, view)
        return
    if place.witness is None and not place.is_dated:
        return
    place.witness, came = arrival(box, view)
    if came is None or place.alert_count:
        return
    rest = place.since if rested is None else rested
    whole = came.at if came.is_seen else max(place.since, min(rest, came.at))
    is_one_act = 0 < whole - place.since <= ONE_ACT_S
    is_later = (is_first and came.is_seen) or (was_speck and (is_one_act or not was_it))
    if whole < place.since or is_later:
        place.asked = {} if whole > place.since else place.asked  # that was about something else
        place.since, place.is_dated = whole, place.is_dated or came.is_seen


def is_piece_of(places: Sequence[Place], seen: Observation, *, at: float) -> bool:
    """Tell whether a nameless thing is a piece of what is seen to stand there already."""
    kind, box = seen.detection.kind, seen.detection.box
    return kind is ObjectClass.OBJECT and any(
        place.kind is kind
        and place.zone == seen.zone
        and place.last_present >= at
        and covered(box, by=place.box) >= PIECE
        for place in places
    )


def take_what_is_left(
    places: Sequence[Place],
    matched: dict[int, Observation],
    seen: Sequence[Observation],
    view: View,
) -> list[Place]:
    """Give nameless things that wait for too large an outline the piece that stands there.

    Somebody beside them had been taken for a part. Their clock goes on. The pieces are added to
    `matched`, by the id of their place; the places are returned.
    """
    shrunk = []
    for place in [one for one in places if _waits(one, at=view.at)]:
        mine = matched.get(id(place))
        used = {id(one) for one in matched.values() if one is not mine}
        free = [mine] if mine is not None else [one for one in seen if id(one) not in used]
        pieces = [one for one in free if _is_left_of(place, one, view)]
        left = max(pieces, key=lambda one: one.detection.box.area, default=None)
        if left is not None and outline(place, left.detection.box, view):
            matched[id(place)] = left
            shrunk.append(place)
    return shrunk


def _waits(place: Place, *, at: float) -> bool:
    """Tell whether the outline of a nameless thing has not been seen for some seconds."""
    if place.kind is not ObjectClass.OBJECT or place.alert_count or place.is_lost:
        return False
    return at - place.last_present >= GONE_S


def _is_left_of(place: Place, one: Observation, view: View) -> bool:
    """Tell whether a piece lies in the outline and has stood there since the stay began."""
    box, since = one.detection.box, one.since
    if one.zone != place.zone or one.detection.kind is not ObjectClass.OBJECT or since is None:
        return False
    is_within = covered(box, by=place.box) >= WITHIN
    is_part = box.w >= PART * place.box.w and box.h >= PART * place.box.h
    return is_within and is_part and _came_with(place, box, since, view)


def _came_with(place: Place, box: Box, since: float, view: View) -> bool:
    """Tell whether a piece came when the stay began, if something has hidden it since as well."""
    if abs(since - place.since) <= TOGETHER_S:
        return True
    came = arrival(box, view)[1]
    return came is not None and came.is_seen and abs(came.at - place.since) <= TOGETHER_S
