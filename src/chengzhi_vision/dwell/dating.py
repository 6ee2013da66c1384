"""Since when a thing stands at a place, and whether it still does: what its witness says."""

from __future__ import annotations

import math
from collections.abc import Sequence

from chengzhi_vision.dwell.look import look_at
from chengzhi_vision.dwell.place import SELDOM, Place, Presence
from chengzhi_vision.dwell.view import View
from chengzhi_vision.dwell.witness import (
    Arrival,
    Says,
    Witness,
    came_at,
    look_around,
    witness_of,
)
from chengzhi_vision.geometry import covered
from chengzhi_vision.scene.past import KEEP_S, STEP_S
from chengzhi_vision.types import Box, Detection, ObjectClass

LARGER, WITHIN = 1.5, 0.9  # of a piece and the whole
PART, EARLIER_S = 0.7, 1.0  # of a piece in what stands or stood there; how much earlier it came
BEFORE_S = 3.0  # seen so long before the named one is said to have come
MOST = 0.4  # of a nameless thing is the named one in it
MUCH = 0.3  # of a still thing that has run together with who stands before it
CERTAIN = 0.6  # a score
NEW = 0.5  # of a place differs from the ground: a thing stands there
LEARNED_S = 4.0  # before that the background is only being learned
AT_ONCE_S = 1.0  # so soon after the start, nobody saw it come


def witness_at(box: Box, view: View) -> Witness | None:
    if view.small is None:
        return None
    return witness_of(view.small, view.ground, box, scale=view.small_scale)


def outline(place: Place, box: Box, view: View) -> bool:
    """Give a place another outline of the same thing; return whether it lies in the picture."""
    anchor = look_at(view.luma, box, scale=view.scale)
    if anchor is None:
        return False
    place.box, place.anchor, place.witness = box, anchor, witness_at(box, view)
    return True


def date(place: Place, view: View) -> None:
    """Look back through the last pictures: since when has the thing stood there?"""
    place.witness, came = arrival(place.box, view)
    place.dating += 1
    if came is None:
        return
    born = view.at - view.stream_age_s
    if not came.is_seen and came.at <= born + AT_ONCE_S < place.since:
        place.is_old = place.kind is ObjectClass.OBJECT and not view.knows_street
    place.is_dated = place.is_dated or came.is_seen
    if came.is_seen:
        place.since = min(came.at, _seen_by(place))
    elif place.kind is not ObjectClass.OBJECT or not _is_always(came, view):
        place.since = min(place.since, came.at)
    place.since = max(place.since, place.not_before)


def _seen_by(place: Place) -> float:
    """Return when a thing stood there at the latest: a heap that is named is no passer-by."""
    return place.found_at if place.kind in SELDOM else math.inf


def _is_always(came: Arrival, view: View) -> bool:
    """Tell whether every picture there is shows a thing found only now: then none of them tells."""
    oldest = min((at for at, _ in view.past.backwards()), default=came.at)
    return came.at <= max(oldest, view.at - KEEP_S) + STEP_S


def arrival(box: Box, view: View) -> tuple[Witness | None, Arrival | None]:
    """Return who can tell what stands in a box from the ground, and since when it is seen there."""
    witness = witness_at(box, view)
    if witness is None or view.stream_age_s <= LEARNED_S:
        return witness, None
    past = view.past.backwards()
    return witness, came_at(witness, past, box, scale=view.small_scale, now=view.at)


def left_there(places: Sequence[Place], seen: Detection) -> float:
    """Return when what had stood at the place of a nameless thing was last seen, 0 for nothing."""
    gone = [one for one in places if one.has_left and one.kind is seen.kind is ObjectClass.OBJECT]
    return max(
        (one.last_present for one in gone if covered(seen.box, by=one.box) >= PART), default=0.0
    )


