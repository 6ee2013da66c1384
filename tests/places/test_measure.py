"""Distances, areas and the numbering of cells."""

import numpy as np
import pytest
import shapely

from chengzhi.places.rules import area, distance, numbered
from chengzhi.places.rules.measure import in_degrees, in_metres, scales
from chengzhi.places.types import Point


def test_one_degree_along_the_equator_is_a_360th_of_the_sphere():
    metres = distance(Point(lon=120, lat=0), Point(lon=121, lat=0))

    assert metres == pytest.approx(2 * np.pi * 6371008.8 / 360, rel=1e-12)


def test_distance_does_not_depend_on_the_direction():
    here, there = Point(lon=121.87, lat=29.47), Point(lon=121.94, lat=29.23)

    assert distance(here, there) == distance(there, here) == pytest.approx(27_546, abs=60)


def test_area_of_the_whole_ellipsoid():
    assert area(shapely.box(-180, -90, 180, 90)) == pytest.approx(510_065_621.724e6, rel=1e-9)


def test_area_of_a_block_agrees_with_its_sides():
    east, north = scales(29.4705)

    assert area(shapely.box(121.87, 29.47, 121.871, 29.471)) == pytest.approx(
        east * north * 1e-6, rel=1e-6
    )


def test_metres_and_degrees_are_inverse():
    shape = shapely.box(121.87, 29.47, 121.88, 29.48)

    back = in_degrees(in_metres(shape, lat=29.4), lat=29.4)

    assert shapely.equals_exact(back, shape, 1e-12)


def test_cells_are_numbered_west_to_east_from_the_north():
    """DB11: inside a community from west to east, from north to south."""
    lon = np.array([121.003, 121.001, 121.002, 121.001, 121.002])
    lat = np.array([29.0020, 29.0021, 29.0019, 29.0010, 29.0011])

    assert numbered(lon, lat, row_metres=100).tolist() == [3, 1, 2, 4, 5]
