"""What the pages and other contexts read."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from chengzhi.vision.types.camera import (
    Drawn,
    Perspective,
    Polygon,
    RuleSpec,
    camera_subject,
)
from chengzhi.vision.types.codes import ZoneKind
from chengzhi.vision.types.recheck import RecheckCard


@dataclass(frozen=True, kw_only=True)
class FindingFilter:
    """What a list of findings is narrowed to; dates are inclusive days of the county."""

    state: str = ""  # a state, or "true", "reviewed"
    camera: str = ""
    kind: str = ""
    reason: str = ""
    town: str = ""
    find: str = ""
    received_from: date | None = None
    received_to: date | None = None
    decided_from: date | None = None
    decided_to: date | None = None
    score_from: float | None = None
    score_to: float | None = None  # below
    learned: str = ""  # "yes", "true", "false": what a threshold learns from; "apart": the rest
    explored: str = ""  # "yes": drawn from below the threshold


@dataclass(frozen=True, kw_only=True)
class FindingRow:
    """A finding in a list."""

    id: int
    finding_id: str
    camera: str
    camera_name: str
    kind: str
    kind_label: str
    matter_code: str
    zone: str
    state: str
    state_label: str
    chip: str
    started_at: datetime
    alarm_at: datetime
    received_at: datetime
    decided_at: datetime | None
    decided_by: str
    reason: str
    reason_label: str
    note: str
    score: float
    priority: int
    is_evidence_complete: bool
    start_unknown: bool
    work_order: str
    work_order_code: str
    thumbnail: str = ""
    is_explored: bool = False  # drawn from below the threshold
    threshold: float | None = None  # that it met

    @property
    def code(self) -> str:
        """The short name by which people speak of it; the worker's own is long."""
        return f"{self.id}号"


@dataclass(frozen=True, kw_only=True)
class FindingPage:
    """One page of findings and the keys of its neighbours."""

    rows: list[FindingRow]
    count: int
    next_key: int | None
    previous_key: int | None


def version_of(*, is_sketch: bool) -> str:
    """Return what a picture's address carries: a sketch shall not outlive its time in a browser."""
    return "sketch" if is_sketch else "looked"


@dataclass(frozen=True, kw_only=True)
class EvidenceView:
    """One piece of evidence of a finding, arrived or still awaited."""

    sha256: str
    name: str
    role: str
    role_label: str
    media_type: str
    size: int
    has_arrived: bool
    shown: str  # sha256 of what is shown: the covered copy where the worker made one
    is_published: bool
    is_side: bool
    at: datetime | None = None  # the moment it shows, where that is known
    dwell: str = ""
    is_sketch: bool = False  # nobody has looked for faces yet: what is shown is blurred as a whole

    @property
    def version(self) -> str:
        return version_of(is_sketch=self.is_sketch)

    @property
    def is_clip(self) -> bool:
        return self.media_type.startswith("video/")

    @property
    def is_still(self) -> bool:
        return not (self.is_clip or self.is_side or self.is_published)


@dataclass(frozen=True, kw_only=True)
class FindingDetail:
    """A finding with everything its page and the desk show."""

    row: FindingRow
    camera_id: int
    camera_state_label: str
    camera_chip: str
    address: str
    lon: float
    lat: float
    heading: float | None
    bbox: tuple[float, float, float, float]
    polygon: Polygon
    frame_width: int
    frame_height: int
    rule_text: str
    shop_names: tuple[str, ...]
    model: str
    model_version: str
    frame_sha256: str
    dwell_s: float
    confirmed_matter_code: str
    evidence: list[EvidenceView]
    looks: list[RecheckCard]
    can_reopen: bool
    refusal: str  # why it cannot be decided now, or ""

    @property
    def stills(self) -> list[EvidenceView]:
        return [file for file in self.evidence if file.is_still]

    @property
    def first_shown(self) -> EvidenceView | None:
        """The still that the desk opens with: the latest that has arrived."""
        return next((file for file in reversed(self.stills) if file.has_arrived), None)

    @property
    def clips(self) -> list[EvidenceView]:
        return [file for file in self.evidence if file.is_clip]


@dataclass(frozen=True, kw_only=True)
class Accuracy:
    """Capture accuracy (抓拍准确率): true captures among reviewed ones, with its interval."""

    true: int
    false: int
    backlog: int
    low: float | None
    high: float | None
    label: str = ""
    key: str = ""
    drill: dict[str, str] = field(default_factory=dict)  # filters of exactly the reviewed rows

    @property
    def reviewed(self) -> int:
        return self.true + self.false

    @property
    def rate(self) -> float | None:
        return self.true / self.reviewed if self.reviewed else None


