"""Selling in the street: a vendor's tricycle, wares with and without their vendor, a parasol."""

from __future__ import annotations

import math

from . import acts, looks
from .crew import Crew
from .paths import still, walk
from .types import FOREVER, PAVEMENT_Y, Decoy, Key, Member
from .zones import watch

DOOR_Z = -0.12
NEAR_SHOPS = (1.9, 1.35)  # where passers-by walk when the kerb side is taken


def stall(crew: Crew) -> None:
    """A vendor rides a cargo tricycle onto the pavement, sets up a table and sells."""
    dice = crew.dice.stream("stall")
    crew.tracks = NEAR_SHOPS
    x = crew.focus + dice.between(-2.2, 0.6)
    vendor, color = looks.keeper(dice), dice.pick((0x2F5D8A, 0x8A2F2F, 0x2F6B4A))
    trike, at = acts.park(
        crew, "tricycle", {"colour": color}, begin=(16.0, 7.1), stop=(x, 3.75), start=2.0,
        speed=4.6, leave=None, stop_y=PAVEMENT_Y,
    )  # fmt: skip
    members = [Member(thing_id=trike, since=at)]
    for i in range(4):
        spot = still(x - 1.1 + 0.45 * i, 3.75, y=PAVEMENT_Y + 0.55, since=at - 0.1)
        members.append(
            Member(thing_id=crew.add("crate", looks.ware(dice, "crate"), spot), since=at)
        )
    for kind, dx, dz, delay in (("umbrella", -0.2, 3.1, 5.0), ("table", -1.8, 3.2, 8.0)):
        look = (
            {"w": 1.3, "d": 0.6, "cloth": 0x8A3A34} if kind == "table" else looks.ware(dice, kind)
        )
        name = crew.add(kind, look, still(x + dx, dz, since=at + delay))
        members.append(Member(thing_id=name, since=at + delay))
    acts.idle(crew, vendor, x=x - 0.9, z=2.75, heading=-math.pi / 2, since=at, until=FOREVER)
    crew.report("stall", "walkway", start=at, end=None, members=members)
    # A cargo tricycle is a cycle too: with a rule for cycles nobody could say what is right.
    watch(crew, walk="stall", cycles=False)


def street_trading(crew: Crew) -> None:
    """A vendor puts a table and wares out on the walkway and stays with them."""
    members, home, keeper = _put_out(crew)
    stand = (crew.focus - 0.5, 2.75)
    way = walk([(crew.focus, DOOR_Z), stand], start=home + 0.5, speed=acts.STRIDE)
    rest = [
        Key(t=t, x=stand[0], z=stand[1], y=PAVEMENT_Y, heading=-math.pi / 2)
        for t in (way[-1].t + 0.02, FOREVER)
    ]
    crew.add("person", keeper, [*way, *rest])
    crew.report("street_trading", "walkway", start=members[0].since, end=None, members=members)
    watch(crew, walk="street_trading")


def goods_alone(crew: Crew) -> None:
    """The same wares on the walkway, but whoever put them there goes in and stays in."""
    members, _, _ = _put_out(crew)
    names = tuple(member.thing_id for member in members)
    crew.decoys.append(
        Decoy(what="goods_alone", start=members[0].since, end=crew.seconds, thing_ids=names)
    )
    watch(crew, walk="street_trading")


def _put_out(crew: Crew) -> tuple[list[Member], float, looks.Look]:
    """A keeper carries a table and crates out; returns them, when all is out, and who it was."""
    dice = crew.dice.stream("trading")
    crew.tracks = NEAR_SHOPS
    keeper, door = looks.keeper(dice), (crew.focus, DOOR_Z)
    table = {"w": 1.2, "d": 0.6, "cloth": dice.pick((0x8A3A34, 0x2F5D8A))}
    spots = [(crew.focus - 0.6, 3.5, "table", table)] + [
        (crew.focus + 0.45 + 0.66 * (i % 2), 3.4 + 0.5 * (i // 2), "crate", looks.ware(dice, "crate"))
        for i in range(dice.whole(2, 3))
    ]  # fmt: skip
    t, members = 2.0 + dice.between(0, 2), []
    for x, z, kind, look in spots:
        name, put, t = acts.bring(crew, keeper, kind, look, door=door, target=(x, z), start=t)
        members.append(Member(thing_id=name, since=put))
    return members, t, keeper


def umbrella_out(crew: Crew) -> None:
    """A shop puts a large parasol out on the walkway, far beyond the shop line."""
    dice = crew.dice.stream("parasol")
    crew.tracks = NEAR_SHOPS
    door = (crew.focus, DOOR_Z)
    target = (crew.focus + dice.between(-1.2, 1.0), 3.3)
    name, put, _ = acts.bring(
        crew, looks.keeper(dice), "umbrella", looks.ware(dice, "umbrella"), door=door,
        target=target, start=4.0 + dice.between(0, 3),
    )  # fmt: skip
    member = Member(thing_id=name, since=put)
    crew.report("umbrella_out", "walkway", start=put, end=None, members=[member])
    watch(crew, walk="umbrella_out")
