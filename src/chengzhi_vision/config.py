"""The camera as configured: zones and rules, from a TOML file or the server's JSON."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time

from chengzhi_vision.geometry import Polygon
from chengzhi_vision.perspective import Perspective
from chengzhi_vision.thresholds import Thresholds, thresholds
from chengzhi_vision.types import FindingKind, Size, ZoneKind

ALL_DAYS = frozenset(range(1, 8))


@dataclass(frozen=True, kw_only=True)
class Span:
    """A half-open span of hours in a day; it may run past midnight."""

    start: time
    end: time
    days: frozenset[int] = ALL_DAYS  # of the day on which the span begins

    def covers(self, moment: time) -> bool:
        if self.start < self.end:
            return self.start <= moment < self.end
        return moment >= self.start or moment < self.end


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What may not stand in a zone, and for how long (规则)."""

    finding: FindingKind
    dwell_s: float
    hours: tuple[Span, ...] = ()
    weekdays: frozenset[int] = ALL_DAYS
    except_dates: frozenset[date] = frozenset()
    min_size: tuple[float, float] = (0.0, 0.0)
    max_size: tuple[float, float] | None = None
    exempt: frozenset[str] = frozenset()
    re_alert_s: float | None = None
    min_score: float | None = None
    grace_s: float | None = None
    explore_share: float = 0.0  # of the stays below min_score, reported all the same
    explore_from: float | None = None  # the lowest score of those


@dataclass(frozen=True, kw_only=True)
class Zone:
    """An area of the picture, in pixels of the camera's `picture` (区域)."""

    name: str
    kind: ZoneKind
    polygon: Polygon
    rules: tuple[Rule, ...]


@dataclass(frozen=True, kw_only=True)
class Preset:
    """A position of a turning camera (预置位): how it looks, and which zones belong to it."""

    name: str
    picture: bytes = field(repr=False)
    zones: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Camera:
    """One camera, its source and its zones (摄像机)."""

    code: str
    zones: tuple[Zone, ...]
    source: str = ""
    name: str = ""
    loop: bool = False
    loop_pause_s: float = 0.0
    sample_fps: float = 5.0
    keyframes_only: bool = False
    snapshot_s: float = 5.0
    priority: int = 0  # 0 to 9; the least important is let go first
    epoch: int | None = None  # of the lease under which it is watched
    timezone: str = "Asia/Shanghai"
    picture: Size | None = None  # on which it was drawn; none: as large as the stream's
    perspective: Perspective | None = None
    presets: tuple[Preset, ...] = ()
    limits: Thresholds = field(default_factory=thresholds)
    warnings: tuple[str, ...] = ()
