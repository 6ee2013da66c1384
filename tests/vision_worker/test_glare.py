"""A camera that exposes for something bright that passes, and a light that stays another."""

import numpy as np
import pytest

from chengzhi_vision.scene.light import GLARE_S, Light
from chengzhi_vision.scene.resting import Resting
from chengzhi_vision.types import FindingKind

from .scenes import Thing, camera_with, left, player, standing

PAVEMENT = np.random.default_rng(5).integers(90, 150, (90, 160)).astype(np.uint8)
BAG = Thing(kind=None, where=standing(300, 250, start=8), size=(36, 30), seed=3)


def darker(factor: float) -> np.ndarray:
    return (PAVEMENT * factor).astype(np.uint8)


def test_a_bag_is_reported_in_time_though_bright_cars_pass():
    """Every six seconds the light is halved for two, as white cars before an entrance do it."""
    street = player(
        camera_with(left(20), kind="pavement_clear"), BAG, light=lambda t: 0.5 if t % 6 > 4 else 1.0
    )

    found = street.play(0, 31)

    assert [(f.kind, f.start_unknown) for f in found] == [(FindingKind.OBJECT_LEFT, False)]
    assert found[0].start_pts == pytest.approx(8, abs=1)


def test_what_comes_while_the_camera_exposes_for_something_bright_begins_after_it():
    street = player(
        camera_with(left(15), kind="pavement_clear"),
        BAG,
        light=lambda t: 0.5 if 7 <= t < 10 else 1.0,
    )

    found = street.play(0, 29)

    assert len(found) == 1
    assert 8 <= found[0].start_pts <= 10.5


@pytest.mark.parametrize("back", [1.0, 1.2])
def test_a_light_that_is_back_soon_is_no_light_step(back: float):
    light = Light()

    light.level(darker(back), PAVEMENT, at=0.0)
    light.level(darker(0.5), PAVEMENT, at=1.0)
    is_glare = light.is_glare
    light.level(darker(back), PAVEMENT, at=3.0)

    assert (is_glare, light.is_glare, light.has_jumped) == (True, False, False)


def test_a_light_that_stays_another_is_a_light_step_that_began_when_it_changed():
    light = Light()

    light.level(PAVEMENT, PAVEMENT, at=0.0)
    for at in (1.0, 2.0, 4.0):
        light.level(darker(0.5), PAVEMENT, at=at)
        assert light.is_glare
    light.level(darker(0.5), PAVEMENT, at=1.0 + GLARE_S)

    assert (light.is_glare, light.has_jumped, light.jumped_at) == (False, True, 1.0)


def test_the_light_in_which_the_ground_was_learned_is_never_a_light_step():
    light = Light()
    for at, factor in enumerate((0.9, 0.75, 0.65)):  # a cloud comes slowly
        light.level(darker(factor), PAVEMENT, at=float(at))

    light.level(PAVEMENT, PAVEMENT, at=3.0)

    assert not light.is_glare and not light.has_jumped
    assert light.gain == 1.0


def test_seconds_whose_pictures_said_nothing_count_only_for_what_stood_before_and_after():
    resting = Resting((1, 3))
    picture = np.zeros((1, 3), np.uint8)
    stood, came, left = (np.eye(3, dtype=bool)[n : n + 1] for n in range(3))
    resting.count(picture, stood | left, stood | left, at=1.0, elapsed=1.0)

    resting.count(picture, stood | came, stood | came, at=4.0, elapsed=0.2, unseen=2.8)

    assert resting.still[0].tolist() == pytest.approx([4.0, 0.2, 0.2])
