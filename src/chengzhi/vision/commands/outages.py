"""People are told once of cameras that stay dark, all at once, and once when they see again."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Role
from chengzhi.audit import interface as audit
from chengzhi.vision.events import CamerasDark, CamerasSeeAgain
from chengzhi.vision.models import CameraHealth, Incident
from chengzhi.vision.queries.access import visible_cameras
from chengzhi.vision.rules.outages import (
    OutageSettings,
    hint_of,
    is_time,
    kinds_text,
    named,
    outage_settings,
)
from chengzhi.vision.rules.wording import duration_text
from chengzhi.vision.types import CameraState

Make = Callable[[str, list[Incident], OutageSettings], CamerasDark | CamerasSeeAgain]


@transaction.atomic
def tell_of_outages(*, actor: Actor, now: datetime) -> int:
    """Tell of the cameras that have been dark for long enough, and of those that see again.

    One that falls dark again before people were told that it is well is the same outage. Returns
    of how many cameras they were told.
    """
    accounts.require(actor, Role.SYSTEM)
    settings = outage_settings(on=timezone.localdate(now))
    return _tell_dark(settings, actor=actor, now=now) + _tell_well(settings, actor=actor, now=now)


def _tell_dark(settings: OutageSettings, *, actor: Actor, now: datetime) -> int:
    told = {row.camera_id: row for row in _told(actor)}
    fresh = []
    for row in _locked(actor).filter(camera__enabled=True, ended_at=None, told_at=None):
        if row.camera_id in told:
            row.told_at = told[row.camera_id].told_at
            row.save(update_fields=["told_at"])
        else:
            fresh.append(row)
    noticed = [row.noticed_at for row in fresh]
    last = _last(actor, "told_at")
    if not is_time(noticed, after=settings.tell_after, last=last, apart=settings.apart, now=now):
        return 0
    rows = [row for row in fresh if now - row.noticed_at >= settings.along_after]
    _mark(rows, "told_at", now)
    return _announce(rows, _dark, settings, actor=actor, now=now)


def _tell_well(settings: OutageSettings, *, actor: Actor, now: datetime) -> int:
    still = Incident.objects.filter(ended_at=None).values("camera")
    ended: dict[int, list[Incident]] = {}
    for row in _told(actor).exclude(camera__in=still):
        ended.setdefault(row.camera_id, []).append(row)
    since = {key: max(_end(row, now) for row in rows) for key, rows in ended.items()}
    well, last = since.values(), _last(actor, "end_told_at")
    if not is_time(well, after=settings.well_for, last=last, apart=settings.apart, now=now):
        return 0
    along = [key for key, at in since.items() if now - at >= settings.well_for / 2]
    rows = [row for key in along for row in ended[key]]
    _mark(rows, "end_told_at", now)
    return _announce(rows, _well, settings, actor=actor, now=now)


def _locked(actor: Actor) -> QuerySet[Incident]:
    rows = Incident.objects.filter(camera__in=visible_cameras(actor))
    locked = rows.select_for_update(of=("self",)).select_related("camera")
    return locked.order_by("camera__code", "pk")


def _told(actor: Actor) -> QuerySet[Incident]:
    """Return what people were told of, and not yet that it is over."""
    return _locked(actor).filter(told_at__isnull=False, end_told_at=None)


def _last(actor: Actor, name: str) -> datetime | None:
    rows = Incident.objects.filter(camera__in=visible_cameras(actor))
    last: datetime | None = rows.aggregate(at=Max(name))["at"]
    return last


def _mark(rows: list[Incident], name: str, now: datetime) -> None:
    for row in rows:
        setattr(row, name, now)
    Incident.objects.bulk_update(rows, [name])


def _end(row: Incident, now: datetime) -> datetime:
    return row.ended_at or now


def _announce(
    rows: list[Incident], make: Make, settings: OutageSettings, *, actor: Actor, now: datetime
) -> int:
    """Tell the county of all of them, and each squad of its own."""
    fleet = f"fleet:{actor.county}"
    audit.record(make("", rows, settings), subject=fleet, actor=actor.ref, at=now)
    for squad in sorted({row.camera.squad for row in rows} - {""}):
        own = [row for row in rows if row.camera.squad == squad]
        event = make(squad, own, settings)
        audit.record(event, subject=f"{fleet}:{squad}", actor=actor.ref, at=now)
    return len({row.camera_id for row in rows})


def _dark(squad: str, rows: list[Incident], settings: OutageSettings) -> CamerasDark:
    kinds = {row.camera_id: row.kind for row in rows}  # the later of two
    first = min(row.started_at for row in rows)
    return CamerasDark(
        **_of_cameras(squad, rows, settings),
        size="many" if len(kinds) >= settings.many else "few",
        why=kinds_text(kinds.values()),
        since=f"{timezone.localtime(first):%m-%d %H:%M}",
        started_at=first.isoformat(),
        hint=hint_of(_workers(rows), of=len(kinds)),
    )


def _well(squad: str, rows: list[Incident], settings: OutageSettings) -> CamerasSeeAgain:
    longest = max(_end(row, row.started_at) - row.started_at for row in rows)
    minutes = max(round(longest.total_seconds() / 60), 1)
    return CamerasSeeAgain(
        **_of_cameras(squad, rows, settings), longest=duration_text(minutes * 60)
    )


def _of_cameras(squad: str, rows: list[Incident], settings: OutageSettings) -> dict[str, Any]:
    cameras = {row.camera_id: row.camera for row in rows}.values()
    names = [f"{camera.code} {camera.name}" for camera in cameras]
    return {
        "scope": "squad" if squad else "county",
        "squad": squad,
        "count": len(names),
        "cameras": [camera.code for camera in cameras],
        "cameras_text": named(names, most=settings.names),
    }


def _workers(rows: list[Incident]) -> list[str]:
    """Return who was last heard of each silent camera."""
    silent = [row.camera_id for row in rows if row.kind == CameraState.SILENT]
    heard = CameraHealth.objects.filter(camera__in=silent).order_by("camera")
    return list(heard.values_list("worker", flat=True))
