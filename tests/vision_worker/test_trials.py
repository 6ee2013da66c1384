"""A draft of rules tried on stored stills: the ring on disk, and the chain run over it."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from chengzhi_vision.camera_file import read_camera
from chengzhi_vision.perspective import expected_height, read_perspective
from chengzhi_vision.rules.size import fits
from chengzhi_vision.trial.replay import TooFewStills, coverage, replay
from chengzhi_vision.trial.ring import StillRing
from chengzhi_vision.types import Box, Detection, FindingKind, Frame, ModelRef, ObjectClass

START = 1_764_000_000.0
DRAFT = {
    "camera": {"code": "C001", "picture": [1280, 720]},
    "zones": [
        {
            "name": "kerb",
            "kind": "no_parking",
            "polygon": [[0, 300], [1280, 300], [1280, 720], [0, 720]],
            "rules": [{"finding": "motor_vehicle_parked", "dwell_s": 180}],
        }
    ],
}


class BrightThings:
    """Takes what is bright for a car, in whatever part of the picture it is shown."""

    model = ModelRef(name="bright", version="1")

    def load(self) -> None: ...

    def detect(self, image):
        mask = (image.min(axis=2) > 230).astype(np.uint8)
        x, y, w, h = cv2.boundingRect(mask)
        if w < 20 or h < 20:
            return []
        box = Box(x=x, y=y, w=w, h=h)
        return [Detection(box=box, kind=ObjectClass.VEHICLE, score=0.9, label="car")]


GROUND = np.random.default_rng(1).integers(60, 120, (360, 640, 3), np.uint8)


def frame(number: int, *, car: bool = False) -> Frame:
    image = GROUND.copy()
    if car:
        image[220:280, 200:320] = 255
        image[235:245, 210:310] = 240
    return Frame(index=number, pts=20.0 * number, at=START + 20.0 * number, image=image)


def filled(folder, *, count: int, with_car=range(0)) -> StillRing:
    ring = StillRing(folder, every_s=20.0)
    for number in range(count):
        ring.offer("C001", frame(number, car=number in with_car))
    return ring


def stills(ring: StillRing):
    return ring.stills("C001", since=START - 1, until=START + 1e6)


def test_a_still_every_so_often_and_found_again_after_a_restart(tmp_path):
    ring = StillRing(tmp_path, every_s=20.0)

    kept = [ring.offer("C001", replace(frame(0), at=START + at)) for at in (0, 5, 20, 39, 40.5)]

    assert kept == [True, False, True, False, True]
    again = StillRing(tmp_path, every_s=20.0)
    assert [still.at - START for still in stills(again)] == [0, 20, 40.5]
    assert stills(again)[0].picture().shape == (360, 640, 3)


def test_the_ring_lets_go_of_the_oldest_by_bytes_and_by_age(tmp_path):
    filled(tmp_path, count=3)
    size = sum(path.stat().st_size for path in tmp_path.rglob("*.jpg"))
    tight = StillRing(tmp_path, every_s=20.0, most_bytes=size)

    tight.offer("C001", frame(3))

    assert [still.at - START for still in stills(tight)] == [20, 40, 60]
    assert len(list(tmp_path.rglob("*.jpg"))) == 3
    old = StillRing(tmp_path, every_s=20.0, keep_s=30.0)
    old.offer("C001", frame(4))
    assert [still.at - START for still in stills(old)] == [60, 80]


def test_a_damaged_still_is_no_picture(tmp_path):
    ring = filled(tmp_path, count=1)
    (still,) = stills(ring)

    still.path.write_bytes(b"no picture")

    assert still.picture() is None
    still.path.unlink()
    assert still.picture() is None


def test_gaps_do_not_count_as_seen():
    moments = [0.0, 20, 40, 400, 420]

    assert coverage(moments, every_s=20) == (80.0, ((40, 400),))
    assert coverage([], every_s=20) == (0.0, ())


def test_a_parked_car_is_reported_once_and_a_passing_one_is_not(tmp_path):
    ring = filled(tmp_path, count=95, with_car=(*range(20, 50), 70))
    told = []

    outcome = replay(
        read_camera(DRAFT), stills(ring), every_s=20.0, detector=BrightThings(),
        goes_on=lambda done, total: not told.append((done, total)),
    )  # fmt: skip

    (alarm,) = outcome.alarms
    assert outcome.alarm_count == 1
    assert (alarm.finding.kind, alarm.finding.zone) == (FindingKind.MOTOR_VEHICLE_PARKED, "kerb")
    assert alarm.finding.started_at == pytest.approx(START + 400, abs=20)
    assert alarm.finding.alarm_at - alarm.finding.started_at == pytest.approx(180, abs=1)
    assert alarm.finding.box.w == pytest.approx(240, abs=24)  # of the picture, not of the still
    assert len(alarm.pictures) == 3
    assert all(picture.startswith(b"\xff\xd8\xff") for picture in alarm.pictures)
    assert (outcome.stills, outcome.covered_s, told[-1]) == (95, 1900.0, (94, 95))


def test_less_than_half_an_hour_is_refused_in_a_sentence(tmp_path):
    ring = filled(tmp_path, count=4)

    with pytest.raises(TooFewStills) as refused:
        replay(
            read_camera(DRAFT), stills(ring), every_s=20.0, detector=None,
            goes_on=lambda done, total: True,
        )  # fmt: skip

    assert refused.value.sentence.startswith("存下的画面只有1分钟，至少要30分钟")


def test_a_trial_that_nobody_wants_any_more_ends(tmp_path):
    ring = filled(tmp_path, count=95)

    outcome = replay(
        read_camera(DRAFT), stills(ring), every_s=20.0, detector=None,
        goes_on=lambda done, total: done < 2,
    )  # fmt: skip

    assert outcome is None


def test_what_cannot_be_so_large_or_so_small_here_is_not_believed():
    marks = read_perspective({"person": [[300, 200, 40], [400, 500, 115]]})
    car = Box(x=0, y=440, w=90, h=60)

    assert expected_height(marks, 500) == 115
    assert fits(car, ObjectClass.VEHICLE, marks)
    assert not fits(replace(car, y=470, h=30), ObjectClass.VEHICLE, marks)  # 0.44 m
    assert not fits(replace(car, y=-100, h=600), ObjectClass.VEHICLE, marks)  # 8.9 m
    assert not fits(replace(car, y=0, h=30), ObjectClass.VEHICLE, marks)  # in the sky
    assert fits(car, ObjectClass.VEHICLE, None)
