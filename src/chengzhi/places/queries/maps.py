"""GeoJSON for maps: towns and patrol grids of a county."""

import json
from typing import Any

import shapely

from chengzhi.places.models import Cell, Division, PatrolGrid, PlacesVersion, Road
from chengzhi.places.queries.index import shapes_of
from chengzhi.places.types import Level

Feature = dict[str, Any]
DIGITS = 6  # about a decimetre


def towns_geojson(*, county: str) -> Feature:
    """Return a county's towns as a GeoJSON feature collection, for maps."""
    rows = Division.objects.filter(
        valid_to__isnull=True, level=Level.TOWN, code__startswith=county, polygon__isnull=False
    ).order_by("code")
    return _collection(
        [_feature(row.polygon, code=row.code, name=row.name, squad=row.squad) for row in rows]
    )


def grids_geojson(*, county: str, town: str = "") -> Feature:
    """Return the patrol grids of a county or a town: each the union of its cells."""
    rows = PatrolGrid.objects.filter(valid_to__isnull=True, code__startswith=town or county)
    shapes = _grid_shapes([row.pk for row in rows])
    return _collection(
        [
            _feature(_as_geojson(shapes[row.pk]), code=row.code, name=row.name, squad=row.squad)
            for row in rows.order_by("code")
            if row.pk in shapes
        ]
    )


def cells_geojson(*, grid: str) -> Feature:
    """Return the cells of one patrol grid."""
    rows = Cell.objects.filter(valid_to__isnull=True, grid__code=grid).order_by("code")
    return _collection([_feature(row.polygon, code=row.code, area=row.area) for row in rows])


def _grid_shapes(keys: list[int]) -> dict[int, shapely.Geometry]:
    rows = Cell.objects.filter(valid_to__isnull=True, grid__in=keys).values_list("grid", "polygon")
    owners = [row[0] for row in rows]
    shapes = shapes_of([row[1] for row in rows])
    groups: dict[int, list[shapely.Geometry]] = {}
    for owner, shape in zip(owners, shapes, strict=True):
        groups.setdefault(owner, []).append(shape)
    return {owner: shapely.union_all(members) for owner, members in groups.items()}


def _as_geojson(shape: shapely.Geometry) -> Feature:
    rounded = shapely.set_precision(shape, 10**-DIGITS)
    return dict(json.loads(shapely.to_geojson(rounded)))


def _feature(geometry: Any, **properties: Any) -> Feature:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def _collection(features: list[Feature]) -> Feature:
    return {"type": "FeatureCollection", "features": features}


def roads_geojson(*, county: str) -> Feature:
    """Return a county's roads."""
    rows = Road.objects.filter(code__startswith=county).order_by("code")
    return _collection([_feature(row.line, code=row.code, name=row.name) for row in rows])


def version_stamp(county: str) -> str:
    """Return the stamp that changes whenever the county's shapes do."""
    rows = PlacesVersion.objects.filter(county=county).values_list("stamp", flat=True)
    return rows.first() or ""
