"""Frozen values that pass between the stages of the worker."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
Size = tuple[int, int]  # width and height of a picture


class ObjectClass(StrEnum):
    """What a box may hold, grouped as the rules need it (目标类别)."""

    PERSON = "person"
    VEHICLE = "vehicle"
    TWO_WHEELER = "two_wheeler"
    DOG = "dog"
    OBJECT = "object"
    GARBAGE = "garbage"
    BIN = "bin"
    OVERFLOW = "overflow"
    UMBRELLA = "umbrella"


#: Vehicles and cycles have rules of their own; they are no goods, and surer by a name than by pixels.
WHEELED = frozenset([ObjectClass.VEHICLE, ObjectClass.TWO_WHEELER])


class FindingKind(StrEnum):
    """What the worker can report (机器发现类型); codes lie in data/finding_kinds.csv."""

    MOTOR_VEHICLE_PARKED = "motor_vehicle_parked"
    TWO_WHEELER_PARKED = "two_wheeler_parked"
    OBJECT_LEFT = "object_left"
    GOODS_ON_PAVEMENT = "goods_on_pavement"
    STALL = "stall"
    STREET_TRADING = "street_trading"
    MATERIALS_PILED = "materials_piled"
    UMBRELLA_OUT = "umbrella_out"
    BANNER_HUNG = "banner_hung"
    GARBAGE_EXPOSED = "garbage_exposed"
    BIN_OVERFLOW = "bin_overflow"
    DOG_UNATTENDED = "dog_unattended"
    CAMERA_BLIND = "camera_blind"


class ZoneKind(StrEnum):
    """What an area of the picture is for (区域类型)."""

    NO_PARKING = "no_parking"
    TWO_WHEELER_NO_PARKING = "two_wheeler_no_parking"
    PAVEMENT_CLEAR = "pavement_clear"
    BIN = "bin"
    FACADE_CLEAR = "facade_clear"
    LANE = "lane"
    BAY = "bay"
    CYCLE_BAY = "cycle_bay"
    PERMITTED = "permitted"
    IGNORE = "ignore"


@dataclass(frozen=True, kw_only=True)
class Box:
    """A rectangle in pixels of the clip: left, top, width, height."""

    x: float
    y: float
    w: float
    h: float

    @property
    def right(self) -> float:
        return self.x + self.w

    @property
    def bottom(self) -> float:
        return self.y + self.h

    @property
    def area(self) -> float:
        return self.w * self.h

    @property
    def center(self) -> tuple[float, float]:
        return (self.x + self.w / 2, self.y + self.h / 2)

    def rounded(self) -> list[int]:
        return [round(self.x), round(self.y), round(self.w), round(self.h)]


@dataclass(frozen=True, kw_only=True, eq=False)
class Frame:
    """One decoded picture; `pts` and `at` are seconds, of the stream and of the wall clock."""

    index: int
    pts: float
    at: float
    image: Picture

    @property
    def size(self) -> Size:
        """Width and height."""
        return (self.image.shape[1], self.image.shape[0])

    @property
    def is_small(self) -> bool:
        """Tell whether `shrink` has left a smaller picture."""
        return False

    def grey(self, size: tuple[int, int] | None) -> Picture:
        """Return the grey picture, shrunk to a size where one is given."""
        grey = cv2.cvtColor(self.image, cv2.COLOR_BGR2GRAY)
        small = grey if size is None else cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
        return small.astype(np.uint8, copy=False)

    def colors(self, size: tuple[int, int]) -> Picture:
        """Return single points of the picture in color, as many as a size has."""
        points = cv2.resize(self.image, size, interpolation=cv2.INTER_NEAREST)
        return points.astype(np.uint8, copy=False)

    def open(self) -> bool:
        """Do what was put off until the frame is judged; tell whether it has a picture."""
        return True

    def release(self) -> None:
        """Let go of what can be made again."""

    def shrink(self) -> None:
        """Let go of what a frame that has been judged need not keep."""


@dataclass(frozen=True, kw_only=True)
class Detection:
    """One box a generator proposes; `label` is the model's own class name."""

    box: Box
    kind: ObjectClass
    score: float
    label: str = ""


@dataclass(frozen=True, kw_only=True)
class Track:
    """A detection that carries an identity; `speed` is box sizes per second."""

    track_id: int
    detection: Detection
    speed: float
    age_s: float


@dataclass(frozen=True, kw_only=True)
class ModelRef:
    """Which generator and version judged."""

    name: str
    version: str


@dataclass(frozen=True, kw_only=True)
class Still:
    """A JPEG kept as evidence and the moment it shows."""

    pts: float
    at: float
    jpeg: bytes = field(repr=False)
    box: Box | None = None


@dataclass(frozen=True, kw_only=True)
class EvidenceFile:
    """One stored piece of evidence, named by its hash."""

    name: str
    role: str
    media_type: str
    sha256: str
    size: int
    path: str


@dataclass(frozen=True, kw_only=True)
class Link:
    """The place of a manifest in the chain of its camera's day.

    A stretch is what one worker wrote under one lease; it is named by the lease's epoch, 0 without.
    """

    day: str
    number: int
    previous: str = ""
    stretch: int = 0

    def as_row(self) -> dict[str, Any]:
        return {
            "day": self.day,
            "stretch": self.stretch,
            "number": self.number,
            "previous": self.previous,
        }


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A machine's finding (机器发现): never a decision."""

    finding_id: str
    camera: str
    kind: FindingKind
    matter_code: str
    zone: str
    start_pts: float
    alarm_pts: float
    started_at: float
    alarm_at: float
    start_unknown: bool
    box: Box
    frame: Size  # of the pictures in whose pixels the box is told
    score: float
    model: ModelRef
    frame_sha256: str
    alert_number: int = 1
    reason: str = ""
    explored: bool = False  # drawn from below the published threshold
    shop_names: tuple[str, ...] = ()  # read by a machine, a hint only
    epoch: int | None = None  # of the lease under which it was found
    evidence: tuple[EvidenceFile, ...] = ()
    link: Link | None = None  # the place of its manifest in the day's chain
