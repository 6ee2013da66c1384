"""What spoils a picture: light steps, sweeping shadows, shake, rain, night, weak encoding."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from chengzhi_vision.types import Picture

RAIN_LAYERS, NOISE_LAYERS = 8, 6


class Condition(StrEnum):
    """Conditions of a clip, as the report groups them."""

    CLEAR = "clear"
    NIGHT = "night"
    RAIN = "rain"
    SHAKE = "shake"
    LIGHT_STEP = "light_step"
    SHADOW = "shadow"
    BLOCKY = "blocky"
    OCCLUDED = "occluded"
    CROWD = "crowd"
    KEYFRAMES = "keyframes"


@dataclass
class Weather:
    """Changes a finished frame as the conditions ask."""

    conditions: frozenset[Condition]
    size: tuple[int, int]
    seconds: float
    rng: np.random.Generator
    _layers: list[NDArray[Any]] = field(default_factory=list)
    _noise: list[NDArray[Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        rng = self.rng
        self._step_at = float(rng.uniform(0.3, 0.8)) * self.seconds
        self._step_to = float(rng.choice([rng.uniform(0.62, 0.8), rng.uniform(1.2, 1.4)]))
        self._phase = float(rng.uniform(0, 6))
        self._night = float(rng.uniform(0.28, 0.42))
        self._sweep = float(rng.uniform(14, 30))

    def on(self, picture: Picture, t: float, index: int) -> Picture:
        """Return the frame as the camera would have given it."""
        has = self.conditions.__contains__
        if has(Condition.SHADOW):
            picture = self._shadow(picture, t)
        if has(Condition.LIGHT_STEP):
            picture = cv2.convertScaleAbs(picture, alpha=self._level(t)).astype(np.uint8)
        if has(Condition.NIGHT):
            picture = self._at_night(picture, index)
        if has(Condition.RAIN):
            picture = self._rain(picture, index)
        return self._shake(picture, t) if has(Condition.SHAKE) else picture

    @property
    def light_step(self) -> tuple[float, float] | None:
        """Return when and to what the light steps, for the truth."""
        has_step = Condition.LIGHT_STEP in self.conditions
        return (self._step_at, self._step_to) if has_step else None

    def _level(self, t: float) -> float:
        part = min(max((t - self._step_at) / 0.4, 0.0), 1.0)
        return 1 + (self._step_to - 1) * part

    def _shadow(self, picture: Picture, t: float) -> Picture:
        """Let the soft shadow of a cloud or a tree sweep over the scene again and again."""
        width, height = self.size
        middle = ((t / self._sweep + self._phase) % 1.6 - 0.3) * width
        columns = np.arange(width, dtype=np.float32)[None, :]
        rows = np.arange(height, dtype=np.float32)[:, None]
        away = np.abs(columns - middle - 0.35 * (rows - height / 2)) / (0.13 * width)
        dark = 1 - 0.4 / (1 + np.exp(6 * (away - 1)))
        return (picture * dark[:, :, None]).astype(np.uint8)

    def _at_night(self, picture: Picture, index: int) -> Picture:
        grey = cv2.cvtColor(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)
        pale = cv2.addWeighted(picture, 0.55, grey, 0.45, 0)
        lit = cv2.multiply(pale, self._lamp(), dtype=cv2.CV_32F)
        grain = self._grain(index)
        night: Picture = np.clip(lit + grain, 0, 255).astype(np.uint8)
        return night

    def _lamp(self) -> NDArray[Any]:
        if not self._layers:
            width, height = self.size
            ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
            away = ((xs - width * 0.5) / width) ** 2 + ((ys - height * 0.6) / height) ** 2
            glow = (self._night * (0.75 + 0.9 * np.exp(-5 * away))).astype(np.float32)
            self._layers.append(cv2.merge([glow, glow, glow]))
        return self._layers[0]

    def _grain(self, index: int) -> NDArray[Any]:
        if not self._noise:
            shape = (self.size[1], self.size[0], 1)
            self._noise = [
                self.rng.normal(0, 6.5, shape).astype(np.float32) for _ in range(NOISE_LAYERS)
            ]
        turned = np.roll(self._noise[index % NOISE_LAYERS], index * 37 % self.size[0], axis=1)
        return np.asarray(turned)

    def _rain(self, picture: Picture, index: int) -> Picture:
        if not self._noise or self._noise[0].dtype != np.uint8:
            self._noise = [self._drops() for _ in range(RAIN_LAYERS)]
        layer = np.roll(self._noise[index % RAIN_LAYERS], index * 53 % self.size[0], axis=1)
        dull = cv2.convertScaleAbs(picture, alpha=0.9, beta=8)
        return cv2.add(dull, cv2.merge([layer] * 3)).astype(np.uint8)

    def _drops(self) -> NDArray[np.uint8]:
        width, height = self.size
        layer = np.zeros((height, width), np.uint8)
        for _ in range(width * height // 900):
            x, y = int(self.rng.integers(width)), int(self.rng.integers(height))
            long, bright = int(self.rng.integers(5, 16)), int(self.rng.integers(18, 60))
            cv2.line(layer, (x, y), (x + long // 5, y + long), bright, 1)
        return layer

    def _shake(self, picture: Picture, t: float) -> Picture:
        """Move the whole picture a little, more in gusts."""
        gust = 1.0 + 1.6 * max(math.sin(t * 0.35 + self._phase), 0) ** 4
        dx = gust * (math.sin(t * 7.1 + self._phase) + 0.5 * math.sin(t * 17.3))
        dy = gust * 0.7 * math.sin(t * 9.7 + 2 * self._phase)
        move = np.array([[1, 0, dx], [0, 1, dy]], np.float32)
        return cv2.warpAffine(
            picture, move, self.size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        ).astype(np.uint8)


def draw_conditions(rng: np.random.Generator) -> frozenset[Condition]:
    """Return one or two conditions of a clip; a quarter of the clips is clear."""
    if rng.random() < 0.25:
        chosen = {Condition.CLEAR}
    else:
        names = [
            Condition.NIGHT,
            Condition.RAIN,
            Condition.SHAKE,
            Condition.LIGHT_STEP,
            Condition.SHADOW,
            Condition.BLOCKY,
            Condition.OCCLUDED,
            Condition.CROWD,
        ]
        count = 1 if rng.random() < 0.65 else 2
        chosen = {names[int(i)] for i in rng.choice(len(names), size=count, replace=False)}
        if {Condition.NIGHT, Condition.RAIN} <= chosen:
            chosen.remove(Condition.RAIN)
    if rng.random() < 0.5:
        chosen.add(Condition.KEYFRAMES)
    return frozenset(chosen)
