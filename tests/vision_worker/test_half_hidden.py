"""What is half hidden, rolls on a little, or is only people: whose clock runs, and what it is."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from chengzhi_vision.dwell.dating import date, shows_ground, vouched
from chengzhi_vision.dwell.following import follow
from chengzhi_vision.dwell.look import Look, look_at
from chengzhi_vision.dwell.place import Presence, judge
from chengzhi_vision.dwell.places import Places
from chengzhi_vision.dwell.view import Observation
from chengzhi_vision.dwell.witness import Says, came_at, look_around, witness_of
from chengzhi_vision.pipeline import Paced, Pipeline
from chengzhi_vision.pipeline.docket import AGREED
from chengzhi_vision.pipeline.second_look import Opinion
from chengzhi_vision.rules.company import consists_of
from chengzhi_vision.types import (
    Box,
    Detection,
    FindingKind,
    Frame,
    ObjectClass,
    Picture,
    Still,
)

from .scenes import Player, Scene, Thing, camera_with, left, parked, player, standing
from .test_arrival import BOX, GROUND, LIMITS, place, view_of, with_thing, witness
from .test_naming import Names

CAR, CYCLE = ObjectClass.VEHICLE, ObjectClass.TWO_WHEELER
BESIDE = Box(x=100, y=80, w=150, h=40)
STIRRING = np.random.default_rng(8)


def behind(*, stirs: bool = False) -> Picture:
    """The thing with a vehicle before most of it, and whoever gets in and out of that."""
    picture = with_thing(hidden=0.6)
    if stirs:
        picture[60:140, 90:136] = STIRRING.integers(0, 255, (80, 46))
    return picture


def backwards(shown: dict[int, Picture]) -> Iterator[tuple[float, Picture]]:
    """The pictures of twenty seconds, newest first; where nothing is said the ground is seen."""
    return ((float(at), shown.get(at, GROUND)) for at in range(19, -1, -1))


@pytest.mark.parametrize(("stirs", "came"), [(False, 8.0), (True, 17.0)])
def test_what_shows_beside_a_vehicle_that_stopped_before_it_came_before_that(
    stirs: bool, came: float
) -> None:
    shown = {at: behind(stirs=stirs) for at in range(8, 17)}
    shown |= dict.fromkeys(range(17, 20), with_thing())

    arrival = came_at(witness(), backwards(shown), BOX, scale=1.0, now=20.0)

    assert (arrival.at, arrival.is_seen) == (came, True)


def test_a_thing_of_which_the_rest_is_bare_ground_is_not_half_hidden() -> None:
    half = GROUND.copy()
    half[80:120, 130:160] = with_thing()[80:120, 130:160]
    look, hidden = (look_around(p, BOX, scale=1.0) for p in (half, behind()))
    assert look is not None and hidden is not None

    assert witness().parts(look) == frozenset()
    assert len(witness().parts(hidden)) >= 2


@pytest.mark.parametrize(
    ("stands_s", "where", "follows"),
    [
        (5, Box(x=116, y=80, w=60, h=40), True),
        (20, Box(x=116, y=80, w=60, h=40), False),
        (20, Box(x=95, y=60, w=80, h=60), True),
        (20, Box(x=100, y=88, w=48, h=32), True),
        (20, Box(x=100, y=80, w=24, h=40), False),
    ],
    ids=[
        "rolled on",
        "another one beside it",
        "was hidden in part",
        "had run together with one that passed",
        "a piece of it",
    ],
)
def test_a_named_thing_is_followed_to_where_it_is_seen_twice_alike(
    stands_s: float, where: Box, follows: bool
) -> None:
    """Its clock goes on: it is the same one."""
    view = view_of(ground=GROUND)
    car = place(100, 60, since=view.at - stands_s)
    car.kind, car.box = CAR, BOX

    moved = [follow(car, where, view) for _ in range(2)]

    assert moved == [False, follows]
    assert car.box == (where if follows else BOX)
    assert car.since == view.at - stands_s


@pytest.mark.parametrize("kind", [CAR, ObjectClass.OVERFLOW])
def test_a_named_thing_that_a_detector_surely_sees_is_not_taken_for_the_ground(
    kind: ObjectClass,
) -> None:
    """People stood there as the ground was learned: that witness is wrong."""
    view = view_of(ground=GROUND)
    car = place(100, 60)
    car.kind, car.box = kind, BOX
    car.witness = witness_of(GROUND, with_thing(), BOX, scale=1.0)
    sure, faint = (Detection(box=BOX, kind=kind, score=score) for score in (0.8, 0.3))

    assert shows_ground(car, view, faint)
    assert not shows_ground(car, view, sure)
    assert car.witness is None


@pytest.mark.parametrize(
    ("ground", "new", "is_ground"),
    [(GROUND, 0.9, False), (GROUND, 0.1, True), (with_thing(), 0.9, True)],
    ids=["a thing in another light", "the ground", "the ground where the thing was learned"],
)
def test_a_thing_that_came_in_a_shadow_is_not_taken_for_the_ground_in_the_sun(
    ground: Picture, new: float, is_ground: bool
) -> None:
    """In the sun it is as bright as the ground; but it differs from a ground that looks as before."""
    view = replace(view_of(ground=ground), new_in=lambda _: new)
    bag = place(100, 60)
    bag.box, bag.witness = BOX, witness()
    assert view.small is not None
    sunlit = replace(view, small=GROUND)
    seen = Detection(box=BOX, kind=ObjectClass.OBJECT, score=0.6)

    assert shows_ground(bag, sunlit, None)
    assert shows_ground(bag, sunlit, seen) is is_ground


def test_a_faint_cycle_is_looked_at_closer_instead_of_being_left_alone() -> None:
    """The whole picture names it hardly; the closer looks decide."""
    cycle = Thing(kind=CYCLE, where=standing(300, 220, start=4), size=(60, 50), score=0.3, seed=4)
    rules = {"finding": "two_wheeler_parked", "dwell_s": 8}
    street = player(camera_with(rules, kind="two_wheeler_no_parking"), cycle)
    asked: list[ObjectClass] = []
    judge = street.pipeline.docket.second_look.judge

    def noted(place, rule, frame):  # type: ignore[no-untyped-def]
        asked.append(place.kind)
        return judge(place, rule, frame)

    street.pipeline.docket.second_look.judge = noted  # type: ignore[method-assign]
    found = street.play(0, 20)

    assert found == []  # this detector sees nothing in crops
    assert CYCLE in asked


@pytest.mark.parametrize(
    ("people", "is_all"),
    [
        ([Box(x=0, y=0, w=45, h=100), Box(x=50, y=0, w=45, h=100)], True),
        ([Box(x=0, y=0, w=45, h=100)], False),
        ([Box(x=0, y=-80, w=45, h=150), Box(x=50, y=-80, w=45, h=150)], False),
    ],
    ids=["two people", "one beside a thing", "two behind a thing"],
)
def test_people_who_stand_together_are_no_thing(people: list[Box], is_all: bool) -> None:
    assert consists_of(Box(x=0, y=0, w=100, h=100), people) is is_all


def opinions(street: Player, *said: Opinion) -> list[float]:
    """Let the closer looks say one thing after another; return when they were taken."""
    rest, taken = list(said), []

    def judge(place, rule, frame: Frame) -> Opinion:  # type: ignore[no-untyped-def]
        taken.append(frame.at)
        return rest.pop(0) if len(rest) > 1 else rest[0]

    street.pipeline.docket.second_look.judge = judge  # type: ignore[method-assign]
    return taken


@pytest.mark.parametrize(
    ("said", "looks"),
    [
        ((Opinion.YES,), 1),
        ((Opinion.NO, Opinion.YES), 2),
        ((Opinion.PEOPLE, Opinion.YES), 1 + AGREED),
    ],
)
def test_where_people_were_seen_one_look_that_sees_none_is_not_enough(
    said: tuple[Opinion, ...], looks: int
) -> None:
    thing = Thing(kind=None, where=standing(300, 220, start=4), size=(90, 70), seed=3)
    street = player(camera_with(left(8), kind="pavement_clear"), thing)
    taken = opinions(street, *said)

    found = street.play(0, 30)

    assert len(found) == 1
    assert len(taken) == looks


def test_a_candidate_that_nobody_sees_any_more_stands_in_nobodys_way() -> None:
    """A vehicle drove off unseen behind another; the next one has its alarm."""
    car = Thing(kind=CAR, where=standing(300, 220, start=2), size=(90, 60), seed=3)
    street = player(camera_with(parked(8)), car)
    street.play(0, 11)
    docket = street.pipeline.docket
    (candidate,) = docket.candidates
    held, rule = candidate.place, candidate.rule
    beside = replace(held)

    assert docket._is_parted(beside, rule, held.last_present + 1)
    assert not docket._is_parted(beside, rule, held.last_present + 6)


@pytest.mark.parametrize(
    ("reported", "veiled", "presence"),
    [
        (1, False, Presence.ABSENT),
        (1, True, Presence.HIDDEN),
        (0, False, Presence.HIDDEN),
    ],
    ids=["left", "somebody before it", "not reported yet"],
)
def test_what_was_reported_by_its_name_and_looks_unlike_itself_has_left(
    reported: int, veiled: bool, presence: Presence
) -> None:
    """Nobody saw it come, so nobody knows the ground; it must not stand in the next one's way."""
    heap = place(100, 60)
    heap.kind, heap.alert_count, heap.anchor = ObjectClass.GARBAGE, reported, look_of(3)

    told = judge(heap, look_of(4), seen=None, limits=LIMITS.dwell, is_veiled=veiled)

    assert told is presence


