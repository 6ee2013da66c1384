"""核查 and 结案: somebody else looks whether it is gone, and the duty manager closes."""

from datetime import datetime

from django.db import transaction

from chengzhi.accounts.types import Actor
from chengzhi.workorders.commands.handle import late_text
from chengzhi.workorders.commands.taking import attach_all, may, move, roles_of, take, tell
from chengzhi.workorders.commands.timing import keep_stage, rework_ends
from chengzhi.workorders.commands.verify import require_collector
from chengzhi.workorders.events import CheckAssigned, WorkOrderChecked, WorkOrderClosed
from chengzhi.workorders.models import WorkOrder
from chengzhi.workorders.queries.access import locked
from chengzhi.workorders.types import CHECK_LABELS, Check, PhotoRef


@transaction.atomic
def assign_check(pk: int, *, assignee: str, actor: Actor, now: datetime) -> WorkOrder:
    """Send a collector to look; the clock of the check runs on (派发核查)."""
    order = locked(actor, pk)
    may(order, "assign_check", actor=actor)
    name = require_collector(order, assignee, now=now)
    order.checker = assignee
    order.save(update_fields=["checker"])
    event = CheckAssigned(code=order.code, assignee=assignee, assignee_name=name)
    tell(order, event, actor=actor, now=now)
    return order


@transaction.atomic
def record_check(
    pk: int,
    *,
    result: Check,
    actor: Actor,
    now: datetime,
    reason: str = "",
    photos: tuple[PhotoRef, ...] = (),
) -> WorkOrder:
    """Write down what 核查 found: passed, sent back to the unit (返工), or not to be told."""
    order = locked(actor, pk)
    step = take(
        order,
        f"check_{result}",
        actor=actor,
        assignee=order.checker,
        reason=reason,
        photo_roles=roles_of(photos),
    )
    order.last_reason = reason
    _RESULTS[result](order, step.target, now)
    event = WorkOrderChecked(
        code=order.code,
        result=result,
        result_label=CHECK_LABELS[result],
        reason=reason,
        photo_count=len(photos),
        rework_count=order.rework_count,
    )
    tell(order, event, actor=actor, now=now)
    attach_all(order, photos, actor=actor, now=now)
    return order


def _passed(order: WorkOrder, target: str, now: datetime) -> None:
    order.checked_at = now
    move(order, target, now=now)


def _failed(order: WorkOrder, target: str, now: datetime) -> None:
    """Send it back: the unit goes on with what was left of its limit when it reported."""
    order.rework_count += 1
    keep_stage(order, target, now=now)
    ends = rework_ends(order, now=now)
    order.enter(target, now=now, ends=ends, since=order.handling_since)
    order.save()


def _untold(order: WorkOrder, target: str, now: datetime) -> None:
    """Leave it to be assigned again; the clock of the check runs on."""
    order.checker = ""
    order.save(update_fields=["checker", "last_reason"])


_RESULTS = {Check.PASS: _passed, Check.FAIL: _failed, Check.UNABLE: _untold}


@transaction.atomic
def close(pk: int, *, actor: Actor, now: datetime) -> WorkOrder:
    """Close a work order that passed its check (结案)."""
    order = locked(actor, pk)
    step = take(order, "close", actor=actor)
    move(order, step.target, now=now)
    event = WorkOrderClosed(
        code=order.code,
        matter_code=order.matter_code,
        channel=order.channel,
        town=order.town,
        unit=order.handler,
        on_time=order.handled_on_time,
        late_text=late_text(order),
        closing_condition=order.closing_condition,
        client_ref=order.client_ref,
        finding=order.finding,
    )
    tell(order, event, actor=actor, now=now)
    return order
