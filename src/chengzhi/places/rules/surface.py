"""A surface that somebody drew on a map: made sound or refused, and asked what it holds."""

import json
from typing import Any

import shapely
from shapely.errors import GEOSException

from chengzhi.kernel.errors import InvalidInput
from chengzhi.places.rules.features import SURFACES, as_geometry
from chengzhi.places.rules.measure import area
from chengzhi.places.types import Point

MOST_SQUARE_METRES = 2_000_000_000  # a county of Zhejiang; more is a slip of the hand
MOST_CORNERS = 2_000


def drawn_surface(geometry: Any, *, field: str = "polygon") -> dict[str, Any]:
    """Return a drawn GeoJSON surface as it is stored: valid, flat, WGS-84 degrees.

    :raises InvalidInput: it is no surface, crosses itself, or is too large or too detailed.
    """
    if not isinstance(geometry, dict) or geometry.get("type") not in SURFACES:
        raise InvalidInput("没有画出范围，请在地图上画一个面。", field=field)
    try:
        shape = shapely.force_2d(shapely.from_geojson(json.dumps(geometry)))
    except (GEOSException, ValueError, TypeError) as error:
        raise InvalidInput("范围的坐标不完整，请重新画。", field=field) from error
    if shapely.is_empty(shape) or not shapely.is_valid(shape):
        raise InvalidInput("范围的边线自相交，请重新画。", field=field)
    if shapely.get_num_coordinates(shape) > MOST_CORNERS:
        raise InvalidInput(f"范围的顶点多于 {MOST_CORNERS} 个，请画得简单些。", field=field)
    if not 1 <= area(shape) <= MOST_SQUARE_METRES:
        raise InvalidInput("范围的面积不合理，请核对是否画错。", field=field)
    return as_geometry(shape)


def surface_holds(geometry: dict[str, Any], point: Point) -> bool:
    """Return whether a stored surface holds a point, its border included."""
    shape = shapely.from_geojson(json.dumps(geometry))
    return bool(shapely.intersects(shape, shapely.Point(point.lon, point.lat)))
