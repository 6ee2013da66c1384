"""Dogs: one without anybody, and one whose owner stands beside it."""

from __future__ import annotations

import math

from . import looks
from .crew import Crew
from .paths import walk
from .types import FOREVER, PAVEMENT_Y, Decoy, Key, Member
from .zones import watch

NEAR_SHOPS = (1.8, 1.25)
TURNS = ((0.0, 3.1), (0.0, 2.4), (0.2, -0.6), (0.2, -0.9))


def dog_unattended(crew: Crew) -> None:
    """A dog without anybody trots in and stays."""
    name, at, _ = _trot_in(crew)
    member = Member(thing_id=name, since=at)
    crew.report("dog_unattended", "walkway", start=at, end=None, members=[member])
    watch(crew, walk="dog_unattended")


def dog_walked(crew: Crew) -> None:
    """A dog comes with its owner, who stands and waits beside it: nothing to report."""
    name, at, (x, z) = _trot_in(crew)
    owner = looks.person(crew.dice.stream("owner"), wet=crew.wet)
    way = walk([(9.4, z + 0.1), (x + 0.75, z)], start=6.0, speed=1.5)
    rest = [
        Key(t=t, x=x + 0.75, z=z, y=PAVEMENT_Y, heading=math.pi)
        for t in (way[-1].t + 0.02, FOREVER)
    ]
    who = crew.add("person", owner, [*way, *rest])
    crew.decoys.append(
        Decoy(what="dog_with_owner", start=at, end=crew.seconds, thing_ids=(name, who))
    )
    watch(crew, walk="dog_unattended")


def _trot_in(crew: Crew) -> tuple[str, float, tuple[float, float]]:
    """A dog trots in and stays, turning now and then; returns its id, since when and where."""
    dice = crew.dice.stream("dog")
    crew.tracks = NEAR_SHOPS
    x, z = crew.focus + dice.between(-1.5, 1.0), dice.between(2.4, 3.0)
    look = {"colour": dice.pick(looks.COATS)}
    path = walk([(9.0, z + 0.3), (x, z)], start=6.0, speed=1.5)
    at = path[-1].t
    rest = [
        Key(t=at + 0.02 + i * 7, x=x + move, z=z + move / 2, y=PAVEMENT_Y, heading=turn)
        for i, (move, turn) in enumerate(TURNS)
    ]
    stay = Key(t=FOREVER, x=x + 0.2, z=z + 0.1, y=PAVEMENT_Y, heading=-0.9)
    return crew.add("dog", look, [*path, *rest, stay]), at, (x, z)
