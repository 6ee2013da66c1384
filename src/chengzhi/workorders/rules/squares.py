"""The squares of the map: web-mercator cells of 64 screen points, at seven levels of zoom."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

LEVELS = range(7)
FIRST_ZOOM = 10  # level 0; level 6 is drawn at zoom 16, and single pins from zoom 17 on
PER_TILE = 2  # powers of two: four squares along a tile of 256 points
HEAT_POWER = 17  # about 265 metres in the county
AGES = (7, 30, 90)  # days; the last class is everything older
MOST_SQUARES = 4000


class Key(NamedTuple):
    """Which counter: a square of a level, a state, an age."""

    level: int
    x: int
    y: int
    state: str
    age: int


class Count(NamedTuple):
    """What a counter holds."""

    total: int
    overdue: int
    soon: int
    lon_sum: float
    lat_sum: float
    order: int  # the one work order, or 0


@dataclass(frozen=True, kw_only=True)
class Spot:
    """An open work order as the map counts it."""

    pk: int
    lon: float
    lat: float
    state: str
    age: int
    is_overdue: bool
    is_soon: bool


@dataclass(frozen=True, kw_only=True)
class Box:
    """A piece of the map in degrees."""

    west: float
    south: float
    east: float
    north: float


def square_of(lon: float, lat: float, *, power: int) -> tuple[int, int]:
    """Return the column and row of a point where the world is 2^power squares wide."""
    side = 1 << power
    x = (lon + 180) / 360 * side
    sine = math.sin(math.radians(max(-85.05, min(85.05, lat))))
    y = (0.5 - math.log((1 + sine) / (1 - sine)) / (4 * math.pi)) * side
    return min(side - 1, max(0, int(x))), min(side - 1, max(0, int(y)))


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


def age_class(reported_at: datetime, *, now: datetime) -> int:
    """Return how old a report is: 0 within a week, 1 a month, 2 three months, 3 older."""
    days = (now - reported_at) / timedelta(days=1)
    return next((at for at, most in enumerate(AGES) if days < most), len(AGES))


def counted(spots: Iterable[Spot]) -> dict[Key, Count]:
    """Return every counter of every level: the finest from the spots, each coarser from it."""
    finest = LEVELS[-1]
    counts: dict[Key, Count] = {}
    for spot in spots:
        x, y = square_of(spot.lon, spot.lat, power=power_of(finest))
        one = Count(1, int(spot.is_overdue), int(spot.is_soon), spot.lon, spot.lat, spot.pk)
        _add(counts, Key(finest, x, y, spot.state, spot.age), one)
    whole, below = dict(counts), counts
    for level in reversed(LEVELS[:-1]):
        above: dict[Key, Count] = {}
        for key, count in below.items():
            _add(above, Key(level, key.x >> 1, key.y >> 1, key.state, key.age), count)
        whole |= above
        below = above
    return whole


def _add(counts: dict[Key, Count], key: Key, more: Count) -> None:
    was = counts.get(key)
    counts[key] = more if was is None else _sum(was, more)


def _sum(one: Count, other: Count) -> Count:
    return Count(
        one.total + other.total,
        one.overdue + other.overdue,
        one.soon + other.soon,
        one.lon_sum + other.lon_sum,
        one.lat_sum + other.lat_sum,
        0,
    )


def difference(
    was: Mapping[Key, Count], now: Mapping[Key, Count]
) -> tuple[list[Key], list[Key], list[Key]]:
    """Return which counters are new, which changed, and which are empty now."""
    new = [key for key in now if key not in was]
    changed = [key for key in now if key in was and not _same(was[key], now[key])]
    gone = [key for key in was if key not in now]
    return new, changed, gone


def _same(one: Count, other: Count) -> bool:
    """Sums of degrees differ in their last digit with the order of adding."""
    exact = one[:3] == other[:3] and one.order == other.order
    return exact and abs(one.lon_sum - other.lon_sum) + abs(one.lat_sum - other.lat_sum) < 1e-6
