"""延期, 缓办, 挂账: asked by the unit, approved by two people, resumed by date or by a person."""

from datetime import datetime
from typing import Any

from django.db import transaction

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Role
from chengzhi.kernel.clock import Deadline
from chengzhi.kernel.procedure import Step, StepNotAllowed
from chengzhi.workorders.commands.suspend import suspend
from chengzhi.workorders.commands.taking import attach_all, may, tell
from chengzhi.workorders.commands.timing import at_least, set_handling
from chengzhi.workorders.events import (
    AdjustmentAsked,
    AdjustmentFirstApproved,
    AdjustmentGranted,
    AdjustmentRefused,
    AdjustmentWithdrawn,
)
from chengzhi.workorders.models import Adjustment, WorkOrder
from chengzhi.workorders.procedure import ADJUSTMENT, CENTRE, adjusters
from chengzhi.workorders.queries.access import locked
from chengzhi.workorders.queries.adjustments import access_adjustment
from chengzhi.workorders.rules.adjusting import (
    adjustment_rules,
    refusals_to_ask,
    what_text,
)
from chengzhi.workorders.rules.limits import civil_date, duration, stage_ends
from chengzhi.workorders.rules.words import moment_text
from chengzhi.workorders.types import PhotoRef
from chengzhi.workorders.types.adjustments import (
    ADJUSTMENT_LABELS,
    AdjustmentFacts,
    AdjustmentKind,
    Asked,
)

MOST_TEXT = 500


@transaction.atomic
def ask(
    pk: int, *, asked: Asked, actor: Actor, now: datetime, photos: tuple[PhotoRef, ...] = ()
) -> Adjustment:
    """Ask for more time, or to let the order stand until a day (申请延期、缓办、挂账).

    :raises StepNotAllowed: it cannot be asked here; the sentence says why.
    :raises NotPermitted: the actor holds none of the roles that ask.
    """
    order = locked(actor, pk)
    is_extension = asked.kind is AdjustmentKind.EXTENSION
    may(order, "ask_extension" if is_extension else "ask_suspension", actor=actor)
    if reasons := refusals_to_ask(_asking(order, asked, actor, now=now)):
        label = ADJUSTMENT_LABELS[asked.kind]
        raise StepNotAllowed(f"不能申请{label}：{'；'.join(reasons)}。")
    row = _written(order, asked, actor, now=now)
    order.has_pending_request = True
    order.save(update_fields=["has_pending_request"])
    event = AdjustmentAsked(
        **_named(order, row),
        what=_what(row),
        unit=row.unit,
        reason=row.reason,
        due_text=moment_text(row.due_at),
    )
    tell(order, event, actor=actor, now=now)
    attach_all(order, photos, actor=actor, now=now)
    return row


def _written(order: WorkOrder, asked: Asked, actor: Actor, *, now: datetime) -> Adjustment:
    ends = _reply_ends(order, now=now)
    return Adjustment.objects.create(
        order=order,
        kind=asked.kind,
        amount=asked.amount if asked.kind is AdjustmentKind.EXTENSION else 0,
        amount_unit=order.limit_unit if asked.kind is AdjustmentKind.EXTENSION else "",
        until=asked.until,
        cause=asked.cause,
        reason=asked.reason.strip()[:MOST_TEXT],
        unit=actor.unit,
        asked_by=actor.ref,
        asked_at=now,
        warn_at=ends.warn_at,
        due_at=ends.due_at,
        alert_at=ends.due_at,
    )


@transaction.atomic
def first_approve(pk: int, *, actor: Actor, now: datetime, note: str = "") -> Adjustment:
    """Agree at the first level; the second decides (初审同意)."""
    order, row, step = _taken(pk, "first_approve", actor=actor, now=now, reason=note)
    ends = _reply_ends(order, now=now)
    row.state, row.first_by, row.first_at = step.target, actor.ref, now
    row.warn_at, row.due_at, row.alert_at = ends.warn_at, ends.due_at, ends.due_at
    row.save()
    event = AdjustmentFirstApproved(
        **_named(order, row), due_text=moment_text(row.due_at), note=note
    )
    tell(order, event, actor=actor, now=now)
    return row


@transaction.atomic
def grant(pk: int, *, actor: Actor, now: datetime, note: str = "") -> Adjustment:
    """Grant it: the limit's end moves, or the order stands until the day (批准)."""
    order, row, step = _taken(pk, "grant", actor=actor, now=now, reason=note)
    _decide(order, row, step, actor=actor, now=now, note=note)
    is_extension = row.kind == AdjustmentKind.EXTENSION
    if is_extension:
        _extend(order, now=now)
    event = AdjustmentGranted(
        **_named(order, row),
        what=_what(row),
        unit=row.unit,
        until_text=f"，处置截止 {moment_text(order.handling_due_at)}" if is_extension else "",
        note=note,
    )
    tell(order, event, actor=actor, now=now)
    if not is_extension:
        suspend(order, row, actor=actor, now=now)
    return row


