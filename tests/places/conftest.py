"""Builders for places: a county of two towns, small enough to see on paper."""

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

import pytest
import shapely

from chengzhi.accounts.types import Actor, Role
from chengzhi.places import commands
from chengzhi.places.interface import forget_index
from chengzhi.places.types import ImportReport, PlaceKind

COUNTY, TOWN, COMMUNITY = "330225", "330225001", "330225001001"
WEST, SOUTH = 121.87, 29.46
STEP = 0.001  # about a hundred metres


def square(column: int, row: int, *, size: int = 1) -> shapely.Geometry:
    """Return a square of the paper county, counted from its southwest corner."""
    west, south = WEST + column * STEP, SOUTH + row * STEP
    return shapely.box(west, south, west + size * STEP, south + size * STEP)


def feature(shape: shapely.Geometry | None, **properties: Any) -> dict[str, Any]:
    geometry = json.loads(shapely.to_geojson(shape)) if shape is not None else None
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def collection(features: Iterable[dict[str, Any]]) -> str:
    return json.dumps({"type": "FeatureCollection", "features": list(features)})


def middle(column: int, row: int) -> tuple[float, float]:
    return WEST + (column + 0.5) * STEP, SOUTH + (row + 0.5) * STEP


@pytest.fixture(autouse=True)
def fresh_index() -> Iterator[None]:
    forget_index()
    yield
    forget_index()


@pytest.fixture
def admin() -> Actor:
    return Actor(
        ref="person:7",
        name="孙丽",
        roles=frozenset({Role.ADMINISTRATOR}),
        unit="C01",
        division=COUNTY,
    )


Bring = Callable[..., ImportReport]


@pytest.fixture
def bring(db: None, admin: Actor, now: datetime) -> Bring:
    """Import features; the coordinate system is stated unless a test says otherwise."""

    def act(
        kind: PlaceKind, *features: dict[str, Any], crs: str | None = "wgs84", **options: Any
    ) -> ImportReport:
        given = {"actor": admin, "now": now, **options}
        return commands.import_geojson(kind, collection(features), crs=crs, **given)

    return act


@pytest.fixture
def paper_county(bring: Bring) -> None:
    """A county, two towns side by side, one community of a two by two block of cells each."""
    bring(
        PlaceKind.DIVISION,
        feature(square(0, 0, size=20), code=COUNTY, name="象山县"),
        feature(
            shapely.union_all([square(c, 0, size=10) for c in (0,)]),
            code=TOWN,
            name="丹东街道",
            squad="S01",
        ),
        feature(square(10, 0, size=10), code="330225002", name="丹西街道", squad="S02"),
        feature(square(0, 0, size=2), code=COMMUNITY, name="金秋社区"),
    )
    bring(PlaceKind.CELL, *paper_cells())


def paper_cells() -> list[dict[str, Any]]:
    spots = [(0, 1), (1, 1), (0, 0), (1, 0)]
    return [
        feature(square(column, row), code=f"{COMMUNITY}{number:03d}")
        for number, (column, row) in enumerate(spots, start=1)
    ]
