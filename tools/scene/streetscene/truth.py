"""Exact truth of a plan: for every event its box and visible share, second by second."""

from __future__ import annotations

import json
from typing import Any

from shapely import unary_union
from shapely.geometry.base import BaseGeometry

from .hulls import HULLS
from .lens import frame, outline
from .paths import pose_at
from .types import Event, Lens, Plan, Pose, Thing


def snapshot(plan: Plan, t: float) -> list[tuple[Thing, Pose]]:
    """Every thing that is there at `t`, with its pose."""
    return [(thing, pose_at(thing, t)) for thing in plan.things if thing.present(t)]


def _distance(lens: Lens, pose: Pose) -> float:
    return (pose.x - lens.pos[0]) ** 2 + (pose.z - lens.pos[2]) ** 2


def _box(shape: BaseGeometry) -> list[float]:
    x0, y0, x1, y1 = shape.bounds
    return [round(x0, 1), round(y0, 1), round(x1 - x0, 1), round(y1 - y0, 1)]


class Outlines:
    """Outlines on the picture, each drawn once for as long as its thing rests."""

    def __init__(self, lens: Lens) -> None:
        self._lens = lens
        self._drawn: dict[tuple[str, Pose], BaseGeometry] = {}

    def of(self, thing: Thing, pose: Pose) -> BaseGeometry:
        key = (thing.id, pose)
        if key not in self._drawn:
            self._drawn[key] = outline(self._lens, thing, pose)
        return self._drawn[key]


def _seen(
    plan: Plan, drawn: Outlines, names: set[str], t: float
) -> tuple[list[float], float] | None:
    """Box of the named things and the share of their outline that nothing nearer covers."""
    scene = [(thing, pose) for thing, pose in snapshot(plan, t) if thing.kind in HULLS]
    mine = [(thing, pose) for thing, pose in scene if thing.id in names]
    if not mine:
        return None
    shape = unary_union([drawn.of(thing, pose) for thing, pose in mine])
    inside = shape.intersection(frame(plan.lens))
    if inside.is_empty or inside.area == 0:
        return None
    depth = max(_distance(plan.lens, pose) for _, pose in mine)
    nearer = [
        drawn.of(thing, pose)
        for thing, pose in scene
        if thing.id not in names and _distance(plan.lens, pose) < depth
    ]
    nearer = [other for other in nearer if other.intersects(inside)]
    clear = inside.difference(unary_union(nearer)) if nearer else inside
    return _box(inside), round(clear.area / shape.area, 2)


def _members(event: Event, t: float) -> set[str]:
    return {member.thing_id for member in event.members if member.since <= t < member.until}


def _event(plan: Plan, drawn: Outlines, event: Event, number: int) -> dict[str, Any]:
    last = plan.seconds if event.end is None else event.end
    boxes = []
    for t in range(int(plan.seconds) + 1):
        if event.start <= t < last and (found := _seen(plan, drawn, _members(event, t), t)):
            boxes.append({"t": t, "bbox": found[0], "visible": found[1]})
    return {
        "id": f"E{number}", "kind": event.kind, "matter_code": event.matter_code,
        "zone": event.zone, "start_s": round(event.start, 2),
        "end_s": None if event.end is None else round(event.end, 2), "boxes": boxes,
    }  # fmt: skip


def _objects(plan: Plan, drawn: Outlines, index: int) -> list[dict[str, Any]]:
    found = []
    for thing, pose in snapshot(plan, index / plan.fps):
        if thing.kind in HULLS:
            inside = drawn.of(thing, pose).intersection(frame(plan.lens))
            if not inside.is_empty and inside.area > 0:
                found.append({"id": thing.id, "kind": thing.kind, "bbox": _box(inside)})
    return found


def truth(plan: Plan, *, boxes: bool = False) -> dict[str, Any]:
    """The truth of the clip; with `boxes` also every object's box on every frame."""
    drawn = Outlines(plan.lens)
    found: dict[str, Any] = {
        "format": 1,
        "rendered": True,
        "scenario": plan.scenario,
        "seed": plan.seed,
        "sky": plan.sky.mode,
        "size": list(plan.lens.size),
        "fps": plan.fps,
        "seconds": plan.seconds,
        "camera": plan.code,
        "events": [_event(plan, drawn, event, i + 1) for i, event in enumerate(plan.events)],
        "decoys": [
            {"what": d.what, "start_s": round(d.start, 2), "end_s": round(d.end, 2),
             "things": list(d.thing_ids)} for d in plan.decoys
        ],
        "light_steps": [{"t": t, "level": level} for t, level in plan.sky.steps],
    }  # fmt: skip
    if boxes:
        found["frames"] = [
            {"t": round(i / plan.fps, 3), "objects": _objects(plan, drawn, i)}
            for i in range(int(plan.seconds * plan.fps))
        ]
    return found


def truth_text(plan: Plan, *, boxes: bool = False) -> str:
    """The truth as JSON whose bytes depend on the plan alone; one sampled box a line."""
    text = json.dumps(truth(plan, boxes=boxes), ensure_ascii=False, indent=1, sort_keys=True)
    return _compact(text) + "\n"


def _compact(text: str) -> str:
    """Join lists of plain numbers on one line, so that a diff shows one box a line."""
    lines: list[str] = []
    depth = 0
    for line in text.splitlines():
        bare = line.strip()
        if depth:
            lines[-1] += bare if lines[-1].endswith("[") else " " + bare
            depth -= bare.startswith("]")
            continue
        lines.append(line)
        depth += bare.endswith(('"bbox": [', '"size": ['))
    return "\n".join(lines)
