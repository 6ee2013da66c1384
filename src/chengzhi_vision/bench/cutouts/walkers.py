"""People cut out of clips with MOT truth: pictures of a walk, to be repeated."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from chengzhi_vision.bench.cutouts.types import Cutout, Sort, Sprite
from chengzhi_vision.bench.tracks import TrackRow, read_mot
from chengzhi_vision.geometry import intersection
from chengzhi_vision.types import Box, Picture

PICTURES = 16
RATE = 8.0
MIN_HEIGHT = 60.0
FREE = 0.03
ROUNDS = 2
SIDE = 200


def walkers(clip: Path, truth: Path, *, limit: int) -> list[Cutout]:
    """Return people of a clip who can be seen alone for a while."""
    frames, fps = read_clip(clip)
    plate = plate_of(frames)
    rows = read_mot(truth)
    step = max(round(fps / RATE), 1)
    found = []
    for number in sorted({row.track_id for row in rows}):
        run = _free_run(number, rows, step=step, size=plate.shape, last=len(frames))
        pictures = [_cut(frames[r.frame - 1], plate, r.box) for r in run]
        good = [p for p in pictures if p is not None]
        if len(good) >= PICTURES // 2:
            name = f"{clip.stem}-{number}"
            found.append(
                Cutout(
                    name=name, sort=Sort.PERSON, origin=clip.name, pictures=tuple(good), fps=RATE
                )
            )
    return found[:limit]


def read_clip(clip: Path, *, most: int = 400) -> tuple[list[Picture], float]:
    """Return the first frames of a clip and its rate."""
    capture = cv2.VideoCapture(str(clip))
    fps = capture.get(cv2.CAP_PROP_FPS) or 25.0
    frames: list[Picture] = []
    while len(frames) < most:
        is_there, image = capture.read()
        if not is_there:
            break
        frames.append(image.astype(np.uint8))
    capture.release()
    return frames, fps


def plate_of(frames: list[Picture], *, samples: int = 25) -> Picture:
    """Return the scene without what moves: the median of frames spread over the clip."""
    step = max(len(frames) // samples, 1)
    plate: Picture = np.median(np.stack(frames[::step]), axis=0).astype(np.uint8)
    return plate


def _free_run(
    number: int, rows: list[TrackRow], *, step: int, size: tuple[int, ...], last: int
) -> list[TrackRow]:
    """Return the longest run of a track's frames that nobody else overlaps."""
    frames: dict[int, list[TrackRow]] = {}
    for row in rows:
        frames.setdefault(row.frame, []).append(row)
    best: list[TrackRow] = []
    run: list[TrackRow] = []
    for own in (r for r in rows if r.track_id == number and r.frame <= last):
        others = [r.box for r in frames[own.frame] if r.track_id != number]
        run = [*run, own] if _is_free(own.box, others, size) else []
        best = run if len(run) > len(best) else best
    return best[::step][:PICTURES]


def _is_free(box: Box, others: list[Box], size: tuple[int, ...]) -> bool:
    height, width = size[:2]
    inside = box.x > 1 and box.y > 1 and box.right < width - 1 and box.bottom < height - 1
    clear = all(intersection(box, other) <= FREE * box.area for other in others)
    return inside and clear and box.h >= MIN_HEIGHT


def _cut(image: Picture, plate: Picture, box: Box) -> Sprite | None:
    """Return one picture of a person: GrabCut that begins with what differs from the scene."""
    grow = 0.1
    height, width = image.shape[:2]
    left, top = max(int(box.x - box.w * grow), 0), max(int(box.y - box.h * grow / 2), 0)
    right = min(int(box.right + box.w * grow), width)
    bottom = min(int(box.bottom + box.h * grow / 2), height)
    part = (slice(top, bottom), slice(left, right))
    crop = image[part].copy()
    change = cv2.absdiff(crop, plate[part]).max(axis=2)
    mask = np.full(crop.shape[:2], cv2.GC_PR_BGD, np.uint8)
    mask[change > 18] = cv2.GC_PR_FGD
    mask[change > 60] = cv2.GC_FGD
    mask[change < 7] = cv2.GC_BGD
    if np.count_nonzero(mask == cv2.GC_FGD) < 40 or not np.any(mask == cv2.GC_BGD):
        return None
    cv2.setRNGSeed(1)
    models = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.grabCut(crop, mask, (0, 0, 0, 0), models[0], models[1], ROUNDS, cv2.GC_INIT_WITH_MASK)
    solid = np.isin(mask, (cv2.GC_FGD, cv2.GC_PR_FGD)).astype(np.uint8)
    return _trimmed(crop, solid)


def _trimmed(crop: Picture, solid: NDArray[np.uint8]) -> Sprite | None:
    solid = cv2.morphologyEx(solid, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8)).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(solid)
    if count < 2:
        return None
    main = int(np.argmax(stats[1:, cv2.CC_STAT_AREA])) + 1
    x, y, w, h, _area = (int(v) for v in stats[main])
    if h < 0.75 * crop.shape[0] or w < 0.22 * h:
        return None
    part = (slice(y, y + h), slice(x, x + w))
    shape = (labels[part] == main).astype(np.uint8) * 255
    alpha = cv2.GaussianBlur(shape, (3, 3), 0)
    sprite = np.dstack([crop[part], alpha]).astype(np.uint8)
    scale = min(SIDE / h, 1.0)
    if scale < 1:
        small = cv2.resize(sprite, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        return small.astype(np.uint8)
    return sprite
