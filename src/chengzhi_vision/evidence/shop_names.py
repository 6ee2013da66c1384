"""Names of shops read from the still, as a hint for the reviewer: never a fact, never a rule.

Needs the optional package rapidocr (`pip install chengzhi[ocr]`); without it there are no hints. A picture
costs it some 1.7 s of CPU, and only findings about shops are read.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

import cv2
import numpy as np

from chengzhi_vision.config import Camera
from chengzhi_vision.fitting import fitted
from chengzhi_vision.geometry import bounds, clip
from chengzhi_vision.jpeg import decoded
from chengzhi_vision.types import Box, Finding, FindingKind, Picture, Still

#: Findings that are about somebody's shop.
KINDS = frozenset(
    {
        FindingKind.GOODS_ON_PAVEMENT,
        FindingKind.STREET_TRADING,
        FindingKind.STALL,
        FindingKind.UMBRELLA_OUT,
    }
)
ABOVE = 1.5  # signs hang above the pavement: so many heights of the zone are looked at above it
FLOOR = 0.7
MOST, LENGTH = 3, 30
LONG_SIDE = 960
TELEPHONE = re.compile(r"\d(?:[ -]?\d){6}")
log = logging.getLogger("chengzhi_vision")


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of text in a picture."""

    text: str
    score: float
    height: float


class Reader(Protocol):
    """Reads the lines of a picture."""

    def read(self, picture: Picture) -> Sequence[Line]: ...


class RapidReader:
    """Reads with rapidocr."""

    def __init__(self, engine: Any) -> None:
        self._engine = engine

    def read(self, picture: Picture) -> Sequence[Line]:
        found = self._engine(picture)
        if found.txts is None:
            return []
        rows = zip(found.txts, found.scores, found.boxes, strict=True)
        return [Line(text=t, score=float(s), height=_height(corners)) for t, s, corners in rows]


@cache
def installed_reader() -> Reader | None:
    """Return the reader of the installed package, or None, which is said once in the log."""
    try:
        from rapidocr import RapidOCR
    except ImportError:
        log.info("rapidocr is not installed: findings carry no names of shops")
        return None
    return RapidReader(RapidOCR())


def shop_names(
    still: Still, finding: Finding, camera: Camera, *, reader: Reader | None
) -> tuple[str, ...]:
    """Return what may be the names of the shops behind a zone, the largest letters first."""
    if reader is None or finding.kind not in KINDS:
        return ()
    picture = _front(still, finding, camera)
    if picture is None:
        return ()
    lines = [line for line in reader.read(picture) if line.score >= FLOOR and _is_name(line.text)]
    lines.sort(key=lambda line: -line.height)
    names = dict.fromkeys(line.text.strip()[:LENGTH] for line in lines)
    return tuple(names)[:MOST]


def _is_name(text: str) -> bool:
    """Tell whether a line has two Chinese characters and no telephone, which belongs to a person."""
    return sum("\u4e00" <= sign <= "\u9fff" for sign in text) >= 2 and not TELEPHONE.search(text)


def _front(still: Still, finding: Finding, camera: Camera) -> Picture | None:
    """Return the part of a still around its zone and above it."""
    image = decoded(still.jpeg)
    zones = fitted(camera, finding.frame).zones
    zone = next((z for z in zones if z.name == finding.zone), None)
    if image is None or zone is None:
        return None
    around = bounds(zone.polygon)
    high = around.h * (1 + ABOVE)
    part = Box(x=around.x, y=around.bottom - high, w=around.w, h=high)
    box = clip(part, width=image.shape[1], height=image.shape[0])
    front = image[int(box.y) : int(box.bottom), int(box.x) : int(box.right)]
    if min(front.shape[:2]) < 16:
        return None
    scale = min(LONG_SIDE / max(front.shape[:2]), 2.0)
    return cv2.resize(front, None, fx=scale, fy=scale).astype(np.uint8)


def _height(corners: Any) -> float:
    points = np.asarray(corners, float)
    return float(points[:, 1].max() - points[:, 1].min())
