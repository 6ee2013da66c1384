"""Whether areas overlap, leave gaps, or stick out of the area they belong to."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from chengzhi.places.rules.measure import area, areas

SLIVER = 1.0  # square metres: less is a rounding of the map
SLIVER_SHARE = 1e-4  # and of large areas, this share of the smaller one
HOLE = 100.0  # square metres: smaller holes between areas are not told


@dataclass(frozen=True, kw_only=True)
class Overlap:
    """Two areas, by their places in the list, that share ground."""

    first: int
    second: int
    square_metres: float
    is_sliver: bool


def overlaps(shapes: Sequence[shapely.Geometry]) -> list[Overlap]:
    """Return the pairs of areas that share more than a square metre."""
    column = np.asarray(shapes, dtype=object)
    if len(column) < 2:
        return []
    first, second = shapely.STRtree(column).query(column, predicate="intersects")
    first, second = first[first < second], second[first < second]
    shared = areas(np.asarray(shapely.intersection(column[first], column[second]), dtype=object))
    sizes = areas(column)
    return [
        Overlap(
            first=int(a),
            second=int(b),
            square_metres=float(size),
            is_sliver=bool(size <= SLIVER_SHARE * min(sizes[a], sizes[b])),
        )
        for a, b, size in zip(first, second, shared, strict=True)
        if size > SLIVER
    ]


def outside_share(shape: shapely.Geometry, *, parent: shapely.Geometry) -> float:
    """Return which share of an area lies outside another (0 to 1)."""
    if shapely.covers(parent, shape):
        return 0.0
    return area(shapely.difference(shape, parent)) / area(shape)


def holes(shapes: Sequence[shapely.Geometry]) -> list[float]:
    """Return the square metres of each hole that areas lying side by side leave among them."""
    union = shapely.union_all(np.asarray(shapes, dtype=object))
    rings = [ring for part in shapely.get_parts(union) for ring in part.interiors]
    own = shapely.union_all(np.asarray([_own_holes(shape) for shape in shapes], dtype=object))
    sizes = [area(shapely.difference(shapely.Polygon(ring), own)) for ring in rings]
    return sorted((size for size in sizes if size > HOLE), reverse=True)


def _own_holes(shape: shapely.Geometry) -> shapely.Geometry:
    rings = [ring for part in shapely.get_parts(shape) for ring in part.interiors]
    return shapely.union_all(np.asarray([shapely.Polygon(ring) for ring in rings], dtype=object))


def uncovered(shapes: Sequence[shapely.Geometry], *, parent: shapely.Geometry) -> float:
    """Return the square metres of a parent that none of the areas covers."""
    union = shapely.union_all(np.asarray(shapes, dtype=object))
    return area(shapely.difference(parent, union))
