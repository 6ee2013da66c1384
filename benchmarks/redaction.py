"""How many heads a published copy hides, and what a still costs: real clips with truth.

    make bench-redaction

Truth: the published person boxes of PETS09-S2L1, TUD-Campus and TUD-Stadtmitte (every tenth
picture). A head is the upper sixth of a box, half its width; it is hidden when nine tenths of it lie
in the hidden parts. The floor of the detector was
chosen on every fortieth picture of PETS09-S2L1 and lowered once after all three had been measured.
What is measured is the server's own look; a camera worker looks with its detector's floor.
"""

import argparse
import csv
import os
import sys
import time
from collections import defaultdict
from pathlib import Path

import cv2
import numpy as np

from benchmarks.outcome import tell
from chengzhi_redaction.folder import models_folder
from chengzhi_redaction.redactor import Redactor, redactor_from

CLIPS = ("TUD-Campus", "TUD-Stadtmitte", "PETS09-S2L1")
FILES = {"PETS09-S2L1": "PETS09-S2L1_vtest.avi"}
EVERY, SMALLEST = 10, 40
SIZES = ((40, 80), (80, 160), (160, 10_000))


def truth(path: Path) -> dict[int, list[tuple[float, float, float, float]]]:
    """Return the person boxes of each picture, by its number from one."""
    boxes = defaultdict(list)
    for row in csv.reader(path.open(encoding="utf-8")):
        x, y, w, h = (float(side) for side in row[2:6])
        boxes[int(row[0])].append((x, y, w, h))
    return boxes


def hidden_share(mask: np.ndarray, box: tuple[float, float, float, float]) -> float | None:
    """Return how much of the head of a box is hidden; nothing where it lies outside."""
    x, y, w, h = box
    left, right = int(x + w / 4), int(x + 3 * w / 4)
    part = mask[max(int(y), 0) : max(int(y + h / 6), 0), max(left, 0) : max(right, 0)]
    return float(part.mean()) if part.size else None


def measured(
    redactor: Redactor, folder: Path, clip: str
) -> tuple[dict[int, list[bool]], list[float]]:
    """Return by size which heads are hidden, and the milliseconds of each still."""
    boxes = truth(folder / f"{clip}_gt.txt")
    video = cv2.VideoCapture(str(folder / FILES.get(clip, f"{clip}.mp4")))
    found: dict[int, list[bool]] = defaultdict(list)
    spent: list[float] = []
    number = 0
    while True:
        is_there, picture = video.read()
        if not is_there:
            return found, spent
        number += 1
        if number % EVERY:
            continue
        began = time.process_time()
        regions = redactor.regions(picture.astype(np.uint8))
        spent.append((time.process_time() - began) * 1000)
        mask = np.zeros(picture.shape[:2], bool)
        for region in regions:
            a = region.area
            mask[max(int(a.y), 0) : int(a.bottom), max(int(a.x), 0) : int(a.right)] = True
        for box in boxes.get(number, ()):
            share = hidden_share(mask, box)
            size = next((i for i, (low, high) in enumerate(SIZES) if low <= box[3] < high), None)
            if share is not None and size is not None:
                found[size].append(share >= 0.9)


def figures_of(redactor: Redactor, folder: Path) -> dict[str, float | int | str]:
    """Return heads hidden by clip and by size, and the cost of a still."""
    figures: dict[str, float | int | str] = {"method": redactor.method}
    every: list[bool] = []
    costs: list[float] = []
    for clip in CLIPS:
        found, spent = measured(redactor, folder, clip)
        for size, rows in sorted(found.items()):
            figures[f"{clip} {SIZES[size][0]}+ px"] = round(float(np.mean(rows)), 3)
            figures[f"{clip} {SIZES[size][0]}+ px people"] = len(rows)
            every += rows
        costs += spent
    figures |= {"people": len(every), "heads hidden": round(float(np.mean(every)), 3)}
    return {**figures, "ms a still": round(float(np.median(costs)))}


def main() -> int:
    """Measure, append a row, print one JSON object last."""
    cv2.setNumThreads(1)
    shared = os.environ.get("CHENGZHI_SHARED_DATA", "../shared/data")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--videos", type=Path, default=Path(shared) / "video")
    options = parser.parse_args()
    redactor = redactor_from(models_folder())
    if redactor is None:
        raise SystemExit("no models: run chengzhi-vision models")
    figures = figures_of(redactor, options.videos)
    return tell(
        "redaction", figures, bar="heads hidden >= 0.95", ok=float(figures["heads hidden"]) >= 0.95
    )


if __name__ == "__main__":
    sys.exit(main())
