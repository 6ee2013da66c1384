"""Find near-duplicates among photographs and split them so that none is on both sides.

Two pictures belong together when the backbone finds them alike, or when an affine map carries
enough ORB points of one, or of its mirror image, onto the other: re-sent, turned, brightened and
cropped copies, and pictures of one scene. Only the fifteen most alike of each are compared.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from tools.training.looks import Looks
from tools.training.pictures import SPLIT

ROOT = Path(__file__).parents[2]
ALIKE, COMPARED, POINTS = 0.8, 15, 12
SERIES = 20  # larger groups are one photographer's series: for training only
TRAIN, VAL = 0.75, 0.85

Array = NDArray[Any]
Points = tuple[Sequence[cv2.KeyPoint], Array | None]


def main() -> None:
    """Write the split file of a data folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--backbone", type=Path, default=ROOT / "build/models/ssdlite.onnx")
    parser.add_argument("--out", type=Path, default=SPLIT)
    options = parser.parse_args()
    cv2.setNumThreads(1)
    cv2.setRNGSeed(0)
    paths = sorted((options.data / "images").glob("*.jpg"))
    alike = likeness(paths, options.backbone)
    owners = joined(len(paths), pairs(paths, alike))
    write(options.out, [p.stem for p in paths], owners)


def likeness(paths: Sequence[Path], backbone: Path) -> Array:
    """Return how alike each pair of pictures is to the backbone, mirrored or not."""
    looks = Looks(backbone)
    seen = [[looks(image), looks(image[:, ::-1])] for image in (cv2.imread(str(p)) for p in paths)]
    rows = np.sqrt(np.maximum(np.array(seen), 0))
    rows -= rows[:, 0].mean(0)
    rows /= np.linalg.norm(rows, axis=2, keepdims=True)
    alike: Array = np.maximum(rows[:, 0] @ rows[:, 0].T, rows[:, 0] @ rows[:, 1].T)
    np.fill_diagonal(alike, -1)
    return alike


def pairs(paths: Sequence[Path], alike: Array) -> Iterable[tuple[int, int]]:
    """Give the pairs that belong together."""
    orb = cv2.ORB_create(400, fastThreshold=10)
    grey = [cv2.imread(str(p), cv2.IMREAD_GRAYSCALE) for p in paths]
    plain = [orb.detectAndCompute(g, None) for g in grey]
    mirror = [orb.detectAndCompute(np.ascontiguousarray(g[:, ::-1]), None) for g in grey]
    near = np.argsort(-alike, 1)[:, :COMPARED]
    for one, other in sorted({(min(i, j), max(i, j)) for i in range(len(near)) for j in near[i]}):
        if (
            alike[one, other] > ALIKE
            or max(carried(plain[one], plain[other]), carried(mirror[one], plain[other])) >= POINTS
        ):
            yield one, int(other)


def carried(ours: Points, theirs: Points) -> int:
    """Return how many points one affine map carries from the one picture onto the other."""
    if ours[1] is None or theirs[1] is None or min(len(ours[0]), len(theirs[0])) < 10:
        return 0
    found = cv2.BFMatcher(cv2.NORM_HAMMING).knnMatch(ours[1], theirs[1], 2)
    good = [m[0] for m in found if len(m) > 1 and m[0].distance < 0.8 * m[1].distance]
    if len(good) < 8:
        return 0
    here = np.array([ours[0][m.queryIdx].pt for m in good], np.float32)
    there = np.array([theirs[0][m.trainIdx].pt for m in good], np.float32)
    _, kept = cv2.estimateAffine2D(here, there, ransacReprojThreshold=5, maxIters=500)
    return 0 if kept is None else int(kept.sum())


def joined(count: int, together: Iterable[tuple[int, int]]) -> list[int]:
    """Return for each picture the first one of its group."""
    owner = list(range(count))

    def first(index: int) -> int:
        while owner[index] != index:
            index = owner[index]
        return index

    for one, other in together:
        a, b = sorted((first(one), first(other)))
        owner[b] = a
    return [first(index) for index in range(count)]


def part_of(group: str, size: int) -> str:
    """Return the part of a group, drawn from its name alone: more photographs move none."""
    drawn = int(hashlib.sha256(f"garbage {group}".encode()).hexdigest()[:8], 16) / 2**32
    if size > SERIES or drawn < TRAIN:
        return "train"
    return "val" if drawn < VAL else "test"


def write(path: Path, names: Sequence[str], owners: Sequence[int]) -> None:
    sizes = Counter(owners)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["name", "group", "part"])
        for name, owner in zip(names, owners, strict=True):
            writer.writerow([name, names[owner], part_of(names[owner], sizes[owner])])


if __name__ == "__main__":
    main()
