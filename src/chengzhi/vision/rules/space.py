"""Distances and pixels: near enough on the ground, drawable on the picture, at any size of it."""

from math import asin, cos, radians, sin, sqrt

from chengzhi.vision.types import Polygon

EARTH_M = 6_371_008.8
METRES_PER_DEGREE = 111_195.0
SAME_SHAPE = 0.02  # as the worker has it
Size = tuple[int, int]


def metres_between(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    """Return the great-circle distance of two WGS-84 points (haversine)."""
    d_lat, d_lon = radians(other_lat - lat), radians(other_lon - lon)
    half = sin(d_lat / 2) ** 2 + cos(radians(lat)) * cos(radians(other_lat)) * sin(d_lon / 2) ** 2
    return 2 * EARTH_M * asin(sqrt(half))


def box_around(lon: float, lat: float, *, metres: float) -> tuple[float, float, float, float]:
    """Return west, south, east, north of a box that holds the circle."""
    d_lat = metres / METRES_PER_DEGREE
    d_lon = d_lat / max(0.01, cos(radians(lat)))
    return lon - d_lon, lat - d_lat, lon + d_lon, lat + d_lat


def points_text(polygon: Polygon) -> str:
    """Return the polygon as the `points` of an SVG."""
    return " ".join(f"{x:g},{y:g}" for x, y in polygon)


def area(polygon: Polygon) -> float:
    """Return the area in square pixels (shoelace)."""
    following = polygon[1:] + polygon[:1]
    return (
        abs(sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in zip(polygon, following, strict=True)))
        / 2
    )


def outside(polygon: Polygon, width: int, height: int) -> bool:
    """Return whether the polygon leaves the picture; a picture of unknown size has no edge."""
    return bool(width and height) and any(
        not (0 <= x <= width and 0 <= y <= height) for x, y in polygon
    )


def is_same_shape(one: Size, other: Size) -> bool:
    """Return whether two sizes may be those of one picture."""
    across, down = factors(one, other)
    return abs(across / down - 1) <= SAME_SHAPE


def factors(before: Size, now: Size) -> tuple[float, float]:
    """Return how much wider and higher the same picture is now."""
    return now[0] / before[0], now[1] / before[1]


def resized(polygon: Polygon, before: Size, now: Size) -> Polygon:
    """Return a polygon in pixels of the same picture at another size; an unknown size is left."""
    if before == now or not all((*before, *now)):
        return polygon
    across, down = factors(before, now)
    return tuple((round(x * across, 1), round(y * down, 1)) for x, y in polygon)
