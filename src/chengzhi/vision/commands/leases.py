"""Give cameras to workers for some seconds at a time, and refuse what a former holder says."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Permission, Role
from chengzhi.kernel.errors import DomainError
from chengzhi.vision.models import Camera, CameraLease, DwellMemory, LeaseSeat, LeaseTenure
from chengzhi.vision.queries.access import visible_cameras
from chengzhi.vision.queries.leases import lease_views, priority_of, seats_of, tenure_of
from chengzhi.vision.rules.leases import (
    MEMORY_KEPT,
    RENEW_S,
    SOON_S,
    TENURE_KEPT,
    TTL,
    check_call,
    choose,
    given_back,
    is_stale,
    was_seen_in_time,
)
from chengzhi.vision.types.leases import Claimable, Holding, LeaseAnswer, LeaseCall, Seat

FREE_LIMIT = 1000  # free cameras looked at in one call


class StaleEpoch(DomainError):
    """Another worker watches this camera now."""

    code = "stale-epoch"
    status = 409


@transaction.atomic
def call_for_leases(call: LeaseCall, *, actor: Actor, now: datetime) -> LeaseAnswer:
    """Renew what the worker holds, take back what it must let go, and give it what is free.

    :raises NotPermitted: a lease carries the stream's address, so few may have one.
    """
    accounts.require(actor, Role.SYSTEM)
    accounts.permit(actor, Permission.MANAGE_CAMERAS)
    check_call(call)
    _take_seat(call, actor=actor, now=now)
    mine = _own(call, actor)
    kept = _renew(call, mine, now=now)
    seats = seats_of(actor, now=now)
    _keep_memories(call, kept, now=now)
    if call.is_leaving:
        _release(kept, now=now)
        return LeaseAnswer(leases=(), lost=_codes(call), ttl_s=TTL.total_seconds(), again_s=RENEW_S)
    kept = _let_go(call, kept, seats=seats, now=now)
    taken, is_more_soon = _take(call, kept, seats=seats, actor=actor, now=now)
    leases = lease_views(
        [*kept, *taken], fresh={row.pk for row in taken}, call=call, county=actor.county
    )
    held = {view.code for view in leases}
    return LeaseAnswer(
        leases=leases,
        lost=tuple(code for code in _codes(call) if code not in held),
        ttl_s=TTL.total_seconds(),
        again_s=SOON_S if is_more_soon else RENEW_S,
    )


def _codes(call: LeaseCall) -> tuple[str, ...]:
    return tuple(lease.code for lease in call.held)


def _take_seat(call: LeaseCall, *, actor: Actor, now: datetime) -> None:
    seat = LeaseSeat.objects.select_for_update().filter(worker=call.worker).first()
    if call.is_leaving:
        LeaseSeat.objects.filter(worker=call.worker).delete()
        return
    is_new = seat is None or seat.instance != call.instance or now - seat.seen_at > TTL
    fields: dict[str, object] = {
        "division": actor.county,
        "seen_at": now,
        "capacity_ms": call.capacity_ms,
        "instance": call.instance,
    }
    if is_new:
        fields["joined_at"] = now
    LeaseSeat.objects.update_or_create(worker=call.worker, defaults=fields)


def _own(call: LeaseCall, actor: Actor) -> list[CameraLease]:
    rows = CameraLease.objects.filter(worker=call.worker, camera__in=visible_cameras(actor))
    locked = rows.select_for_update(of=("self",)).select_related("camera")
    return list(locked.order_by("pk"))


def _renew(call: LeaseCall, mine: list[CameraLease], *, now: datetime) -> list[CameraLease]:
    """Renew what the worker knows it holds; what it does not know any more becomes free.

    A lease that ran out is renewed too, as long as nobody took the camera: when the platform was
    away, everybody goes on where they were.
    """
    known = {lease.code: lease for lease in call.held}
    kept, free = [], []
    for row in mine:
        said = known.get(row.camera.code)
        if said is None or said.epoch != row.epoch or not _may_watch(row.camera, call.worker):
            free.append(row)
            continue
        row.expires_at, row.cost_ms = now + TTL, said.cost_ms or row.cost_ms
        kept.append(row)
    CameraLease.objects.bulk_update(kept, ["expires_at", "cost_ms"])
    _release(free, now=now)
    return kept


def _may_watch(camera: Camera, worker: str) -> bool:
    return camera.enabled and camera.worker in ("", worker)


def _release(rows: list[CameraLease], *, now: datetime) -> None:
    for row in rows:
        row.worker, row.expires_at = "", min(row.expires_at, now)
    CameraLease.objects.bulk_update(rows, ["worker", "expires_at"])


def _keep_memories(call: LeaseCall, kept: list[CameraLease], *, now: datetime) -> None:
    """Keep what the worker remembers of the places of the cameras that it still holds."""
    epochs = {(row.camera.code, row.epoch): row for row in kept}
    rows = [
        DwellMemory(
            camera=epochs[memory.code, memory.epoch].camera,
            epoch=memory.epoch,
            body=memory.body,
            saved_at=now,
        )
        for memory in {memory.code: memory for memory in call.memories}.values()
        if (memory.code, memory.epoch) in epochs
    ]
    DwellMemory.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["camera"],
        update_fields=["epoch", "body", "saved_at"],
    )


def forget_memories(*, actor: Actor, now: datetime) -> int:
    """Delete what is remembered of cameras that nobody took on for a day, or that are switched off.

    A memory carries small pictures of the street: it stays only while a next worker may need it.
    Who watched what a month ago is forgotten with it: no spool waits that long.
    """
    accounts.require(actor, Role.SYSTEM)
    cameras = visible_cameras(actor)
    LeaseTenure.objects.filter(camera__in=cameras, ended_at__lt=now - TENURE_KEPT).delete()
    rows = DwellMemory.objects.filter(camera__in=cameras)
    over = Q(saved_at__lt=now - MEMORY_KEPT) | Q(camera__enabled=False)
    return rows.filter(over).delete()[0]


def _let_go(
    call: LeaseCall, kept: list[CameraLease], *, seats: list[Seat], now: datetime
) -> list[CameraLease]:
    held = [
        Holding(code=row.camera.code, cost_ms=row.cost_ms, priority=priority_of(row.camera.options))
        for row in kept
        if not row.camera.worker  # a camera given to this worker stays with it
    ]
    back = set(given_back(held, mine=_seat(call, kept, now), seats=seats, now=now))
    _release([row for row in kept if row.camera.code in back], now=now)
    return [row for row in kept if row.camera.code not in back]


def _seat(call: LeaseCall, kept: list[CameraLease], now: datetime) -> Seat:
    return Seat(
        name=call.worker,
        capacity_ms=call.capacity_ms,
        load_ms=sum(row.cost_ms for row in kept),
        seen_at=now,
        joined_at=now,
    )


def _take(
    call: LeaseCall,
    kept: list[CameraLease],
    *,
    seats: list[Seat],
    actor: Actor,
    now: datetime,
) -> tuple[list[CameraLease], bool]:
    _register_new(call.worker, actor=actor, now=now)
    rows = list(_free(call.worker, actor=actor, now=now))
    by_code = {row.camera.code: row for row in rows}
    free = [
        Claimable(
            code=row.camera.code,
            cost_ms=row.cost_ms,
            # a camera that is given to this worker has nobody else to wait for
            free_since=now - TTL if row.camera.worker else row.expires_at,
            priority=priority_of(row.camera.options),
        )
        for row in rows
    ]
    choice = choose(free, mine=_seat(call, kept, now), seats=seats, now=now)
    taken = [by_code[code] for code in choice.codes]
    _note_tenures(taken, actor=actor, now=now)
    for row in taken:
        row.worker, row.epoch = call.worker, row.epoch + 1
        row.expires_at, row.taken_at = now + TTL, now
    CameraLease.objects.bulk_update(taken, ["worker", "epoch", "expires_at", "taken_at"])
    return taken, choice.is_more_soon


def _note_tenures(taken: list[CameraLease], *, actor: Actor, now: datetime) -> None:
    """End the tenures of the former epochs and begin the next ones.

    Who gave a camera back ended it then; who only ran late keeps its epoch until now.
    """
    former = {(row.camera_id, row.epoch): now if row.worker else row.expires_at for row in taken}
    rows = LeaseTenure.objects.filter(camera__in=[row.camera_id for row in taken], ended_at=None)
    ended = [row for row in rows if (row.camera_id, row.epoch) in former]
    for row in ended:
        row.ended_at = max(former[row.camera_id, row.epoch], row.taken_at)
    LeaseTenure.objects.bulk_update(ended, ["ended_at"])
    LeaseTenure.objects.bulk_create(
        LeaseTenure(camera=row.camera, epoch=row.epoch + 1, holder=actor.ref, taken_at=now)
        for row in taken
    )


def _free(worker: str, *, actor: Actor, now: datetime) -> QuerySet[CameraLease]:
    """Return the cameras nobody holds, locked; what another call is just taking is passed over."""
    rows = CameraLease.objects.filter(
        Q(camera__worker="") | Q(camera__worker=worker),
        camera__in=visible_cameras(actor),
        camera__enabled=True,
        expires_at__lte=now,
    )
    locked = rows.select_for_update(skip_locked=True, of=("self",)).select_related("camera")
    return locked.order_by("expires_at", "pk")[:FREE_LIMIT]


def _register_new(worker: str, *, actor: Actor, now: datetime) -> None:
    """Make cameras that were never under a lease free to take."""
    rows = visible_cameras(actor).filter(enabled=True, worker__in=("", worker))
    fresh = rows.exclude(pk__in=CameraLease.objects.values("camera")).exclude(source="")
    CameraLease.objects.bulk_create(
        [CameraLease(camera_id=key, expires_at=now) for key in fresh.values_list("pk", flat=True)],
        ignore_conflicts=True,
    )


def refuse_stale(
    camera: Camera, epoch: int | None, *, alarm_at: datetime, actor: Actor, now: datetime
) -> None:
    """Refuse a finding about a camera that another worker watched when it was observed.

    Call it inside a transaction.

    :raises StaleEpoch: the epoch was not the camera's, or not this worker's, at that moment.
    """
    lease = CameraLease.objects.select_for_update().filter(camera=camera).first()
    if lease is None or lease.epoch == 0:
        return
    is_held = bool(lease.worker) and lease.expires_at > now
    if not is_stale(epoch=epoch, current=lease.epoch, is_held=is_held):
        return
    tenure = tenure_of(camera, epoch)
    if not was_seen_in_time(tenure, holder=actor.ref, alarm_at=alarm_at):
        raise StaleEpoch(
            f"摄像头“{camera.code}”的租约已到第{lease.epoch}期，来文属第{epoch or 0}期，"
            "发现时已不由本程序看守，不予接收。请停止看守本路，重新申请租约。",
            field="epoch",
        )
