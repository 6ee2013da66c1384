"""The bench commands: make staged instances, run them through the worker, score alarms."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from chengzhi_vision.bench.cutouts.bank import open_bank
from chengzhi_vision.bench.cutouts.types import Split
from chengzhi_vision.bench.cutouts.walkers import plate_of, read_clip
from chengzhi_vision.bench.match import LENIENT_S, STRICT_S, Matched, match
from chengzhi_vision.bench.material import checked, shared_data, sources
from chengzhi_vision.bench.run import find_instances, run_instance, write_rows
from chengzhi_vision.bench.score import Score, by_camera, by_condition, by_kind, score
from chengzhi_vision.bench.staged.ground import Background, fitted_ground, read_ground
from chengzhi_vision.bench.staged.make import Wish, stage_instance, write_instance
from chengzhi_vision.bench.table import table
from chengzhi_vision.bench.truth import load_alarms, load_truth
from chengzhi_vision.bench.types import AlarmRow, ClipTruth
from chengzhi_vision.bench.viper import KNOWN, read_names
from chengzhi_vision.camera_file import load_camera
from chengzhi_vision.detectors.protocol import Detector
from chengzhi_vision.pipeline import Paced, Pipeline
from chengzhi_vision.types import Box, FindingKind, ObjectClass, Picture

STILL_SCORE = 0.35
CLIP_FRAMES = 1500


def add_bench(deeds: Any) -> None:
    """Add `bench` with its deeds to the command line."""
    bench = deeds.add_parser("bench", help="事件基准：造片、运行、评分", description="事件基准")
    parts = bench.add_subparsers(required=True, metavar="做什么")
    _add_make(parts)
    _add_run(parts)
    _add_score(parts)


def _add_make(parts: Any) -> None:
    make = parts.add_parser("make", help="把实物抠图放进固定机位录像，生成带真值的片段")
    make.set_defaults(deed=make_instance)
    make.add_argument("--seed", type=int, required=True)
    make.add_argument("--background", type=Path, required=True, help="固定机位录像")
    make.add_argument("--out", type=Path, required=True, help="输出目录")
    make.add_argument("--ground", type=Path, help="地面文件（TOML），缺省按画面中的行人估计")
    make.add_argument("--split", type=Split, default=Split.TEST, help="用哪一半抠图素材")
    make.add_argument("--seconds", type=float, default=120.0)
    make.add_argument("--fps", type=float, default=5.0)
    make.add_argument("--width", type=int, default=640)
    make.add_argument("--only", type=FindingKind, action="append", help="必须出现的问题类型")
    make.add_argument("--data", type=Path, help="共享数据目录（street_photos、video、models）")
    make.add_argument("--cutouts", type=Path, help="渲染抠图目录（benchmarks/cutouts）")
    make.add_argument("--cache", type=Path, default=Path("benchmarks/scratch"))


def _add_run(parts: Any) -> None:
    run = parts.add_parser("run", help="用本程序分析目录下全部片段并评分")
    run.set_defaults(deed=run_folder)
    run.add_argument("folder", type=Path)
    run.add_argument("--alarms", type=Path, help="把告警写到这个文件（JSONL）")
    run.add_argument("--no-detector", action="store_true", help="只用静止物检测")


def _add_score(parts: Any) -> None:
    one = parts.add_parser("score", help="给一段录像的告警评分")
    one.set_defaults(deed=score_files)
    one.add_argument("truth", type=Path, help="真值：本项目 JSON 或 ViPER XML")
    one.add_argument("alarms", type=Path, help="analyse 写出的 findings.jsonl")
    one.add_argument("--camera", type=Path, help="摄像机配置，取其中的时限")
    one.add_argument("--dwell", type=float, help="时限秒数（ViPER 必填）")
    one.add_argument("--names", type=Path, help="ViPER 对象名与问题类型的对照表（TOML）")


def make_instance(options: argparse.Namespace) -> int:
    """Write one staged instance."""
    clip = checked(options.background, "背景录像")
    background = described(clip, ground_file=options.ground, width=options.width)
    root = Path.cwd()
    data = options.data or shared_data(root)
    folder = root / "benchmarks"
    material = sources(
        data=data,
        rendered=options.cutouts or folder / "cutouts",
        parts=folder / "data" / "garbage_split.csv",
    )
    bank = open_bank(options.split, sources=material, cache=options.cache, say=print)
    wish = Wish(
        seed=options.seed,
        seconds=options.seconds,
        fps=options.fps,
        width=options.width,
        kinds=tuple(options.only or ()),
    )
    staged = stage_instance(wish, background=replace(background, split=options.split), bank=bank)
    write_instance(staged, options.out)
    print(f"{options.out}：{len(staged.plot.lanes)} 个区域，{len(staged.plot.events)} 段停留")
    return 0


def described(clip: Path, *, ground_file: Path | None, width: int) -> Background:
    """Return a background whose ground is given or fitted, and what stood there all along."""
    detector = _detector()
    frames, _ = read_clip(clip, most=CLIP_FRAMES)
    some = frames[:: max(len(frames) // 24, 1)]
    ground = fitted_ground(some, detector) if ground_file is None else read_ground(ground_file)
    still = _still(plate_of(frames), detector, width=width)
    return Background(clip=clip, ground=ground, still=still)


def _still(plate: Picture, detector: Detector | None, *, width: int) -> tuple[Box, ...]:
    if detector is None:
        return ()
    scale = width / plate.shape[1]
    wanted = (ObjectClass.VEHICLE, ObjectClass.TWO_WHEELER, ObjectClass.PERSON)
    return tuple(
        Box(x=d.box.x * scale, y=d.box.y * scale, w=d.box.w * scale, h=d.box.h * scale)
        for d in detector.detect(plate)
        if d.kind in wanted and d.score >= STILL_SCORE
    )


def run_folder(options: argparse.Namespace) -> int:
    """Judge every instance below a folder and print the scores."""
    detector = None if options.no_detector else _detector()
    slow = () if options.no_detector else _slow()
    make = partial(Pipeline, detector=detector, slow=slow)
    truths: list[ClipTruth] = []
    alarms: list[AlarmRow] = []
    for instance in find_instances(checked(options.folder, "目录")):
        ran = run_instance(instance, make=make)
        truths.append(ran.truth)
        alarms += ran.alarms
        print(f"{instance.name}：{len(ran.alarms)} 条告警，{ran.cpu_s:.1f} s CPU", flush=True)
    if options.alarms is not None:
        write_rows(alarms, options.alarms)
    print_scores(truths, alarms)
    return 0


def score_files(options: argparse.Namespace) -> int:
    """Score the findings of one clip."""
    camera = None if options.camera is None else load_camera(options.camera)
    names = KNOWN if options.names is None else read_names(options.names)
    path = checked(options.truth, "真值文件")
    truth = load_truth(path, camera=camera, dwell_s=options.dwell, names=names)
    if truth.left_out:
        print(f"真值中有 {len(truth.left_out)} 个对象按对照表不计：{_counted(truth.left_out)}")
    alarms = load_alarms(checked(options.alarms, "告警文件"), clip=truth.clip)
    print_scores([truth], [replace(alarm, clip=truth.clip) for alarm in alarms])
    return 0


def _counted(names: Sequence[str]) -> str:
    return "、".join(f"{name} {count} 个" for name, count in sorted(Counter(names).items()))


def print_scores(truths: Sequence[ClipTruth], alarms: Sequence[AlarmRow]) -> None:
    """Print the table by kind, condition and camera, and both windows as one JSON line."""
    strict = match(truths, alarms, window_s=STRICT_S)
    lenient = match(truths, alarms, window_s=LENIENT_S)
    print(text_of(strict))
    line = {"strict": row_of(score(strict)), "lenient": row_of(score(lenient))}
    print(json.dumps(line, ensure_ascii=False))


def text_of(matched: Matched) -> str:
    groups = {"全部": score(matched), **by_kind(matched)}
    conditions = {f"[{name}]": one for name, one in by_condition(matched).items()}
    cameras = {f"@{name}": one for name, one in by_camera(matched).items()}
    return table({**groups, **conditions, **cameras})


def row_of(one: Score) -> dict[str, float | int | None]:
    """Return the figures of a score as plain numbers."""
    shares = {
        "precision": one.precision,
        "recall": one.recall,
        "f": one.f_score,
        "false_per_day": one.false_per_day,
        "alarms_per_event": one.alarms_per_event,
        "delay_median_s": one.delay_median_s,
        "delay_p95_s": one.delay_p95_s,
        "dwell_error_s": one.dwell_error_s,
    }
    counts = {"events": one.events, "true": one.true, "false": one.false, "missed": one.missed}
    rounded = {k: None if v is None else round(v, 4) for k, v in shares.items()}
    return {**counts, "duplicates": one.duplicates, **rounded}


def _detector() -> Detector | None:
    from chengzhi_vision.cli import default_detector

    return default_detector()


def _slow() -> tuple[Paced, ...]:
    from chengzhi_vision.cli import slow_detectors

    return slow_detectors()
