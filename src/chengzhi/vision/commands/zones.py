"""Draw zones on a camera's picture and say what counts there."""

from datetime import datetime

from django.db import transaction

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Permission
from chengzhi.audit import interface as audit
from chengzhi.kernel.errors import InvalidInput
from chengzhi.vision.commands.plans import record_plan
from chengzhi.vision.events import CameraChanged, RuleChanged, ZonesChanged
from chengzhi.vision.models import Camera, Rule, Zone
from chengzhi.vision.queries.access import lock_camera
from chengzhi.vision.queries.plans import plan_version, the_plan
from chengzhi.vision.queries.presets import preset_keys
from chengzhi.vision.rules.camera_file import RULE_FIELDS, read_plan
from chengzhi.vision.rules.drawing import drawn_table
from chengzhi.vision.rules.plan import check_base
from chengzhi.vision.rules.presets import check_perspective, check_preset_zones
from chengzhi.vision.rules.space import outside
from chengzhi.vision.rules.wording import kind_label, rule_text
from chengzhi.vision.types import RuleSpec, ZoneSpec

SPEC_FIELDS = tuple(name for name in RULE_FIELDS if name != "finding") + ("enabled",)


@transaction.atomic
def save_zones(
    code: str,
    zones: tuple[ZoneSpec, ...],
    *,
    size: tuple[int, int] | None,
    actor: Actor,
    now: datetime,
) -> None:
    """Make the camera's zones and their rules exactly these; `size` is that of the picture.

    :raises InvalidInput: a polygon leaves the picture.
    """
    accounts.permit(actor, Permission.MANAGE_CAMERAS)
    camera = lock_camera(actor, code)
    width, height = _resize(camera, size)
    check_inside(zones, width, height)
    check_preset_zones(zones, preset_keys(camera))
    before = {zone.name: zone for zone in Zone.objects.filter(camera=camera)}
    gone = before.keys() - {spec.name for spec in zones}
    Zone.objects.filter(camera=camera, name__in=gone).delete()
    added, changed = 0, 0
    for spec in zones:
        zone = before.get(spec.name)
        added, changed = added + (zone is None), changed + _differs(zone, spec)
        kept = _save_zone(camera, zone, spec, width, height)
        _save_rules(camera, kept, spec.rules, actor=actor, now=now)
    if added or changed or gone:
        names = "、".join(spec.name for spec in zones) or "无"
        event = ZonesChanged(
            camera=code, zones=names, added=added, removed=len(gone), changed=changed
        )
        audit.record(event, subject=camera.subject, actor=actor.ref, at=now)
    record_plan(camera, actor=actor, now=now)


def _resize(camera: Camera, size: tuple[int, int] | None) -> tuple[int, int]:
    if size and size != (camera.frame_width, camera.frame_height):
        camera.frame_width, camera.frame_height = size
        camera.save(update_fields=["frame_width", "frame_height"])
    return camera.frame_width, camera.frame_height


def check_inside(zones: tuple[ZoneSpec, ...], width: int, height: int) -> None:
    for index, spec in enumerate(zones):
        if outside(spec.polygon, width, height):
            field = f"zones[{index}].polygon"
            raise InvalidInput(
                f"区域“{spec.name}”超出画面（{width}×{height}），请画在画面内。",
                field=field,
            )


def _differs(zone: Zone | None, spec: ZoneSpec) -> bool:
    return zone is not None and (zone.kind, zone.corners, zone.drawn, zone.preset_id) != (
        spec.kind,
        spec.polygon,
        _drawn(spec),
        spec.preset,
    )


def _drawn(spec: ZoneSpec) -> dict[str, object] | None:
    return drawn_table(spec.drawn) if spec.drawn else None


def _save_zone(camera: Camera, zone: Zone | None, spec: ZoneSpec, width: int, height: int) -> Zone:
    kept = zone or Zone(camera=camera, name=spec.name)
    kept.kind = spec.kind
    kept.polygon = [list(point) for point in spec.polygon]
    kept.drawn = _drawn(spec)
    kept.preset_id = spec.preset
    kept.frame_width, kept.frame_height = width, height
    kept.save()
    return kept


