"""Near in place: a lattice key for the index, metres for the answer."""

from math import asin, cos, floor, radians, sin, sqrt

EARTH_RADIUS_M = 6_371_008.8  # mean radius (IUGG)
METRES_PER_DEGREE = 111_195.0  # of latitude, on that sphere
CELLS_PER_DEGREE = 1000  # lattice cells of 0.001°: about 111 m × 97 m in Zhejiang
ROW = 1_000_000


def lattice(lon: float, lat: float) -> int:
    """Return the key of the coarse lattice cell that holds a point."""
    return _row(lat) * ROW + _column(lon)


def lattice_around(lon: float, lat: float, *, metres: float) -> list[int]:
    """Return the keys of every lattice cell that a circle may touch, in order."""
    tall = metres / METRES_PER_DEGREE
    wide = tall / max(cos(radians(lat)), 0.01)
    rows = range(_row(lat - tall), _row(lat + tall) + 1)
    columns = range(_column(lon - wide), _column(lon + wide) + 1)
    return [row * ROW + column for row in rows for column in columns]


def metres_between(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    """Return the great-circle distance of two points (haversine)."""
    low, high = radians(lat), radians(other_lat)
    half_lat = (high - low) / 2
    half_lon = radians(other_lon - lon) / 2
    chord = sin(half_lat) ** 2 + cos(low) * cos(high) * sin(half_lon) ** 2
    return 2 * EARTH_RADIUS_M * asin(sqrt(chord))


def _row(lat: float) -> int:
    return floor((lat + 90) * CELLS_PER_DEGREE)


def _column(lon: float) -> int:
    return floor((lon + 180) * CELLS_PER_DEGREE)
