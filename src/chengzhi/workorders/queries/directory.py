"""Names and routing rules of a county, kept in memory for half a minute."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

import shapely
from django.db.models import Q

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Role, UnitKind, UnitRef
from chengzhi.places import interface as places
from chengzhi.places.types import Level, Located
from chengzhi.standards import store
from chengzhi.workorders.models import RoutingLayer, RoutingRule, WorkOrder
from chengzhi.workorders.queries.coverage_book import coverage_book
from chengzhi.workorders.rules.limits import civil_date
from chengzhi.workorders.rules.routing import Book, compile_book, suggest
from chengzhi.workorders.types import Coverage, RoutingRow, Spot, Suggestion

FRESH = timedelta(seconds=30)
HANDLING_KINDS = frozenset(
    {UnitKind.SQUAD, UnitKind.DEPARTMENT, UnitKind.CONTRACTOR, UnitKind.TOWN}
)
ANSWERING = (Role.SQUAD_LEADER, Role.HANDLER, Role.TOWN_OFFICER)  # who takes a unit's work orders


@dataclass(frozen=True, kw_only=True)
class Directory:
    """What routing and lists need to know of a county, read at one moment."""

    units: Mapping[str, str]  # code -> name, every unit
    handlers: Mapping[str, str]  # those that handle work orders
    towns: Mapping[str, str]
    rules: tuple[RoutingRow, ...]
    read_at: datetime
    kinds: Mapping[str, UnitKind] = field(default_factory=dict)
    people: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)  # by unit
    book: Book = field(default_factory=Book)
    layers: Mapping[str, shapely.Geometry] = field(default_factory=dict)
    coverage: Coverage | None = None  # whose turn it is in a grid, where a plan says so

    def unit_name(self, code: str) -> str:
        """Return a unit's name, or its code when it is unknown."""
        return self.units.get(code, code)

    def person_in(self, unit: str) -> str:
        """Return who answers in a unit: its leader, else the first who handles there."""
        return next((name for _, name in self.people.get(unit, ())), "")

    def suggest(
        self,
        *,
        matter: str,
        place: Located,
        handler_kind: str = "",
        at: datetime | None = None,
        condition_number: int = 0,
        lon: float | None = None,
        lat: float | None = None,
    ) -> Suggestion:
        """Return who should handle a matter at a place and a moment, and why."""
        spot = Spot(
            matter=matter,
            place=place,
            at=at or self.read_at,
            handler_kind=handler_kind,
            condition_number=condition_number,
            lon=lon,
            lat=lat,
        )
        return self.answer(spot, self.book)

    def answer(self, spot: Spot, book: Book) -> Suggestion:
        """Return what a book of rules says of a spot, with this county's units and maps."""
        return suggest(book, spot, units=self.handlers, reach=self, coverage=self.coverage)

    def metres_to(self, road: str, lon: float, lat: float) -> float | None:
        """Return the metres to a road; None when it is not loaded."""
        return places.metres_to_road(road, lon, lat)

    def is_inside(self, layer: str, lon: float, lat: float) -> bool | None:
        """Return whether a point lies in a layer; None when it is not loaded."""
        shape = self.layers.get(layer)
        return None if shape is None else bool(shapely.intersects_xy(shape, lon, lat))


_kept: dict[str, Directory] = {}
_shapes: dict[tuple[int, datetime], shapely.Geometry] = {}


def directory(county: str, *, now: datetime) -> Directory:
    """Return the county's directory, at most half a minute of `now` old."""
    kept = _kept.get(county)
    if kept is None or abs(now - kept.read_at) > FRESH:
        kept = _kept[county] = _read(county, now)
    return kept


def forget_directory() -> None:
    """Drop what is kept; a change of routing calls it, and so do tests."""
    _kept.clear()


def _read(county: str, now: datetime) -> Directory:
    on = civil_date(now)
    units = accounts.unit_refs(county=county)
    rules = routing_rows(county, now=now)
    return Directory(
        units={unit.code: unit.name for unit in units},
        handlers={unit.code: unit.name for unit in units if _handles(unit, on)},
        towns={town.code: town.name for town in places.divisions(county, level=Level.TOWN)},
        rules=tuple(rules),
        book=compile_book(rules),
        layers=_layers(county),
        kinds={unit.code: unit.kind for unit in units},
        people=_people(county, on),
        coverage=coverage_book(county, on=on),
        read_at=now,
    )


