"""One thing leaves and another comes to the same place: the first is let go, the second has its own clock."""

from dataclasses import replace

import numpy as np
import pytest

from chengzhi_vision.dwell.dating import date, heed_names
from chengzhi_vision.dwell.look import look_at
from chengzhi_vision.dwell.place import DATINGS, Place, is_other
from chengzhi_vision.dwell.places import Places
from chengzhi_vision.dwell.view import Observation
from chengzhi_vision.scene.past import Past
from chengzhi_vision.types import Box, Detection, ObjectClass, Picture, Still

from .test_arrival import BOX, GROUND, LIMITS, place, view_of, with_thing

CAR, THING = ObjectClass.VEHICLE, ObjectClass.OBJECT
FORMER = np.random.default_rng(9).integers(0, 60, GROUND.shape).astype(np.uint8)


def reported(picture: Picture, *, kind: ObjectClass = THING) -> Place:
    """What was reported at a place and looks like a picture there; nobody knows the bare ground."""
    stay = place(100, 60, since=2.0)
    anchor, before = look_at(picture, BOX), look_at(FORMER, BOX)
    assert anchor is not None
    stay.kind, stay.box, stay.anchor, stay.before = kind, BOX, anchor, before
    stay.alert_count, stay.last_present, stay.checked_at = 1, 8.0, 19.0
    return stay


@pytest.mark.parametrize(
    ("shown", "new", "absent_s"),
    [(GROUND, 0.0, 1.0), (GROUND, 0.5, 0.0), (with_thing(), 0.0, 0.0)],
    ids=["nothing new, unlike it", "somebody in front", "it stands there"],
)
def test_where_nothing_is_new_and_nothing_is_like_it_a_thing_has_gone(
    shown: Picture, new: float, absent_s: float
) -> None:
    """Even if what was taken for the bare ground had somebody in it."""
    places = Places(limits=LIMITS.dwell, items=[reported(with_thing())])
    view = replace(view_of(ground=GROUND), luma=shown, small=shown, new_in=lambda _: new)

    places.update(view, [])

    assert places.items[0].absent_s == absent_s


@pytest.mark.parametrize(
    ("kind", "absent_s", "other"),
    [(CAR, 2.5, True), (CAR, 1.0, False), (THING, 2.5, False)],
    ids=["followed until it stopped", "the ground hardly seen", "nobody follows a bag"],
)
def test_a_vehicle_that_was_followed_to_where_another_has_left_is_another(
    kind: ObjectClass, absent_s: float, other: bool
) -> None:
    old, look = reported(with_thing(), kind=kind), look_at(GROUND, BOX)
    old.absent_s = absent_s

    assert is_other(old, look, since=None, at=20.0, limits=LIMITS.dwell) is other
    assert not is_other(old, look, since=None, at=10.0, limits=LIMITS.dwell)


def test_a_new_stay_never_begins_before_the_old_one_was_last_seen() -> None:
    """A full bin looks much like the clean one that stood there: the pictures would say earlier."""
    view = replace(
        view_of(ground=GROUND),
        stream_age_s=60.0,
        past=past(shown_from=4),
        still=lambda: Still(pts=20.0, at=20.0, jpeg=b""),
    )
    old = reported(GROUND)
    old.is_lost, old.absent_s, old.last_present = True, 5.0, 12.0
    places = Places(limits=LIMITS.dwell, items=[old])
    fresh = Detection(box=BOX, kind=THING, score=0.6)

    places.update(view, [Observation(zone="street", detection=fresh, since=16.0)])
    (stay,) = places.items
    date(stay, view)

    assert (stay.not_before, stay.since, stay.alert_count) == (12.0, 12.0, 0)


