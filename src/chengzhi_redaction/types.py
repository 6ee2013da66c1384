"""Values of redaction: what is seen in a picture, and what of it is hidden."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

PLATES = "plates"  # how the method of a look says that a plate finder took part
MOSTLY = 0.8  # of a rectangle, inside another

Picture = NDArray[np.uint8]
"""Height × width × 3, blue-green-red, as OpenCV has it."""


class ThingKind(StrEnum):
    """What may carry a face or a plate (人、机动车、两轮车)."""

    PERSON = "person"
    VEHICLE = "vehicle"
    TWO_WHEELER = "two_wheeler"


class RegionKind(StrEnum):
    """Why a part of a picture is hidden (遮挡区域)."""

    FACE = "face"
    HEAD = "head"
    PLATE = "plate"
    BAND = "band"
    HAND = "hand"


@dataclass(frozen=True, kw_only=True)
class Area:
    """A rectangle in pixels of the picture: left, top, width, height."""

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
    def center(self) -> tuple[float, float]:
        return (self.x + self.w / 2, self.y + self.h / 2)

    def holds(self, point: tuple[float, float]) -> bool:
        return self.x <= point[0] <= self.right and self.y <= point[1] <= self.bottom

    def share_in(self, other: Area) -> float:
        """Return how much of this rectangle another one covers."""
        wide = min(self.right, other.right) - max(self.x, other.x)
        high = min(self.bottom, other.bottom) - max(self.y, other.y)
        area = self.w * self.h
        return max(wide, 0.0) * max(high, 0.0) / area if area > 0 else 1.0

    def lies_in(self, other: Area) -> bool:
        """Tell whether another rectangle covers this one for the most part."""
        return self.share_in(other) >= MOSTLY

    def is_like(self, other: Area) -> bool:
        """Tell whether two rectangles cover each other for the most part."""
        return self.lies_in(other) and other.lies_in(self)

    def grown(self, share_x: float, share_y: float) -> Area:
        """Return the rectangle with a margin on each side, in shares of its width and height."""
        dx, dy = self.w * share_x, self.h * share_y
        return Area(x=self.x - dx, y=self.y - dy, w=self.w + 2 * dx, h=self.h + 2 * dy)


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A person or vehicle in the picture."""

    kind: ThingKind
    area: Area
    score: float = 1.0


@dataclass(frozen=True, kw_only=True)
class Found:
    """A face or a plate in the picture."""

    area: Area
    score: float


@dataclass(frozen=True, kw_only=True)
class Region:
    """A part of a picture that a published copy does not show."""

    kind: RegionKind
    area: Area
    score: float = 1.0

    def as_row(self) -> dict[str, Any]:
        """Return the region as plain data, in whole pixels."""
        a = self.area
        box = [round(a.x), round(a.y), round(a.w), round(a.h)]
        return {"kind": str(self.kind), "box": box, "score": round(self.score, 3)}


def region_of(row: dict[str, Any]) -> Region:
    """Return a region from plain data.

    :raises ValueError: the row is no region.
    """
    try:
        x, y, w, h = (float(side) for side in row["box"])
        kind, score = RegionKind(row["kind"]), float(row.get("score", 1.0))
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("not a region") from error
    if w <= 0 or h <= 0 or not all(np.isfinite((x, y, w, h))):
        raise ValueError("a region has a size")
    return Region(kind=kind, area=Area(x=x, y=y, w=w, h=h), score=score)


class ThingFinder(Protocol):
    """Finds people and vehicles."""

    def things(self, picture: Picture) -> Sequence[Seen]: ...


class PartFinder(Protocol):
    """Finds faces, or plates."""

    def find(self, picture: Picture) -> Sequence[Found]: ...
