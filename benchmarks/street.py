"""Rendered clips of the kinds that neither the committed clips nor the staged ones hold.

Selling, parasols, banners, materials and dogs cannot be cut out of photographs and put into a
street as one thing: what matters is who stands by. `tools/scene` draws them with exact truth, by
day and at night, and beside each what looks like it and is lawful. Clips are rendered when they
are first asked for (Chromium and three.js: docs/howto/footage.md) and kept under
benchmarks/scratch; one whose truth is not that of today's plan is rendered again. The seeds were
fixed before any clip was judged, and no rule is tuned to them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from chengzhi_vision.bench.run import Instance
from tools.scene.streetscene.cli import write_truth
from tools.scene.streetscene.planner import plan_clip
from tools.scene.streetscene.truth import truth_text
from tools.scene.streetscene.types import Plan

SIZE, FPS, SECONDS = (960, 540), 5, 60
SEEDS = {"day": 1, "night": 2}
SCENARIOS = (
    "stall",
    "street_trading",
    "goods_alone",
    "umbrella_out",
    "banner_hung",
    "materials_piled",
    "dog_unattended",
    "dog_walked",
)


@dataclass(frozen=True, kw_only=True)
class StreetClip:
    """One clip to be rendered, unless it is there."""

    scenario: str
    sky: str
    folder: Path

    @property
    def name(self) -> str:
        return f"{self.scenario}-{self.sky}"

    @property
    def instance(self) -> Instance:
        return Instance(
            name=self.name,
            clip=self.folder / f"{self.name}.mp4",
            camera=self.folder / f"{self.name}.camera.toml",
            truth=self.folder / f"{self.name}.truth.json",
        )

    def plan(self) -> Plan:
        return plan_clip(
            scenario=self.scenario, seed=SEEDS[self.sky], seconds=SECONDS, fps=FPS, size=SIZE,
            sky=self.sky,
        )  # fmt: skip

    def is_made(self) -> bool:
        """Tell whether the clip is there and its truth is that of today's plan."""
        kept = self.instance
        if not (kept.clip.is_file() and kept.truth.is_file()):
            return False
        return kept.truth.read_text("utf-8") == truth_text(self.plan())


def street_clips(folder: Path) -> Iterator[StreetClip]:
    """Every scenario by day and at night."""
    for scenario in SCENARIOS:
        for sky in SEEDS:
            yield StreetClip(scenario=scenario, sky=sky, folder=folder)


def make_all(clips: Sequence[StreetClip], *, processes: int) -> None:
    """Render what is not there.

    :raises NoBrowser: Chromium or three.js is missing.
    """
    wanting = [clip for clip in clips if not clip.is_made()]
    with ProcessPoolExecutor(max(processes, 1)) as pool:
        list(pool.map(_make, wanting))


def _make(clip: StreetClip) -> None:
    """Render a clip; it has its name only when it is whole."""
    from tools.scene.streetscene.studio import shoot

    plan, kept = clip.plan(), clip.instance.clip
    write_truth(plan, clip.folder, clip.name)
    unfinished = kept.with_name(f"unfinished-{kept.name}")
    shoot(plan, unfinished)
    unfinished.replace(kept)
