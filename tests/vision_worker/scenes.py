"""Seeded street scenes drawn with numpy, whose truth is known exactly, and a detector that
knows it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import cv2
import numpy as np

from chengzhi_vision.alarms import Alarm
from chengzhi_vision.camera_file import read_camera
from chengzhi_vision.config import Camera
from chengzhi_vision.pipeline import Pipeline
from chengzhi_vision.types import Box, Detection, Finding, Frame, ModelRef, ObjectClass, Picture

WIDTH, HEIGHT, FPS = 640, 360, 5.0
Where = Callable[[float], tuple[float, float] | None]


def standing(x: float, y: float, *, start: float = 0.0, end: float = 1e9) -> Where:
    """A thing at one place for a time."""
    return lambda t: (x, y) if start <= t < end else None


def passing(y: float, *, start: float, speed: float) -> Where:
    """A thing that crosses the picture."""
    return lambda t: ((t - start) * speed - 100, y) if t >= start else None


def arriving(x: float, y: float, *, start: float, end: float = 1e9, speed: float = 150) -> Where:
    """A thing that drives in from the left, stops at x from `start` on, and vanishes at end."""
    return lambda t: (min(x, x + (t - start) * speed), y) if t < end else None


@dataclass(frozen=True, kw_only=True)
class Thing:
    """One drawn thing; `seed` makes its look, `missed` says when the detector overlooks it."""

    kind: ObjectClass | None
    where: Where
    size: tuple[int, int] = (90, 60)
    seed: int = 1
    label: str = ""
    score: float = 0.8
    missed: Callable[[float], bool] = lambda _t: False
    jitter: float = 0.0


@dataclass
class Scene:
    """A street with things; also the detector that sees it."""

    things: Sequence[Thing] = ()
    seed: int = 7
    light: Callable[[float], float] = lambda _t: 1.0
    now: float = 0.0
    model: ModelRef = field(default_factory=lambda: ModelRef(name="fake", version="1"))

    def __post_init__(self) -> None:
        rng = np.random.default_rng(self.seed)
        coarse = rng.integers(70, 170, (HEIGHT // 20, WIDTH // 20, 3)).astype(np.uint8)
        self._noise = rng.integers(0, 6, (7, HEIGHT, WIDTH, 3)).astype(np.uint8)
        self._ground = cv2.resize(coarse, (WIDTH, HEIGHT), interpolation=cv2.INTER_LINEAR)

    def picture(self, t: float) -> Picture:
        """Draw the scene at a moment."""
        image = self._ground.copy()
        for thing in self.things:
            draw(image, thing, t)
        noise = self._noise[int(t * 1000) % len(self._noise)]
        return cv2.add(cv2.convertScaleAbs(image, alpha=self.light(t)), noise).astype(np.uint8)

    def load(self) -> None:
        """There is nothing to load."""

    def detect(self, image: Picture) -> list[Detection]:
        """Return the truth for the whole picture; closer looks see nothing."""
        if image.shape[:2] != (HEIGHT, WIDTH):
            return []
        found = [self._seen(thing) for thing in self.things if thing.kind is not None]
        return [seen for seen in found if seen is not None]

    def _seen(self, thing: Thing) -> Detection | None:
        box = box_of(thing, self.now)
        if box is None or thing.kind is None or thing.missed(self.now):
            return None
        rng = np.random.default_rng(int(self.now * 1000) + thing.seed)
        dx, dy = rng.normal(0, thing.jitter, 2) if thing.jitter else (0.0, 0.0)
        moved = Box(x=box.x + dx, y=box.y + dy, w=box.w, h=box.h)
        label = thing.label or str(thing.kind)
        return Detection(box=moved, kind=thing.kind, score=thing.score, label=label)


def box_of(thing: Thing, t: float) -> Box | None:
    """Return where a thing is, as far as it lies in the picture."""
    spot = thing.where(t)
    if spot is None:
        return None
    left, top = max(spot[0], 0), max(spot[1], 0)
    right, bottom = min(spot[0] + thing.size[0], WIDTH), min(spot[1] + thing.size[1], HEIGHT)
    if right - left < 8 or bottom - top < 8:
        return None
    return Box(x=left, y=top, w=right - left, h=bottom - top)


def draw(image: Picture, thing: Thing, t: float) -> None:
    """Paint one thing with the pattern its seed gives."""
    box, spot = box_of(thing, t), thing.where(t)
    if box is None or spot is None:
        return
    width, height = thing.size
    rng = np.random.default_rng(thing.seed)
    pattern = rng.integers(0, 256, (6, 6, 3)).astype(np.uint8)
    look = cv2.resize(pattern, (width, height), interpolation=cv2.INTER_NEAREST)
    dx, dy = int(box.x - spot[0]), int(box.y - spot[1])
    part = look[dy : dy + int(box.h), dx : dx + int(box.w)]
    top, left = int(box.y), int(box.x)
    image[top : top + part.shape[0], left : left + part.shape[1]] = part


def camera_with(
    *rules: dict[str, Any],
    kind: str = "no_parking",
    areas: Sequence[dict[str, Any]] = (),
    **camera: Any,
) -> Camera:
    """Return a camera whose zone is the street in the lower half of the picture, and areas."""
    zone = {
        "name": "street",
        "kind": kind,
        "polygon": [[0, 150], [WIDTH, 150], [WIDTH, HEIGHT], [0, HEIGHT]],
        "rules": list(rules),
    }
    return read_camera({"camera": {"code": "C001", **camera}, "zones": [zone, *areas]})


def parked(dwell_s: float = 10, **more: Any) -> dict[str, Any]:
    return {"finding": "motor_vehicle_parked", "dwell_s": dwell_s, **more}


def left(dwell_s: float = 10, **more: Any) -> dict[str, Any]:
    return {"finding": "object_left", "dwell_s": dwell_s, **more}


@dataclass
class Player:
    """Plays a scene through a pipeline and keeps the alarms."""

    scene: Scene
    pipeline: Pipeline
    base: float = 0.0
    alarms: list[Alarm] = field(default_factory=list)

    def play(self, start: float, end: float, *, fps: float = FPS) -> list[Finding]:
        """Feed the frames from `start` to `end` and return all findings so far."""
        for index in range(round(start * fps), round(end * fps)):
            t = index / fps
            self.scene.now = t
            frame = Frame(index=index, pts=t, at=self.base + t, image=self.scene.picture(t))
            self._keep(self.pipeline.feed(frame))
        return self.findings

    def ripe_unreported(self, start: float, end: float) -> list[str]:
        """Feed frames, but let every alarm be lost before it reaches the spool."""
        ids = []
        for index in range(round(start * FPS), round(end * FPS)):
            t = index / FPS
            self.scene.now = t
            frame = Frame(index=index, pts=t, at=self.base + t, image=self.scene.picture(t))
            ids += [alarm.finding.finding_id for alarm in self.pipeline.feed(frame)]
        return ids

    def finish(self) -> list[Finding]:
        self._keep(self.pipeline.finish())
        return self.findings

    @property
    def findings(self) -> list[Finding]:
        return [alarm.finding for alarm in self.alarms]

    def _keep(self, alarms: list[Alarm]) -> None:
        for alarm in alarms:
            self.alarms.append(alarm)
            self.pipeline.mark_reported(alarm)


def player(camera: Camera, *things: Thing, base: float = 0.0, **scene: Any) -> Player:
    """Return a player for some things before a camera."""
    street = Scene(things=things, **scene)
    return Player(scene=street, pipeline=Pipeline(camera, detector=street), base=base)
