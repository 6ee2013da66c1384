"""What a plan is made of: things on keyed paths, zones on the ground, events with their members."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

PAVEMENT_Y = 0.15
FOREVER = 1e6


@dataclass(frozen=True, kw_only=True)
class Key:
    """Where a thing is at one moment; heading turns +x counter-clockwise seen from above."""

    t: float
    x: float
    z: float
    y: float = 0.0
    heading: float = 0.0
    mode: str = "stand"


@dataclass(frozen=True, kw_only=True)
class Pose:
    x: float
    y: float
    z: float
    heading: float
    phase: float
    mode: str


@dataclass(frozen=True, kw_only=True)
class Thing:
    """An object that is there from its first key to its last."""

    id: str
    kind: str
    look: Mapping[str, Any]
    seed: int
    keys: tuple[Key, ...]

    def present(self, t: float) -> bool:
        return self.keys[0].t <= t < self.keys[-1].t


@dataclass(frozen=True, kw_only=True)
class Member:
    """A thing that belongs to an event during one period."""

    thing_id: str
    since: float
    until: float = FOREVER


@dataclass(frozen=True, kw_only=True)
class Event:
    """What a perfect observer would report; `end` is None when it lasts to the end of the clip."""

    kind: str
    matter_code: str
    zone: str
    start: float
    end: float | None
    members: tuple[Member, ...]


@dataclass(frozen=True, kw_only=True)
class Rule:
    finding: str
    dwell_s: int


@dataclass(frozen=True, kw_only=True)
class Zone:
    """A polygon on the ground, corner by corner as (x, z), at height y.

    With `wall_z` it stands upright on the wall there, corner by corner as (x, height).
    """

    name: str
    kind: str
    ground: tuple[tuple[float, float], ...]
    y: float
    rules: tuple[Rule, ...]
    wall_z: float | None = None


@dataclass(frozen=True, kw_only=True)
class Lens:
    """A pinhole camera as three.js draws it; `fov` is the vertical angle in degrees."""

    pos: tuple[float, float, float]
    at: tuple[float, float, float]
    fov: float
    size: tuple[int, int]


@dataclass(frozen=True, kw_only=True)
class Sensor:
    noise: float
    blur: float
    saturation: float
    vignette: float
    crf: int


@dataclass(frozen=True, kw_only=True)
class Sky:
    mode: str
    sun: tuple[float, float, float]
    rain: int
    exposure: float
    steps: tuple[tuple[float, float], ...]


@dataclass(frozen=True, kw_only=True)
class Street:
    shops: tuple[Mapping[str, Any], ...]
    trees: tuple[float, ...]
    lamps: tuple[Mapping[str, Any], ...]
    posts: tuple[float, ...]
    yellow: tuple[float, float]
    bays: tuple[tuple[float, float], ...]
    racks: tuple[tuple[float, float, float, float], ...]
    focus: float
    seed: int


@dataclass(frozen=True, kw_only=True)
class Decoy:
    """Something a hasty rule would report and that is no violation."""

    what: str
    start: float
    end: float
    thing_ids: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Plan:
    scenario: str
    seed: int
    seconds: float
    fps: int
    code: str
    place: str
    began: str
    lens: Lens
    sensor: Sensor
    sky: Sky
    street: Street
    things: tuple[Thing, ...]
    zones: tuple[Zone, ...]
    events: tuple[Event, ...]
    decoys: tuple[Decoy, ...]
