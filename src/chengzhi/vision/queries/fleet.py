"""Cameras, leases and findings in numbers, for whoever watches the platform."""

from datetime import datetime

from django.db.models import Count, Min, Sum
from django.utils import timezone

from chengzhi.accounts.types import Actor
from chengzhi.vision.models import CameraDay, CameraHealth, CameraLease
from chengzhi.vision.queries.access import visible_cameras, visible_to
from chengzhi.vision.queries.leases import seats_of
from chengzhi.vision.queries.outages import unwatched_today
from chengzhi.vision.rules.health import SILENT_AFTER
from chengzhi.vision.rules.leases import lively
from chengzhi.vision.types import CameraState, FindingState
from chengzhi.vision.types.leases import FleetFigures


def figures(actor: Actor, *, now: datetime) -> FleetFigures:
    """Return the figures of what the actor may see."""
    seats = lively(seats_of(actor, now=now), now=now)
    leases = CameraLease.objects.filter(camera__in=visible_cameras(actor), camera__enabled=True)
    held = leases.filter(expires_at__gt=now).exclude(worker="").count()
    waiting = visible_to(actor).filter(state=FindingState.PENDING)
    oldest = waiting.aggregate(Min("received_at"))["received_at__min"]
    cameras = visible_cameras(actor)
    today = CameraDay.objects.filter(camera__in=cameras, day=timezone.localdate(now))
    unwatched_s = sum(unwatched_today(cameras, now=now).values())
    return FleetFigures(
        cameras=_by_state(actor, now),
        leases_held=held,
        leases_free=leases.count() - held,
        workers=len(seats),
        capacity_ms=sum(seat.capacity_ms for seat in seats),
        load_ms=sum(seat.load_ms for seat in seats),
        findings=_findings(actor),
        oldest_waiting_s=(now - oldest).total_seconds() if oldest else 0.0,
        blind_s=(today.aggregate(Sum("blind_s"))["blind_s__sum"] or 0.0) + unwatched_s,
        unwatched_s=unwatched_s,
    )


def _by_state(actor: Actor, now: datetime) -> dict[str, int]:
    cameras = visible_cameras(actor)
    heard = CameraHealth.objects.filter(camera__in=cameras, camera__enabled=True)
    lively_rows = heard.filter(last_heartbeat_at__gte=now - SILENT_AFTER)
    counts = dict.fromkeys((str(state) for state in CameraState), 0)
    counts |= dict(lively_rows.values_list("state").annotate(Count("pk")))
    enabled = cameras.filter(enabled=True).count()
    counts[CameraState.SILENT] = heard.count() - lively_rows.count()
    counts[CameraState.NEVER] = enabled - heard.count()
    counts[CameraState.DISABLED] = cameras.filter(enabled=False).count()
    return counts


def _findings(actor: Actor) -> dict[str, int]:
    counts = dict.fromkeys((str(state) for state in FindingState), 0)
    rows = visible_to(actor).values_list("state").annotate(Count("pk"))
    return counts | {str(state): number for state, number in rows}
