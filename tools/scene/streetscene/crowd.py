"""Everybody who only passes by: walkers, riders, vehicles; and what always stands about."""

from __future__ import annotations

import math

from . import looks
from .crew import Crew
from .dice import Dice
from .paths import still, walk

LEFT, RIGHT = -24.0, 20.0
NEAR_LANE, FAR_LANE, CYCLE_LANE = 8.75, 12.0, 7.1


def walkers(crew: Crew, *, each_minute: float) -> None:
    """Pedestrians on two tracks of the pavement, one each way, clear of the shop fronts."""
    dice = crew.dice.stream("walkers")
    for way, track in zip((1, -1), crew.tracks, strict=True):
        t = -32.0 + dice.between(0, 10)
        while t < crew.seconds:
            ends = (LEFT, RIGHT) if way > 0 else (RIGHT, LEFT)
            z = track + dice.between(-0.12, 0.12)
            speed = 1.22 + dice.between(-0.04, 0.04)
            path = walk([(ends[0], z), (ends[1], z)], start=t, speed=speed)
            crew.add("person", looks.person(dice, wet=crew.wet), path)
            t += dice.between(0.45, 1.55) * 120 / each_minute


def riders(crew: Crew, *, each_minute: float) -> None:
    dice = crew.dice.stream("riders")
    t = -8.0 + dice.between(0, 6)
    while t < crew.seconds:
        machine = dice.pick(("ebike", "ebike", "bicycle"))
        z = CYCLE_LANE + dice.between(-0.1, 0.1)
        path = walk([(RIGHT, z), (LEFT, z)], start=t, speed=4.2 + dice.between(-0.2, 0.2), y=0.0)
        crew.add("ridden", looks.rider(dice, machine=machine, lit=crew.lit), path)
        t += dice.between(0.5, 1.5) * 60 / each_minute


def traffic(crew: Crew, *, each_minute: float) -> None:
    """Vehicles in both lanes; the near lane keeps free while a scenario halts it."""
    dice = crew.dice.stream("traffic")
    for way, z, share in ((-1, NEAR_LANE, 0.65), (1, FAR_LANE, 0.35)):
        t = -6.0 + dice.between(0, 6)
        while t < crew.seconds:
            if way > 0 or not _halted(crew, t):
                _drive(crew, dice, way=way, z=z, t=t)
            t += 3.2 + dice.between(0.3, 1.7) * max(60 / (each_minute * share) - 3.2, 1)


def _halted(crew: Crew, t: float) -> bool:
    return any(since - 4 <= t <= until + 2 for since, until in crew.lane_stops)


def _drive(crew: Crew, dice: Dice, *, way: int, z: float, t: float) -> None:
    ends = (-34.0, 28.0) if way > 0 else (28.0, -34.0)
    speed = 7.2 + dice.between(-0.2, 0.2)
    path = walk([(ends[0], z), (ends[1], z)], start=t, speed=speed, y=0.0)
    big = dice.chance(0.12)
    look = {"colour": 0x3C5F8A} if big else looks.vehicle(dice, lit=crew.lit)
    if not big and dice.chance(0.12):
        look = looks.taxi(dice, lit=crew.lit)
    crew.add("truck" if big else "car", look, path)


def bystanders(crew: Crew, *, bins: bool = True) -> None:
    """What stands there all day: cars in their bays, cycles in the marked rack, closed bins."""
    dice = crew.dice.stream("bystanders")
    for first, last in crew.street.bays:
        x = first + 2.7
        while x < last:
            if dice.chance(0.75):
                spot = still(x + dice.between(-0.2, 0.2), 5.78, y=0.0, heading=math.pi)
                crew.add("car", looks.vehicle(dice), spot)
            x += 5.4
    for x0, x1, z0, z1 in crew.street.racks:
        x = x0 + 0.4
        while x < x1 - 0.2:
            kind = dice.pick(("ebike", "bicycle", "ebike"))
            turn = math.pi / 2 + dice.between(-0.1, 0.1)
            crew.add(kind, looks.cycle(dice, machine=kind), still(x, (z0 + z1) / 2, heading=turn))
            x += dice.between(0.7, 1.0)
    if bins:
        for i, sort in enumerate(("kitchen", "other")):
            crew.add("bin", {"sort": sort}, still(crew.focus - 6.6 + i * 0.8, 0.75))
