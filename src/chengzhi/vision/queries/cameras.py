"""Cameras with their zones, rules, health and incidents."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Permission
from chengzhi.evidence import interface as evidence
from chengzhi.vision.models import (
    Camera,
    CameraHealth,
    Finding,
    Incident,
    Preset,
    Rule,
    Zone,
)
from chengzhi.vision.queries.access import access_camera, may_see_source, visible_cameras
from chengzhi.vision.queries.accuracy import accuracy_by, measured
from chengzhi.vision.queries.outages import blind_today
from chengzhi.vision.queries.presets import live_presets, preset_specs, preset_views, presets_of
from chengzhi.vision.queries.state import state_of
from chengzhi.vision.queries.thresholds import Held, held, with_thresholds
from chengzhi.vision.rules.camera_file import as_table
from chengzhi.vision.rules.cost import cost_of
from chengzhi.vision.rules.drawing import perspective_of, read_drawn
from chengzhi.vision.rules.health import SILENT_AFTER
from chengzhi.vision.rules.perspective import Smallest, smallest
from chengzhi.vision.rules.space import is_same_shape, points_text
from chengzhi.vision.rules.wording import duration_text, kind_label, label_text, when_text
from chengzhi.vision.types import (
    CAMERA_STATE_CHIPS,
    CAMERA_STATE_LABELS,
    ZONE_KIND_LABELS,
    Accuracy,
    CameraDetail,
    CameraFile,
    CameraPage,
    CameraRow,
    CameraState,
    FindingFilter,
    FindingState,
    IncidentRow,
    Perspective,
    PresetSpec,
    RuleView,
    ZoneKind,
    ZoneSpec,
    ZoneView,
)

WINDOW = timedelta(days=29)  # thirty days with today
INCIDENTS = 20
PAGE = 50


def camera_page(
    actor: Actor,
    *,
    now: datetime,
    find: str = "",
    state: str = "",
    after: str = "",
    before: str = "",
) -> CameraPage:
    """Return one page of the visible cameras by code, with health and accuracy of 30 days."""
    found = _found(actor, now=now, find=find, state=state)
    if before:
        listed = list(found.filter(code__lt=before).order_by("-code")[:PAGE])[::-1]
    else:
        listed = list(found.filter(code__gt=after).order_by("code")[:PAGE])
    first, last = (listed[0].code, listed[-1].code) if listed else ("", "")
    return CameraPage(
        rows=_as_rows(actor, listed, now=now),
        count=found.count(),
        next_key=last if last and found.filter(code__gt=last).exists() else "",
        previous_key=first if first and found.filter(code__lt=first).exists() else "",
    )


def every_camera(
    actor: Actor, *, now: datetime, find: str = "", state: str = ""
) -> list[CameraRow]:
    """Return all visible cameras by code, as an export or a map needs them."""
    rows = _found(actor, now=now, find=find, state=state)
    return _as_rows(actor, list(rows.order_by("code")), now=now)


def _found(actor: Actor, *, now: datetime, find: str, state: str) -> QuerySet[Camera]:
    rows = visible_cameras(actor)
    if find:
        rows = rows.filter(
            Q(code__icontains=find) | Q(name__icontains=find) | Q(address__icontains=find)
        )
    return rows.filter(_in_state(state, now - SILENT_AFTER)) if state else rows


def _in_state(state: str, limit: datetime) -> Q:
    heard = CameraHealth.objects.values("camera")
    if state == CameraState.DISABLED:
        return Q(enabled=False)
    if state == CameraState.NEVER:
        return Q(enabled=True) & ~Q(pk__in=heard)
    if state == CameraState.SILENT:
        return Q(enabled=True, pk__in=heard.filter(last_heartbeat_at__lt=limit))
    lively = heard.filter(last_heartbeat_at__gte=limit, state=state)
    return Q(enabled=True, pk__in=lively)


def _as_rows(actor: Actor, cameras: list[Camera], *, now: datetime) -> list[CameraRow]:
    keys = [camera.pk for camera in cameras]
    health = {row.camera_id: row for row in CameraHealth.objects.filter(camera__in=keys)}
    blind = blind_today(keys, now=now)
    zones = _counts(Zone.objects.filter(camera__in=keys))
    waiting = Finding.objects.filter(camera__in=keys, state=FindingState.PENDING)
    pending = _counts(waiting)
    wanted = last_30_days(now)
    if len(cameras) == 1:
        wanted = replace(wanted, camera=cameras[0].code)
    figures = {row.key: row for row in accuracy_by(actor, wanted, by="camera")}
    return [
        _as_row(
            camera,
            health.get(camera.pk),
            now=now,
            blind_s=blind.get(camera.pk, 0.0),
            zones=zones.get(camera.pk, 0),
            pending=pending.get(camera.pk, 0),
            accuracy=figures.get(camera.code) or _nothing(camera.code, now),
        )
        for camera in cameras
    ]


def _counts(rows: QuerySet[Any]) -> dict[int, int]:
    return dict(rows.values_list("camera").annotate(Count("pk")))


def _nothing(code: str, now: datetime) -> Accuracy:
    wanted = replace(last_30_days(now), camera=code)
    return measured(0, 0, 0, wanted=wanted, key=code)


def last_30_days(now: datetime, *, state: str = "reviewed") -> FindingFilter:
    """Return the filter of what was reviewed in the thirty civil days up to today."""
    today = timezone.localdate(now)
    return FindingFilter(state=state, decided_from=today - WINDOW, decided_to=today)


def _as_row(
    camera: Camera,
    health: CameraHealth | None,
    *,
    now: datetime,
    blind_s: float,
    zones: int,
    pending: int,
    accuracy: Accuracy,
) -> CameraRow:
    state = state_of(camera, health, now=now)
    return CameraRow(
        id=camera.pk,
        code=camera.code,
        name=camera.name,
        address=camera.address,
        division=camera.division,
        lon=camera.lon,
        lat=camera.lat,
        enabled=camera.enabled,
        worker=health.worker if health else camera.worker,
        state=state,
        state_label=CAMERA_STATE_LABELS[state],
        chip=CAMERA_STATE_CHIPS[state],
        last_heartbeat_at=health.last_heartbeat_at if health else None,
        fps=health.fps if health else 0.0,
        lag_s=health.lag_s if health else 0.0,
        dropped=health.dropped if health else 0,
        restarts=health.restarts if health else 0,
        cost_ms=health.cost_ms if health else 0.0,
        cost=cost_of(camera.options),
        note=health.note if health else "",
        blind_minutes=blind_s / 60,
        zone_count=zones,
        pending=pending,
        accuracy=accuracy,
    )


def camera_detail(actor: Actor, code: str, *, now: datetime) -> CameraDetail:
    """Return a camera with everything its page shows.

    :raises NotVisible: there is none, or not for this person.
    """
    camera = access_camera(actor, code)
    zones = zone_views(camera)
    presets = preset_views(camera, zones)
    below = size_of(presets[0].still if presets else camera.still)
    return CameraDetail(
        row=_as_rows(actor, [camera], now=now)[0],
        heading=camera.heading,
        grid=camera.grid,
        squad=camera.squad,
        still=camera.still,
        still_is_sketch=bool(camera.still) and not evidence.redacted_among({camera.still}),
        still_at=camera.still_at,
        still_asked_at=camera.still_asked_at,
        drawn_over=below,
        is_reshaped=_is_reshaped(camera, zones, below),
        frame_width=camera.frame_width,
        frame_height=camera.frame_height,
        perspective=perspective_of(camera.options),
        zones=zones,
        presets=presets,
        source=camera.source if may_see_source(actor) else "",
        has_source=bool(camera.source),
        options=dict(camera.options),
        incidents=incident_rows(actor, camera=code),
    )


def size_of(still: str) -> tuple[int, int] | None:
    """Return width and height of a stored picture, where they are known."""
    file = evidence.file_of(still) if still else None
    return (file.width, file.height) if file and file.width and file.height else None


def _is_reshaped(camera: Camera, zones: list[ZoneView], below: tuple[int, int] | None) -> bool:
    drawn = (camera.frame_width, camera.frame_height)
    if below is None or not all(drawn) or not (zones or "perspective" in camera.options):
        return False
    return not is_same_shape(drawn, below)


def zone_views(camera: Camera) -> list[ZoneView]:
    """Return a camera's zones with their rules, by name."""
    perspective = perspective_of(camera.options)
    return [_zone_view(zone, rules, perspective) for zone, rules in _drawn([camera.pk])]


