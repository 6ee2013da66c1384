"""Where something is hidden, as shares of the upright picture, so that every copy can follow."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from chengzhi.kernel.errors import InvalidInput
from chengzhi_redaction.types import Area, Region, RegionKind, region_of

Row = dict[str, Any]
MOST_PARTS = 200
SMALLEST = 0.002  # of a side
DIGITS = 5


def as_shares(regions: Iterable[Region], *, width: float, height: float) -> list[Row]:
    """Return regions in pixels of a picture as shares of it."""
    return [
        _row(region.kind, region.area, width, height, score=region.score)
        for region in list(regions)[:MOST_PARTS]
    ]


def in_pixels(rows: Sequence[Mapping[str, Any]], *, width: int, height: int) -> list[Region]:
    """Return rows of shares as regions of a picture of this size."""
    return [_region(row, width, height) for row in rows]


def marked(x: float, y: float, w: float, h: float) -> Row:
    """Return what a person marked, as a row.

    :raises InvalidInput: it is too small, or does not lie in the picture.
    """
    inside = -0.01 <= x <= 1 and -0.01 <= y <= 1 and x + w <= 1.01 and y + h <= 1.01
    if not inside or min(w, h) < SMALLEST:
        raise InvalidInput("遮挡区域应在画面以内并有一定大小，请重新框选。", field="box")
    return _row(RegionKind.HAND, Area(x=x, y=y, w=w, h=h), 1, 1)


def newly_seen(rows: Sequence[Row], *, known: Sequence[Row], lifted: Collection[int]) -> list[Row]:
    """Return the rows that nothing known hides and that no person has uncovered."""
    areas = [(_area(row), number in lifted) for number, row in enumerate(known)]

    def is_news(one: Area) -> bool:
        return not any(
            one.is_like(other) if is_lifted else one.lies_in(other) for other, is_lifted in areas
        )

    return [row for row in rows if is_news(_area(row))]


def sent_regions(rows: Any) -> list[Region]:
    """Return the regions that a worker's manifest lists; rows that are none are left out."""
    found = []
    for row in rows if isinstance(rows, list) else []:
        try:
            found.append(region_of(row))
        except ValueError:
            continue
    return found[:MOST_PARTS]


def _row(kind: RegionKind, area: Area, width: float, height: float, score: float = 1.0) -> Row:
    box = [area.x / width, area.y / height, area.w / width, area.h / height]
    rounded = [round(side, DIGITS) for side in box]
    return {"kind": str(kind), "box": rounded, "score": round(score, 3)}


def _area(row: Mapping[str, Any], width: float = 1.0, height: float = 1.0) -> Area:
    x, y, w, h = row["box"]
    return Area(x=x * width, y=y * height, w=w * width, h=h * height)


def _region(row: Mapping[str, Any], width: int, height: int) -> Region:
    area = _area(row, width, height)
    return Region(kind=RegionKind(row["kind"]), area=area, score=float(row.get("score", 1)))
