"""The fault set: the same alarms as the clean run, within two seconds, whatever breaks.

Protocol: rendered clips of seed/footage with one stay each; the clean run, then seven runs with
one fault each (chengzhi_vision/bench/faults.py); an alarm is the same when kind, zone and place
agree and its time differs by at most two seconds.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from benchmarks.outcome import tell
from chengzhi_vision.bench.faults import Bed, Same, spoilt_copy, try_all
from chengzhi_vision.bench.truth import load_truth
from chengzhi_vision.camera_file import load_camera
from chengzhi_vision.config import Camera
from chengzhi_vision.geometry import grown
from chengzhi_vision.sources.video import VideoSource
from chengzhi_vision.types import Frame

FOOTAGE = Path(__file__).parents[1] / "seed" / "footage"
CLIPS = ("vehicle_parked", "bag_left", "bicycle_parked", "goods_out")
BAR = "every fault on every clip: the alarms of the clean run, none more, within 2 s"


def main() -> int:
    """Try every fault on every clip and print one JSON object last."""
    with ProcessPoolExecutor(2) as pool:
        results = dict(zip(CLIPS, pool.map(try_clip, CLIPS), strict=True))
    figures: dict[str, float | int | str] = {}
    for clip, rows in results.items():
        for same in rows:
            what = f"{len(same.missing)} missing, {len(same.extra)} extra, {same.worst_s:.1f} s"
            print(f"{clip:16} {same.fault:16} {'same' if same.is_same else what}")
            figures[f"{clip}/{same.fault}"] = "same" if same.is_same else what
    rows = [same for one in results.values() for same in one]
    figures |= {"runs": len(rows), "same": sum(same.is_same for same in rows)}
    return tell("faults", figures, bar=BAR, ok=all(same.is_same for same in rows))


def try_clip(name: str) -> list[Same]:
    """Try every fault on one clip."""
    import cv2

    from chengzhi_vision.cli import default_detector

    cv2.setNumThreads(1)
    camera = load_camera(FOOTAGE / f"{name}.camera.toml")
    truth = load_truth(FOOTAGE / f"{name}.truth.json", camera=camera)
    event = truth.events[0]
    with tempfile.TemporaryDirectory() as folder:
        spoilt = Path(folder) / "spoilt.mkv"
        spoilt_copy(FOOTAGE / f"{name}.mp4", spoilt)
        bed = Bed(
            name=name,
            camera=camera,
            frames=lambda: frames_of(FOOTAGE / f"{name}.mp4", camera),
            spoilt=lambda: frames_of(spoilt, camera),
            detector=default_detector(),
            start_s=event.start_s,
            dwell_s=event.dwell_s,
            box=grown(event.boxes[0].box, factor=1.15),
            folder=Path(folder),
        )
        return try_all(bed)


def frames_of(clip: Path, camera: Camera) -> Iterable[Frame]:
    source = VideoSource(
        str(clip), fps=camera.sample_fps, keyframes_only=camera.keyframes_only, ring=None
    )
    return source.frames(started_at=0.0, stop=lambda: False)


if __name__ == "__main__":
    sys.exit(main())
