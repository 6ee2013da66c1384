"""Loads the demo county through the same commands an administrator's import uses.

The commands are imported late: the builder beside this module runs without Django.
"""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from chengzhi.accounts.types import Actor
from chengzhi.places.types import ImportReport, PlaceKind, Verdict

DATA = Path(__file__).parent / "data"
SHAPES = (
    (PlaceKind.DIVISION, "divisions.geojson"),
    (PlaceKind.CELL, "cells.geojson"),
    (PlaceKind.GRID, "grids.geojson"),
    (PlaceKind.ROAD, "roads.geojson"),
)
Progress = Callable[[int, int], None]


class CountyRefused(RuntimeError):
    """The committed data no longer passes the import: rebuild it, or mend the import."""


def load_county(*, actor: Actor, now: datetime, progress: Progress | None = None) -> None:
    """Import divisions, cells, patrol grids, roads and components. Loading twice changes nothing.

    :raises CountyRefused: the import has something against the data.
    """
    from chengzhi.places.commands import import_geojson

    tell = progress or (lambda done, total: None)
    total = len(SHAPES) + 1
    for done, (kind, name) in enumerate(SHAPES):
        tell(done, total)
        content = (DATA / name).read_bytes()
        _accept(import_geojson(kind, content, actor=actor, now=now, crs="wgs84"), name)
    tell(len(SHAPES), total)
    _components(actor, now)
    tell(total, total)


def _components(actor: Actor, now: datetime) -> None:
    from chengzhi.places.commands import import_components
    from chengzhi.places.models import Component

    if not Component.objects.filter(county=actor.county).exists():
        content = (DATA / "components.csv").read_bytes()
        report = import_components(content, actor=actor, now=now, crs="wgs84")
        _accept(report, "components.csv")


def _accept(report: ImportReport, name: str) -> None:
    if report.written:
        return
    refused = [line for line in report.lines if line.verdict is Verdict.REFUSED]
    first = f"{refused[0].code} {refused[0].sentence}" if refused else report.refusal
    raise CountyRefused(f"{name}: {len(refused)} refused, first: {first}")
