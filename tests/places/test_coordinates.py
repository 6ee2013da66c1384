"""Conversions between WGS-84, GCJ-02 and BD-09, against published values and there and back."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengzhi.places.rules import convert, wgs84_to_gcj02
from chengzhi.places.types import Datum

IN_CHINA = st.tuples(st.floats(75, 134), st.floats(5, 53))


def test_published_point_in_gcj02():
    lon, lat = wgs84_to_gcj02(116.404, 39.915)

    assert float(lon) == pytest.approx(116.41024449916938, abs=1e-9)
    assert float(lat) == pytest.approx(39.91640428150164, abs=1e-9)


def test_published_point_in_bd09():
    lon, lat = convert(116.404, 39.915, source=Datum.GCJ02, target=Datum.BD09)

    assert float(lon) == pytest.approx(116.41036949371029, abs=1e-9)
    assert float(lat) == pytest.approx(39.92133699351022, abs=1e-9)


@given(IN_CHINA, st.sampled_from(Datum), st.sampled_from(Datum))
def test_there_and_back_closes(point, source, target):
    lon, lat = convert(*point, source=source, target=target)

    back = convert(lon, lat, source=target, target=source)

    assert np.hypot(back[0] - point[0], back[1] - point[1]) < 1e-9


def test_points_abroad_stay_where_they_are():
    lon, lat = convert([2.35, -74.0], [48.85, 40.7], source=Datum.WGS84, target=Datum.BD09)

    assert lon.tolist() == [2.35, -74.0]
    assert lat.tolist() == [48.85, 40.7]


def test_arrays_convert_as_points_do():
    east, north = np.array([121.87, 121.95]), np.array([29.47, 29.2])

    together = wgs84_to_gcj02(east, north)
    apart = [wgs84_to_gcj02(lon, lat) for lon, lat in zip(east, north, strict=True)]

    assert np.allclose(together, np.array(apart).T, rtol=0, atol=1e-13)
