"""The packaged garbage detector: what it says of a known picture, and in whose pixels."""

import csv
from collections import defaultdict
from pathlib import Path

import cv2
import numpy as np
import pytest

from benchmarks.garbage import FLOOR, SPLIT, accuracy
from chengzhi_vision.detectors.garbage import GarbageHead
from chengzhi_vision.detectors.looking import look
from chengzhi_vision.geometry import iou
from chengzhi_vision.types import Box, ObjectClass

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


def test_a_heap_is_found_and_gone_when_it_was_cleared(head: GarbageHead) -> None:
    bags = Box(x=234, y=228, w=152, h=72)

    before, after = head.detect(picture("garbage-near")), head.detect(picture("garbage-after"))

    found = [d for d in before if d.kind is ObjectClass.GARBAGE]
    assert max(iou(d.box, bags) for d in found) > 0.5
    assert not [d for d in after if d.kind is ObjectClass.GARBAGE]


def test_boxes_are_in_pixels_of_the_picture_whatever_its_shape(head: GarbageHead) -> None:
    image = picture("garbage-near")
    height, width = image.shape[:2]
    first = head.detect(image)[0]

    wide = head.detect(cv2.resize(image, (2 * width, height)))[0]

    assert (
        iou(wide.box, Box(x=2 * first.box.x, y=first.box.y, w=2 * first.box.w, h=first.box.h)) > 0.9
    )
    assert wide.kind is first.kind


def test_a_closer_look_answers_in_pixels_of_the_whole_picture(head: GarbageHead) -> None:
    canvas = np.full((720, 1280, 3), 90, np.uint8)
    canvas[300:540, 700:1020] = cv2.resize(picture("garbage-near"), (320, 240))

    found = look(head, canvas, [Box(x=700, y=300, w=320, h=240)])

    bags = Box(x=700 + 117, y=300 + 114, w=76, h=36)
    assert max(iou(d.box, bags) for d in found if d.kind is ObjectClass.GARBAGE) > 0.5


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

    assert float(accuracy(head, photos, names[::12])["mean_ap50"]) > 0.5
