"""Cameras a core: many paced streams decoded and judged in one process, with the whole rule chain.

Protocol: real encoded 720p and 360p streams (VP8, key frame every 2 s, 25 frames a second, made once
from the PETS09 clip with libvpx, which is BSD; the wheel's H.264 encoder is GPL and is not used), or the
Intel car clip, which is H.264 as it comes (`h264`, 768 x 432). In `keys720` one camera of three looks at
the square of the clip, on which somebody always walks; two look at the same place when something moves a
quarter of the time. In `busy720` all look at the square. Every camera reads its packets in real
time by their time stamps, loops without a jump, starts at another place of the clip, and breaks and
reconnects now and then (seeded, every three minutes on average). Zones ask for parked vehicles,
two-wheelers, left objects, goods and exposed garbage; both detectors are shared, stills for trials are
kept and second looks are on, as the service has it. CPU is the process's own, so it
says the same on a busy machine; lag and drops want a quiet one. While the
process is stopped by others its clock stands still. The first seconds are a warm-up.
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from benchmarks.outcome import tell
from benchmarks.running_clock import RunningClock
from benchmarks.stream_clips import clip
from chengzhi_vision.camera_file import read_camera
from chengzhi_vision.camera_worker import Surroundings
from chengzhi_vision.cli import default_detector, slow_detectors
from chengzhi_vision.config import Camera
from chengzhi_vision.detectors.protocol import Detector
from chengzhi_vision.errors import SourceFailed
from chengzhi_vision.evidence.publish import cover
from chengzhi_vision.fleet.detector import LookQueue, SharedDetector
from chengzhi_vision.fleet.heap import calm_memory
from chengzhi_vision.fleet.turns import Turns
from chengzhi_vision.recheck.desk import Desk
from chengzhi_vision.recheck.looking import Rechecks
from chengzhi_vision.recheck.outbox import Outbox
from chengzhi_vision.sources.video import VideoSource
from chengzhi_vision.spool.store import Spool
from chengzhi_vision.trial.ring import StillRing
from chengzhi_vision.worker import Worker

BAR = ">= 60 keyframe-only 720p cameras per core, <= 8 MB each, no growth"
BREAK_S = 180.0
NOW = RunningClock(time.time())
DROPS_ALLOWED = 0.02  # frames let go for each frame judged


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One way to watch: the stream, how it is decoded, and how many cameras are tried."""

    clip: str
    keyframes_only: bool
    cameras: int
    calm: str = ""  # what two of three cameras see


KINDS = {
    "keys720": Kind(clip="720", keyframes_only=True, cameras=60, calm="720_calm"),
    "busy720": Kind(clip="720", keyframes_only=True, cameras=60),
    "h264": Kind(clip="h264", keyframes_only=True, cameras=60),
    "sub360": Kind(clip="360", keyframes_only=False, cameras=16),
    "full720": Kind(clip="720", keyframes_only=False, cameras=6),
}


class PacedVideo(VideoSource):
    """A clip that behaves as a live stream: paced, endless, and broken now and then."""

    def __init__(self, address: str, **options: Any) -> None:
        number, _, path = address.removeprefix("rtsp://bench/").partition("/")
        self.chance = random.Random(f"{number}{time.time_ns()}")
        self.number = int(number)
        super().__init__(f"/{path}", **options)
        self.is_gulped = self.keyframes_only  # as the stream that it stands for

    def _packets(self, stop: Callable[[], bool]) -> Iterator[Any]:
        begin, offset = NOW(), 0.0
        ends = begin + self.chance.expovariate(1 / BREAK_S)
        skip = self.number * 7 % 50 / 25  # so that key frames do not come all at once
        base = float(self.stream.time_base)
        while not stop():
            last = 0.0
            for packet in self._container.demux(self.stream):
                if packet.pts is None:
                    continue
                last = packet.pts * base
                self._wait(begin + skip + offset + last, stop)
                if stop() or NOW() > ends:
                    break
                packet.pts = packet.dts = packet.pts + round(offset / base)
                yield packet
            if NOW() > ends:
                raise SourceFailed("the bench breaks the stream")
            self._container.seek(0)
            offset += last + 0.04

    def _wait(self, due: float, stop: Callable[[], bool]) -> None:
        while (left := due - NOW()) > 0 and not stop():
            time.sleep(min(left, 0.5))


