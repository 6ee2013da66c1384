"""Draw zones on a camera's picture and say what counts there."""

from datetime import datetime

from django.db import transaction

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Permission
from chengzhi.audit import interface as audit
from chengzhi.kernel.errors import InvalidInput
from chengzhi.vision.events import RuleChanged, ZonesChanged
from chengzhi.vision.models import Camera, Rule, Zone
from chengzhi.vision.queries.access import lock_camera
from chengzhi.vision.rules.camera_file import RULE_FIELDS
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
    _check_inside(zones, width, height)
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
        audit.record(event, subject=f"camera:{camera.pk}", actor=actor.ref, at=now)


def _resize(camera: Camera, size: tuple[int, int] | None) -> tuple[int, int]:
    if size and size != (camera.frame_width, camera.frame_height):
        camera.frame_width, camera.frame_height = size
        camera.save(update_fields=["frame_width", "frame_height"])
    return camera.frame_width, camera.frame_height


def _check_inside(zones: tuple[ZoneSpec, ...], width: int, height: int) -> None:
    for index, spec in enumerate(zones):
        if outside(spec.polygon, width, height):
            field = f"zones[{index}].polygon"
            raise InvalidInput(
                f"{field}：区域“{spec.name}”超出画面（{width}×{height}），请画在画面内。",
                field=field,
            )


def _differs(zone: Zone | None, spec: ZoneSpec) -> bool:
    return zone is not None and (zone.kind, zone.corners) != (spec.kind, spec.polygon)


def _save_zone(camera: Camera, zone: Zone | None, spec: ZoneSpec, width: int, height: int) -> Zone:
    kept = zone or Zone(camera=camera, name=spec.name)
    kept.kind = spec.kind
    kept.polygon = [list(point) for point in spec.polygon]
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
    audit.record(event, subject=f"camera:{camera.pk}", actor=actor.ref, at=now)
