"""What the pages of places show: plain rows with labels, a page at a time."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from django.db.models import Model, QuerySet, Sum

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor
from chengzhi.places.models import Cell, Component, Division, PatrolGrid, Road
from chengzhi.places.queries.components import (
    ComponentFilter,
    access_component,
    filtered_components,
    type_name,
    visible_components,
)
from chengzhi.places.queries.divisions import (
    access_grid,
    division_names,
    visible_cells,
    visible_divisions,
    visible_grids,
)
from chengzhi.places.types import (
    COMPONENT_STATUS_LABELS,
    DATA_SOURCE_LABELS,
    LEVEL_LABELS,
    ComponentStatus,
    DataSource,
    Level,
)

PAGE = 50
RowT = TypeVar("RowT")
ModelT = TypeVar("ModelT", bound=Model)


@dataclass(frozen=True, kw_only=True)
class Page(Generic[RowT]):
    """One page of a list, with the keys of its neighbors (empty when there is none)."""

    rows: list[RowT]
    total: int
    previous: str = ""
    next: str = ""


@dataclass(frozen=True, kw_only=True)
class TownRow:
    """A town with what lies in it."""

    code: str
    name: str
    squad: str
    squad_name: str
    communities: int
    grids: int
    cells: int
    components: int
    square_metres: float


@dataclass(frozen=True, kw_only=True)
class DivisionRow:
    """A community of a town."""

    code: str
    name: str
    level: str
    cells: int


@dataclass(frozen=True, kw_only=True)
class GridRow:
    """A patrol grid in a list."""

    code: str
    name: str
    town: str
    town_name: str
    squad: str
    squad_name: str
    cells: int


@dataclass(frozen=True, kw_only=True)
class GridPage:
    """A patrol grid on its own page."""

    code: str
    name: str
    town: str
    town_name: str
    squad: str
    squad_name: str
    valid_from: date
    cells: list[tuple[str, float]]  # code, square metres
    square_metres: float
    components: int


@dataclass(frozen=True, kw_only=True)
class ComponentRow:
    """A component in a list."""

    code: str
    name: str
    type_name: str
    status: str
    status_label: str
    town_name: str
    community_name: str
    cell_code: str
    authority_name: str
    maintainer_name: str
    lon: float
    lat: float
    initial_on: date
    changed_on: date | None


@dataclass(frozen=True, kw_only=True)
class ComponentPage(ComponentRow):
    """A component on its own page, with every attribute of GB/T 47678.5 table 2."""

    type_code: str
    authority_code: str
    owner_code: str
    owner_name: str
    maintainer_code: str
    source: str
    source_label: str
    town_code: str
    community_code: str
    remark: str


@dataclass(frozen=True, kw_only=True)
class RoadRow:
    """A road in a list."""

    code: str
    name: str
    metres: float


def page_by_code(
    rows: QuerySet[ModelT], *, after: str = "", before: str = "", size: int = PAGE
) -> Page[ModelT]:
    """Return one page of rows in order of code, after one code or before another."""
    if before:
        found: list[Any] = list(rows.filter(code__lt=before).order_by("-code")[: size + 1])
        kept = found[:size][::-1]
        return Page(
            rows=kept,
            total=rows.count(),
            previous=kept[0].code if len(found) > size else "",
            next=kept[-1].code if kept else "",
        )
    found = list((rows.filter(code__gt=after) if after else rows).order_by("code")[: size + 1])
    kept = found[:size]
    return Page(
        rows=kept,
        total=rows.count(),
        previous=kept[0].code if after and kept else "",
        next=kept[-1].code if len(found) > size else "",
    )


def town_rows(actor: Actor) -> list[TownRow]:
    """Return the towns of the actor's county with their numbers."""
    cells = _counted(visible_cells(actor).values_list("code", flat=True), 9)
    grids = _counted(visible_grids(actor).values_list("code", flat=True), 9)
    communities = visible_divisions(actor).filter(level=Level.COMMUNITY)
    below = _counted(communities.values_list("code", flat=True), 9)
    standing = visible_components(actor).exclude(status=ComponentStatus.REMOVED)
    components = Counter(standing.values_list("town_code", flat=True))
    areas, squads = _areas(actor), squad_names(actor)
    return [
        TownRow(
            code=row.code,
            name=row.name,
            squad=row.squad,
            squad_name=squads.get(row.squad, row.squad),
            communities=below[row.code],
            grids=grids[row.code],
            cells=cells[row.code],
            components=components[row.code],
            square_metres=areas.get(row.code, 0.0),
        )
        for row in visible_divisions(actor).filter(level=Level.TOWN).defer("polygon")
    ]


