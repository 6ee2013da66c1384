"""What the camera worker sends, what it is told, and what a guard may look at."""

from dataclasses import dataclass
from datetime import datetime

from chengzhi.vision.types.codes import FindingKind


@dataclass(frozen=True, kw_only=True)
class FindingFacts:
    """What the guards of the review procedure may look at."""

    kind: str
    is_reviewable: bool
    seconds_since_decision: float | None = None
    work_order_moved: bool = False
    work_order_code: str = ""


@dataclass(frozen=True, kw_only=True)
class ExpectedEvidence:
    """One file that the worker promises to bring, named by its hash."""

    name: str
    role: str
    media_type: str
    sha256: str
    size: int


@dataclass(frozen=True, kw_only=True)
class ManifestLink:
    """The place of a finding's manifest in the chain of its camera's day.

    A stretch (接力段) is what was written under one lease, named by its epoch; 0 without a lease.
    """

    day: str
    number: int
    previous: str = ""
    stretch: int = 0


@dataclass(frozen=True, kw_only=True)
class IncomingFinding:
    """One message of the worker about one finding."""

    finding_id: str
    camera: str
    kind: FindingKind
    matter_code: str
    zone: str
    started_at: datetime
    alarm_at: datetime
    start_unknown: bool
    bbox: tuple[float, float, float, float]  # left, top, width, height in pixels of the frame
    score: float
    model: str
    model_version: str
    frame_sha256: str
    evidence: tuple[ExpectedEvidence, ...] = ()
    frame: tuple[int, int] | None = None  # its size; an older worker does not say it
    explored: bool = False  # the worker drew it from below the threshold
    epoch: int | None = None  # of the lease under which it was found
    chain: ManifestLink | None = None
    shop_names: tuple[str, ...] = ()  # read by a machine, a hint only


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What the worker is told: whether it is new, and which files are still missing."""

    id: int
    finding_id: str
    is_new: bool
    evidence_missing: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class CameraBeat:
    """One camera's line in a heartbeat; counters run since the worker's start."""

    code: str
    frames: int
    dropped: int
    fps: float
    blind_s: float
    lag_s: float
    state: str
    restarts: int
    cost_ms: float = 0.0  # CPU milliseconds a second
    note: str = ""  # why the worker does not watch it
    epoch: int | None = None  # of the lease, where there is one
    preset: str = ""  # the view at which a moving camera stands; empty: none that is known


@dataclass(frozen=True, kw_only=True)
class BeatReceipt:
    """How many cameras were known, the codes that were not, and those to stop watching."""

    known: int
    unknown: tuple[str, ...]
    stop: tuple[str, ...] = ()
