"""The index of this process: loaded from the tables, swapped whole when places change."""

import json
import threading
from datetime import datetime, timedelta
from typing import Any

import shapely
from django.db import transaction
from django.db.models import QuerySet

from chengzhi.places.models import Cell, Division, PlacesVersion, Road
from chengzhi.places.rules.index import Area, Index, Line
from chengzhi.places.types import Level, Located

CHECK_EVERY = timedelta(seconds=1)


class _Shelf:
    """Holds the current index; readers take it without a lock, one loader swaps it."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.index: Index | None = None
        self.stamp = ""
        self.checked_at: datetime | None = None


_shelf = _Shelf()


def current(*, now: datetime | None = None) -> Index:
    """Return the index, loading it the first time; with `now`, check its age once a second."""
    if now is not None:
        refresh(now=now)
    return _shelf.index or _load()


def refresh(*, now: datetime) -> None:
    """Load the index again if places changed; asks the database at most once a second of `now`."""
    checked = _shelf.checked_at
    if checked is not None and abs(now - checked) < CHECK_EVERY:
        return
    _shelf.checked_at = now
    if _shelf.index is not None and _shelf.stamp != _stamp():
        _load()


def forget() -> None:
    """Drop the index; the next question loads it. Imports call it, and so do tests."""
    with _shelf.lock:
        _shelf.index, _shelf.checked_at = None, None


def forget_on_commit() -> None:
    """Drop the index now, for this transaction, and once more when it is committed."""
    forget()
    transaction.on_commit(forget)


def _load() -> Index:
    with _shelf.lock:
        stamp = _stamp()
        if _shelf.index is None or _shelf.stamp != stamp:
            _shelf.index, _shelf.stamp = build(), stamp
        return _shelf.index


def _stamp() -> str:
    rows = PlacesVersion.objects.order_by("county").values_list("county", "stamp")
    return " ".join(f"{county}:{stamp}" for county, stamp in rows)


def build() -> Index:
    """Return a new index of all valid cells, towns and roads."""
    squads = dict(_valid_towns().values_list("code", "squad"))
    return Index(_cells(squads), _towns(), _roads())


def _cells(squads: dict[str, str]) -> list[Area]:
    rows = list(
        Cell.objects.filter(valid_to__isnull=True)
        .order_by("code")
        .values_list("code", "polygon", "grid__code", "grid__squad")
    )
    shapes = shapes_of([row[1] for row in rows])
    return [
        Area(
            shape=shape,
            located=Located(
                cell=code,
                grid=grid or "",
                town=code[:9],
                community=code[:12],
                squad=squad or squads.get(code[:9], ""),
            ),
        )
        for shape, (code, _, grid, squad) in zip(shapes, rows, strict=True)
    ]


def _valid_towns() -> QuerySet[Division]:
    return Division.objects.filter(valid_to__isnull=True, level=Level.TOWN)


def _towns() -> list[Area]:
    rows = list(
        _valid_towns()
        .filter(polygon__isnull=False)
        .order_by("code")
        .values_list("code", "polygon", "squad")
    )
    shapes = shapes_of([row[1] for row in rows])
    return [
        Area(shape=shape, located=Located(town=code, squad=squad))
        for shape, (code, _, squad) in zip(shapes, rows, strict=True)
    ]


def _roads() -> list[Line]:
    rows = list(Road.objects.order_by("code").values_list("code", "line"))
    shapes = shapes_of([row[1] for row in rows])
    return [Line(shape=s, code=code) for s, (code, _) in zip(shapes, rows, strict=True)]


def shapes_of(geometries: list[Any]) -> list[shapely.Geometry]:
    """Return stored GeoJSON geometries as shapes."""
    return list(shapely.from_geojson([json.dumps(geometry) for geometry in geometries]))
