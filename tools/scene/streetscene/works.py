"""What builders and advertisers leave: bricks and sand on the walkway, a banner on a shop front."""

from __future__ import annotations

import math
from dataclasses import replace

from . import acts, looks
from .crew import Crew
from .paths import heading_to, walk
from .types import FOREVER, PAVEMENT_Y, Key, Member
from .zones import FRONT_Z, facade, watch

NEAR_SHOPS = (1.8, 1.25)
LOADS = (("bricks", 0.0, 0.0), ("bricks", 1.05, 0.1), ("sand", 2.35, 0.0))
SHEET_Y, HUNG_Y = 1.0, 2.4  # where hands hold a banner, and where it hangs


def materials_piled(crew: Crew) -> None:
    """A cargo tricycle brings bricks and sand, is unloaded onto the walkway and rides off."""
    dice = crew.dice.stream("materials")
    crew.tracks = NEAR_SHOPS
    x, z = crew.focus + dice.between(-1.6, -0.6), 3.0
    _, at = acts.park(
        crew, "tricycle", {"colour": dice.pick((0x2F5D8A, 0x2F6B4A))}, begin=(16.0, 7.1),
        stop=(x + 1.0, 4.05), start=2.0, speed=4.6, leave=12.0 + 11.0, stop_y=PAVEMENT_Y,
    )  # fmt: skip
    members = []
    for i, (kind, dx, dz) in enumerate(LOADS):
        put = at + 2.5 + 3.0 * i
        keys = [Key(t=t, x=x + dx, z=z + dz, y=PAVEMENT_Y) for t in (put, FOREVER)]
        members.append(Member(thing_id=crew.add(kind, {}, keys), since=put))
    _unload(crew, looks.person(dice), x=x, z=z, start=at + 0.5)
    crew.report("materials_piled", "walkway", start=members[0].since, end=None, members=members)
    watch(crew, walk="materials_piled", cycles=False)


def _unload(crew: Crew, who: looks.Look, *, x: float, z: float, start: float) -> None:
    """Somebody bends over each load in turn and walks away along the pavement."""
    keys: list[Key] = []
    here = (x - 0.6, z + 0.75)
    for i, (_, dx, _) in enumerate(LOADS):
        spot = (x + dx, z + 0.75)
        keys += walk([here, spot], start=start + 3.0 * i, speed=1.4)
        bend = Key(t=keys[-1].t + 0.02, x=spot[0], z=spot[1], y=PAVEMENT_Y, heading=math.pi / 2,
                   mode="bend")  # fmt: skip
        keys, here = [*keys, bend], spot
    keys += walk([here, (20.0, 3.3)], start=start + 3.0 * len(LOADS) + 0.5, speed=1.3)
    crew.add("person", who, keys)


def banner_hung(crew: Crew) -> None:
    """Two people hold a banner before the glass of a shop and hang it up."""
    dice = crew.dice.stream("banner")
    first, *others = crew.street.shops
    crew.street = replace(crew.street, shops=({**first, "awning": None}, *others))
    x, start = crew.focus + dice.between(-0.2, 0.2), 7.0 + dice.between(0, 3)
    look = {"text": dice.pick(("开业酬宾  全场五折", "旺铺招租  电话面议")), "w": 4.2,
            "y": SHEET_Y, "ropes": False}  # fmt: skip
    heights = ((start, 0.3), (start + 3.0, 0.3), (start + 6.0, HUNG_Y - SHEET_Y),
               (FOREVER, HUNG_Y - SHEET_Y))  # fmt: skip
    name = crew.add("banner", look, [Key(t=t, x=x, z=FRONT_Z, y=y) for t, y in heights])
    for side in (-1, 1):
        _hold(crew, looks.person(dice), spot=(x + side * 1.9, 0.55), start=start, side=side)
    member = Member(thing_id=name, since=start + 6.0)
    crew.report("banner_hung", "facade", start=start + 6.0, end=None, members=[member])
    watch(crew)
    facade(crew, finding="banner_hung")


def _hold(
    crew: Crew, who: looks.Look, *, spot: tuple[float, float], start: float, side: int
) -> None:
    """Somebody comes, holds one end up for eight seconds and walks off."""
    far = (side * 20.0, 0.9)
    come = walk([far, spot], start=start - math.dist(far, spot) / 1.3, speed=1.3)
    hold = Key(t=come[-1].t + 0.02, x=spot[0], z=spot[1], y=PAVEMENT_Y, mode="carry",
               heading=heading_to(0.0, -1.0))  # fmt: skip
    crew.add("person", who, [*come, hold, *walk([spot, far], start=start + 8.0, speed=1.3)])
