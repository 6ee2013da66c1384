"""Lay plates and lettering into photographs of streets, as a camera or a telephone would see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from tools.training.pictures import Photo, compressed, far, lit
from tools.training.plates.bodies import Body, drawn_body
from tools.training.plates.drawing import drawn_plate
from tools.training.plates.glyphs import Atlas
from tools.training.plates.lettering import lettered

Array = NDArray[Any]
SIZE = 320
WIDE = (12.0, 240.0)  # pixels of a plate in a window
COUNTS = (0.25, 0.45, 0.2, 0.1)  # shares of windows with no, one, two, three plates
SIGNS = (0.3, 0.3, 0.2, 0.1, 0.1)
ON_BODY, BARE_BODY = 0.65, 0.3
AWAY, FARTHEST = 0.35, (1.2, 4.0)
SHAKEN, NIGHT = 0.15, 0.12
NEAR_OWN = 0.7  # share of windows of a photograph that shows a plate which show it
NO_BOX = np.zeros((0, 4), np.float32)


@dataclass(frozen=True, eq=False)
class Streets:
    """Draws windows: entry (pass, number) is always the same picture."""

    atlas: Atlas
    photos: Sequence[Photo]
    seed: int

    def __getitem__(self, turn: tuple[int, int]) -> Photo:
        epoch, index = turn
        rng = np.random.default_rng([self.seed, epoch, index])
        image, boxes = _window(self.photos[index], rng)
        boxes = np.concatenate([boxes, self._laid(image, boxes, rng)])
        shown = _seen(image, rng)
        return Photo(name="street", image=shown, boxes=boxes, kinds=np.zeros(len(boxes), np.int64))

    def _laid(self, image: Array, there: Array, rng: Generator) -> Array:
        """Lay signs, then plates into a window; return the boxes of the plates."""
        for _ in range(int(rng.choice(len(SIGNS), p=SIGNS))):
            sign, alpha = lettered(self.atlas, rng)
            wide = float(np.exp(rng.uniform(*np.log((30, 320)))))
            quad = _quad(sign.shape, wide, rng)
            if not _meets(_hull(quad), there):
                _put(image, sign, alpha, quad, rng)
        found: list[Array] = []
        if rng.random() < BARE_BODY:
            self._bare_body(image, there, rng)
        for _ in range(int(rng.choice(len(COUNTS), p=COUNTS))):
            wide = float(np.exp(rng.uniform(*np.log(WIDE))))
            box = self._plate(image, wide, [*there, *found], rng)
            found += [box] if box is not None else []
        return np.stack(found).astype(np.float32) if found else NO_BOX

    def _bare_body(self, image: Array, there: Array, rng: Generator) -> None:
        """Lay a piece of a vehicle without a plate into a window."""
        body = drawn_body((110, 35), self.atlas, rng)
        quad = _quad(body.image.shape, float(rng.uniform(60, 400)), rng)
        if not _meets(_hull(quad), there):
            _put(image, body.image, _solid(body.image), quad, rng, is_lit=False)

    def _plate(
        self, image: Array, wide: float, others: Sequence[Array], rng: Generator
    ) -> Array | None:
        """Lay one plate, often on a piece of a vehicle; None where others are in the way."""
        plate, alpha = drawn_plate(self.atlas, rng)
        if rng.random() < ON_BODY:
            share = min(1.5 * wide / plate.shape[1], 1.0)  # a far body is drawn small
            size = (round(plate.shape[1] * share), max(round(plate.shape[0] * share), 4))
            body = drawn_body(size, self.atlas, rng)
            whole = _quad(body.image.shape, wide * body.image.shape[1] / size[0], rng)
            quad = _within(whole, body)
        else:
            body, whole = None, None
            quad = _quad(plate.shape, wide, rng)
        box, taken = _hull(quad), _hull(quad if whole is None else whole)
        if not _is_in_sight(box) or any(_meets(taken, other[None]) for other in others):
            return None
        if body is not None and whole is not None:
            _put(image, body.image, _solid(body.image), whole, rng, is_lit=False)
        _put(image, plate, alpha, quad, rng)
        return np.clip(box, 0, SIZE)


def _window(photo: Photo, rng: Generator) -> tuple[Array, Array]:
    """Return a square part of a photograph, enlarged or not, and its own plates on it."""
    height, width = photo.image.shape[:2]
    scale = float(np.exp(rng.uniform(*np.log((0.9, 4.0)))))
    stretch = float(np.exp(rng.uniform(-0.3, 0.3)))
    factors = np.array([SIZE / width * scale * stretch, SIZE / height * scale / stretch])
    room = np.maximum(np.array([width, height]) * factors - SIZE, 0)
    shift = -rng.uniform(0, 1, 2) * room
    if len(photo.boxes) and rng.random() < NEAR_OWN:
        own = photo.boxes[int(rng.integers(len(photo.boxes)))]
        wanted = rng.uniform(0.2, 0.8, 2) * SIZE - (own[:2] + own[2:]) / 2 * factors
        shift = np.clip(wanted, -room, 0)
    matrix = np.array([[factors[0], 0, shift[0]], [0, factors[1], shift[1]]])
    image = cv2.warpAffine(photo.image, matrix, (SIZE, SIZE), borderMode=cv2.BORDER_REFLECT)
    boxes = np.clip(photo.boxes * [*factors, *factors] + [*shift, *shift], 0, SIZE)
    kept = [box for box in boxes if (box[2:] - box[:2]).min() > 3]
    return image, np.stack(kept).astype(np.float32) if kept else NO_BOX


def _quad(shape: tuple[int, ...], wide: float, rng: Generator) -> Array:
    """Return where the corners of a drawing come to lie when it hangs somewhere in the window."""
    high = wide * shape[0] / shape[1]
    turn, tip = rng.normal(0, 0.06), rng.normal(0, 0.35)  # about the line of sight, and sideways
    if rng.random() < 0.1:
        turn = rng.normal(0, 0.5)
    narrow, pinch = np.cos(np.clip(tip, -1.2, 1.2)), np.clip(tip, -1.2, 1.2) * 0.12
    lean = rng.normal(0, 0.12)
    x, y = wide / 2 * narrow, high / 2
    corners = np.array(
        [
            (-x, -y * (1 + pinch) - x * lean),
            (x, -y * (1 - pinch) + x * lean),
            (x, y * (1 - pinch) + x * lean),
            (-x, y * (1 + pinch) - x * lean),
        ]
    )
    spin = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    return (corners @ spin.T + rng.uniform(0.02, 0.98, 2) * SIZE).astype(np.float32)


def _within(whole: Array, body: Body) -> Array:
    """Return where the corners of the plate lie when those of its body lie there."""
    high, wide = body.image.shape[:2]
    left, top, across, down = body.place
    source = np.array([(0, 0), (wide, 0), (wide, high), (0, high)], np.float32)
    matrix = cv2.getPerspectiveTransform(source, whole)
    corners = np.array(
        [(left, top), (left + across, top), (left + across, top + down), (left, top + down)],
        np.float32,
    )
    return np.asarray(cv2.perspectiveTransform(corners[None], matrix)[0])


def _solid(image: Array) -> Array:
    return np.full(image.shape[:2], 255, np.uint8)


def _hull(quad: Array) -> Array:
    return np.asarray(np.concatenate([quad.min(0), quad.max(0)]))


def _is_in_sight(box: Array) -> bool:
    """Tell whether four fifths of a plate lie in the window and it is no dot."""
    cut = np.clip(box, 0, SIZE)
    sides, whole = cut[2:] - cut[:2], box[2:] - box[:2]
    return bool(sides.min() >= 3.5 and sides.prod() >= 0.8 * whole.prod())


def _meets(box: Array, others: Array) -> bool:
    if not len(others):
        return False
    low = np.maximum(box[:2], others[:, :2])
    high = np.minimum(box[2:], others[:, 2:])
    return bool(((high - low).min(1) > 0).any())


def _put(
    image: Array,
    drawing: Array,
    alpha: Array,
    quad: Array,
    rng: Generator,
    *,
    is_lit: bool = True,
) -> None:
    """Warp a drawing into its corners, shrunk first so that nothing is skipped."""
    low = np.clip(np.floor(quad.min(0)), 0, SIZE).astype(int)
    high = np.clip(np.ceil(quad.max(0)) + 1, 0, SIZE).astype(int)
    if (high <= low).any():
        return
    room = image[low[1] : high[1], low[0] : high[0]]
    size = _shrunk(drawing.shape, quad)
    source = np.array([(0, 0), (size[0], 0), size, (0, size[1])], np.float32)
    matrix = cv2.getPerspectiveTransform(source, (quad - low).astype(np.float32))
    small, cover = (cv2.resize(one, size, interpolation=cv2.INTER_AREA) for one in (drawing, alpha))
    across = room.shape[1::-1]
    laid = cv2.warpPerspective(small, matrix, across, borderMode=cv2.BORDER_REPLICATE)
    mask = cv2.warpPerspective(cover, matrix, across)[..., None] / 255.0
    light = _light(room, mask, rng) if is_lit else 1.0
    room[:] = np.clip(room * (1 - mask) + laid * light * mask, 0, 255).astype(np.uint8)


def _shrunk(shape: tuple[int, ...], quad: Array) -> tuple[int, int]:
    wide = float(np.linalg.norm(quad[1] - quad[0]))
    share = min(max(wide, 2.0) / shape[1] * 1.3, 1.0)
    return max(round(shape[1] * share), 2), max(round(shape[0] * share), 2)


def _light(image: Array, mask: Array, rng: Generator) -> float:
    """Return how bright a drawing is, led by what it hangs on but for one in five that shines."""
    if rng.random() < 0.2:
        return float(rng.uniform(0.5, 1.3))
    around = float((image.mean(2) * mask[..., 0]).sum() / max(mask.sum(), 1e-6))
    return float(np.clip((around + 60) / 190 * np.exp(rng.normal(0, 0.25)), 0.25, 1.3))


def _seen(image: Array, rng: Generator) -> Array:
    """Change light, shake, distance and line of the camera."""
    shown = lit(image, rng)
    if rng.random() < NIGHT:
        shown = _by_night(shown, rng)
    if rng.random() < SHAKEN:
        length = int(rng.integers(2, 9))
        stroke = np.zeros((length, length), np.float32)
        stroke[length // 2] = 1 / length
        turn = cv2.getRotationMatrix2D((length / 2 - 0.5, length / 2 - 0.5), rng.uniform(0, 180), 1)
        shown = cv2.filter2D(shown, -1, cv2.warpAffine(stroke, turn, (length, length)))
    if rng.random() < AWAY:
        shown = far(shown, times=float(np.exp(rng.uniform(*np.log(FARTHEST)))), rng=rng)
    return compressed(shown, quality=(30, 90), rng=rng) if rng.random() < 0.3 else shown


def _by_night(image: Array, rng: Generator) -> Array:
    """Darken, with noise; sometimes grey as under infra-red light."""
    dark = image * rng.uniform(0.15, 0.5) + rng.normal(0, rng.uniform(2, 9), image.shape)
    out: Array = np.clip(dark, 0, 255).astype(np.uint8)
    if rng.random() < 0.4:
        out = cv2.cvtColor(cv2.cvtColor(out, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)
    return out
