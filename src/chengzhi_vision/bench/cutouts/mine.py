"""Find things worth cutting out: labelled boxes of street photographs, vehicles and people there.

Vehicles, two-wheelers and people are found by YOLOX-nano when it lies beside the data: a detector
that is not the worker's own, so that the bank does not consist of what the worker finds anyway.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from chengzhi_vision.bench.cutouts.types import Sort, Split
from chengzhi_vision.types import Box, Picture

LABELS = {0: Sort.GARBAGE, 1: Sort.BIN, 2: Sort.OVERFLOW}
VEHICLES = {1: Sort.TWO_WHEELER, 2: Sort.CAR, 3: Sort.TWO_WHEELER}  # by the number in COCO
PERSONS = {0: Sort.PERSON}
MIN_SCORE = {Sort.CAR: 0.6, Sort.TWO_WHEELER: 0.45, Sort.PERSON: 0.5}
MIN_SIDE = {Sort.CAR: 60, Sort.TWO_WHEELER: 44, Sort.PERSON: 20}
ASPECT = {Sort.CAR: (0.9, 3.2), Sort.TWO_WHEELER: (0.4, 2.2), Sort.PERSON: (0.22, 1.25)}
LABEL_SIDE = 60
NEAR_BITS = 8
INPUT = 416


@dataclass(frozen=True, kw_only=True)
class Sight:
    """A box in a photograph that holds a thing of a sort."""

    photo: Path
    sort: Sort
    box: Box


def labelled(paths: Iterable[Path], labels: Path) -> Iterator[Sight]:
    """Yield the labelled boxes that stand free: no other box covers part of them."""
    for path in paths:
        label = labels / f"{path.stem}.txt"
        if not label.is_file():
            continue
        size = _size(path)
        if size == (0, 0):
            continue
        rows = [_label(line, size) for line in label.read_text("utf-8").splitlines() if line]
        for sort, box in rows:
            alone = not any(_meets(box, other) for _, other in rows if other is not box)
            if alone and _is_whole(box, size, LABEL_SIDE):
                yield Sight(photo=path, sort=sort, box=box)


def _size(path: Path) -> tuple[int, int]:
    """Return width and height of a photograph, a few pixels exact, without decoding it all."""
    image = cv2.imread(str(path), cv2.IMREAD_REDUCED_GRAYSCALE_4)
    return (0, 0) if image is None else (image.shape[1] * 4, image.shape[0] * 4)


def _label(line: str, size: tuple[int, int]) -> tuple[Sort, Box]:
    number, x, y, w, h = line.split()[:5]
    width, height = size
    box = Box(
        x=(float(x) - float(w) / 2) * width,
        y=(float(y) - float(h) / 2) * height,
        w=float(w) * width,
        h=float(h) * height,
    )
    return LABELS[int(float(number))], box


def _meets(one: Box, other: Box) -> bool:
    width = min(one.right, other.right) - max(one.x, other.x)
    height = min(one.bottom, other.bottom) - max(one.y, other.y)
    return width > 0 and height > 0


def _is_whole(box: Box, size: tuple[int, int], side: float) -> bool:
    width, height = size
    inside = box.x > 2 and box.y > 2 and box.right < width - 2 and box.bottom < height - 2
    return inside and min(box.w, box.h) >= side and box.w < 0.85 * width


class YoloxNano:
    """The detector that finds vehicles and people in photographs."""

    def __init__(self, path: Path) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(str(path), options)
        self._name = self._session.get_inputs()[0].name
        self._grid, self._stride = _grid()

    def sights(self, path: Path, kinds: Mapping[int, Sort] = VEHICLES) -> Iterator[Sight]:
        """Yield what is whole of some kinds in one photograph."""
        image = cv2.imread(str(path))
        if image is None:
            return
        size = (image.shape[1], image.shape[0])
        for sort, score, box in self.boxes(image.astype(np.uint8), kinds):
            low, high = ASPECT[sort]
            fits = score >= MIN_SCORE[sort] and low <= box.w / box.h <= high
            if fits and _is_whole(box, size, MIN_SIDE[sort]):
                yield Sight(photo=path, sort=sort, box=box)

    def boxes(
        self, image: Picture, *groups: Mapping[int, Sort]
    ) -> Iterator[tuple[Sort, float, Box]]:
        """Yield sort, score and box of what is of some kinds in a picture, looked at once.

        Of boxes that overlap the best of each group is kept.
        """
        rows, ratio = self._answer(image)
        for kinds in groups:
            yield from self._of(rows, ratio, kinds)

    def _answer(self, image: Picture) -> tuple[NDArray[Any], float]:
        """Return what the net says, and how much smaller the picture was made for it."""
        ratio = min(INPUT / image.shape[0], INPUT / image.shape[1])
        size = (int(image.shape[1] * ratio), int(image.shape[0] * ratio))
        plate = np.full((INPUT, INPUT, 3), 114, np.uint8)
        plate[: size[1], : size[0]] = cv2.resize(image, size)
        feed = plate.transpose(2, 0, 1)[None].astype(np.float32)
        return self._session.run(None, {self._name: feed})[0][0], ratio

    def _of(
        self, rows: NDArray[Any], ratio: float, kinds: Mapping[int, Sort]
    ) -> Iterator[tuple[Sort, float, Box]]:
        scores = rows[:, 4:5] * rows[:, 5:]
        numbers, best = scores.argmax(1), scores.max(1)
        keep = np.flatnonzero((best > 0.4) & np.isin(numbers, list(kinds)))
        sizes = np.exp(rows[keep, 2:4]) * self._stride[keep] / ratio
        corners = (rows[keep, :2] + self._grid[keep]) * self._stride[keep] / ratio - sizes / 2
        boxes = np.concatenate([corners, sizes], axis=1).tolist()
        chosen = cv2.dnn.NMSBoxes(boxes, best[keep].tolist(), 0.4, 0.45) if boxes else []
        for index in np.array(chosen).ravel().tolist():
            (x, y, w, h), row = boxes[index], keep[index]
            yield kinds[int(numbers[row])], float(best[row]), Box(x=x, y=y, w=w, h=h)


def _grid() -> tuple[NDArray[Any], NDArray[Any]]:
    grids, strides = [], []
    for stride in (8, 16, 32):
        side = INPUT // stride
        xs, ys = np.meshgrid(np.arange(side), np.arange(side))
        grids.append(np.stack((xs, ys), axis=2).reshape(-1, 2))
        strides.append(np.full((side * side, 1), stride))
    return np.concatenate(grids), np.concatenate(strides)


@dataclass(frozen=True, kw_only=True)
class Part:
    """To which near-duplicate group a photograph belongs, and whether training saw it."""

    group: str
    is_held_out: bool


def read_parts(path: Path) -> dict[str, Part]:
    """Read the split of the garbage head's training: name, group, part (train, val, test)."""
    with path.open(newline="", encoding="utf-8") as file:
        return {
            row["name"]: Part(group=row["group"], is_held_out=row["part"] == "test")
            for row in csv.DictReader(file)
        }


