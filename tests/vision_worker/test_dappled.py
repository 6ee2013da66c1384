"""A dappled heap: parts stand out, what lies between is as even as a shadow of the ground."""

import cv2
import numpy as np
import pytest

from chengzhi_vision.geometry import iou
from chengzhi_vision.scene.light import BURNT, readable
from chengzhi_vision.types import Box, Picture

from .test_coloring import STREET, Watching
from .test_passed_over import with_thing

HEAP = Box(x=120, y=90, w=44, h=36)


def dappled() -> Picture:
    """The street a fifth darker, with white bags on it here and there."""
    x, y, right, bottom = (int(v) for v in (HEAP.x, HEAP.y, HEAP.right, HEAP.bottom))
    look = (STREET * 0.8).astype(np.uint8)
    for row in range(y, bottom - 5, 16):
        for column in range(x, right - 5, 20):
            look[row : row + 5, column : column + 5] = 245
    return with_thing(look, HEAP)


@pytest.mark.parametrize("seconds", [12, 50])
def test_between_the_parts_of_a_heap_there_is_more_of_it(seconds: int) -> None:
    """And it does not melt into the ground while the bags stand there."""
    watching = Watching()
    watching.show(STREET, 6)

    view = watching.show(dappled(), seconds)

    assert [iou(HEAP, thing.box) > 0.8 for thing in view.objects] == [True]


def test_a_shadow_without_parts_is_still_a_shadow() -> None:
    watching = Watching()
    watching.show(STREET, 6)
    shade = cv2.GaussianBlur(with_thing((STREET * 0.75).astype(np.uint8), HEAP), (0, 0), 5)

    view = watching.show(shade.astype(np.uint8, copy=False), 12)

    assert view.objects == ()


def test_black_bags_can_be_read_beside_what_is_burnt() -> None:
    picture = np.full((4, 4), 120, np.uint8)
    picture[0], picture[1] = 0, BURNT + 3

    assert np.asarray(readable(picture)).all(axis=1).tolist() == [True, False, True, True]


def test_a_black_thing_under_a_burnt_sky_is_found() -> None:
    watching, sky = Watching(), STREET.copy()
    sky[:20] = 255
    watching.show(sky, 6)
    bag = sky.copy()
    bag[90:126, 120:164] = 0

    view = watching.show(bag, 12)

    assert [iou(HEAP, thing.box) > 0.6 for thing in view.objects] == [True]
