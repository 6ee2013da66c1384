"""缓办 and 挂账: every clock stands until a day; then the order goes back to where it stood."""

from datetime import datetime

from django.db import transaction

from chengzhi import standards
from chengzhi.accounts.types import Actor
from chengzhi.workorders.commands.taking import ends_of, take, tell
from chengzhi.workorders.commands.timing import go_on, keep_stage, stand_still
from chengzhi.workorders.events import WorkOrderResumed, WorkOrderSuspended
from chengzhi.workorders.models import Adjustment, WorkOrder
from chengzhi.workorders.queries.access import locked
from chengzhi.workorders.rules.adjusting import cause_label
from chengzhi.workorders.rules.words import moment_text
from chengzhi.workorders.types import STATE_LABELS, State
from chengzhi.workorders.types.adjustments import ADJUSTMENT_LABELS, AdjustmentKind

BACK: dict[str, str] = {State.HANDLING: "resume_handling", State.FILED: "resume_dispatch"}


def suspend(order: WorkOrder, row: Adjustment, *, actor: Actor, now: datetime) -> None:
    """Let the order stand as was granted; call it in the transaction that grants."""
    step = take(order, "suspend", actor=actor, suspension_granted=True)
    assert row.until is not None, "a deferral or a shelving has its day"
    stand_still(order, now=now)
    keep_stage(order, step.target, now=now)
    order.suspended_from = order.state
    order.suspended_until = standards.current().calendar.start_of(row.until)
    order.is_deferred = row.kind == AdjustmentKind.DEFERRAL
    order.is_shelved = row.kind == AdjustmentKind.SHELVING
    order.enter(step.target, now=now, ends=ends_of(order, step.target, now=now))
    order.save()
    event = WorkOrderSuspended(
        code=order.code,
        adjustment=row.pk,
        kind=row.kind,
        kind_label=ADJUSTMENT_LABELS[row.kind],
        cause_label=cause_label(row.kind, row.cause),
        until=row.until.isoformat(),
        until_text=f"{row.until:%Y-%m-%d}",
    )
    tell(order, event, actor=actor, now=now)


@transaction.atomic
def resume(pk: int, *, actor: Actor, now: datetime, reason: str = "") -> WorkOrder:
    """Go on before the day (恢复办理)."""
    order = locked(actor, pk)
    go_back(order, actor=actor, now=now, reason=reason)
    return order


def go_back(order: WorkOrder, *, actor: Actor, now: datetime, reason: str) -> None:
    """Take an order back to where it stood; its clocks go on. The row is locked."""
    step = take(order, BACK.get(order.suspended_from, "resume_handling"), actor=actor)
    kind = AdjustmentKind.SHELVING if order.is_shelved else AdjustmentKind.DEFERRAL
    ends, since = go_on(order, step.target, now=now)
    order.leaving = None  # a suspension is no stage
    if ends is None:
        ends = ends_of(order, step.target, now=now, since=since)
    order.enter(step.target, now=now, ends=ends, since=since)
    order.save()
    event = WorkOrderResumed(
        code=order.code,
        kind=kind,
        kind_label=ADJUSTMENT_LABELS[kind],
        state=order.state,
        state_label=STATE_LABELS[order.state],
        due_text=moment_text(order.stage_due_at),
        reason=reason,
    )
    tell(order, event, actor=actor, now=now)
