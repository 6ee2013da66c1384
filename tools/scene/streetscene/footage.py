"""The committed demo clips: renders them and writes `seed/footage/index.json`."""

from __future__ import annotations

import argparse
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .cli import write_truth
from .planner import plan_clip
from .types import Plan

FOOTAGE = Path(__file__).resolve().parents[3] / "seed" / "footage"
SIZE, FPS, SECONDS = (960, 540), 5, 75
LIMIT = 3_000_000
CODEC = "VP9, MP4, key frame every 2 s"


@dataclass(frozen=True, kw_only=True)
class Clip:
    name: str
    scenario: str
    seed: int
    code: str
    caption: str
    place: str


# Roads in the order in which the demo county gives them to its first cameras.
CLIPS = (
    Clip(
        name="goods_out",
        scenario="goods_out",
        seed=1,
        code="C001",
        caption="水果店店外摆摊",
        place="靖南大街",
    ),
    Clip(
        name="vehicle_parked",
        scenario="vehicle_parked",
        seed=1,
        code="C002",
        caption="双黄线违停",
        place="天安路",
    ),
    Clip(
        name="bag_left",
        scenario="bag_left",
        seed=13,
        code="C003",
        caption="人行道丢弃杂物袋",
        place="新丰路",
    ),
    Clip(
        name="bicycle_parked",
        scenario="bicycle_parked",
        seed=3,
        code="C004",
        caption="占道停放电动车",
        place="丹阳路",
    ),
    Clip(
        name="quiet",
        scenario="quiet",
        seed=14,
        code="C005",
        caption="正常街景，无问题",
        place="滨海大道",
    ),
    Clip(
        name="night",
        scenario="night",
        seed=15,
        code="C006",
        caption="夜间店外摆摊",
        place="象山港路",
    ),
)


def plan_of(clip: Clip) -> Plan:
    return plan_clip(
        scenario=clip.scenario, seed=clip.seed, seconds=SECONDS, fps=FPS, size=SIZE,
        code=clip.code, place=clip.place,
    )  # fmt: skip


def _entry(clip: Clip) -> dict[str, Any]:
    file = FOOTAGE / f"{clip.name}.mp4"
    return {
        "file": file.name, "camera": f"{clip.name}.camera.toml", "truth": f"{clip.name}.truth.json",
        "caption": clip.caption, "place": clip.place, "scenario": clip.scenario, "seed": clip.seed,
        "seconds": SECONDS, "fps": FPS, "size": list(SIZE), "codec": CODEC, "rendered": True,
        "bytes": file.stat().st_size, "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
    }  # fmt: skip


def write_index() -> None:
    made = [clip for clip in CLIPS if (FOOTAGE / f"{clip.name}.mp4").exists()]
    body = {
        "note": "三维渲染，非实拍；人物、店铺、车牌均为虚构",
        "clips": [_entry(clip) for clip in made],
    }
    text = json.dumps(body, ensure_ascii=False, indent=1) + "\n"
    (FOOTAGE / "index.json").write_text(text, encoding="utf-8")


def render(clip: Clip) -> None:
    """Render one committed clip; a clip over the limit is compressed harder."""
    from .studio import shoot

    plan = plan_of(clip)
    write_truth(plan, FOOTAGE, clip.name)
    file = FOOTAGE / f"{clip.name}.mp4"
    shoot(plan, file)
    if file.stat().st_size > LIMIT:
        shoot(plan, file, crf=plan.sensor.crf + 4)
    write_index()


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="footage", description=__doc__)
    parser.add_argument("names", nargs="*", help="clips to render; all of them if none is named")
    parser.add_argument("--truth-only", action="store_true", help="truth, cameras and index only")
    asked = parser.parse_args(argv)
    for clip in CLIPS:
        if asked.names and clip.name not in asked.names:
            continue
        if asked.truth_only:
            write_truth(plan_of(clip), FOOTAGE, clip.name)
        else:
            render(clip)
    write_index()


if __name__ == "__main__":
    main()
