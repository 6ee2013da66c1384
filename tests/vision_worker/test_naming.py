"""What a still thing is, whether it is still the same one, and whether it came or left."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from chengzhi_vision.bench.truth import read_json
from chengzhi_vision.dwell.place import Place, Presence, is_other, judge
from chengzhi_vision.pipeline import Paced, Pipeline
from chengzhi_vision.pipeline.eyes import Eyes, sorted_out
from chengzhi_vision.pipeline.observing import known_boxes, observations
from chengzhi_vision.pipeline.second_look import strength
from chengzhi_vision.rules.violations import is_new, stands_in
from chengzhi_vision.scene.blobs import blobs_of
from chengzhi_vision.scene.contour import is_laid_bare
from chengzhi_vision.scene.people import Heights
from chengzhi_vision.scene.static_objects import StaticView
from chengzhi_vision.thresholds import thresholds
from chengzhi_vision.types import Box, Detection, FindingKind, Frame, ModelRef, ObjectClass

from .scenes import HEIGHT, WIDTH, Player, Scene, Thing, camera_with, standing

LIMITS = thresholds()
CAR, CYCLE, PERSON = ObjectClass.VEHICLE, ObjectClass.TWO_WHEELER, ObjectClass.PERSON
HEAP, BIN, FULL = ObjectClass.GARBAGE, ObjectClass.BIN, ObjectClass.OVERFLOW
THING = ObjectClass.OBJECT
RNG = np.random.default_rng(5)
ONE, OTHER = (RNG.integers(0, 256, (48, 48)).astype(np.uint8) for _ in range(2))


def box(x: float, y: float = 200, w: float = 60, h: float = 40) -> Box:
    return Box(x=x, y=y, w=w, h=h)


def seen(kind: ObjectClass, where: Box, score: float = 0.8) -> Detection:
    return Detection(box=where, kind=kind, score=score)


def place(kind: ObjectClass = THING, where: Box | None = None, **more: object) -> Place:
    known = {"zone": "street", "anchor": ONE, "since": 0.0, "last_present": 30.0, **more}
    return Place(kind=kind, box=where or box(300), **known)  # type: ignore[arg-type]


def tiles(seed: int) -> np.ndarray:
    """A pavement of small stones, whose edges are strong everywhere."""
    stones = np.random.default_rng(seed).integers(40, 210, (30, 53)).astype(np.uint8)
    return cv2.resize(stones, (160, 90), interpolation=cv2.INTER_NEAREST)


@pytest.mark.parametrize("has_left", [False, True])
def test_a_plain_thing_on_rough_ground_came_and_its_bare_place_was_left(has_left: bool):
    bare = tiles(1)
    covered = bare.copy()
    covered[30:60, 50:100] = 245
    mask = np.zeros(bare.shape, np.uint8)
    mask[30:60, 50:100] = 1
    (blob,) = blobs_of(mask)
    before, now = (covered, bare) if has_left else (bare, covered)

    told = is_laid_bare(blob, before=(before, None), now=(now, None), ratio=0.1)

    assert told is has_left


def test_a_full_bin_in_the_place_of_a_clean_one_lays_no_ground_bare():
    """The old one stood out more; the new one still does."""
    before, full, bare = (np.full((90, 160), 120, np.uint8) for _ in range(3))
    before[30:60, 50:80], full[30:60, 50:80] = 20, 160
    mask = np.zeros(before.shape, np.uint8)
    mask[30:60, 50:80] = 1
    (blob,) = blobs_of(mask)

    told = [
        is_laid_bare(blob, before=(before, None), now=(now, None), ratio=0.1)
        for now in (full, bare)
    ]

    assert told == [False, True]


def test_what_stands_over_two_zones_is_put_together_within_each():
    left, right = ([[x, 150], [x + 200, 150], [x + 200, 359], [x, 359]] for x in (0, 210))
    goods = [{"finding": "object_left", "dwell_s": 10}]
    other = {"name": "other", "kind": "pavement_clear", "polygon": right, "rules": goods}
    camera = camera_with(*goods, kind="pavement_clear", areas=[other])
    street = replace(camera.zones[0], polygon=tuple(map(tuple, left)))
    camera = replace(camera, zones=(street, camera.zones[1]))
    parts = (seen(THING, box(110)), seen(THING, box(175, w=20)), seen(THING, box(215)))
    static = StaticView(objects=parts, rest_since=(5.0, 6.0, 5.5), new_share=0.0)
    sight = Pipeline(camera, detector=None)._sight

    found = observations(camera, [], sight, static, Heights())

    assert [(o.zone, o.detection.box.rounded(), o.since) for o in found] == [
        ("street", [110, 200, 85, 40], 5.0),
        ("other", [215, 200, 60, 40], 5.5),
    ]


@pytest.mark.parametrize(
    ("kind", "veiled", "presence"),
    [
        (HEAP, False, Presence.CHANGED),
        (HEAP, True, Presence.HIDDEN),
        (THING, False, Presence.HIDDEN),
        (THING, True, Presence.HIDDEN),
        (CAR, True, Presence.CHANGED),
    ],
)
def test_what_stands_in_front_hides_a_nameless_thing_and_changes_nothing(kind, veiled, presence):
    told = judge(
        place(kind), OTHER, seen=seen(kind, box(300)), limits=LIMITS.dwell, is_veiled=veiled
    )

    assert told is presence


@pytest.mark.parametrize(
    ("kind", "veiled", "presence"),
    [(THING, False, Presence.ABSENT), (THING, True, Presence.HIDDEN), (CAR, True, Presence.ABSENT)],
)
def test_a_grey_car_in_front_that_looks_like_the_ground_lays_nothing_bare(kind, veiled, presence):
    told = judge(
        place(kind), OTHER, seen=None, limits=LIMITS.dwell, is_veiled=veiled, is_ground=True
    )

    assert told is presence


def test_bare_ground_says_that_a_thing_has_gone():
    assert judge(place(), OTHER, seen=None, limits=LIMITS.dwell, is_bare=True) is Presence.ABSENT
    assert judge(place(), ONE, seen=None, limits=LIMITS.dwell, is_bare=True) is Presence.PRESENT


@pytest.mark.parametrize(
    ("look", "since", "other"), [(OTHER, 34.0, True), (OTHER, 0.0, False), (ONE, 34.0, False)]
)
def test_another_thing_is_one_that_looks_different_and_came_later(look, since, other):
    old = place(absent_s=2.0)

    assert is_other(old, look, since=since, at=38.0, limits=LIMITS.dwell) is other
    assert not is_other(place(), look, since=since, at=38.0, limits=LIMITS.dwell)


def test_a_reported_stall_is_not_reported_again_for_what_is_put_down_beside_it():
    camera = camera_with({"finding": "goods_on_pavement", "dwell_s": 10}, kind="pavement_clear")
    (rule,) = camera.zones[0].rules
    reported = place(where=box(200), alert_count=1)

    assert not is_new(place(where=box(270), since=60.0), rule, [reported])
    assert is_new(place(where=box(450), since=60.0), rule, [reported])


@pytest.mark.parametrize(
    ("was_seen_to_come", "last_seen", "waits"),
    [(True, 40.0, False), (True, 70.0, True), (False, 40.0, True)],
)
def test_what_came_to_bare_ground_after_a_reported_thing_was_last_seen_does_not_wait_for_it(
    was_seen_to_come, last_seen, waits
):
    """Somebody stood there meanwhile, so that nobody saw the first one leave."""
    camera = camera_with({"finding": "object_left", "dwell_s": 10}, kind="pavement_clear")
    (rule,) = camera.zones[0].rules
    reported = place(where=box(200), alert_count=1, last_present=last_seen)
    fresh = place(where=box(205), since=60.0, is_dated=was_seen_to_come)

    assert is_new(fresh, rule, [reported]) is not waits


@pytest.mark.parametrize(
    ("reported_as", "alerted_at", "waits"),
    [(THING, 40.0, False), (THING, 80.0, True), (HEAP, 40.0, True)],
    ids=["came after it was reported", "is what was reported", "has the same name"],
)
def test_a_heap_that_was_seen_to_come_after_a_nameless_thing_was_reported_does_not_wait_for_it(
    reported_as, alerted_at, waits
):
    """The heap looks so much like what lay there before that it is taken for it."""
    camera = camera_with({"finding": "garbage_exposed", "dwell_s": 10}, kind="pavement_clear")
    (rule,) = camera.zones[0].rules
    reported = place(reported_as, box(200), alert_count=1, alerted_at=alerted_at, last_present=90.0)
    fresh = place(HEAP, box(205), since=60.0, is_dated=True)

    assert is_new(fresh, rule, [reported]) is not waits


def test_a_tall_bin_stands_where_its_foot_is():
    (zone,) = camera_with({"finding": "bin_overflow", "dwell_s": 10}, kind="bin").zones

    assert stands_in(zone, box(100, y=60, h=120), FULL)
    assert not stands_in(zone, box(100, y=60, h=80), FULL)


def test_a_clean_bin_a_cycle_and_a_person_are_no_heap():
    bin_, cycle = seen(BIN, box(100), 0.7), seen(CYCLE, box(300), 0.8)
    heaps = [bin_, seen(FULL, box(102), 0.4), seen(HEAP, box(300), 0.5), seen(HEAP, box(500), 0.3)]

    kept = sorted_out(heaps, [cycle])

    assert [(d.kind, d.box.x) for d in kept] == [(BIN, 100), (HEAP, 500)]


def test_two_looks_must_agree_on_a_name():
    once = [[seen(CYCLE, box(300), 0.9)], [], []]
    twice = [[seen(CYCLE, box(300), 0.9)], [seen(CYCLE, box(310), 0.5)], []]

    assert strength(box(300), {CYCLE}, once) == 0.0
    assert strength(box(300), {CYCLE}, twice) == 0.5


class Names:
    """Names whatever fills a good part of an enlarged crop; in the whole picture one box, if any."""

    model = ModelRef(name="close", version="1")

    def __init__(self, kind: ObjectClass, *, score: float = 0.7, box: Box | None = None) -> None:
        self.kind, self.classes = kind, frozenset([kind])
        self.score, self.box = score, box

    def load(self) -> None:
        """There is nothing to load."""

    def detect(self, image: np.ndarray) -> list[Detection]:
        height, width = image.shape[:2]
        inner = Box(x=width * 0.2, y=height * 0.3, w=width * 0.6, h=height * 0.4)
        box = self.box if (height, width) == (HEIGHT, WIDTH) else inner
        return [] if box is None else [Detection(box=box, kind=self.kind, score=self.score)]


@pytest.mark.parametrize(
    ("finding", "zone", "name", "kinds"),
    [
        ("two_wheeler_parked", "two_wheeler_no_parking", CYCLE, [FindingKind.TWO_WHEELER_PARKED]),
        ("two_wheeler_parked", "two_wheeler_no_parking", PERSON, []),
        ("object_left", "pavement_clear", CYCLE, []),
        ("bin_overflow", "bin", FULL, [FindingKind.BIN_OVERFLOW]),
    ],
)
def test_a_still_thing_is_named_on_enlarged_crops_at_its_dwell(finding, zone, name, kinds):
    camera = camera_with({"finding": finding, "dwell_s": 8}, kind=zone)
    thing = Thing(kind=None, where=standing(300, 250, start=5), size=(60, 40), seed=3)
    slow = [Paced(detector=Names(name), every_s=60)]
    pipeline = Pipeline(camera, detector=None, slow=slow)

    found = Player(scene=Scene(things=[thing]), pipeline=pipeline).play(0, 22, fps=3)

    assert [f.kind for f in found] == kinds
    assert all(f.start_pts == pytest.approx(5, abs=1) for f in found)


def test_a_slow_detector_that_hurried_does_not_sleep_afterwards():
    camera = camera_with({"finding": "garbage_exposed", "dwell_s": 10}, kind="pavement_clear")
    eyes = Eyes(camera, [Paced(detector=Names(HEAP), every_s=15)])
    picture = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    asked = []

    for t in range(60):
        frame = Frame(index=t, pts=float(t), at=float(t), image=picture)
        sight = eyes.look(frame, picture[:, :, 0], list, is_near=10 <= t < 25)
        asked += [t] if sight.looked else []

    assert asked == [0, 8, 11, 14, 17, 20, 23, 38, 53]


def test_what_no_clip_can_tell_does_not_count():
    def row(kind: str, start: float, end: float | None) -> dict[str, object]:
        boxes = [{"t": max(start, 0), "bbox": [1, 2, 30, 40]}]
        return {"id": kind, "kind": kind, "start_s": start, "end_s": end, "boxes": boxes}

    events = [
        row("object_left", 0, 50), row("motor_vehicle_parked", 0, 50), row("object_left", 90, None)
    ]  # fmt: skip

    truth = read_json({"seconds": 100, "events": events}, clip="x", camera=None, dwell_s=20)

    assert [(str(e.kind), e.is_due) for e in truth.events] == [
        ("motor_vehicle_parked", True),
        ("object_left", False),
    ]
    assert [(s.kind, s.start_s, s.end_s) for s in truth.ignored] == [
        (FindingKind.OBJECT_LEFT, 0, 50)
    ]


class Knows:
    """Names one class; says which classes it could."""

    def __init__(self, *classes: ObjectClass, sees: ObjectClass | None = None) -> None:
        self.classes, self.sees = frozenset(classes), sees
        self.model, self.asked = ModelRef(name="fake", version="1"), 0

    def load(self) -> None:
        """There is nothing to load."""

    def detect(self, image: np.ndarray) -> list[Detection]:
        self.asked += 1
        height, width = image.shape[:2]
        where = Box(x=0, y=0, w=float(width), h=float(height))
        return [] if self.sees is None else [seen(self.sees, where)]


def test_a_slow_detector_names_what_a_fast_one_knows_in_closer_looks_only():
    """The head knows electric scooters better; whether one stands there the fast one says."""
    fast, slow = Knows(CYCLE, PERSON), Knows(HEAP, CYCLE, sees=CYCLE)
    camera = camera_with({"finding": "garbage_exposed", "dwell_s": 5}, kind="bin")
    eyes = Eyes(camera, [Paced(detector=fast, every_s=0.5), Paced(detector=slow, every_s=15)])
    frame = Frame(index=0, pts=0.0, at=0.0, image=np.zeros((HEIGHT, WIDTH, 3), np.uint8))

    sight = eyes.look(frame, np.zeros((90, 160), np.uint8), list)
    closer = eyes.closer(frame, box(300), factors=(1.3,), kinds=frozenset([CYCLE]))

    assert slow.asked == 1
    assert CYCLE not in {d.kind for d in sight.seen}
    assert CYCLE in sight.looked  # the fast one looked for it
    assert {d.kind for d in closer[1]} == {CYCLE}


def test_a_heap_that_the_same_detector_takes_rather_for_a_cycle_is_none():
    rather = Knows(HEAP, CYCLE)
    rather.detect = lambda image: [seen(HEAP, box(300), 0.6), seen(CYCLE, box(300), 0.8)]  # type: ignore[method-assign]
    camera = camera_with({"finding": "garbage_exposed", "dwell_s": 5}, kind="bin")
    eyes = Eyes(
        camera, [Paced(detector=Knows(CYCLE), every_s=0.5), Paced(detector=rather, every_s=15)]
    )
    frame = Frame(index=0, pts=0.0, at=0.0, image=np.zeros((HEIGHT, WIDTH, 3), np.uint8))

    sight = eyes.look(frame, np.zeros((90, 160), np.uint8), list)

    assert sight.seen == ()


@pytest.mark.parametrize(("heap", "person", "is_known"), [(0.6, 0.4, False), (0.4, 0.6, True)])
def test_bags_that_look_like_somebody_who_sits_there_are_bags(heap, person, is_known):
    told = [seen(HEAP, box(300, w=100, h=60), heap), seen(PERSON, box(340, 205, 50, 50), person)]

    assert bool(known_boxes(told, floor=0.25)) is is_known


def test_who_stands_beside_a_heap_is_known():
    told = [seen(HEAP, box(300), 0.9), seen(PERSON, box(340, 150, 40, 90), 0.4)]

    assert known_boxes(told, floor=0.25) == [told[1].box]