def _counted(codes: Any, digits: int) -> Counter[str]:
    return Counter(code[:digits] for code in codes)


def _areas(actor: Actor) -> dict[str, float]:
    found: dict[str, float] = {}
    for code, size in visible_cells(actor).values_list("code", "area"):
        found[code[:9]] = found.get(code[:9], 0.0) + size
    return found


def community_rows(actor: Actor, town: str) -> list[DivisionRow]:
    """Return the communities of a town."""
    rows = visible_divisions(actor).filter(level=Level.COMMUNITY, code__startswith=town)
    cells = _counted(visible_cells(actor).values_list("code", flat=True), 12)
    label = LEVEL_LABELS[Level.COMMUNITY]
    return [
        DivisionRow(code=row.code, name=row.name, level=label, cells=cells[row.code])
        for row in rows.defer("polygon")
    ]


def towns_of(actor: Actor) -> list[tuple[str, str]]:
    """Return code and name of the county's towns, for filters."""
    rows = visible_divisions(actor).filter(level=Level.TOWN)
    return list(rows.values_list("code", "name"))


def grid_page(
    actor: Actor,
    *,
    town: str = "",
    squad: str = "",
    text: str = "",
    after: str = "",
    before: str = "",
) -> Page[GridRow]:
    """Return one page of patrol grids."""
    page = page_by_code(_grids(actor, town, squad, text), after=after, before=before)
    return _replaced(page, _grid_rows(page.rows, squad_names(actor)))


def all_grids(actor: Actor, *, town: str = "", squad: str = "", text: str = "") -> list[GridRow]:
    """Return every patrol grid of a filter, for export."""
    return _grid_rows(list(_grids(actor, town, squad, text)), squad_names(actor))


def _grids(actor: Actor, town: str, squad: str, text: str) -> QuerySet[PatrolGrid]:
    rows = visible_grids(actor)
    rows = rows.filter(town_code=town) if town else rows
    rows = rows.filter(squad=squad) if squad else rows
    return rows.filter(name__contains=text) if text else rows


def squads_of(actor: Actor) -> list[tuple[str, str]]:
    """Return code and name of the squads that patrol grids of the county name."""
    names = squad_names(actor)
    codes = set(visible_grids(actor).values_list("squad", flat=True)) - {""}
    return [(code, names.get(code, code)) for code in sorted(codes)]


def squad_names(actor: Actor) -> dict[str, str]:
    """Return the names of the county's units by code."""
    county = actor.county
    return {unit.code: unit.name for unit in accounts.unit_refs(county=county)} if county else {}


def _grid_rows(rows: list[Any], squads: dict[str, str]) -> list[GridRow]:
    names = division_names({row.town_code for row in rows})
    return [
        GridRow(
            code=row.code,
            name=row.name,
            town=row.town_code,
            town_name=names.get(row.town_code, ""),
            squad=row.squad,
            squad_name=squads.get(row.squad, row.squad),
            cells=row.cell_count,
        )
        for row in rows
    ]