def heed_names(places: Sequence[Place]) -> None:
    """Let a nameless piece of what a detector names, or what holds it, go by the clock of that.

    Both were seen to come; of the nameless one, whoever stood beside it may have told.
    """
    named = [p for p in places if p.kind is not ObjectClass.OBJECT and p.is_dated and not p.is_lost]
    for piece in places:
        if piece.kind is ObjectClass.OBJECT and not piece.alert_count:
            whole = (one.since for one in named if _is_about(piece, one))
            came = min(whole, default=piece.since)
            if came > piece.since + EARLIER_S and not _stood(piece, came):
                piece.since, piece.is_dated = came, True


def _stood(piece: Place, came: float) -> bool:
    """Tell whether a nameless thing had been seen for itself well before the named one came."""
    return piece.is_dated and piece.is_believed and came - piece.found_at >= BEFORE_S


def _is_about(nameless: Place, named: Place) -> bool:
    """Tell whether a nameless thing is part of a named one, or that and what was beside it."""
    one, other = nameless.box, named.box
    is_part = other.area > one.area and covered(one, by=other) >= PART
    is_most = other.area >= MOST * one.area and covered(other, by=one) >= PART
    return named.zone == nameless.zone and (is_part or is_most)


def vouched(place: Place, view: View, presence: Presence) -> Detection | None:
    """Return a nameless thing that still differs from the ground when it was not proposed whole.

    Shadow, shake and traffic break it into pieces that are no longer taken for it. What was seen
    to come only has to look as it did: in another light it may be as bright as the ground.
    """
    if place.kind is not ObjectClass.OBJECT or presence is not Presence.PRESENT:
        return None
    if not (place.shows is Says.THING or place.is_dated):
        return None
    if any(holds(thing, place.box) and not _hides(thing, view) for thing in view.things):
        return None  # a piece of something larger, which is judged as a whole
    if not _is_known_bare(place, view):
        return None  # the generator has taken it for the ground since
    return Detection(box=place.box, kind=place.kind, score=place.score, label=place.label)


def holds(thing: Box, piece: Box) -> bool:
    """Tell whether a piece lies in something clearly larger."""
    return thing.area > LARGER * piece.area and covered(piece, by=thing) >= WITHIN


def _hides(thing: Box, view: View) -> bool:
    """Tell whether a still thing is what somebody or a vehicle and what is behind look like."""
    known = [box for box in view.vetoes if covered(box, by=thing) >= WITHIN]
    return any(box.area >= MUCH * thing.area for box in known)


def note_shown(place: Place, view: View) -> bool:
    """Note what is seen at a place, by the pixels that tell; return whether it is the ground."""
    place.shows = None
    if place.witness is not None and view.small is not None:
        look = look_around(view.small, place.box, scale=view.small_scale)
        place.shows = None if look is None else place.witness.says(look)
    return place.shows is Says.GROUND


def shows_ground(place: Place, view: View, seen: Detection | None) -> bool:
    """Tell whether the pixels that tell show the ground, unless a generator sees a thing there.

    Then the witness is wrong: what it took for the ground was people who stood there, or the
    thing in another light.
    """
    is_ground = note_shown(place, view)
    if not is_ground or seen is None:
        return is_ground
    is_nameless = place.kind is ObjectClass.OBJECT
    is_there = _is_still_new(place, view) if is_nameless else seen.score >= CERTAIN
    if is_there:
        place.witness = witness_at(place.box, view) if is_nameless else None
        place.shows = None
    return not is_there


def _is_still_new(place: Place, view: View) -> bool:
    """Tell whether a place differs from a ground that looks as it did when the thing came.

    Then what is seen there is not the ground, however the pixels that told them apart look in
    another light: of a thing that came in a shadow they do.
    """
    if not _is_known_bare(place, view):
        return False  # the generator has taken the thing for the ground: it is new when it has gone
    return (view.new_in(place.box) or 0.0) >= NEW


def _is_known_bare(place: Place, view: View) -> bool:
    """Tell whether the background still shows the ground at a place, not the thing."""
    if place.witness is None or view.ground is None:
        return False
    ground = look_around(view.ground, place.box, scale=view.small_scale)
    return ground is not None and place.witness.says(ground) is Says.GROUND
