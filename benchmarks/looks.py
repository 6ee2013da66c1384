"""Looks: clips on backgrounds of your own, to see what the rules do before a test split is run.

    python -m benchmarks.looks make look --backgrounds mine.toml --seed 9000 --count 90
    python -m benchmarks.looks run look --alarms before.jsonl
    python -m benchmarks.looks compare look before.jsonl after.jsonl

Bins and heaps are cut out of photographs of the val part, which no model of ours learned from,
and nothing of the test side is used. What the detectors saw is kept beside each clip, named by
what they were shown: a second run costs the rules alone.
"""

from __future__ import annotations

import argparse
import csv
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import cycle, islice
from pathlib import Path

from benchmarks.failures import failures
from benchmarks.remembered import Remembered
from chengzhi_vision.bench.commands import described, text_of
from chengzhi_vision.bench.cutouts.bank import Bank, Sources, accepted_people, cut_out, open_bank
from chengzhi_vision.bench.cutouts.mine import Part
from chengzhi_vision.bench.cutouts.types import Split
from chengzhi_vision.bench.match import match
from chengzhi_vision.bench.material import shared_data
from chengzhi_vision.bench.run import Instance, find_instances, run_instance, write_rows
from chengzhi_vision.bench.staged.ground import Background, read_backgrounds
from chengzhi_vision.bench.staged.make import Wish, stage_instance, write_instance
from chengzhi_vision.bench.staged.plot import CATEGORIES
from chengzhi_vision.bench.truth import load_alarms, load_truth
from chengzhi_vision.bench.types import AlarmRow, ClipTruth
from chengzhi_vision.camera_file import load_camera
from chengzhi_vision.detectors.protocol import Detector
from chengzhi_vision.pipeline import Paced, Pipeline
from chengzhi_vision.types import Box, FindingKind

HERE = Path(__file__).parent
SPLIT = HERE / "data" / "garbage_split.csv"
CUTOUTS = HERE / "scratch" / "looks"
PROCESSES = 2


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """One clip of a look."""

    seed: int
    kind: FindingKind
    background: Background
    folder: Path


def main() -> int:
    """Make, run or compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    deeds = parser.add_subparsers(required=True)
    make = deeds.add_parser("make", help="stage the clips that are not there yet")
    make.set_defaults(deed=make_look)
    make.add_argument("folder", type=Path)
    make.add_argument("--backgrounds", type=Path, required=True, help="the clips lie beside it")
    make.add_argument("--seed", type=int, required=True, help="of the first clip")
    make.add_argument("--count", type=int, default=90)
    make.add_argument("--kinds", type=FindingKind, nargs="+", default=list(CATEGORIES))
    run = deeds.add_parser("run", help="judge the clips, keep the alarms")
    run.set_defaults(deed=run_look)
    run.add_argument("folder", type=Path)
    run.add_argument("--alarms", type=Path, required=True)
    compare = deeds.add_parser("compare", help="what one run has and the other has not")
    compare.set_defaults(deed=compare_runs)
    compare.add_argument("folder", type=Path)
    compare.add_argument("before", type=Path)
    compare.add_argument("after", type=Path)
    options = parser.parse_args()
    return int(options.deed(options))


def make_look(options: argparse.Namespace) -> int:
    """Stage `count` clips: each kind in turn on each background in turn."""
    path = options.backgrounds
    found = read_backgrounds(path, videos=[path.parent])
    grounds = [replace(one, split=Split.TUNE, still=_still(one)) for one in found]
    turns = {
        kind: cycle([b for b in grounds if not b.sorts or str(kind) in b.sorts])
        for kind in options.kinds
    }
    kinds = list(islice(cycle(options.kinds), options.count))
    wanted = [
        Wanted(
            seed=seed, kind=kind, background=next(turns[kind]), folder=options.folder / str(seed)
        )
        for seed, kind in enumerate(kinds, options.seed)
    ]
    _bank()
    with ProcessPoolExecutor(PROCESSES) as pool:
        list(pool.map(_make, wanted))
    return 0


def _still(background: Background) -> tuple[Box, ...]:
    return described(background.clip, ground_file=None, width=640).still


def _make(wanted: Wanted) -> None:
    if (wanted.folder / "truth.json").is_file():
        return
    wish = Wish(seed=wanted.seed, kinds=(wanted.kind,))
    write_instance(stage_instance(wish, background=wanted.background, bank=_bank()), wanted.folder)


@cache
def _bank() -> Bank:
    """Return the tune side's bank with the bins and heaps of the val part, and people in photographs."""
    data = shared_data(HERE.parent)
    material = Sources(data=data, rendered=HERE / "cutouts", parts=_parts())
    bank = open_bank(Split.TUNE, sources=material, cache=CUTOUTS, say=print)
    if data is None:
        return bank
    paths = sorted((data / "street_photos" / "images").glob("*.jpg"))
    people = tuple(cut_out(accepted_people(paths, data / "models")))
    return replace(bank, cutouts=bank.cutouts + people)


def _parts() -> dict[str, Part]:
    """Return the split by which only what lies in the val part is on the tune side."""
    with SPLIT.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {r["name"]: Part(group=r["group"], is_held_out=r["part"] != "val") for r in rows}


def run_look(options: argparse.Namespace) -> int:
    """Judge every clip below a folder, print the table and what failed."""
    instances = find_instances(options.folder)
    with ProcessPoolExecutor(PROCESSES) as pool:
        found = [row for rows in pool.map(_run, instances) for row in rows]
    write_rows(found, options.alarms)
    matched = match([_truth(one) for one in instances], found)
    print("".join(f"{line}\n" for line in failures(matched)) + text_of(matched))
    return 0


def _run(instance: Instance) -> tuple[AlarmRow, ...]:
    quick, slow = _detectors()
    folder = instance.clip.parent
    eyes = [Remembered(one, folder=folder) for one in (quick, *(p.detector for p in slow))]
    for eye in eyes:
        eye.load()
    paced = tuple(replace(p, detector=eye) for p, eye in zip(slow, eyes[1:], strict=True))
    ran = run_instance(instance, make=partial(Pipeline, detector=eyes[0], slow=paced))
    for eye in eyes:
        eye.save()
    return ran.alarms


@cache
def _detectors() -> tuple[Detector, tuple[Paced, ...]]:
    import cv2

    from chengzhi_vision.cli import default_detector, slow_detectors

    cv2.setNumThreads(1)
    quick = default_detector()
    assert quick is not None, "make setup brings the models"
    return quick, slow_detectors()


def compare_runs(options: argparse.Namespace) -> int:
    """Print which failures went and which came, then both tables."""
    truths = [_truth(one) for one in find_instances(options.folder)]
    before, after = (
        match(truths, load_alarms(p, clip="")) for p in (options.before, options.after)
    )
    old, new = set(failures(before)), set(failures(after))
    lines = [f"gone  {line}" for line in sorted(old - new)]
    lines += [f"come  {line}" for line in sorted(new - old)]
    print("\n".join([*lines, text_of(before), text_of(after)]))
    return 0


def _truth(instance: Instance) -> ClipTruth:
    camera = load_camera(instance.camera)
    return load_truth(instance.truth, camera=camera, clip=instance.name)


if __name__ == "__main__":
    sys.exit(main())
