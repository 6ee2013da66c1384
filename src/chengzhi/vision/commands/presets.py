"""The views of a moving camera: add one from the picture of now, name it, make it home, retire it.

The platform moves no camera. It learns from the worker at which view the camera stands.
"""

from datetime import datetime

from django.db import transaction

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Permission
from chengzhi.audit import interface as audit
from chengzhi.evidence import interface as evidence
from chengzhi.kernel.errors import InvalidInput
from chengzhi.vision.commands.plans import record_plan
from chengzhi.vision.events import (
    PresetAdded,
    PresetHomeSet,
    PresetRenamed,
    PresetRenewed,
    PresetRetired,
)
from chengzhi.vision.models import Camera, Preset, Zone
from chengzhi.vision.queries.access import lock_camera
from chengzhi.vision.queries.presets import live_presets, the_preset
from chengzhi.vision.rules.pictures import view_of
from chengzhi.vision.rules.presets import (
    PICTURE_FORM,
    PresetGone,
    PresetInUse,
    check_count,
    check_name,
    check_perspective,
    check_reason,
)
from chengzhi.vision.types import PresetSpec

Told = PresetAdded | PresetHomeSet | PresetRenamed | PresetRenewed | PresetRetired


@transaction.atomic
def add_preset(code: str, *, name: str, actor: Actor, now: datetime) -> int:
    """Make the camera's picture of now a preset and return its key.

    The first one is the home, and what is drawn already belongs to it: it was drawn on this view.

    :raises InvalidInput: there is no picture, another preset has it, or the name is taken.
    """
    camera = _own(code, actor)
    there = live_presets(camera)
    check_count(len(there) + 1)
    kept = check_name(name, taken=[row.name for row in there])
    check_perspective(camera.options.get("perspective"), presets=len(there) + 1)
    row = Preset(camera=camera, name=kept, is_home=not there, created_at=now)
    _look(row, there, now)
    row.save()
    drawn = _take_zones(row) if row.is_home else 0
    _tell_added(row, drawn, actor=actor, now=now)
    record_plan(camera, actor=actor, now=now)
    return row.pk


@transaction.atomic
def change_preset(
    code: str,
    preset: int,
    *,
    name: str | None,
    is_home: bool,
    is_renewed: bool,
    actor: Actor,
    now: datetime,
) -> None:
    """Rename, make home, renew: all that is asked, or nothing. Each is an event of its own."""
    if name is not None:
        rename_preset(code, preset, name=name, actor=actor, now=now)
    if is_home:
        set_home_preset(code, preset, actor=actor, now=now)
    if is_renewed:
        renew_preset(code, preset, actor=actor, now=now)


@transaction.atomic
def rename_preset(code: str, preset: int, *, name: str, actor: Actor, now: datetime) -> None:
    """Give a preset another name; the same one changes nothing."""
    camera, row = _live(code, preset, actor)
    others = [other.name for other in live_presets(camera) if other.pk != row.pk]
    was, row.name = row.name, check_name(name, taken=others)
    if row.name == was:
        return
    row.save(update_fields=["name"])
    event = PresetRenamed(camera=code, was=was, preset=row.name)
    _tell(event, camera, actor=actor, now=now)


@transaction.atomic
def renew_preset(code: str, preset: int, *, actor: Actor, now: datetime) -> None:
    """Make the camera's picture of now the reference of this preset; its zones stay."""
    camera, row = _live(code, preset, actor)
    if row.still == camera.still:
        return
    _look(row, live_presets(camera), now)
    row.save(update_fields=["still", "still_at", "view"])
    event = PresetRenewed(camera=code, preset=row.name, still=row.still)
    _tell(event, camera, actor=actor, now=now)


@transaction.atomic
def set_home_preset(code: str, preset: int, *, actor: Actor, now: datetime) -> None:
    """Say at which preset the camera is to stand when nobody moves it (看守位)."""
    camera, row = _live(code, preset, actor)
    if row.is_home:
        return
    Preset.objects.filter(camera=camera, is_home=True).update(is_home=False)
    row.is_home = True
    row.save(update_fields=["is_home"])
    _tell(PresetHomeSet(camera=code, preset=row.name), camera, actor=actor, now=now)


