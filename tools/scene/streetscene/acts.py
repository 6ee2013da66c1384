"""Single acts that scenarios are made of: carry something out, put it down, pull in, walk off."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from .crew import Crew
from .paths import heading_to, pull_in, pull_out, still, walk
from .types import FOREVER, PAVEMENT_Y, Key

Point = tuple[float, float]
Look = Mapping[str, Any]
HAND = 0.62
STRIDE = 1.15


def errand(
    crew: Crew, who: Look, *, door: Point, spot: Point, start: float, lines: tuple[bool, bool]
) -> tuple[float, float]:
    """A person goes from the door to the spot and back; returns when they bend and are home.

    `lines` says whether they carry on the way out and on the way back.
    """
    out = walk([door, spot], start=start, speed=STRIDE, mode="carry" if lines[0] else "walk")
    bend = out[-1].t
    back = walk([spot, door], start=bend + 1.0, speed=STRIDE, mode="carry" if lines[1] else "walk")
    turned = Key(
        t=bend + 0.02, x=spot[0], z=spot[1], y=PAVEMENT_Y, heading=out[-1].heading, mode="bend"
    )
    crew.add("person", who, [*out, turned, *back])
    return bend + 0.5, back[-1].t


def carried(start: float, put: float, *, door: Point, spot: Point, rest_y: float) -> list[Key]:
    """Keys of a thing carried in front of its bearer from the door until it is put down."""
    turn = heading_to(spot[0] - door[0], spot[1] - door[1])
    dx, dz = 0.42 * math.cos(turn), -0.42 * math.sin(turn)
    hold = PAVEMENT_Y + HAND + 0.25
    return [
        Key(t=start, x=door[0] + dx, z=door[1] + dz, y=hold, heading=0.0),
        Key(t=put - 0.5, x=spot[0] + dx, z=spot[1] + dz, y=hold, heading=0.0),
        Key(t=put, x=spot[0] + dx, z=spot[1] + dz, y=rest_y, heading=0.0),
    ]


def ahead(door: Point, spot: Point) -> Point:
    """Where a thing lands that is put down in front of a bearer who stands at `spot`."""
    turn = heading_to(spot[0] - door[0], spot[1] - door[1])
    return spot[0] + 0.42 * math.cos(turn), spot[1] - 0.42 * math.sin(turn)


def standing_at(door: Point, target: Point) -> Point:
    """Where the bearer stands so that the thing lands on `target`."""
    turn = heading_to(target[0] - door[0], target[1] - door[1])
    return target[0] - 0.42 * math.cos(turn), target[1] + 0.42 * math.sin(turn)


def bring(
    crew: Crew,
    who: Look,
    kind: str,
    look: Look,
    *,
    door: Point,
    target: Point,
    start: float,
    until: float | None = None,
    rest_y: float = PAVEMENT_Y,
) -> tuple[str, float, float]:
    """Somebody brings a thing out and puts it on `target`; returns its id, when, when home."""
    spot = standing_at(door, target)
    put, home = errand(crew, who, door=door, spot=spot, start=start, lines=(True, False))
    keys = carried(start, put, door=door, spot=spot, rest_y=rest_y)
    gone = FOREVER if until is None else until
    keys.append(Key(t=gone, x=target[0], z=target[1], y=rest_y))
    return crew.add(kind, look, keys), put, home


def fetch(
    crew: Crew, who: Look, kind: str, look: Look, *, door: Point, target: Point, start: float
) -> tuple[float, float]:
    """Somebody takes the thing on `target` back in; returns when it is lifted and when home."""
    spot = standing_at(door, target)
    lift, home = errand(crew, who, door=door, spot=spot, start=start, lines=(False, True))
    turn = heading_to(door[0] - spot[0], door[1] - spot[1])
    dx, dz = 0.42 * math.cos(turn), -0.42 * math.sin(turn)
    y = PAVEMENT_Y + HAND + 0.25
    crew.add(kind, look, [
        Key(t=lift, x=spot[0] + dx, z=spot[1] + dz, y=y),
        Key(t=lift + 0.5, x=spot[0] + dx, z=spot[1] + dz, y=y),
        Key(t=home, x=door[0] + dx, z=door[1] + dz, y=y),
    ])  # fmt: skip
    return lift, home


def park(
    crew: Crew,
    kind: str,
    look: Look,
    *,
    begin: Point,
    stop: Point,
    start: float,
    speed: float,
    leave: float | None,
    stop_y: float = 0.0,
) -> tuple[str, float]:
    """A vehicle pulls in, stands and, if `leave` is given, drives off; returns id and stop time."""
    keys = list(pull_in(begin, stop, start=start, speed=speed, stop_y=stop_y))
    rest = keys[-1]
    at = rest.t
    turn = math.pi if stop[0] < begin[0] else 0.0
    if leave is None:
        keys.append(Key(t=FOREVER, x=stop[0], z=stop[1], y=stop_y, heading=turn))
        return crew.add(kind, look, keys), at
    keys.append(Key(t=leave - 0.01, x=stop[0], z=stop[1], y=stop_y, heading=turn))
    way = -30.0 if stop[0] < begin[0] else 26.0
    keys += pull_out(stop, (way, begin[1]), start=leave, speed=speed * 1.6)
    return crew.add(kind, look, keys), at


def step_aside(crew: Crew, who: Look, path: list[Point], *, start: float) -> None:
    """Somebody gets off and walks away along way-points."""
    crew.add("person", who, walk(path, start=start, speed=1.2))


def idle(
    crew: Crew, who: Look, *, x: float, z: float, heading: float, since: float, until: float
) -> str:
    """Somebody stands still for a while."""
    return crew.add("person", who, still(x, z, heading=heading, since=since, until=until))
