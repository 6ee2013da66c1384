"""Keep every drawing of a camera as a version."""

from datetime import datetime

from chengzhi.accounts.types import Actor
from chengzhi.audit import interface as audit
from chengzhi.vision.events import ZonePlanSaved
from chengzhi.vision.models import Camera, ZonePlan
from chengzhi.vision.queries.plans import latest_plan, plan_of


def record_plan(camera: Camera, *, actor: Actor, now: datetime) -> int:
    """Keep what is drawn now as the next version, unless it is the last one still; return it.

    The camera's row is locked by the caller, so that versions follow each other.
    """
    plan, last = plan_of(camera), latest_plan(camera)
    before = last.version if last else 0
    if last is not None and last.plan == plan or last is None and not plan["zones"]:
        return before
    row = ZonePlan.objects.create(
        camera=camera, version=before + 1, plan=plan, saved_by=actor.ref, saved_at=now
    )
    zones = plan["zones"]
    event = ZonePlanSaved(
        camera=camera.code,
        version=row.version,
        zones="、".join(zone["name"] for zone in zones) or "无区域",
        rules=sum(len(zone["rules"]) for zone in zones),
    )
    audit.record(event, subject=camera.subject, actor=actor.ref, at=now)
    return row.version
