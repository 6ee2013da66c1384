"""AP50 of the packaged garbage detector on photographs it never learned from, and its speed.

Protocol: the test part of data/garbage_split.csv, whole groups of near-duplicates; the whole
`detect` call on one thread, floor 0.02; average precision at IoU 0.5 over every point of the
curve. Nothing is random.
"""

from __future__ import annotations

import argparse
import csv
import os
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter, thread_time

import cv2
import numpy as np

from benchmarks.outcome import tell
from chengzhi_vision.bench.average_precision import Seen, average_precision, precision_recall
from chengzhi_vision.detectors.engine import engine_asked
from chengzhi_vision.detectors.garbage import CLASSES, GarbageHead
from chengzhi_vision.thresholds import thresholds
from chengzhi_vision.types import Detection

ROOT = Path(__file__).parents[1]
DATA = Path(os.environ.get("CHENGZHI_SHARED_DATA", ROOT.parent / "shared" / "data"))
PHOTOS = DATA / "street_photos"
SPLIT = Path(__file__).parent / "data" / "garbage_split.csv"
BAR = (
    "mean AP50 at or above 0.55, the whole call within 25 ms of one thread's processor time (720p)"
)
FLOOR = 0.02


def main() -> int:
    """Score the packaged weights and print one JSON object last."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=Path, default=PHOTOS, help="folder of images/ and labels/")
    parser.add_argument("--part", default="test", help="part of the split; all for every picture")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    detector = GarbageHead(floor=FLOOR, engine=engine_asked(os.environ))
    detector.load()
    figures: dict[str, float | int | str] = {**speed(detector)}
    if options.photos.is_dir():
        figures |= accuracy(detector, options.photos, names(options.photos, options.part))
    else:
        print(f"{options.photos} is not here: only the speed was measured")
    ok = float(figures["ms"]) <= 25 and float(figures.get("mean_ap50", 0)) >= 0.55
    return tell("garbage", figures, bar=BAR, ok=ok)


def names(folder: Path, part: str) -> list[str]:
    """Return the pictures of a part of the split."""
    if part == "all":
        return sorted(p.stem for p in (folder / "images").iterdir())
    with SPLIT.open(newline="", encoding="utf-8") as file:
        return [row["name"] for row in csv.DictReader(file) if row["part"] == part]


def speed(detector: GarbageHead) -> dict[str, float]:
    """Return the median milliseconds of a call on a 720p picture: processor and wall."""
    rng = np.random.default_rng(4)
    picture = cv2.resize(rng.integers(0, 256, (45, 80, 3), dtype=np.uint8), (1280, 720))
    taken = []
    for _ in range(60):
        started = thread_time(), perf_counter()
        detector.detect(picture)
        taken.append([1000 * (thread_time() - started[0]), 1000 * (perf_counter() - started[1])])
    processor, wall = np.median(taken[10:], axis=0)
    return {"ms": round(float(processor), 1), "ms_wall": round(float(wall), 1)}


def accuracy(
    detector: GarbageHead, folder: Path, pictures: Sequence[str]
) -> dict[str, float | int | str]:
    seen: dict[str, list[Seen]] = {label: [] for label, _ in CLASSES}
    for name in pictures:
        image = cv2.imread(str(next((folder / "images").glob(f"{name}.*"))))
        found = detector.detect(image)
        rows = truth(folder, name, height=image.shape[0], width=image.shape[1])
        for number, (label, _) in enumerate(CLASSES):
            mine = [d for d in found if d.label == label]
            seen[label].append(_seen(rows[rows[:, 0] == number, 1:], mine))
    figures: dict[str, float | int | str] = {"pictures": len(pictures)}
    for label, rows in seen.items():
        figures[f"{label}/boxes"] = sum(len(p.truth) for p in rows)
        figures[f"{label}/ap50"] = round(average_precision(rows), 3)
        at = getattr(thresholds().score, {"garbage_bin": "bin"}.get(label, label))
        precision, recall = precision_recall(rows, score=at)
        figures[f"{label}/precision"] = round(precision, 3)
        figures[f"{label}/recall"] = round(recall, 3)
        print(label, {k: v for k, v in figures.items() if k.startswith(f"{label}/")}, flush=True)
    figures["mean_ap50"] = round(float(np.mean([average_precision(r) for r in seen.values()])), 3)
    return figures


def truth(folder: Path, name: str, *, height: int, width: int) -> np.ndarray:
    """Return class, left, top, right, bottom of each labelled box."""
    text = (folder / "labels" / f"{name}.txt").read_text("utf-8").split()
    rows = np.array(text, float).reshape(-1, 5)
    low, high = rows[:, 1:3] - rows[:, 3:] / 2, rows[:, 1:3] + rows[:, 3:] / 2
    return np.hstack([rows[:, :1], np.hstack([low, high]) * [width, height, width, height]])


def _seen(true: np.ndarray, found: Sequence[Detection]) -> Seen:
    boxes = [[d.box.x, d.box.y, d.box.right, d.box.bottom] for d in found]
    return Seen(
        truth=true,
        found=np.array(boxes, float).reshape(-1, 4),
        scores=np.array([d.score for d in found], float),
    )


if __name__ == "__main__":
    raise SystemExit(main())