@transaction.atomic
def save_rules(
    code: str, zone: str, rules: tuple[RuleSpec, ...], *, actor: Actor, now: datetime
) -> None:
    """Make the rules of one zone exactly these; a changed rule becomes a new version.

    :raises InvalidInput: the camera has no such zone.
    """
    accounts.permit(actor, Permission.MANAGE_CAMERAS)
    camera = lock_camera(actor, code)
    row = Zone.objects.filter(camera=camera, name=zone).first()
    if row is None:
        raise InvalidInput(f"摄像头{code}没有区域“{zone}”，请先画区域。", field="zone")
    _save_rules(camera, row, rules, actor=actor, now=now)
    record_plan(camera, actor=actor, now=now)


def _save_rules(
    camera: Camera, zone: Zone, rules: tuple[RuleSpec, ...], *, actor: Actor, now: datetime
) -> None:
    before = {rule.finding: rule for rule in Rule.objects.filter(zone=zone)}
    for finding in sorted(before.keys() - {spec.finding for spec in rules}):
        gone = before[finding]
        _tell(camera, zone, gone, "已取消", actor=actor, now=now)
        gone.delete()
    for spec in rules:
        rule = before.get(spec.finding)
        if rule is None or rule.spec() != spec:
            kept = _save_rule(zone, rule, spec)
            text = rule_text(spec, zone=zone.name) + ("" if spec.enabled else "（停用）")
            _tell(camera, zone, kept, text, actor=actor, now=now)


def _save_rule(zone: Zone, rule: Rule | None, spec: RuleSpec) -> Rule:
    kept = rule or Rule(zone=zone, finding=spec.finding, version=0)
    for name in SPEC_FIELDS:
        value = getattr(spec, name)
        setattr(kept, name, list(value) if isinstance(value, tuple) else value)
    kept.version += 1
    kept.save()
    return kept


def _tell(
    camera: Camera, zone: Zone, rule: Rule, text: str, *, actor: Actor, now: datetime
) -> None:
    event = RuleChanged(
        camera=camera.code,
        zone=zone.name,
        kind=rule.finding,
        kind_label=kind_label(rule.finding),
        version=rule.version,
        text=text,
    )
    audit.record(event, subject=camera.subject, actor=actor.ref, at=now)


@transaction.atomic
def save_plan(
    code: str,
    zones: tuple[ZoneSpec, ...],
    *,
    perspective: dict[str, object] | None,
    size: tuple[int, int] | None,
    actor: Actor,
    now: datetime,
    base: int | None = None,
) -> int:
    """Save zones, rules and perspective as one version and return its number.

    `base` is the version the drawing began from; none overwrites whatever there is.

    :raises PlanChanged: somebody saved another version meanwhile.
    """
    accounts.permit(actor, Permission.MANAGE_CAMERAS)
    camera = lock_camera(actor, code)
    check_base(base, plan_version(actor, code))
    _set_perspective(camera, perspective, actor=actor, now=now)
    save_zones(code, zones, size=size, actor=actor, now=now)
    return plan_version(actor, code)


def _set_perspective(
    camera: Camera, perspective: dict[str, object] | None, *, actor: Actor, now: datetime
) -> None:
    if camera.options.get("perspective") == perspective:
        return
    check_perspective(perspective, presets=len(preset_keys(camera)))
    rest = {name: value for name, value in camera.options.items() if name != "perspective"}
    camera.options = rest if perspective is None else {**rest, "perspective": perspective}
    camera.updated_at = now
    camera.save(update_fields=["options", "updated_at"])
    event = CameraChanged(camera=camera.code, fields="透视提示")
    audit.record(event, subject=camera.subject, actor=actor.ref, at=now)


@transaction.atomic
def restore_plan(code: str, version: int, *, actor: Actor, now: datetime) -> int:
    """Draw again what a former version held; it becomes the newest version."""
    accounts.permit(actor, Permission.MANAGE_CAMERAS)
    plan = the_plan(actor, code, version)
    width, height = plan["size"]
    return save_plan(
        code,
        read_plan(plan["zones"]),
        perspective=plan["perspective"],
        size=(width, height) if width and height else None,
        actor=actor,
        now=now,
    )