def _drawn(cameras: Collection[int]) -> list[tuple[Zone, list[Rule]]]:
    """Return the zones of some cameras with their rules, by name."""
    rules: dict[int, list[Rule]] = {}
    for rule in Rule.objects.filter(zone__camera__in=cameras).order_by("finding"):
        rules.setdefault(rule.zone_id, []).append(rule)
    zones = Zone.objects.filter(camera__in=cameras).order_by("name", "pk")
    return [(zone, rules.get(zone.pk, [])) for zone in zones]


def _zone_view(zone: Zone, rules: list[Rule], perspective: Perspective | None) -> ZoneView:
    specs = tuple(rule.spec() for rule in rules)
    seen = smallest(perspective, zone.corners, specs) if perspective else Smallest()
    return ZoneView(
        id=zone.pk,
        name=zone.name,
        kind=ZoneKind(zone.kind),
        kind_label=ZONE_KIND_LABELS[zone.kind],
        polygon=zone.corners,
        points=points_text(zone.corners),
        rules=[
            RuleView(
                id=rule.pk,
                version=rule.version,
                spec=rule.spec(),
                kind_label=kind_label(rule.finding),
                when=when_text(rule.spec()),
                exempt="、".join(label_text(label) for label in rule.exempt),
                re_alert=duration_text(rule.re_alert_s) if rule.re_alert_s else "",
            )
            for rule in rules
        ],
        drawn=read_drawn(zone.drawn, "drawn"),
        smallest_far_m=seen.far_m,
        smallest_near_m=seen.near_m,
        warnings=seen.warnings,
        preset=zone.preset_id,
    )


