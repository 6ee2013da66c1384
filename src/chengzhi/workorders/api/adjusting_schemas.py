"""What requests to the clock, notices and appeals look like on the API."""

from datetime import date, datetime

from ninja import Field, Schema

from chengzhi.workorders.api.schemas import PhotoIn
from chengzhi.workorders.types.adjustments import AdjustmentKind, AdjustmentState
from chengzhi.workorders.types.appeals import AppealState
from chengzhi.workorders.types.notices import NoticeKind, NoticeState

KEY = Field(default=0, ge=0, lt=2**31, description="the key that the last page gave")
SIZE = Field(default=30, ge=1, le=200)
TEXT = Field(min_length=1, max_length=500)


class ExtensionIn(Schema):
    """How much longer, in the unit of the limit, and why."""

    amount: int = Field(ge=1, le=1000)
    reason: str = TEXT
    photos: list[PhotoIn] = []


class SuspensionIn(Schema):
    """Until which day the order stands, for which cause, and why."""

    kind: AdjustmentKind = Field(description="deferral or shelving")
    until: date = Field(ge=date(2000, 1, 1), le=date(2099, 12, 31))
    cause: str = Field(max_length=20, description="a cause of workorders/data/adjustments.toml")
    reason: str = TEXT
    photos: list[PhotoIn] = []


class NoticeIn(Schema):
    """What the unit is told."""

    text: str = TEXT


class SupervisionIn(NoticeIn):
    """What the unit is told, and at which level."""

    level: str = Field(max_length=20, description="a level of workorders/data/notices.toml")


class AppealIn(Schema):
    """Against which late stage, and why."""

    run: int = Field(ge=1, lt=2**31)
    reason: str = TEXT
    photos: list[PhotoIn] = []


class MarkedOut(Schema):
    """A request, an appeal or a notice after a deed."""

    id: int
    state: str
    due_at: datetime | None


class AdjustmentOut(Schema):
    """One request for an extension, a deferral or shelving."""

    id: int
    order: int
    order_code: str
    kind: AdjustmentKind
    kind_label: str
    state: AdjustmentState
    state_label: str
    what: str
    cause: str
    reason: str
    unit: str
    unit_name: str
    asked_at: datetime
    first_at: datetime | None
    decided_at: datetime | None
    decided_note: str
    due_at: datetime | None
    until: date | None
    actions: list[str]


class AdjustmentPageOut(Schema):
    """A page of requests; ask again with `next_key` as `after`."""

    rows: list[AdjustmentOut]
    count: int
    next_key: int | None


class AppealOut(Schema):
    """One overtime appeal; the lateness itself stays a fact."""

    id: int
    order: int
    order_code: str
    stage: str
    stage_label: str
    state: AppealState
    state_label: str
    reason: str
    unit: str
    unit_name: str
    lodged_at: datetime
    run_due_at: datetime | None
    run_ended_at: datetime
    decided_at: datetime | None
    decided_note: str
    due_at: datetime | None
    actions: list[str]


class AppealPageOut(Schema):
    """A page of appeals."""

    rows: list[AppealOut]
    count: int
    next_key: int | None


class LateStageOut(Schema):
    """A late stage of one work order."""

    run: int
    stage: str
    stage_label: str
    unit: str
    due_at: datetime
    ended_at: datetime
    is_badly_late: bool
    is_exempted: bool
    appeal: str
    appeal_until: datetime | None


class NoticeOut(Schema):
    """One urging or supervision notice."""

    id: int
    order: int
    order_code: str
    kind: NoticeKind
    level: str
    level_label: str
    state: NoticeState
    state_label: str
    text: str
    unit: str
    unit_name: str
    issued_at: datetime
    due_at: datetime
    acknowledged_at: datetime | None
    replied_at: datetime | None
    reply: str
    is_overdue: bool
    is_automatic: bool
    actions: list[str]


class NoticePageOut(Schema):
    """A page of notices."""

    rows: list[NoticeOut]
    count: int
    next_key: int | None


class ShelvedOut(Schema):
    """One work order that stands, and when it must be looked at again."""

    id: int
    code: str
    matter_name: str
    handler: str
    handler_name: str
    kind: AdjustmentKind
    cause: str
    reason: str
    until: date | None


class ShelvedPageOut(Schema):
    """A page of what stands; `after` is the cursor of the next, empty on the last."""

    rows: list[ShelvedOut]
    count: int
    after: str


class RequestsIn(Schema):
    """What a list of requests is asked for; empty means no restriction."""

    state: list[AdjustmentState] = []
    kind: list[AdjustmentKind] = []
    unit: str = Field(default="", max_length=18)
    overdue: bool = False
    mine: bool = Field(default=False, description="only what you may decide now")
    after: int = KEY
    size: int = SIZE


class AppealsIn(Schema):
    """What a list of appeals is asked for."""

    state: list[AppealState] = []
    unit: str = Field(default="", max_length=18)
    overdue: bool = False
    mine: bool = False
    after: int = KEY
    size: int = SIZE


class NoticesIn(Schema):
    """What a list of notices is asked for."""

    state: list[NoticeState] = []
    kind: list[NoticeKind] = []
    unit: str = Field(default="", max_length=18)
    overdue: bool = False
    after: int = KEY
    size: int = SIZE


class ShelvedIn(Schema):
    """What the ledger is asked for."""

    kind: list[AdjustmentKind] = []
    unit: str = Field(default="", max_length=18)
    after: str = Field(default="", max_length=40)
    size: int = SIZE
