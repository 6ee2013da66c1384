"""Words and values of a whistle (镇街吹哨): a town calls departments (浙江省综合行政执法条例 17)."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from chengzhi.workorders.types.reports import PhotoRef


class Urgency(StrEnum):
    """How fast the departments must come (domain.md 4.3)."""

    NORMAL = "normal"
    URGENT = "urgent"
    MAJOR = "major"


URGENCY_LABELS: dict[str, str] = {
    Urgency.NORMAL: "一般",
    Urgency.URGENT: "紧急",
    Urgency.MAJOR: "重大",
}


class WhistleState(StrEnum):
    """Where a whistle stands; what the lead department did carries it forward."""

    DRAFTED = "drafted"
    ISSUED = "issued"
    RETURNED = "returned"
    DISPATCHED = "dispatched"
    ACKNOWLEDGED = "acknowledged"
    ARRIVED = "arrived"
    HANDLED = "handled"
    CONFIRMED = "confirmed"
    DISPUTED = "disputed"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


WHISTLE_LABELS: dict[str, str] = {
    WhistleState.DRAFTED: "草稿",
    WhistleState.ISSUED: "待派发",
    WhistleState.RETURNED: "已退回镇街",
    WhistleState.DISPATCHED: "待签收",
    WhistleState.ACKNOWLEDGED: "待到场",
    WhistleState.ARRIVED: "现场处置中",
    WhistleState.HANDLED: "待镇街确认",
    WhistleState.CONFIRMED: "待办结",
    WhistleState.DISPUTED: "职责争议待裁定",
    WhistleState.CLOSED: "已办结",
    WhistleState.WITHDRAWN: "已撤回",
}
WHISTLE_FINAL = frozenset({WhistleState.CLOSED, WhistleState.WITHDRAWN})


class AnswerState(StrEnum):
    """Where one department's answer to a whistle stands."""

    PENDING = "pending"
    ACKNOWLEDGED = "acknowledged"
    ARRIVED = "arrived"
    REPORTED = "reported"
    DISPUTED = "disputed"
    EXCUSED = "excused"
    SCORED = "scored"


ANSWER_LABELS: dict[str, str] = {
    AnswerState.PENDING: "待签收",
    AnswerState.ACKNOWLEDGED: "已签收",
    AnswerState.ARRIVED: "已到场",
    AnswerState.REPORTED: "已反馈",
    AnswerState.DISPUTED: "提出争议",
    AnswerState.EXCUSED: "裁定免于响应",
    AnswerState.SCORED: "已评分",
}
ANSWER_AT_REST = frozenset({AnswerState.EXCUSED, AnswerState.SCORED})  # no clock runs


class AnswerStage(StrEnum):
    """What a department must do in time."""

    ACKNOWLEDGE = "acknowledge"
    ARRIVE = "arrive"
    FINISH = "finish"


STAGE_LABELS: dict[str, str] = {
    AnswerStage.ACKNOWLEDGE: "签收",
    AnswerStage.ARRIVE: "到场",
    AnswerStage.FINISH: "反馈结果",
}


