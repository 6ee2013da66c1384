"""What stands in each demo still: the problem, what is there in any case, and the view."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .types import PAVEMENT_Y

View = tuple[tuple[float, float, float], tuple[float, float, float], float]

# Positions are meters from the middle of the shop; views are (eye, looked at, angle).
NEAR: View = ((1.9, 1.62, 5.6), (-0.1, 0.55, 1.3), 54)
FAR: View = ((4.6, 1.72, 10.8), (-0.6, 1.35, 1.4), 46)
KERB_NEAR: View = ((2.4, 1.65, 9.4), (-0.3, 0.5, 4.4), 50)
KERB_FAR: View = ((5.6, 1.75, 13.4), (-0.4, 1.1, 4.4), 42)
ROAD_NEAR: View = ((1.3, 1.65, 9.9), (-0.2, 0.0, 6.4), 48)
ROAD_FAR: View = ((4.8, 1.75, 12.6), (-0.6, 0.6, 5.4), 44)


@dataclass(frozen=True, kw_only=True)
class Prop:
    kind: str
    x: float
    z: float
    look: Mapping[str, Any] = field(default_factory=dict)
    y: float = PAVEMENT_Y
    turn: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Scene:
    name: str
    matter: str
    seed: int
    shop: str = "store"
    sky: str = "day"
    near: View = NEAR
    far: View = FAR
    bad: tuple[Prop, ...] = ()
    good: tuple[Prop, ...] = ()
    always: tuple[Prop, ...] = ()
    shut: bool = False
    lamp: bool = False


def _crates(count: int, *, x: float, z: float) -> tuple[Prop, ...]:
    colors = (0xD9701F, 0xC23A2E, 0x7AA63A, 0xD9B23A)
    return tuple(
        Prop(kind="crate", x=x + 0.66 * (i % 4), z=z + 0.5 * (i // 4),
             look={"fruit": colors[(i + i // 4) % 4], "plastic": (None, 0x2F5D8A, 0x3C7A4F)[i % 3]})
        for i in range(count)
    )  # fmt: skip


def _bags(count: int, *, x: float, z: float, y: float = PAVEMENT_Y) -> tuple[Prop, ...]:
    colors = (0x1B1D20, 0xE6E4DC, 0x24282C, 0xB3261E, 0x2F4F6F, 0x1B1D20)
    return tuple(
        Prop(kind="bag", x=x + 0.4 * (i % 4) + 0.13 * (i // 4), z=z + 0.34 * (i // 4) + 0.07 * (i % 2),
             y=y, look={"colour": colors[i % 6], "size": 0.22 + 0.05 * (i % 3)})
        for i in range(count)
    )  # fmt: skip


def _ebikes(*, tidy: bool) -> tuple[Prop, ...]:
    colors = (0x2F4A7A, 0x8A2F2F, 0x2F6B4A, 0x333538, 0xC7B08A, 0xD9D9D4)
    turns = (0.4, 1.3, -0.5, 1.0, 2.2, 0.1)
    return tuple(
        Prop(kind="bicycle" if i == 2 else "ebike", look={"colour": color},
             x=-2.2 + 0.62 * i if tidy else -1.9 + 0.72 * i,
             z=1.25 if tidy else 2.3 + 0.75 * (i % 3 - 0.6),
             turn=math.pi / 2 if tidy else turns[i])
        for i, color in enumerate(colors)
    )  # fmt: skip


def _diners() -> tuple[Prop, ...]:
    props: list[Prop] = []
    for i, x in enumerate((-1.5, 0.7)):
        props.append(Prop(kind="table", x=x, z=2.1, look={"w": 1.0, "d": 0.7, "cloth": 0xB8322A}))
        for side in (-1, 1):
            at = x + side * 0.78
            seat = {"height": 1.68, "top": (0x3A4A63, 0xB9B2A4, 0x7A2F36, 0x2F5D4A)[i * 2 + (side > 0)],
                    "legs": 0x232A38, "seated": "stool", "long": side > 0}  # fmt: skip
            props.append(Prop(kind="stool", x=at, z=2.1))
            if i == 0 or side > 0:
                props.append(Prop(kind="person", x=at, z=2.1, y=PAVEMENT_Y + 0.46, look=seat,
                                  turn=math.pi if side > 0 else 0.0))  # fmt: skip
    return tuple(props)


BINS = tuple(
    Prop(kind="bin", x=-1.2 + 0.82 * i, z=0.8, look={"sort": sort})
    for i, sort in enumerate(("kitchen", "other", "recycle"))
)
FULL = tuple(
    Prop(kind="bin", x=-1.2 + 0.82 * i, z=0.8, look={"sort": sort, "open": True})
    for i, sort in enumerate(("kitchen", "other", "recycle"))
)
UMBRELLA = Prop(kind="umbrella", x=0.1, z=1.0, look={"colour": 0xB33A34, "second": 0xE9E2CF})
SELLER = Prop(
    kind="person", x=1.5, z=1.5, turn=math.pi * 0.8,
    look={"height": 1.62, "top": 0x4F3B5C, "legs": 0x232A38, "apron": 0x2F5D4A, "long": True},
)  # fmt: skip
TRIKE = Prop(kind="tricycle", x=0.6, z=3.3, look={"colour": 0x2F5D8A}, turn=math.pi)
LOAD = tuple(
    Prop(kind="crate", x=0.9 + 0.45 * (i % 2) + 0.2, z=3.1 + 0.4 * (i // 2), y=PAVEMENT_Y + 0.56,
         look={"fruit": (0xD9B23A, 0x7AA63A, 0xC23A2E, 0xD9701F)[i]})
    for i in range(4)
)  # fmt: skip
JUNK = (
    Prop(kind="sofa", x=-0.9, z=1.3, turn=0.15),
    *(Prop(kind="carton", x=0.4 + 0.5 * (i % 2), z=1.2 + 0.1 * i, y=PAVEMENT_Y + 0.38 * (i // 2))
      for i in range(4)),
    Prop(kind="carton", x=1.5, z=1.7, look={"w": 0.7, "h": 0.5, "d": 0.5}, turn=0.6),
)  # fmt: skip
PARKED = Prop(
    kind="car", x=0.0, z=2.5, turn=0.06,
    look={"body": "suv", "colour": 0xE4E4E0, "plate": "浙B·IO018", "lit": False},
)  # fmt: skip
RUBBLE = Prop(kind="rubble", x=-0.4, z=5.9, y=0.0, look={"count": 300, "rx": 1.7, "rz": 0.75})


def _hole(matter: str, name: str, seed: int, *, z: float, y: float, near: View, far: View) -> Scene:
    return Scene(
        name=name, matter=matter, seed=seed, near=near, far=far,
        bad=(Prop(kind="manhole", x=0.0, z=z, y=y, look={"missing": True}),),
        good=(Prop(kind="manhole", x=0.0, z=z, y=y),),
    )  # fmt: skip


SCENES: tuple[Scene, ...] = (
    Scene(name="goods", matter="09005", seed=41, shop="fruit", bad=(*_crates(8, x=-1.2, z=1.2), UMBRELLA, SELLER)),
    Scene(name="dining", matter="09006", seed=42, shop="noodle", bad=_diners()),
    Scene(name="stall", matter="09001", seed=43, bad=(TRIKE, *LOAD,
          Prop(kind="umbrella", x=0.5, z=2.7, look={"colour": 0x2F6A9A}),
          Prop(kind="person", x=-0.3, z=2.5, turn=-1.2, look={"height": 1.66, "top": 0x8C8450,
               "legs": 0x2F2F31, "hat": 0xB9B2A4}))),
    Scene(name="cycles", matter="09010", seed=44, shop="phone", bad=_ebikes(tidy=False), good=_ebikes(tidy=True)),
    Scene(name="car", matter="09009", seed=45, shop="drug", near=KERB_NEAR, far=KERB_FAR, bad=(PARKED,)),
    Scene(name="garbage", matter="06010", seed=46, bad=(*_bags(11, x=-0.8, z=0.9),
          Prop(kind="carton", x=0.9, z=1.5, turn=0.4), Prop(kind="litter", x=0.1, z=1.8,
               look={"count": 40, "rx": 1.5, "rz": 0.6}))),
    Scene(name="bins", matter="06042", seed=47, shop="noodle", bad=(*FULL, *_bags(6, x=-1.3, z=0.75, y=1.0),
          *_bags(6, x=-1.4, z=1.5)), good=BINS),
    Scene(name="dirt", matter="06012", seed=48, near=ROAD_NEAR, far=ROAD_FAR, bad=(
          Prop(kind="dirt", x=-0.3, z=6.2, y=0.0, look={"w": 5.5, "d": 2.2}),
          Prop(kind="litter", x=-0.2, z=6.1, y=0.0, look={"count": 110, "rx": 2.2, "rz": 0.9}))),
    Scene(name="junk", matter="06036", seed=49, shop="hardware", bad=JUNK),
    Scene(name="rubble", matter="06011", seed=50, sky="overcast", near=ROAD_NEAR, far=ROAD_FAR,
          bad=(RUBBLE, *_bags(4, x=1.0, z=5.6, y=0.0))),
    Scene(name="ads", matter="07001", seed=51, shut=True, near=((0.9, 1.6, 3.6), (-0.1, 1.45, 0.0), 56),
          far=((3.4, 1.7, 7.6), (-0.2, 1.6, 0.0), 50),
          bad=(Prop(kind="ads", x=0.0, z=-0.04, y=0.0, look={"count": 22, "rx": 2.1}),)),
    Scene(name="banner", matter="07007", seed=52, near=((1.6, 1.65, 8.6), (0.0, 2.2, 2.0), 50),
          far=((4.8, 1.75, 11.6), (-0.4, 1.9, 2.0), 48), bad=(
          Prop(kind="banner", x=0.2, z=4.0, look={"text": "开业酬宾  全场五折", "w": 5.4}),)),
    _hole("01001", "cover-water", 53, z=2.2, y=PAVEMENT_Y, near=((0.9, 1.65, 4.9), (0.0, 0.1, 2.2), 46), far=FAR),
    _hole("01002", "cover-sewer", 54, z=6.2, y=0.0, near=((0.8, 1.65, 9.0), (0.0, 0.0, 6.2), 44), far=ROAD_FAR),
    Scene(name="paving", matter="06013", seed=55, bad=(
          Prop(kind="broken", x=-0.1, z=2.3, look={"w": 2.2, "d": 1.5}),)),
    Scene(name="laundry", matter="06007", seed=56, shop="barber", near=((1.7, 1.65, 7.4), (0.0, 1.3, 2.2), 50),
          bad=(Prop(kind="laundry", x=-0.1, z=3.0),)),
    Scene(name="lamp", matter="01037", seed=57, sky="night", near=((4.5, 1.7, 14.0), (-1.0, 2.4, 3.0), 50),
          far=((7.0, 1.8, 17.5), (-2.0, 2.6, 3.0), 46), lamp=True),
)  # fmt: skip
