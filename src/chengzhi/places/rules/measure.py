"""Metres and square metres from degrees on the WGS-84 ellipsoid."""

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from chengzhi.places.types import Point

AXIS = 6378137.0
FLATTENING = 1 / 298.257223563
ECCENTRICITY_2 = FLATTENING * (2 - FLATTENING)
MEAN_RADIUS = 6371008.8
Metres = NDArray[np.float64]


def distance(here: Point, there: Point) -> float:
    """Return the metres between two points on the sphere (haversine)."""
    return float(distances(here.lon, here.lat, there.lon, there.lat))


def distances(lon: ArrayLike, lat: ArrayLike, to_lon: ArrayLike, to_lat: ArrayLike) -> Metres:
    """Return the metres between points, pair by pair, on the sphere (haversine)."""
    east, north, to_east, to_north = (np.radians(a) for a in (lon, lat, to_lon, to_lat))
    half = np.sin((to_north - north) / 2) ** 2
    half = half + np.cos(north) * np.cos(to_north) * np.sin((to_east - east) / 2) ** 2
    return np.asarray(2 * MEAN_RADIUS * np.arcsin(np.sqrt(half)))


def scales(lat: float) -> tuple[float, float]:
    """Return the metres in one degree of longitude and of latitude at a latitude."""
    phi = np.radians(lat)
    root = np.sqrt(1 - ECCENTRICITY_2 * np.sin(phi) ** 2)
    east = AXIS / root * np.cos(phi)
    north = AXIS * (1 - ECCENTRICITY_2) / root**3
    return float(np.radians(east)), float(np.radians(north))


def in_metres(shape: shapely.Geometry, *, lat: float) -> shapely.Geometry:
    """Return a shape in metres on the plane that touches the ellipsoid at a latitude."""
    east, north = scales(lat)
    return shapely.transform(shape, lambda xy: xy * (east, north))


def in_degrees(shape: shapely.Geometry, *, lat: float) -> shapely.Geometry:
    """Return a shape of `in_metres` in degrees again."""
    east, north = scales(lat)
    return shapely.transform(shape, lambda xy: xy / (east, north))


def areas(shapes: Sequence[shapely.Geometry] | NDArray[np.object_]) -> Metres:
    """Return square metres, by the equal-area cylinder of the ellipsoid (exact for any size)."""
    flat = shapely.transform(np.asarray(shapes, dtype=object), _equal_area)
    return np.asarray(shapely.area(flat))


def area(shape: shapely.Geometry) -> float:
    """Return a shape's square metres."""
    return float(areas([shape])[0])


def _equal_area(xy: NDArray[np.float64]) -> NDArray[np.float64]:
    e = np.sqrt(ECCENTRICITY_2)
    sine = np.sin(np.radians(xy[:, 1]))
    bent = sine / (1 - ECCENTRICITY_2 * sine**2) + np.arctanh(e * sine) / e
    return np.column_stack([AXIS * np.radians(xy[:, 0]), AXIS / 2 * (1 - ECCENTRICITY_2) * bent])
