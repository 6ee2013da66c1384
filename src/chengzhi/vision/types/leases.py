"""What passes between a worker that takes cameras by lease and the platform."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class HeldLease:
    """One camera that a worker says it holds."""

    code: str
    epoch: int
    cost_ms: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Tenure:
    """From when until when an epoch was a worker's own; `holder` is whose token took it."""

    holder: str
    taken_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class PlaceMemory:
    """What a worker remembers of the places of a camera; JSON that only workers read."""

    code: str
    epoch: int
    body: str


@dataclass(frozen=True, kw_only=True)
class LeaseCall:
    """A worker's regular call: here I am, this I hold, so much I can carry."""

    worker: str
    instance: str
    capacity_ms: float
    held: tuple[HeldLease, ...] = ()
    memories: tuple[PlaceMemory, ...] = ()
    is_leaving: bool = False
    wants_tables: bool = False
    explores: bool = False  # it can draw from below the published thresholds


@dataclass(frozen=True, kw_only=True)
class LeaseView:
    """One camera that the worker holds from now on; `table` where it is new or asked for."""

    code: str
    epoch: int
    table: dict[str, object] | None = None
    memory: str = ""
    memory_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class LeaseAnswer:
    """What the worker holds, what it has to let go, and when to call again."""

    leases: tuple[LeaseView, ...]
    lost: tuple[str, ...]
    ttl_s: float
    again_s: float


@dataclass(frozen=True, kw_only=True)
class Seat:
    """A worker as the distribution sees it."""

    name: str
    capacity_ms: float
    load_ms: float
    seen_at: datetime
    joined_at: datetime


@dataclass(frozen=True, kw_only=True)
class Claimable:
    """A camera that nobody holds."""

    code: str
    cost_ms: float
    free_since: datetime
    priority: int = 0


@dataclass(frozen=True, kw_only=True)
class Holding:
    """A camera that the calling worker holds."""

    code: str
    cost_ms: float
    priority: int = 0


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What the worker takes, and whether more may be had in a moment."""

    codes: tuple[str, ...] = ()
    is_more_soon: bool = False


@dataclass(frozen=True, kw_only=True)
class WatchView:
    """Who watches a camera by lease, for its page; `note` says why nobody does."""

    worker: str = ""
    epoch: int = 0
    is_watched: bool = False
    cost_ms: float = 0.0
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class FleetFigures:
    """What the platform's metrics tell of cameras and workers."""

    cameras: dict[str, int] = field(default_factory=dict)
    leases_held: int = 0
    leases_free: int = 0
    workers: int = 0
    capacity_ms: float = 0.0
    load_ms: float = 0.0
    findings: dict[str, int] = field(default_factory=dict)
    oldest_waiting_s: float = 0.0
    blind_s: float = 0.0
    unwatched_s: float = 0.0  # of that, while nobody watched
