"""What a person says about a finding, and the work order that follows."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Role
from chengzhi.audit import interface as audit
from chengzhi.kernel.errors import InvalidInput
from chengzhi.kernel.procedure import Step
from chengzhi.vision.events import (
    FindingConfirmed,
    FindingMerged,
    FindingRejected,
    FindingReopened,
    WorkOrderLinked,
)
from chengzhi.vision.models import Finding
from chengzhi.vision.procedure import REVIEW
from chengzhi.vision.queries.access import lock_finding
from chengzhi.vision.rules.verdicts import read_matter, read_note, read_reason
from chengzhi.vision.types import FINDING_STATE_LABELS, FindingState

DECIDED = ("state", "decided_by", "decided_at", "decisions", "note")


@transaction.atomic
def confirm_finding(
    finding: int, *, actor: Actor, now: datetime, matter_code: str = "", note: str = ""
) -> None:
    """Say that the machine was right; a work order follows from the event.

    `matter_code` corrects the category the machine proposed.

    :raises StepNotAllowed: it was decided already, or its evidence is still on the way.
    :raises NotPermitted: the actor is neither reviewer nor duty manager.
    :raises StandardMissing: there is no such matter.
    """
    row, step = _take(finding, "confirm", actor=actor, now=now)
    on = timezone.localdate(now)
    row.confirmed_matter_code = read_matter(matter_code or row.matter_code, on=on)
    _decide(row, step, note=read_note(note), actor=actor, now=now)
    row.save(update_fields=[*DECIDED, "confirmed_matter_code"])
    audit.record(_confirmed(row), subject=row.subject, actor=actor.ref, at=now)


def _confirmed(row: Finding) -> FindingConfirmed:
    return FindingConfirmed(
        finding_id=row.finding_id,
        client_ref=_client_ref(row),
        camera=row.camera.code,
        camera_name=row.camera.name,
        kind=row.kind,
        matter_code=row.confirmed_matter_code,
        reported_matter_code=row.matter_code,
        lon=row.lon,
        lat=row.lat,
        address=row.camera.address,
        zone=row.zone,
        started_at=row.started_at.isoformat(),
        alarm_at=row.alarm_at.isoformat(),
        note=row.note,
        remark=_remark(row),
        priority=row.priority,
    )


def _client_ref(row: Finding) -> str:
    again = f"#{row.decisions}" if row.decisions > 1 else ""
    return f"finding:{row.finding_id}{again}"


def _remark(row: Finding) -> str:
    changed = row.confirmed_matter_code not in ("", row.matter_code)
    matter = f"，类别改为{row.confirmed_matter_code}" if changed else ""
    return matter + (f"，{row.note}" if row.note else "")


@transaction.atomic
def reject_finding(
    finding: int, *, reason: str, actor: Actor, now: datetime, note: str = ""
) -> None:
    """Say that the machine was wrong, and why; the reasons calibrate the thresholds.

    :raises InvalidInput: no such reason, or it asks for a sentence.
    """
    row, step = _take(finding, "reject", actor=actor, now=now)
    plain = read_note(note)
    why = read_reason(reason, note=plain, on=timezone.localdate(now))
    _decide(row, step, note=plain, actor=actor, now=now)
    row.reason = why.code
    row.save(update_fields=[*DECIDED, "reason"])
    event = FindingRejected(
        finding_id=row.finding_id,
        camera=row.camera.code,
        kind=row.kind,
        reason=why.code,
        reason_label=why.name,
        note=plain,
        remark=_remark(row),
    )
    audit.record(event, subject=row.subject, actor=actor.ref, at=now)


@transaction.atomic
def merge_finding(
    finding: int, *, work_order: str, work_order_code: str, actor: Actor, now: datetime
) -> None:
    """Say that the machine was right about something already known.

    :raises InvalidInput: no work order was named.
    """
    row, step = _take(finding, "merge", actor=actor, now=now)
    kind, _, number = work_order.partition(":")
    if kind != "workorder" or not number.isdigit():
        raise InvalidInput("请先选择要并入的案件。", field="work_order")
    _decide(row, step, note="", actor=actor, now=now)
    row.work_order, row.work_order_code = work_order, work_order_code or number
    row.save(update_fields=[*DECIDED, "work_order", "work_order_code"])
    event = FindingMerged(
        finding_id=row.finding_id,
        camera=row.camera.code,
        kind=row.kind,
        work_order=row.work_order,
        work_order_code=row.work_order_code,
    )
    audit.record(event, subject=row.subject, actor=actor.ref, at=now)


@transaction.atomic
def reopen_finding(finding: int, *, actor: Actor, now: datetime) -> None:
    """Take back a decision just made, so that it can be made again.

    :raises StepNotAllowed: ten minutes are over, or the work order has moved.
    :raises NotPermitted: somebody else decided, and the actor is not the duty manager.
    """
    row, step = _take(finding, "reopen", actor=actor, now=now)
    if row.decided_by != actor.ref:
        accounts.require(actor, Role.DUTY_MANAGER)
    event = FindingReopened(
        finding_id=row.finding_id,
        was=row.state,
        was_label=FINDING_STATE_LABELS[row.state],
        work_order=row.work_order,
        work_order_code=row.work_order_code,
    )
    _forget(row, step)
    audit.record(event, subject=row.subject, actor=actor.ref, at=now)


def _forget(row: Finding, step: Step) -> None:
    blank = ("reason", "note", "confirmed_matter_code", "work_order", "work_order_code")
    row.state, row.decided_at, row.decided_by = step.target, None, ""
    for name in blank:
        setattr(row, name, "")
    row.save(update_fields=["state", "decided_at", "decided_by", *blank])


def _take(finding: int, name: str, *, actor: Actor, now: datetime) -> tuple[Finding, Step]:
    row = lock_finding(actor, finding)
    step = REVIEW.take(name, state=row.state, facts=row.facts(now))
    accounts.require(actor, step.role, Role.DUTY_MANAGER)
    return row, step


def _decide(row: Finding, step: Step, *, note: str, actor: Actor, now: datetime) -> None:
    row.state, row.decided_by, row.decided_at = step.target, actor.ref, now
    row.decisions += 1
    row.note = note


@transaction.atomic
def link_work_order(
    finding_id: str, *, work_order: str, work_order_code: str, actor: Actor, now: datetime
) -> bool:
    """Write down which work order a confirmation became; called by the reaction, perhaps twice.

    Return False when the confirmation was taken back meanwhile: the work order must be voided.
    """
    accounts.require(actor, Role.SYSTEM)
    row = Finding.objects.select_for_update().filter(finding_id=finding_id).first()
    if row is None or row.state != FindingState.CONFIRMED:
        return False
    if row.work_order:
        return row.work_order == work_order
    row.work_order, row.work_order_code = work_order, work_order_code
    row.save(update_fields=["work_order", "work_order_code"])
    event = WorkOrderLinked(
        finding_id=finding_id, work_order=work_order, work_order_code=work_order_code
    )
    audit.record(event, subject=row.subject, actor=actor.ref, at=now)
    return True


def note_work_order_moved(work_order: str) -> int:
    """Close the way back for findings whose work order somebody has acted on; return how many.

    A merged finding may still be taken back: it leaves the work order as it was. No event of
    its own: the move is in the work order's own history.
    """
    rows = Finding.objects.filter(
        work_order=work_order, state=FindingState.CONFIRMED, work_order_moved=False
    )
    return rows.update(work_order_moved=True)
