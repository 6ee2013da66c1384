"""The frames of a background clip at any time, as long as wanted, and the scene without movers."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from chengzhi_vision.errors import BenchInvalid
from chengzhi_vision.scene.light import lit
from chengzhi_vision.types import Picture

SHORT_S = 20.0
QUALITY = 95
MOST_S = 120.0
PLATES = 31
MOVES = 24
DARK = 24  # a darker pixel of the plate says nothing about the light
STEADY = 0.12  # so much more or less light is no other exposure
KERNEL = np.ones((3, 3), np.uint8)


@dataclass
class Backdrop:
    """A clip held as JPEGs; a short one is played now and then, a long one there and back."""

    jpegs: list[NDArray[np.uint8]]
    fps: float
    plate: Picture
    noise: float
    rng: np.random.Generator
    _grain: list[NDArray[np.int16]] = field(default_factory=list)
    _half: Picture | None = None

    @property
    def size(self) -> tuple[int, int]:
        return (self.plate.shape[1], self.plate.shape[0])

    @property
    def is_short(self) -> bool:
        return len(self.jpegs) < SHORT_S * self.fps

    def picture(self, index: int) -> Picture:
        """Return frame `index` of an endless clip."""
        count = len(self.jpegs)
        if self.is_short:
            burst, within = divmod(index, 4 * count)
            if burst % 2 or within >= 2 * count:
                return self._still(index)
            index = within
        place = index % (2 * count - 2) if count > 1 else 0
        place = place if place < count else 2 * count - 2 - place
        return np.asarray(cv2.imdecode(self.jpegs[place], cv2.IMREAD_COLOR), np.uint8)

    def light(self, picture: Picture) -> float:
        """Return how bright a frame is beside the plate: 1 unless the camera exposed it otherwise.

        A white car before a camera with automatic exposure takes half the light from all the rest.
        """
        half, plate = self._halves(picture)
        own, there = plate.max(axis=2), half.max(axis=2)
        seen = own > DARK
        if not seen.any():
            return 1.0
        ratio = float(np.median(there[seen] / own[seen].astype(np.float32)))
        return ratio if abs(ratio - 1) > STEADY else 1.0

    def movers(self, picture: Picture, light: float = 1.0) -> NDArray[np.uint8]:
        """Return a mask of what moves in a frame of that light, at half the size."""
        half, plate = self._halves(picture)
        b, g, r = cv2.split(cv2.absdiff(half, lit(plate, light)))
        change = cv2.GaussianBlur(cv2.max(cv2.max(b, g), r), (3, 3), 0)
        mask = cv2.threshold(change, MOVES, 1, cv2.THRESH_BINARY)[1]
        return np.asarray(cv2.morphologyEx(mask, cv2.MORPH_OPEN, KERNEL), np.uint8)

    def _halves(self, picture: Picture) -> tuple[Picture, Picture]:
        half = cv2.resize(picture, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
        if self._half is None:
            small = cv2.resize(self.plate, (half.shape[1], half.shape[0]))
            self._half = small.astype(np.uint8)
        return half.astype(np.uint8), self._half

    def _still(self, index: int) -> Picture:
        if not self._grain:
            shape = self.plate.shape
            self._grain = [
                np.rint(self.rng.normal(0, self.noise, shape)).astype(np.int16) for _ in range(6)
            ]
        grain = self._grain[(index * 7 + index // 6) % len(self._grain)]
        grainy: Picture = np.clip(self.plate + grain, 0, 255).astype(np.uint8)
        return grainy


def open_backdrop(clip: Path, *, width: int, fps: float, seed: int) -> Backdrop:
    """Read a clip at the wanted rate and width."""
    capture = cv2.VideoCapture(str(clip))
    rate = capture.get(cv2.CAP_PROP_FPS) or 25.0
    jpegs: list[NDArray[np.uint8]] = []
    kept: list[Picture] = []
    index, due = 0, 0.0
    while len(jpegs) < MOST_S * fps and capture.grab():
        if index / rate + 1e-6 >= due:
            _, image = capture.retrieve()
            picture = _sized(image.astype(np.uint8), width)
            kept.append(picture)
            coded = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])[1]
            jpegs.append(np.asarray(coded, np.uint8))
            due += 1 / fps
            kept = kept[:: 2 if len(kept) > 4 * PLATES else 1]
        index += 1
    capture.release()
    if len(kept) < 2:
        raise BenchInvalid(f"背景录像 {clip} 打不开或没有画面。")
    return Backdrop(
        jpegs=jpegs,
        fps=fps,
        plate=_plate(kept),
        noise=_noise(kept),
        rng=np.random.default_rng(seed),
    )


def _sized(image: Picture, width: int) -> Picture:
    height = round(image.shape[0] * width / image.shape[1] / 2) * 2
    way = cv2.INTER_AREA if image.shape[1] > width else cv2.INTER_CUBIC
    return cv2.resize(image, (width, height), interpolation=way).astype(np.uint8)


def _plate(pictures: list[Picture]) -> Picture:
    step = max(len(pictures) // PLATES, 1)
    plate: Picture = np.median(np.stack(pictures[::step]), axis=0).astype(np.uint8)
    return plate


def _noise(pictures: list[Picture]) -> float:
    """Return the grain of the sensor: the median change between two frames."""
    change = cv2.absdiff(pictures[0], pictures[1])
    return float(np.clip(np.median(change) / 0.95, 0.8, 4.0))
