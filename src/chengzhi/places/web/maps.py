"""GeoJSON for maps, for signed-in people of the county, kept by the browser until places change."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import condition, require_GET

from chengzhi.accounts.interface import acting
from chengzhi.places.queries import divisions, maps

View = Callable[..., HttpResponse]


def _etag(request: HttpRequest, **_: Any) -> str:
    county = acting(request).county
    return f'"{county}-{maps.version_stamp(county)[:32]}"'


def _map(view: View) -> View:
    return login_required(require_GET(condition(etag_func=_etag)(view)))


def _answer(shapes: maps.Feature) -> HttpResponse:
    response = JsonResponse(
        shapes,
        content_type="application/geo+json",
        json_dumps_params={"ensure_ascii": False, "separators": (",", ":")},
    )
    patch_cache_control(response, private=True, max_age=60)
    return response


@_map
def map_towns(request: HttpRequest) -> HttpResponse:
    """Return the towns of the person's county."""
    return _answer(maps.towns_geojson(county=acting(request).county or "-"))


@_map
def map_roads(request: HttpRequest) -> HttpResponse:
    """Return the roads of the person's county."""
    return _answer(maps.roads_geojson(county=acting(request).county or "-"))


@_map
def map_grids(request: HttpRequest) -> HttpResponse:
    """Return the patrol grids of the person's county, or of one town of it (`?town=`)."""
    county = acting(request).county or "-"
    town = request.GET.get("town", "")
    inside = town if town.startswith(county) else ""
    return _answer(maps.grids_geojson(county=county, town=inside))


@_map
def grid_cells(request: HttpRequest, code: str) -> HttpResponse:
    """Return the unit grids of one patrol grid."""
    grid = divisions.access_grid(acting(request), code)
    return _answer(maps.cells_geojson(grid=grid.code))
