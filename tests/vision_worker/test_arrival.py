"""When did it come? The pictures of the last seconds tell, and whoever looks closer looks early."""

from collections.abc import Iterator

import numpy as np
import pytest

from chengzhi_vision.dwell.dating import vouched
from chengzhi_vision.dwell.doubles import without_doubles
from chengzhi_vision.dwell.look import look_at, similarity
from chengzhi_vision.dwell.place import Place, Presence, note_present
from chengzhi_vision.dwell.view import View
from chengzhi_vision.dwell.witness import Says, Witness, came_at, look_around, witness_of
from chengzhi_vision.pipeline import Pipeline
from chengzhi_vision.pipeline.eyes import Paced
from chengzhi_vision.pipeline.second_look import KNOWN_TWICE, known_as
from chengzhi_vision.scene.past import KEEP_S, Past
from chengzhi_vision.thresholds import thresholds
from chengzhi_vision.types import Box, Detection, ObjectClass, Picture, Still

from .scenes import Player, Scene, Thing, camera_with, left, parked, player, standing
from .test_naming import FULL, Names

RNG = np.random.default_rng(5)
GROUND = RNG.integers(90, 130, (180, 320)).astype(np.uint8)
PATTERN = RNG.integers(0, 60, (40, 60)).astype(np.uint8)
BOX = Box(x=100, y=80, w=60, h=40)
LIMITS = thresholds()
OBJECT, CYCLE = ObjectClass.OBJECT, ObjectClass.TWO_WHEELER


def with_thing(*, shade: float = 1.0, hidden: float = 0.0) -> Picture:
    """The thing on the ground, perhaps in shade or with somebody before a part of it."""
    picture = GROUND.copy()
    picture[80:120, 100:160] = PATTERN
    picture[60:140, 100 : 100 + round(60 * hidden)] = 220
    return np.asarray(np.clip(picture * shade, 0, 255), np.uint8)


def witness() -> Witness:
    made = witness_of(with_thing(), GROUND, BOX, scale=1.0)
    assert made is not None
    return made


@pytest.mark.parametrize(
    ("picture", "says"),
    [
        (with_thing(), Says.THING),
        (with_thing(shade=0.7), Says.THING),
        (with_thing(hidden=0.4), Says.THING),
        (with_thing(hidden=0.9), Says.OTHER),
        (GROUND, Says.GROUND),
        ((GROUND * 0.7).astype(np.uint8), Says.GROUND),
    ],
)
def test_a_place_shows_the_thing_the_ground_or_somebody_in_front(
    picture: Picture, says: Says
) -> None:
    look = look_around(picture, BOX, scale=1.0)

    assert look is not None
    assert witness().says(look) is says


def test_a_thing_in_a_shadow_is_as_bright_as_the_ground_but_no_ground() -> None:
    """Its own pattern shows, and the ground's does not."""
    bright, shaded = GROUND.copy(), GROUND.copy()
    bright[80:120, 100:160] = np.kron(RNG.integers(130, 255, (4, 6)), np.ones((10, 10)))
    shaded[80:120, 100:160] = bright[80:120, 100:160] * 0.6
    stands = witness_of(bright, GROUND, BOX, scale=1.0)
    looks = [look_around(one, BOX, scale=1.0) for one in (shaded, GROUND)]

    assert stands is not None
    assert [stands.says(look) for look in looks if look is not None] == [Says.OTHER, Says.GROUND]


def test_a_thing_that_looks_like_the_ground_has_no_witness() -> None:
    assert witness_of(GROUND, GROUND, BOX, scale=1.0) is None
    assert witness_of(with_thing(), None, BOX, scale=1.0) is None


def backwards(shown: dict[int, Picture]) -> Iterator[tuple[float, Picture]]:
    """The pictures of twenty seconds, newest first; where nothing is said the ground is seen."""
    return ((float(at), shown.get(at, GROUND)) for at in range(19, -1, -1))