@dataclass(frozen=True, kw_only=True)
class WhistleDraft:
    """What a town writes: what, where, how urgent, and whom it calls."""

    items: tuple[str, ...]  # matter codes
    urgency: Urgency
    lon: float
    lat: float
    address: str
    description: str
    departments: tuple[str, ...]  # unit codes
    lead: str
    work_order: int = 0
    photos: tuple[PhotoRef, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Score:
    """What a town thinks of one department's answer: 1 to 5, and why."""

    unit: str
    points: int
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class WhistleFacts:
    """What the guards of a whistle may ask: the record, and what the deed brings."""

    town: str = ""
    items: tuple[str, ...] = ()
    located_town: str = ""
    departments: tuple[str, ...] = ()
    lead: str = ""
    unknown: tuple[str, ...] = ()  # departments that are gone or may not be called
    open_names: tuple[str, ...] = ()  # departments other than the lead without a report
    disputed: tuple[str, ...] = ()
    unit: str = ""  # whose answer it is
    answered: frozenset[str] = frozenset()  # units that must be scored
    is_lead_there: bool = False  # the lead that a decision names has arrived
    # what the deed brings
    actor_town: str = ""
    actor_unit: str = ""
    reason: str = ""
    has_place: bool = False
    photo_roles: frozenset[str] = frozenset()
    scores: tuple[Score, ...] = ()


@dataclass(frozen=True, kw_only=True)
class WhistleFilters:
    """What the list of whistles shows; every empty field means no restriction."""

    states: tuple[str, ...] = ()
    urgencies: tuple[str, ...] = ()
    towns: tuple[str, ...] = ()
    unit: str = ""
    overdue: bool = False
    open_only: bool = False
    since: datetime | None = None
    until: datetime | None = None
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class AnswerFilters:
    """What the list of departments' tasks shows; `measure` opens the list behind a number."""

    states: tuple[str, ...] = ()
    unit: str = ""
    open_only: bool = False
    overdue: bool = False
    measure: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class WhistleRow:
    """One whistle in a list."""

    id: int
    code: str
    state: str
    state_label: str
    urgency: str
    urgency_label: str
    town: str
    town_name: str
    items: str
    address: str
    lead: str
    lead_name: str
    department_names: tuple[str, ...]
    issued_at: datetime | None
    ended_at: datetime | None
    due_at: datetime | None  # the next limit that somebody must keep
    is_overdue: bool
    lon: float
    lat: float


@dataclass(frozen=True, kw_only=True)
class AnswerRow:
    """One department's answer, alone in a task list or beside the others in the record."""

    id: int
    whistle: int
    code: str
    town_name: str
    address: str
    items: str
    urgency: str
    urgency_label: str
    unit: str
    unit_name: str
    is_lead: bool
    state: str
    state_label: str
    asked_at: datetime
    acknowledge_due_at: datetime
    arrive_due_at: datetime
    finish_due_at: datetime
    acknowledged_at: datetime | None
    arrived_at: datetime | None
    reported_at: datetime | None
    result: str
    people: str
    arrived_metres: int | None
    dispute: str
    score: int
    score_words: str
    due_at: datetime | None
    late: tuple[str, ...]  # labels of the stages that were or are late
    escalated_label: str


@dataclass(frozen=True, kw_only=True)
class WhistlePage:
    """A page of whistles by key."""

    rows: tuple[WhistleRow, ...]
    count: int
    after: str = ""


@dataclass(frozen=True, kw_only=True)
class AnswerPage:
    """A page of departments' tasks by key."""

    rows: tuple[AnswerRow, ...]
    count: int
    after: str = ""


@dataclass(frozen=True, kw_only=True)
class WhistleAction:
    """A deed that the reader may do now, or sees locked with its reasons."""

    name: str
    label: str
    basis: str
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class WhistleRecord:
    """Everything the page of one whistle shows, but its files and its timeline."""

    row: WhistleRow
    subject: str
    description: str
    result: str
    confirm_words: str
    last_reason: str
    rework_count: int
    created_by_name: str
    dispatched_at: datetime | None
    handled_at: datetime | None
    confirmed_at: datetime | None
    work_order: tuple[int, str] | None
    answers: tuple[AnswerRow, ...]
    own: AnswerRow | None  # the answer of the reader's own unit
    actions: tuple[WhistleAction, ...]
    is_final: bool
    waiting_for: str  # who moves next, in words
    draft: WhistleDraft | None = field(default=None)  # as the form shows it again


@dataclass(frozen=True, kw_only=True)
class WhistleRates:
    """Four published rates of one department, or of all; each count opens its own list."""

    unit: str
    unit_name: str
    counts: dict[str, int]

    def rate(self, part: str, whole: str) -> float | None:
        """Return the share, or None where nothing was asked."""
        below = self.counts[whole]
        return self.counts[part] / below if below else None

    @property
    def response(self) -> float | None:
        """响应率: acknowledged of asked."""
        return self.rate("responded", "asked")

    @property
    def arrival(self) -> float | None:
        """按时到场率: arrived in time of asked."""
        return self.rate("arrived_on_time", "asked")

    @property
    def finish(self) -> float | None:
        """办结率: reported of asked."""
        return self.rate("finished", "asked")

    @property
    def satisfaction(self) -> float | None:
        """满意率: satisfied of scored."""
        return self.rate("satisfied", "scored")
