"""Reads of leases: who can carry how much, what a worker is told, what a camera's page shows."""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Sum

from chengzhi.accounts.types import Actor
from chengzhi.vision.models import Camera, CameraLease, DwellMemory, LeaseSeat, LeaseTenure
from chengzhi.vision.queries.access import access_camera
from chengzhi.vision.queries.cameras import camera_tables
from chengzhi.vision.queries.thresholds import held as published
from chengzhi.vision.rules.leases import TTL, TYPICAL_MS, lively
from chengzhi.vision.types.leases import LeaseCall, LeaseView, Seat, Tenure, WatchView


def priority_of(options: Mapping[str, object]) -> int:
    """Return how important a camera is, 0 to 9; its file says so."""
    value = options.get("priority", 0)
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def seats_of(actor: Actor, *, now: datetime) -> list[Seat]:
    """Return the county's workers that still have leases or may have some."""
    return _seats(actor.county, now=now)


def _seats(county: str, *, now: datetime) -> list[Seat]:
    rows = LeaseSeat.objects.filter(division=county, seen_at__gte=now - TTL)
    held = CameraLease.objects.filter(expires_at__gt=now).exclude(worker="")
    loads = dict(held.values_list("worker").annotate(Sum("cost_ms")))
    return [
        Seat(
            name=row.worker,
            capacity_ms=row.capacity_ms,
            load_ms=loads.get(row.worker) or 0.0,
            seen_at=row.seen_at,
            joined_at=row.joined_at,
        )
        for row in rows.order_by("worker")
    ]


def lease_views(
    rows: list[CameraLease], *, fresh: set[int], call: LeaseCall, county: str
) -> tuple[LeaseView, ...]:
    """Return what the worker holds; new cameras with their file and what is remembered."""
    taken = [row.camera for row in rows if row.pk in fresh]
    asked = [row.camera for row in rows] if call.wants_tables else taken
    tables = camera_tables(asked, published(county) if asked and call.explores else {})
    memories = {row.camera_id: row for row in DwellMemory.objects.filter(camera__in=taken)}
    views = []
    for row in rows:
        memory = memories.get(row.camera_id)
        views.append(
            LeaseView(
                code=row.camera.code,
                epoch=row.epoch,
                table=tables.get(row.camera_id),
                memory=memory.body if memory else "",
                memory_at=memory.saved_at if memory else None,
            )
        )
    return tuple(views)


def tenure_of(camera: Camera, epoch: int | None) -> Tenure | None:
    """Return whose an epoch of a camera was, and from when until when."""
    if epoch is None:
        return None
    row = LeaseTenure.objects.filter(camera=camera, epoch=epoch).first()
    if row is None:
        return None
    return Tenure(holder=row.holder, taken_at=row.taken_at, ended_at=row.ended_at)


def watch(actor: Actor, code: str, *, now: datetime) -> WatchView | None:
    """Return who watches a camera, for its page.

    :raises NotVisible: there is none, or not for this person.
    """
    return watch_of(access_camera(actor, code), county=actor.county, now=now)


def watch_of(camera: Camera, *, county: str, now: datetime) -> WatchView | None:
    """Return who watches a camera by lease; None where leases are not in use for it."""
    lease = CameraLease.objects.filter(camera=camera).first()
    if lease is None or not camera.enabled:
        return None
    is_watched = bool(lease.worker) and lease.expires_at > now
    return WatchView(
        worker=lease.worker,
        epoch=lease.epoch,
        is_watched=is_watched,
        cost_ms=lease.cost_ms,
        note="" if is_watched else _why_nobody(lease, camera, county=county, now=now),
    )


def _why_nobody(lease: CameraLease, camera: Camera, *, county: str, now: datetime) -> str:
    seats = [seat for seat in _seats(county, now=now) if camera.worker in ("", seat.name)]
    alive = lively(seats, now=now)
    if not alive:
        return "没有识别程序在线，无人看守。请启动识别程序（chengzhi-vision run --lease）。"
    cost = lease.cost_ms or TYPICAL_MS
    most = max(seat.capacity_ms - seat.load_ms for seat in alive)
    if most >= cost:
        return "正在交接，几秒后由另一识别程序接手。"
    return (
        f"识别程序余力不足，暂不看守：本路约需{cost:.0f}毫秒/秒，{len(alive)}个程序中余力最多的还剩"
        f"{max(most, 0):.0f}毫秒/秒。请增加识别程序，或把不太要紧的摄像头停用、改为只看关键帧。"
    )
