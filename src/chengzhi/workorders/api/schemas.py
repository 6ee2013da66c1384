"""What comes in and what goes out, typed."""

from datetime import date, datetime

from ninja import Field, Schema

from chengzhi.evidence.types import FileRole
from chengzhi.workorders.types import Channel, Check, State, Verification

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)


class PhotoIn(Schema):
    """A picture that was stored before, by its hash."""

    sha256: str = Field(min_length=64, max_length=64)
    role: FileRole


class ReportIn(Schema):
    """A report (上报). The same `client_ref` never makes a second work order."""

    channel: Channel
    matter_code: str = Field(description="GB/T 47678.5 matter, five digits")
    lon: float = Field(description="WGS-84 degrees")
    lat: float = Field(description="WGS-84 degrees")
    address: str
    description: str = ""
    photos: list[PhotoIn] = []
    client_ref: str = ""
    reporter_name: str = ""
    reporter_phone: str = ""
    occurred_at: datetime | None = None
    component_code: str = Field(default="", description="17 digits, empty for a matter")


class NearbyOut(Schema):
    """A possible duplicate: the same matter close by."""

    id: int
    code: str
    state: State
    matter_code: str
    matter_name: str
    address: str
    channel: Channel
    metres: float
    reported_at: datetime


class ReportedOut(Schema):
    """The work order of a report; `created` is false when the reference came before."""

    id: int
    code: str
    state: State
    created: bool
    duplicates: list[NearbyOut]


class RowOut(Schema):
    """One work order in a list."""

    id: int
    code: str
    state: State
    state_label: str
    channel: Channel
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


class PageOut(Schema):
    """A page; ask again with `after` or `before` to go on."""

    items: list[RowOut]
    count: int
    after: str
    before: str


class ActionOut(Schema):
    """A step that leads on from here."""

    name: str
    label: str
    basis: str
    is_open: bool
    reasons: list[str]


class WorkOrderOut(Schema):
    """One work order. Names and numbers of reporters are masked."""

    row: RowOut
    description: str
    component_code: str
    cell: str
    reporter_name: str
    reporter_phone: str
    occurred_at: datetime
    scheme: str
    condition_number: int
    filing_condition: str
    closing_condition: str
    limit_text: str
    standard_source: str
    verification_label: str
    last_reason: str
    finding: str
    is_on_time: bool | None
    actions: list[ActionOut]


class SteppedOut(Schema):
    """Where a work order stands after a step, and when that stage ends."""

    id: int
    code: str
    state: State
    handler: str
    stage_due_at: datetime | None
    handling_due_at: datetime | None


class EntryOut(Schema):
    """One line of the timeline, with its hash in the chain."""

    seq: int
    name: str
    label: str
    sentence: str
    actor_name: str
    happened_at: datetime
    hash: str


class FileOut(Schema):
    """A file of the record; it is served by its hash."""

    sha256: str
    role: str
    media_type: str
    size: int
    name: str
    captured_at: datetime | None


class ListIn(Schema):
    """Filters of a list; days are whole days in the city's zone, both included."""

    state: list[State] = Field(default=[])
    channel: list[Channel] = Field(default=[])
    town: list[str] = Field(default=[])
    matter: str = ""
    handler: str = ""
    grid: str = ""
    overdue: bool = False
    due_soon: bool = False
    open_only: bool = False
    mine: bool = False
    measure: str = ""
    since: date | None = Field(default=None, ge=FIRST_DAY, le=LAST_DAY)
    until: date | None = Field(default=None, ge=FIRST_DAY, le=LAST_DAY)
    text: str = ""
    sort: str = "-reported"
    after: str = ""
    before: str = ""
    size: int = Field(default=50, ge=1, le=200)


class ReasonIn(Schema):
    """Why."""

    reason: str = Field(default="", max_length=1000)


class AssigneeIn(Schema):
    """To whom, such as "person:12"."""

    assignee: str


class VerificationIn(ReasonIn):
    """What 核实 found."""

    result: Verification
    photos: list[PhotoIn] = []


class FileIn(Schema):
    """Under which condition row; a matter code corrects the category."""

    condition_number: int = Field(ge=1, le=1000)
    matter_code: str = ""


class UnitIn(ReasonIn):
    """Which unit handles it."""

    unit: str


class MergeIn(ReasonIn):
    """Into which work order."""

    master: int = Field(ge=1, le=2**63 - 1)


class HandlingIn(Schema):
    """What was done, with a picture taken afterwards."""

    photos: list[PhotoIn]
    note: str = Field(default="", max_length=1000)


class CheckIn(ReasonIn):
    """What 核查 found."""

    result: Check
    photos: list[PhotoIn] = []


class CommentIn(Schema):
    """A remark for the timeline."""

    text: str


class PhotosIn(Schema):
    """Files to add to the record."""

    photos: list[PhotoIn]
