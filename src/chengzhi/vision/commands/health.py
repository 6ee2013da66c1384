"""What cameras and workers say about themselves, and what it means when they fall silent."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Role
from chengzhi.audit import interface as audit
from chengzhi.vision.events import CameraRecovered, CameraSilent, CameraWentBlind
from chengzhi.vision.models import (
    Camera,
    CameraDay,
    CameraHealth,
    CameraLease,
    Finding,
    Incident,
    Preset,
    WorkerStatus,
)
from chengzhi.vision.queries.access import visible_cameras
from chengzhi.vision.rules.health import NOTE_LIMIT, check_beats, grown, read_state
from chengzhi.vision.rules.leases import is_stale
from chengzhi.vision.rules.wording import moment_text
from chengzhi.vision.types import (
    CAMERA_STATE_LABELS,
    BeatReceipt,
    CameraBeat,
    CameraState,
)

HEALTH_FIELDS = (
    "worker",
    "last_heartbeat_at",
    "frames",
    "dropped",
    "fps",
    "lag_s",
    "blind_s",
    "restarts",
    "state",
    "cost_ms",
    "note",
    "preset",
)
DAY_FIELDS = ("frames", "dropped", "blind_s")


@transaction.atomic
def record_heartbeat(
    worker: str, beats: tuple[CameraBeat, ...], *, actor: Actor, now: datetime, note: str = ""
) -> BeatReceipt:
    """Keep the cameras' last words, add to their day, and open or end incidents."""
    accounts.require(actor, Role.SYSTEM)
    check_beats(worker, beats)
    WorkerStatus.objects.update_or_create(
        name=worker,
        defaults={
            "division": actor.county,
            "last_heartbeat_at": now,
            "camera_count": len(beats),
            "note": note[:NOTE_LIMIT],
        },
    )
    by_code = {beat.code: beat for beat in beats}
    rows = visible_cameras(actor).filter(code__in=by_code).select_for_update().order_by("pk")
    cameras = list(rows)
    spoken = [(camera, by_code[camera.code]) for camera in cameras]
    stop = _stale(spoken, now)
    heard = [(camera, beat) for camera, beat in spoken if camera.code not in stop]
    _add_to_day(heard, timezone.localdate(now))
    _keep(worker, heard, now)
    _note_presets(heard, now)
    _settle(heard, actor=actor, now=now)
    unknown = tuple(sorted(by_code.keys() - {camera.code for camera in cameras}))
    return BeatReceipt(known=len(cameras), unknown=unknown, stop=tuple(sorted(stop)))


def _stale(spoken: list[tuple[Camera, CameraBeat]], now: datetime) -> set[str]:
    """Return the cameras that another worker watches: what this one says of them is not kept."""
    leases = CameraLease.objects.filter(camera__in=[camera.pk for camera, _ in spoken], epoch__gt=0)
    rows = {row.camera_id: row for row in leases}
    return {
        camera.code
        for camera, beat in spoken
        if (row := rows.get(camera.pk))
        and is_stale(
            epoch=beat.epoch,
            current=row.epoch,
            is_held=bool(row.worker) and row.expires_at > now,
        )
    }


def _keep(worker: str, heard: list[tuple[Camera, CameraBeat]], now: datetime) -> None:
    rows = [
        CameraHealth(
            camera=camera,
            worker=worker,
            last_heartbeat_at=now,
            frames=beat.frames,
            dropped=beat.dropped,
            fps=beat.fps,
            lag_s=beat.lag_s,
            blind_s=beat.blind_s,
            restarts=beat.restarts,
            state=read_state(beat.state),
            cost_ms=beat.cost_ms,
            note=beat.note[:NOTE_LIMIT],
            preset=beat.preset,
        )
        for camera, beat in heard
    ]
    CameraHealth.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["camera"], update_fields=HEALTH_FIELDS
    )


def _note_presets(heard: list[tuple[Camera, CameraBeat]], now: datetime) -> None:
    """Remember when each moving camera stood at which of its views."""
    said = [Q(camera=camera, name=beat.preset) for camera, beat in heard if beat.preset]
    if said:
        Preset.objects.filter(reduce(or_, said), retired_at__isnull=True).update(seen_at=now)


