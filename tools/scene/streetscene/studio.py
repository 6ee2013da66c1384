"""Shoots plans: clips, stills, and the comparison of truth boxes with drawn pixels."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from PIL import Image

from . import film
from .browser import Painter, painter
from .hulls import HULLS
from .lens import frame as picture_frame
from .lens import outline
from .planner import drawing, frame
from .truth import snapshot
from .types import Plan


def clock(plan: Plan, t: float) -> str:
    moment = datetime.fromisoformat(plan.began) + timedelta(seconds=int(t))
    return moment.strftime("%Y-%m-%d %H:%M:%S")


def _frames(plan: Plan, page: Painter) -> Iterator[film.Picture]:
    count = int(plan.seconds * plan.fps)
    for index in range(count):
        jpeg = page.draw(frame(plan, index, clock=clock(plan, index / plan.fps)))
        yield film.expose(film.picture(jpeg), sensor=plan.sensor, seed=plan.seed * 100_003 + index)
        if index % plan.fps == 0:
            sys.stderr.write(f"\r{plan.scenario} {index}/{count}")
    sys.stderr.write("\n")


def shoot(plan: Plan, path: Path, *, crf: int | None = None) -> None:
    """Render the whole clip."""
    with painter() as page:
        page.load(drawing(plan))
        film.encode(_frames(plan, page), path=path, fps=plan.fps, size=plan.lens.size,
                    crf=crf or plan.sensor.crf)  # fmt: skip


def still(plan: Plan, t: float, path: Path) -> None:
    with painter() as page:
        page.load(drawing(plan))
        index = int(t * plan.fps)
        jpeg = page.draw(frame(plan, index, clock=clock(plan, t)))
        shot = film.expose(film.picture(jpeg), sensor=plan.sensor, seed=plan.seed * 100_003 + index)
        Image.fromarray(shot).save(path)


def check(plan: Plan, *, every: int = 15) -> list[tuple[str, float]]:
    """Intersection over union of each thing's planned box with the pixels it covers."""
    found: list[tuple[str, float]] = []
    with painter() as page:
        page.load(drawing(plan))
        for t in range(1, int(plan.seconds), every):
            for thing, pose in snapshot(plan, t):
                if thing.kind not in HULLS:
                    continue
                inside = outline(plan.lens, thing, pose).intersection(picture_frame(plan.lens))
                if inside.is_empty or inside.area < 400:
                    continue
                drawn = page.extent(frame(plan, t * plan.fps), thing.id)
                if drawn:
                    found.append((thing.kind, _overlap(inside.bounds, drawn)))
    for kind in sorted({kind for kind, _ in found}):
        shares = [share for name, share in found if name == kind]
        print(
            f"{kind:10s} n={len(shares):3d} mean IoU={sum(shares) / len(shares):.3f} min={min(shares):.3f}"
        )
    return found


def _overlap(bounds: tuple[float, ...], drawn: list[int]) -> float:
    x0, y0, x1, y1 = bounds
    a, b, c, d = drawn[0], drawn[1], drawn[0] + drawn[2], drawn[1] + drawn[3]
    shared = max(min(x1, c) - max(x0, a), 0) * max(min(y1, d) - max(y0, b), 0)
    return shared / ((x1 - x0) * (y1 - y0) + (c - a) * (d - b) - shared)
