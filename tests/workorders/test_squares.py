"""Squares of the map: every point in one, every level the sum of the finer one."""

from collections.abc import Iterable

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chengzhi.workorders.rules.squares import (
    LEVELS,
    Box,
    Spots,
    apart,
    counted,
    level_for,
    middle_of,
    power_of,
    ranges,
    square_of,
)

patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
COUNTY = Box(west=121.5, south=28.8, east=122.3, north=29.7)


def spots(*places: tuple[float, float], late: Iterable[bool] = (), days: float = 1) -> Spots:
    number = len(places)
    overdue = np.array(list(late) or [False] * number, np.bool_)
    return Spots(
        order=np.arange(1, number + 1),
        lon=np.array([lon for lon, _ in places], np.float64),
        lat=np.array([lat for _, lat in places], np.float64),
        days=np.full(number, days),
        is_overdue=overdue,
        is_soon=~overdue,
    )


@patient
@given(lon=st.floats(-179.9, 179.9), lat=st.floats(-84, 84), level=st.sampled_from(LEVELS))
def test_the_middle_of_a_points_square_lies_in_the_same_square(lon, lat, level):
    power = power_of(level)
    x, y = square_of(lon, lat, power=power)

    assert square_of(*middle_of(x, y, power=power), power=power) == (x, y)


@patient
@given(
    st.lists(st.tuples(st.floats(121.5, 122.3), st.floats(28.8, 29.7), st.booleans()), max_size=60)
)
def test_every_level_counts_every_spot_once(places):
    here = spots(*((lon, lat) for lon, lat, _ in places), late=[late for *_, late in places])

    for level in LEVELS:
        counts = counted(here, level=level).values()
        assert sum(count.total for count in counts) == len(places)
        assert sum(count.overdue for count in counts) == sum(late for *_, late in places)
        assert sum(count.soon_7 for count in counts) == sum(not late for *_, late in places)


def test_a_square_with_one_spot_names_it_and_one_with_two_names_none():
    (two,) = counted(spots((121.9, 29.4), (121.9001, 29.4001)), level=0).values()
    (one,) = counted(spots((121.9, 29.4)), level=6).values()

    assert (two.total, two.order, two.lon) == (2, 0, 121.90005)
    assert (one.total, one.order, one.lon, one.lat) == (1, 1, 121.9, 29.4)


def test_close_up_two_spots_on_one_place_stay_two():
    counts = apart(spots((121.9, 29.4), (121.9, 29.4)))

    assert [(count.total, count.order) for count in counts] == [(1, 1), (1, 2)]


@pytest.mark.parametrize(
    ("days", "within"),
    [(0, (1, 1, 1)), (6.9, (1, 1, 1)), (7, (0, 1, 1)), (30, (0, 0, 1)), (90, (0, 0, 0))],
)
def test_ages_are_cumulated_from_7_30_and_90_days(days, within):
    (count,) = apart(spots((121.9, 29.4), days=days))

    assert (count.within_7, count.within_30, count.within_90) == within
    assert count.total == 1


@pytest.mark.parametrize(("zoom", "level"), [(3, 0), (10, 0), (13.6, 3), (16, 6)])
def test_a_level_belongs_to_a_zoom(zoom, level):
    window = Box(west=121.87, south=29.47, east=121.89, north=29.48)

    assert level_for(zoom, window) == level


def test_a_box_never_asks_for_more_than_four_thousand_squares():
    (x1, x2), (y1, y2) = ranges(COUNTY, power=power_of(level_for(16, COUNTY)))

    assert (x2 - x1 + 1) * (y2 - y1 + 1) <= 4000
