"""Pure rules of places: codes, coordinates, measures, numbering, the index in memory."""

from chengzhi.places.rules.codes import (
    CellCode,
    ComponentCode,
    cell_code,
    component_code,
    level_of,
    read_cell_code,
    read_component_code,
)
from chengzhi.places.rules.coordinates import (
    bd09_to_wgs84,
    convert,
    gcj02_to_wgs84,
    wgs84_to_bd09,
    wgs84_to_gcj02,
)
from chengzhi.places.rules.measure import area, distance, distances
from chengzhi.places.rules.numbering import numbered

__all__ = [
    "CellCode",
    "ComponentCode",
    "area",
    "bd09_to_wgs84",
    "cell_code",
    "component_code",
    "convert",
    "distance",
    "distances",
    "gcj02_to_wgs84",
    "level_of",
    "numbered",
    "read_cell_code",
    "read_component_code",
    "wgs84_to_bd09",
    "wgs84_to_gcj02",
]