@dataclass(frozen=True, kw_only=True)
class Strip:
    """The figures above the review desk."""

    pending: int
    oldest_wait_s: float | None
    confirmed_today: int
    rejected_today: int
    merged_today: int
    overall: Accuracy
    here: Accuracy | None = None

    @property
    def reviewed_today(self) -> int:
        return self.confirmed_today + self.rejected_today + self.merged_today

    @property
    def rate_today(self) -> float | None:
        """Of what was reviewed today, the share in which the machine was right."""
        right = self.confirmed_today + self.merged_today
        return right / self.reviewed_today if self.reviewed_today else None


@dataclass(frozen=True, kw_only=True)
class Desk:
    """The review desk: one finding, its place in the queue, what came before and comes next."""

    strip: Strip
    finding: FindingDetail | None
    position: int
    history: list[FindingRow]
    next_id: int | None
    preload: list[EvidenceView]
    previous: FindingRow | None


@dataclass(frozen=True, kw_only=True)
class CameraRow:
    """A camera in a list; where its pictures come from is never part of it."""

    id: int
    code: str
    name: str
    address: str
    division: str
    lon: float
    lat: float
    enabled: bool
    worker: str
    state: str
    state_label: str
    chip: str
    last_heartbeat_at: datetime | None
    fps: float
    lag_s: float
    dropped: int
    restarts: int
    cost_ms: float  # CPU milliseconds a second
    cost: dict[str, Any]  # the settings that decide it
    note: str  # why the worker does not watch it
    blind_minutes: float  # since midnight
    zone_count: int
    pending: int
    accuracy: Accuracy

    @property
    def subject(self) -> str:
        return camera_subject(self.id)


@dataclass(frozen=True, kw_only=True)
class CameraPage:
    """One page of cameras by code and the keys of its neighbours."""

    rows: list[CameraRow]
    count: int
    next_key: str
    previous_key: str


@dataclass(frozen=True, kw_only=True)
class RuleView:
    """A rule as the camera page shows it."""

    id: int
    version: int
    spec: RuleSpec
    kind_label: str
    when: str  # without the zone, under whose name it stands
    exempt: str
    re_alert: str


@dataclass(frozen=True, kw_only=True)
class ZoneView:
    """A zone as the camera page draws it."""

    id: int
    name: str
    kind: ZoneKind
    kind_label: str
    polygon: Polygon
    points: str
    rules: list[RuleView]
    drawn: Drawn | None = None
    smallest_far_m: float | None = None
    smallest_near_m: float | None = None
    warnings: tuple[str, ...] = ()
    preset: int | None = None


@dataclass(frozen=True, kw_only=True)
class PresetView:
    """One view of a moving camera (预置位) with the zones drawn on it."""

    id: int
    name: str
    still: str
    still_is_sketch: bool
    still_at: datetime
    is_home: bool
    is_here: bool  # the camera stood there when it last spoke
    seen_at: datetime | None
    zones: list[ZoneView]
    retired_at: datetime | None
    retired_reason: str

    @property
    def still_version(self) -> str:
        return version_of(is_sketch=self.still_is_sketch)


@dataclass(frozen=True, kw_only=True)
class CameraDetail:
    """A camera with its zones and its health; `source` only for those who may see it."""

    row: CameraRow
    heading: float | None
    grid: str
    squad: str
    still: str
    still_is_sketch: bool
    still_at: datetime | None
    still_asked_at: datetime | None
    drawn_over: tuple[int, int] | None  # size of the picture below the zones; None: not known
    is_reshaped: bool  # it is of another shape than the one on which they were drawn
    frame_width: int
    frame_height: int
    perspective: Perspective | None
    zones: list[ZoneView]
    presets: list[PresetView]  # the home first; none: the camera does not move
    source: str
    has_source: bool
    options: dict[str, object]
    incidents: list["IncidentRow"]

    @property
    def still_version(self) -> str:
        return version_of(is_sketch=self.still_is_sketch)

    @property
    def is_away(self) -> bool:
        """Whether the camera stands at another of its views than its home."""
        return any(preset.is_here and not preset.is_home for preset in self.presets)


@dataclass(frozen=True, kw_only=True)
class PlanRow:
    """One saved version of a camera's drawings (布控方案)."""

    version: int
    saved_at: datetime
    saved_by: str
    zones: list[str]
    rule_count: int


@dataclass(frozen=True, kw_only=True)
class IncidentRow:
    """One time that a camera saw nothing or said nothing (设备异常)."""

    id: int
    camera: str
    camera_name: str
    kind: str
    label: str
    started_at: datetime
    ended_at: datetime | None
    finding_id: int | None


@dataclass(frozen=True, kw_only=True)
class WorkerRow:
    """A camera worker and when it last spoke."""

    name: str
    last_heartbeat_at: datetime
    camera_count: int
    frames: int
    dropped: int
    is_silent: bool
    load_ms: float = 0.0  # CPU milliseconds a second that its cameras cost
    capacity_ms: float = 0.0  # what it can spend; 0 where it takes no leases
    note: str = ""  # what it lacks, in its own words
