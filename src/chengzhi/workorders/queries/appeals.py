"""Overtime appeals as people read them, and the late stages that may still be appealed."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

from chengzhi import standards
from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Role
from chengzhi.kernel.clock import deadline
from chengzhi.kernel.errors import NotVisible
from chengzhi.kernel.procedure import refusals
from chengzhi.workorders.models import Appeal, StageRun
from chengzhi.workorders.procedure import APPEAL, reviewers
from chengzhi.workorders.procedure.appeal import FINAL_REVIEW
from chengzhi.workorders.queries.access import visible_to
from chengzhi.workorders.queries.directory import Directory, directory
from chengzhi.workorders.queries.paging import asked, newest
from chengzhi.workorders.rules.adjusting import adjustment_rules
from chengzhi.workorders.types import CLOCK_LABELS
from chengzhi.workorders.types.adjustments import AdjustmentFilters
from chengzhi.workorders.types.appeals import (
    APPEAL_STATES,
    OPEN_APPEALS,
    AppealFacts,
    AppealPage,
    AppealRow,
    AppealState,
    LateStage,
)

SIZE = 30


def visible_appeals(actor: Actor) -> QuerySet[Appeal]:
    """Return the appeals of the work orders that the actor may see."""
    return Appeal.objects.filter(order__in=visible_to(actor).values("pk"))


def access_appeal(actor: Actor, pk: int) -> Appeal:
    """Return one appeal.

    :raises NotVisible: there is none of that number, or not for this person.
    """
    found = visible_appeals(actor).filter(pk=pk).first()
    if found is None:
        raise NotVisible("没有这件申诉，或它不在您的查看范围内。请核对编号。")
    return found


def appeal_until(ended_at: datetime) -> datetime | None:
    """Return until when a stage that ended at a moment may be appealed."""
    window = adjustment_rules().appeal_window
    return deadline(ended_at, window, calendar=standards.current().calendar).due_at


def is_in_window(ended_at: datetime, *, now: datetime) -> bool:
    """Return whether it is still time to appeal."""
    until = appeal_until(ended_at)
    return until is None or now <= until


def facts_of(row: Appeal, actor: Actor, *, reason: str) -> AppealFacts:
    """Return what the guards of an appeal may ask."""
    return AppealFacts(
        unit=row.unit,
        lodged_by=row.lodged_by,
        first_by=row.first_by,
        actor=actor.ref,
        actor_unit=actor.unit,
        reason=reason,
    )


def may_review(actor: Actor) -> Q:
    """Return the appeals that an actor's roles may decide now."""
    waits = Q(pk__in=())
    if Role.DISPATCHER in actor.roles:
        waits |= Q(state=AppealState.LODGED)
    if not actor.roles.isdisjoint(FINAL_REVIEW):
        waits |= Q(state=AppealState.SUPPORTED) & ~Q(first_by=actor.ref)
    return waits & ~Q(unit=actor.unit) & ~Q(lodged_by=actor.ref)


def waiting_count(actor: Actor) -> int:
    """Return how many appeals wait for a person."""
    return visible_appeals(actor).filter(may_review(actor)).count()


def appeals(
    actor: Actor, filters: AdjustmentFilters, *, now: datetime, after: int = 0, size: int = SIZE
) -> AppealPage:
    """Return a page of appeals, newest first."""
    rows = visible_appeals(actor).filter(_kept(actor, filters, now=now))
    found, next_key = newest(rows.select_related("order", "run"), after=after, size=size)
    shown = as_rows(actor, found, now=now)
    return AppealPage(rows=shown, count=rows.count(), next_key=next_key)


def _kept(actor: Actor, filters: AdjustmentFilters, *, now: datetime) -> Q:
    keep = asked(filters, moment="lodged_at", waiting=OPEN_APPEALS, now=now)
    return keep & may_review(actor) if filters.mine else keep


def appeals_of(actor: Actor, order: int, *, now: datetime) -> tuple[AppealRow, ...]:
    """Return the appeals of one work order, newest first."""
    rows = visible_appeals(actor).filter(order=order).select_related("order", "run")
    return as_rows(actor, rows.order_by("-pk")[:20], now=now)


def late_stages_of(actor: Actor, order: int, *, now: datetime) -> tuple[LateStage, ...]:
    """Return the late stages of one work order, oldest first."""
    seen = visible_to(actor).filter(pk=order).values("pk")
    runs = list(StageRun.objects.filter(order__in=seen, was_overdue=True).order_by("pk"))
    known = dict(Appeal.objects.filter(run__in=runs).values_list("run", "state"))
    return tuple(_late(run, known.get(run.pk, ""), now=now) for run in runs)


def _late(run: StageRun, appeal: str, *, now: datetime) -> LateStage:
    assert run.due_at is not None, "what was overdue had an end"
    until = appeal_until(run.ended_at)
    return LateStage(
        run=run.pk,
        stage=run.stage,
        stage_label=CLOCK_LABELS[run.stage],
        unit=run.unit,
        due_at=run.due_at,
        ended_at=run.ended_at,
        is_badly_late=run.badly_late,
        is_exempted=run.exempted,
        appeal=appeal,
        appeal_label=APPEAL_STATES.get(appeal, ""),
        appeal_until=until if not appeal and until is not None and now <= until else None,
    )


def as_rows(actor: Actor, rows: Iterable[Appeal], *, now: datetime) -> tuple[AppealRow, ...]:
    """Return appeals as lists show them, with what the reader may do."""
    found = list(rows)
    refs = {ref for row in found for ref in (row.lodged_by, row.first_by, row.decided_by)}
    names = accounts.names_of(refs - {""})
    known = directory(actor.county, now=now)
    return tuple(_row(actor, row, names, known) for row in found)


def _row(actor: Actor, row: Appeal, names: dict[str, str], known: Directory) -> AppealRow:
    is_open = row.state in OPEN_APPEALS
    return AppealRow(
        id=row.pk,
        order=row.order.pk,
        order_code=row.order.code,
        matter_name=row.order.matter_name,
        address=row.order.address,
        stage=row.run.stage,
        stage_label=CLOCK_LABELS[row.run.stage],
        state=row.state,
        state_label=APPEAL_STATES[row.state],
        reason=row.reason,
        unit=row.unit,
        unit_name=known.unit_name(row.unit),
        lodged_by_name=names.get(row.lodged_by, ""),
        lodged_at=row.lodged_at,
        warn_at=row.warn_at if is_open else None,
        due_at=row.due_at if is_open else None,
        run_due_at=row.run.due_at,
        run_ended_at=row.run.ended_at,
        first_name=names.get(row.first_by, ""),
        first_note=row.first_note,
        decided_name=names.get(row.decided_by, ""),
        decided_at=row.decided_at,
        decided_note=row.decided_note,
        actions=_actions(actor, row),
    )


def _actions(actor: Actor, row: Appeal) -> tuple[str, ...]:
    facts = facts_of(row, actor, reason="…")
    return tuple(
        step.name
        for step in APPEAL.steps_from(row.state)
        if not actor.roles.isdisjoint(reviewers(step)) and not refusals(step, facts)
    )