def test_a_thing_came_when_it_is_first_seen_after_the_bare_ground() -> None:
    seen = dict.fromkeys(range(9, 20), with_thing())

    came = came_at(witness(), backwards(seen), BOX, scale=1.0, now=20.0)

    assert (came.at, came.is_seen) == (9.0, True)


def test_who_stands_before_a_thing_for_some_seconds_does_not_make_it_come_later() -> None:
    seen = dict.fromkeys(range(9, 20), with_thing())
    seen |= dict.fromkeys(range(11, 14), with_thing(hidden=1.0))

    came = came_at(witness(), backwards(seen), BOX, scale=1.0, now=20.0)

    assert (came.at, came.is_seen) == (9.0, True)


def test_the_clock_does_not_run_while_a_thing_is_still_on_its_way_to_its_place() -> None:
    seen = dict.fromkeys(range(12, 20), with_thing())
    seen |= dict.fromkeys((10, 11), with_thing(hidden=0.4))

    came = came_at(witness(), backwards(seen), BOX, scale=1.0, now=20.0)

    assert (came.at, came.is_seen) == (12.0, True)


def test_a_thing_that_the_oldest_picture_shows_was_not_seen_to_come() -> None:
    seen = dict.fromkeys(range(20), with_thing())

    came = came_at(witness(), backwards(seen), BOX, scale=1.0, now=20.0)

    assert (came.at, came.is_seen) == (0.0, False)


def test_the_past_keeps_a_picture_a_second_and_one_that_is_older() -> None:
    past = Past()

    for step in range(300):
        past.note(GROUND, at=step / 5)

    moments = [at for at, _ in past.backwards()]
    assert len(moments) <= KEEP_S + 2
    assert moments[-1] <= moments[0] - KEEP_S
    assert past.before(0.0) is not None


def test_a_thing_in_the_first_pictures_is_part_of_the_street() -> None:
    """Somebody stood before it while the background was learned, then went."""
    bollard = Thing(kind=None, where=standing(300, 220), size=(50, 60), seed=3)
    person = Thing(kind=None, where=standing(290, 200, end=3.4, start=1), size=(80, 90), seed=9)
    street = player(camera_with(left(8), kind="pavement_clear"), bollard, person)

    assert street.play(0, 30, fps=3) == []


def test_a_second_heap_where_one_was_reported_has_its_own_stay() -> None:
    camera = camera_with(left(6), kind="pavement_clear")
    one = Thing(kind=None, where=standing(300, 220, start=6, end=18), size=(90, 70), seed=3)
    other = Thing(kind=None, where=standing(320, 230, start=24), size=(60, 50), seed=4)

    found = player(camera, one, other).play(0, 40, fps=3)

    assert [round(f.start_pts) for f in found] == [6, 24]


def test_a_closer_look_is_taken_before_the_dwell_so_that_the_alarm_need_not_wait() -> None:
    """Nobody can name it any more when the dwell is reached, and nobody needs to."""
    camera = camera_with({"finding": "bin_overflow", "dwell_s": 10}, kind="bin")
    thing = Thing(kind=None, where=standing(300, 250, start=5), size=(60, 40), seed=3)
    scene = Scene(things=[thing])
    names = Early(FULL, scene=scene, until=14.0)
    pipeline = Pipeline(camera, detector=None, slow=[Paced(detector=names, every_s=60)])

    found = Player(scene=scene, pipeline=pipeline).play(0, 19, fps=3)

    assert [round(f.alarm_pts) for f in found] == [15]


class Early(Names):
    """Names what fills a crop, but only until a moment."""

    def __init__(self, kind: ObjectClass, *, scene: Scene, until: float) -> None:
        super().__init__(kind)
        self.scene, self.until = scene, until

    def detect(self, image: np.ndarray) -> list[Detection]:
        return super().detect(image) if self.scene.now < self.until else []


def test_a_piece_is_dropped_beside_the_whole_that_came_with_it() -> None:
    whole, piece, beside = place(100, 120), place(150, 30), place(300, 30)

    assert without_doubles([piece, whole, beside]) == [whole, beside]


