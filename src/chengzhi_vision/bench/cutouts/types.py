"""What a cut-out is and how tall such a thing stands in the street."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Sprite = NDArray[np.uint8]  # height x width x BGRA


class Split(StrEnum):
    """Which half of the material a cut-out or clip belongs to: never tune where you test."""

    TUNE = "tune"
    TEST = "test"


class Sort(StrEnum):
    """What is cut out."""

    CAR = "car"
    TWO_WHEELER = "two_wheeler"
    GARBAGE = "garbage"
    BIN = "bin"
    OVERFLOW = "overflow"
    GOODS = "goods"
    THING = "thing"
    PERSON = "person"


HEIGHT_M = {
    Sort.CAR: (1.45, 1.75),
    Sort.TWO_WHEELER: (1.0, 1.2),
    Sort.GARBAGE: (0.55, 0.95),
    Sort.BIN: (1.0, 1.15),
    Sort.OVERFLOW: (1.15, 1.35),
    Sort.GOODS: (0.75, 1.3),
    Sort.THING: (0.5, 0.9),
    Sort.PERSON: (1.6, 1.82),
}
MAX_WIDTH_M = {
    Sort.CAR: 4.8,
    Sort.TWO_WHEELER: 2.0,
    Sort.GARBAGE: 2.4,
    Sort.BIN: 1.6,
    Sort.OVERFLOW: 1.8,
    Sort.GOODS: 3.0,
    Sort.THING: 1.6,
    Sort.PERSON: 1.2,
}


@dataclass(frozen=True, kw_only=True, eq=False)
class Cutout:
    """One thing with a soft edge; several pictures make a walker."""

    name: str
    sort: Sort
    origin: str
    pictures: tuple[Sprite, ...]
    fps: float = 0.0

    @property
    def picture(self) -> Sprite:
        return self.pictures[0]