@transaction.atomic
def retire_preset(code: str, preset: int, *, reason: str, actor: Actor, now: datetime) -> None:
    """Retire a preset for a reason; after the last one the camera counts as fixed.

    :raises PresetInUse: zones are drawn on it or it is the home, and there are others.
    """
    camera, row = _live(code, preset, actor)
    why = check_reason(reason)
    if len(live_presets(camera)) > 1:
        _refuse_use(row)
    Zone.objects.filter(preset=row).update(preset=None)
    row.retired_at, row.retired_reason, row.is_home = now, why, False
    row.save(update_fields=["retired_at", "retired_reason", "is_home"])
    event = PresetRetired(camera=code, preset=row.name, reason=why)
    _tell(event, camera, actor=actor, now=now)
    record_plan(camera, actor=actor, now=now)


def _own(code: str, actor: Actor) -> Camera:
    accounts.permit(actor, Permission.MANAGE_CAMERAS)
    return lock_camera(actor, code)


def _live(code: str, preset: int, actor: Actor) -> tuple[Camera, Preset]:
    camera = _own(code, actor)
    row = the_preset(camera, preset)
    if row.retired_at is not None:
        raise PresetGone(f"预置位“{row.name}”已停用，请从在用的预置位里选。", field="preset")
    return camera, row


def _look(row: Preset, there: list[Preset], now: datetime) -> None:
    """Take the camera's picture of now as the preset's."""
    camera = row.camera
    if not camera.still:
        raise InvalidInput("还没有画面，请先“换最新画面”或上传一张截图。", field="still")
    for other in there:
        if other.still == camera.still:
            raise InvalidInput(
                f"这张画面已是预置位“{other.name}”的参考图，请先把摄像头转过去，再换最新画面。",
                field="still",
            )
    row.still, row.still_at = camera.still, camera.still_at or now
    row.view = view_of(evidence.content_of(camera.still), field="still")


@transaction.atomic
def bring_presets(
    camera: Camera, specs: tuple[PresetSpec, ...], *, actor: Actor, now: datetime
) -> dict[str, int]:
    """Add the presets of a camera file that are not there, renew those that look otherwise.

    Others are left alone. Return the key of each zone's preset, by the zone's name.
    """
    known = {row.name: row for row in live_presets(camera)}
    check_count(len(known.keys() | {spec.name for spec in specs}))
    keys: dict[str, int] = {}
    for spec in specs:
        row = known.get(spec.name) or Preset(
            camera=camera, name=spec.name, is_home=not known, created_at=now
        )
        _bring(row, spec, actor=actor, now=now)
        known[row.name] = row
        keys |= dict.fromkeys(spec.zones, row.pk)
    return keys


def _bring(row: Preset, spec: PresetSpec, *, actor: Actor, now: datetime) -> None:
    is_new = row.pk is None
    if not spec.view and is_new:
        raise InvalidInput(
            f"预置位“{row.name}”没有参考画面，请在 picture 里写 {PICTURE_FORM}。",
            field="camera.presets",
        )
    if not spec.view or not is_new and spec.view == bytes(row.view):
        return
    subject = row.camera.subject
    row.view, row.still_at = view_of(spec.view, field="camera.presets"), now
    stored = evidence.store(spec.view, name=f"{row.camera.code}.jpg", actor=actor, now=now)
    evidence.attach(stored.sha256, subject=subject, role="reference", actor=actor, now=now)
    row.still = stored.sha256
    row.save()
    if is_new:
        _tell_added(row, 0, actor=actor, now=now)
    else:
        event = PresetRenewed(camera=row.camera.code, preset=row.name, still=row.still)
        _tell(event, row.camera, actor=actor, now=now)


def _tell_added(row: Preset, drawn: int, *, actor: Actor, now: datetime) -> None:
    text = f"，原有{drawn}个区域归入其中" if drawn else ""
    event = PresetAdded(camera=row.camera.code, preset=row.name, zones_text=text)
    _tell(event, row.camera, actor=actor, now=now)


def _take_zones(row: Preset) -> int:
    return Zone.objects.filter(camera=row.camera, preset__isnull=True).update(preset=row)


def _refuse_use(row: Preset) -> None:
    zones = Zone.objects.filter(preset=row).order_by("name").values_list("name", flat=True)
    if zones:
        raise PresetInUse(
            f"预置位“{row.name}”上还有区域：{'、'.join(zones)}。请先移到别的预置位或删去，再停用。",
            field="preset",
        )
    if row.is_home:
        raise PresetInUse(
            f"“{row.name}”是看守位，请先把别的预置位设为看守位，再停用。", field="preset"
        )


def _tell(event: Told, camera: Camera, *, actor: Actor, now: datetime) -> None:
    audit.record(event, subject=camera.subject, actor=actor.ref, at=now)
