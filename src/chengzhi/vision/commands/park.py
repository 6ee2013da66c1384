"""Findings below the published threshold: kept, counted, and brought up when somebody asks."""

from datetime import datetime

from django.db import transaction

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Role
from chengzhi.audit import interface as audit
from chengzhi.vision.events import FindingBroughtUp, FindingParked
from chengzhi.vision.models import Finding
from chengzhi.vision.procedure import REVIEW
from chengzhi.vision.queries.access import lock_finding
from chengzhi.vision.queries.thresholds import floor_of, held
from chengzhi.vision.rules.exploring import shown_as
from chengzhi.vision.rules.review import is_equipment
from chengzhi.vision.types import Explored

MET = ("threshold", "explored", "shown_share")


def meet_threshold(finding: Finding, *, by_worker: bool, actor: Actor, now: datetime) -> None:
    """Hold a new finding against the published threshold: show it, show it by draw, or park it.

    A newer worker holds its findings back itself and says which it drew; what an older one sends
    is judged here. Call it in the transaction that made the finding.
    """
    if is_equipment(finding.kind):
        return
    kind, camera = finding.kind, finding.camera_id
    floor = floor_of(held(actor.county, kind=kind, camera=camera), kind, camera)
    if floor is None:
        return
    share = floor.exploration_share
    how = shown_as(
        finding.finding_id,
        score=finding.score,
        threshold=floor.value,
        share=share,
        by_worker=by_worker,
    )
    finding.threshold = floor.value
    if how is None:
        _park(finding, floor.value, actor=actor, now=now)
        return
    finding.explored, finding.shown_share = how, share if how is not Explored.NO else 1.0
    finding.save(update_fields=list(MET))


def _park(finding: Finding, threshold: float, *, actor: Actor, now: datetime) -> None:
    step = REVIEW.take("park", state=finding.state, facts=finding.facts(now))
    finding.state, finding.was_parked = step.target, True
    finding.save(update_fields=[*MET, "state", "was_parked"])
    event = FindingParked(
        finding_id=finding.finding_id,
        camera=finding.camera.code,
        kind=finding.kind,
        score=finding.score,
        threshold=threshold,
    )
    audit.record(event, subject=finding.subject, actor=actor.ref, at=now)


@transaction.atomic
def bring_up_finding(finding: int, *, actor: Actor, now: datetime) -> None:
    """Put a parked finding on the desk after all (调出复核).

    It was chosen by hand, so its verdict says nothing about the others that are parked.
    """
    row = lock_finding(actor, finding)
    step = REVIEW.take("bring_up", state=row.state, facts=row.facts(now))
    accounts.require(actor, step.role, Role.DUTY_MANAGER)
    row.state = step.target
    row.save(update_fields=["state"])
    event = FindingBroughtUp(finding_id=row.finding_id, camera=row.camera.code, kind=row.kind)
    audit.record(event, subject=row.subject, actor=actor.ref, at=now)
