"""What held the clocks of a work order up."""

from datetime import datetime

from chengzhi.kernel.clock import Duration, Pause, Unit
from chengzhi.workorders.models import Adjustment, ClockPause, WorkOrder
from chengzhi.workorders.types import Clock
from chengzhi.workorders.types.adjustments import AdjustmentKind, AdjustmentState


def pauses_of(order: WorkOrder, clock: Clock, *, since: datetime) -> tuple[Pause, ...]:
    """Return the stretches in which a clock stood since it began, oldest first."""
    if not order.pause_count:
        return ()
    rows = ClockPause.objects.filter(order=order, clock=clock).order_by("started_at", "pk")
    return tuple(
        Pause(row.started_at, row.ended_at)
        for row in rows
        if row.ended_at is None or row.ended_at > since
    )


def extensions_of(order: WorkOrder, *, since: datetime) -> tuple[Duration, ...]:
    """Return what was granted to the unit whose clock began at a moment."""
    if not order.extension_count:
        return ()
    rows = Adjustment.objects.filter(
        order=order,
        kind=AdjustmentKind.EXTENSION,
        state=AdjustmentState.GRANTED,
        decided_at__gte=since,
    ).order_by("pk")
    return tuple(Duration(row.amount, Unit(row.amount_unit)) for row in rows)
