"""What has another color is new, however bright; whose stillness counts; what only seems to have left."""

from collections.abc import Sequence

import cv2
import numpy as np
import pytest

from chengzhi_vision.geometry import iou
from chengzhi_vision.scene.coloring import GroundColor
from chengzhi_vision.scene.doubts import Doubts, Named, is_named
from chengzhi_vision.scene.light import Tint
from chengzhi_vision.scene.resting import Resting
from chengzhi_vision.scene.static_objects import StaticObjects, StaticView
from chengzhi_vision.thresholds import thresholds
from chengzhi_vision.types import Box, Picture

HEIGHT, WIDTH, STEP_S = 180, 320, 0.5
SLABS = (130, 130, 130)
BOX = Box(x=120, y=80, w=60, h=40)
BROWN, GREY = (70, 138, 155), (131, 131, 131)  # blue, green, red: as bright as the slabs
GREEN = (104, 140, 112)
of_another_color = pytest.mark.parametrize(("color", "found"), [(BROWN, True), (GREY, False)])


def street(seed: int = 3) -> Picture:
    """Rough slabs in color."""
    rough = np.random.default_rng(seed).normal(0, 3, (HEIGHT, WIDTH, 1))
    return np.clip(np.asarray(SLABS) + rough, 0, 255).astype(np.uint8)


STREET = street()


def with_box(color: Sequence[int] | Picture, *, where: Box = BOX, on: Picture = STREET) -> Picture:
    picture = on.copy()
    x, y, right, bottom = (int(v) for v in (where.x, where.y, where.right, where.bottom))
    picture[y:bottom, x:right] = color
    return picture


class Watching:
    """A static generator that is shown pictures in color, twice a second."""

    def __init__(self) -> None:
        self.static = StaticObjects(thresholds().static, hold_s=200.0)
        self.at = 0.0

    def show(
        self, picture: Picture, seconds: float, *, named: Sequence[Box] | None = None
    ) -> StaticView:
        view = None
        for _ in range(round(seconds / STEP_S)):
            grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY).astype(np.uint8, copy=False)
            view = self.static.update(
                grey,
                at=self.at,
                scale=1.0,
                colors=lambda size: cv2.resize(picture, size).astype(np.uint8, copy=False),
                named=None if named is None else [Named(box, self.at) for box in named],
            )
            self.at += STEP_S
        assert view is not None
        return view


def is_found(view: StaticView, box: Box = BOX) -> bool:
    return any(iou(box, thing.box) > 0.3 for thing in view.objects)


@of_another_color
def test_a_thing_as_bright_as_the_ground_is_found_by_its_color(
    color: tuple[int, int, int], found: bool
) -> None:
    watching = Watching()
    watching.show(STREET, 10)

    view = watching.show(with_box(color), 8)

    assert is_found(view) is found
    assert all(thing.score > 0.3 for thing in view.objects)


def test_a_camera_that_balances_its_white_anew_shows_nothing_new() -> None:
    watching = Watching()
    watching.show(STREET, 10)
    warmer = np.clip(STREET * np.array([0.88, 1.0, 1.12]), 0, 255).astype(np.uint8)

    assert not watching.show(warmer, 8).objects


@pytest.mark.parametrize(("color", "found"), [(BROWN, True), ((7, 13, 15), False)])
def test_color_says_nothing_in_the_dark(color: tuple[int, int, int], found: bool) -> None:
    night = STREET if found else (STREET // 10)
    known = GroundColor(night)

    new = known.new(grey(night), tint(with_box(color, on=night)), at=1.0)

    assert bool(new[100, 150]) is found


def tint(picture: Picture) -> Tint:
    return Tint.of(picture)


def grey(picture: Picture) -> Picture:
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), np.uint8)


def test_what_moved_since_the_color_was_looked_at_is_not_new_by_its_color() -> None:
    known, shown = GroundColor(STREET), with_box(BROWN)

    assert known.new(grey(shown), tint(shown), at=1.0)[100, 150]
    assert not known.new(np.full((HEIGHT, WIDTH), 60, np.uint8), tint(shown), at=2.0).any()


CALM, NOWHERE = np.ones((HEIGHT, WIDTH), bool), np.zeros((HEIGHT, WIDTH), bool)


@pytest.mark.parametrize(
    ("calm", "found"),
    [([CALM] * 4, True), ([CALM] * 2, False), ([NOWHERE] * 30, False)],
    ids=["seen bare and still", "hardly seen", "always somebody there"],
)
def test_color_says_nothing_where_the_bare_ground_was_not_seen_still(
    calm: list[np.ndarray], found: bool
) -> None:
    known, shown = GroundColor(), with_box(BROWN)
    known.learn(tint(with_box((200, 40, 40))), NOWHERE, elapsed=0.0)  # who stood there at first

    for where in calm:
        known.learn(tint(STREET), where, elapsed=1.0)

    assert bool(known.new(grey(shown), tint(shown), at=9.0)[100, 150]) is found
    assert not known.new(grey(STREET), tint(STREET), at=19.0).any()


