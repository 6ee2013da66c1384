"""Words and values of the work order (监督案件): states, channels, reports and facts."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class State(StrEnum):
    """Where a work order stands in the eight-stage loop (CJJ/T 106; domain.md 1.5)."""

    REPORTED = "reported"
    TO_VERIFY = "to_verify"
    ACCEPTED = "accepted"
    FILED = "filed"
    DISPATCHED = "dispatched"
    HANDLING = "handling"
    TO_CHECK = "to_check"
    CHECKED = "checked"
    CLOSED = "closed"
    REJECTED = "rejected"
    VOIDED = "voided"
    MERGED = "merged"


STATE_LABELS: dict[str, str] = {
    State.REPORTED: "待受理",
    State.TO_VERIFY: "待核实",
    State.ACCEPTED: "待立案",
    State.FILED: "待派遣",
    State.DISPATCHED: "待接收",
    State.HANDLING: "处置中",
    State.TO_CHECK: "待核查",
    State.CHECKED: "待结案",
    State.CLOSED: "已结案",
    State.REJECTED: "不予受理",
    State.VOIDED: "已作废",
    State.MERGED: "已并案",
}
FINAL_STATES = frozenset({State.CLOSED, State.REJECTED, State.VOIDED, State.MERGED})
OPEN_STATES = tuple(state for state in State if state not in FINAL_STATES)


class Channel(StrEnum):
    """How a report came in (问题来源)."""

    CAMERA = "camera"
    COLLECTOR = "collector"
    HOTLINE = "hotline"
    CITIZEN = "citizen"
    MERCHANT = "merchant"
    PATROL = "patrol"
    SUPERIOR = "superior"


CHANNEL_LABELS: dict[str, str] = {
    Channel.CAMERA: "摄像头抓拍",
    Channel.COLLECTOR: "采集员上报",
    Channel.HOTLINE: "热线",
    Channel.CITIZEN: "群众上报",
    Channel.MERCHANT: "商户上报",
    Channel.PATROL: "巡查发现",
    Channel.SUPERIOR: "上级交办",
}


class Verification(StrEnum):
    """What 核实 found: whether a reported problem exists, before filing."""

    EXISTS = "exists"
    ABSENT = "absent"
    UNABLE = "unable"


VERIFICATION_LABELS: dict[str, str] = {
    Verification.EXISTS: "属实",
    Verification.ABSENT: "不存在",
    Verification.UNABLE: "无法核实",
}


class Check(StrEnum):
    """What 核查 found: whether a handled problem is gone, after handling."""

    PASS = "pass"
    FAIL = "fail"
    UNABLE = "unable"


CHECK_LABELS: dict[str, str] = {
    Check.PASS: "通过",
    Check.FAIL: "不通过",
    Check.UNABLE: "无法核查",
}


@dataclass(frozen=True, kw_only=True)
class PhotoRef:
    """A stored picture by its hash, and what it shows (a `FileRole` of the evidence store)."""

    sha256: str
    role: str


@dataclass(frozen=True, kw_only=True)
class FindingEvidence:
    """Where a machine's finding came from and who confirmed it: a machine never decides."""

    ref: str  # "finding:12"
    camera: str
    confirmed_by: str  # actor ref; empty means that nobody has
    score: float | None = None
    started_at: datetime | None = None
    alarm_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Report:
    """What somebody, or a camera, says is wrong somewhere (上报)."""

    channel: Channel
    matter_code: str
    lon: float
    lat: float
    address: str
    description: str = ""
    photos: tuple[PhotoRef, ...] = ()
    client_ref: str = ""  # the sender's own id: the same one never makes a second work order
    reporter_name: str = ""
    reporter_phone: str = ""
    occurred_at: datetime | None = None
    component_code: str = ""
    finding: FindingEvidence | None = None


@dataclass(frozen=True, kw_only=True)
class Nearby:
    """Another work order close in place, time and matter: a possible duplicate (可能重复)."""

    id: int
    code: str
    state: str
    matter_code: str
    matter_name: str
    address: str
    channel: str
    metres: float
    lon: float
    lat: float
    reported_at: datetime


@dataclass(frozen=True, kw_only=True)
class Reported:
    """The answer to a report. `created` is false when the same `client_ref` came before."""

    id: int
    code: str
    state: str
    duplicates: tuple[Nearby, ...] = ()
    created: bool = True


