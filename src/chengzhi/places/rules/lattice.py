"""A fine lattice over areas: where no border passes through a square, its area is known at once.

Squares that a border touches say so, and their points are asked exactly. The borders' squares are
found by every crossing of a border with a line of the lattice, so none is missed; the squares
between them in a row have one owner, asked once.
"""

from collections.abc import Callable

import numpy as np
import shapely
from numpy.typing import NDArray

from chengzhi.places.rules.measure import scales

SQUARES = 8_000_000  # 20 metres in a county of 3,000 square kilometres
ASK = -2
OUTSIDE = -1
HAIR = 1e-6  # of a square: how far a crossing's rounding may go
Rows = NDArray[np.int64]
Floats = NDArray[np.float64]
Exact = Callable[[Floats, Floats], Rows]


class Lattice:
    """For each square the area it lies in, `OUTSIDE`, or `ASK`."""

    def __init__(self, shapes: NDArray[np.object_], *, exact: Exact) -> None:
        west, south, east, north = shapely.total_bounds(shapes)
        east_metres, north_metres = scales((south + north) / 2)
        shape = np.sqrt((east - west) * east_metres / ((north - south) * north_metres))
        self.columns = max(1, int(np.sqrt(SQUARES) * shape))
        self.rows = max(1, SQUARES // self.columns)
        self.origin = np.array([west, south])
        self.step = np.array([(east - west) / self.columns, (north - south) / self.rows])
        self.owners = self._owned(self._touched(shapes), exact)

    def look_up(self, lon: Floats, lat: Floats) -> Rows:
        """Return for each point its area's row, `OUTSIDE`, or `ASK`."""
        x = (lon - self.origin[0]) / self.step[0]
        y = (lat - self.origin[1]) / self.step[1]
        inside = (x >= 0) & (x < self.columns) & (y >= 0) & (y < self.rows)
        spot = np.where(inside, y, 0).astype(np.int32) * self.columns
        spot += np.where(inside, x, 0).astype(np.int32)
        on_edge = (x == self.columns) | (y == self.rows)
        return np.where(inside, self.owners[spot], np.where(on_edge, ASK, OUTSIDE)).astype(np.int64)

    def _touched(self, shapes: NDArray[np.object_]) -> NDArray[np.bool_]:
        touched = np.zeros(self.rows * self.columns, np.bool_)
        start, end = self._segments(shapes)
        self._mark(touched, start[:, 0], start[:, 1])
        for axis in (0, 1):
            at, other = _crossings(start, end, axis)
            for side in (-0.5, 0.5):
                x, y = (at + side, other) if axis == 0 else (other, at + side)
                self._mark(touched, x, y)
        return touched

    def _segments(self, shapes: NDArray[np.object_]) -> tuple[Floats, Floats]:
        rings = shapely.get_rings(shapes)
        corners, ring = shapely.get_coordinates(rings, return_index=True)
        corners = (corners - self.origin) / self.step
        same = ring[:-1] == ring[1:]
        return corners[:-1][same], corners[1:][same]

    def _mark(self, touched: NDArray[np.bool_], x: Floats, y: Floats) -> None:
        for shift_x in (-HAIR, HAIR):
            for shift_y in (-HAIR, HAIR):
                column = np.clip(np.floor(x + shift_x), 0, self.columns - 1).astype(np.int64)
                row = np.clip(np.floor(y + shift_y), 0, self.rows - 1).astype(np.int64)
                touched[row * self.columns + column] = True

    def _owned(self, touched: NDArray[np.bool_], exact: Exact) -> NDArray[np.int32]:
        """Ask the first square of every run between borders; the rest of the run follows it."""
        begins = ~touched
        begins[1:] &= touched[:-1]
        begins[:: self.columns] = ~touched[:: self.columns]
        first = np.flatnonzero(begins)
        row, column = np.divmod(first, self.columns)
        lon = self.origin[0] + (column + 0.5) * self.step[0]
        lat = self.origin[1] + (row + 0.5) * self.step[1]
        run = np.maximum(np.cumsum(begins, dtype=np.int32) - 1, 0)
        owner = exact(lon, lat).astype(np.int32) if len(first) else np.array([ASK], np.int32)
        return np.where(touched, np.int32(ASK), owner[run])


def _crossings(start: Floats, end: Floats, axis: int) -> tuple[Floats, Floats]:
    """Return where segments cross the lattice's lines of one axis: the line, and the other axis."""
    low = np.ceil(np.minimum(start[:, axis], end[:, axis]))
    high = np.floor(np.maximum(start[:, axis], end[:, axis]))
    count = np.maximum(high - low + 1, 0).astype(np.int64)
    segment = np.repeat(np.arange(len(start)), count)
    within = np.arange(len(segment)) - np.repeat(np.cumsum(count) - count, count)
    line = low[segment] + within
    span = end[segment, axis] - start[segment, axis]
    share = np.where(span == 0, 0.0, (line - start[segment, axis]) / np.where(span == 0, 1.0, span))
    other = start[segment, 1 - axis] + share * (end[segment, 1 - axis] - start[segment, 1 - axis])
    return line, other
