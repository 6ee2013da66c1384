"""From scenario and seed to a plan: pure, without clock, browser or network."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from . import crowd, layout
from .crew import Crew
from .dice import Dice
from .light import exposure_at, sun_at
from .scenarios import SCENARIOS
from .truth import snapshot
from .types import Plan, Sky, Thing

BEGAN = {"day": "2026-11-23 09:12:05", "overcast": "2026-11-24 14:36:40",
         "rain": "2026-11-25 10:21:18", "night": "2026-11-23 19:42:10"}  # fmt: skip
NOTICE = "三维渲染画面，非实拍"


class UnknownScenario(ValueError):
    """The scenario asked for does not exist."""


def plan_clip(
    *,
    scenario: str,
    seed: int,
    seconds: float,
    fps: int,
    size: tuple[int, int],
    code: str = "C001",
    place: str = "丹东街道 靖南大街",
    began: str | None = None,
    sky: str | None = None,
) -> Plan:
    """Plan one clip; the same arguments always give the same plan.

    :raises UnknownScenario: there is no scenario of that name.
    """
    if scenario not in SCENARIOS:
        raise UnknownScenario(
            f"no scenario {scenario!r}; choose one of {', '.join(sorted(SCENARIOS))}"
        )
    wanted = SCENARIOS[scenario]
    dice = Dice(seed, scenario)
    mode = sky or dice.pick(wanted.sky)
    crew = Crew(dice=dice, street=layout.street(dice.stream("street"), kind=wanted.shop),
                seconds=seconds, mode=mode)  # fmt: skip
    _fill(crew, scenario)
    return Plan(
        scenario=scenario, seed=seed, seconds=seconds, fps=fps, code=code, place=place,
        began=began or BEGAN[mode],
        lens=layout.lens(dice.stream("lens"), focus=crew.focus, size=size),
        sensor=layout.sensor(dice.stream("sensor"), mode=mode),
        sky=_sky(dice.stream("sky"), mode=mode, steps=wanted.light_steps, seconds=seconds),
        street=crew.street, things=tuple(crew.things), zones=tuple(crew.zones),
        events=tuple(crew.events), decoys=tuple(crew.decoys),
    )  # fmt: skip


def _fill(crew: Crew, scenario: str) -> None:
    SCENARIOS[scenario].script(crew)
    dice = crew.dice.stream("density")
    thin = 0.5 if crew.mode in ("night", "rain") else 1.0
    crowd.bystanders(crew)
    crowd.walkers(crew, each_minute=dice.between(6, 12) * thin)
    crowd.riders(crew, each_minute=dice.between(3, 6) * thin)
    crowd.traffic(crew, each_minute=dice.between(6, 11) * thin)


def _sky(dice: Dice, *, mode: str, steps: bool, seconds: float) -> Sky:
    sky = layout.sky(dice, mode=mode)
    if not steps:
        return sky
    dark = round(seconds * dice.between(0.3, 0.4), 2)
    bright = round(seconds * dice.between(0.65, 0.75), 2)
    return replace(sky, steps=((dark, round(dice.between(0.1, 0.25), 2)), (bright, 1.0)))


def drawing(plan: Plan, *, caption: bool = True) -> dict[str, Any]:
    """What the page needs to build the street."""
    return {
        "size": list(plan.lens.size),
        "camera": {"pos": plan.lens.pos, "at": plan.lens.at, "fov": plan.lens.fov},
        "sky": {
            "mode": plan.sky.mode, "sun": plan.sky.sun, "rain": plan.sky.rain,
            "night": plan.sky.mode == "night", "wet": plan.sky.mode == "rain",
        },
        "street": {
            "shops": [{**shop} for shop in plan.street.shops], "trees": plan.street.trees,
            "lamps": [{**lamp} for lamp in plan.street.lamps], "posts": plan.street.posts,
            "yellow": plan.street.yellow, "bays": plan.street.bays, "racks": plan.street.racks,
            "seed": plan.street.seed,
        },
        "things": [
            {"id": thing.id, "kind": thing.kind, "look": {**thing.look}, "seed": thing.seed,
             "fixed": _is_fixed(plan, thing)}
            for thing in plan.things
        ],
        "osd": f"{plan.place} {plan.code}" if caption else "",
        "notice": NOTICE if caption else "",
    }  # fmt: skip


def _is_fixed(plan: Plan, thing: Thing) -> bool:
    places = {(key.x, key.y, key.z, key.heading) for key in thing.keys}
    whole = thing.keys[0].t <= 0 and thing.keys[-1].t > plan.seconds
    return whole and len(places) == 1 and thing.kind != "person"


def frame(plan: Plan, index: int, *, clock: str = "") -> dict[str, Any]:
    """What the page needs to draw one frame."""
    t = index / plan.fps
    return {
        "index": index, "clock": clock, "sun": sun_at(plan, t), "exposure": exposure_at(plan, t),
        "poses": [
            [thing.id, pose.x, pose.y, pose.z, pose.heading, pose.phase, pose.mode]
            for thing, pose in snapshot(plan, t)
        ],
    }  # fmt: skip
