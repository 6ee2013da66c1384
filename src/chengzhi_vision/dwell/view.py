"""What the places of a camera need of one frame, and what was observed in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from chengzhi_vision.scene.past import Past
from chengzhi_vision.types import Box, Detection, ObjectClass, Picture, Still


@dataclass(frozen=True, kw_only=True)
class Observation:
    """A still thing a generator sees in a zone now; `since` when it came to rest, if known."""

    zone: str
    detection: Detection
    since: float | None = None


@dataclass(frozen=True, kw_only=True)
class View:
    """What the places need of one frame."""

    at: float
    luma: Picture
    scale: float
    looked: frozenset[ObjectClass]
    still: Callable[[], Still]
    small: Picture | None = None  # the picture as the static generator sees it, and its scale
    small_scale: float = 1.0
    ground: Picture | None = None  # its background
    knows_street: bool = False  # it was known before the first picture
    past: Past = field(default_factory=Past)
    things: tuple[Box, ...] = ()  # what the generator proposes, in whichever zone
    stream_age_s: float = 0.0
    vetoes: tuple[Box, ...] = ()  # of people, vehicles and cycles
    wheeled: tuple[Box, ...] = ()  # of vehicles and cycles
    new_in: Callable[[Box], float | None] = lambda _: None
