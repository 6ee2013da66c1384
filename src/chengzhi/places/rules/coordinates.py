"""WGS-84, GCJ-02 and BD-09: exact conversion of arrays of degrees, both ways.

GCJ-02 is the published obfuscation on the Krasovsky 1940 ellipsoid; BD-09 adds Baidu's own shift.
Outside China both leave a point where it is. Inverses iterate the forward formula to a fixed
point, so that there and back closes to less than 1e-9 degrees.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from chengzhi.places.types import Datum

Degrees = NDArray[np.float64]
Pair = tuple[Degrees, Degrees]
Conversion = Callable[[Degrees, Degrees], Pair]

KRASOVSKY_AXIS = 6378245.0
KRASOVSKY_ECCENTRICITY = 0.00669342162296594323
BAIDU_TURN = np.pi * 3000.0 / 180.0
ROUNDS = 8  # each round gains three digits


def convert(lon: ArrayLike, lat: ArrayLike, *, source: Datum, target: Datum) -> Pair:
    """Return the coordinates in another system."""
    east, north = np.asarray(lon, np.float64), np.asarray(lat, np.float64)
    if source is target:
        return east, north
    return FROM_WGS84[target](*TO_WGS84[source](east, north))


def wgs84_to_gcj02(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """Return GCJ-02 degrees."""
    return convert(lon, lat, source=Datum.WGS84, target=Datum.GCJ02)


def gcj02_to_wgs84(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """Return WGS-84 degrees."""
    return convert(lon, lat, source=Datum.GCJ02, target=Datum.WGS84)


def bd09_to_wgs84(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """Return WGS-84 degrees."""
    return convert(lon, lat, source=Datum.BD09, target=Datum.WGS84)


def wgs84_to_bd09(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """Return BD-09 degrees."""
    return convert(lon, lat, source=Datum.WGS84, target=Datum.BD09)


def in_china(lon: ArrayLike, lat: ArrayLike) -> NDArray[np.bool_]:
    """Return where the obfuscation applies: the box that map services use."""
    east, north = np.asarray(lon), np.asarray(lat)
    inside: NDArray[np.bool_] = np.asarray(
        (east >= 72.004) & (east <= 137.8347) & (north >= 0.8293) & (north <= 55.8271)
    )
    return inside


def _gcj02_from_wgs84(lon: Degrees, lat: Degrees) -> Pair:
    phi = np.radians(lat)
    root = np.sqrt(1 - KRASOVSKY_ECCENTRICITY * np.sin(phi) ** 2)
    meridian = KRASOVSKY_AXIS * (1 - KRASOVSKY_ECCENTRICITY) / root**3
    parallel = KRASOVSKY_AXIS / root * np.cos(phi)
    x, y = lon - 105.0, lat - 35.0
    east = lon + np.degrees(_shift_east(x, y) / parallel)
    north = lat + np.degrees(_shift_north(x, y) / meridian)
    inside = in_china(lon, lat)
    return np.where(inside, east, lon), np.where(inside, north, lat)


def _shift_east(x: Degrees, y: Degrees) -> Degrees:
    shift = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * np.sqrt(np.abs(x))
    return (
        shift + _ripple(x) + _waves(x, (20.0, 1.0), (40.0, 1 / 3), (150.0, 1 / 12), (300.0, 1 / 30))
    )


def _shift_north(x: Degrees, y: Degrees) -> Degrees:
    shift = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * np.sqrt(np.abs(x))
    return (
        shift + _ripple(x) + _waves(y, (20.0, 1.0), (40.0, 1 / 3), (160.0, 1 / 12), (320.0, 1 / 30))
    )


def _ripple(x: Degrees) -> Degrees:
    return _waves(x, (20.0, 6.0), (20.0, 2.0))


def _waves(at: Degrees, *waves: tuple[float, float]) -> Degrees:
    parts = [height * np.sin(at * np.pi * turns) for height, turns in waves]
    total: Degrees = np.asarray(sum(parts) * 2.0 / 3.0)
    return total


def _bd09_from_gcj02(lon: Degrees, lat: Degrees) -> Pair:
    length = np.hypot(lon, lat) + 0.00002 * np.sin(lat * BAIDU_TURN)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * BAIDU_TURN)
    return length * np.cos(angle) + 0.0065, length * np.sin(angle) + 0.006


def _inverse(forward: Conversion) -> Conversion:
    def backward(lon: Degrees, lat: Degrees) -> Pair:
        east, north = lon, lat
        for _ in range(ROUNDS):
            there_east, there_north = forward(east, north)
            east, north = east + (lon - there_east), north + (lat - there_north)
        return east, north

    return backward


_gcj02_from_bd09 = _inverse(_bd09_from_gcj02)
_wgs84_from_gcj02 = _inverse(_gcj02_from_wgs84)


def _same(lon: Degrees, lat: Degrees) -> Pair:
    return lon, lat


def _bd09_from_wgs84(lon: Degrees, lat: Degrees) -> Pair:
    east, north = _bd09_from_gcj02(*_gcj02_from_wgs84(lon, lat))
    inside = in_china(lon, lat)
    return np.where(inside, east, lon), np.where(inside, north, lat)


def _wgs84_from_bd09(lon: Degrees, lat: Degrees) -> Pair:
    east, north = _wgs84_from_gcj02(*_gcj02_from_bd09(lon, lat))
    inside = in_china(lon, lat)
    return np.where(inside, east, lon), np.where(inside, north, lat)


TO_WGS84: dict[Datum, Conversion] = {
    Datum.WGS84: _same,
    Datum.GCJ02: _wgs84_from_gcj02,
    Datum.BD09: _wgs84_from_bd09,
}
FROM_WGS84: dict[Datum, Conversion] = {
    Datum.WGS84: _same,
    Datum.GCJ02: _gcj02_from_wgs84,
    Datum.BD09: _bd09_from_wgs84,
}
