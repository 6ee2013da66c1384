"""Judge instances with the worker's own chain and keep what it reported, without evidence."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import process_time
from typing import Any

from chengzhi_vision.alarms import Alarm
from chengzhi_vision.bench.truth import load_truth
from chengzhi_vision.bench.types import AlarmRow, ClipTruth
from chengzhi_vision.camera_file import load_camera
from chengzhi_vision.config import Camera
from chengzhi_vision.errors import BenchInvalid
from chengzhi_vision.pipeline import Pipeline
from chengzhi_vision.sources.video import VideoSource
from chengzhi_vision.types import Frame

MakePipeline = Callable[[Camera], Pipeline]


@dataclass(frozen=True, kw_only=True)
class Instance:
    """A clip with its camera and its truth."""

    name: str
    clip: Path
    camera: Path
    truth: Path


@dataclass(frozen=True, kw_only=True)
class Ran:
    """What a run of one instance gave."""

    truth: ClipTruth
    alarms: tuple[AlarmRow, ...]
    cpu_s: float


def find_instances(folder: Path) -> list[Instance]:
    """Return the instances below a folder: clip.mp4 with camera.toml and truth.json beside it."""
    found = [_instance(path) for path in sorted(folder.rglob("truth.json"))]
    found += [_instance(path) for path in sorted(folder.rglob("*.truth.json"))]
    if not found:
        message = f"{folder} 中没有 truth.json，请先运行 chengzhi-vision bench make。"
        raise BenchInvalid(message)
    return found


def _instance(truth: Path) -> Instance:
    if truth.name == "truth.json":
        name, clip, camera = truth.parent.name, truth.with_name("clip.mp4"), "camera.toml"
        return Instance(name=name, clip=clip, camera=truth.with_name(camera), truth=truth)
    name = truth.name.removesuffix(".truth.json")
    return Instance(
        name=name,
        clip=truth.with_name(f"{name}.mp4"),
        camera=truth.with_name(f"{name}.camera.toml"),
        truth=truth,
    )


def run_instance(instance: Instance, *, make: MakePipeline) -> Ran:
    """Judge one instance from its first frame to its last."""
    started = process_time()
    camera = load_camera(instance.camera)
    rows = watch(instance.clip, camera=camera, make=make, name=instance.name)
    truth = load_truth(instance.truth, camera=camera, clip=instance.name)
    return Ran(truth=truth, alarms=tuple(rows), cpu_s=process_time() - started)


def watch(clip: Path, *, camera: Camera, make: MakePipeline, name: str) -> list[AlarmRow]:
    """Return the alarms of a clip, each with the moment at which it left the chain."""
    source = VideoSource(
        str(clip), fps=camera.sample_fps, keyframes_only=camera.keyframes_only, ring=None
    )
    frames = source.frames(started_at=0.0, stop=lambda: False)
    return watch_frames(frames, pipeline=make(camera), name=name)


def watch_frames(frames: Iterable[Frame], *, pipeline: Pipeline, name: str) -> list[AlarmRow]:
    """Feed frames to a chain and return its alarms."""
    rows: list[AlarmRow] = []
    now = 0.0

    def keep(alarms: Sequence[Alarm]) -> None:
        for alarm in alarms:
            rows.append(alarm_of(alarm, clip=name, emitted_s=now))
            pipeline.mark_reported(alarm)

    for frame in frames:
        now = frame.pts
        keep(pipeline.feed(frame))
    keep(pipeline.finish())
    return rows


def alarm_of(alarm: Alarm, *, clip: str, emitted_s: float) -> AlarmRow:
    """Return an alarm of the chain as the benchmark keeps it."""
    finding = alarm.finding
    return AlarmRow(
        clip=clip,
        kind=finding.kind,
        zone=finding.zone,
        start_s=finding.start_pts,
        alarm_s=finding.alarm_pts,
        emitted_s=emitted_s,
        box=finding.box,
        start_unknown=finding.start_unknown,
        score=finding.score,
    )


def row_table(row: AlarmRow) -> dict[str, Any]:
    """Return one alarm as a line of alarms.jsonl; `load_alarms` reads it again."""
    return {
        "clip": row.clip,
        "kind": str(row.kind),
        "zone": row.zone,
        "start_pts": round(row.start_s, 3),
        "alarm_pts": round(row.alarm_s, 3),
        "emitted_pts": round(row.emitted_s, 3),
        "bbox": row.box.rounded(),
        "score": round(row.score, 4),
        "start_unknown": row.start_unknown,
    }


def write_rows(rows: Iterable[AlarmRow], path: Path) -> None:
    lines = [json.dumps(row_table(row), ensure_ascii=False) for row in rows]
    path.write_text("".join(f"{line}\n" for line in lines), "utf-8")
