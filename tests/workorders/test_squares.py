"""Squares of the map: every point in one, every level the sum of the finer one."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengzhi.workorders.rules.squares import (
    LEVELS,
    Box,
    Count,
    Key,
    Spot,
    age_class,
    counted,
    difference,
    level_for,
    middle_of,
    power_of,
    ranges,
    square_of,
)

COUNTY = Box(west=121.5, south=28.8, east=122.3, north=29.7)


def spot(pk: int, lon: float, lat: float, *, overdue: bool = False) -> Spot:
    return Spot(
        pk=pk, lon=lon, lat=lat, state="filed", age=0, is_overdue=overdue, is_soon=not overdue
    )


@given(lon=st.floats(-179.9, 179.9), lat=st.floats(-84, 84), level=st.sampled_from(LEVELS))
def test_the_middle_of_a_points_square_lies_in_the_same_square(lon, lat, level):
    power = power_of(level)
    x, y = square_of(lon, lat, power=power)

    assert square_of(*middle_of(x, y, power=power), power=power) == (x, y)


@given(
    st.lists(st.tuples(st.floats(121.5, 122.3), st.floats(28.8, 29.7), st.booleans()), max_size=60)
)
def test_every_level_counts_every_spot_once(places):
    spots = [spot(pk, lon, lat, overdue=late) for pk, (lon, lat, late) in enumerate(places, 1)]

    counts = counted(spots)

    for level in LEVELS:
        here = [count for key, count in counts.items() if key.level == level]
        assert sum(count.total for count in here) == len(spots)
        assert sum(count.overdue for count in here) == sum(late for *_, late in places)


def test_a_square_with_one_spot_names_it_and_one_with_two_names_none():
    counts = counted([spot(7, 121.9, 29.4), spot(8, 121.9001, 29.4001)])

    coarsest = next(count for key, count in counts.items() if key.level == 0)
    assert (coarsest.total, coarsest.order) == (2, 0)
    assert counted([spot(7, 121.9, 29.4)])[
        Key(6, *square_of(121.9, 29.4, power=18), "filed", 0)
    ] == (Count(1, 0, 1, 121.9, 29.4, 7))


def test_only_what_differs_is_written():
    one, two, three = (Key(0, x, 0, "filed", 0) for x in range(3))
    count = Count(1, 0, 0, 1.0, 1.0, 1)
    more = count._replace(total=2)

    assert difference({one: count, two: count}, {two: more, three: count}) == (
        [three],
        [two],
        [one],
    )
    assert difference({one: count}, {one: count._replace(lon_sum=1.0 + 1e-12)}) == ([], [], [])


@pytest.mark.parametrize(("days", "age"), [(0, 0), (6.9, 0), (7, 1), (29.9, 1), (30, 2), (90, 3)])
def test_age_classes_begin_at_7_30_and_90_days(now, days, age):
    assert age_class(now - timedelta(days=days), now=now) == age


@pytest.mark.parametrize(("zoom", "level"), [(3, 0), (10, 0), (13.6, 3), (16, 6)])
def test_a_level_belongs_to_a_zoom(zoom, level):
    window = Box(west=121.87, south=29.47, east=121.89, north=29.48)

    assert level_for(zoom, window) == level


def test_a_box_never_asks_for_more_than_four_thousand_squares():
    (x1, x2), (y1, y2) = ranges(COUNTY, power=power_of(level_for(16, COUNTY)))

    assert (x2 - x1 + 1) * (y2 - y1 + 1) <= 4000