@dataclass(frozen=True, kw_only=True)
class Condition:
    """A row of the handling standard, frozen into the record when the work order is filed."""

    scheme: str
    number: int
    filing_condition: str
    closing_condition: str
    limit_amount: int
    limit_unit: str
    limit_text: str
    source: str
    handler_kind: str = ""


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What a guard may ask: the record as it stands, and what the deed brings."""

    channel: str = Channel.COLLECTOR
    needs_verification: bool = False
    located: bool = True  # the point lies in a town of the county
    confirmed_finding: bool = False
    verification: str = ""
    condition_number: int = 0
    handler: str = ""
    handled_by: str = ""
    returned_by: frozenset[str] = frozenset()
    master: int = 0
    # what the deed brings
    actor: str = ""
    actor_unit: str = ""
    by_centre: bool = False  # the supervision centre writes it down for somebody in the field
    reason: str = ""
    photo_roles: frozenset[str] = frozenset()
    unit: str = ""  # the unit a dispatch names
    unit_known: bool = False
    chosen: Condition | None = None
    assignee: str = ""
    assignee_known: bool = False
    target: "MasterFacts | None" = None


@dataclass(frozen=True, kw_only=True)
class MasterFacts:
    """The work order into which another is to be merged."""

    id: int
    code: str
    state: str
    is_same: bool


@dataclass(frozen=True, kw_only=True)
class RoutingRow:
    """A routing rule: which unit handles what, where (派遣规则)."""

    id: int
    matter_prefix: str
    area_prefix: str  # division, cell or patrol grid code; empty means the whole county
    handler_kind: str  # what the condition row asks for; empty means any
    unit: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """Who should handle it, and why in sentences. An empty unit means that a person decides."""

    unit: str
    unit_name: str
    reasons: tuple[str, ...]
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Contact:
    """Who reported, unmasked."""

    name: str
    phone: str


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What a list shows; every empty field means no restriction."""

    states: tuple[str, ...] = ()
    matter: str = ""  # code prefix
    channels: tuple[str, ...] = ()
    handler: str = ""
    towns: tuple[str, ...] = ()
    grid: str = ""
    overdue: bool = False
    due_soon: bool = False
    open_only: bool = False
    rework_from: int = 0
    since: datetime | None = None
    until: datetime | None = None
    text: str = ""
    mine: bool = False
    measure: str = ""  # a named predicate of a report, so that a number opens its own list


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of a list, of the desk's queue or of an export."""

    id: int
    code: str
    serial: int
    state: str
    state_label: str
    channel: str
    channel_label: str
    matter_code: str
    matter_name: str
    address: str
    town: str
    town_name: str
    grid: str
    handler: str
    handler_name: str
    lon: float
    lat: float
    reported_at: datetime
    filed_at: datetime | None
    closed_at: datetime | None
    stage_warn_at: datetime | None
    stage_due_at: datetime | None
    handling_due_at: datetime | None
    rework_count: int
    return_count: int


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page of a list. `after` and `before` are cursors, empty at either end."""

    rows: tuple[Row, ...]
    after: str = ""
    before: str = ""
    count: int | None = None


@dataclass(frozen=True, kw_only=True)
class SpotLine:
    """How often a matter came up at a spot, and how long it took on average to close."""

    matter_name: str
    count: int
    mean: timedelta | None


@dataclass(frozen=True, kw_only=True)
class SourceCount:
    """What one channel brought in a period (reports read model)."""

    channel: str
    label: str
    reported: int = 0
    filed: int = 0
    closed: int = 0
    on_time: int = 0
    late: int = 0
    open: int = 0
    overdue: int = 0


@dataclass(frozen=True, kw_only=True)
class Totals:
    """The numbers of a period; each is the length of the list that the same measure gives.

    `reported`, `filed` and `closed` count by their own moment in the period; `on_time` and `late`
    split the closed ones by their first handling deadline; `open` and `overdue` are as of now.
    """

    reported: int = 0
    filed: int = 0
    closed: int = 0
    on_time: int = 0
    late: int = 0
    open: int = 0
    overdue: int = 0
    by_channel: tuple[SourceCount, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Action:
    """One step that leads on from here: whether this person may take it, and if not, why."""

    name: str
    label: str
    basis: str
    roles: tuple[str, ...]  # labels of those who may
    is_mine: bool
    reasons: tuple[str, ...] = ()  # what the record itself lacks

    @property
    def is_open(self) -> bool:
        """Whether the person may take it now."""
        return self.is_mine and not self.reasons


@dataclass(frozen=True, kw_only=True)
class Stage:
    """One stage of the loop: when it began and ended, and what its limit was."""

    name: str
    label: str
    state: str  # done | now | over | ""
    started_at: datetime | None = None
    ended_at: datetime | None = None
    due_at: datetime | None = None

    @property
    def is_late(self) -> bool:
        """Whether it ended after its limit."""
        return bool(self.due_at and self.ended_at and self.ended_at > self.due_at)


@dataclass(frozen=True, kw_only=True)
class Record:
    """Everything a reader of one work order sees, but its files and its timeline."""

    row: Row
    subject: str
    description: str
    component_code: str
    cell: str
    community: str
    road: str
    reporter_name: str  # masked
    reporter_phone: str  # masked
    reported_by_name: str
    occurred_at: datetime
    scheme: str
    condition_number: int
    filing_condition: str
    closing_condition: str
    limit_text: str
    limit_unit: str
    standard_source: str
    verification_label: str
    verifier: str
    verifier_name: str
    checker: str
    checker_name: str
    last_reason: str
    finding: str
    camera: str
    score: float | None
    accepted_at: datetime | None
    dispatched_at: datetime | None
    task_accepted_at: datetime | None
    handled_at: datetime | None
    checked_at: datetime | None
    is_final: bool
    is_on_time: bool | None  # None until it was handled
    master: tuple[int, str] | None
    merged: tuple[tuple[int, str], ...]
    stages: tuple[Stage, ...]
    actions: tuple[Action, ...]
    capabilities: frozenset[str]
    next_action: Action | None
