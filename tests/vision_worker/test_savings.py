"""What a camera need not pay for: looks where nothing changed, where nothing stands, all at once."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from chengzhi_vision.config import Camera
from chengzhi_vision.dwell.place import Place
from chengzhi_vision.evidence.ring import PacketRing, Piece, Room
from chengzhi_vision.fleet.allowance import BURST, Allowance
from chengzhi_vision.fleet.detector import LookQueue, SharedDetector
from chengzhi_vision.fleet.preroll import is_near
from chengzhi_vision.pipeline import Paced, Pipeline
from chengzhi_vision.pipeline.eyes import Eyes
from chengzhi_vision.pipeline.second_look import CLOSER
from chengzhi_vision.types import Box, Detection, Frame, ModelRef, ObjectClass

from .scenes import HEIGHT, WIDTH, Player, Scene, Thing, camera_with, left, parked, standing

CAR, DOG = ObjectClass.VEHICLE, ObjectClass.DOG
THING = Box(x=300, y=200, w=60, h=40)


class Counting:
    """A detector that counts its looks and sees nothing."""

    model = ModelRef(name="counting", version="1")
    classes = frozenset([ObjectClass.PERSON, CAR, DOG, ObjectClass.TWO_WHEELER])

    def __init__(self) -> None:
        self.looks = 0

    def load(self) -> None: ...

    def detect(self, image: np.ndarray) -> list[Detection]:
        self.looks += 1
        return []


def frame_of(at: float, picture: np.ndarray) -> Frame:
    return Frame(index=0, pts=at, at=at, image=picture)


def street(passer_by: int | None = None) -> np.ndarray:
    picture = np.full((HEIGHT, WIDTH, 3), 90, np.uint8)
    if passer_by is not None:
        picture[200:260, passer_by : passer_by + 20] = 200
    return picture


def seen_at(eyes: Eyes, at: float, picture: np.ndarray) -> Frame:
    """Let the usual looks see a picture, as the chain does before any closer look."""
    frame = frame_of(at, picture)
    eyes.look(frame, picture[::4, ::4, 0], list)
    return frame


@pytest.mark.parametrize(
    ("later", "passer_by", "fresh"),
    [(2.0, None, 0), (2.0, 310, 4), (2.0, 100, 1), (12.0, None, 4)],
    ids=["nothing changed", "somebody before it", "somebody elsewhere", "long ago"],
)
def test_a_closer_look_is_taken_again_only_where_something_changed(later, passer_by, fresh):
    detector = Counting()
    eyes = Eyes(camera_with(parked()), [Paced(detector=detector, every_s=60)])
    kinds = frozenset([CAR])
    list(eyes.closer(seen_at(eyes, 0, street()), THING, factors=CLOSER, kinds=kinds))
    before = detector.looks

    frame = seen_at(eyes, later, street(passer_by))
    list(eyes.closer(frame, THING, factors=CLOSER, kinds=kinds))

    assert before == 4  # the whole picture was seen by the usual look
    assert detector.looks - before == fresh


def test_a_picture_that_the_usual_looks_never_saw_is_looked_at_anew():
    detector = Counting()
    eyes = Eyes(camera_with(parked()), [Paced(detector=detector, every_s=60)])
    seen_at(eyes, 0, street())

    looks = eyes.closer(frame_of(3, street()), THING, factors=CLOSER, kinds=frozenset([CAR]))

    assert [len(list(looks)), detector.looks] == [4, 5]


def test_a_look_taken_over_is_no_look_of_the_detector():
    eyes = Eyes(camera_with(parked()), [Paced(detector=Counting(), every_s=0.5)])
    seen_at(eyes, 0, street())
    seen_at(eyes, 4, street())
    seen_at(eyes, 8, street())

    assert eyes.reused == 1
    assert (eyes.looked_at(CAR), eyes.looked_at(ObjectClass.GARBAGE)) == (4, float("-inf"))


def eased(camera: Camera, *, is_empty: bool) -> int:
    """Return how often a camera is looked at in ten pictures of a busy street, 2 s apart."""
    detector = Counting()
    eyes = Eyes(camera, [Paced(detector=detector, every_s=0.5)])
    for number in range(10):
        picture = street(passer_by=40 * number)
        eyes.look(frame_of(2.0 * number, picture), picture[::4, ::4, 0], list, is_empty=is_empty)
    return detector.looks


def test_by_key_frames_every_second_picture_is_looked_at_where_nothing_stands():
    by_key_frames = camera_with(parked(), keyframes_only=True)
    dogs = camera_with(
        {"finding": "dog_unattended", "dwell_s": 10}, kind="pavement_clear", keyframes_only=True
    )

    assert eased(by_key_frames, is_empty=True) == 5
    assert eased(by_key_frames, is_empty=False) == 10
    assert eased(camera_with(parked()), is_empty=True) == 10
    assert eased(dogs, is_empty=True) == 10


def looks_beside(kind: ObjectClass) -> int:
    """Return how often a busy street is looked at in ten key frames while something stands there."""
    detector = Counting()
    pipeline = Pipeline(camera_with(parked(), keyframes_only=True), detector=detector)
    anchor = street()[:48, :48, 0].copy()
    stay = Place(
        kind=kind, zone="street", box=Box(x=20, y=300, w=60, h=40), anchor=anchor, since=0.0,
        last_present=0.0,
    )  # fmt: skip
    pipeline.places.items.append(stay)
    for number in range(10):
        pipeline.feed(frame_of(2.0 * number, street(passer_by=40 * number)))
    assert stay in pipeline.places.items
    return detector.looks


@pytest.mark.parametrize(("step", "looks"), [(0, 3), (40, 5)], ids=["still", "busy"])
def test_who_looks_seldom_spares_every_second_look_where_nothing_changes(step, looks):
    detector = Counting()
    eyes = Eyes(camera_with(parked()), [Paced(detector=detector, every_s=15)])

    for number in range(5):
        seen_at(eyes, 15.0 * number, street(passer_by=step * number))

    assert detector.looks == looks


def test_a_heap_that_lies_there_holds_only_those_awake_who_know_heaps():
    assert looks_beside(ObjectClass.GARBAGE) == 5
    assert looks_beside(ObjectClass.OBJECT) == 10


def test_a_car_that_parks_before_eased_eyes_is_reported_all_the_same():
    scene = Scene(things=[Thing(kind=CAR, where=standing(300, 250, start=21), size=(60, 40))])
    camera = camera_with(parked(30), keyframes_only=True)
    pipeline = Pipeline(camera, detector=scene)

    found = Player(scene=scene, pipeline=pipeline).play(0, 80, fps=0.5)

    assert [round(f.start_pts) for f in found] == [22]


def test_closer_looks_are_let_through_at_a_steady_pace_the_longest_waiting_first():
    allowance = Allowance(per_s=1)
    for _ in range(int(BURST)):
        allowance.spend()

    refused = [allowance.asks(who, at=0.0) for who in range(20)]
    late = [who for who in reversed(range(20)) if allowance.asks(who, at=1.0)]

    assert refused == [False] * 20
    assert late == list(reversed(range(20)))  # all came at once: none is before the other
    assert allowance.waiting == 0


def test_who_came_later_waits_behind_those_who_still_ask():
    allowance = Allowance(per_s=1)
    for _ in range(int(BURST) + 1):
        allowance.spend()
    for who in range(10):
        allowance.asks(who, at=0.1 * who)

    answers = [allowance.asks("late", at=3.0), allowance.asks(0, at=3.0)]
    after_the_others_gave_up = allowance.asks("late", at=12.0)

    assert answers == [False, True]
    assert after_the_others_gave_up


def test_a_stay_waits_for_its_closer_look_and_is_reported_afterwards():
    queue = LookQueue()
    scene = Scene(things=[Thing(kind=None, where=standing(300, 250, start=5), size=(48, 40))])
    shared = SharedDetector(scene, queue).on_behalf_of(SimpleNamespace(detect_s=0.0), priority=0)
    pipeline = Pipeline(camera_with(left(10)), detector=shared)
    player = Player(scene=scene, pipeline=pipeline)
    queue.closer.per_s = 0.0
    for _ in range(int(BURST)):
        queue.closer.spend()

    while_it_waits = list(player.play(0, 30, fps=2))
    waiting = queue.closer.waiting
    queue.closer.per_s = 100.0
    afterwards = player.play(30, 36, fps=2)

    assert (while_it_waits, waiting) == ([], 1)
    assert [round(f.alarm_pts) for f in afterwards] == [15]  # the dwell, not the look


def piece(pts: float) -> Piece:
    return Piece(pts=pts, dts=pts, duration=0.04, is_key=True, payload=b"x" * 100)


def test_rings_that_wake_together_share_the_room_and_one_alone_has_all_of_it():
    room = Room(a_ring=400, least=0)
    one, other = (PacketRing(keep_s=60, max_bytes=10**6, room=room) for _ in range(2))

    for second in range(20):
        one.add(piece(float(second)))
    alone = one.size
    for second in range(20, 40):
        one.add(piece(float(second)))
        other.add(piece(float(second)))

    assert (alone, one.size, other.size) == (800, 400, 400)


def test_a_stay_that_was_refused_keeps_no_video_until_it_is_looked_at_again():
    camera = camera_with(left(180))
    pipeline = Pipeline(camera, detector=None)
    anchor = np.zeros((48, 48), np.uint8)
    stay = Place(
        kind=ObjectClass.OBJECT, zone="street", box=THING, anchor=anchor, since=0.0,
        last_present=170.0, seen=300, looks=300, steady=300, samples=300, score_sum=300.0,
    )  # fmt: skip
    pipeline.places.items.append(stay)
    rule = camera.zones[0].rules[0]
    before = is_near(pipeline, at=170.0)

    stay.asked_about(rule.finding).refuse(at=170.0, refusals=1)

    assert (before, is_near(pipeline, at=175.0), is_near(pipeline, at=400.0)) == (
        True,
        False,
        False,
    )


def test_a_changed_outline_is_another_part_of_the_picture():
    detector = Counting()
    eyes = Eyes(camera_with(parked()), [Paced(detector=detector, every_s=60)])
    frame, kinds = seen_at(eyes, 0, street()), frozenset([CAR])
    list(eyes.closer(frame, THING, factors=CLOSER, kinds=kinds))

    list(eyes.closer(frame, replace(THING, x=330.0), factors=CLOSER, kinds=kinds))

    assert detector.looks == 1 + 2 * len(CLOSER)
