"""Reading GeoJSON as people send it: what can be mended is mended and said, the rest refused."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import shapely
from shapely.errors import GEOSException

from chengzhi.kernel.errors import InvalidInput
from chengzhi.places.rules.coordinates import convert
from chengzhi.places.rules.measure import area
from chengzhi.places.types import Datum, PlaceKind, Verdict

CODE_KEYS = ("code", "adcode", "CODE")
NAME_KEYS = ("name", "NAME")
SURFACES = ("Polygon", "MultiPolygon")
LINES = ("LineString", "MultiLineString")
SHAPES: dict[PlaceKind, tuple[str, ...]] = {
    PlaceKind.DIVISION: SURFACES,
    PlaceKind.CELL: SURFACES,
    PlaceKind.GRID: SURFACES,
    PlaceKind.ROAD: LINES,
}
MENDED_SHARE = 0.01  # a repair that moves more of the area than this is not ours to make
STATED_DATUMS = {"CRS84": Datum.WGS84, "4326": Datum.WGS84, "4490": Datum.WGS84}


@dataclass(frozen=True, kw_only=True)
class Draft:
    """One record of an import on its way to a verdict."""

    number: int
    code: str
    name: str
    shape: shapely.Geometry | None
    properties: Mapping[str, Any] = field(default_factory=dict)
    mended: tuple[str, ...] = ()
    refused: str = ""

    def refuse(self, sentence: str) -> "Draft":
        """Return the draft refused; the first reason stays."""
        return self if self.refused else replace(self, refused=sentence)

    def placed(self, shape: shapely.Geometry) -> "Draft":
        """Return the draft with another shape."""
        return replace(self, shape=shape)

    @property
    def verdict(self) -> Verdict:
        """What is made of it, as far as the file alone can tell."""
        if self.refused:
            return Verdict.REFUSED
        return Verdict.FIXED if self.mended else Verdict.OK


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A file that was read: its records and the coordinate system it states, if any."""

    drafts: tuple[Draft, ...]
    stated: Datum | None


def read_sheet(content: bytes, *, kind: PlaceKind) -> Sheet:
    """Return the records of a GeoJSON file.

    :raises InvalidInput: the file is not GeoJSON, holds nothing, or is in projected metres.
    """
    tree = _parsed(content)
    features = _features(tree)
    drafts = tuple(_draft(n, item, kind) for n, item in enumerate(features, start=1))
    return Sheet(drafts=drafts, stated=_stated(tree))


def _parsed(content: bytes) -> Any:
    try:
        return json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise InvalidInput("文件不是UTF-8编码。请另存为UTF-8后再导入。", field="file") from None
    except json.JSONDecodeError as error:
        raise InvalidInput(
            f"文件第{error.lineno}行第{error.colno}列不是合法的JSON。请导出为GeoJSON后再导入。",
            field="file",
        ) from None


def _features(tree: Any) -> list[Any]:
    found = tree.get("features", tree) if isinstance(tree, dict) else tree
    found = [found] if isinstance(found, dict) and found.get("type") == "Feature" else found
    if not isinstance(found, list):
        raise InvalidInput("文件不是GeoJSON要素集（FeatureCollection）。", field="file")
    if not found:
        raise InvalidInput("文件中没有要素。", field="file")
    return found


def _stated(tree: Any) -> Datum | None:
    stated = tree.get("crs") if isinstance(tree, dict) else None
    if not isinstance(stated, dict):
        return None
    name = str(stated.get("properties", {}).get("name", ""))
    known = STATED_DATUMS.get(name.rpartition(":")[2])
    if known is None:
        raise InvalidInput(
            f"文件的坐标系为{name}，只接受经纬度（CGCS2000、WGS-84、GCJ-02、BD-09）。"
            "请先转换为EPSG:4490。",
            field="crs",
        )
    return known


def _draft(number: int, item: Any, kind: PlaceKind) -> Draft:
    properties = (item.get("properties") or {}) if isinstance(item, dict) else {}
    draft = Draft(
        number=number,
        code=_first(properties, CODE_KEYS),
        name=_first(properties, NAME_KEYS),
        shape=None,
        properties=properties,
    )
    if not isinstance(item, dict) or item.get("type") != "Feature":
        return draft.refuse("不是GeoJSON要素（Feature）。")
    if kind is PlaceKind.GRID and not item.get("geometry"):
        return draft  # a patrol grid may name its cells instead
    return _shaped(draft, item.get("geometry"), kind)


