"""A camera as its file and its administrator describe it."""

from dataclasses import dataclass, field

from chengzhi.vision.types.codes import DrawTool, FindingKind, ZoneKind

Polygon = tuple[tuple[float, float], ...]
PersonMark = tuple[float, float, float]  # x and y of the feet, height; pixels


def camera_subject(key: int) -> str:
    """Return the name under which the event log and the evidence know a camera."""
    return f"camera:{key}"


@dataclass(frozen=True, kw_only=True)
class Perspective:
    """How tall a person looks at two places of the picture (透视提示)."""

    person: tuple[PersonMark, PersonMark]


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """How an area was drawn, so that it can be changed the same way again (画法)."""

    tool: DrawTool
    points: Polygon
    width: float  # of the band, depth behind the line, or radius
    unit: str = "px"  # "m" where the perspective is known
    side: int = 1  # which side of the line, seen along it: 1 right, -1 left


@dataclass(frozen=True, kw_only=True)
class RuleSpec:
    """When standing in a zone becomes a finding (布控规则)."""

    finding: FindingKind
    dwell_s: float
    hours: tuple[str, ...] = ()  # "07:00-22:00", "67/09:00-18:00"; none means all day
    weekdays: tuple[int, ...] = ()  # 1 (Monday) to 7; none means every day
    except_dates: tuple[str, ...] = ()
    min_size: tuple[float, float] | None = None
    max_size: tuple[float, float] | None = None
    exempt: tuple[str, ...] = ()
    re_alert_s: float | None = None
    min_score: float | None = None
    grace_s: float | None = None
    enabled: bool = True


@dataclass(frozen=True, kw_only=True)
class ZoneSpec:
    """One area of the picture, in pixels, with its rules (布控区域)."""

    name: str
    kind: ZoneKind
    polygon: Polygon
    rules: tuple[RuleSpec, ...] = ()
    drawn: Drawn | None = None
    preset: int | None = None  # of a moving camera: the key of the view it was drawn on


@dataclass(frozen=True, kw_only=True)
class PresetSpec:
    """One view of a moving camera as its file holds it (预置位)."""

    name: str
    view: bytes  # a small grey JPEG; empty where the reader may not see it
    zones: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class CameraFile:
    """A camera file as it was read: what the worker needs and nothing else."""

    code: str
    name: str = ""
    source: str = ""
    picture: tuple[int, int] | None = None
    options: dict[str, object] = field(default_factory=dict)
    zones: tuple[ZoneSpec, ...] = ()
    presets: tuple[PresetSpec, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CameraDraft:
    """What an administrator writes about a camera."""

    name: str
    lon: float
    lat: float
    address: str = ""
    heading: float | None = None
    source: str = ""
    worker: str = ""
    enabled: bool = True
    options: dict[str, object] = field(default_factory=dict)
