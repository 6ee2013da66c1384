"""Thresholds that are learned from verdicts, and what stands behind each."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from urllib.parse import urlencode


class Blame(StrEnum):
    """What a verdict speaks against; only the detector's score answers to a threshold."""

    DETECTOR = "detector"
    RULE = "rule"
    ZONE = "zone"
    PERMIT = "permit"
    NOBODY = "nobody"


BLAME_LABELS: dict[str, str] = {
    Blame.DETECTOR: "识别有误，计入阈值",
    Blame.RULE: "停留时限偏短，改规则",
    Blame.ZONE: "区域画错，改区域",
    Blame.PERMIT: "已获许可，不怪识别",
    Blame.NOBODY: "看不出，不计入",
}


class Explored(StrEnum):
    """Who drew a finding from below the threshold, so that the estimate stays honest (探查)."""

    NO = ""
    SERVER = "server"
    WORKER = "worker"


class ThresholdState(StrEnum):
    """Where a version of a threshold stands (识别阈值)."""

    PROPOSED = "proposed"
    PUBLISHED = "published"
    DECLINED = "declined"
    SUPERSEDED = "superseded"


THRESHOLD_STATE_LABELS: dict[str, str] = {
    ThresholdState.PROPOSED: "待采纳",
    ThresholdState.PUBLISHED: "已发布",
    ThresholdState.DECLINED: "未采纳",
    ThresholdState.SUPERSEDED: "已被取代",
}
THRESHOLD_STATE_CHIPS: dict[str, str] = {
    ThresholdState.PROPOSED: "warn",
    ThresholdState.PUBLISHED: "ok",
    ThresholdState.DECLINED: "idle",
    ThresholdState.SUPERSEDED: "hold",
}


class DriftKind(StrEnum):
    """What went astray (漂移)."""

    PRECISION = "precision"
    TREND = "trend"
    VOLUME = "volume"


DRIFT_LABELS: dict[str, str] = {
    DriftKind.PRECISION: "准确率低于目标",
    DriftKind.TREND: "准确率持续下降",
    DriftKind.VOLUME: "抓拍量突变",
}


@dataclass(frozen=True, kw_only=True)
class ScoredVerdict:
    """Reviewed findings of one score; `weight` is one over the chance of each to be shown."""

    score: float
    is_true: bool
    weight: float = 1.0
    count: int = 1


@dataclass(frozen=True, kw_only=True)
class Curve:
    """What is to be expected at each threshold, for a camera or the whole county."""

    points: tuple["CurvePoint", ...]
    verdicts: int
    effective: float  # verdicts after weighting (Kish), as sure as so many equal ones

    def at(self, threshold: float) -> "CurvePoint":
        """Return the point of the grid at or next above a threshold."""
        above = [point for point in self.points if point.threshold >= threshold - 1e-9]
        return above[0] if above else self.points[-1]


@dataclass(frozen=True, kw_only=True)
class CurvePoint:
    """Expected precision with its 95 % interval, and findings a day, if this were the threshold."""

    threshold: float
    precision: float
    low: float
    high: float
    per_day: float
    verdicts: int  # plainly counted at or above
    true: int
    effective: float


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Within what a threshold may move, and toward what."""

    target: float
    floor: float
    ceiling: float
    most_step: float
    exploration_share: float
    is_automatic: bool = False
    policy: int | None = None


@dataclass(frozen=True, kw_only=True)
class Choice:
    """Which threshold the verdicts speak for, and why, or why none."""

    value: float | None
    reaches: bool
    point: CurvePoint | None
    why: str


@dataclass(frozen=True, kw_only=True)
class Drift:
    """One alarm about a camera's category."""

    kind: DriftKind
    text: str


@dataclass(frozen=True, kw_only=True)
class PolicyDraft:
    """What a person publishes about a category's thresholds (阈值办法)."""

    title: str
    document: str
    kind: str
    target: float
    floor: float
    ceiling: float
    most_step: float
    exploration_share: float
    is_automatic: bool


@dataclass(frozen=True, kw_only=True)
class PolicyView:
    """A published policy as its page shows it."""

    id: int
    title: str
    document: str
    kind: str
    kind_label: str
    target: float
    floor: float
    ceiling: float
    most_step: float
    exploration_share: float
    is_automatic: bool
    answerable: str
    answerable_name: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, kw_only=True)
class ThresholdView:
    """One version of a threshold."""

    id: int
    kind: str
    kind_label: str
    camera: str
    camera_name: str
    version: int
    value: float
    previous: float | None
    state: str
    state_label: str
    chip: str
    why: str
    is_automatic: bool
    proposed_at: datetime
    decided_at: datetime | None
    decided_by: str
    policy: str
    precision: float | None
    per_day: float | None
    verdicts: int


@dataclass(frozen=True, kw_only=True)
class CalibrationRow:
    """A category, in the county or at one camera, in the list."""

    kind: str
    kind_label: str
    camera: str
    camera_name: str
    target: float
    threshold: float | None
    is_own: bool  # the camera has a threshold of its own
    true: int
    false: int
    apart: int  # reviewed, but not the detector's business
    precision: float | None
    low: float | None
    high: float | None
    per_day: float
    parked: int
    explored: int
    proposal: float | None
    proposal_id: int | None
    alarms: tuple["AlarmView", ...]
    drill: dict[str, str] = field(default_factory=dict)  # reviewed in the window
    drill_received: dict[str, str] = field(default_factory=dict)

    @property
    def list_query(self) -> str:
        """The address of the list of what was reviewed."""
        return urlencode(self.drill)

    @property
    def received_query(self) -> str:
        """The address of the list of what came in."""
        return urlencode(self.drill_received)


@dataclass(frozen=True, kw_only=True)
class AlarmView:
    """One drift alarm, open or ended."""

    id: int
    kind: str
    label: str
    camera: str
    text: str
    raised_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class ReasonCount:
    """How often a reason was given, what it speaks against, and the list behind it."""

    code: str
    label: str
    count: int
    blame: str
    drill: dict[str, str]

    @property
    def query(self) -> str:
        """The address of the list behind the count."""
        return urlencode(self.drill)


@dataclass(frozen=True, kw_only=True)
class CalibrationPoint:
    """A row of the threshold table with the lists behind its numbers."""

    point: CurvePoint
    is_current: bool
    is_chosen: bool
    is_allowed: bool
    drill: dict[str, str]
    drill_true: dict[str, str]

    @property
    def query(self) -> str:
        """The address of the list of the verdicts."""
        return urlencode(self.drill)

    @property
    def query_true(self) -> str:
        """The address of the list of the true ones."""
        return urlencode(self.drill_true)


@dataclass(frozen=True, kw_only=True)
class CalibrationDetail:
    """Everything the page of one category shows."""

    row: CalibrationRow
    subject: str  # under which the event log knows these thresholds
    limits: Limits
    policy: PolicyView | None
    points: tuple[CalibrationPoint, ...]
    choice: Choice
    reasons: tuple[ReasonCount, ...]
    versions: tuple[ThresholdView, ...]
    alarms: tuple[AlarmView, ...]
    window_from: date
    window_to: date
