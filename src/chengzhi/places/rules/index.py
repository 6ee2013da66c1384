"""An index in memory from points to cells, towns and roads; never changed once built."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from chengzhi.places.rules.lattice import ASK, Lattice
from chengzhi.places.rules.measure import scales
from chengzhi.places.types import Located, LocatedMany, Texts

ROAD_METRES = 40.0  # half a wide street, and what a phone's fix may be off
CHUNK = 100_000
MANY = 20_000  # points in one call that are worth a lattice
Rows = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, slots=True)
class Area:
    """A polygon in WGS-84 degrees and what a point inside it is told."""

    shape: shapely.Geometry
    located: Located


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A road's line in WGS-84 degrees."""

    shape: shapely.Geometry
    code: str


class Index:
    """Which cell, else which town, a point lies in, and which road is near.

    A point on a border belongs to the area that comes first, so callers give areas in the order
    of their codes. Safe to share between threads: the prepared shapes are warmed when built.
    """

    def __init__(
        self, cells: Sequence[Area], towns: Sequence[Area] = (), roads: Sequence[Line] = ()
    ) -> None:
        self._cells, self._towns, self._roads = _Areas(cells), _Areas(towns), _Lines(roads)
        self.cell_count = len(cells)

    def locate(self, lon: float, lat: float) -> Located:
        """Return what one point lies in."""
        found = self._cells.first(lon, lat) or self._towns.first(lon, lat) or Located()
        road = self._roads.nearest(lon, lat)
        return replace(found, road=road) if road else found

    def metres_to_road(self, code: str, lon: float, lat: float) -> float | None:
        """Return how far a point is from a road; None when the road is not loaded."""
        return self._roads.metres_to(code, lon, lat)

    def locate_many(self, lon: ArrayLike, lat: ArrayLike, *, roads: bool = False) -> LocatedMany:
        """Return what each point lies in; roads only when asked for, since they take longer."""
        east, north = np.asarray(lon, np.float64), np.asarray(lat, np.float64)
        rows = self._cells.rows(east, north)
        columns = {name: self._cells.texts[name][rows] for name in FIELDS}
        outside = np.flatnonzero(rows < 0)
        town_rows = self._towns.rows(east[outside], north[outside])
        for name in FIELDS:
            columns[name][outside] = self._towns.texts[name][town_rows]
        near = self._roads.codes_near(east, north) if roads else _blank(len(east))
        return LocatedMany(**columns, road=near)


FIELDS = ("cell", "grid", "town", "community", "squad")


def _blank(count: int) -> Texts:
    return np.full(count, "", dtype=object)


class _Areas:
    def __init__(self, areas: Sequence[Area]) -> None:
        self.located: list[Located] = [area.located for area in areas]
        self.shapes = np.array([area.shape for area in areas], dtype=object)
        self.tree = shapely.STRtree(self.shapes)
        self._lattice: Lattice | None = None  # made when the first large batch comes
        self._lock = threading.Lock()
        # Row -1, the last, stands for "in none of them".
        self.texts = {
            name: np.array([*(getattr(found, name) for found in self.located), ""], dtype=object)
            for name in FIELDS
        }
        shapely.prepare(self.shapes)
        if areas:
            shapely.intersects_xy(self.shapes, 0.0, 0.0)

    def first(self, lon: float, lat: float) -> Located | None:
        for row in sorted(int(row) for row in self.tree.query(shapely.Point(lon, lat))):
            if shapely.intersects_xy(self.shapes[row], lon, lat):
                return self.located[row]
        return None

    def rows(self, lon: Floats, lat: Floats) -> Rows:
        if len(lon) < MANY or not len(self.shapes):
            return self._exact(lon, lat)
        if self._lattice is None:
            with self._lock:
                self._lattice = self._lattice or Lattice(self.shapes, exact=self._exact)
        rows = self._lattice.look_up(lon, lat)
        asked = np.flatnonzero(rows == ASK)
        rows[asked] = self._exact(lon[asked], lat[asked])
        return rows

    def _exact(self, lon: Floats, lat: Floats) -> Rows:
        rows = np.full(len(lon), -1, np.int64)
        for start in range(0, len(lon), CHUNK):
            part = slice(start, start + CHUNK)
            rows[part] = self._chunk(lon[part], lat[part])
        return rows

    def _chunk(self, lon: Floats, lat: Floats) -> Rows:
        asked, row = self.tree.query(shapely.points(lon, lat))
        inside = shapely.intersects_xy(self.shapes[row], lon[asked], lat[asked])
        first = np.full(len(lon), len(self.shapes), np.int64)
        np.minimum.at(first, asked[inside], row[inside])
        return np.where(first == len(self.shapes), -1, first)


class _Lines:
    def __init__(self, lines: Sequence[Line]) -> None:
        self.codes = np.array([line.code for line in lines], dtype=object)
        shapes = np.array([line.shape for line in lines], dtype=object)
        middle = float(np.mean(shapely.bounds(shapes)[:, [1, 3]])) if len(lines) else 0.0
        self.scale = np.array(scales(middle))
        self.tree = shapely.STRtree(shapely.transform(shapes, lambda xy: xy * self.scale))
        self.rows_of: dict[str, list[int]] = {}
        for row, line in enumerate(lines):
            self.rows_of.setdefault(line.code, []).append(row)

    def nearest(self, lon: float, lat: float) -> str:
        if not len(self.codes):
            return ""
        here = shapely.Point(lon * self.scale[0], lat * self.scale[1])
        rows = self.tree.query_nearest(here, max_distance=ROAD_METRES)
        return str(self.codes[rows.min()]) if len(rows) else ""

    def metres_to(self, code: str, lon: float, lat: float) -> float | None:
        """Return the metres to the nearest line of a road; None when it has no line here."""
        rows = self.rows_of.get(code)
        if rows is None:
            return None
        here = shapely.Point(lon * self.scale[0], lat * self.scale[1])
        return float(np.min(shapely.distance(self.tree.geometries[rows], here)))

    def codes_near(self, lon: Floats, lat: Floats) -> Texts:
        near = _blank(len(lon))
        if len(self.codes):
            points = shapely.points(lon * self.scale[0], lat * self.scale[1])
            asked, row = self.tree.query_nearest(points, max_distance=ROAD_METRES)
            near[asked[::-1]] = self.codes[row[::-1]]
        return near
