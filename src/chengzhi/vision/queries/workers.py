"""The camera workers of a county: when each was heard last, and how much it carries."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Sum

from chengzhi.accounts.types import Actor
from chengzhi.vision.models import CameraHealth, LeaseSeat, WorkerStatus
from chengzhi.vision.rules.health import SILENT_AFTER
from chengzhi.vision.types import WorkerRow


def worker_rows(actor: Actor, *, now: datetime) -> list[WorkerRow]:
    """Return the camera workers of the county by name."""
    rows = WorkerStatus.objects.filter(division=actor.county) if actor.county else ()
    workers = {row.name: row for row in rows}
    health = CameraHealth.objects.filter(worker__in=workers)
    sums = health.values_list("worker").annotate(Sum("frames"), Sum("dropped"), Sum("cost_ms"))
    totals = {worker: found for worker, *found in sums}
    seats = LeaseSeat.objects.filter(worker__in=workers).values_list("worker", "capacity_ms")
    capacity = dict(seats)
    return [
        _worker_row(workers[name], totals.get(name, (0, 0, 0.0)), capacity.get(name, 0.0), now)
        for name in sorted(workers)
    ]


def _worker_row(
    worker: WorkerStatus, totals: Sequence[float], capacity_ms: float, now: datetime
) -> WorkerRow:
    frames, dropped, load_ms = totals
    return WorkerRow(
        name=worker.name,
        last_heartbeat_at=worker.last_heartbeat_at,
        camera_count=worker.camera_count,
        frames=int(frames),
        dropped=int(dropped),
        load_ms=load_ms,
        capacity_ms=capacity_ms,
        note=worker.note,
        is_silent=now - worker.last_heartbeat_at > SILENT_AFTER,
    )
