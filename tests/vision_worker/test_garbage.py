"""The packaged garbage detector: what it says of a known picture, and in whose pixels."""

import csv
from collections import defaultdict
from pathlib import Path

import cv2
import numpy as np
import pytest

from benchmarks.garbage import FLOOR, SPLIT, accuracy
from chengzhi_vision.detectors.garbage import GarbageHead
from chengzhi_vision.geometry import iou
from chengzhi_vision.types import Box

SCENES = Path(__file__).parents[2] / "seed" / "img"


@pytest.fixture(scope="module")
def head() -> GarbageHead:
    detector = GarbageHead(floor=0.3)
    detector.load()
    return detector


def picture(name: str) -> np.ndarray:
    image = cv2.imread(str(SCENES / f"{name}.webp"))
    assert image is not None
    return image


def test_boxes_are_in_pixels_of_the_picture_whatever_its_shape(head: GarbageHead) -> None:
    image = picture("garbage-near")
    height, width = image.shape[:2]
    first = head.detect(image)[0]

    wide = head.detect(cv2.resize(image, (2 * width, height)))[0]

    assert (
        iou(wide.box, Box(x=2 * first.box.x, y=first.box.y, w=2 * first.box.w, h=first.box.h)) > 0.9
    )
    assert wide.kind is first.kind


def test_no_near_duplicate_is_on_two_sides_of_the_split() -> None:
    parts: dict[str, set[str]] = defaultdict(set)
    with SPLIT.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            parts[row["group"]].add(row["part"])

    assert len(parts) == 2241
    assert all(len(sides) == 1 for sides in parts.values())


def test_photographs_kept_apart_are_judged_as_the_model_card_says(shared_data: Path) -> None:
    photos = shared_data / "street_photos"
    if not photos.is_dir():
        pytest.skip("shared/data/street_photos is not here")
    with SPLIT.open(newline="", encoding="utf-8") as file:
        names = [row["name"] for row in csv.DictReader(file) if row["part"] == "test"]
    head = GarbageHead(floor=FLOOR)
    head.load()

    assert float(accuracy(head, photos, names[::8])["mean_ap50"]) > 0.4