def rested(*shown: tuple[int, float]) -> float:
    """How long the middle of a picture has been still that showed grey levels for some seconds."""
    resting, at = Resting((20, 20)), 0.0
    new = np.ones((20, 20), bool)
    for level, seconds in shown:
        small = np.full((20, 20), level, np.uint8)
        for _ in range(round(seconds / STEP_S)):
            rest = resting.at_rest(small, at, noise=0.5)
            resting.count(small, new, rest, at=at, elapsed=STEP_S)
            at += STEP_S
    return resting.rested(new, (slice(0, 20), slice(0, 20)), at=at - STEP_S)


def test_what_comes_to_rest_where_somebody_stood_has_its_own_time() -> None:
    assert rested((200, 12.0)) == pytest.approx(10.0, abs=0.6)
    assert rested((200, 12.0), (90, 6.0)) == pytest.approx(4.0, abs=0.6)


def test_who_passes_in_front_takes_little_of_the_time() -> None:
    passed = rested((200, 12.0), (90, 1.0), (200, 6.0))

    assert passed == pytest.approx(10.0 + 4.0, abs=1.5)


def test_what_was_known_goes_on_in_a_picture_that_has_moved() -> None:
    resting, new, whole = Resting((20, 20)), np.ones((20, 20), bool), (slice(0, 20), slice(0, 20))
    small = np.full((20, 20), 200, np.uint8)
    for tick in range(20):
        at = tick * STEP_S
        rest = resting.at_rest(small, at, noise=0.5)
        resting.count(small, new, rest, at=at, elapsed=STEP_S)

    moved = resting.moved(lambda picture: np.roll(picture, 3, axis=1))

    assert moved.rested(new, whole, at=9.5) == resting.rested(new, whole, at=9.5) > 5
    assert moved.kept(60.0).all()


def test_what_seems_to_have_left_is_in_doubt_for_four_seconds() -> None:
    doubts = Doubts()

    told = [doubts.is_settled(BOX, at=at) for at in (10.0, 12.0, 13.9, 14.0)]

    assert told == [False, False, False, True]


def test_a_doubt_is_about_one_place_and_is_forgotten() -> None:
    doubts = Doubts()
    doubts.is_settled(BOX, at=10.0)

    assert not doubts.is_settled(Box(x=10, y=10, w=30, h=30), at=15.0)
    assert not doubts.is_settled(BOX, at=30.0)


BIN = Box(x=100, y=60, w=60, h=60)
MARKED = with_box((60, 60, 200), where=BIN)  # a field painted red
PALE = with_box(GREY, where=BIN, on=MARKED)  # a bin as grey as the street hides it


@pytest.mark.parametrize(
    ("named", "stays"),
    [([BIN], True), ([], False), ([Box(x=10, y=10, w=40, h=40)], False)],
    ids=["a detector names it", "nobody names anything", "something else is named"],
)
def test_a_bin_on_a_painted_field_stays_where_a_detector_names_it(
    named: list[Box], stays: bool
) -> None:
    watching = Watching()
    watching.show(MARKED, 10, named=[])

    view = watching.show(PALE, 14, named=named)

    assert is_found(view, BIN) is stays


def test_a_bin_that_stands_out_itself_stays_though_nobody_names_it() -> None:
    """The paint that it hides broke the street more than it does: both pictures show a thing."""
    painted = with_box((215, 215, 215), where=BIN)
    watching = Watching()
    watching.show(painted, 10, named=[])

    view = watching.show(with_box(GREEN, where=BIN, on=painted), 14, named=[])

    assert is_found(view, BIN)


def test_a_name_from_before_a_thing_came_to_rest_says_nothing() -> None:
    """A slow detector saw the one that stood there before."""
    assert is_named(BIN, [Named(BIN, 12.0)], since=11.0)
    assert not is_named(BIN, [Named(BIN, 9.0)], since=11.0)


def test_detectors_hurry_where_something_seems_to_have_left() -> None:
    watching = Watching()
    watching.show(MARKED, 10, named=[])
    assert not watching.static.is_in_doubt(watching.at)

    watching.show(PALE, 6, named=[])

    assert watching.static.is_in_doubt(watching.at)


def test_where_no_detector_looks_nothing_waits_for_one() -> None:
    watching = Watching()
    watching.show(MARKED, 10)

    view = watching.show(PALE, 6, named=None)

    assert not is_found(view, BIN)


def test_a_colored_thing_that_stood_there_from_the_start_leaves_bare_ground() -> None:
    """Its outline broke the ground in color only."""
    watching = Watching()
    watching.show(with_box(BROWN), 12, named=[])

    assert not watching.show(STREET, 14, named=[]).objects


@of_another_color
def test_a_former_ground_as_bright_as_a_thing_of_another_color_is_not_seen_again(
    color: tuple[int, int, int], found: bool
) -> None:
    """A dark lorry had stood there and the bare ground was forgotten; now a box as grey as it."""
    watching = Watching()
    watching.show(STREET, 30)
    watching.static._seed(np.full((HEIGHT, WIDTH), 60, np.uint8))

    view = watching.show(with_box(color, on=np.full_like(STREET, 60)), 8)

    assert is_found(view) is found
