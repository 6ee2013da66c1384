"""The pinhole camera: from meters in the street to pixels of the clip."""

from __future__ import annotations

import math
from collections.abc import Sequence

from shapely import MultiPoint, Polygon, box
from shapely.geometry.base import BaseGeometry

from .hulls import Point3, hull
from .types import Lens, Pose, Thing, Zone

NEAR = 0.3


def _axes(lens: Lens) -> tuple[Point3, Point3, Point3]:
    ahead = _unit(tuple(a - p for a, p in zip(lens.at, lens.pos, strict=True)))
    right = _unit((-ahead[2], 0.0, ahead[0]))
    return ahead, right, _cross(right, ahead)


def _unit(v: Sequence[float]) -> Point3:
    length = math.sqrt(sum(part * part for part in v))
    return (v[0] / length, v[1] / length, v[2] / length)


def _cross(a: Point3, b: Point3) -> Point3:
    return (
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    )


def _dot(a: Sequence[float], b: Sequence[float]) -> float:
    return sum(x * y for x, y in zip(a, b, strict=True))


def project(lens: Lens, points: Sequence[Point3]) -> list[tuple[float, float]]:
    """Pixels of the points that lie in front of the camera."""
    ahead, right, up = _axes(lens)
    width, height = lens.size
    focal = height / 2 / math.tan(math.radians(lens.fov) / 2)
    pixels = []
    for point in points:
        ray = tuple(a - b for a, b in zip(point, lens.pos, strict=True))
        depth = _dot(ray, ahead)
        if depth > NEAR:
            pixels.append(
                (
                    width / 2 + focal * _dot(ray, right) / depth,
                    height / 2 - focal * _dot(ray, up) / depth,
                )
            )
    return pixels


def placed(points: Sequence[Point3], pose: Pose) -> list[Point3]:
    c, s = math.cos(pose.heading), math.sin(pose.heading)
    return [(pose.x + c * x + s * z, pose.y + y, pose.z - s * x + c * z) for x, y, z in points]


def outline(lens: Lens, thing: Thing, pose: Pose) -> BaseGeometry:
    """The convex outline of a thing on the picture, not cut at the picture's edge."""
    pixels = project(lens, placed(hull(thing.kind, thing.look, mode=pose.mode), pose))
    return MultiPoint(pixels).convex_hull if len(pixels) > 2 else Polygon()


def frame(lens: Lens) -> Polygon:
    return box(0, 0, lens.size[0], lens.size[1])


def zone_polygon(lens: Lens, zone: Zone) -> list[list[int]]:
    """The zone's corners in whole pixels, cut at the picture's edge."""
    corners = project(lens, _corners(zone))
    seen = Polygon(corners).intersection(frame(lens))
    if seen.is_empty or not isinstance(seen, Polygon):
        raise ValueError(f"zone {zone.name} lies outside the picture; move the camera or the zone")
    ring = [[round(x), round(y)] for x, y in seen.exterior.coords[:-1]]
    return [[min(max(x, 0), lens.size[0]), min(max(y, 0), lens.size[1])] for x, y in ring]


def _corners(zone: Zone) -> list[Point3]:
    if zone.wall_z is not None:
        return [(x, height, zone.wall_z) for x, height in zone.ground]
    return [(x, zone.y, z) for x, z in zone.ground]