def _add_to_day(heard: list[tuple[Camera, CameraBeat]], day: date) -> None:
    keys = [camera.pk for camera, _ in heard]
    last = {row.camera_id: row for row in CameraHealth.objects.filter(camera__in=keys)}
    sums = {row.camera_id: row for row in CameraDay.objects.filter(camera__in=keys, day=day)}
    rows = []
    for camera, beat in heard:
        row = sums.get(camera.pk) or CameraDay(camera=camera, day=day)
        for name in DAY_FIELDS:
            before = getattr(last.get(camera.pk), name, 0)
            more = grown(getattr(beat, name), before)
            setattr(row, name, getattr(row, name) + more)
        rows.append(CameraDay(camera=camera, day=day, **{n: getattr(row, n) for n in DAY_FIELDS}))
    CameraDay.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["camera", "day"], update_fields=DAY_FIELDS
    )


def _settle(heard: list[tuple[Camera, CameraBeat]], *, actor: Actor, now: datetime) -> None:
    keys = [camera.pk for camera, _ in heard]
    rows = Incident.objects.filter(camera__in=keys, ended_at__isnull=True).order_by("pk")
    incidents: dict[int, list[Incident]] = {}
    for incident in rows:
        incidents.setdefault(incident.camera_id, []).append(incident)
    for camera, beat in heard:
        state = read_state(beat.state)
        for incident in incidents.get(camera.pk, ()):
            if incident.kind == CameraState.SILENT or state == CameraState.RUNNING:
                _end(camera, incident, actor=actor, now=now)


def _end(camera: Camera, incident: Incident, *, actor: Actor, now: datetime) -> None:
    incident.ended_at = now
    incident.save(update_fields=["ended_at"])
    event = CameraRecovered(
        camera=camera.code, was=incident.kind, was_label=CAMERA_STATE_LABELS[incident.kind]
    )
    audit.record(event, subject=camera.subject, actor=actor.ref, at=now)


def open_blind(camera: Camera, *, finding: Finding, actor: Actor, now: datetime) -> None:
    """Open the incident of a camera that sees nothing, unless it is open already.

    The worker waits half a minute before it says so; a passing cloud is no incident.
    """
    locked = Camera.objects.select_for_update().get(pk=camera.pk)
    incident, is_new = Incident.objects.get_or_create(
        camera=locked,
        kind=CameraState.BLIND,
        ended_at=None,
        defaults={"started_at": finding.started_at, "finding": finding},
    )
    if not is_new:
        return
    event = CameraWentBlind(
        camera=locked.code,
        finding_id=finding.finding_id,
        zone=finding.zone or "整幅画面",
        started_at=finding.started_at.isoformat(),
    )
    audit.record(event, subject=locked.subject, actor=actor.ref, at=now)


def mark_silent(*, after: timedelta, actor: Actor, now: datetime) -> int:
    """Open an incident for every camera that has said nothing for so long; return how many.

    Each camera is told of once, until it speaks again.
    """
    accounts.require(actor, Role.SYSTEM)
    return sum(_silence(key, after=after, actor=actor, now=now) for key in _quiet(now - after))


def _quiet(since: datetime) -> Iterable[int]:
    silent = Incident.objects.filter(kind=CameraState.SILENT, ended_at__isnull=True)
    rows = CameraHealth.objects.filter(last_heartbeat_at__lt=since, camera__enabled=True)
    quiet = rows.exclude(camera__in=silent.values("camera"))
    return list(quiet.order_by("camera").values_list("camera", flat=True))


@transaction.atomic
def _silence(key: int, *, after: timedelta, actor: Actor, now: datetime) -> int:
    camera = Camera.objects.select_for_update().get(pk=key)
    last = CameraHealth.objects.get(camera=camera).last_heartbeat_at
    if now - last < after:
        return 0
    _, is_new = Incident.objects.get_or_create(
        camera=camera, kind=CameraState.SILENT, ended_at=None, defaults={"started_at": last}
    )
    if is_new:
        since = moment_text(timezone.localtime(last))
        event = CameraSilent(camera=camera.code, since=since)
        audit.record(event, subject=camera.subject, actor=actor.ref, at=now)
    return int(is_new)
