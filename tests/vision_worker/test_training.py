"""Photographs are changed together with their boxes before the net learns from them."""

from pathlib import Path

import cv2
import numpy as np

from tools.training.pictures import Photo, batches, changed, read_photo

SIZE = 128


def photo(seed: int = 3) -> Photo:
    """A dark picture with one bright rectangle, and its box."""
    image = np.zeros((200, 200, 3), np.uint8)
    image[60:140, 80:120] = 255
    box = np.array([[80.0, 60.0, 120.0, 140.0]])
    return Photo(name=str(seed), image=image, boxes=box, kinds=np.array([2]))


def test_a_box_goes_where_its_object_goes() -> None:
    rng = np.random.default_rng(7)
    for _ in range(20):
        made = changed(photo(), whole=SIZE, size=SIZE, rng=rng, gentle=True)
        grey = made.image.astype(int).max(2)
        middle = grey[int(made.boxes[0, 1:4:2].mean()), int(made.boxes[0, 0:4:2].mean())]
        assert middle > 100
        assert made.kinds.tolist() == [2] * len(made.boxes)


def test_a_seed_makes_the_same_pictures() -> None:
    def made() -> list[list[Photo]]:
        rng = np.random.default_rng(11)
        photos = [photo(n) for n in range(4)]
        return list(batches(photos, whole=SIZE, size=SIZE, batch=2, mosaic=0.5, rng=rng))

    first, second = made(), made()

    assert len(first) == 2
    for ours, theirs in zip(sum(first, []), sum(second, []), strict=True):
        assert (ours.image == theirs.image).all()
        assert (ours.boxes == theirs.boxes).all()


def test_labels_are_read_as_pixels(tmp_path: Path) -> None:
    for name in ("images", "labels"):
        (tmp_path / name).mkdir()
    cv2.imwrite(str(tmp_path / "images" / "a.jpg"), np.zeros((100, 200, 3), np.uint8))
    (tmp_path / "labels" / "a.txt").write_text("1 0.5 0.5 0.2 0.4\n0 0.95 0.5 0.2 0.4\n", "utf-8")

    read = read_photo(tmp_path, "a")

    assert read.kinds.tolist() == [1, 0]
    assert np.allclose(read.boxes, [[80, 30, 120, 70], [170, 30, 200, 70]])
