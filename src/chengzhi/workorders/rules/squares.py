"""The squares of the map: web-mercator cells of 64 screen points, at seven levels of zoom."""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

LEVELS = range(7)
FIRST_ZOOM = 10  # level 0; level 6 is drawn at zoom 16, and single pins from zoom 17 on
PER_TILE = 2  # powers of two: four squares along a tile of 256 points
HEAT_POWER = 17  # about 265 metres in the county
AGES = (7, 30, 90)  # days since the report
MOST_SQUARES = 4000
ROUNDING = 6  # decimals of a degree, about a hand's breadth
Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]


class Key(NamedTuple):
    """Which square."""

    level: int
    x: int
    y: int


class Count(NamedTuple):
    """What lies in a square: cumulated by age, in the order of `AGES` and then of any age."""

    within_7: int
    within_30: int
    within_90: int
    total: int
    overdue_7: int
    overdue_30: int
    overdue_90: int
    overdue: int
    soon_7: int
    soon_30: int
    soon_90: int
    soon: int
    lon: float
    lat: float
    order: int  # the one work order, or 0


@dataclass(frozen=True, kw_only=True)
class Spots:
    """Open work orders as the map counts them, one in each place of the columns."""

    order: Whole
    lon: Floats
    lat: Floats
    days: Floats  # since the report
    is_overdue: Flags
    is_soon: Flags


@dataclass(frozen=True, kw_only=True)
class Box:
    """A piece of the map in degrees."""

    west: float
    south: float
    east: float
    north: float


def square_of(lon: float, lat: float, *, power: int) -> tuple[int, int]:
    """Return the column and row of a point where the world is 2^power squares wide."""
    x, y = squares_of(np.array([lon]), np.array([lat]), power=power)
    return int(x[0]), int(y[0])


def squares_of(lon: Floats, lat: Floats, *, power: int) -> tuple[Whole, Whole]:
    """Return the columns and rows of points where the world is 2^power squares wide."""
    side = 1 << power
    sine = np.sin(np.radians(np.clip(lat, -85.05, 85.05)))
    x = (lon + 180) / 360 * side
    y = (0.5 - np.log((1 + sine) / (1 - sine)) / (4 * math.pi)) * side
    return (
        np.clip(x.astype(np.int64), 0, side - 1),
        np.clip(y.astype(np.int64), 0, side - 1),
    )


def middle_of(x: int, y: int, *, power: int) -> tuple[float, float]:
    """Return the middle of a square in degrees."""
    side = 1 << power
    lon = (x + 0.5) / side * 360 - 180
    lat = math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * (y + 0.5) / side))))
    return lon, lat


def power_of(level: int) -> int:
    """Return how many times the world is halved at a level."""
    return FIRST_ZOOM + level + PER_TILE


def level_for(zoom: float, box: Box) -> int:
    """Return the level drawn at a zoom: a coarser one where the box would hold too many squares."""
    level = min(LEVELS[-1], max(LEVELS[0], int(zoom) - FIRST_ZOOM))
    while level > LEVELS[0] and _squares_in(box, level) > MOST_SQUARES:
        level -= 1
    return level


def _squares_in(box: Box, level: int) -> int:
    (x1, x2), (y1, y2) = ranges(box, power=power_of(level))
    return (x2 - x1 + 1) * (y2 - y1 + 1)


def ranges(box: Box, *, power: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return the first and last column, and the first and last row, of a box."""
    x1, y1 = square_of(box.west, box.north, power=power)
    x2, y2 = square_of(box.east, box.south, power=power)
    return (x1, x2), (y1, y2)


def counted(spots: Spots, *, level: int) -> dict[Key, Count]:
    """Return what lies in each square of a level."""
    power = power_of(level)
    x, y = squares_of(spots.lon, spots.lat, power=power)
    places, at = np.unique((x << power) | y, return_inverse=True)
    columns, rows = (places >> power).tolist(), (places & ((1 << power) - 1)).tolist()
    keys = (Key(level, *key) for key in zip(columns, rows, strict=True))
    return dict(zip(keys, gathered(spots, at, number=len(places)), strict=True))


def apart(spots: Spots) -> list[Count]:
    """Return each spot by itself, whatever lies beside it."""
    number = len(spots.order)
    return gathered(spots, np.arange(number), number=number)


def gathered(spots: Spots, at: Whole, *, number: int) -> list[Count]:
    """Return what each of so many places holds; `at` says in which one a spot lies."""
    if not number:
        return []
    ages: list[Flags] = [*(spots.days < most for most in AGES), np.ones(len(at), np.bool_)]
    kinds = (ages[-1], spots.is_overdue, spots.is_soon)
    sums = [np.bincount(at[kind & age], minlength=number) for kind in kinds for age in ages]
    total = np.bincount(at, minlength=number)
    middles = [
        np.round(np.bincount(at, degrees, minlength=number) / total, ROUNDING)
        for degrees in (spots.lon, spots.lat)
    ]
    alone = np.zeros(number, np.int64)
    alone[at] = spots.order
    alone[total > 1] = 0
    columns = zip(*(column.tolist() for column in (*sums, *middles, alone)), strict=True)
    return [Count(*count) for count in columns]