def _first(properties: Mapping[str, Any], keys: tuple[str, ...]) -> str:
    return next((str(properties[key]).strip() for key in keys if properties.get(key)), "")


def _shaped(draft: Draft, geometry: Any, kind: PlaceKind) -> Draft:
    if not isinstance(geometry, dict) or geometry.get("type") not in SHAPES[kind]:
        wanted = "面（Polygon）" if SHAPES[kind] is SURFACES else "线（LineString）"
        return draft.refuse(f"缺少{wanted}几何。")
    closed, was_open = _closed(geometry)
    try:
        shape = shapely.from_geojson(json.dumps(closed))
    except (GEOSException, ValueError, TypeError):
        return draft.refuse("几何的坐标不完整。请在制图软件中检查该要素。")
    if was_open:
        draft = replace(draft, mended=(*draft.mended, "首尾未闭合，已闭合"))
    return _mended(replace(draft, shape=shapely.force_2d(shape)), flat=not shapely.has_z(shape))


def _closed(geometry: dict[str, Any]) -> tuple[dict[str, Any], bool]:
    parts = geometry.get("coordinates")
    if geometry["type"] not in SURFACES or not isinstance(parts, list):
        return geometry, False
    polygons = [parts] if geometry["type"] == "Polygon" else parts
    was_open = False
    closed = []
    for polygon in polygons:
        rings = [_ring(ring) for ring in polygon] if isinstance(polygon, list) else polygon
        was_open = was_open or rings != polygon
        closed.append(rings)
    return {"type": "MultiPolygon", "coordinates": closed}, was_open


def _ring(ring: Any) -> Any:
    if isinstance(ring, list) and len(ring) > 2 and ring[0] != ring[-1]:
        return [*ring, ring[0]]
    return ring


def _mended(draft: Draft, *, flat: bool) -> Draft:
    shape = draft.shape
    assert shape is not None
    if shapely.is_empty(shape):
        return draft.refuse("几何为空。")
    notes = draft.mended if flat else (*draft.mended, "高程已舍去")
    if shapely.is_valid(shape):
        return replace(draft, shape=_plain(shape), mended=notes)
    return _validated(replace(draft, mended=notes))


def _validated(draft: Draft) -> Draft:
    shape = draft.shape
    assert shape is not None
    reason = shapely.is_valid_reason(shape).partition("[")
    where = reason[2].rstrip("]").replace(" ", ", ")
    valid = _surface(shapely.make_valid(shape))
    before, after = abs(area(shape)), area(valid)
    if shapely.is_empty(valid) or not after or abs(after - before) > MENDED_SHARE * after:
        return draft.refuse(f"图形自相交，在（{where}）附近。请在制图软件中修正后再导入。")
    mended = (*draft.mended, f"图形自相交，已在（{where}）附近修复")
    return replace(draft, shape=_plain(valid), mended=mended)


def _surface(shape: shapely.Geometry) -> shapely.Geometry:
    parts = shapely.get_parts(shape)
    return shapely.union_all([part for part in parts if shapely.get_dimensions(part) == 2])


def _plain(shape: shapely.Geometry) -> shapely.Geometry:
    parts = shapely.get_parts(shape)
    return parts[0] if len(parts) == 1 else shape


def in_wgs84(shape: shapely.Geometry, *, source: Datum) -> shapely.Geometry:
    """Return a shape in WGS-84, whatever it is in."""
    return shapely.transform(
        shape,
        lambda xy: np.column_stack(convert(xy[:, 0], xy[:, 1], source=source, target=Datum.WGS84)),
    )


def as_geometry(shape: shapely.Geometry) -> dict[str, Any]:
    """Return a shape as a GeoJSON geometry with seven decimals (a centimetre)."""
    return dict(_rounded(json.loads(shapely.to_geojson(shape))))


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 7)
    if isinstance(value, list):
        return [_rounded(item) for item in value]
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    return value