def camera_file(actor: Actor, code: str) -> CameraFile:
    """Return a camera as its file; address and reference pictures only for who may see them."""
    camera, may_see = access_camera(actor, code), may_see_source(actor)
    zones = zone_specs(camera)
    presets = preset_specs(live_presets(camera), zones, with_views=may_see)
    return _as_file(camera, zones, presets, with_source=may_see)


def _as_file(
    camera: Camera,
    zones: tuple[ZoneSpec, ...],
    presets: tuple[PresetSpec, ...],
    *,
    with_source: bool,
) -> CameraFile:
    size = (camera.frame_width, camera.frame_height)
    return CameraFile(
        code=camera.code,
        name=camera.name,
        source=camera.source if with_source else "",
        picture=size if all(size) else None,
        options=dict(camera.options),
        zones=zones,
        presets=presets,
    )


def zone_specs(camera: Camera) -> tuple[ZoneSpec, ...]:
    """Return a camera's zones with their rules as the file holds them, by name."""
    return _specs([camera.pk]).get(camera.pk, ())


def _specs(cameras: Collection[int]) -> dict[int, tuple[ZoneSpec, ...]]:
    found: dict[int, tuple[ZoneSpec, ...]] = {}
    for zone, rules in _drawn(cameras):
        spec = ZoneSpec(
            name=zone.name,
            kind=ZoneKind(zone.kind),
            polygon=zone.corners,
            rules=tuple(rule.spec() for rule in rules),
            drawn=read_drawn(zone.drawn, "drawn"),
            preset=zone.preset_id,
        )
        found[zone.camera_id] = (*found.get(zone.camera_id, ()), spec)
    return found


def worker_cameras(
    actor: Actor, *, worker: str = "", explores: bool = False
) -> list[dict[str, object]]:
    """Return the enabled cameras as the worker reads them: all, or those given to one worker.

    With `explores` the published thresholds stand in the rules (rules/calibration.py).

    :raises NotPermitted: the stream's address may carry a password, so few may read it.
    """
    accounts.permit(actor, Permission.MANAGE_CAMERAS)
    rows = visible_cameras(actor).filter(enabled=True)
    if worker:
        rows = rows.filter(worker__in=("", worker))
    thresholds = held(actor.county) if explores else {}
    return list(camera_tables(rows.order_by("code"), thresholds).values())


def camera_tables(cameras: Iterable[Camera], thresholds: Held) -> dict[int, dict[str, object]]:
    """Return cameras by key as the worker reads them, with the streams' addresses."""
    listed = list(cameras)
    keys = [camera.pk for camera in listed]
    zones, presets = _specs(keys), presets_of(keys)
    return {
        camera.pk: with_thresholds(
            _worker_table(camera, zones.get(camera.pk, ()), presets.get(camera.pk, [])),
            camera.pk,
            thresholds,
        )
        for camera in listed
    }


def _worker_table(
    camera: Camera, zones: tuple[ZoneSpec, ...], presets: list[Preset]
) -> dict[str, object]:
    file = _as_file(camera, zones, preset_specs(presets, zones), with_source=True)
    return as_table(file)


def incident_rows(actor: Actor, *, camera: str = "") -> list[IncidentRow]:
    """Return the latest incidents of the visible cameras, newest first."""
    rows = Incident.objects.filter(camera__in=visible_cameras(actor)).select_related("camera")
    if camera:
        rows = rows.filter(camera__code=camera)
    listed = rows.order_by("-started_at", "-pk")[:INCIDENTS]
    return [
        IncidentRow(
            id=row.pk,
            camera=row.camera.code,
            camera_name=row.camera.name,
            kind=row.kind,
            label=CAMERA_STATE_LABELS[row.kind],
            started_at=row.started_at,
            ended_at=row.ended_at,
            finding_id=row.finding_id,
        )
        for row in listed
    ]


def camera_choices(actor: Actor) -> list[tuple[str, str]]:
    """Return code and name of the visible cameras, for a filter."""
    rows = visible_cameras(actor).order_by("code").values_list("code", "name")
    return [(code, f"{code} {name}") for code, name in rows]
