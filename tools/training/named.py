"""Boxes of two-wheelers and people in photographs and streets, as a larger detector sees them.

Nobody drew any. YOLOX-nano (Apache-2.0, beside the shared data) is asked; what it sees above 0.4
is taught.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterable, Iterator
from pathlib import Path

import cv2
import numpy as np

from chengzhi_vision.bench.cutouts.mine import PERSONS, VEHICLES, YoloxNano
from tools.training.pictures import SPLIT, read_split
from tools.training.scenes import NAMED, ROOT

COLUMNS = ("name", "kind", "x", "y", "w", "h")


def main() -> None:
    """Write one row a box: centre and size in shares of the photograph."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, required=True, help="street_photos/ and models/")
    parser.add_argument("--split", type=Path, default=SPLIT)
    parser.add_argument("--out", type=Path, default=ROOT / "build/scenes/named.csv")
    options = parser.parse_args()
    parts = read_split(options.split)
    names = [*parts["train"], *parts["val"]]
    photos = [options.shared / "street_photos" / "images" / f"{name}.jpg" for name in names]
    streets = sorted((options.out.parent / "streets").glob("*.jpg"))
    with options.out.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(_rows([*photos, *streets], options.shared / "models"))
    print(f"written: {options.out}")


def _rows(
    paths: Iterable[Path], models: Path
) -> Iterator[tuple[str, int, float, float, float, float]]:
    detector = YoloxNano(models / "yolox_nano.onnx")
    for path in paths:
        image = cv2.imread(str(path))
        if image is None:
            continue
        height, width = image.shape[:2]
        for sort, _, box in detector.boxes(image.astype(np.uint8), VEHICLES, PERSONS):
            if sort in NAMED:
                (x, y), kind = box.center, NAMED[sort]
                yield path.stem, kind, x / width, y / height, box.w / width, box.h / height


if __name__ == "__main__":
    main()