def photo_parts(paths: list[Path], known: Mapping[str, Part] | None) -> dict[str, Part]:
    """Return the part of each photograph; without a known split a quarter is held out."""
    if known is not None:
        return {p.stem: known[p.stem] for p in paths if p.stem in known}
    return {
        Path(name).stem: Part(group=min(group), is_held_out=_drawn(min(group)) < 0.25)
        for group in near_duplicates(paths)
        for name in group
    }


def side_of(part: Part, *, is_vehicle: bool) -> Split:
    """Return the side of a cut-out: no model of ours learned vehicles from the photographs."""
    is_test = _drawn(f"vehicle {part.group}") < 0.45 if is_vehicle else part.is_held_out
    return Split.TEST if is_test else Split.TUNE


def _drawn(text: str) -> float:
    return int(hashlib.sha256(text.encode()).hexdigest()[:8], 16) / 2**32


def near_duplicates(paths: list[Path]) -> list[list[str]]:
    """Return groups of photographs whose difference hashes are alike."""
    bits = np.array([_hash(path) for path in paths])
    leader = list(range(len(paths)))
    for i in range(len(paths)):
        for j in np.flatnonzero((bits[i] != bits[i + 1 :]).sum(axis=1) <= NEAR_BITS).tolist():
            leader[_root(leader, i + 1 + j)] = _root(leader, i)
    groups: dict[int, list[str]] = {}
    for i, path in enumerate(paths):
        groups.setdefault(_root(leader, i), []).append(path.name)
    return list(groups.values())


def _root(leader: list[int], index: int) -> int:
    while leader[index] != index:
        leader[index] = leader[leader[index]]
        index = leader[index]
    return index


def _hash(path: Path) -> NDArray[np.bool_]:
    grey = cv2.imread(str(path), cv2.IMREAD_REDUCED_GRAYSCALE_2)
    if grey is None:
        return np.zeros(64, bool)
    small = cv2.resize(grey, (9, 8), interpolation=cv2.INTER_AREA)
    return np.asarray(small[:, 1:] > small[:, :-1]).ravel()
