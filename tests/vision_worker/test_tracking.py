"""The tracker on boxes whose identity is known."""

import numpy as np

from chengzhi_vision.thresholds import thresholds
from chengzhi_vision.tracking.motion import Motion
from chengzhi_vision.tracking.tracker import Tracker
from chengzhi_vision.types import Box, Detection, ObjectClass

PERSON, VEHICLE = ObjectClass.PERSON, ObjectClass.VEHICLE


def seen(x: float, y: float = 100, *, kind=PERSON, score: float = 0.9, size=(40, 80)) -> Detection:
    return Detection(box=Box(x=x, y=y, w=size[0], h=size[1]), kind=kind, score=score)


def tracker() -> Tracker:
    return Tracker(thresholds().track)


def test_a_moving_box_keeps_its_identity():
    own = tracker()

    ids = {own.update([seen(10 + 8 * i)], pts=i / 10)[0].track_id for i in range(50)}

    assert ids == {1}


def test_two_crossing_walkers_keep_their_identities():
    own, pairs = tracker(), []
    for i in range(60):
        walkers = [seen(10 + 6 * i, 100), seen(370 - 6 * i, 112)]
        tracks = {t.detection.box.y: t.track_id for t in own.update(walkers, pts=i / 10)}
        pairs.append((tracks[100], tracks[112]))

    assert set(pairs) == {(1, 2)}


def test_a_box_missed_for_a_while_comes_back_with_its_identity():
    own = tracker()
    before = [own.update([seen(10 + 4 * i)], pts=i / 10) for i in range(20)][-1][0]
    for i in range(20, 30):
        own.update([], pts=i / 10)

    after = own.update([seen(10 + 4 * 30)], pts=3.0)[0]

    assert after.track_id == before.track_id


def test_a_box_away_for_too_long_is_a_new_one():
    own = tracker()
    own.update([seen(10)], pts=0)
    own.update([], pts=5)

    assert own.update([seen(10)], pts=6)[0].track_id == 2


def test_a_weak_box_continues_a_track_but_starts_none():
    own = tracker()

    started = own.update([seen(10, score=0.3)], pts=0)
    own.update([seen(10)], pts=0.1)
    continued = own.update([seen(10, score=0.3)], pts=0.2)

    assert started == []
    assert [t.track_id for t in continued] == [1]


def test_classes_are_not_mixed():
    own = tracker()
    own.update([seen(10)], pts=0)

    assert own.update([seen(10, kind=VEHICLE)], pts=0.1)[0].track_id == 2


def test_speed_is_in_sizes_of_the_box_per_second():
    own, rng = tracker(), np.random.default_rng(1)
    for i in range(30):
        still = seen(100 + rng.normal(0, 1), size=(50, 50))
        moving = seen(100 + 10 * i, 300, size=(50, 50))
        tracks = own.update([still, moving], pts=i / 10)

    speeds = {t.detection.box.y: t.speed for t in tracks}
    assert speeds[100] < 0.25
    assert abs(speeds[300] - 2.0) < 0.1


def test_a_prediction_follows_the_velocity():
    motion = Motion(Box(x=0, y=0, w=20, h=20), pts=0)
    for i in range(1, 30):
        motion.predict(i / 10)
        motion.correct(Box(x=5.0 * i, y=0, w=20, h=20))

    assert abs(motion.predict(3.4).x - 170) < 5
