"""What the chain without a detector costs a picture, and what a look of each detector costs.

Protocol: three rendered street clips, 1280x720, one key picture every 2 s, handed over as a decoder
leaves it (YUV 4:2:0), one thread; CPU time of the thread, not wall time, so that a busy machine
changes it little.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from statistics import median
from time import thread_time

import cv2
from av import VideoFrame

from benchmarks.outcome import tell
from chengzhi_vision.camera_file import load_camera
from chengzhi_vision.cli import default_detector, slow_detectors
from chengzhi_vision.config import Zone
from chengzhi_vision.pipeline import Pipeline
from chengzhi_vision.sources.picture import DecodedFrame
from chengzhi_vision.sources.video import VideoSource

FOOTAGE = Path(__file__).parents[1] / "seed" / "footage"
CLIPS = ("quiet", "goods_out", "vehicle_parked")
SIZE, DRAWN_WIDTH = (1280, 720), 960
STEP_S = 2.0
ROUNDS = 3
BAR_MS = 4.0


def main() -> int:
    """Judge the pictures, print the figures."""
    cv2.setNumThreads(1)
    bare = [ms for name in CLIPS for ms in _costs(name, with_detectors=False)]
    whole = [ms for name in CLIPS for ms in _costs(name, with_detectors=True)]
    figures: dict[str, float | int | str] = {
        "pictures": len(bare),
        "chain_ms_median": round(median(bare), 2),
        "chain_ms_mean": round(sum(bare) / len(bare), 2),
        "with_detectors_ms_mean": round(sum(whole) / len(whole), 2),
        "camera_ms_per_second": round(sum(whole) / len(whole) / STEP_S, 2),
    }
    ok = float(figures["chain_ms_mean"]) <= BAR_MS
    return tell("chain", figures, bar=f"<= {BAR_MS} ms a picture without detectors", ok=ok, seed=0)


def _costs(name: str, *, with_detectors: bool) -> list[float]:
    camera = load_camera(FOOTAGE / f"{name}.camera.toml")
    camera = replace(camera, zones=tuple(_scaled(zone) for zone in camera.zones))
    detector, slow = (default_detector(), slow_detectors()) if with_detectors else (None, ())
    pipeline = Pipeline(camera, detector=detector, slow=slow)
    costs = []
    for number, picture in enumerate(_pictures(name) * ROUNDS):
        at = number * STEP_S
        started = thread_time()
        pipeline.feed(DecodedFrame(index=number, pts=at, at=at, picture=picture))
        costs.append(1000 * (thread_time() - started))
    return costs


def _scaled(zone: Zone) -> Zone:
    factor = SIZE[0] / DRAWN_WIDTH
    return replace(zone, polygon=tuple((x * factor, y * factor) for x, y in zone.polygon))


def _pictures(name: str) -> list[VideoFrame]:
    source = VideoSource(
        str(FOOTAGE / f"{name}.mp4"), fps=1 / STEP_S, keyframes_only=True, ring=None
    )
    frames = source.frames(started_at=0.0, stop=lambda: False)
    return [_decoded(cv2.resize(frame.image, SIZE)) for frame in frames]


def _decoded(image: cv2.typing.MatLike) -> VideoFrame:
    return VideoFrame.from_ndarray(image, format="bgr24").reformat(format="yuv420p")


if __name__ == "__main__":
    sys.exit(main())
