"""超时申诉: the unit says why, two people look, the fact stays and the statistic may not count it."""

from datetime import datetime
from typing import Any

from django.db import transaction

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor
from chengzhi.kernel.errors import NotVisible
from chengzhi.kernel.procedure import Step, StepNotAllowed
from chengzhi.workorders.commands.taking import attach_all, may, tell
from chengzhi.workorders.events import (
    AppealDismissed,
    AppealDropped,
    AppealLodged,
    AppealSupported,
    AppealUpheld,
)
from chengzhi.workorders.models import Appeal, StageRun, WorkOrder
from chengzhi.workorders.procedure import APPEAL, reviewers
from chengzhi.workorders.queries.access import locked
from chengzhi.workorders.queries.appeals import access_appeal, facts_of, is_in_window
from chengzhi.workorders.rules.adjusting import adjustment_rules
from chengzhi.workorders.rules.appealing import refusals_to_lodge
from chengzhi.workorders.rules.limits import duration, stage_ends
from chengzhi.workorders.types import CLOCK_LABELS, Clock, PhotoRef
from chengzhi.workorders.types.appeals import AppealFacts

MOST_TEXT = 500


@transaction.atomic
def lodge(
    pk: int,
    *,
    run: int,
    reason: str,
    actor: Actor,
    now: datetime,
    photos: tuple[PhotoRef, ...] = (),
) -> Appeal:
    """Appeal against one late stage of a work order (超时申诉).

    :raises StepNotAllowed: it was not late, not the unit's, appealed before, or too long ago.
    """
    order = locked(actor, pk)
    may(order, "appeal", actor=actor)
    late = StageRun.objects.select_for_update().filter(order=order, pk=run).first()
    if late is None:
        raise NotVisible("没有这条环节记录，请在案件页的超时记录中选择。")
    if reasons := refusals_to_lodge(_lodging(late, reason, actor, now=now)):
        raise StepNotAllowed(f"不能申诉：{'；'.join(reasons)}。")
    ends = stage_ends("extension_reply", since=now, handling=_frozen(order))
    row = Appeal.objects.create(
        order=order,
        run=late,
        unit=late.unit,
        reason=reason.strip()[:MOST_TEXT],
        lodged_by=actor.ref,
        lodged_at=now,
        warn_at=ends.warn_at,
        due_at=ends.due_at,
    )
    event = AppealLodged(
        **_named(order, row),
        run=late.pk,
        stage=late.stage,
        reason=row.reason,
        photo_count=len(photos),
    )
    tell(order, event, actor=actor, now=now)
    attach_all(order, photos, actor=actor, now=now)
    return row


def _frozen(order: WorkOrder) -> Any:
    return duration(order.limit_amount, order.limit_unit)


def _lodging(late: StageRun, reason: str, actor: Actor, *, now: datetime) -> AppealFacts:
    return AppealFacts(
        unit=late.unit,
        actor=actor.ref,
        actor_unit=actor.unit,
        reason=reason,
        was_overdue=late.was_overdue,
        is_in_window=is_in_window(late.ended_at, now=now),
        window_text=str(adjustment_rules().appeal_window),
        appealed_before=Appeal.objects.filter(run=late).exists(),
    )


@transaction.atomic
def support(pk: int, *, actor: Actor, now: datetime, note: str = "") -> Appeal:
    """Find for the unit at the first review; the second decides (初审通过)."""
    order, row, step = _taken(pk, "support", actor=actor, reason=note)
    ends = stage_ends("extension_reply", since=now, handling=_frozen(order))
    row.state, row.first_by, row.first_at = step.target, actor.ref, now
    row.first_note, row.warn_at, row.due_at = note.strip()[:MOST_TEXT], ends.warn_at, ends.due_at
    row.save()
    tell(order, AppealSupported(**_named(order, row), note=note), actor=actor, now=now)
    return row


@transaction.atomic
def uphold(pk: int, *, actor: Actor, now: datetime, note: str = "") -> Appeal:
    """Find for the unit: the lateness stays a fact and is not counted (成立，不计考核)."""
    order, row, step = _taken(pk, "uphold", actor=actor, reason=note)
    _decide(row, step, actor=actor, now=now, note=note)
    StageRun.objects.filter(pk=row.run_id).update(exempted=True)
    if row.run.stage == Clock.HANDLE:
        order.is_exempted = True
        order.save(update_fields=["is_exempted"])
    event = AppealUpheld(**_named(order, row), run=row.run_id, stage=row.run.stage, note=note)
    tell(order, event, actor=actor, now=now)
    return row


@transaction.atomic
def dismiss(pk: int, *, reason: str, actor: Actor, now: datetime) -> Appeal:
    """Find against the unit, at either review (不成立)."""
    order, row, step = _taken(pk, "dismiss", actor=actor, reason=reason)
    _decide(row, step, actor=actor, now=now, note=reason)
    tell(order, AppealDismissed(**_named(order, row), reason=reason), actor=actor, now=now)
    return row


@transaction.atomic
def drop(pk: int, *, actor: Actor, now: datetime) -> Appeal:
    """Take an appeal back; it was the only one (撤回申诉)."""
    order, row, step = _taken(pk, "drop", actor=actor, reason="")
    _decide(row, step, actor=actor, now=now, note="")
    tell(order, AppealDropped(**_named(order, row)), actor=actor, now=now)
    return row


def _taken(pk: int, name: str, *, actor: Actor, reason: str) -> tuple[WorkOrder, Appeal, Step]:
    order = locked(actor, access_appeal(actor, pk).order_id)
    row = Appeal.objects.select_for_update().get(pk=pk)
    step = APPEAL.take(name, state=row.state, facts=facts_of(row, actor, reason=reason))
    accounts.require(actor, *reviewers(step))
    return order, row, step


def _decide(row: Appeal, step: Step, *, actor: Actor, now: datetime, note: str) -> None:
    row.state, row.decided_by, row.decided_at = step.target, actor.ref, now
    row.decided_note = note.strip()[:MOST_TEXT]
    row.save()


def _named(order: WorkOrder, row: Appeal) -> dict[str, Any]:
    return {
        "code": order.code,
        "appeal": row.pk,
        "stage_label": CLOCK_LABELS[row.run.stage],
        "unit": row.unit,
    }
