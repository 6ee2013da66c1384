"""Coverage plans (错区域) for machines: whose turn it is, and a plan with its gaps."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema

from chengzhi.accounts import interface as accounts
from chengzhi.workorders.api.orders import acting
from chengzhi.workorders.queries import coverage as queries
from chengzhi.workorders.types.coverage import PlanState

router = Router()


class TurnIn(Schema):
    """Where and when; without a moment, now."""

    grid: str = Field(max_length=20)
    at: datetime | None = None


class TurnOut(Schema):
    """Whose turn it is; every field is empty where no plan says."""

    plan: int | None = None
    zone: str = ""
    weekday: int | None = None
    slot: str = ""
    slot_label: str = ""
    primary: str = ""
    backup: str = ""
    unit: str = ""


class PlanRefOut(Schema):
    """A version of the plan."""

    id: int
    state: PlanState
    state_label: str
    starts_on: date
    ends_on: date | None
    note: str
    zone_count: int
    gap_count: int


class CellOut(Schema):
    """One cell of the matrix."""

    slot: str
    primary: str
    backup: str
    found: dict[str, int]
    is_gap: bool
    is_overlap: bool


class ZoneOut(Schema):
    """One zone on a weekday."""

    id: int
    name: str
    grids: list[str]
    unit: str
    unit_name: str
    cells: list[CellOut]
    gap_week: int
    overlap_week: int


class PlanOut(Schema):
    """One version on one weekday."""

    ref: PlanRefOut
    weekday: int
    zones: list[ZoneOut]


class WeekdayIn(Schema):
    """Which day, 1 is Monday."""

    weekday: int = Field(default=1, ge=1, le=7)


@router.get("/turn", response={200: TurnOut})
def turn(request: HttpRequest, asked: Query[TurnIn]) -> Any:
    """Return whose turn it is in a patrol grid at a moment."""
    actor, at = acting(request), asked.at or timezone.now()
    accounts.require(actor, *queries.READERS)
    if at.tzinfo is None:
        at = timezone.make_aware(at)
    return queries.primary_for(actor.county, asked.grid, at) or TurnOut()


@router.get("/plans", response={200: list[PlanRefOut]})
def plans(request: HttpRequest) -> Any:
    """List the versions, newest first."""
    return queries.plan_refs(acting(request))


@router.get("/plans/{int:plan_id}", response={200: PlanOut})
def plan(request: HttpRequest, plan_id: int, asked: Query[WeekdayIn]) -> Any:
    """Return one version on one weekday, with gaps and overlaps."""
    return queries.plan_view(acting(request), plan_id, weekday=asked.weekday, now=timezone.now())
