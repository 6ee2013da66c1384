"""Whistles (镇街吹哨) for machines: write, blow, dispatch, answer, decide, confirm, read."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from chengzhi.workorders.api.orders import acting, photos_of
from chengzhi.workorders.api.schemas import PhotoIn
from chengzhi.workorders.commands import whistle, whistle_answer, whistle_dispute
from chengzhi.workorders.commands.whistle_answer import Presence
from chengzhi.workorders.queries.whistle_record import whistle_record
from chengzhi.workorders.queries.whistles import answer_page, whistle_page
from chengzhi.workorders.types.whistles import (
    AnswerFilters,
    AnswerState,
    Score,
    Urgency,
    WhistleDraft,
    WhistleFilters,
    WhistleState,
)

router = Router()
ONE = "/{int:whistle_id}"
CURSOR = Field(default="", max_length=20, description="the cursor that the last page gave")


class WhistleIn(Schema):
    """What a town writes; nobody else sees it before it is issued."""

    items: list[str] = Field(max_length=10, description="GB/T 47678.5 matters, five digits")
    urgency: Urgency
    lon: float = Field(ge=-180, le=180)
    lat: float = Field(ge=-90, le=90)
    address: str = Field(max_length=256)
    description: str = Field(default="", max_length=2000)
    departments: list[str] = Field(max_length=10, description="unit codes")
    lead: str = Field(max_length=18)
    work_order: int = Field(default=0, ge=0, lt=2**31)
    photos: list[PhotoIn] = []


class WhistleSteppedOut(Schema):
    """The whistle after a deed, and the next limit of its own."""

    id: int
    code: str
    state: WhistleState
    stage_due_at: datetime | None


class WhistleRowOut(Schema):
    """One whistle in a list."""

    id: int
    code: str
    state: WhistleState
    state_label: str
    urgency: Urgency
    urgency_label: str
    town: str
    town_name: str
    items: str
    address: str
    lead: str
    lead_name: str
    department_names: list[str]
    issued_at: datetime | None
    ended_at: datetime | None
    due_at: datetime | None
    is_overdue: bool
    lon: float
    lat: float


class AnswerOut(Schema):
    """One department's answer."""

    id: int
    whistle: int
    code: str
    unit: str
    unit_name: str
    is_lead: bool
    state: AnswerState
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
    late: list[str]


class WhistleOut(Schema):
    """One whistle with its answers."""

    row: WhistleRowOut
    description: str
    result: str
    confirm_words: str
    last_reason: str
    rework_count: int
    dispatched_at: datetime | None
    handled_at: datetime | None
    confirmed_at: datetime | None
    answers: list[AnswerOut]
    is_final: bool
    waiting_for: str


class WhistlePageOut(Schema):
    """A page of whistles; `after` is the cursor of the next, empty on the last."""

    rows: list[WhistleRowOut]
    count: int
    after: str


class AnswerPageOut(Schema):
    """A page of departments' tasks."""

    rows: list[AnswerOut]
    count: int
    after: str


class WhistlesIn(Schema):
    """What a list is asked for; empty means no restriction."""

    state: list[WhistleState] = []
    urgency: list[Urgency] = []
    town: list[str] = []
    unit: str = ""
    overdue: bool = False
    open_only: bool = False
    text: str = Field(default="", max_length=100)
    size: int = Field(default=30, ge=1, le=200)
    after: str = CURSOR


class TasksIn(Schema):
    """What the task list is asked for."""

    state: list[AnswerState] = []
    unit: str = ""
    overdue: bool = False
    open_only: bool = False
    measure: str = ""
    size: int = Field(default=30, ge=1, le=200)
    after: str = CURSOR


class WhistleReasonIn(Schema):
    """Why."""

    reason: str = Field(default="", max_length=2000)


class DepartmentsIn(Schema):
    """Who answers and who leads; empty keeps what the town asked for."""

    departments: list[str] = Field(default=[], max_length=10)
    lead: str = Field(default="", max_length=18)


class DecisionIn(Schema):
    """What the county body decides of a dispute, and why."""

    departments: list[str] = Field(max_length=10)
    lead: str = Field(max_length=18)
    reason: str = Field(max_length=2000)


class PresenceIn(Schema):
    """That somebody is there: a place or a picture."""

    lon: float | None = Field(default=None, ge=-180, le=180)
    lat: float | None = Field(default=None, ge=-90, le=90)
    people: str = Field(default="", max_length=200)
    photos: list[PhotoIn] = []


class ResultIn(Schema):
    """What was done."""

    result: str = Field(max_length=2000)
    photos: list[PhotoIn] = []


class ScoreIn(Schema):
    """What the town thinks of one department: 1 to 5."""

    unit: str = Field(max_length=18)
    points: int = Field(ge=1, le=5)
    words: str = Field(default="", max_length=500)


class ConfirmIn(Schema):
    """The town's last word."""

    scores: list[ScoreIn] = Field(max_length=10)
    words: str = Field(default="", max_length=2000)


STEPPED: dict[Any, Any] = {200: WhistleSteppedOut}


def _who(request: HttpRequest) -> dict[str, Any]:
    return {"actor": acting(request), "now": timezone.now()}


def _draft(body: WhistleIn) -> WhistleDraft:
    said = body.dict(exclude={"photos"})
    said |= {"items": tuple(body.items), "departments": tuple(body.departments)}
    return WhistleDraft(**said, photos=photos_of(body.photos))


