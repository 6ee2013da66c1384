"""Where a place lies that is known by its code, or only by name in a line of address."""

from typing import Any

import shapely

from chengzhi.places.models import Cell, Component, Division, Road
from chengzhi.places.queries.divisions import STANDING
from chengzhi.places.types import Level, NamedPlace, Point

SHORTEST = 2  # a name of one character would be found in every address


def point_of(code: str, *, county: str) -> Point | None:
    """Return where a component (17 digits), a cell (15) or a division of the county lies."""
    if len(county) != 6 or not code.startswith(county):
        return None
    if len(code) == 17:
        row = Component.objects.filter(code=code, county=county).first()
        return Point(lon=row.lon, lat=row.lat) if row else None
    model = Cell if len(code) == 15 else Division
    shape = model.objects.filter(STANDING, code=code).values_list("polygon", flat=True).first()
    return _inside(shape) if shape else None


def place_named_in(text: str, *, county: str) -> NamedPlace | None:
    """Return the narrowest place of the county that an address names: road, community or town."""
    if len(county) != 6:
        return None
    return _road_in(text, county) or _division_in(text, county)


def _road_in(text: str, county: str) -> NamedPlace | None:
    rows = Road.objects.filter(code__startswith=county).values_list("name", "code")
    code = _longest(text, dict(rows))
    if not code:
        return None
    road = Road.objects.get(code=code)
    middle = shapely.geometry.shape(road.line).interpolate(0.5, normalized=True)
    return NamedPlace(name=road.name, point=Point(lon=middle.x, lat=middle.y))


def _division_in(text: str, county: str) -> NamedPlace | None:
    for level in (Level.COMMUNITY, Level.TOWN):
        rows = Division.objects.filter(
            STANDING, code__startswith=county, level=level, polygon__isnull=False
        )
        code = _longest(text, dict(rows.values_list("name", "code")))
        if code:
            row = Division.objects.get(STANDING, code=code)
            return NamedPlace(name=row.name, point=_inside(row.polygon))
    return None


def _longest(text: str, codes: dict[str, str]) -> str:
    """Return the code of the longest name that the text contains."""
    named = [name for name in codes if len(name) >= SHORTEST and name in text]
    return codes[max(named, key=len)] if named else ""


def _inside(shape: Any) -> Point:
    point = shapely.geometry.shape(shape).representative_point()
    return Point(lon=point.x, lat=point.y)
