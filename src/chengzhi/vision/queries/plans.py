"""The drawings of a camera: as they stand, and every version before."""

from typing import Any

from chengzhi.accounts.types import Actor
from chengzhi.audit import interface as audit
from chengzhi.kernel.errors import NotVisible
from chengzhi.vision.models import Camera, ZonePlan
from chengzhi.vision.queries.access import access_camera
from chengzhi.vision.queries.cameras import zone_specs
from chengzhi.vision.rules.camera_file import plan_zones
from chengzhi.vision.types import PlanRow

VERSIONS = 20


def plan_of(camera: Camera) -> dict[str, Any]:
    """Return what is drawn now, disabled rules included."""
    return {
        "zones": plan_zones(zone_specs(camera)),
        "perspective": camera.options.get("perspective"),
        "size": [camera.frame_width, camera.frame_height],
    }


def latest_plan(camera: Camera) -> ZonePlan | None:
    """Return the newest version."""
    return ZonePlan.objects.filter(camera=camera).order_by("-version").first()


def plan_version(actor: Actor, code: str) -> int:
    """Return the number of the newest version; 0 before the first."""
    latest = latest_plan(access_camera(actor, code))
    return latest.version if latest else 0


def plan_rows(actor: Actor, code: str) -> list[PlanRow]:
    """Return the latest versions, newest first."""
    rows = list(
        ZonePlan.objects.filter(camera=access_camera(actor, code)).order_by("-version")[:VERSIONS]
    )
    names = audit.names_of({row.saved_by for row in rows})
    return [_row(row, names) for row in rows]


def _row(row: ZonePlan, names: dict[str, str]) -> PlanRow:
    zones = row.plan["zones"]
    return PlanRow(
        version=row.version,
        saved_at=row.saved_at,
        saved_by=names[row.saved_by],
        zones=[zone["name"] for zone in zones],
        rule_count=sum(len(zone["rules"]) for zone in zones),
    )


def the_plan(actor: Actor, code: str, version: int) -> dict[str, Any]:
    """Return one version as it was saved.

    :raises NotVisible: there is no such version.
    """
    row = ZonePlan.objects.filter(camera=access_camera(actor, code), version=version).first()
    if row is None:
        raise NotVisible(f"摄像头{code}没有布控方案第{version}版，请从清单里选。")
    plan: dict[str, Any] = row.plan
    return plan


def current_plan(actor: Actor, code: str) -> dict[str, Any]:
    """Return what is drawn now on a camera that the actor may see."""
    return plan_of(access_camera(actor, code))
