"""The ways back of the return matrix that lie with the centre (退回受理, 退回立案, 退回核查)."""

from datetime import datetime

from django.db import transaction

from chengzhi.accounts.types import Actor
from chengzhi.workorders.commands.fieldwork import send_to_check
from chengzhi.workorders.commands.taking import move, take, tell
from chengzhi.workorders.events import WorkOrderSentBack
from chengzhi.workorders.models import WorkOrder
from chengzhi.workorders.queries.access import locked
from chengzhi.workorders.rules.limits import civil_date
from chengzhi.workorders.rules.returns import reason_codes, reason_label, written
from chengzhi.workorders.types import STATE_LABELS


@transaction.atomic
def return_acceptance(
    pk: int, *, reason_code: str, actor: Actor, now: datetime, reason: str = ""
) -> WorkOrder:
    """Send an accepted report back to the acceptance officer: not fit to file (退回受理)."""
    order = locked(actor, pk)
    before = order.state
    target = _take(order, "return_acceptance", reason_code, reason, actor, now)
    order.acceptance_return_count += 1
    order.accepted_at = None
    move(order, target, now=now)
    _told(order, "return_acceptance", before, actor, now)
    return order


@transaction.atomic
def return_filing(
    pk: int, *, reason_code: str, actor: Actor, now: datetime, reason: str = ""
) -> WorkOrder:
    """Send a filed order back to the duty manager: it is filed anew or voided (退回立案)."""
    order = locked(actor, pk)
    before = order.state
    target = _take(order, "return_filing", reason_code, reason, actor, now)
    order.filing_return_count += 1
    order.filed_at = None
    move(order, target, now=now)  # first: what the stage came to is judged by the frozen limit
    order.unfreeze()
    order.save_changes()
    _told(order, "return_filing", before, actor, now)
    return order


@transaction.atomic
def recheck(
    pk: int, *, reason_code: str, actor: Actor, now: datetime, reason: str = ""
) -> WorkOrder:
    """Have it checked again, by another collector of the beat if there is one (退回核查)."""
    order = locked(actor, pk)
    before, last = order.state, order.checker
    target = _take(order, "recheck", reason_code, reason, actor, now)
    order.recheck_count += 1
    order.checked_at = None
    move(order, target, now=now)
    _told(order, "recheck", before, actor, now)
    send_to_check(order, besides=last, actor=actor, now=now)
    return order


def _take(order: WorkOrder, name: str, code: str, reason: str, actor: Actor, now: datetime) -> str:
    """Ask the table, and write the reason into the record; return the state to enter."""
    said = written(code, reason)
    known = reason_codes(name, on=civil_date(now))
    step = take(order, name, actor=actor, reason=said, reason_code=code, reasons_known=known)
    order.last_reason, order.return_reason = said, code
    return step.target


def _told(order: WorkOrder, step: str, before: str, actor: Actor, now: datetime) -> None:
    event = WorkOrderSentBack(
        code=order.code,
        step=step,
        from_label=STATE_LABELS[before],
        to_label=STATE_LABELS[order.state],
        reason_code=order.return_reason,
        reason_label=reason_label(order.return_reason),
        reason=order.last_reason,
    )
    tell(order, event, actor=actor, now=now)