def grid_detail(actor: Actor, code: str) -> GridPage:
    """Return a patrol grid for its page.

    :raises NotVisible: there is none of that code in the actor's county.
    """
    row = access_grid(actor, code)
    cells = Cell.objects.filter(grid=row, valid_to__isnull=True).order_by("code")
    codes = list(cells.values_list("code", flat=True))
    standing = visible_components(actor).exclude(status=ComponentStatus.REMOVED)
    return GridPage(
        code=row.code,
        name=row.name,
        town=row.town_code,
        town_name=division_names({row.town_code}).get(row.town_code, ""),
        squad=row.squad,
        squad_name=squad_names(actor).get(row.squad, row.squad),
        valid_from=row.valid_from,
        cells=list(cells.values_list("code", "area")),
        square_metres=cells.aggregate(total=Sum("area"))["total"] or 0.0,
        components=standing.filter(cell_code__in=codes).count(),
    )


def component_rows(
    actor: Actor, asked: ComponentFilter, *, after: str = "", before: str = ""
) -> Page[ComponentRow]:
    """Return one page of components."""
    page = page_by_code(filtered_components(actor, asked), after=after, before=before)
    return _replaced(page, list(_component_rows(page.rows)))


def exported_components(
    actor: Actor, asked: ComponentFilter, *, most: int
) -> Iterator[ComponentRow]:
    """Return the components of a filter, for export."""
    return _component_rows(list(filtered_components(actor, asked)[:most]))


def _replaced(page: Page[Any], rows: list[RowT]) -> Page[RowT]:
    return Page(rows=rows, total=page.total, previous=page.previous, next=page.next)


def _component_rows(rows: list[Component]) -> Iterator[ComponentRow]:
    names = division_names({c for row in rows for c in (row.town_code, row.community_code)})
    return (ComponentRow(**_shown(row, names)) for row in rows)


def _shown(row: Component, names: dict[str, str]) -> dict[str, Any]:
    return {
        "code": row.code,
        "name": row.name,
        "type_name": type_name(row.type_code),
        "status": row.status,
        "status_label": COMPONENT_STATUS_LABELS[ComponentStatus(row.status)],
        "town_name": names.get(row.town_code, row.town_code),
        "community_name": names.get(row.community_code, row.community_code),
        "cell_code": row.cell_code,
        "authority_name": row.authority_name,
        "maintainer_name": row.maintainer_name,
        "lon": row.lon,
        "lat": row.lat,
        "initial_on": row.initial_on,
        "changed_on": row.changed_on,
    }


def component_detail(actor: Actor, code: str) -> ComponentPage:
    """Return a component for its page.

    :raises NotVisible: there is none of that code in the actor's county.
    """
    row = access_component(actor, code)
    return ComponentPage(
        **_shown(row, division_names({row.town_code, row.community_code})),
        type_code=row.type_code,
        authority_code=row.authority_code,
        owner_code=row.owner_code,
        owner_name=row.owner_name,
        maintainer_code=row.maintainer_code,
        source=row.source,
        source_label=DATA_SOURCE_LABELS[DataSource(row.source)],
        town_code=row.town_code,
        community_code=row.community_code,
        remark=row.remark,
    )


def road_page(actor: Actor, *, text: str = "", after: str = "", before: str = "") -> Page[RoadRow]:
    """Return one page of roads."""
    rows = Road.objects.filter(code__startswith=actor.county or "-")
    rows = rows.filter(name__contains=text) if text else rows
    page = page_by_code(rows, after=after, before=before)
    shown = [RoadRow(code=row.code, name=row.name, metres=row.length) for row in page.rows]
    return _replaced(page, shown)


def division_count(actor: Actor) -> dict[str, int]:
    """Return how many rows each list of the actor's county has, for the tabs."""
    return {
        "divisions": Division.objects.filter(
            valid_to__isnull=True, level=Level.TOWN, code__startswith=actor.county or "-"
        ).count(),
        "grids": visible_grids(actor).count(),
        "components": visible_components(actor).count(),
        "roads": Road.objects.filter(code__startswith=actor.county or "-").count(),
    }