def look_of(seed: int) -> Look:
    return np.random.default_rng(seed).integers(0, 256, (48, 48)).astype(np.uint8)


@pytest.mark.parametrize(
    ("wide", "unseen_s", "rests_since", "shrinks"),
    [(140, 6, 8.0, True), (80, 6, 8.0, True), (140, 2, 8.0, False), (140, 6, 17.0, False)],
    ids=["somebody left", "a small one left", "hidden for a moment", "put down later"],
)
def test_a_stall_that_had_grown_over_somebody_goes_on_as_what_is_left(
    wide: float, unseen_s: float, rests_since: float, shrinks: bool
) -> None:
    """Who had set it up stood beside it and went: the larger outline never comes back."""
    still = Still(pts=20.0, at=20.0, jpeg=b"")
    view = replace(view_of(ground=GROUND), still=lambda: still)
    places = Places(limits=LIMITS.dwell)
    grown = place(60, wide, since=7.0)
    grown.box = Box(x=BOX.right - wide, y=50, w=wide, h=90)
    grown.anchor, grown.last_present = look_of(3), view.at - unseen_s
    grown.checked_at = view.at - 0.2
    places.items = [grown]
    piece = Detection(box=BOX, kind=ObjectClass.OBJECT, score=0.6)

    places.update(view, [Observation(zone="street", detection=piece, since=rests_since)])

    assert (grown.box == BOX) is shrinks
    assert grown.since == 7.0
    assert (grown.last_present == view.at) is shrinks


