"""Average precision of a detector on labelled photographs (PASCAL VOC, every point)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


@dataclass(frozen=True, kw_only=True, eq=False)
class Seen:
    """One picture's boxes of one class (left, top, right, bottom): the true and the found."""

    truth: Array
    found: Array
    scores: Array


def average_precision(pictures: Sequence[Seen], *, overlap: float = 0.5) -> float:
    """Return the area under precision over recall at one IoU; 0 where nothing is to be found."""
    total = sum(len(p.truth) for p in pictures)
    scores = np.concatenate([p.scores for p in pictures] or [np.zeros(0)])
    hits = np.concatenate([_hits(p, overlap) for p in pictures] or [np.zeros(0)])
    if not total or not len(scores):
        return 0.0
    right = np.cumsum(hits[np.argsort(-scores, kind="stable")])
    precision = right / np.arange(1, len(right) + 1)
    recall = right / total
    highest = np.maximum.accumulate(precision[::-1])[::-1]
    return float(np.sum(np.diff(recall, prepend=0) * highest))


def precision_recall(
    pictures: Sequence[Seen], *, score: float, overlap: float = 0.5
) -> tuple[float, float]:
    """Return precision and recall of the boxes at or above a score."""
    total = sum(len(p.truth) for p in pictures)
    kept = [np.asarray(p.scores) >= score for p in pictures]
    right = sum(float(_hits(p, overlap)[k].sum()) for p, k in zip(pictures, kept, strict=True))
    found = sum(int(k.sum()) for k in kept)
    return right / max(found, 1), right / max(total, 1)


def _hits(seen: Seen, overlap: float) -> Array:
    """Tell for each found box whether it is the best-scored one on a true box."""
    hits = np.zeros(len(seen.found))
    if not len(seen.truth) or not len(seen.found):
        return hits
    shared = overlaps(seen.found, seen.truth)
    taken = np.zeros(len(seen.truth), bool)
    for index in np.argsort(-seen.scores, kind="stable"):
        best = int(shared[index].argmax())
        if shared[index, best] >= overlap and not taken[best]:
            taken[best], hits[index] = True, 1
    return hits


def overlaps(ours: Array, theirs: Array) -> Array:
    """Return the IoU of each pair of boxes."""
    low = np.maximum(ours[:, None, :2], theirs[None, :, :2])
    high = np.minimum(ours[:, None, 2:], theirs[None, :, 2:])
    shared = np.clip(high - low, 0, None).prod(-1)
    areas = [np.clip(b[:, 2:] - b[:, :2], 0, None).prod(-1) for b in (ours, theirs)]
    result: Array = shared / (areas[0][:, None] + areas[1][None] - shared + 1e-9)
    return result
