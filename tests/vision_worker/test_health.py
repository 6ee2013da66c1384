"""Scene health: what makes a camera blind, and what does not."""

import cv2
import numpy as np
import pytest

from chengzhi_vision.scene.health import SceneHealth, Trouble, shrunk
from chengzhi_vision.thresholds import thresholds
from chengzhi_vision.types import FindingKind

from .scenes import Scene, Thing, camera_with, parked, player, standing


def street(
    seconds: float, change=lambda image, _t: image
) -> list[tuple[float, Trouble | None, bool]]:
    health, told = SceneHealth(thresholds().health), []
    scene = Scene(things=[Thing(kind=None, where=standing(x, 90), seed=x) for x in (80, 400)])
    for i in range(int(seconds * 2)):
        t = i / 2
        image = change(scene.picture(t), t)
        verdict = health.update(shrunk(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)), at=t)
        told.append((t, verdict.trouble, verdict.is_blind))
    return told


def test_an_ordinary_street_is_fit():
    assert {trouble for _, trouble, _ in street(40)} == {None}


@pytest.mark.parametrize(
    ("change", "trouble"),
    [
        (lambda image, t: image * 0 + 30 if t >= 20 else image, Trouble.COVERED),
        (
            lambda image, t: cv2.GaussianBlur(image, (0, 0), 9) if t >= 20 else image,
            Trouble.BLURRED,
        ),
        (lambda image, t: np.roll(image, 60, axis=1) if t >= 20 else image, Trouble.MOVED),
    ],
    ids=["covered", "blurred", "moved"],
)
def test_a_picture_that_cannot_be_judged_is_seen_and_becomes_blind(change, trouble):
    told = street(70, change)

    assert {x for t, x, _ in told if t < 20} == {None}
    assert {x for t, x, _ in told if t >= 24} == {trouble}
    assert not any(blind for t, _, blind in told if t < 49)
    assert all(blind for t, _, blind in told if t >= 54)


def test_a_frozen_picture_is_blind_after_its_time():
    kept: dict[str, np.ndarray] = {}

    told = street(100, lambda image, t: kept.setdefault("one", image) if t >= 20 else image)

    assert [t for t, x, blind in told if blind][0] == pytest.approx(80, abs=1)
    assert {x for t, x, _ in told if t < 79} == {None}


def test_a_big_vehicle_in_front_does_not_mean_that_the_camera_moved():
    def lorry(image, t):
        image = image.copy()
        if 20 <= t < 35:
            image[:, 100:450] = (60, 90, 160)
        return image

    assert Trouble.MOVED not in {x for _, x, _ in street(50, lorry)}


def test_a_covered_camera_reports_itself_once_and_judges_nothing():
    own = player(camera_with(parked(10)), light=lambda t: 0.0 if t >= 10 else 1.0)

    found = own.play(0, 90)

    assert [(f.kind, f.matter_code, f.reason) for f in found] == [
        (FindingKind.CAMERA_BLIND, "01050", "covered")
    ]
    assert found[0].start_pts == pytest.approx(10, abs=0.3)
    assert found[0].alarm_pts == pytest.approx(40, abs=0.3)
