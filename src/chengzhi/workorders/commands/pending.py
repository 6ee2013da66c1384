"""What nobody can grant or answer any more ends by itself (pain 38)."""

from datetime import datetime

from chengzhi.accounts import interface as accounts
from chengzhi.audit import interface as audit
from chengzhi.workorders.events import AdjustmentCancelled, NoticeRevoked
from chengzhi.workorders.models import Adjustment, Notice, WorkOrder
from chengzhi.workorders.procedure import ADJUSTMENT, NOTICE
from chengzhi.workorders.rules.adjusting import pending_reason
from chengzhi.workorders.rules.noticing import level_label
from chengzhi.workorders.types import FINAL_STATES, Leaving, State
from chengzhi.workorders.types.adjustments import (
    ADJUSTMENT_LABELS,
    PENDING,
    AdjustmentFacts,
)
from chengzhi.workorders.types.notices import UNANSWERED, NoticeFacts

AWAY = FINAL_STATES | {
    State.FILED,
    State.DISPATCHED,
}  # where a unit that had the task has it no more


def end_what_is_moot(order: WorkOrder, left: Leaving, target: str, *, now: datetime) -> None:
    """End what is asked of the order, or of the unit that loses it, as a step leads on."""
    if order.has_pending_request:
        cancel_request(order, left.label, now=now)
    had_the_task = left.state in (State.DISPATCHED, State.HANDLING)
    is_moot = target in FINAL_STATES or (target in AWAY and had_the_task)
    if (order.urging_count or order.supervision) and is_moot:
        _end_notices(order, left, now=now)


def _end_notices(order: WorkOrder, left: Leaving, *, now: datetime) -> None:
    """A unit that no longer has the task need not answer for it."""
    reason = f"案件已“{left.label}”，不再由该单位办理"
    robot = accounts.system_actor("adjustments", division=order.county)
    for row in Notice.objects.select_for_update().filter(order=order, state__in=UNANSWERED):
        facts = NoticeFacts(unit=row.unit, reason=reason)
        row.state = NOTICE.take("revoke", state=row.state, facts=facts).target
        row.alert_at = None
        row.save(update_fields=["state", "alert_at"])
        event = NoticeRevoked(
            code=order.code,
            notice=row.pk,
            level_label=level_label(row.level),
            unit=row.unit,
            reason=reason,
        )
        audit.record(event, subject=order.subject, actor=robot.ref, at=now)


def cancel_request(order: WorkOrder, step: str, *, now: datetime) -> None:
    """Cancel what is asked of an order when a step takes it away from whoever asked."""
    order.has_pending_request = False
    row = Adjustment.objects.select_for_update().filter(order=order, state__in=PENDING).first()
    if row is None:
        return
    reason = pending_reason(step)
    facts = AdjustmentFacts(kind=row.kind, reason=reason)
    row.state = ADJUSTMENT.take("cancel_request", state=row.state, facts=facts).target
    row.decided_at, row.decided_note, row.alert_at = now, reason, None
    row.save(update_fields=["state", "decided_at", "decided_note", "alert_at"])
    event = AdjustmentCancelled(
        code=order.code,
        adjustment=row.pk,
        kind=row.kind,
        kind_label=ADJUSTMENT_LABELS[row.kind],
        unit=row.unit,
        reason=reason,
    )
    robot = accounts.system_actor("adjustments", division=order.county)
    audit.record(event, subject=order.subject, actor=robot.ref, at=now)
