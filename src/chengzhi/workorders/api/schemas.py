"""What comes in and what goes out, typed."""

from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Field, Schema

from chengzhi.evidence.types import FileRole
from chengzhi.workorders.types import Channel, Check, ClosingResult, State, Verification, Wish
from chengzhi.workorders.types.desk import Mark

Serial = Annotated[int, Field(ge=1, le=2**63 - 1)]
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
    reporter_wish: Wish = Field(
        default=Wish.UNSAID, description="only who asks for an answer is told when it is closed"
    )
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
    closing_result: str
    closing_result_label: str


class PageOut(Schema):
    """A page, its neighbours by cursor and by link, and how long the whole list is."""

    items: list[RowOut]
    count: int | None = Field(description="the whole list; null when `count=false` was asked")
    after: str = Field(description="the cursor of the next page; empty on the last one")
    before: str = Field(description="the cursor of the page before; empty on the first one")
    next: str | None = Field(description="the address of the next page")
    prev: str | None = Field(description="the address of the page before")


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
    version: int = Field(description="how many events it has had; the ETag, to send as If-Match")
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


class CommentOut(Schema):
    """A remark on the timeline."""

    seq: int
    text: str
    actor_name: str
    happened_at: datetime


class NearOut(Schema):
    """What is already known at a place, open or closed, with enough to tell whether it is the same."""

    order: RowOut
    metres: float
    description: str
    is_open: bool
    photos: list[str] = Field(description="SHA-256 of its pictures, as evidence serves them")


class NearIn(Schema):
    """Where to look, and how far in space and time; the defaults are the county's own."""

    lon: float = Field(ge=-180, le=180, description="WGS-84 degrees")
    lat: float = Field(ge=-90, le=90, description="WGS-84 degrees")
    matter: str = Field(default="", max_length=5, description="only this matter")
    metres: float | None = Field(default=None, gt=0, le=1000)
    hours: float | None = Field(default=None, gt=0, le=24 * 90)


class PeriodIn(Schema):
    """A stretch of whole days in the city's zone, both included."""

    since: date = Field(ge=FIRST_DAY, le=LAST_DAY)
    until: date = Field(ge=FIRST_DAY, le=LAST_DAY)


class CountsOut(Schema):
    """The numbers of a period; each is the length of the list with the same `measure`."""

    reported: int
    filed: int
    closed: int
    on_time: int
    late: int
    open: int
    overdue: int


class GroupOut(CountsOut):
    """The same numbers for one channel, town or matter."""

    key: str
    label: str


class StatisticsOut(CountsOut):
    """The numbers of a period, whole and by group."""

    by: str
    groups: list[GroupOut]


class DayOut(Schema):
    """What was reported and closed on one day."""

    day: date
    by_camera: int
    by_others: int
    closed: int


class ListIn(Schema):
    """Filters of a list; days are whole days in the city's zone, both included."""

    state: list[State] = Field(default=[], description="any of these states")
    channel: list[Channel] = Field(default=[], description="any of these sources")
    town: list[str] = Field(default=[], description="any of these towns; `-`: in none")
    matter: str = Field(default="", description="the start of a matter's code")
    handler: str = Field(default="", description="the unit that handles it")
    grid: str = Field(default="", description="the patrol grid")
    result: list[ClosingResult] = Field(default=[], description="how it ended, any of these")
    standing: list[Literal["deferral", "shelving"]] = Field(
        default=[], description="stopped by any of these: deferral, shelving"
    )
    overdue: bool = Field(default=False, description="open and past its stage's limit")
    due_soon: bool = Field(default=False, description="open and past 80 % of its stage's limit")
    open_only: bool = Field(default=False, description="not closed, rejected, voided or merged")
    mine: bool = Field(default=False, description="reported by, or sent to, the caller")
    marked: Mark | None = Field(default=None, description="what bears the caller's own mark")
    keys: list[Serial] = Field(default=[], max_length=200, description="only these numbers")
    rework_from: int = Field(default=0, ge=0, le=1000, description="sent back so often or more")
    measure: str = Field(default="", description="what a number of the statistics counts")
    since: date | None = Field(default=None, ge=FIRST_DAY, le=LAST_DAY)
    until: date | None = Field(default=None, ge=FIRST_DAY, le=LAST_DAY)
    text: str = Field(default="", description="in address, matter or description, or the number")
    sort: str = Field(default="-reported", description="reported, -reported, due or -due")
    after: str = Field(default="", description="the cursor that the page before gave")
    before: str = Field(default="", description="the cursor that the page after gave")
    limit: int = Field(default=50, ge=1, le=200, description="rows of a page")
    count: bool = Field(default=True, description="count the whole list, which takes longer")


class ReasonIn(Schema):
    """Why."""

    reason: str = Field(default="", max_length=1000)


class AssigneeIn(Schema):
    """To whom, such as "person:12"; left out, the beat of the place decides."""

    assignee: str = ""


class VerificationIn(ReasonIn):
    """What 核实 found."""

    result: Verification
    photos: list[PhotoIn] = []


class FileIn(Schema):
    """Under which condition row; a matter code corrects the category."""

    condition_number: int = Field(ge=1, le=1000)
    matter_code: str = ""
    reason: str = Field(default="", max_length=500, description="why, inside a control area")


class UnitIn(ReasonIn):
    """Which unit handles it."""

    unit: str


class MergeIn(ReasonIn):
    """Into which work order."""

    master: Serial


class HandlingIn(Schema):
    """What was done, with a picture taken afterwards."""

    photos: list[PhotoIn]
    note: str = Field(default="", max_length=1000)


class CheckIn(ReasonIn):
    """What 核查 found."""

    result: Check
    reason_code: str = Field(default="", max_length=30, description="of the return matrix")
    photos: list[PhotoIn] = []
    confirmed: list[str] | None = Field(
        default=None,
        max_length=20,
        description="the parts of the closing condition that were seen; without it none is asked for",
    )


class OthersIn(Schema):
    """The work orders that are not the same problem."""

    others: list[Serial] = Field(min_length=1, max_length=50)


class ContactOut(Schema):
    """Who reported, unmasked; that somebody looked stands on the timeline."""

    name: str
    phone: str


class CommentIn(Schema):
    """A remark for the timeline."""

    text: str


class PhotosIn(Schema):
    """Files to add to the record."""

    photos: list[PhotoIn]