@router.get("", response={200: WhistlePageOut})
def whistles(request: HttpRequest, asked: Query[WhistlesIn]) -> Any:
    """List the whistles that you may see, newest first."""
    filters = WhistleFilters(
        states=tuple(asked.state),
        urgencies=tuple(asked.urgency),
        towns=tuple(asked.town),
        unit=asked.unit,
        overdue=asked.overdue,
        open_only=asked.open_only,
        text=asked.text.strip(),
    )
    return whistle_page(**_who(request), filters=filters, after=asked.after, size=asked.size)


@router.get("/tasks", response={200: AnswerPageOut})
def tasks(request: HttpRequest, asked: Query[TasksIn]) -> Any:
    """List the departments' tasks that you may see, newest first."""
    filters = AnswerFilters(
        states=tuple(asked.state),
        unit=asked.unit,
        overdue=asked.overdue,
        open_only=asked.open_only,
        measure=asked.measure,
    )
    return answer_page(**_who(request), filters=filters, after=asked.after, size=asked.size)


@router.post("", response={201: WhistleSteppedOut})
def draft(request: HttpRequest, body: WhistleIn) -> Any:
    """Write a whistle of your own town."""
    return Status(201, whistle.draft_whistle(_draft(body), **_who(request)))


@router.get(ONE, response={200: WhistleOut})
def one(request: HttpRequest, whistle_id: int) -> Any:
    """Return one whistle with its answers."""
    return whistle_record(acting(request), whistle_id, now=timezone.now())


@router.put(ONE, response=STEPPED)
def amend(request: HttpRequest, whistle_id: int, body: WhistleIn) -> Any:
    """Rewrite a draft or a returned whistle."""
    return whistle.amend_whistle(whistle_id, _draft(body), **_who(request))


@router.post(f"{ONE}/issue", response=STEPPED)
def issue(request: HttpRequest, whistle_id: int) -> Any:
    """Blow the whistle (吹哨)."""
    return whistle.issue_whistle(whistle_id, **_who(request))


@router.post(f"{ONE}/withdraw", response=STEPPED)
def withdraw(request: HttpRequest, whistle_id: int, body: WhistleReasonIn) -> Any:
    """Take it back before it is dispatched (撤回)."""
    return whistle.withdraw_whistle(whistle_id, reason=body.reason, **_who(request))


@router.post(f"{ONE}/return", response=STEPPED)
def give_back(request: HttpRequest, whistle_id: int, body: WhistleReasonIn) -> Any:
    """Give it back to the town (退回镇街)."""
    return whistle_answer.return_whistle(whistle_id, reason=body.reason, **_who(request))


@router.post(f"{ONE}/dispatch", response=STEPPED)
def dispatch(request: HttpRequest, whistle_id: int, body: DepartmentsIn) -> Any:
    """Send it to the departments (派发)."""
    return whistle_answer.dispatch_whistle(
        whistle_id, departments=tuple(body.departments), lead=body.lead, **_who(request)
    )


@router.post(f"{ONE}/acknowledge", response=STEPPED)
def acknowledge(request: HttpRequest, whistle_id: int) -> Any:
    """Say that your unit has the call (签收)."""
    return whistle_answer.acknowledge(whistle_id, **_who(request))


@router.post(f"{ONE}/arrive", response=STEPPED)
def arrive(request: HttpRequest, whistle_id: int, body: PresenceIn) -> Any:
    """Say that your unit is there (到场)."""
    presence = Presence(
        lon=body.lon, lat=body.lat, people=body.people, photos=photos_of(body.photos)
    )
    return whistle_answer.arrive(whistle_id, presence=presence, **_who(request))


@router.post(f"{ONE}/report", response=STEPPED)
def report(request: HttpRequest, whistle_id: int, body: ResultIn) -> Any:
    """Report what your unit did; the lead's report is that of the whole (反馈)."""
    return whistle_answer.report_back(
        whistle_id, result=body.result, photos=photos_of(body.photos), **_who(request)
    )


@router.post(f"{ONE}/dispute", response=STEPPED)
def dispute(request: HttpRequest, whistle_id: int, body: WhistleReasonIn) -> Any:
    """Say that it is not your unit's business (职责争议)."""
    return whistle_answer.dispute(whistle_id, reason=body.reason, **_who(request))


@router.post(f"{ONE}/decide", response=STEPPED)
def decide(request: HttpRequest, whistle_id: int, body: DecisionIn) -> Any:
    """Decide a dispute (裁定)."""
    return whistle_dispute.decide_dispute(
        whistle_id,
        departments=tuple(body.departments),
        lead=body.lead,
        reason=body.reason,
        **_who(request),
    )


@router.post(f"{ONE}/send-back", response=STEPPED)
def send_back(request: HttpRequest, whistle_id: int, body: WhistleReasonIn) -> Any:
    """Say that it is not solved (不满意)."""
    return whistle.send_back(whistle_id, reason=body.reason, **_who(request))


@router.post(f"{ONE}/confirm", response=STEPPED)
def confirm(request: HttpRequest, whistle_id: int, body: ConfirmIn) -> Any:
    """Say that it is solved, and score every department (确认并评分)."""
    scores = tuple(Score(**score.dict()) for score in body.scores)
    return whistle.confirm(whistle_id, scores=scores, words=body.words, **_who(request))


@router.post(f"{ONE}/close", response=STEPPED)
def close(request: HttpRequest, whistle_id: int) -> Any:
    """End a whistle that its town confirmed (办结)."""
    return whistle_answer.close_whistle(whistle_id, **_who(request))
