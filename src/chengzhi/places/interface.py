"""What other contexts may ask of places."""

from datetime import datetime

from numpy.typing import ArrayLike

from chengzhi.places.queries.divisions import (
    division_name,
    division_names,
    divisions,
    grid,
    grid_refs,
    road,
    road_list,
    road_names,
)
from chengzhi.places.queries.index import current, refresh
from chengzhi.places.queries.index import forget as forget_index
from chengzhi.places.queries.maps import grids_geojson, towns_geojson
from chengzhi.places.queries.named import place_named_in, point_of
from chengzhi.places.rules import convert, distance
from chengzhi.places.rules.mercator import bd09_from_metres
from chengzhi.places.rules.surface import drawn_surface, surface_holds
from chengzhi.places.types import Located, LocatedMany, Point


def locate(point: Point, *, now: datetime | None = None) -> Located:
    """Return the cell, patrol grid, town, community, squad and road of a point.

    The index lives in memory; an import in this process refreshes it at once. Pass `now` (or call
    `refresh(now=)`) where another process may have imported: it costs one small query a second.
    """
    return current(now=now).locate(point.lon, point.lat)


def metres_to_road(
    code: str, lon: float, lat: float, *, now: datetime | None = None
) -> float | None:
    """Return how far a point is from a road's line; None when the road is not loaded."""
    return current(now=now).metres_to_road(code, lon, lat)


def locate_many(
    lon: ArrayLike, lat: ArrayLike, *, roads: bool = False, now: datetime | None = None
) -> LocatedMany:
    """Return the same for arrays of WGS-84 degrees; roads only when asked for."""
    return current(now=now).locate_many(lon, lat, roads=roads)


__all__ = [
    "bd09_from_metres",
    "convert",
    "distance",
    "division_name",
    "division_names",
    "divisions",
    "drawn_surface",
    "forget_index",
    "grid",
    "grid_refs",
    "grids_geojson",
    "locate",
    "locate_many",
    "place_named_in",
    "point_of",
    "metres_to_road",
    "refresh",
    "road",
    "road_list",
    "road_names",
    "surface_holds",
    "towns_geojson",
]
