"""What held the clocks of a work order up."""

from datetime import datetime

from chengzhi.kernel.clock import Duration, Pause
from chengzhi.workorders.models import ClockPause, WorkOrder
from chengzhi.workorders.types import Clock


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
    return ()
