"""HOTA, MOTA and IDF1 of detector and tracker on PETS09 and TUD ground truth.

Protocol: every frame, people only, IoU 0.5 for MOTA and IDF1 (motmetrics), HOTA over its own
thresholds (TrackEval, when it is installed: `uv pip install --no-deps trackeval`). Beside ours
stands the published tracker's output that lies with the data. No seed: nothing is random.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import monotonic
from typing import Any

import motmetrics
import numpy as np

from benchmarks.outcome import tell
from chengzhi_vision.bench.tracks import TrackRow, follow, read_mot
from chengzhi_vision.cli import default_detector
from chengzhi_vision.geometry import iou_matrix, row

ROOT = Path(__file__).parents[1]
DATA = Path(os.environ.get("CHENGZHI_SHARED_DATA", ROOT.parent / "shared" / "data")) / "video"
SEQUENCES = {
    "PETS09-S2L1": "PETS09-S2L1_vtest.avi",
    "TUD-Campus": "TUD-Campus.mp4",
    "TUD-Stadtmitte": "TUD-Stadtmitte.mp4",
}
PUBLISHED = "{name}_motmetrics_sample_tracker.txt"
BAR = "on TUD-Campus and TUD-Stadtmitte, IDF1 at or above the published tracker's output"


def main() -> int:
    """Score every sequence and print one JSON object last."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tiles", type=int, default=1, help="closer looks per side, 1 for none")
    tiles = parser.parse_args().tiles
    detector = default_detector()
    if detector is None or not DATA.is_dir():
        print("no model or no shared/data/video: nothing was measured")
        return tell("tracking", {}, bar=BAR, ok=False)
    figures: dict[str, dict[str, float | None]] = {}
    for name, clip in SEQUENCES.items():
        truth = read_mot(DATA / f"{name}_gt.txt")
        started = monotonic()
        rows = list(follow(DATA / clip, detector, tiles=tiles))
        rate = max(r.frame for r in truth) / (monotonic() - started)
        figures[f"{name}/ours"] = {**score(truth, rows), "frames_per_s": round(rate, 1)}
        print(f"{name}/ours", figures[f"{name}/ours"], flush=True)
        path = DATA / PUBLISHED.format(name=name)
        if path.is_file():
            figures[f"{name}/published"] = score(truth, read_mot(path))
            print(f"{name}/published", figures[f"{name}/published"], flush=True)
    flat: dict[str, float | int | str] = {
        f"{run}/{k}": "" if v is None else v for run, k, v in _items(figures)
    }
    return tell("tracking", flat, bar=BAR, ok=is_ok(figures))


def _items(
    figures: dict[str, dict[str, float | None]],
) -> Iterator[tuple[str, str, float | None]]:
    for run, values in figures.items():
        for key, value in values.items():
            yield run, key, value


def score(truth: Sequence[TrackRow], found: Sequence[TrackRow]) -> dict[str, float | None]:
    """Return MOTA, IDF1, id switches and, when TrackEval is there, HOTA."""
    accumulator = motmetrics.MOTAccumulator(auto_id=True)
    for _, truth_rows, rows in by_frame(truth, found):
        distance = 1 - overlaps(truth_rows, rows)
        distance[distance > 0.5] = np.nan
        ids, found_ids = ([r.track_id for r in part] for part in (truth_rows, rows))
        accumulator.update(ids, found_ids, distance)
    names = ["mota", "idf1", "num_switches", "precision", "recall"]
    table = motmetrics.metrics.create().compute(accumulator, metrics=names, name="x")
    figures: dict[str, float | None] = {n: round(float(table[n].iloc[0]), 4) for n in names}
    return {"hota": hota(truth, found), **figures}


def hota(truth: Sequence[TrackRow], found: Sequence[TrackRow]) -> float | None:
    """Return mean HOTA by TrackEval, or None when it is not installed."""
    try:
        metric: Any = importlib.import_module("trackeval.metrics.hota").HOTA()
    except ImportError:
        return None
    frames = by_frame(truth, found)
    known, ours = index_of(truth), index_of(found)
    data = {
        "num_timesteps": len(frames),
        "num_gt_ids": len(known),
        "num_tracker_ids": len(ours),
        "num_gt_dets": sum(len(t) for _, t, _ in frames),
        "num_tracker_dets": sum(len(f) for _, _, f in frames),
        "gt_ids": [np.array([known[r.track_id] for r in t], int) for _, t, _ in frames],
        "tracker_ids": [np.array([ours[r.track_id] for r in f], int) for _, _, f in frames],
        "similarity_scores": [overlaps(t, f) for _, t, f in frames],
    }
    return round(float(np.mean(metric.eval_sequence(data)["HOTA"])), 4)


def by_frame(
    truth: Sequence[TrackRow], found: Sequence[TrackRow]
) -> list[tuple[int, list[TrackRow], list[TrackRow]]]:
    """Return what is true and what was found, frame by frame of the truth's span."""
    last = max(r.frame for r in truth)
    parts: list[tuple[int, list[TrackRow], list[TrackRow]]] = [
        (f, [], []) for f in range(1, last + 1)
    ]
    for index, rows in ((1, truth), (2, found)):
        for one in rows:
            if one.frame <= last:
                parts[one.frame - 1][index].append(one)  # type: ignore[union-attr]
    return parts


def overlaps(truth: Sequence[TrackRow], found: Sequence[TrackRow]) -> Any:
    if not truth or not found:
        return np.zeros((len(truth), len(found)))
    boxes = [np.array([row(r.box) for r in part]) for part in (truth, found)]
    return iou_matrix(boxes[0], boxes[1])


def index_of(rows: Sequence[TrackRow]) -> dict[int, int]:
    return {number: i for i, number in enumerate(sorted({r.track_id for r in rows}))}


def is_ok(figures: dict[str, dict[str, float | None]]) -> bool:
    """Tell whether our IDF1 is at least the published one wherever one lies there."""
    verdicts = []
    for label, published in figures.items():
        if label.endswith("/published"):
            name = label.partition("/")[0]
            ours = [v["idf1"] or 0 for k, v in figures.items() if k.startswith(f"{name}/ours")]
            verdicts.append(max(ours, default=0) >= (published["idf1"] or 0))
    return bool(verdicts) and all(verdicts)


if __name__ == "__main__":
    sys.exit(main())
