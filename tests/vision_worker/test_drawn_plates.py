"""Plates are drawn, laid into photographs, and their boxes are where they are."""

import numpy as np
import pytest

from tools.training.pictures import Photo
from tools.training.plates import street
from tools.training.plates.drawing import drawn_plate
from tools.training.plates.glyphs import (
    DIGITS,
    HIGH,
    LETTERS,
    LINE,
    PLACES,
    PROVINCES,
    SPECIAL,
    WIDE,
    Atlas,
    lettering,
)
from tools.training.plates.kinds import KINDS
from tools.training.plates.street import NO_BOX, SIZE, Streets

PURE = np.array([255, 0, 255])


def atlas() -> Atlas:
    """Blocks for characters: no fonts are needed."""
    chinese = "".join(dict.fromkeys(PROVINCES + SPECIAL + "".join(PLACES)))
    latin = LETTERS + DIGITS
    return Atlas(
        chinese=chinese,
        chinese_masks=np.full((1, len(chinese), HIGH, WIDE), 255, np.uint8),
        latin_masks=np.full((1, len(latin), HIGH, WIDE), 255, np.uint8),
        lines=[np.full((LINE, 120), 255, np.uint8)],
    )


def photo(*boxes: tuple[float, float, float, float]) -> Photo:
    image = np.full((352, 352, 3), 100, np.uint8)
    own = np.array(boxes, np.float32).reshape(-1, 4)
    for left, top, right, bottom in own.astype(int):
        image[top:bottom, left:right] = PURE
    return Photo(name="1", image=image, boxes=own, kinds=np.zeros(len(own), np.int64))


def windows(*photos: Photo) -> list[Photo]:
    streets = Streets(atlas(), photos, seed=5)
    return [streets[epoch, n] for epoch in range(30) for n in range(len(photos))]


def test_an_entry_is_always_the_same_picture():
    ours, theirs = (Streets(atlas(), [photo()], seed=5)[3, 0] for _ in range(2))

    assert (ours.image == theirs.image).all()
    assert ours.boxes.tolist() == theirs.boxes.tolist()


def test_every_kind_is_drawn_in_its_size_and_fills_its_plate(monkeypatch):
    for kind in KINDS:
        shares = np.array([float(one is kind) for one in KINDS])
        monkeypatch.setattr("tools.training.plates.drawing.SHARES", shares)

        image, alpha = drawn_plate(atlas(), np.random.default_rng(2))

        assert image.shape[1::-1] == kind.size
        assert alpha.max() == 255
        assert bool(alpha.min() == 0) is kind.is_bare
        assert image.std() > 5


def test_a_box_is_where_its_plate_is_and_nowhere_else(monkeypatch):
    pure = np.full((140, 440, 3), PURE, np.uint8)
    monkeypatch.setattr(
        street, "drawn_plate", lambda *_: (pure, np.full((140, 440), 255, np.uint8))
    )
    monkeypatch.setattr(street, "_seen", lambda image, rng: image)
    monkeypatch.setattr(street, "_light", lambda *_: 1.0)
    found = 0

    for window in windows(photo()):
        left = (window.image == PURE).all(2)
        for x0, y0, x1, y1 in window.boxes.astype(int):
            part = left[y0 : y1 + 1, x0 : x1 + 1]
            assert part.mean() > 0.25  # the rectangle around what hangs at an angle
            part[:] = False
            found += 1
        assert left.sum() <= 0.02 * SIZE * SIZE  # no plate without a box
    assert found > 15


def test_the_photographs_own_plates_keep_their_boxes(monkeypatch):
    monkeypatch.setattr(street, "_seen", lambda image, rng: image)
    monkeypatch.setattr(Streets, "_laid", lambda *_: NO_BOX)

    shown = [one for one in windows(photo((100, 200, 140, 214))) if len(one.boxes)]

    assert len(shown) > 15
    for window in shown:
        x0, y0, x1, y1 = window.boxes[0].astype(int)
        assert (window.image[(y0 + y1) // 2, (x0 + x1) // 2] == PURE).all()
        assert (window.image[y0:y1, x0:x1] == PURE).all(2).mean() > 0.5


@pytest.mark.parametrize("seed", range(5))
def test_signs_carry_words_numbers_and_prices_but_no_plate(seed):
    rng = np.random.default_rng(seed)

    said = [lettering(rng)[0] for _ in range(200)]

    assert len(set(said)) > 100
    assert not any(text[0] in PROVINCES and text[1:2] in LETTERS and text[1:2] for text in said)