def place(x: float, w: float, *, since: float = 5.0) -> Place:
    box = Box(x=x, y=200, w=w, h=w / 2)
    anchor = np.zeros((48, 48), np.uint8)
    return Place(
        kind=OBJECT, zone="street", box=box, anchor=anchor, since=since, last_present=since
    )


def test_one_sure_look_and_a_fair_one_name_a_cycle() -> None:
    box = Box(x=10, y=10, w=50, h=40)

    def looks(*scores: float) -> list[list[Detection]]:
        return [[Detection(box=box, kind=CYCLE, score=score)] for score in scores]

    assert known_as(box, {CYCLE}, looks(0.0, 0.7, 0.4)) >= KNOWN_TWICE
    assert known_as(box, {CYCLE}, looks(0.0, 0.8, 0.1)) < KNOWN_TWICE


def test_a_vehicle_behind_one_that_stopped_counts_from_when_it_was_seen() -> None:
    """Its own dwell begins with its first picture, not with what hid it."""
    car = Thing(kind=ObjectClass.VEHICLE, where=standing(300, 200, start=9), seed=2)

    found = player(camera_with(parked(8)), car).play(0, 24)

    assert [f.start_unknown for f in found] == [False]
    assert found[0].start_pts == pytest.approx(9, abs=1.0)
    assert found[0].start_pts >= 8.8


def test_whoever_hides_a_thing_for_long_must_have_been_preceded_by_it() -> None:
    """A sure look before: a passer-by alone does not make it come earlier."""
    hidden = dict.fromkeys(range(9, 17), with_thing(hidden=1.0))
    rest = dict.fromkeys(range(17, 20), with_thing()) | hidden
    fair = with_thing(hidden=0.4)

    sure = came_at(witness(), backwards(rest | {8: with_thing()}), BOX, scale=1.0, now=20.0)
    faint = came_at(witness(), backwards(rest | {8: fair}), BOX, scale=1.0, now=20.0)

    assert [came.at for came in (sure, faint)] == [8.0, 17.0]


@pytest.mark.parametrize(
    ("shows", "is_dated", "counts"),
    [(Says.THING, False, True), (Says.OTHER, True, True), (Says.OTHER, False, False)],
)
def test_a_thing_in_pieces_still_counts_while_it_differs_from_the_ground(
    shows: Says, is_dated: bool, counts: bool
) -> None:
    thing = place(200, 120)
    thing.box, thing.witness, thing.shows, thing.is_dated = BOX, witness(), shows, is_dated
    view = view_of(ground=GROUND)

    assert (vouched(thing, view, Presence.PRESENT) is not None) is counts
    assert vouched(thing, view, Presence.HIDDEN) is None
    assert vouched(thing, view_of(ground=with_thing()), Presence.PRESENT) is None
    whole = Box(x=40, y=60, w=160, h=90)
    assert vouched(thing, view_of(ground=GROUND, things=(whole,)), Presence.PRESENT) is None


@pytest.mark.parametrize(("shows", "follows"), [(Says.THING, True), (Says.OTHER, False)])
def test_what_is_put_down_beside_a_thing_becomes_part_of_its_look(
    shows: Says, follows: bool
) -> None:
    """A stall is set out crate by crate: its clock must not stop at the third."""
    before, more = (look_at(one, BOX, scale=1.0) for one in (with_thing(), with_thing(hidden=0.3)))
    assert before is not None and more is not None
    stall = place(200, 120)
    stall.anchor, stall.shows = before, shows
    assert similarity(before, more) < LIMITS.dwell.same_look

    note_present(stall, more, at=1.0, limits=LIMITS.dwell, is_seen=True)

    assert (similarity(stall.anchor, more) > similarity(before, more)) is follows


def view_of(*, ground: Picture, things: tuple[Box, ...] = ()) -> View:
    return View(
        at=20.0,
        luma=with_thing(),
        scale=1.0,
        looked=frozenset(),
        still=no_still,
        small=with_thing(),
        ground=ground,
        things=things,
    )


def no_still() -> Still:
    raise AssertionError("no picture is asked for here")