def main() -> int:
    """Run one kind of camera, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kind", choices=[*KINDS, "all"], default="all")
    parser.add_argument("--minutes", type=float, default=3)
    parser.add_argument("--warm", type=float, default=25, help="seconds that do not count, twice")
    parser.add_argument("--cameras", type=int, default=0)
    parser.add_argument("--cores", type=int, default=1, help="cores the process may use; 0: all")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    calm_memory()
    names = list(KINDS) if options.kind == "all" else [options.kind]
    if len(names) > 1:  # a fresh process each, so that memory means something
        return max(_again(name, options) for name in names)
    if options.cores:
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: options.cores])
    return _measure(names[0], options)


def _again(name: str, options: argparse.Namespace) -> int:
    command = ["--kind", name, "--minutes", str(options.minutes), "--cores", str(options.cores)]
    return subprocess.call([sys.executable, "-m", "benchmarks.streams", *command])


def _measure(name: str, options: argparse.Namespace) -> int:
    kind = KINDS[name]
    number = options.cameras or kind.cameras
    path = clip(kind.clip)
    detector = default_detector()
    cover(np.zeros((720, 1280, 3), np.uint8), detector)  # opens what hides faces, as an alarm would
    with tempfile.TemporaryDirectory(prefix="chengzhi-streams-") as folder:
        around = _around(Path(folder), detector)
        worker = Worker(around=around)
        _run_for(
            worker, [_camera(0, path, kind)], options.warm
        )  # what one process costs before all
        base = _rss()
        calm = clip(kind.calm or kind.clip)
        cameras = [
            _camera(index, path if index % 3 == 0 else calm, kind) for index in range(number + 1)
        ]
        for upto in range(2, number + 2, 4):  # not all at once
            worker.want(cameras[:upto])
            _run_for(worker, None, 0.2)
        worker.want(cameras)
        _run_for(worker, None, options.warm)
        start = _Reading.of(worker)
        samples = _watch(worker, 60 * options.minutes)
        end = _Reading.of(worker)
        worker.stop()
    return _tell(name, number, base, start, end, samples, options)


def _around(folder: Path, detector: Detector | None) -> Surroundings:
    """Return what the service gives its cameras: both detectors, stills for trials, second looks."""
    looks = LookQueue()
    slow = slow_detectors()
    return Surroundings(
        clock=NOW,
        chance=random.Random(7).random,
        spool=Spool(folder / "spool"),
        state_folder=folder / "state",
        detector=None if detector is None else SharedDetector(detector, looks),
        slow=tuple(replace(one, detector=SharedDetector(one.detector, looks)) for one in slow),
        ring=StillRing(folder / "stills"),
        rechecks=Rechecks(desk=Desk(), outbox=Outbox(folder / "rechecks")),
        turns=Turns(threads=2),
        open_video=PacedVideo,
    )


def _camera(index: int, path: Path, kind: Kind) -> Camera:
    width, height = {"720": (1280, 720), "360": (640, 360), "h264": (768, 432)}[kind.clip]
    kerb = [[0.02, 0.55], [0.6, 0.4], [0.7, 0.6], [0.1, 0.95]]
    walk = [[0.6, 0.3], [0.98, 0.35], [0.98, 0.95], [0.72, 0.95]]

    def zone(name: str, sort: str, shape: list[list[float]], *findings: str) -> dict[str, Any]:
        polygon = [[x * width, y * height] for x, y in shape]
        rules = [{"finding": finding, "dwell_s": 180} for finding in findings]
        return {"name": name, "kind": sort, "polygon": polygon, "rules": rules}

    return read_camera(
        {
            "camera": {
                "code": f"B{index:03d}",
                "source": f"rtsp://bench/{index}{path}",
                "keyframes_only": kind.keyframes_only,
                "sample_fps": 5,
            },
            "zones": [
                zone("kerb", "no_parking", kerb, "motor_vehicle_parked", "two_wheeler_parked"),
                zone(
                    "walk",
                    "pavement_clear",
                    walk,
                    "object_left",
                    "goods_on_pavement",
                    "garbage_exposed",
                ),
            ],
        }
    )


@dataclass(frozen=True, kw_only=True)
class _Reading:
    """Counters of all cameras at a moment."""

    at: float
    cpu_s: float
    read_s: float
    judge_s: float
    detect_s: float
    frames: int
    dropped: int
    looks: int
    spared: int
    findings: int
    restarts: int

    @classmethod
    def of(cls, worker: Worker) -> "_Reading":
        tallies = [watched.tally for watched in worker.watched()]
        return cls(
            at=NOW(),
            cpu_s=time.process_time(),
            dropped=sum(watched.dropped for watched in worker.watched()),
            spared=sum(tally.looks_spared for tally in tallies),
            **{
                name: sum(getattr(tally, name) for tally in tallies)
                for name in (
                    "read_s", "judge_s", "detect_s", "frames", "looks", "findings", "restarts",
                )
            },
        )  # fmt: skip


def _run_for(worker: Worker, cameras: list[Camera] | None, seconds: float) -> None:
    if cameras is not None:
        worker.want(cameras)
    _watch(worker, seconds)


def _watch(worker: Worker, seconds: float) -> list[tuple[float, float]]:
    """Supervise for so long; return (lag of the worst camera, RSS) once a second."""
    samples, until = [], NOW() + seconds
    while NOW() < until:
        time.sleep(min(1.0, seconds))
        worker.check()
        lags = [watched.tally.lag_s for watched in worker.watched()]
        samples.append((max(lags, default=0.0), _rss()))
    return samples


def _rss() -> float:
    for line in Path("/proc/self/status").read_text("ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def _tell(
    name: str,
    number: int,
    base: float,
    start: _Reading,
    end: _Reading,
    samples: list[tuple[float, float]],
    options: argparse.Namespace,
) -> int:
    span = (end.at - start.at) * (number + 1)

    def per_camera(part: str) -> float:
        return round(1000 * (getattr(end, part) - getattr(start, part)) / span, 2)

    lags = sorted(lag for lag, _ in samples)
    sizes = [rss for _, rss in samples]
    third = max(len(sizes) // 3, 1)
    growth = sum(sizes[-third:]) / third - sum(sizes[:third]) / third
    looks, spared = end.looks - start.looks, end.spared - start.spared
    cost = per_camera("cpu_s")
    figures: dict[str, float | int | str] = {
        "kind": name,
        "codec": _codec(KINDS[name].clip),
        "minutes": options.minutes,
        "stopped_s": round(NOW.stopped_s),
        "cameras": number + 1,
        "cores_allowed": options.cores,
        "cpu_ms_per_s": cost,
        "cameras_per_core": round(1000 / cost, 1),
        "read_ms": per_camera("read_s"),
        "judge_ms": per_camera("judge_s"),
        "detect_ms": per_camera("detect_s"),
        "frames_per_s": round((end.frames - start.frames) / span, 3),
        "looks_per_s": round(looks / span, 3),
        "spared_share": round(spared / max(looks + spared, 1), 2),
        "dropped_share": round(
            (end.dropped - start.dropped) / max(end.frames - start.frames, 1), 4
        ),
        "lag_p50_s": round(lags[len(lags) // 2], 2),
        "lag_p95_s": round(lags[int(len(lags) * 0.95)], 2),
        "mb_per_camera": round((sum(sizes[-third:]) / third - base) / number, 2),
        "peak_mb_per_camera": round((max(sizes) - base) / number, 2),
        "growth_mb": round(growth, 1),
        "growth_mb_per_min": round(_slope(sizes[len(sizes) // 2 :]), 3),  # of the second half
        "findings": end.findings,
        "restarts": end.restarts,
    }
    dropped = (end.dropped - start.dropped) / max(end.frames - start.frames, 1)
    is_kept_up = dropped <= DROPS_ALLOWED  # a starved run says nothing about the cost of a camera
    small = figures["mb_per_camera"] <= 8  # type: ignore[operator]
    ok = is_kept_up and (name != "keys720" or (cost <= 1000 / 60 and small))
    return tell("streams", figures, bar=BAR, ok=ok, seed=7)


def _slope(sizes: list[float]) -> float:
    """Return the growth a minute of samples taken once a second, by least squares."""
    if len(sizes) < 10:
        return 0.0
    return 60 * float(np.polyfit(np.arange(len(sizes)), sizes, 1)[0])


def _codec(name: str) -> str:
    import av

    with av.open(str(clip(name))) as source:
        return str(source.streams.video[0].codec_context.name)


if __name__ == "__main__":
    raise SystemExit(main())
