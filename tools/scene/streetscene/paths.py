"""Keyed paths: standing, walking along way-points, pulling in and driving off."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from .types import FOREVER, PAVEMENT_Y, Key, Pose, Thing

Point = tuple[float, float]


def heading_to(dx: float, dz: float) -> float:
    return math.atan2(-dz, dx)


def still(
    x: float,
    z: float,
    *,
    y: float = PAVEMENT_Y,
    heading: float = 0.0,
    since: float = -FOREVER,
    until: float = FOREVER,
) -> tuple[Key, ...]:
    """Keys of a thing that does not move."""
    return (
        Key(t=since, x=x, y=y, z=z, heading=heading),
        Key(t=until, x=x, y=y, z=z, heading=heading),
    )


def walk(
    points: Sequence[Point],
    *,
    start: float,
    speed: float,
    y: float = PAVEMENT_Y,
    mode: str = "walk",
) -> tuple[Key, ...]:
    """Keys along way-points at one speed; turns take a step."""
    keys: list[Key] = []
    t = start
    for (x0, z0), (x1, z1) in pairwise(points):
        turn = heading_to(x1 - x0, z1 - z0)
        keys.append(Key(t=t, x=x0, y=y, z=z0, heading=turn, mode=mode))
        t += math.hypot(x1 - x0, z1 - z0) / speed
        keys.append(Key(t=t - 0.01, x=x1, y=y, z=z1, heading=turn, mode=mode))
    return tuple(keys)


def pull_in(
    begin: Point,
    stop: Point,
    *,
    start: float,
    speed: float,
    y: float = 0.0,
    stop_y: float = 0.0,
    steps: int = 24,
) -> tuple[Key, ...]:
    """Keys of a vehicle that brakes evenly from `speed` to rest while it changes over to `stop`."""
    run = abs(stop[0] - begin[0])
    time = 2 * run / speed
    way = math.copysign(1.0, stop[0] - begin[0])
    spots = []
    for i in range(steps + 1):
        s = i / steps
        done = 1 - (1 - s) ** 2
        side = begin[1] + (stop[1] - begin[1]) * _smooth(min(done / 0.85, 1.0))
        up = y + (stop_y - y) * _smooth(min(max((done - 0.35) / 0.2, 0.0), 1.0))
        spots.append((start + time * s, begin[0] + way * run * done, side, up))
    return _keys_of(spots)


def pull_out(
    stop: Point, target: Point, *, start: float, speed: float, steps: int = 24
) -> tuple[Key, ...]:
    """Keys of a vehicle that drives off evenly: the mirror of pulling in."""
    mirrored = pull_in(target, stop, start=0.0, speed=speed, steps=steps)
    whole = mirrored[-1].t
    spots = [(start + whole - key.t, key.x, key.z, key.y) for key in reversed(mirrored)]
    return _keys_of(spots)


def _smooth(s: float) -> float:
    return s * s * (3 - 2 * s)


def _keys_of(spots: Sequence[tuple[float, float, float, float]]) -> tuple[Key, ...]:
    turns = [heading_to(b[1] - a[1], b[2] - a[2]) for a, b in pairwise(spots)]
    turns.append(turns[-1])
    return tuple(
        Key(t=t, x=x, z=z, y=y, heading=turn, mode="walk")
        for (t, x, z, y), turn in zip(spots, turns, strict=True)
    )


def pose_at(thing: Thing, t: float) -> Pose:
    """Where the thing is at `t`; the phase is the way travelled so far, in meters."""
    travelled = 0.0
    for a, b in pairwise(thing.keys):
        step = math.hypot(b.x - a.x, b.z - a.z)
        if t < b.t or b is thing.keys[-1]:
            share = min(max((t - a.t) / max(b.t - a.t, 1e-9), 0.0), 1.0)
            return _between(a, b, share, travelled + step * share)
        travelled += step
    raise ValueError(f"{thing.id} has fewer than two keys")


def _between(a: Key, b: Key, share: float, phase: float) -> Pose:
    turn = (b.heading - a.heading + math.pi) % (2 * math.pi) - math.pi
    moving = math.hypot(b.x - a.x, b.z - a.z) > 1e-6
    return Pose(
        x=a.x + (b.x - a.x) * share,
        y=a.y + (b.y - a.y) * share,
        z=a.z + (b.z - a.z) * share,
        heading=a.heading + turn * share,
        phase=phase,
        mode=a.mode if moving or a.mode == "bend" else "stand",
    )