def test_a_piece_where_a_thing_has_left_did_not_stand_there_before_that() -> None:
    """The seconds of stillness of the old one would say so: only its ground was seen since."""
    still = Still(pts=20.0, at=20.0, jpeg=b"")
    view = replace(view_of(ground=GROUND), luma=GROUND, stream_age_s=60.0, still=lambda: still)
    old = reported(with_thing())
    old.is_lost, old.absent_s, old.last_present = True, 5.0, 12.0
    places = Places(limits=LIMITS.dwell, items=[old])
    piece = Detection(box=Box(x=110, y=90, w=30, h=24), kind=THING, score=0.6)

    places.update(view, [Observation(zone="street", detection=piece, since=4.0)])

    fresh = places.items[-1]
    assert (len(places.items), fresh.since, fresh.not_before) == (2, 12.0, 12.0)


def past(*, shown_from: int) -> Past:
    """Twenty seconds at whose beginning somebody hides the place; then the thing is seen."""
    kept, hidden = Past(), with_thing(hidden=0.9)
    for at in range(20):
        kept.note(with_thing() if at >= shown_from else hidden, at=float(at))
    return kept


@pytest.mark.parametrize(("shown_from", "since"), [(1, 15.0), (6, 6.0)])
def test_what_every_picture_shows_that_is_kept_began_when_it_was_found(
    shown_from: int, since: float
) -> None:
    """So early nobody can have stood there unseen: something else looks like it."""
    stay = place(100, 60, since=15.0)
    stay.box = BOX

    date(stay, replace(view_of(ground=GROUND), stream_age_s=30.0, past=past(shown_from=shown_from)))

    assert stay.since == since


@pytest.mark.parametrize(
    ("kind", "since"), [(ObjectClass.GARBAGE, 12.0), (ObjectClass.OBJECT, 15.0)]
)
def test_a_heap_that_a_detector_named_did_not_come_after_that(
    kind: ObjectClass, since: float
) -> None:
    """At night the pictures of a dark heap tell little; what has no name may be a passer-by first."""
    kept, stay = Past(), place(100, 60, since=8.0)
    stay.kind, stay.box, stay.found_at = kind, BOX, 12.0
    for at in range(20):
        kept.note(with_thing() if at >= 15 else GROUND, at=float(at))

    date(stay, replace(view_of(ground=GROUND), stream_age_s=30.0, past=kept))

    assert (stay.since, stay.is_dated) == (since, True)


@pytest.mark.parametrize(("dated", "since"), [(True, 15.0), (False, 12.0)])
def test_a_heap_that_was_seen_to_come_goes_by_no_clock_that_nobody_saw_begin(
    dated: bool, since: float
) -> None:
    """A piece noticed after a car had stood before it says nothing of when the heap came."""
    heap, still = place(100, 60, since=12.0), place(100, 60, since=15.0)
    for one in (heap, still):
        one.box, one.anchor = BOX, look_at(with_thing(), BOX)
        one.last_present = one.checked_at = 19.0
    heap.kind, heap.is_dated = ObjectClass.GARBAGE, True
    still.is_dated, still.dating = dated, DATINGS
    view = replace(view_of(ground=GROUND), luma=with_thing(), stream_age_s=60.0)
    seen = Detection(box=BOX, kind=ObjectClass.GARBAGE, score=0.7)

    Places(limits=LIMITS.dwell, items=[heap, still]).update(
        view, [Observation(zone="street", detection=seen)]
    )

    assert heap.since == since


@pytest.mark.parametrize(
    ("around", "since"),
    [(Box(x=90, y=60, w=80, h=60), 15.0), (Box(x=20, y=20, w=200, h=120), 8.0)],
    ids=["with who stood beside", "a whole stall"],
)
def test_what_holds_a_named_thing_goes_by_its_clock_where_that_is_most_of_it(
    around: Box, since: float
) -> None:
    named, nameless = place(100, 60, since=15.0), place(100, 60, since=8.0)
    named.kind, named.box, named.is_dated = ObjectClass.TWO_WHEELER, BOX, True
    nameless.box = around

    heed_names([nameless, named])

    assert nameless.since == since
