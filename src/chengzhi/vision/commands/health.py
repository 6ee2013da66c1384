"""What cameras and workers say about themselves."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from operator import or_

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Role
from chengzhi.vision.commands.incidents import end_incident, open_unseen
from chengzhi.vision.models import (
    Camera,
    CameraDay,
    CameraHealth,
    CameraLease,
    Incident,
    Preset,
    WorkerStatus,
)
from chengzhi.vision.queries.access import visible_cameras
from chengzhi.vision.rules.health import (
    BLIND_AFTER,
    NOTE_LIMIT,
    check_beats,
    goes_on,
    grown,
    read_state,
)
from chengzhi.vision.rules.leases import is_stale
from chengzhi.vision.types import (
    DARK_STATES,
    UNWATCHED,
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
    "dark_since",
)
DAY_FIELDS = ("frames", "dropped", "blind_s")


@dataclass(frozen=True, kw_only=True)
class _Heard:
    """What a worker says of a camera, what was said of it last, and what is open of it."""

    camera: Camera
    beat: CameraBeat
    last: CameraHealth | None
    incidents: list[Incident]
    goes_on: bool  # the worker that spoke last counts on: it was at work all the time

    @property
    def state(self) -> CameraState:
        return read_state(self.beat.state)

    @property
    def was_unwatched(self) -> bool:
        """Whether the time since the last word is counted as blind: what is said now lies in it."""
        return not self.goes_on and any(row.kind in UNWATCHED for row in self.incidents)

    def dark_since(self, now: datetime) -> datetime | None:
        """Return since when it says without a break that it sees nothing."""
        if self.state not in DARK_STATES:
            return None
        before = self.last.dark_since if self.last else None
        is_new = before is None or self.was_unwatched or before < self.camera.updated_at
        return now if is_new else before


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
    heard = _heard(worker, [pair for pair in spoken if pair[0].code not in stop])
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


def _heard(worker: str, spoken: list[tuple[Camera, CameraBeat]]) -> list[_Heard]:
    keys = [camera.pk for camera, _ in spoken]
    last = {row.camera_id: row for row in CameraHealth.objects.filter(camera__in=keys)}
    incidents: dict[int, list[Incident]] = {key: [] for key in keys}
    for row in Incident.objects.filter(camera__in=keys, ended_at__isnull=True).order_by("pk"):
        incidents[row.camera_id].append(row)
    return [
        _Heard(
            camera=camera,
            beat=beat,
            last=last.get(camera.pk),
            incidents=incidents[camera.pk],
            goes_on=_goes_on(worker, beat, last.get(camera.pk)),
        )
        for camera, beat in spoken
    ]


def _goes_on(worker: str, beat: CameraBeat, last: CameraHealth | None) -> bool:
    return last is not None and last.worker == worker and goes_on(beat, last)


def _keep(worker: str, heard: list[_Heard], now: datetime) -> None:
    rows = [
        CameraHealth(
            camera=said.camera,
            worker=worker,
            last_heartbeat_at=now,
            frames=said.beat.frames,
            dropped=said.beat.dropped,
            fps=said.beat.fps,
            lag_s=said.beat.lag_s,
            blind_s=said.beat.blind_s,
            restarts=said.beat.restarts,
            state=said.state,
            cost_ms=said.beat.cost_ms,
            note=said.beat.note[:NOTE_LIMIT],
            preset=said.beat.preset,
            dark_since=said.dark_since(now),
        )
        for said in heard
    ]
    CameraHealth.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["camera"], update_fields=HEALTH_FIELDS
    )


def _note_presets(heard: list[_Heard], now: datetime) -> None:
    """Remember when each moving camera stood at which of its views."""
    said = [Q(camera=h.camera, name=h.beat.preset) for h in heard if h.beat.preset]
    if said:
        Preset.objects.filter(reduce(or_, said), retired_at__isnull=True).update(seen_at=now)


def _add_to_day(heard: list[_Heard], day: date) -> None:
    keys = [said.camera.pk for said in heard]
    sums = {row.camera_id: row for row in CameraDay.objects.filter(camera__in=keys, day=day)}
    rows = []
    for said in heard:
        before = sums.get(said.camera.pk) or CameraDay()
        more = {name: getattr(before, name) + _more(said, name) for name in DAY_FIELDS}
        rows.append(CameraDay(camera=said.camera, day=day, **more))
    CameraDay.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["camera", "day"], update_fields=DAY_FIELDS
    )


def _more(said: _Heard, name: str) -> float:
    if name == "blind_s" and said.was_unwatched:
        return 0.0
    return grown(getattr(said.beat, name), getattr(said.last, name, 0))


def _settle(heard: list[_Heard], *, actor: Actor, now: datetime) -> None:
    """End what is over, and open the incident of a camera that has seen nothing for too long."""
    for said in heard:
        for incident in said.incidents:
            if incident.kind in UNWATCHED or said.state == CameraState.RUNNING:
                watched = incident.kind in UNWATCHED and said.goes_on
                end_incident(said.camera, incident, was_watched=watched, actor=actor, now=now)
        since = said.dark_since(now)
        if since is not None and now - since >= BLIND_AFTER and not _is_blind(said):
            open_unseen(said.camera, since=since, state=said.state, actor=actor, now=now)


def _is_blind(said: _Heard) -> bool:
    return any(row.kind == CameraState.BLIND for row in said.incidents)
