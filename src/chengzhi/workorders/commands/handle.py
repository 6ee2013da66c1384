"""派遣, 接收, 回退, 改派 and 处置: from the dispatcher to the unit and back."""

from datetime import datetime

from django.db import transaction

from chengzhi.accounts.types import Actor
from chengzhi.workorders.commands.fieldwork import send_to_check
from chengzhi.workorders.commands.taking import attach_all, move, roles_of, take, tell
from chengzhi.workorders.commands.timing import give_clock
from chengzhi.workorders.events import (
    HandlerChanged,
    TaskAccepted,
    TaskReturned,
    WorkOrderDispatched,
    WorkOrderHandled,
)
from chengzhi.workorders.models import WorkOrder
from chengzhi.workorders.queries.access import locked
from chengzhi.workorders.queries.directory import directory
from chengzhi.workorders.rules.limits import civil_date
from chengzhi.workorders.rules.returns import OTHER, reason_codes, reason_label, written
from chengzhi.workorders.rules.words import moment_text, span
from chengzhi.workorders.types import PhotoRef


@transaction.atomic
def dispatch(pk: int, *, unit: str, actor: Actor, now: datetime, reason: str = "") -> WorkOrder:
    """Send a filed work order to the unit that handles it; its handling clock starts (派遣)."""
    order = locked(actor, pk)
    known = directory(order.county, now=now)
    step = take(
        order,
        "dispatch",
        actor=actor,
        unit=unit,
        unit_known=unit in known.handlers,
        reason=reason,
    )
    _give(order, unit, now)
    move(order, step.target, now=now)
    event = WorkOrderDispatched(
        code=order.code,
        unit=unit,
        unit_name=known.unit_name(unit),
        suggested_unit=order.suggested_unit,
        due_at=order.handling_due_at.isoformat() if order.handling_due_at else "",
        due_text=moment_text(order.handling_due_at),
        reason=reason,
    )
    tell(order, event, actor=actor, now=now)
    return order


@transaction.atomic
def change_handler(pk: int, *, unit: str, reason: str, actor: Actor, now: datetime) -> WorkOrder:
    """Give the task to another unit; another unit's clock starts anew (改派)."""
    order = locked(actor, pk)
    known, before = directory(order.county, now=now), order.handler
    step = take(
        order,
        "change_handler",
        actor=actor,
        unit=unit,
        unit_known=unit in known.handlers,
        reason=reason,
    )
    _give(order, unit, now)
    order.last_reason = reason
    move(order, step.target, now=now)
    event = HandlerChanged(
        code=order.code,
        from_unit=before,
        from_name=known.unit_name(before),
        unit=unit,
        unit_name=known.unit_name(unit),
        due_at=order.handling_due_at.isoformat() if order.handling_due_at else "",
        reason=reason,
    )
    tell(order, event, actor=actor, now=now)
    return order


def _give(order: WorkOrder, unit: str, now: datetime) -> None:
    """Name the handler and start the handling clock of the frozen condition row."""
    if unit in order.returned_by.split():  # overruled once, not twice (the return matrix)
        order.insisted_on = " ".join(sorted({*order.insisted_on.split(), unit}))
    order.handler, order.dispatched_at, order.task_accepted_at = unit, now, None
    give_clock(order, unit, now=now)


@transaction.atomic
def accept_task(pk: int, *, actor: Actor, now: datetime) -> WorkOrder:
    """Take the task; the handling clock has run since the dispatch (接收任务)."""
    order = locked(actor, pk)
    step = take(order, "accept_task", actor=actor)
    order.task_accepted_at = now
    move(order, step.target, now=now)
    name = directory(order.county, now=now).unit_name(order.handler)
    event = TaskAccepted(code=order.code, unit=order.handler, unit_name=name)
    tell(order, event, actor=actor, now=now)
    return order


@transaction.atomic
def return_task(
    pk: int, *, actor: Actor, now: datetime, reason: str = "", reason_code: str = OTHER
) -> WorkOrder:
    """Send the task back to the dispatcher, never to another unit (回退)."""
    order = locked(actor, pk)
    said = written(reason_code, reason)
    step = take(
        order,
        "return_task",
        actor=actor,
        reason=said,
        reason_code=reason_code,
        reasons_known=reason_codes("return_task", on=civil_date(now)),
        in_window=order.stage_due_at is None or now <= order.stage_due_at,
    )
    unit, name = order.handler, directory(order.county, now=now).unit_name(order.handler)
    order.returned_by = " ".join(sorted({*order.returned_by.split(), unit}))
    order.return_count += 1
    order.last_reason, order.return_reason = said, reason_code
    order.handler, order.dispatched_at = "", None
    order.handling_due_at = order.handling_warn_at = None
    move(order, step.target, now=now)
    event = TaskReturned(
        code=order.code,
        unit=unit,
        unit_name=name,
        reason=said,
        reason_code=reason_code,
        reason_label=reason_label(reason_code),
    )
    tell(order, event, actor=actor, now=now)
    return order


@transaction.atomic
def record_handling(
    pk: int, *, photos: tuple[PhotoRef, ...], actor: Actor, now: datetime, note: str = ""
) -> WorkOrder:
    """Report that it is done, with a picture taken afterwards; 核查 follows (反馈).

    The collector of the beat goes to look, or whoever looked last at a rework.
    """
    order = locked(actor, pk)
    step = take(order, "record_handling", actor=actor, photo_roles=roles_of(photos))
    order.handled_at = now
    move(order, step.target, now=now)
    event = WorkOrderHandled(
        code=order.code,
        unit=order.handler,
        unit_name=directory(order.county, now=now).unit_name(order.handler),
        on_time=order.handled_on_time,
        late_text=late_text(order),
        photo_count=len(photos),
        note=note,
    )
    tell(order, event, actor=actor, now=now)
    attach_all(order, photos, actor=actor, now=now)
    if not order.checker:
        send_to_check(order, actor=actor, now=now)
    return order


def late_text(order: WorkOrder) -> str:
    """Return by how much the handling limit was missed, empty when it was kept."""
    if order.handled_at is None or order.handling_due_at is None or order.handled_on_time:
        return ""
    return f"，超期 {span(order.handled_at - order.handling_due_at)}"
