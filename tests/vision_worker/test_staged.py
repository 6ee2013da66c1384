"""Staged scenes: a cut-out belongs into the picture it is put in, whatever light that has."""

from __future__ import annotations

import numpy as np
import pytest

from chengzhi_vision.bench.cutouts.types import Cutout, Sort
from chengzhi_vision.bench.staged.background import Backdrop
from chengzhi_vision.bench.staged.compose import Actor, Key, compose
from chengzhi_vision.bench.staged.ground import Ground

SIZE = (320, 180)
AT = (160, 150)


@pytest.fixture
def street() -> np.ndarray:
    """Pavement with a little grain, as the clip shows it most of the time."""
    return np.random.default_rng(3).integers(110, 131, (SIZE[1], SIZE[0], 3)).astype(np.uint8)


@pytest.fixture
def backdrop(street) -> Backdrop:
    return Backdrop(jpegs=[], fps=5.0, plate=street, noise=1.0, rng=np.random.default_rng(0))


@pytest.fixture
def crate() -> Actor:
    picture = np.dstack([np.full((40, 40, 3), 60, np.uint8), np.full((40, 40), 255, np.uint8)])
    cutout = Cutout(name="crate", sort=Sort.THING, origin="drawn", pictures=(picture,))
    keys = (Key(t=0.0, x=AT[0], y=AT[1]), Key(t=60.0, x=AT[0], y=AT[1]))
    return Actor(cutout, 0.8, keys, has_shadow=False)


def shown(picture, actor, backdrop) -> np.ndarray:
    """Return the middle of the crate in the composed picture."""
    made = compose(picture, [actor], 30.0, backdrop=backdrop, ground=Ground(person=0.6))
    return made[AT[1] - 12 : AT[1] - 4, AT[0] - 4 : AT[0] + 4]


def test_a_thing_stays_where_the_camera_exposes_for_something_bright(backdrop, crate, street):
    darker = (street * 0.5).astype(np.uint8)

    assert shown(street, crate, backdrop).mean() == pytest.approx(60, abs=2)
    assert shown(darker, crate, backdrop).mean() == pytest.approx(30, abs=2)


def test_a_small_change_of_the_light_leaves_a_cut_out_as_it_is(backdrop, crate, street):
    assert backdrop.light((street * 0.93).astype(np.uint8)) == 1.0
    assert backdrop.light((street * 0.8).astype(np.uint8)) == pytest.approx(0.8, abs=0.02)


def test_what_moves_in_front_stays_in_front_in_any_light(backdrop, crate, street):
    passing = (street * 0.5).astype(np.uint8)
    passing[100:176, 130:190] = 200

    assert backdrop.movers(passing, backdrop.light(passing)).mean() < 0.2
    assert shown(passing, crate, backdrop).mean() == pytest.approx(200, abs=2)


def test_a_black_picture_says_nothing_about_the_light():
    black = np.zeros((SIZE[1], SIZE[0], 3), np.uint8)
    backdrop = Backdrop(jpegs=[], fps=5.0, plate=black, noise=1.0, rng=np.random.default_rng(0))

    assert backdrop.light(black) == 1.0
