"""How many number plates a published copy hides, on real photographs that nothing learned from.

    make bench-plates PICTURES=.../resources/image/general_test

Truth: the 256 street photographs with rotated boxes that the EasyPR project publishes (Apache-2.0,
github.com/liuruoze/EasyPR, commit a0a9f3c); those that can be read and are described. Choices (floor of
the finder, from which score on a plate is sure) were made on its half `val`, by the first byte of the
SHA-256 of the file's name; `test` was looked at once they stood. A plate is found where a box meets its
upright hull by half (IoU), hidden where nine tenths of the hull lie in hidden parts. Not every plate in
them is described, so what is found besides is counted and no more. False plates are counted on the
street photographs of the garbage detector's test part too, which are 352 pixels wide and show few cars.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import os
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import median
from time import process_time

import cv2
import numpy as np

from benchmarks.outcome import tell
from chengzhi_redaction.folder import models_folder
from chengzhi_redaction.policy import SURE_PLATE
from chengzhi_redaction.redactor import Redactor, redactor_from
from chengzhi_redaction.types import Area, Picture, Region, Seen

ROOT = Path(__file__).parents[1]
DATA = Path(os.environ.get("CHENGZHI_SHARED_DATA", ROOT.parent / "shared" / "data"))
SPLIT = Path(__file__).parent / "data" / "garbage_split.csv"
TRUTH = "GroundTruth_others.xml"
LONG_SIDE = 1600  # of a published copy
HIDDEN, BAR = 0.9, "plates hidden >= 0.95"


@dataclass
class Count:
    """What was seen of the plates of one part."""

    pictures: int = 0
    plates: int = 0
    hidden: int = 0
    found: int = 0  # hidden where nobody sees a vehicle
    banded: int = 0  # hidden by lower bands alone
    more: int = 0
    spared: list[float] = field(default_factory=list)  # share of a picture that stays visible more
    spent: list[float] = field(default_factory=list)  # milliseconds


def main() -> int:
    """Measure, append a row, print one JSON object last."""
    cv2.setNumThreads(1)
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=Path, required=True)
    parser.add_argument("--part", choices=("val", "test"), default="test")
    options = parser.parse_args()
    redactor = redactor_from(models_folder())
    if redactor is None:
        raise SystemExit("no models: run chengzhi-vision models")
    count = Count()
    for picture, truth in pictures(options.pictures, options.part):
        add(count, redactor, picture, truth)
    figures = figures_of(count) | {"part": options.part} | false_plates(redactor)
    return tell("plates", figures, bar=BAR, ok=float(figures["hidden"]) >= 0.95)


def pictures(folder: Path, part: str) -> Iterator[tuple[Picture, list[Area]]]:
    """Yield the pictures of a half, as large as a copy, and where their plates are."""
    text = (folder / TRUTH).read_text("utf-8").replace("ISO-8859-1", "utf-8")
    described = ElementTree.fromstring(text.encode()).findall("image")
    files = {path.stem: path for path in folder.iterdir()}
    for image in described:
        name = image.findtext("imageName") or ""
        half = "val" if hashlib.sha256(name.encode()).digest()[0] % 2 else "test"
        if half != part or name not in files:
            continue
        picture = cv2.imdecode(np.fromfile(files[name], np.uint8), cv2.IMREAD_COLOR)
        if picture is not None:
            scale = min(LONG_SIDE / max(picture.shape[:2]), 1.0)
            boxes = [_hull(box.attrib, scale) for box in image.iter("taggedRectangle")]
            yield _scaled(picture, scale), boxes


def _scaled(picture: Picture, scale: float) -> Picture:
    if scale == 1.0:
        return picture
    shown = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.asarray(shown, np.uint8)


def _hull(box: dict[str, str], scale: float) -> Area:
    """Return the upright rectangle around a rotated one that is told by its centre."""
    x, y, wide, high = (float(box[key]) * scale for key in ("x", "y", "width", "height"))
    corners = cv2.boxPoints(((x, y), (wide, high), float(box["rotation"])))
    (left, top), (right, bottom) = corners.min(0).tolist(), corners.max(0).tolist()
    return Area(x=left, y=top, w=right - left, h=bottom - top)


class Nobody:
    """Sees neither people nor vehicles."""

    def things(self, picture: Picture) -> Sequence[Seen]:
        return ()


def add(count: Count, redactor: Redactor, picture: Picture, truth: Sequence[Area]) -> None:
    """Look at a picture and count what became of its plates."""
    began = process_time()
    covered = _mask(picture, redactor.regions(picture))
    count.spent.append((process_time() - began) * 1000)
    without = _mask(picture, replace(redactor, plates=None).regions(picture))
    plates = replace(redactor, things=Nobody(), faces=None).regions(picture)
    alone = _mask(picture, plates)
    count.pictures += 1
    count.plates += len(truth)
    count.spared.append(float(without.mean() - covered.mean()))
    count.hidden += sum(_share(covered, box) >= HIDDEN for box in truth)
    count.banded += sum(_share(without, box) >= HIDDEN for box in truth)
    count.found += sum(_share(alone, box) >= HIDDEN for box in truth)
    count.more += sum(not any(plate.area.share_in(box) > 0 for box in truth) for plate in plates)


def _mask(picture: Picture, regions: Sequence[Region]) -> np.ndarray:
    mask = np.zeros(picture.shape[:2], bool)
    for region in regions:
        a = region.area
        rows = slice(max(int(a.y), 0), int(np.ceil(a.bottom)))
        mask[rows, max(int(a.x), 0) : int(np.ceil(a.right))] = True
    return mask


def _share(mask: np.ndarray, box: Area) -> float:
    part = mask[max(int(box.y), 0) : int(box.bottom), max(int(box.x), 0) : int(box.right)]
    return float(part.mean()) if part.size else 1.0


def figures_of(count: Count) -> dict[str, float | int | str]:
    """Return shares of the plates, and the cost of a still."""
    return {
        "pictures": count.pictures,
        "plates": count.plates,
        "hidden": round(count.hidden / count.plates, 3),
        "hidden, no vehicle seen": round(count.found / count.plates, 3),
        "hidden by bands alone": round(count.banded / count.plates, 3),
        "besides, a picture": round(count.more / count.pictures, 2),
        "more of a picture visible": round(float(np.mean(count.spared)), 3),
        "ms a still": round(median(count.spent)),
    }


def false_plates(redactor: Redactor) -> dict[str, float | int | str]:
    """Return what is taken for a plate, and for a sure one, on a street photograph of the test part.

    Some of it is right: a few of them show plates, which nobody described.
    """
    folder = DATA / "street_photos" / "images"
    if not folder.is_dir() or redactor.plates is None:
        print(f"{folder} is not here: false plates were not counted")
        return {}
    with SPLIT.open(newline="", encoding="utf-8") as file:
        names = [row["name"] for row in csv.DictReader(file) if row["part"] == "test"]
    scores = [
        found.score
        for name in names
        for found in redactor.plates.find(
            np.asarray(cv2.imread(str(folder / f"{name}.jpg")), np.uint8)
        )
    ]
    sure = sum(score >= SURE_PLATE for score in scores)
    return {
        "photographs": len(names),
        "plates a photograph": round(len(scores) / len(names), 3),
        "sure plates a photograph": round(sure / len(names), 3),
    }


if __name__ == "__main__":
    sys.exit(main())