@pytest.mark.parametrize(
    ("kind", "score", "heap", "found"),
    [
        (ObjectClass.PERSON, 0.5, 0.7, [FindingKind.OBJECT_LEFT]),
        (ObjectClass.PERSON, 0.5, 0.2, []),
        (ObjectClass.TWO_WHEELER, 0.8, 0.7, [FindingKind.OBJECT_LEFT]),
        (ObjectClass.TWO_WHEELER, 0.95, 0.7, []),
    ],
    ids=["bags", "somebody", "bags like a cycle", "a cycle"],
)
def test_bags_that_look_like_something_else_are_reported_where_closer_looks_name_a_heap(
    kind: ObjectClass, score: float, heap: float, found: list[FindingKind]
) -> None:
    box = Box(x=300, y=220, w=50, h=50)
    bags = Thing(kind=None, where=standing(300, 220, start=5), size=(50, 50), seed=3)
    camera = camera_with({"finding": "object_left", "dwell_s": 10}, kind="pavement_clear")
    pipeline = Pipeline(
        camera,
        detector=Names(kind, score=score, box=box),
        slow=[Paced(detector=Names(ObjectClass.GARBAGE, score=heap, box=box), every_s=10)],
    )

    told = Player(scene=Scene(things=[bags]), pipeline=pipeline).play(0, 30, fps=2)

    assert [one.kind for one in told] == found


@pytest.mark.parametrize(("is_vehicle", "vouched_for"), [(True, True), (False, False)])
def test_a_thing_run_together_with_the_vehicle_before_it_still_stands_there(
    is_vehicle: bool, vouched_for: bool
) -> None:
    """A larger thing without a name is judged as a whole; one that is mostly a vehicle is not."""
    both, car = Box(x=90, y=60, w=200, h=100), Box(x=165, y=60, w=125, h=100)
    view = view_of(ground=GROUND, things=(both,))
    view = replace(view, vetoes=(car,) if is_vehicle else ())
    thing = place(100, 60)
    thing.box, thing.witness, thing.shows = BOX, witness(), Says.THING

    seen = vouched(thing, view, Presence.PRESENT)

    assert (seen is not None) is vouched_for


@pytest.mark.parametrize(("came", "since"), [(8, 8.0), (None, 19.0)])
def test_a_thing_that_every_picture_shows_but_nobody_saw_begins_when_it_is_found(
    came: int | None, since: float
) -> None:
    """Its witness cannot tell it from the ground: else it would have been seen before."""
    view, thing = view_of(ground=GROUND), place(100, 60, since=19.0)
    thing.box = BOX
    for at in range(21):
        view.past.note(with_thing() if came is None or at >= came else GROUND, at=float(at))

    date(thing, replace(view, stream_age_s=60.0))

    assert thing.since == since


@pytest.mark.parametrize(("box", "since"), [(Box(x=104, y=82, w=60, h=40), 5.0), (BESIDE, 18.0)])
def test_what_comes_back_in_another_outline_is_another_thing(box: Box, since: float) -> None:
    view, places = view_of(ground=GROUND), Places(limits=LIMITS.dwell)
    view = replace(view, still=lambda: Still(pts=20.0, at=20.0, jpeg=b""))
    gone = place(100, 60, since=5.0)
    gone.box, gone.is_lost, gone.absent_s, gone.alert_count = BOX, True, 9.0, 1
    gone.anchor = look_at(view.luma, BOX)  # type: ignore[assignment]
    gone.checked_at = view.at - 0.2
    places.items = [gone]
    back = Detection(box=box, kind=ObjectClass.OBJECT, score=0.6)

    places.update(view, [Observation(zone="street", detection=back, since=18.0)])

    assert places.items[0].since == since
