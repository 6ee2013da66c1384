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
