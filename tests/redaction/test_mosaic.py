"""What is hidden has lost its detail for good."""

import cv2
import numpy as np
import pytest

from chengzhi_redaction.mosaic import CELLS, coarse, hide
from chengzhi_redaction.types import Area, Region, RegionKind


def noise(width: int = 320, height: int = 240) -> np.ndarray:
    return np.random.default_rng(7).integers(0, 256, (height, width, 3), np.uint8)


def region(x: float, y: float, w: float, h: float, kind=RegionKind.HAND) -> Region:
    return Region(kind=kind, area=Area(x=x, y=y, w=w, h=h))


def plate_like(text: str) -> np.ndarray:
    picture = np.full((60, 200, 3), (160, 60, 20), np.uint8)
    cv2.putText(picture, text, (8, 45), cv2.FONT_HERSHEY_SIMPLEX, 1.4, (255, 255, 255), 4)
    return picture


def test_only_the_region_changes():
    picture, before = noise(), noise()

    hide(picture, [region(40, 30, 100, 60)])

    changed = (picture != before).any(axis=2)
    assert changed[30:90, 40:140].mean() > 0.99
    changed[30:90, 40:140] = False
    assert not changed.any()


@pytest.mark.parametrize("kind", RegionKind)
def test_a_few_averages_remain_and_a_copy_made_twice_is_the_same(kind):
    picture, again = noise(), noise()

    hide(picture, [region(0, 0, 320, 240, kind)])
    hide(again, [region(0, 0, 320, 240, kind)])

    def detail(shown: np.ndarray) -> float:
        return float(cv2.Laplacian(shown, cv2.CV_64F).std())

    assert CELLS[kind] <= 6
    assert detail(picture) < 0.02 * detail(noise())
    assert np.array_equal(picture, again)


def test_two_plates_can_no_longer_be_told_apart():
    one, other = plate_like("BD51712"), plate_like("BD51772")
    difference = np.abs(one.astype(int) - other).max()

    for picture in (one, other):
        hide(picture, [region(0, 0, 200, 60, RegionKind.PLATE)])

    assert difference > 200
    assert np.abs(one.astype(int) - other).max() <= 16


def test_a_small_region_becomes_one_color():
    picture = noise()

    hide(picture, [region(10, 10, 12, 9)])

    assert len(np.unique(picture[10:19, 10:22].reshape(-1, 3), axis=0)) == 1


@pytest.mark.parametrize(
    ("x", "y", "w", "h"), [(-20, -20, 30, 30), (310, 230, 50, 50), (400, 400, 10, 10)]
)
def test_a_region_may_reach_over_the_edge(x, y, w, h):
    picture = noise()

    hide(picture, [region(x, y, w, h)])

    assert picture.shape == (240, 320, 3)


def test_a_coarse_picture_keeps_its_size_and_its_colors_and_nothing_else():
    picture = noise(1600, 900)
    picture[:, 800:] = (200, 30, 30)

    sketch = coarse(picture)

    assert sketch.shape == picture.shape
    assert np.abs(sketch[400, 1500].astype(int) - (200, 30, 30)).max() <= 2
    assert cv2.Laplacian(sketch, cv2.CV_64F).std() < 1