def _handles(unit: UnitRef, on: date) -> bool:
    is_open = unit.closed_on is None or on < unit.closed_on
    return is_open and unit.kind in HANDLING_KINDS


def _people(county: str, on: date) -> dict[str, tuple[tuple[str, str], ...]]:
    """Return who answers in each unit, reference and name, leaders first."""
    found: dict[str, list[tuple[str, str]]] = {}
    people = accounts.staff_of(county, on=on, roles=ANSWERING)
    for person in sorted(people, key=lambda p: Role.SQUAD_LEADER not in p.roles):
        found.setdefault(person.unit, []).append((person.ref, person.name))
    return {unit: tuple(pairs) for unit, pairs in found.items()}


def _layers(county: str) -> dict[str, shapely.Geometry]:
    """Return the polygons by name; a shape is read and prepared once for each time it is loaded."""
    found = {}
    for layer in RoutingLayer.objects.filter(county=county):
        key = (layer.pk, layer.loaded_at)
        if key not in _shapes:
            _shapes[key] = shapely.from_geojson(json.dumps(layer.geometry))
            shapely.prepare(_shapes[key])
        found[layer.title] = _shapes[key]
    return found


def routing_rows(county: str, *, now: datetime) -> list[RoutingRow]:
    """Return the routing rules in force, oldest first."""
    on = civil_date(now)
    in_force = Q(valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gt=on))
    return named_rows(
        RoutingRule.objects.filter(in_force, county=county).order_by("pk"), county=county, on=on
    )


def named_rows(rules: Iterable[RoutingRule], *, county: str, on: date) -> list[RoutingRow]:
    """Return rules with the names that their reasons need: matters, areas, roads, people."""
    rows = [_row(rule) for rule in rules]
    areas = _areas_of(rows, county)
    roads = places.road_names({row.road for row in rows if row.road})
    named = {row.person for row in rows if row.person}
    active = accounts.active_people(named)
    known = accounts.names_of(named)
    matters = {prefix: matter_name(prefix, on=on) for prefix in {r.matter_prefix for r in rows}}
    kinds = {kind.code: kind.name for kind in store.current().handler_kinds(on=on)}
    return [
        replace(
            row,
            matter_name=matters[row.matter_prefix],
            area_name=areas.get(row.area_prefix, ""),
            road_name=roads.get(row.road, ""),
            kind_name=kinds.get(row.handler_kind, row.handler_kind),
            person_name=known.get(row.person, ""),
            is_person_gone=bool(row.person) and row.person not in active,
        )
        for row in rows
    ]


def _areas_of(rows: Iterable[RoutingRow], county: str) -> dict[str, str]:
    if not any(row.area_prefix for row in rows):
        return {}
    towns = places.divisions(county, level=Level.TOWN)
    return area_names(county, towns={town.code: town.name for town in towns})


def _row(rule: RoutingRule) -> RoutingRow:
    return RoutingRow(
        id=rule.pk,
        matter_prefix=rule.matter_prefix,
        condition_number=rule.condition_number,
        area_prefix=rule.area_prefix,
        road=rule.road,
        road_metres=rule.road_metres,
        layer=rule.layer,
        weekdays=rule.weekdays,
        slot=rule.slot,
        handler_kind=rule.handler_kind,
        unit=rule.unit,
        person=rule.person,
        note=rule.note,
        flag=rule.flag,
        valid_from=rule.valid_from,
    )


def matter_name(prefix: str, *, on: date) -> str:
    """Return the name of a class (2 digits) or a matter (5), with its code; nothing for all."""
    if not prefix:
        return ""
    rows = [row for row in store.current().matters(on=on) if row.code.startswith(prefix)]
    if not rows:
        return ""
    if len(prefix) == 5:
        return f"{prefix} {rows[0].name}"
    return f"{prefix} {rows[0].major_name}" if len(prefix) == 2 else ""


def spot_of(order: WorkOrder) -> dict[str, Any]:
    """Return what of a work order the rules are asked about."""
    return {
        "matter": order.matter_code,
        "place": order.located,
        "handler_kind": order.handler_kind,
        "condition_number": order.condition_number,
        "lon": order.lon,
        "lat": order.lat,
    }


def area_names(county: str, *, towns: Mapping[str, str]) -> dict[str, str]:
    """Return the names of the county's towns, communities and patrol grids by code."""
    divisions = {row.code: row.name for row in places.divisions(county)}
    grids = {
        grid.code: f"{towns.get(grid.town, '')} {grid.name}".strip()
        for grid in places.grid_refs(county)
    }
    return divisions | grids
