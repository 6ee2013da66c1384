"""Reads that find what is wrong with the places held."""

from django.db.models import Exists, OuterRef

from chengzhi.places.models import Cell, Component, Division, PatrolGrid
from chengzhi.places.queries.index import shapes_of
from chengzhi.places.rules.topology import overlaps
from chengzhi.places.types import ComponentStatus, Level


def overlapping_cells() -> list[tuple[str, str, float]]:
    """Return the pairs of standing unit grids that share more than a rounding's ground."""
    rows = list(
        Cell.objects.filter(valid_to__isnull=True).order_by("code").values_list("code", "polygon")
    )
    shapes = shapes_of([polygon for _, polygon in rows])
    return [
        (rows[pair.first][0], rows[pair.second][0], pair.square_metres)
        for pair in overlaps(shapes)
        if not pair.is_sliver
    ]


def homeless_cells() -> list[str]:
    """Return the standing unit grids whose community is not registered."""
    communities = Division.objects.filter(valid_to__isnull=True, level=Level.COMMUNITY)
    known = set(communities.values_list("code", flat=True))
    codes = Cell.objects.filter(valid_to__isnull=True).order_by("code")
    return [code for code in codes.values_list("code", flat=True) if code[:12] not in known]


def lost_components() -> list[tuple[str, str]]:
    """Return the standing components whose unit grid no longer stands."""
    cells = Cell.objects.filter(code=OuterRef("cell_code"), valid_to__isnull=True)
    rows = Component.objects.exclude(status=ComponentStatus.REMOVED).filter(~Exists(cells))
    return list(rows.order_by("code").values_list("code", "cell_code"))


def empty_grids() -> list[str]:
    """Return the standing patrol grids without a standing unit grid."""
    cells = Cell.objects.filter(grid=OuterRef("pk"), valid_to__isnull=True)
    rows = PatrolGrid.objects.filter(~Exists(cells), valid_to__isnull=True)
    return list(rows.order_by("code").values_list("code", flat=True))
