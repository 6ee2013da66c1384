"""The border that is already known where an import's shapes should lie."""

from collections.abc import Sequence

import shapely

from chengzhi.places.models import Cell, Division
from chengzhi.places.queries.index import shapes_of
from chengzhi.places.rules.features import Draft
from chengzhi.places.types import PlaceKind


def known_border(kind: PlaceKind, drafts: Sequence[Draft], county: str) -> shapely.Geometry | None:
    """Return the nearest known thing to compare a file with; None when nothing is known.

    The same areas as they stand, else those below (a county's towns), else those above.
    """
    codes = {draft.code for draft in drafts if draft.code.startswith(county)}
    if not codes or kind in (PlaceKind.ROAD, PlaceKind.GRID):
        return None
    if kind is PlaceKind.CELL:
        return _cells(codes) or _divisions({code[:12] for code in codes} | {c[:9] for c in codes})
    return _divisions(codes) or _below(codes) or _divisions({_above(code) for code in codes})


def _above(code: str) -> str:
    return code[:-3] if len(code) > 6 else ""


def _cells(codes: set[str]) -> shapely.Geometry | None:
    rows = Cell.objects.filter(valid_to__isnull=True, code__in=codes)
    return _union([row.polygon for row in rows])


def _divisions(codes: set[str]) -> shapely.Geometry | None:
    rows = Division.objects.filter(valid_to__isnull=True, code__in=codes, polygon__isnull=False)
    return _union([row.polygon for row in rows])


def _below(codes: set[str]) -> shapely.Geometry | None:
    rows = Division.objects.filter(
        valid_to__isnull=True, parent__code__in=codes, polygon__isnull=False
    )
    return _union([row.polygon for row in rows])


def _union(polygons: list[object]) -> shapely.Geometry | None:
    return shapely.union_all(shapes_of(polygons)) if polygons else None
