"""Where a car passed at the start the road is known; what is put down there ends where it ends."""

import cv2
import numpy as np
import pytest

from chengzhi_vision.geometry import iou
from chengzhi_vision.types import Box, Picture

from .test_coloring import HEIGHT, STREET, WIDTH, Watching, with_box

CAR = Box(x=90, y=60, w=140, h=70)
BAG = Box(x=190, y=90, w=30, h=30)


def of_many_colors(low: int, high: int, *, size: int, seed: int) -> Picture:
    """Squares of colors between two levels, as large as the picture."""
    few = np.random.default_rng(seed).integers(low, high, (HEIGHT // size, WIDTH // size, 3))
    whole = cv2.resize(few.astype(np.uint8), (WIDTH, HEIGHT), interpolation=cv2.INTER_NEAREST)
    return whole.astype(np.uint8, copy=False)


def with_thing(look: Picture, where: Box) -> Picture:
    x, y, right, bottom = (int(v) for v in (where.x, where.y, where.right, where.bottom))
    return with_box(look[y:bottom, x:right], where=where)


@pytest.mark.parametrize("empty_s", [2, 3])
def test_a_bag_ends_where_it_ends_on_the_road_that_a_car_left_at_the_start(empty_s: float) -> None:
    watching = Watching()
    watching.show(with_thing(of_many_colors(20, 110, size=10, seed=1), CAR), 2.5)
    watching.show(STREET, empty_s)

    view = watching.show(with_thing(of_many_colors(150, 255, size=6, seed=2), BAG), 12)

    assert [iou(BAG, thing.box) > 0.8 for thing in view.objects] == [True]


def test_a_bag_beside_where_a_car_left_through_the_edge_of_the_picture_is_found() -> None:
    """What the car left of itself in the background is no part of the bag."""
    watching, edge = Watching(), Box(x=90, y=120, w=140, h=60)
    watching.show(with_thing(of_many_colors(20, 110, size=10, seed=1), edge), 5)
    watching.show(STREET, 12)

    bag = Box(x=150, y=100, w=40, h=30)
    view = watching.show(with_thing(of_many_colors(150, 255, size=6, seed=2), bag), 12)

    assert [iou(bag, thing.box) > 0.8 for thing in view.objects] == [True]
