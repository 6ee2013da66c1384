"""Distances and pixels: near enough on the ground, and drawable on the picture."""

from math import asin, cos, radians, sin, sqrt

from chengzhi.vision.types import Polygon

EARTH_M = 6_371_008.8
METRES_PER_DEGREE = 111_195.0


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
