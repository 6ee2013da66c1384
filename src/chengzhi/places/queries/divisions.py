"""Reads of divisions, patrol grids and roads."""

from typing import Any, TypeVar

from django.db.models import Count, Model, Q, QuerySet

from chengzhi.accounts.types import Actor
from chengzhi.kernel.errors import NotVisible
from chengzhi.places.models import Cell, Division, PatrolGrid, Road
from chengzhi.places.types import DivisionRef, GridRef, Level, RoadRef

STANDING = Q(valid_to__isnull=True)
CELL_COUNT = Count("cells", filter=Q(cells__valid_to__isnull=True))
Row = TypeVar("Row", bound=Model)


def visible_divisions(actor: Actor) -> QuerySet[Division]:
    """Return the standing divisions of the actor's county, in order of code."""
    return _in_county(Division.objects.filter(STANDING), actor).order_by("code")


def visible_grids(actor: Actor) -> QuerySet[PatrolGrid]:
    """Return the standing patrol grids of the actor's county, with their number of cells."""
    rows = PatrolGrid.objects.filter(STANDING).annotate(cell_count=CELL_COUNT)
    return _in_county(rows, actor).order_by("code")


def visible_cells(actor: Actor) -> QuerySet[Cell]:
    """Return the standing cells of the actor's county, in order of code."""
    return _in_county(Cell.objects.filter(STANDING), actor).order_by("code")


def _in_county(rows: QuerySet[Row], actor: Actor) -> QuerySet[Row]:
    if len(actor.county) != 6:
        return rows.none()
    return rows.filter(code__startswith=actor.county)


def access_grid(actor: Actor, code: str) -> PatrolGrid:
    """Return one patrol grid.

    :raises NotVisible: there is none of that code in the actor's county.
    """
    grid = visible_grids(actor).filter(code=code).first()
    if grid is None:
        raise NotVisible(f"没有责任网格{code}，或它不在您的辖区。请核对编号。")
    return grid


def division_name(code: str) -> str:
    """Return a division's name; empty when the code is unknown."""
    rows = Division.objects.filter(STANDING, code=code).values_list("name", flat=True)
    return rows.first() or ""


def division_names(codes: set[str]) -> dict[str, str]:
    """Return the names of the known codes among many."""
    return dict(Division.objects.filter(STANDING, code__in=codes).values_list("code", "name"))


def divisions(county: str, *, level: Level | None = None) -> list[DivisionRef]:
    """Return a county's standing divisions, in order of code."""
    rows = Division.objects.filter(STANDING, code__startswith=county)
    rows = rows.filter(level=level) if level else rows
    return [
        DivisionRef(code=row.code, name=row.name, level=Level(row.level), squad=row.squad)
        for row in rows.defer("polygon").order_by("code")
    ]


def grid_refs(county: str) -> list[GridRef]:
    """Return a county's standing patrol grids, in order of code."""
    rows = PatrolGrid.objects.filter(STANDING, code__startswith=county).annotate(
        cell_count=CELL_COUNT
    )
    return [_grid_ref(row) for row in rows.order_by("code")]


def grid(code: str) -> GridRef | None:
    """Return a patrol grid; None when the code is unknown."""
    rows = PatrolGrid.objects.filter(code=code).annotate(cell_count=CELL_COUNT)
    row = rows.first()
    return _grid_ref(row) if row else None


def _grid_ref(row: Any) -> GridRef:  # annotated with cell_count
    return GridRef(
        code=row.code,
        name=row.name,
        squad=row.squad,
        town=row.town_code,
        cell_count=row.cell_count,
    )


def road(code: str) -> RoadRef | None:
    """Return a road; None when the code is unknown."""
    row = Road.objects.filter(code=code).values("code", "name").first()
    return RoadRef(**row) if row else None


def road_list(county: str) -> list[tuple[str, str]]:
    """Return code and name of every road of a county, by code."""
    rows = Road.objects.filter(code__startswith=county).order_by("code")
    return list(rows.values_list("code", "name"))


def road_names(codes: set[str]) -> dict[str, str]:
    """Return the names of the known roads among many."""
    return dict(Road.objects.filter(code__in=codes).values_list("code", "name"))
