"""The committed demo stills: renders them and writes `seed/img/index.json`."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from . import layout
from .crew import Crew
from .crowd import bystanders
from .dice import Dice
from .paths import still
from .planner import drawing, frame
from .still_scenes import SCENES, Prop, Scene, View
from .types import Lens, Plan, Sensor

IMAGES = Path(__file__).resolve().parents[3] / "seed" / "img"
SIZE = (640, 480)
LIMIT = 60_000
PHONE = Sensor(noise=0.8, blur=0.25, saturation=0.98, vignette=0.06, crf=40)


@dataclass(frozen=True, kw_only=True)
class Still:
    file: str
    roles: tuple[str, ...]
    scene: Scene
    cured: bool
    view: View


def stills() -> Iterator[Still]:
    """Near and far of each problem, and the same near view when it is cured."""
    for scene in SCENES:
        shots = (("near", ("near", "before"), False, scene.near), ("far", ("far",), False, scene.far),
                 ("after", ("after",), True, scene.near))  # fmt: skip
        for shot, roles, cured, view in shots:
            yield Still(
                file=f"{scene.name}-{shot}.webp", roles=roles, scene=scene, cured=cured, view=view
            )


def _put(crew: Crew, props: tuple[Prop, ...]) -> None:
    for prop in props:
        spot = still(crew.focus + prop.x, prop.z, y=prop.y, heading=prop.turn)
        crew.add(prop.kind, prop.look, spot)


def _lens(view: View, focus: float) -> Lens:
    (x, y, z), (a, b, c), angle = view
    return Lens(pos=(focus + x, y, z), at=(focus + a, b, c), fov=angle, size=SIZE)


def plan_of(shot: Still) -> Plan:
    """A plan of one moment that holds the still."""
    scene = shot.scene
    dice = Dice(scene.seed, scene.name)
    street = layout.street(
        dice.stream("street"), kind=scene.shop, lamps_lit=shot.cured or not scene.lamp
    )
    if scene.shut:
        street = replace(street, shops=({**street.shops[0], "open": False}, *street.shops[1:]))
    crew = Crew(dice=dice, street=street, seconds=1, mode=scene.sky)
    bystanders(crew)
    _put(crew, (*scene.always, *(scene.good if shot.cured else scene.bad)))
    return Plan(
        scenario=scene.name, seed=scene.seed, seconds=1, fps=1, code="", place="", began="",
        lens=_lens(shot.view, street.focus), sensor=PHONE, sky=layout.sky(dice.stream("sky"), mode=scene.sky),
        street=street, things=tuple(crew.things), zones=(), events=(), decoys=(),
    )  # fmt: skip


def render(names: list[str]) -> None:
    from . import film
    from .browser import painter

    IMAGES.mkdir(parents=True, exist_ok=True)
    with painter() as page:
        for shot in stills():
            if names and shot.scene.name not in names:
                continue
            plan = plan_of(shot)
            wanted = {**drawing(plan), "osd": ""}
            if shot.roles == ("far",):  # the street of the near picture is still standing
                page.aim(wanted["camera"])
            else:
                page.load(wanted)
            picture = film.expose(
                film.picture(page.draw(frame(plan, 0))), sensor=PHONE, seed=plan.seed
            )
            film.save_webp(picture, IMAGES / shot.file, limit=LIMIT)


def index() -> dict[str, Any]:
    pictures = [
        {"file": shot.file, "matter_code": shot.scene.matter, "role": role}
        for shot in stills() if (IMAGES / shot.file).exists() for role in shot.roles
    ]  # fmt: skip
    return {"note": "三维渲染，非实拍；人物、店铺、车牌均为虚构", "pictures": pictures}


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="stills", description=__doc__)
    parser.add_argument("names", nargs="*", help="scenes to render; all of them if none is named")
    render(parser.parse_args(argv).names)
    text = json.dumps(index(), ensure_ascii=False, indent=1) + "\n"
    (IMAGES / "index.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
