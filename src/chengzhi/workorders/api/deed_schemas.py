"""What comes in and goes out of returns, ends, bundles, referrals and fieldwork, typed."""

from datetime import datetime

from ninja import Field, Schema

from chengzhi.workorders.api.schemas import PhotoIn, ReasonIn, ReportIn
from chengzhi.workorders.types import Channel, ClosingResult, ReferralState

MOST_KEY = 2**63 - 1


class ReturnIn(ReasonIn):
    """Why it is sent back: a code of the return matrix, and words where the code is "other"."""

    reason_code: str = Field(default="other", max_length=30)


class CloseIn(Schema):
    """What became of the problem: solved, or left to enforcement."""

    result: ClosingResult = ClosingResult.RESOLVED


class ForceCloseIn(Schema):
    """A forced end: all three must be said."""

    result: ClosingResult
    is_condition_met: bool
    reason: str = Field(max_length=1000)


class AgainIn(Schema):
    """A closed order's problem is back."""

    description: str = Field(max_length=2000)
    channel: Channel | None = None
    photos: list[PhotoIn] = []


class LinkedOut(Schema):
    """The new work order, and the closed one it is linked to."""

    id: int
    code: str
    state: str
    origin: int


class ReferIn(Schema):
    """What is suspected, why, and who is involved as far as known."""

    item: str = Field(max_length=200)
    reason: str = Field(max_length=1000)
    parties: str = Field(default="", max_length=500)


class ReferralOut(Schema):
    """A referral to enforcement and its answer."""

    id: int
    item: str
    reason: str
    state: ReferralState
    state_label: str
    sent_at: datetime
    is_taken: bool | None
    case_ref: str
    answer: str
    answered_at: datetime | None


class AnswerIn(Schema):
    """What enforcement answers: whether it takes the case, and under which reference."""

    is_taken: bool
    case_ref: str = Field(default="", max_length=80)
    answer: str = Field(default="", max_length=1000)


class AnsweredOut(Schema):
    """Whether the answer was new."""

    is_new: bool


class BundleIn(Schema):
    """Several filed work orders for one unit."""

    orders: list[int] = Field(min_length=2, max_length=50)
    unit: str
    reason: str = Field(default="", max_length=500)


class BundleLineOut(Schema):
    """What became of one work order of the bundle."""

    id: int
    code: str
    is_done: bool
    sentence: str


class BundleOut(Schema):
    """The bundle's number, empty when nothing could be dispatched, and each line."""

    id: int
    code: str
    done_count: int
    lines: list[BundleLineOut]


class HandledIn(ReportIn):
    """A report that the collector handled at once; the pictures show before and after."""

    condition_number: int = Field(default=0, ge=0, le=1000)


class TaskOut(Schema):
    """What a collector has to look at."""

    id: int
    code: str
    kind: str
    kind_label: str
    matter_name: str
    address: str
    town_name: str
    look_for: str
    lon: float
    lat: float
    due_at: datetime | None


class ControlOut(Schema):
    """The warning for a matter about to be reported; empty without one."""

    control: str
