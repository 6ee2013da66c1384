"""Register and change cameras."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Permission
from chengzhi.audit import interface as audit
from chengzhi.evidence import interface as evidence
from chengzhi.kernel.errors import DomainError, InvalidInput
from chengzhi.places import interface as places
from chengzhi.places.types import Point
from chengzhi.vision.commands.incidents import drop_incidents
from chengzhi.vision.commands.presets import bring_presets
from chengzhi.vision.commands.zones import save_zones
from chengzhi.vision.events import CameraChanged, CameraRegistered
from chengzhi.vision.models import Camera, Zone
from chengzhi.vision.queries.access import lock_camera
from chengzhi.vision.rules.camera_file import read_code
from chengzhi.vision.rules.cost import changed_cost, fitting, read_cost, with_cost
from chengzhi.vision.rules.draft import FIELD_LABELS, check_draft
from chengzhi.vision.types import CameraDraft, CameraFile

STILL_FIELDS = ("still", "still_at", "still_asked_at", "frame_width", "frame_height", "updated_at")
MOST_AT_ONCE = 2_000
PICTURES = ("image/jpeg", "image/png", "image/webp")


class CodeTaken(DomainError):
    """Another camera has this code."""

    code = "camera-code-taken"


@transaction.atomic
def register_camera(code: str, draft: CameraDraft, *, actor: Actor, now: datetime) -> int:
    """Add a camera to the county and return its key; its place is looked up from its point.

    :raises CodeTaken: the code is in use, whoever's it is.
    :raises InvalidInput: a field is malformed, or the point lies in another county.
    """
    accounts.permit(actor, Permission.MANAGE_CAMERAS)
    read_code(code, "编号", field="code")
    check_draft(draft)
    if Camera.objects.filter(code=code).exists():
        raise CodeTaken(f"编号“{code}”已被使用，请换一个。", field="code")
    camera = Camera.objects.create(
        code=code, created_at=now, updated_at=now, **_fields(draft, actor)
    )
    event = CameraRegistered(
        camera=code, title=camera.name, lon=camera.lon, lat=camera.lat, division=camera.division
    )
    audit.record(event, subject=camera.subject, actor=actor.ref, at=now, first=True)
    return camera.pk


@transaction.atomic
def change_camera(code: str, draft: CameraDraft, *, actor: Actor, now: datetime) -> None:
    """Change what an administrator wrote about a camera; nothing changes, nothing is logged."""
    accounts.permit(actor, Permission.MANAGE_CAMERAS)
    check_draft(draft)
    camera = lock_camera(actor, code)
    fields = _fields(draft, actor)
    changed = [name for name, value in fields.items() if getattr(camera, name) != value]
    if not changed:
        return
    labels = _labels(changed, before=camera.options, after=draft.options)
    _write(camera, {name: fields[name] for name in changed}, labels, actor=actor, now=now)
    if "enabled" in changed and not camera.enabled:
        drop_incidents(camera, actor=actor, now=now)


def _labels(
    changed: list[str], *, before: Mapping[str, object], after: Mapping[str, object]
) -> list[str]:
    """Return what people call the fields that change; of the options, those of cost by name."""
    cost = changed_cost(before, after)
    named = [name for name in changed if name in FIELD_LABELS]
    plain = [FIELD_LABELS[name] for name in named if name != "options" or not cost]
    return [*plain, *cost]


@transaction.atomic
def set_cost(
    codes: Collection[str], told: Mapping[str, object], *, actor: Actor, now: datetime
) -> int:
    """Set what some cameras may cost, all or none, and return how many changed.

    :raises InvalidInput: nothing or nothing sensible is told, or no camera is named.
    :raises NotVisible: a camera is not there, or not for this person.
    """
    accounts.permit(actor, Permission.MANAGE_CAMERAS)
    cost = read_cost(told)
    if not cost:
        raise InvalidInput("没有要改的设置，请至少填一项。", field="keyframes_only")
    if not 0 < len(codes) <= MOST_AT_ONCE:
        raise InvalidInput(f"请选择1到{MOST_AT_ONCE}路摄像头。", field="codes")
    return sum(_set_cost(code, cost, actor=actor, now=now) for code in sorted(set(codes)))


def _set_cost(code: str, cost: Mapping[str, object], *, actor: Actor, now: datetime) -> bool:
    camera = lock_camera(actor, code)
    after = with_cost(camera.options, fitting(cost, camera.source))
    labels = changed_cost(camera.options, after)
    if labels:
        _write(camera, {"options": after}, labels, actor=actor, now=now)
    return bool(labels)


def _write(
    camera: Camera, fields: Mapping[str, object], labels: list[str], *, actor: Actor, now: datetime
) -> None:
    """Write some fields of a locked camera and record what people call them."""
    for name, value in fields.items():
        setattr(camera, name, value)
    camera.updated_at = now
    camera.save(update_fields=[*fields, "updated_at"])
    event = CameraChanged(camera=camera.code, fields="、".join(labels) or "所在网格")
    audit.record(event, subject=camera.subject, actor=actor.ref, at=now)


def _fields(draft: CameraDraft, actor: Actor) -> dict[str, object]:
    return {**vars(draft), **_place(draft, actor)}


def _place(draft: CameraDraft, actor: Actor) -> dict[str, str]:
    """Where no town is known the camera belongs to the county itself."""
    located = places.locate(Point(lon=draft.lon, lat=draft.lat))
    town = located.town
    if town and not town.startswith(actor.county):
        raise InvalidInput("经纬度落在外县，请核对（应为 WGS-84，先经度后纬度）。", field="lon")
    return {"division": town or actor.county, "grid": located.grid, "squad": located.squad}


@transaction.atomic
def set_still(
    code: str, content: bytes, *, name: str, size: tuple[int, int], actor: Actor, now: datetime
) -> str:
    """Keep a picture of the camera, on which zones are drawn, and return its hash."""
    accounts.permit(actor, Permission.MANAGE_CAMERAS)
    camera = lock_camera(actor, code)
    return keep_still(camera, content, name=name, size=size, actor=actor, now=now)


def keep_still(
    camera: Camera, content: bytes, *, name: str, size: tuple[int, int], actor: Actor, now: datetime
) -> str:
    """Store a picture and show it as the camera's; the row is locked by the caller.

    What is drawn stays told in pixels of the picture on which it was drawn.
    """
    stored = evidence.store(content, name=name, actor=actor, now=now)
    if stored.media_type not in PICTURES:
        raise InvalidInput("画面应为 JPEG、PNG 或 WebP 图片，请换一张。", field="still")
    subject = camera.subject
    evidence.attach(stored.sha256, subject=subject, role="reference", actor=actor, now=now)
    camera.still = stored.sha256
    camera.frame_width, camera.frame_height = _told_in(camera, size)
    camera.still_at = camera.updated_at = now
    camera.still_asked_at = None
    camera.save(update_fields=STILL_FIELDS)
    event = CameraChanged(camera=camera.code, fields="画面")
    audit.record(event, subject=subject, actor=actor.ref, at=now)
    return stored.sha256


def _told_in(camera: Camera, size: tuple[int, int]) -> tuple[int, int]:
    """Return the size of picture in whose pixels a camera is drawn: the new one's for what comes."""
    known = (camera.frame_width, camera.frame_height)
    is_drawn = "perspective" in camera.options or Zone.objects.filter(camera=camera).exists()
    return known if is_drawn and all(known) else size


@transaction.atomic
def import_camera_file(file: CameraFile, *, actor: Actor, now: datetime) -> None:
    """Bring a known camera to what its file says: stream, options, picture size, zones, rules.

    :raises NotVisible: the camera is not registered yet.
    """
    accounts.permit(actor, Permission.MANAGE_CAMERAS)
    camera = lock_camera(actor, file.code)
    draft = CameraDraft(
        name=file.name or camera.name,
        lon=camera.lon,
        lat=camera.lat,
        address=camera.address,
        heading=camera.heading,
        source=file.source or camera.source,
        worker=camera.worker,
        enabled=camera.enabled,
        options=file.options,
    )
    change_camera(file.code, draft, actor=actor, now=now)
    keys = bring_presets(camera, file.presets, actor=actor, now=now)
    zones = tuple(replace(zone, preset=keys.get(zone.name)) for zone in file.zones)
    save_zones(file.code, zones, size=file.picture, actor=actor, now=now)