@transaction.atomic
def refuse(pk: int, *, reason: str, actor: Actor, now: datetime) -> Adjustment:
    """Say no; what was refused does not count against the quota (不批准)."""
    order, row, step = _taken(pk, "refuse", actor=actor, now=now, reason=reason)
    _decide(order, row, step, actor=actor, now=now, note=reason)
    event = AdjustmentRefused(**_named(order, row), unit=row.unit, reason=reason)
    tell(order, event, actor=actor, now=now)
    return row


@transaction.atomic
def take_back(pk: int, *, actor: Actor, now: datetime, reason: str = "") -> Adjustment:
    """Take a request back while nobody has decided (撤回申请)."""
    order, row, step = _taken(pk, "take_back", actor=actor, now=now, reason=reason)
    _decide(order, row, step, actor=actor, now=now, note=reason)
    tell(order, AdjustmentWithdrawn(**_named(order, row), reason=reason), actor=actor, now=now)
    return row


def _taken(
    pk: int, name: str, *, actor: Actor, now: datetime, reason: str
) -> tuple[WorkOrder, Adjustment, Step]:
    """Lock the order and its request, ask the table and check the role."""
    order = locked(actor, access_adjustment(actor, pk).order_id)
    row = Adjustment.objects.select_for_update().get(pk=pk)
    facts = facts_of(order, row, actor, now=now, reason=reason)
    step = ADJUSTMENT.take(name, state=row.state, facts=facts)
    accounts.require(actor, *adjusters(step))
    return order, row, step


def _decide(
    order: WorkOrder, row: Adjustment, step: Step, *, actor: Actor, now: datetime, note: str
) -> None:
    row.state, row.decided_by, row.decided_at = step.target, actor.ref, now
    row.decided_note, row.alert_at = note.strip()[:MOST_TEXT], None
    row.save()
    order.has_pending_request = False
    order.save(update_fields=["has_pending_request"])


def _extend(order: WorkOrder, *, now: datetime) -> None:
    """Move the end of handling by all that was granted, in the unit of the limit."""
    order.extension_count += 1
    ends = set_handling(order)
    order.reset_stage(at_least(order, ends, now=now) if order.rework_count else ends, now=now)
    order.save()


def _reply_ends(order: WorkOrder, *, now: datetime) -> Deadline:
    frozen = duration(order.limit_amount, order.limit_unit)
    return stage_ends("extension_reply", since=now, handling=frozen)


def _asking(order: WorkOrder, asked: Asked, actor: Actor, *, now: datetime) -> AdjustmentFacts:
    causes = adjustment_rules().causes.get(asked.kind, {})
    return AdjustmentFacts(
        kind=asked.kind,
        state=order.state,
        handler=order.handler,
        actor=actor.ref,
        actor_unit=actor.unit,
        by_centre=not actor.roles.isdisjoint(CENTRE),
        reason=asked.reason,
        amount=asked.amount,
        limit_amount=order.limit_amount,
        limit_text=order.limit_text,
        until=asked.until,
        today=civil_date(now),
        cause_known=asked.cause in causes,
        granted_count=order.extension_count,
        is_pending=order.has_pending_request,
        is_overdue=order.handling_due_at is not None and now > order.handling_due_at,
    )


def facts_of(
    order: WorkOrder, row: Adjustment, actor: Actor, *, now: datetime, reason: str
) -> AdjustmentFacts:
    """Return what the guards of a request may ask."""
    return AdjustmentFacts(
        kind=row.kind,
        state=order.state,
        asked_by=row.asked_by,
        asked_unit=row.unit,
        first_by=row.first_by,
        actor=actor.ref,
        actor_unit=actor.unit,
        by_centre=Role.DISPATCHER in actor.roles,
        reason=reason,
        until=row.until,
        today=civil_date(now),
        granted_count=order.extension_count,
    )


def _named(order: WorkOrder, row: Adjustment) -> dict[str, Any]:
    return {
        "code": order.code,
        "adjustment": row.pk,
        "kind": row.kind,
        "kind_label": ADJUSTMENT_LABELS[row.kind],
    }


def _what(row: Adjustment) -> str:
    return what_text(row.kind, row.amount, row.amount_unit, row.until)
