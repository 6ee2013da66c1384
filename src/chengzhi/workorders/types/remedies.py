"""Words and values of an ownerless problem and its remedy (无主难题、代整治; domain.md 4.15)."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from chengzhi.workorders.types.reports import PhotoRef


class RemedyState(StrEnum):
    """Where a remedy stands."""

    REGISTERED = "registered"
    SEARCHING = "searching"
    OWNERLESS = "ownerless"
    OWNER_FOUND = "owner_found"
    APPROVED = "approved"
    DECIDED = "decided"
    REMINDED = "reminded"
    WORKING = "working"
    TO_ACCEPT = "to_accept"
    REMEDIED = "remedied"
    SETTLED = "settled"
    RECOVERING = "recovering"
    CLOSED = "closed"
    HANDED_OVER = "handed_over"
    PERFORMED = "performed"


REMEDY_LABELS: dict[str, str] = {
    RemedyState.REGISTERED: "已登记",
    RemedyState.SEARCHING: "查找权属",
    RemedyState.OWNERLESS: "认定无主",
    RemedyState.OWNER_FOUND: "已查明责任人",
    RemedyState.APPROVED: "已批准兜底整治",
    RemedyState.DECIDED: "已作代履行决定",
    RemedyState.REMINDED: "已催告",
    RemedyState.WORKING: "施工中",
    RemedyState.TO_ACCEPT: "待验收",
    RemedyState.REMEDIED: "已验收",
    RemedyState.SETTLED: "已结算",
    RemedyState.RECOVERING: "追偿中",
    RemedyState.CLOSED: "已办结",
    RemedyState.HANDED_OVER: "转正常派遣",
    RemedyState.PERFORMED: "责任人自行履行",
}
REMEDY_FINAL = frozenset({RemedyState.CLOSED, RemedyState.HANDED_OVER, RemedyState.PERFORMED})


class Track(StrEnum):
    """On which legal ground somebody else remedies it."""

    NONE = ""
    OWNERLESS = "ownerless"
    SUBSTITUTE = "substitute"
    IMMEDIATE = "immediate"


TRACK_LABELS: dict[str, str] = {
    Track.NONE: "未定",
    Track.OWNERLESS: "A 无主兜底",
    Track.SUBSTITUTE: "B 代履行",
    Track.IMMEDIATE: "B 立即代履行",
}


class Conclusion(StrEnum):
    """What a responsibility meeting concluded."""

    OWNERLESS = "ownerless"
    OWNER = "owner"
    UNCLEAR = "unclear"


CONCLUSION_LABELS: dict[str, str] = {
    Conclusion.OWNERLESS: "确认无主",
    Conclusion.OWNER: "明确责任人",
    Conclusion.UNCLEAR: "未能明确，继续查找",
}


class FundKind(StrEnum):
    """One kind of line in the ledger of the remedy fund (代整治专项资金)."""

    GRANT = "grant"
    COMMIT = "commit"
    RELEASE = "release"
    SPEND = "spend"
    RECOVER = "recover"


FUND_LABELS: dict[str, str] = {
    FundKind.GRANT: "拨入",
    FundKind.COMMIT: "占用预算",
    FundKind.RELEASE: "释放预算",
    FundKind.SPEND: "结算支出",
    FundKind.RECOVER: "追偿收回",
}


class RemedyStage(StrEnum):
    """What must be done in time."""

    FENCE = "fence"
    SEARCH = "search"
    SOLVE = "solve"
    NOTIFY = "notify"
    PAY = "pay"


REMEDY_STAGE_LABELS: dict[str, str] = {
    RemedyStage.FENCE: "现场围护",
    RemedyStage.SEARCH: "查找权属",
    RemedyStage.SOLVE: "解决",
    RemedyStage.NOTIFY: "事后通知当事人",
    RemedyStage.PAY: "当事人支付费用",
}


@dataclass(frozen=True, kw_only=True)
class ProblemDraft:
    """A problem without a clear owner, as it is registered."""

    kind: str
    lon: float
    lat: float
    address: str
    description: str
    is_hazard: bool = False
    component_code: str = ""
    work_order: int = 0
    photos: tuple[PhotoRef, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Obligor:
    """Who must do it, and how that is known."""

    name: str
    contact: str
    basis: str


@dataclass(frozen=True, kw_only=True)
class Substitute:
    """What a decision on substitute performance says (行政强制法 50、51(1)(1))."""

    ordered_on: date | None  # when the obligor was ordered to do it
    perform_by: date | None  # until when
    demanded_on: date | None  # the demand (催告) that was of no avail
    consequence: str
    budget_fen: int
    performer: str  # unit code
    perform_on: date | None


@dataclass(frozen=True, kw_only=True)
class WorkOrdered:
    """What the contractor is told to do."""

    contractor: str
    text: str
    photos: tuple[PhotoRef, ...] = ()


@dataclass(frozen=True, kw_only=True)
class WorkDone:
    """What the contractor did; on track B who supervised and signed (行政强制法 51(1)(3)、(4))."""

    quantity: str
    supervisors: str = ""
    signatures: str = ""
    photos: tuple[PhotoRef, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RemedyFacts:
    """What the guards may ask: the record, the day, and what the deed brings."""

    kind: str = ""
    track: str = ""
    obligor: str = ""
    missing_sources: tuple[str, ...] = ()
    meeting: str = ""  # the last meeting's conclusion
    notice_on: date | None = None
    notice_ends_on: date | None = None  # 浙江省城乡规划条例 64
    is_notarized: bool = False
    budget_fen: int = 0
    fund_left_fen: int = 0
    ordered_on: date | None = None
    perform_by: date | None = None
    demanded_on: date | None = None
    consequence: str = ""
    performer: str = ""
    is_performer_known: bool = False
    is_performer_party: bool = False
    perform_on: date | None = None
    remind_by: date | None = None  # 行政强制法 51(2): the last day for the reminder
    is_notified: bool = False
    settled_fen: int = 0
    recovered_fen: int = 0
    contractor: str = ""
    today: date | None = None
    is_workday: bool = True
    is_night: bool = False
    # what the deed brings
    actor_unit: str = ""
    reason: str = ""
    place: str = ""
    is_unable: bool = False
    photo_roles: frozenset[str] = frozenset()
    quantity: str = ""
    supervisors: str = ""
    signatures: str = ""
    amount_fen: int = 0


@dataclass(frozen=True, kw_only=True)
class RemedyFilters:
    """What the list shows; every empty field means no restriction."""

    states: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    tracks: tuple[str, ...] = ()
    towns: tuple[str, ...] = ()
    open_only: bool = False
    overdue: bool = False
    hazard: bool = False
    text: str = ""
    measure: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class RemedyRow:
    """One remedy in a list."""

    id: int
    code: str
    state: str
    state_label: str
    kind: str
    kind_label: str
    track: str
    track_label: str
    is_hazard: bool
    town: str
    town_name: str
    address: str
    contractor_name: str
    registered_at: datetime
    solved_at: datetime | None
    due_at: datetime | None
    late: tuple[str, ...]
    budget_fen: int
    settled_fen: int
    lon: float
    lat: float


@dataclass(frozen=True, kw_only=True)
class RemedyPage:
    """A page of remedies by key."""

    rows: tuple[RemedyRow, ...]
    count: int
    after: str = ""


@dataclass(frozen=True, kw_only=True)
class SearchLine:
    """Where an owner was looked for, by whom, with what result."""

    source: str
    source_label: str
    found: bool
    result: str
    by_name: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class MeetingLine:
    """One responsibility meeting (责任认定会)."""

    held_on: date
    attendees: str
    opinions: str
    conclusion: str
    conclusion_label: str
    by_name: str


@dataclass(frozen=True, kw_only=True)
class PaymentLine:
    """One payment of the obligor."""

    paid_on: date
    amount_fen: int
    payer: str
    receipt: str


@dataclass(frozen=True, kw_only=True)
class RemedyAction:
    """A deed that the reader may do, or sees locked with its reasons."""

    name: str
    label: str
    basis: str
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class TrackCard:
    """One legal way, with what stands against it now (the wizard)."""

    track: str
    label: str
    basis: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class RemedyRecord:
    """Everything the page of one remedy shows, but its files and its timeline."""

    row: RemedyRow
    subject: str
    description: str
    component_code: str
    work_order: tuple[int, str] | None
    created_by_name: str
    fence_due_at: datetime | None
    fenced_at: datetime | None
    search_due_at: datetime
    solve_due_at: datetime
    obligor_name: str  # masked for those who may not see it
    obligor_basis: str
    notice_on: date | None
    notice_ends_on: date | None
    notice_media: str
    is_notarized: bool
    approved_by_name: str
    approved_at: datetime | None
    ordered_on: date | None
    perform_by: date | None
    demanded_on: date | None
    consequence_label: str
    performer_name: str
    perform_on: date | None
    remind_by: date | None
    reminded_on: date | None
    immediate_label: str
    notify_due_at: datetime | None
    notified_at: datetime | None
    work_text: str
    quantity: str
    supervisors: str
    signatures: str
    work_started_at: datetime | None
    work_finished_at: datetime | None
    settled_at: datetime | None
    claimed_on: date | None
    pay_due_at: datetime | None
    recovered_fen: int
    last_reason: str
    searches: tuple[SearchLine, ...]
    missing_sources: tuple[str, ...]
    meetings: tuple[MeetingLine, ...]
    payments: tuple[PaymentLine, ...]
    tracks: tuple[TrackCard, ...]
    actions: tuple[RemedyAction, ...]
    capabilities: frozenset[str]
    is_final: bool


@dataclass(frozen=True, kw_only=True)
class RemedyRates:
    """The two published rates (双百), and what they rest on."""

    counts: dict[str, int]
    mean_cost_fen: int | None
    claimed_fen: int
    recovered_fen: int

    def _share(self, part: str) -> float | None:
        whole = self.counts["registered"]
        return self.counts[part] / whole if whole else None

    @property
    def solved(self) -> float | None:
        """解决率: solved of registered."""
        return self._share("solved")

    @property
    def solved_on_time(self) -> float | None:
        """及时解决率: solved within the limit, of registered."""
        return self._share("solved_on_time")

    @property
    def recovery(self) -> float | None:
        """追偿率: recovered of claimed."""
        return self.recovered_fen / self.claimed_fen if self.claimed_fen else None


@dataclass(frozen=True, kw_only=True)
class FundLineRow:
    """One line of the fund's ledger."""

    id: int
    at: datetime
    kind: str
    kind_label: str
    amount_fen: int
    remedy: int | None
    code: str
    note: str
    by_name: str


@dataclass(frozen=True, kw_only=True)
class Fund:
    """The fund of one year: what came in, is bound, went out, came back."""

    year: int
    granted_fen: int
    committed_fen: int
    spent_fen: int
    recovered_fen: int

    @property
    def left_fen(self) -> int:
        """What may still be bound."""
        return self.granted_fen - self.committed_fen - self.spent_fen
