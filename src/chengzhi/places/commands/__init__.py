"""The writes of places, split by deed."""

from chengzhi.places.commands.components import (
    ComponentGone,
    OutsideCells,
    change_component,
    register_component,
    remove_component,
)
from chengzhi.places.commands.divisions import DivisionTaken, register_division
from chengzhi.places.commands.import_components import import_components
from chengzhi.places.commands.import_shapes import import_geojson

__all__ = [
    "ComponentGone",
    "DivisionTaken",
    "OutsideCells",
    "change_component",
    "import_components",
    "import_geojson",
    "register_component",
    "register_division",
    "remove_component",
]
