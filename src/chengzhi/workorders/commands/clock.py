"""What the deadline worker does: warn once, say overdue once."""

from datetime import datetime
from typing import Any

from django.db import transaction

from chengzhi.accounts.types import Actor
from chengzhi.workorders.commands.taking import tell
from chengzhi.workorders.events import StageOverdue, StageWarned
from chengzhi.workorders.models import WorkOrder
from chengzhi.workorders.queries.alerts import due_alerts
from chengzhi.workorders.rules.words import moment_text
from chengzhi.workorders.types import STATE_LABELS


def mark_due(*, actor: Actor, now: datetime, most: int = 500) -> int:
    """Mark every stage that reached 80 % or its end since the last run, and return how many.

    One indexed query finds them; each is marked in its own transaction, so that one bad row
    does not hold up the others, and two workers never say the same thing twice.
    """
    return sum(_mark(pk, actor=actor, now=now) for pk in due_alerts(now=now, most=most))


@transaction.atomic
def _mark(pk: int, *, actor: Actor, now: datetime) -> bool:
    order = WorkOrder.objects.select_for_update().filter(pk=pk, alert_at__lte=now).first()
    if order is None or order.stage_due_at is None:
        return False
    is_over = now >= order.stage_due_at
    order.alert_at = None if is_over else order.stage_due_at
    order.save(update_fields=["alert_at"])
    tell(order, _event(order, is_over), actor=actor, now=now)
    return True


def _event(order: WorkOrder, is_over: bool) -> Any:
    return (StageOverdue if is_over else StageWarned)(
        code=order.code,
        state=order.state,
        state_label=STATE_LABELS[order.state],
        unit=order.handler,
        due_at=order.stage_due_at.isoformat() if order.stage_due_at else "",
        due_text=moment_text(order.stage_due_at),
    )
