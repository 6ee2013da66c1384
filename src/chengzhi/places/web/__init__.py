"""Pages of places, split by what is looked at."""

from chengzhi.places.web.components import (
    change_component,
    component,
    components,
    register_component,
    remove_component,
)
from chengzhi.places.web.divisions import divisions, grid, grids, roads, town
from chengzhi.places.web.imports import import_places
from chengzhi.places.web.maps import grid_cells, map_grids, map_roads, map_towns

__all__ = [
    "change_component",
    "component",
    "components",
    "divisions",
    "grid",
    "grid_cells",
    "grids",
    "import_places",
    "map_grids",
    "map_roads",
    "map_towns",
    "register_component",
    "remove_component",
    "roads",
    "town",
]
