"""Command line of the scene generator."""

from __future__ import annotations

import argparse
from pathlib import Path

from .camera_file import camera_text
from .planner import plan_clip
from .scenarios import SCENARIOS
from .truth import truth_text
from .types import Plan


def _size(text: str) -> tuple[int, int]:
    width, height = text.split("x")
    return int(width), int(height)


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="streetscene", description=__doc__)
    parser.add_argument("--scenario", choices=sorted(SCENARIOS), required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--seconds", type=float, default=75)
    parser.add_argument("--size", type=_size, default=(960, 540))
    parser.add_argument("--fps", type=int, default=5)
    parser.add_argument("--sky", choices=["day", "overcast", "rain", "night"])
    parser.add_argument("--code", default="C001")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--boxes", action="store_true", help="every object's box on every frame")
    parser.add_argument("--truth-only", action="store_true", help="no picture, no browser needed")
    parser.add_argument("--still", type=float, help="one picture at this second, as PNG")
    parser.add_argument("--check", action="store_true", help="compare truth boxes with pixels")
    return parser


def write_truth(plan: Plan, out: Path, name: str, *, boxes: bool = False) -> None:
    out.mkdir(parents=True, exist_ok=True)
    (out / f"{name}.truth.json").write_text(truth_text(plan, boxes=boxes), encoding="utf-8")
    (out / f"{name}.camera.toml").write_text(camera_text(plan), encoding="utf-8")


def main(argv: list[str] | None = None) -> None:
    asked = _arguments().parse_args(argv)
    plan = plan_clip(
        scenario=asked.scenario, seed=asked.seed, seconds=asked.seconds, fps=asked.fps,
        size=asked.size, sky=asked.sky, code=asked.code,
    )  # fmt: skip
    name = f"{asked.scenario}-{asked.seed}"
    write_truth(plan, asked.out, name, boxes=asked.boxes)
    if asked.truth_only:
        return
    from . import studio  # Chromium and the encoder are needed only from here on

    if asked.check:
        studio.check(plan)
    elif asked.still is not None:
        studio.still(plan, asked.still, asked.out / f"{name}-{asked.still:g}.png")
    else:
        studio.shoot(plan, asked.out / f"{name}.mp4")
