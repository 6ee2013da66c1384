"""Boxes of two-wheelers in the photographs, as a larger detector sees them: nobody drew any.

YOLOX-nano (Apache-2.0, beside the shared data) is asked; what it sees above 0.4 is taught.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from chengzhi_vision.bench.cutouts.mine import YoloxNano
from chengzhi_vision.bench.cutouts.types import Sort
from tools.training.pictures import read_split
from tools.training.scenes import CYCLE, ROOT

COLUMNS = ("name", "kind", "x", "y", "w", "h")


def main() -> None:
    """Write one row a box: centre and size in shares of the photograph."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, required=True, help="street_photos/ and models/")
    parser.add_argument("--split", type=Path, default=ROOT / "benchmarks/data/garbage_split.csv")
    parser.add_argument("--out", type=Path, default=ROOT / "build/scenes/cycles.csv")
    options = parser.parse_args()
    parts = read_split(options.split)
    names = [*parts["train"], *parts["val"]]
    options.out.parent.mkdir(parents=True, exist_ok=True)
    with options.out.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(_rows(options.shared, names))
    print(f"written: {options.out}")


def _rows(shared: Path, names: list[str]) -> Iterator[tuple[str, int, float, float, float, float]]:
    detector = YoloxNano(shared / "models" / "yolox_nano.onnx")
    for name in names:
        image = cv2.imread(str(shared / "street_photos" / "images" / f"{name}.jpg"))
        if image is None:
            continue
        height, width = image.shape[:2]
        for sort, _, box in detector.boxes(image.astype(np.uint8)):
            if sort is Sort.TWO_WHEELER:
                x, y = box.center
                yield name, CYCLE, x / width, y / height, box.w / width, box.h / height


if __name__ == "__main__":
    main()
