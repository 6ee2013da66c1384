"""Incidents of cameras: one opens when nothing is seen or said, and ends when the camera is back."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Role
from chengzhi.audit import interface as audit
from chengzhi.vision.events import CameraRecovered, CameraSilent, CameraWentBlind, IncidentDropped
from chengzhi.vision.models import Camera, CameraHealth, Finding, Incident
from chengzhi.vision.rules.outages import outage_settings
from chengzhi.vision.rules.wording import moment_text
from chengzhi.vision.types import CAMERA_STATE_LABELS, CameraState


def open_blind(camera: Camera, *, finding: Finding, actor: Actor, now: datetime) -> None:
    """Open the incident of a camera that sees nothing; one that is open already gets the picture.

    The worker waits half a minute before it says so; a passing cloud is no incident.
    """
    locked = Camera.objects.select_for_update().get(pk=camera.pk)
    incident, is_new = Incident.objects.get_or_create(
        camera=locked,
        kind=CameraState.BLIND,
        ended_at=None,
        defaults={**_begun(locked, finding.started_at, now), "finding": finding},
    )
    if is_new:
        _tell_blind(locked, incident, where=finding.zone or "整幅画面", actor=actor, now=now)
    elif incident.finding_id is None:
        incident.finding = finding
        incident.save(update_fields=["finding"])


def open_unseen(
    camera: Camera, *, since: datetime, state: CameraState, actor: Actor, now: datetime
) -> None:
    """Open the incident of a camera whose heartbeats alone say that it sees nothing.

    A source that never gave a picture, a camera that failed or was refused sends no finding. The
    row of the camera is locked by the caller.
    """
    incident, is_new = Incident.objects.get_or_create(
        camera=camera,
        kind=CameraState.BLIND,
        ended_at=None,
        defaults=_begun(camera, since, now),
    )
    if is_new:
        _tell_blind(camera, incident, where=CAMERA_STATE_LABELS[state], actor=actor, now=now)


def _begun(camera: Camera, since: datetime, now: datetime) -> dict[str, datetime]:
    """Return since when it is dark, and when the platform knew of it.

    A camera that comes and goes was known of all the time: it was never well for long enough to be
    believed, and people must hear of it all the same.
    """
    well_for = outage_settings(on=timezone.localdate(now)).well_for
    rows = Incident.objects.filter(camera=camera, end_told_at=None, ended_at__gt=since - well_for)
    before = rows.order_by("noticed_at").first()
    return {"started_at": since, "noticed_at": before.noticed_at if before else now}


def _tell_blind(
    camera: Camera, incident: Incident, *, where: str, actor: Actor, now: datetime
) -> None:
    event = CameraWentBlind(
        camera=camera.code,
        finding_id=incident.finding.finding_id if incident.finding else "",
        zone=where,
        started_at=incident.started_at.isoformat(),
    )
    audit.record(event, subject=camera.subject, actor=actor.ref, at=now)


def end_incident(
    camera: Camera, incident: Incident, *, was_watched: bool, actor: Actor, now: datetime
) -> None:
    """End an incident: the camera sees again, or its worker speaks again.

    `was_watched` says that the worker was only cut off: it counted for itself what it did not see.
    """
    incident.ended_at, incident.was_watched = now, was_watched
    incident.save(update_fields=["ended_at", "was_watched"])
    event = CameraRecovered(
        camera=camera.code, was=incident.kind, was_label=CAMERA_STATE_LABELS[incident.kind]
    )
    audit.record(event, subject=camera.subject, actor=actor.ref, at=now)


def drop_incidents(camera: Camera, *, actor: Actor, now: datetime) -> None:
    """End what is open of a camera that is switched off: nobody waits for its pictures any more.

    Who was told of it is not told of its end: somebody has just decided it. The row is locked.
    """
    for incident in Incident.objects.filter(camera=camera, ended_at__isnull=True).order_by("pk"):
        incident.ended_at = now
        incident.end_told_at = now if incident.told_at else None
        incident.save(update_fields=["ended_at", "end_told_at"])
        label = CAMERA_STATE_LABELS[incident.kind]
        event = IncidentDropped(camera=camera.code, was=incident.kind, was_label=label)
        audit.record(event, subject=camera.subject, actor=actor.ref, at=now)


def mark_silent(*, after: timedelta, actor: Actor, now: datetime) -> int:
    """Open an incident for every camera that has said nothing for so long; return how many.

    Each camera is told of once, until it speaks again. One that is switched on and has an address
    but was never heard is as dark as one that fell silent. The time that it was switched off, or
    being changed, is not counted.
    """
    accounts.require(actor, Role.SYSTEM)
    since = now - after
    return sum(_silence(key, since=since, actor=actor, now=now) for key in _quiet(since))


def _quiet(since: datetime) -> Iterable[int]:
    asked = Camera.objects.filter(enabled=True, updated_at__lte=since)
    heard = CameraHealth.objects.values("camera")
    silent = asked.filter(pk__in=heard.filter(last_heartbeat_at__lt=since))
    never = asked.exclude(source="").exclude(pk__in=heard)
    return sorted(
        {*_keys(silent, without=CameraState.SILENT), *_keys(never, without=CameraState.NEVER)}
    )


def _keys(cameras: QuerySet[Camera], *, without: CameraState) -> Iterable[int]:
    known = Incident.objects.filter(kind=without, ended_at__isnull=True).values("camera")
    return cameras.exclude(pk__in=known).values_list("pk", flat=True)


@transaction.atomic
def _silence(key: int, *, since: datetime, actor: Actor, now: datetime) -> int:
    camera = Camera.objects.select_for_update().get(pk=key)
    health = CameraHealth.objects.filter(camera=camera).first()
    last = max(health.last_heartbeat_at, camera.updated_at) if health else camera.updated_at
    if not camera.enabled or last > since:
        return 0
    kind = CameraState.SILENT if health else CameraState.NEVER
    _, is_new = Incident.objects.get_or_create(
        camera=camera, kind=kind, ended_at=None, defaults=_begun(camera, last, now)
    )
    if is_new:
        event = CameraSilent(
            camera=camera.code,
            since=moment_text(timezone.localtime(last)),
            started_at=last.isoformat(),
        )
        audit.record(event, subject=camera.subject, actor=actor.ref, at=now)
    return int(is_new)
