"""The stages of one work order's loop, with the limit that each had."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from chengzhi.audit.interface import Statement
from chengzhi.kernel.errors import DomainError
from chengzhi.workorders.models import StageRun, WorkOrder
from chengzhi.workorders.procedure import STAGE_LIMITS
from chengzhi.workorders.rules.limits import civil_date, duration, likely_limit, stage_ends
from chengzhi.workorders.types import Clock, Stage, State

# label, the states in which it runs, the moments between which it ran, and its record
LOOP: tuple[tuple[str, str, tuple[State, ...], str, str, Clock | None], ...] = (
    ("report", "上报", (), "occurred_at", "reported_at", None),
    ("accept", "受理", (State.REPORTED, State.TO_VERIFY), "reported_at", "accepted_at",
     Clock.REGISTER),
    ("file", "立案", (State.ACCEPTED,), "accepted_at", "filed_at", Clock.FILE),
    ("dispatch", "派遣", (State.FILED,), "filed_at", "dispatched_at", Clock.DISPATCH),
    ("handle", "处置", (State.DISPATCHED, State.HANDLING), "dispatched_at", "handled_at",
     Clock.HANDLE),
    ("check", "核查", (State.TO_CHECK,), "handled_at", "checked_at", Clock.CHECK),
    ("close", "结案", (State.CHECKED,), "checked_at", "ended_at", Clock.CLOSE),
)  # fmt: skip
LIMITED = {
    "file": State.ACCEPTED,
    "dispatch": State.FILED,
    "check": State.TO_CHECK,
    "close": State.CHECKED,
}


def stages_of(order: WorkOrder, *, now: datetime) -> tuple[Stage, ...]:
    """Return the loop as this order has gone through it so far.

    A stage that ended is told by its record; an order from before there were any, by its moments.
    """
    runs = {run.stage: run for run in _RUNS.rows(order.pk)}
    return tuple(_stage(order, *line, runs=runs, now=now) for line in LOOP)


_RUNS: Statement[StageRun] = Statement(
    lambda order: StageRun.objects.filter(order=order).order_by("pk")
)


def _stage(
    order: WorkOrder,
    name: str,
    label: str,
    states: tuple[State, ...],
    begins: str,
    ends: str,
    clock: Clock | None,
    *,
    runs: Mapping[str, StageRun],
    now: datetime,
) -> Stage:
    started, ended = getattr(order, begins), getattr(order, ends)
    if order.state == State.SUSPENDED and order.suspended_from in states:
        return Stage(name=name, label=label, state="now", started_at=getattr(order, begins))
    is_now = order.state in states
    if is_now or (name == "close" and order.state != State.CLOSED):
        ended = None
    run = runs.get(clock) if clock else None
    told = run is not None and ended is not None
    due = order.stage_due_at if is_now else run.due_at if run and told else None
    if due is None and not told:
        due = _due(order, name, started)
    stage = Stage(
        name=name,
        label=label,
        state=_progress(is_now, ended, due, now),
        started_at=started,
        ended_at=ended,
        due_at=due,
        is_badly_late=is_now and order.badly_late_at is not None and now >= order.badly_late_at,
    )
    return _as_recorded(stage, run) if run and told else stage


def _as_recorded(stage: Stage, run: StageRun) -> Stage:
    return replace(
        stage,
        paused_minutes=run.paused_minutes,
        was_overdue=run.was_overdue,
        is_badly_late=run.badly_late,
        is_exempted=run.exempted,
    )


def _progress(is_now: bool, ended: datetime | None, due: datetime | None, now: datetime) -> str:
    if is_now:
        return "over" if due is not None and now >= due else "now"
    return "done" if ended is not None else ""


def _due(order: WorkOrder, name: str, started: datetime | None) -> datetime | None:
    """Return the limit that a stage had; none where the calendar no longer reaches."""
    if name == "handle":
        return order.handling_due_at
    if started is None or name not in LIMITED:
        return None
    frozen = duration(order.limit_amount, order.limit_unit) if name != "file" else None
    handling = frozen or likely_limit(order.matter_code, on=civil_date(started))
    try:
        return stage_ends(STAGE_LIMITS[LIMITED[name]], since=started, handling=handling).due_at
    except DomainError:
        return None
