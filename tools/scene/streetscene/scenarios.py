"""The scenarios: what happens in each clip, by seed."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from . import acts, dogs, looks, trading, works
from .crew import Crew
from .crowd import NEAR_LANE
from .dice import Dice
from .paths import pull_in, still, walk
from .types import FOREVER, PAVEMENT_Y, Decoy, Key, Member
from .zones import watch

DOOR_Z = -0.12
BAG_COLOURS = (0x1B1D20, 0x24282C, 0xE6E4DC, 0xB3261E, 0x2F4F6F)


def goods_out(crew: Crew) -> None:
    """A shop puts fruit and an umbrella out beyond the shop line and perhaps takes them in."""
    dice = crew.dice.stream("goods")
    keeper = looks.keeper(dice)
    door = (crew.focus + dice.between(-0.3, 0.3), DOOR_Z)
    spots = _display(crew.focus, dice.whole(6, 8), dice.between(-1.2, 0.2))
    t, placed = 5.0 + dice.between(0, 3), []
    until = (
        crew.seconds - 24 + dice.between(0, 2) if dice.chance(0.4) and crew.seconds >= 100 else None
    )
    gone = None if until is None else [until + 3.2 * i for i in range(len(spots))]
    for i, (x, z) in enumerate(spots):
        kind = "umbrella" if i == 2 else "crate"
        look = looks.ware(dice, kind)
        end = None if gone is None else gone[i] + 2.2
        name, put, t = acts.bring(
            crew, keeper, kind, look, door=door, target=(x, z), start=t, until=end
        )
        placed.append(Member(thing_id=name, since=put, until=end or FOREVER))
        if gone is not None:
            acts.fetch(crew, keeper, kind, look, door=door, target=(x, z), start=gone[i])
    end_s = None if gone is None else gone[-1] + 2.2
    crew.report("goods_on_pavement", "shop-front", start=placed[0].since, end=end_s, members=placed)
    watch(crew)


def _display(focus: float, count: int, offset: float) -> list[tuple[float, float]]:
    grid = [(focus + offset + 0.66 * (i % 4) - 0.6, 1.05 + 0.5 * (i // 4)) for i in range(count)]
    grid[2] = (focus + offset + 0.5, 0.75)
    return grid


def bag_left(crew: Crew) -> None:
    """A passer-by puts bags down on the pavement and goes away."""
    dice = crew.dice.stream("bag")
    spot = (crew.focus + dice.between(-2.5, 2.0), dice.between(3.65, 3.9))
    start = 8.0 + dice.between(0, 4)
    members = [
        _drop(crew, spot=(spot[0] + 0.5 * i, spot[1]), start=start + 1.6 * i) for i in range(2)
    ]
    crew.report("object_left", "walkway", start=members[0].since, end=None, members=members)
    watch(crew)


def garbage_exposed(crew: Crew) -> None:
    """Several people leave bags beside the bins."""
    dice = crew.dice.stream("garbage")
    members: list[Member] = []
    t = 6.0 + dice.between(0, 3)
    for i in range(dice.whole(4, 6)):
        spot = (
            crew.focus - 5.0 + 0.42 * (i % 3) + dice.between(-0.06, 0.06),
            0.75 + 0.5 * (i // 3),
        )
        members.append(_drop(crew, spot=spot, start=t))
        t += dice.between(3.0, 6.0)
    crew.report("garbage_exposed", "bins", start=members[0].since, end=None, members=members)
    watch(crew, bins="garbage_exposed")


def _drop(
    crew: Crew, *, spot: tuple[float, float], start: float, rest_y: float = PAVEMENT_Y
) -> Member:
    """Somebody walks in from the right with a bag, puts it down and walks off to the left."""
    dice = crew.dice.stream(f"drop-{len(crew.things)}")
    who = {**looks.person(dice, wet=crew.wet), "bag": None, "skirt": None}
    look = {"colour": dice.pick(BAG_COLOURS), "size": round(dice.between(0.24, 0.33), 3)}
    track = min(max(spot[1] - 0.5, 2.9), 3.3) if spot[1] > 2 else 2.3
    stand = (spot[0] + 0.42, spot[1])
    path = walk(
        [(9.0, track), (stand[0] + 1.5, track), stand], start=start - 6, speed=1.3, mode="walk"
    )
    put = path[-1].t + 0.6
    bent = [
        Key(t=path[-1].t + 0.02, x=stand[0], z=stand[1], y=PAVEMENT_Y, heading=math.pi, mode="bend")
    ]
    off = walk([stand, (stand[0] - 1.6, track), (-24.0, track)], start=put + 0.6, speed=1.3)
    crew.add("person", who, [*path, *bent, *off])
    keys = [Key(t=k.t, x=k.x - 0.3, z=k.z + 0.05, y=PAVEMENT_Y + 0.28) for k in path]
    keys.append(Key(t=put, x=spot[0], z=spot[1], y=rest_y))
    keys.append(Key(t=FOREVER, x=spot[0], z=spot[1], y=rest_y))
    return Member(thing_id=crew.add("bag", look, keys), since=put)


def bin_overflow(crew: Crew) -> None:
    """Bags pile up on an open bin."""
    dice = crew.dice.stream("overflow")
    x, full = crew.focus - 5.0, 10.0 + dice.between(0, 4)
    crew.add("bin", {"sort": "other"}, still(x, 0.75, until=full - 2))
    name = crew.add("bin", {"sort": "other", "open": True}, still(x, 0.75, since=full - 2))
    members = [Member(thing_id=name, since=full)]
    for i in range(dice.whole(4, 6)):
        height = PAVEMENT_Y + 0.86 + 0.2 * (i // 2)
        spot = (x + 0.2 * (i % 2) - 0.1, 0.8)
        members.append(_drop(crew, spot=spot, start=full + 3.5 * i, rest_y=height))
    crew.report("bin_overflow", "bins", start=members[1].since, end=None, members=members)
    watch(crew, bins="bin_overflow")


def vehicle_parked(crew: Crew) -> None:
    """A car stops on the double yellow line; the driver goes into a shop."""
    dice = crew.dice.stream("parking")
    stop = (crew.focus + dice.between(-2.6, 0.8), 5.72)
    start = 4.0 + dice.between(0, 4)
    stay = dice.between(0.55, 0.75) * crew.seconds
    leave = start + 5 + stay if dice.chance(0.4) else None
    crew.lane_stops.append((start, start + 6))
    name, at = acts.park(crew, "car", looks.vehicle(dice, lit=crew.lit), begin=(24.0, NEAR_LANE),
                         stop=stop, start=start, speed=7.2, leave=leave)  # fmt: skip
    driver = looks.person(dice, wet=crew.wet)
    acts.step_aside(
        crew, driver, [(stop[0] + 0.4, 4.6), (stop[0] + 0.8, 3.0), (crew.focus, -0.2)], start=at + 3
    )
    member = Member(thing_id=name, since=at)
    crew.report("motor_vehicle_parked", "kerb", start=at, end=leave, members=[member])
    watch(crew)


def bicycle_parked(crew: Crew) -> None:
    """E-bikes and a bicycle are left across the pavement."""
    dice = crew.dice.stream("cycles")
    t = 5.0 + dice.between(0, 3)
    for i in range(dice.whole(1, 2)):
        machine = dice.pick(("ebike", "ebike", "bicycle"))
        spot = (crew.focus - 1.2 + 2.3 * i + dice.between(-0.4, 0.4), dice.between(1.3, 1.7))
        at = _leave_cycle(crew, machine, spot=spot, start=t)
        t = at + dice.between(4, 9)
    watch(crew, close=True)


def _leave_cycle(crew: Crew, machine: str, *, spot: tuple[float, float], start: float) -> float:
    dice = crew.dice.stream(f"cycle-{len(crew.things)}")
    look = looks.rider(dice, machine=machine, lit=crew.lit)
    ride = pull_in((17.0, 7.1), spot, start=start, speed=4.4, stop_y=PAVEMENT_Y)
    at = ride[-1].t
    crew.add(
        "ridden",
        look,
        [*ride, Key(t=at + 0.8, x=spot[0], z=spot[1], y=PAVEMENT_Y, heading=math.pi)],
    )
    left = still(spot[0], spot[1], heading=math.pi, since=at + 0.8)
    name = crew.add(machine, {key: look[key] for key in look if key != "rider"}, left)
    walker = {key: value for key, value in look["rider"].items() if key != "helmet"}
    acts.step_aside(
        crew, walker, [(spot[0], spot[1] - 0.5), (crew.focus + 0.3, -0.2)], start=at + 1.0
    )
    zone = "cycles-left" if spot[0] < crew.focus else "cycles-right"
    member = Member(thing_id=name, since=at + 0.8)
    crew.report("two_wheeler_parked", zone, start=at + 0.8, end=None, members=[member])
    return at


def quiet(crew: Crew) -> None:
    """Nothing to report: a queue that stands still, a taxi stop and a red light, all lawful."""
    dice = crew.dice.stream("quiet")
    _queue(crew, dice)
    start = 8.0 + dice.between(0, 5)
    crew.lane_stops.append((start, start + 5))
    stay = dice.between(8, 12)
    name, at = acts.park(crew, "car", looks.taxi(dice, lit=crew.lit), begin=(24.0, NEAR_LANE),
                         stop=(crew.focus - 1.0, 5.72), start=start, speed=7.2,
                         leave=start + 6 + stay)  # fmt: skip
    guest = looks.person(dice)
    acts.step_aside(
        crew, guest, [(crew.focus - 0.4, 4.6), (crew.focus, 3.1), (RIGHT_EDGE, 3.1)], start=at + 2
    )
    crew.decoys.append(Decoy(what="taxi_stop", start=at, end=start + 6 + stay, thing_ids=(name,)))
    _red_light(crew, dice, start=start + 6 + stay + dice.between(10, 14))
    watch(crew)


RIGHT_EDGE = 20.0


def _queue(crew: Crew, dice: Dice) -> None:
    names = []
    for i in range(dice.whole(3, 5)):
        keys = still(crew.focus + 0.3 + 0.62 * i, 0.85 + dice.between(-0.06, 0.06), heading=math.pi)
        names.append(crew.add("person", looks.person(dice, wet=crew.wet), keys))
    crew.decoys.append(Decoy(what="queue", start=0.0, end=crew.seconds, thing_ids=tuple(names)))


def _red_light(crew: Crew, dice: Dice, *, start: float) -> None:
    """Two or three vehicles wait in the lane for less than the dwell."""
    wait, names = dice.between(11, 15), []
    crew.lane_stops.append((start - 4, start + wait + 8))
    first = crew.focus - 4.6
    for i in range(dice.whole(2, 3)):
        stop, begin = (first + 5.9 * i, NEAR_LANE), (28.0 + 5.9 * i, NEAR_LANE)
        name, _ = acts.park(crew, "car", looks.vehicle(dice, lit=crew.lit), begin=begin, stop=stop,
                            start=start + 0.5 * i, speed=8.0, leave=start + 9 + wait + 0.9 * i)  # fmt: skip
        names.append(name)
    crew.decoys.append(
        Decoy(what="red_light", start=start, end=start + wait + 10, thing_ids=tuple(names))
    )


@dataclass(frozen=True, kw_only=True)
class Scenario:
    script: Callable[[Crew], None]
    shop: str
    sky: tuple[str, ...]
    light_steps: bool = False


DAYLIGHT = ("day", "day", "overcast")
SCENARIOS: dict[str, Scenario] = {
    "goods_out": Scenario(script=goods_out, shop="fruit", sky=DAYLIGHT),
    "stall": Scenario(script=trading.stall, shop="store", sky=DAYLIGHT),
    "bag_left": Scenario(script=bag_left, shop="store", sky=DAYLIGHT),
    "garbage_exposed": Scenario(script=garbage_exposed, shop="store", sky=DAYLIGHT),
    "bin_overflow": Scenario(script=bin_overflow, shop="noodle", sky=DAYLIGHT),
    "vehicle_parked": Scenario(script=vehicle_parked, shop="drug", sky=DAYLIGHT),
    "bicycle_parked": Scenario(script=bicycle_parked, shop="phone", sky=DAYLIGHT),
    "dog_unattended": Scenario(script=dogs.dog_unattended, shop="noodle", sky=DAYLIGHT),
    "dog_walked": Scenario(script=dogs.dog_walked, shop="noodle", sky=DAYLIGHT),
    "street_trading": Scenario(script=trading.street_trading, shop="fruit", sky=DAYLIGHT),
    "goods_alone": Scenario(script=trading.goods_alone, shop="fruit", sky=DAYLIGHT),
    "umbrella_out": Scenario(script=trading.umbrella_out, shop="drug", sky=DAYLIGHT),
    "banner_hung": Scenario(script=works.banner_hung, shop="phone", sky=DAYLIGHT),
    "materials_piled": Scenario(script=works.materials_piled, shop="hardware", sky=DAYLIGHT),
    "quiet": Scenario(script=quiet, shop="bun", sky=DAYLIGHT),
    "night": Scenario(script=goods_out, shop="fruit", sky=("night",)),
    "rain": Scenario(script=vehicle_parked, shop="drug", sky=("rain",)),
    "light_step": Scenario(script=quiet, shop="bun", sky=("day",), light_steps=True),
}
