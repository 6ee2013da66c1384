"""What remedies (无主难题、代整治) send and answer, typed."""

from datetime import date, datetime
from typing import Any

from ninja import Field, Schema

from chengzhi.workorders.api.schemas import FIRST_DAY, LAST_DAY, PhotoIn
from chengzhi.workorders.types.remedies import Conclusion, RemedyState, Track

MONEY = Field(ge=1, le=10**12, description="fen")
CURSOR = Field(default="", max_length=20, description="the cursor that the last page gave")


def _day(default: Any = ...) -> Any:
    return Field(default=default, ge=FIRST_DAY, le=LAST_DAY)


class ProblemIn(Schema):
    """A problem without a clear owner."""

    kind: str = Field(max_length=20)
    lon: float = Field(ge=-180, le=180)
    lat: float = Field(ge=-90, le=90)
    address: str = Field(max_length=256)
    description: str = Field(default="", max_length=2000)
    is_hazard: bool = False
    component_code: str = Field(default="", max_length=17)
    work_order: int = Field(default=0, ge=0, lt=2**31)
    photos: list[PhotoIn] = []


class RemedySteppedOut(Schema):
    """The remedy after a deed."""

    id: int
    code: str
    state: RemedyState
    track: Track


class RemedyRowOut(Schema):
    """One remedy in a list."""

    id: int
    code: str
    state: RemedyState
    state_label: str
    kind: str
    kind_label: str
    track: Track
    track_label: str
    is_hazard: bool
    town: str
    town_name: str
    address: str
    contractor_name: str
    registered_at: datetime
    solved_at: datetime | None
    due_at: datetime | None
    late: list[str]
    budget_fen: int
    settled_fen: int
    lon: float
    lat: float


class RemedyPageOut(Schema):
    """A page of remedies; `after` is the cursor of the next, empty on the last."""

    rows: list[RemedyRowOut]
    count: int
    after: str


class SearchLineOut(Schema):
    """Where an owner was looked for."""

    source: str
    source_label: str
    found: bool
    result: str
    at: datetime


class TrackOut(Schema):
    """One legal way, with what stands against it now."""

    track: Track
    label: str
    basis: str
    reasons: list[str]


class RemedyOut(Schema):
    """One remedy."""

    row: RemedyRowOut
    description: str
    component_code: str
    fence_due_at: datetime | None
    fenced_at: datetime | None
    search_due_at: datetime
    solve_due_at: datetime
    obligor_name: str
    notice_on: date | None
    notice_ends_on: date | None
    perform_on: date | None
    remind_by: date | None
    reminded_on: date | None
    notified_at: datetime | None
    quantity: str
    recovered_fen: int
    searches: list[SearchLineOut]
    missing_sources: list[str]
    tracks: list[TrackOut]
    is_final: bool


class RatesOut(Schema):
    """解决率 and 及时解决率 of a period, as shares, with the counts they rest on."""

    solved: float | None
    solved_on_time: float | None
    recovery: float | None
    mean_cost_fen: int | None
    counts: dict[str, int]


class RemediesIn(Schema):
    """What a list is asked for; empty means no restriction."""

    state: list[RemedyState] = []
    kind: list[str] = []
    track: list[Track] = []
    town: list[str] = []
    open_only: bool = False
    overdue: bool = False
    hazard: bool = False
    measure: str = ""
    text: str = Field(default="", max_length=100)
    size: int = Field(default=30, ge=1, le=200)
    after: str = CURSOR


class PeriodIn(Schema):
    """How far back the numbers reach."""

    days: int = Field(default=365, ge=1, le=3660)


class RemedyReasonIn(Schema):
    """Why, or what."""

    reason: str = Field(default="", max_length=2000)


class FenceIn(Schema):
    """How the place was fenced."""

    note: str = Field(default="", max_length=500)
    photos: list[PhotoIn] = []


class SearchIn(Schema):
    """Where an owner was looked for, and what came of it."""

    source: str = Field(max_length=20)
    found: bool
    result: str = Field(max_length=500)


class MeetingIn(Schema):
    """A responsibility meeting."""

    held_on: date = _day()
    attendees: str = Field(max_length=300)
    opinions: str = Field(max_length=2000)
    conclusion: Conclusion


class NoticeIn(Schema):
    """A public notice (浙江省城乡规划条例 64)."""

    on: date = _day()
    media: str = Field(max_length=200)
    is_notarized: bool = False


class ObligorIn(Schema):
    """Who must do it, and how that is known."""

    name: str = Field(max_length=100)
    contact: str = Field(default="", max_length=100)
    basis: str = Field(max_length=500)


class BudgetIn(Schema):
    """What may be spent."""

    budget_fen: int = MONEY
    note: str = Field(default="", max_length=500)


class SubstituteIn(Schema):
    """A decision on substitute performance (行政强制法 50、51)."""

    ordered_on: date | None = _day(None)
    perform_by: date | None = _day(None)
    demanded_on: date | None = _day(None)
    consequence: str = Field(default="", max_length=20)
    budget_fen: int = MONEY
    performer: str = Field(max_length=18)
    perform_on: date | None = _day(None)


class RescheduleIn(Schema):
    """Another day for the performance."""

    perform_on: date = _day()
    reason: str = Field(max_length=500)


class WorkIn(Schema):
    """What the contractor is told to do."""

    contractor: str = Field(default="", max_length=18)
    text: str = Field(default="", max_length=2000)
    photos: list[PhotoIn] = []


class AtOnceIn(WorkIn):
    """Immediate substitute performance (行政强制法 52)."""

    place: str = Field(max_length=20)
    is_unable: bool


class DoneIn(Schema):
    """What the contractor did."""

    quantity: str = Field(max_length=200)
    supervisors: str = Field(default="", max_length=200)
    signatures: str = Field(default="", max_length=300)
    photos: list[PhotoIn] = []


class AmountIn(Schema):
    """A sum."""

    amount_fen: int = MONEY


class PaymentIn(AmountIn):
    """A payment of the obligor."""

    paid_on: date = _day()
    payer: str = Field(default="", max_length=100)
    receipt: str = Field(max_length=60)
