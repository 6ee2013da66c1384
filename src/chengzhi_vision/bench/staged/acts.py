"""The moves of a scene: arrive and leave, be carried in, stand, pass, stop in front."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from chengzhi_vision.bench.cutouts.types import HEIGHT_M, MAX_WIDTH_M, Cutout, Sort
from chengzhi_vision.bench.staged.compose import Actor, Key
from chengzhi_vision.bench.staged.ground import Ground

Rng = np.random.Generator
DRIVE_M_S, WALK_M_S = 5.0, 1.3
MAX_MOVE_S = 6.0


@dataclass(frozen=True, kw_only=True)
class Spot:
    """Where something stands: the middle of its foot."""

    x: float
    y: float


@dataclass(frozen=True, kw_only=True)
class Stage:
    """The picture and the ground the acts play on."""

    size: tuple[int, int]
    ground: Ground

    def px_per_m(self, y: float) -> float:
        return self.ground.px_per_m(y, height=self.size[1])


def tall(cutout: Cutout, rng: Rng) -> float:
    """Return a height in meters such that the thing is not wider than its sort can be."""
    low, high = HEIGHT_M[cutout.sort]
    height = float(rng.uniform(low, high))
    rows, columns = cutout.picture.shape[:2]
    if cutout.sort is Sort.GOODS and rows > 0.8 * columns:
        height *= 1.7  # under a parasol
    return float(min(height, MAX_WIDTH_M[cutout.sort] * rows / columns))


def standing(cutout: Cutout, spot: Spot, rng: Rng, *, start: float, end: float) -> Actor:
    """Something that is simply there for a time."""
    keys = (Key(t=start, x=spot.x, y=spot.y), Key(t=end, x=spot.x, y=spot.y))
    return Actor(cutout, tall(cutout, rng), keys, flip=bool(rng.random() < 0.5))


def driven(
    cutout: Cutout, spot: Spot, rng: Rng, *, stage: Stage, start: float, end: float
) -> Actor:
    """A vehicle that drives in, stops at the spot from `start` to `end`, and drives off."""
    height = tall(cutout, rng)
    speed = DRIVE_M_S * stage.px_per_m(spot.y)
    half = height * stage.px_per_m(spot.y) * cutout.picture.shape[1] / cutout.picture.shape[0]
    way = 1 if rng.random() < 0.5 else -1
    keys = (
        *_entry(spot, stage, way=way, half=half, speed=speed, at=start),
        *_exit(spot, stage, way=way, half=half, speed=speed, at=end),
    )
    return Actor(cutout, height, keys, flip=way < 0)


def _entry(
    spot: Spot, stage: Stage, *, way: int, half: float, speed: float, at: float
) -> tuple[Key, ...]:
    edge = -half if way > 0 else stage.size[0] + half
    travel = min(abs(spot.x - edge) / speed, MAX_MOVE_S)
    near = spot.x - way * 0.25 * abs(spot.x - edge)
    return (
        Key(t=at - travel - 0.8, x=edge, y=spot.y),
        Key(t=at - 0.8 - travel * 0.15, x=near, y=spot.y),
        Key(t=at, x=spot.x, y=spot.y),
    )


def _exit(
    spot: Spot, stage: Stage, *, way: int, half: float, speed: float, at: float
) -> tuple[Key, ...]:
    edge = stage.size[0] + half if way > 0 else -half
    travel = min(abs(edge - spot.x) / speed, MAX_MOVE_S)
    return (Key(t=at, x=spot.x, y=spot.y), Key(t=at + travel + 0.5, x=edge, y=spot.y))


@dataclass(frozen=True, kw_only=True)
class Errand:
    """A person who brings something (or takes it away) and the spot beside it."""

    person: Cutout
    side: int
    beside: float
    linger_s: float


def errand(people: Sequence[Cutout], rng: Rng, *, beside: float, linger_s: float) -> Errand | None:
    if not people:
        return None
    person = people[int(rng.integers(len(people)))]
    side = 1 if rng.random() < 0.5 else -1
    return Errand(person=person, side=side, beside=beside, linger_s=linger_s)


def brought(
    cutout: Cutout, spot: Spot, rng: Rng, *, stage: Stage, start: float, end: float,
    by: Errand | None,
) -> list[Actor]:  # fmt: skip
    """Something that a walking person brings, leaves at `start`, and takes away at `end`."""
    thing = standing(cutout, spot, rng, start=start, end=end)
    if by is None:
        return [thing]
    speed = WALK_M_S * stage.px_per_m(spot.y)
    edge = -60.0 if by.side < 0 else stage.size[0] + 60.0
    travel = min(abs(spot.x - edge) / speed, MAX_MOVE_S)
    shift = by.side * by.beside
    thing.keys = (
        Key(t=start - travel, x=edge - shift, y=spot.y),
        Key(t=start, x=spot.x, y=spot.y),
        Key(t=end, x=spot.x, y=spot.y),
        Key(t=end + travel, x=edge - shift, y=spot.y),
    )
    walks = [_walk(by, spot, edge, shift, start=start, travel=travel, rng=rng)]
    if end < 1e6:
        walks.append(_fetch(by, spot, edge, shift, end=end, travel=travel, rng=rng))
    return [thing, *walks]


def _walk(
    by: Errand, spot: Spot, edge: float, shift: float, *, start: float, travel: float, rng: Rng
) -> Actor:
    x = spot.x + shift
    keys = (
        Key(t=start - travel, x=edge, y=spot.y + 2),
        Key(t=start, x=x, y=spot.y + 2),
        Key(t=start + by.linger_s, x=x, y=spot.y + 2),
        Key(t=start + by.linger_s + travel, x=edge, y=spot.y + 2),
    )
    return Actor(by.person, tall(by.person, rng), keys, flip=by.side > 0)


def _fetch(
    by: Errand, spot: Spot, edge: float, shift: float, *, end: float, travel: float, rng: Rng
) -> Actor:
    x = spot.x + shift
    keys = (
        Key(t=end - travel - 1, x=edge, y=spot.y + 2),
        Key(t=end - 1, x=x, y=spot.y + 2),
        Key(t=end, x=x, y=spot.y + 2),
        Key(t=end + travel, x=edge, y=spot.y + 2),
    )
    return Actor(by.person, tall(by.person, rng), keys, flip=by.side > 0)


def passing(person: Cutout, rng: Rng, *, stage: Stage, y: float, start: float) -> Actor:
    """Somebody who walks through the whole picture."""
    way = 1 if rng.random() < 0.5 else -1
    speed = WALK_M_S * float(rng.uniform(0.8, 1.3)) * stage.px_per_m(y)
    edges = (-60.0, stage.size[0] + 60.0)
    first, last = edges if way > 0 else edges[::-1]
    keys = (
        Key(t=start, x=first, y=y),
        Key(t=start + (edges[1] - edges[0]) / max(speed, 25), x=last, y=y),
    )
    return Actor(person, tall(person, rng), keys, flip=way < 0)


def waiting(person: Cutout, spot: Spot, rng: Rng, *, start: float, end: float) -> Actor:
    """Somebody who stands and waits, shifting a little from foot to foot."""
    actor = standing(person, spot, rng, start=start, end=end)
    actor.sway = float(rng.uniform(0.8, 2.2))
    return actor


def in_front(
    cutout: Cutout, spot: Spot, rng: Rng, *, stage: Stage, below: float, start: float, end: float
) -> Actor:
    """A vehicle that stops nearer to the camera and hides what stands at the spot."""
    height = max(tall(cutout, rng), 1.6)
    y = below
    for _ in range(12):
        car = height * stage.px_per_m(y)
        if y - car < spot.y - 0.8 * car and y - 0.42 * car > below:
            break
        y += 0.08 * car
    hiding = Spot(x=spot.x, y=y)
    return driven(cutout, hiding, rng, stage=stage, start=start, end=end)
