"""Photographs with their boxes, and the ways they are changed before the net sees them."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

Array = NDArray[Any]
DATA = Path(__file__).parents[2] / "benchmarks/data"
SPLIT = DATA / "garbage_split.csv"  # of the photographs we learned from
APART = DATA / "photos_apart.txt"
SEEN = 0.4  # a box that a crop cuts to less than this share of itself is no longer taught
TINIEST = 6.0  # pixels
FAR, FARTHEST = 0.4, (1.3, 8.0)  # share of windows seen from afar, and how many times as far


@dataclass(frozen=True, kw_only=True, eq=False)
class Photo:
    """One picture and its boxes: left, top, right, bottom in pixels; class numbers."""

    name: str
    image: Array
    boxes: Array
    kinds: Array


def read_split(path: Path) -> dict[str, list[str]]:
    """Return the names of each part (train, val, test) of a split file."""
    parts: dict[str, list[str]] = {}
    with path.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            parts.setdefault(row["part"], []).append(row["name"])
    return parts


def apart(path: Path = APART) -> frozenset[str]:
    """Return the names of photographs that nothing learns from: other tests show what is on them."""
    lines = path.read_text("utf-8").splitlines()
    return frozenset(word for line in lines for word in line.partition("#")[0].split())


def read_photo(folder: Path, name: str) -> Photo:
    """Read images/<name>.jpg and labels/<name>.txt (YOLO: class, centre, size in shares)."""
    image = cv2.imread(str(folder / "images" / f"{name}.jpg"))
    height, width = image.shape[:2]
    text = (folder / "labels" / f"{name}.txt").read_text("utf-8").split()
    rows = np.array(text, np.float32).reshape(-1, 5)
    boxes = _corners(rows, width, height)
    return Photo(name=name, image=image, boxes=boxes, kinds=rows[:, 0].astype(np.int64))


def _corners(rows: Array, width: int, height: int) -> Array:
    """Return corners in pixels of rows that hold a class, centre and size in shares."""
    low, high = rows[:, 1:3] - rows[:, 3:] / 2, rows[:, 1:3] + rows[:, 3:] / 2
    return np.clip(np.hstack([low, high]), 0, 1) * [width, height, width, height]


def read_more(path: Path | None) -> dict[str, list[Array]]:
    """Read further boxes by photograph: name, class, centre and size in shares, as CSV."""
    found: dict[str, list[Array]] = {}
    if path is not None:
        with path.open(newline="", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                values = [float(row[key]) for key in ("kind", "x", "y", "w", "h")]
                found.setdefault(row["name"], []).append(np.array(values, np.float32))
    return found


def with_more(photo: Photo, rows: Sequence[Array]) -> Photo:
    """Return a photo with further boxes."""
    if not rows:
        return photo
    height, width = photo.image.shape[:2]
    table = np.stack(rows)
    return replace(
        photo,
        boxes=np.concatenate([photo.boxes, _corners(table, width, height)]),
        kinds=np.concatenate([photo.kinds, table[:, 0].astype(np.int64)]),
    )


def mirrored(photo: Photo) -> Photo:
    """Return a photo left to right."""
    width = photo.image.shape[1]
    flipped = photo.boxes[:, [2, 1, 0, 3]] * [-1, 1, -1, 1] + [width, 0, width, 0]
    return replace(
        photo, image=np.ascontiguousarray(photo.image[:, ::-1]), boxes=flipped.astype(np.float32)
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class Windows:
    """Photos changed at random: entry (pass, number) is always the same picture.

    What is taught are windows of `size` pixels out of pictures around `whole` pixels wide, the
    size at which the net will look. Passes from `plain` on show no mosaics. In a `share` of the
    windows a picture that `staged` draws takes the place of the photo.
    """

    photos: Sequence[Photo]
    whole: int
    size: int
    mosaic: float
    plain: int
    seed: int
    staged: Callable[[Generator], Photo] | None = None
    share: float = 0.0

    def __getitem__(self, turn: tuple[int, int]) -> Photo:
        epoch, index = turn
        rng = np.random.default_rng([self.seed, epoch, index])
        if self.staged is not None and rng.random() < self.share:
            return changed(
                self.staged(rng), whole=self.whole, size=self.size, rng=rng, gentle=False
            )
        photo, four = self.photos[index], epoch < self.plain and rng.random() < self.mosaic
        if four:
            others = [self.photos[i] for i in rng.integers(0, len(self.photos), 3)]
            photo = _mosaic([photo, *others], self.whole, rng)
        return changed(photo, whole=self.whole, size=self.size, rng=rng, gentle=four)


def turns(count: int, *, epochs: int, batch: int, seed: int) -> Iterator[list[tuple[int, int]]]:
    """Give every photo once a pass, in groups; the last short group is left out."""
    for epoch in range(epochs):
        order = np.random.default_rng([seed, epoch]).permutation(count)
        for start in range(0, count - batch + 1, batch):
            yield [(epoch, int(index)) for index in order[start : start + batch]]


def changed(photo: Photo, *, whole: int, size: int, rng: Generator, gentle: bool) -> Photo:
    """Scale, stretch, turn, shift, mirror; change light and colour; sometimes soften."""
    height, width = photo.image.shape[:2]
    low, high = (0.9, 2.2) if gentle else (0.8, 2.2)
    scale = np.exp(rng.uniform(np.log(low), np.log(high)))
    stretch = np.exp(rng.uniform(-0.25, 0.25))
    angle = np.deg2rad(rng.normal(0, 3))
    flip = -1 if rng.random() < 0.5 else 1
    fx, fy = whole / width * scale * stretch * flip, whole / height * scale / stretch
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    matrix = turn @ np.diag([fx, fy])
    anchor = photo.boxes.reshape(-1, 2, 2).mean(1) if len(photo.boxes) else None
    centre = middle = np.array([width / 2, height / 2])
    if anchor is not None and whole * scale > size and rng.random() < 0.7:
        middle = anchor[rng.integers(len(anchor))]
    room = abs(size - whole * scale) / 2 + 0.1 * size
    target = size / 2 + rng.uniform(-room, room, 2) * (0.5 if middle is not centre else 1.0)
    shift = target - matrix @ middle
    full = np.hstack([matrix, shift[:, None]])
    fill = tuple(int(v) for v in rng.integers(0, 256, 3)) if rng.random() < 0.5 else (114,) * 3
    how = cv2.INTER_AREA if scale < 0.7 else cv2.INTER_LINEAR
    image = cv2.warpAffine(photo.image, full, (size, size), flags=how, borderValue=fill)
    boxes, kept = _moved(photo.boxes, full, size)
    image = lit(image, rng)
    if not gentle and rng.random() < FAR:
        image = far(image, times=float(np.exp(rng.uniform(*np.log(FARTHEST)))), rng=rng)
    return Photo(name=photo.name, image=image, boxes=boxes[kept], kinds=photo.kinds[kept])


def _moved(boxes: Array, matrix: Array, size: int) -> tuple[Array, Array]:
    """Return the boxes around the moved corners, and which of them are still well in sight."""
    corners = boxes[:, [0, 1, 2, 1, 2, 3, 0, 3]].reshape(-1, 4, 2)
    moved = corners @ matrix[:, :2].T + matrix[:, 2]
    whole = np.hstack([moved.min(1), moved.max(1)]).reshape(-1, 4)
    cut = np.clip(whole, 0, size)
    sides = cut[:, 2:] - cut[:, :2]
    share = sides.prod(1) / np.maximum((whole[:, 2:] - whole[:, :2]).prod(1), 1e-6)
    return cut.astype(np.float32), (share > SEEN) & (sides.min(1) > TINIEST)


def lit(image: Array, rng: Generator) -> Array:
    """Change hue, saturation and light; sometimes grey, soft, coarse or noisy as cameras are."""
    line = np.arange(256.0)
    hue = (line + rng.uniform(-6, 6)) % 180
    colour = line * rng.uniform(0.5, 1.4)
    light = 255 * (line / 255) ** np.exp(rng.uniform(-0.5, 0.5)) * rng.uniform(0.7, 1.2)
    table = np.clip(np.stack([hue, colour, light], 1), 0, 255).astype(np.uint8)[None]
    image = cv2.LUT(cv2.cvtColor(image, cv2.COLOR_BGR2HSV), table)
    image = cv2.cvtColor(image, cv2.COLOR_HSV2BGR)
    if rng.random() < 0.05:
        image = cv2.cvtColor(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)
    if rng.random() < 0.2:
        image = cv2.GaussianBlur(image, (0, 0), float(rng.uniform(0.5, 1.5)))
    if rng.random() < 0.15:
        noise = rng.standard_normal(image.shape, np.float32) * rng.uniform(2, 10)
        image = np.clip(image + noise, 0, 255).astype(np.uint8)
    if rng.random() < 0.2:
        image = compressed(image, quality=(25, 80), rng=rng)
    return image


def compressed(image: Array, *, quality: tuple[int, int], rng: Generator) -> Array:
    """Return a picture as it comes over a line that allows a JPEG quality in a range."""
    options = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(*quality))]
    return cv2.imdecode(cv2.imencode(".jpg", image, options)[1], cv2.IMREAD_COLOR)


def far(image: Array, *, times: float, rng: Generator) -> Array:
    """Keep what a camera `times` as far away would show, compressed, and enlarge it again."""
    high, wide = image.shape[:2]
    small = cv2.resize(
        image, (round(wide / times), round(high / times)), interpolation=cv2.INTER_AREA
    )
    small = compressed(small, quality=(35, 90), rng=rng)
    return cv2.resize(small, (wide, high), interpolation=cv2.INTER_LINEAR)


def _mosaic(photos: Sequence[Photo], size: int, rng: Generator) -> Photo:
    """Lay four photos around a point, each at half to full size."""
    canvas = np.full((2 * size, 2 * size, 3), 114, np.uint8)
    x, y = (int(v) for v in rng.uniform(0.6, 1.4, 2) * size)
    rooms = [(0, 0, x, y), (x, 0, 2 * size, y), (0, y, x, 2 * size), (x, y, 2 * size, 2 * size)]
    boxes, kinds = [], []
    for photo, (left, top, right, bottom) in zip(photos, rooms, strict=True):
        wide, high = right - left, bottom - top
        canvas[top:bottom, left:right] = cv2.resize(photo.image, (wide, high))
        height, width = photo.image.shape[:2]
        grow = np.array([wide / width, high / height] * 2)
        boxes.append(photo.boxes * grow + [left, top, left, top])
        kinds.append(photo.kinds)
    return Photo(
        name=photos[0].name,
        image=canvas,
        boxes=np.concatenate(boxes).astype(np.float32),
        kinds=np.concatenate(kinds),
    )
