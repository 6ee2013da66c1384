"""What the deadline worker does: warn once, say overdue once, and badly late once."""

from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction

from chengzhi import standards
from chengzhi.accounts.types import Actor
from chengzhi.workorders.commands.each import mark_each
from chengzhi.workorders.commands.suspend import go_back
from chengzhi.workorders.commands.taking import tell
from chengzhi.workorders.commands.timing import running
from chengzhi.workorders.events import (
    AdjustmentOverdue,
    NoticeOverdue,
    StageBadlyLate,
    StageOverdue,
    StageWarned,
)
from chengzhi.workorders.models import Adjustment, Notice, WorkOrder
from chengzhi.workorders.queries.alerts import due_alerts, due_notices, due_requests
from chengzhi.workorders.rules.noticing import level_label
from chengzhi.workorders.rules.words import moment_text
from chengzhi.workorders.types import FINAL_STATES, STATE_CLOCKS, STATE_LABELS, State
from chengzhi.workorders.types.adjustments import ADJUSTMENT_LABELS, ADJUSTMENT_STATES
from chengzhi.workorders.types.notices import NOTICE_STATES


def mark_due(*, actor: Actor, now: datetime, most: int = 500) -> int:
    """Mark every stage that reached 80 %, its end or three times its limit since the last run.

    One indexed query finds them; each is marked in its own transaction, so that one bad row
    does not hold up the others, and two workers never say the same thing twice.
    """
    return mark_each(due_alerts(now=now, most=most), partial(_mark, actor=actor, now=now))


@transaction.atomic
def _mark(pk: int, *, actor: Actor, now: datetime) -> bool:
    order = WorkOrder.objects.select_for_update().filter(pk=pk, alert_at__lte=now).first()
    if order is None or order.stage_due_at is None:
        return False
    if order.state == State.SUSPENDED:
        go_back(order, actor=actor, now=now, reason="到期自动恢复")
        return True
    shape = _what(order, now=now)
    order.alert_at = _next(order, shape)
    order.save(update_fields=["alert_at", "badly_late_at"])
    tell(order, _event(order, shape), actor=actor, now=now)
    return True


def _what(order: WorkOrder, *, now: datetime) -> Any:
    if order.badly_late_at is not None and now >= order.badly_late_at:
        return StageBadlyLate
    return StageOverdue if order.stage_due_at and now >= order.stage_due_at else StageWarned


def _next(order: WorkOrder, shape: Any) -> datetime | None:
    """After the warning comes the end, after the end three times the limit, then nothing."""
    if shape is StageWarned:
        return order.stage_due_at
    if shape is StageOverdue:
        order.badly_late_at = _badly_late_at(order)
        return order.badly_late_at
    return None


def _badly_late_at(order: WorkOrder) -> datetime | None:
    """Return when three times the limit is used, if that still lies beyond the stage's end."""
    clock = STATE_CLOCKS.get(order.state)
    if clock is None or order.clock_since is None or order.stage_due_at is None:
        return None
    third = running(order, clock, since=order.clock_since).badly_late(standards.current().calendar)
    return third if third is not None and third > order.stage_due_at else None


def _event(order: WorkOrder, shape: Any) -> Any:
    return shape(
        code=order.code,
        state=order.state,
        state_label=STATE_LABELS[order.state],
        unit=order.handler,
        due_at=order.stage_due_at.isoformat() if order.stage_due_at else "",
        due_text=moment_text(order.stage_due_at),
    )


def mark_requests(*, actor: Actor, now: datetime, most: int = 500) -> int:
    """Say once of every request and every notice that nobody has answered it in time."""
    requests, notices = due_requests(now=now, most=most), due_notices(now=now, most=most)
    return mark_each(requests, partial(_mark_request, actor=actor, now=now)) + mark_each(
        notices, partial(_mark_notice, actor=actor, now=now)
    )


@transaction.atomic
def _mark_request(pk: int, *, actor: Actor, now: datetime) -> bool:
    rows = Adjustment.objects.select_for_update(of=("self",)).select_related("order")
    row = rows.filter(pk=pk, alert_at__lte=now).first()
    if row is None:
        return False
    row.alert_at = None
    row.save(update_fields=["alert_at"])
    event = AdjustmentOverdue(
        code=row.order.code,
        adjustment=row.pk,
        kind=row.kind,
        kind_label=ADJUSTMENT_LABELS[row.kind],
        state_label=ADJUSTMENT_STATES[row.state],
        due_text=moment_text(row.due_at),
    )
    tell(row.order, event, actor=actor, now=now)
    return True


@transaction.atomic
def _mark_notice(pk: int, *, actor: Actor, now: datetime) -> bool:
    rows = Notice.objects.select_for_update(of=("self",)).select_related("order")
    row = rows.filter(pk=pk, alert_at__lte=now).first()
    if row is None:
        return False
    row.alert_at = None
    row.save(update_fields=["alert_at"])
    if row.order.state in FINAL_STATES:
        return False  # nobody need answer for what has ended
    event = NoticeOverdue(
        code=row.order.code,
        notice=row.pk,
        level_label=level_label(row.level),
        state_label=NOTICE_STATES[row.state],
        unit=row.unit,
        due_text=moment_text(row.due_at),
    )
    tell(row.order, event, actor=actor, now=now)
    return True
