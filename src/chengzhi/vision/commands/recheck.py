"""The camera's second look: told by itself when a thing is gone, or asked and answered (监控回看)."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Role
from chengzhi.audit import interface as audit
from chengzhi.evidence import interface as evidence
from chengzhi.evidence.types import FileRole
from chengzhi.kernel.errors import DomainError, NotVisible
from chengzhi.vision.events import FindingGone, RecheckAnswered, RecheckAsked
from chengzhi.vision.models import CameraHealth, Finding, Recheck
from chengzhi.vision.queries.access import lock_finding, visible_to
from chengzhi.vision.queries.state import state_of
from chengzhi.vision.rules.recheck import ASKED_FOR, ASKERS, check_recheck, remark
from chengzhi.vision.rules.review import is_equipment
from chengzhi.vision.rules.wording import moment_text
from chengzhi.vision.types import (
    RECHECK_ANSWER_LABELS,
    TRUE_STATES,
    CameraState,
    RecheckAnswer,
    RecheckMessage,
    RecheckReceipt,
)

WATCHED = (
    CameraState.RUNNING,
    CameraState.BLIND,
    CameraState.MISDRAWN,
    CameraState.RECONNECTING,
)


class NothingToLookAt(DomainError):
    """The finding speaks of the camera itself, not of a place in the street."""

    code = "nothing-to-look-at"


@transaction.atomic
def record_gone(
    finding_id: str, message: RecheckMessage, *, actor: Actor, now: datetime
) -> RecheckReceipt:
    """Record once that the camera saw the thing gone; pictures must have been brought before.

    :raises NotVisible: no such finding has been received, or not in this county.
    """
    accounts.require(actor, Role.SYSTEM)
    check_recheck(message, now=now)
    row = visible_to(actor).select_related("camera").filter(finding_id=finding_id).first()
    if row is None:
        raise NotVisible(f"没有收到过抓拍“{finding_id[:40]}”，请先上报抓拍。")
    missing = _missing(message)
    if missing:
        return RecheckReceipt(is_new=False, evidence_missing=missing)
    look, is_new = Recheck.objects.get_or_create(
        finding=row, asked_at=None, defaults={**_said(message), "received_at": now}
    )
    if is_new:
        _attach(row, look, actor=actor, now=now)
        audit.record(_gone(row, look, now), subject=row.subject, actor=actor.ref, at=now)
    return RecheckReceipt(is_new=is_new, evidence_missing=())


def _gone(row: Finding, look: Recheck, now: datetime) -> FindingGone:
    at = look.looked_at or now
    return FindingGone(
        finding_id=row.finding_id,
        camera=row.camera.code,
        look=f"recheck:{look.pk}",
        work_order=row.work_order,
        gone_at=at.isoformat(),
        gone_text=moment_text(timezone.localtime(at)),
        still=look.still,
    )


def _missing(message: RecheckMessage) -> tuple[str, ...]:
    is_missing = message.still and evidence.file_of(message.still) is None
    return (message.still,) if is_missing else ()


def _said(message: RecheckMessage) -> dict[str, object]:
    return {
        "answer": message.answer,
        "looked_at": message.looked_at,
        "reason": message.reason,
        "model": message.model,
        "still": message.still,
    }


def _attach(row: Finding, look: Recheck, *, actor: Actor, now: datetime) -> None:
    if look.still:
        evidence.attach(look.still, subject=row.subject, role=FileRole.CHECK, actor=actor, now=now)


@transaction.atomic
def ask_recheck(finding: int, *, actor: Actor, now: datetime) -> int:
    """Ask the camera to look again; while a question is open there is no second one.

    :raises NothingToLookAt: the finding is about the camera itself.
    """
    accounts.require(actor, *ASKERS)
    row = lock_finding(actor, finding)
    if is_equipment(row.kind):
        raise NothingToLookAt("这是摄像头自身的异常，没有现场可回看。")
    return _ask(row, actor=actor, now=now)


@transaction.atomic
def ask_rechecks(work_order: str, *, actor: Actor, now: datetime) -> int:
    """Ask the camera behind a work order, if there is one, and return how many were asked.

    Called when the handler reports done; of several findings the latest is asked about.
    """
    accounts.require(actor, Role.SYSTEM)
    rows = Finding.objects.filter(work_order=work_order, state__in=TRUE_STATES)
    row = rows.select_for_update(of=("self",)).select_related("camera").order_by("-pk").first()
    if row is None or not _answers(row, now):
        return 0
    _ask(row, actor=actor, now=now)
    return 1


def _answers(row: Finding, now: datetime) -> bool:
    """Whether somebody watches through the camera now; nobody else could answer."""
    health = CameraHealth.objects.filter(camera=row.camera_id).first()
    return state_of(row.camera, health, now=now) in WATCHED


def _ask(row: Finding, *, actor: Actor, now: datetime) -> int:
    waiting = Recheck.objects.filter(finding=row, asked_at__isnull=False, answer="").first()
    if waiting is not None and waiting.asked_at and now - waiting.asked_at < ASKED_FOR:
        return waiting.pk
    fields = {"work_order": row.work_order, "asked_by": actor.ref, "asked_at": now}
    if waiting is None:
        waiting = Recheck.objects.create(finding=row, **fields)
    else:
        Recheck.objects.filter(pk=waiting.pk).update(**fields)
    event = RecheckAsked(
        finding_id=row.finding_id, camera=row.camera.code, work_order=row.work_order
    )
    audit.record(event, subject=row.subject, actor=actor.ref, at=now)
    return waiting.pk


@transaction.atomic
def answer_recheck(
    pk: int, message: RecheckMessage, *, actor: Actor, now: datetime
) -> RecheckReceipt:
    """Record the camera's answer once; a blind or shifted camera answers unknown.

    :raises NotVisible: there is no such question in this county.
    """
    accounts.require(actor, Role.SYSTEM)
    check_recheck(message, now=now)
    look = Recheck.objects.select_for_update().filter(pk=pk, asked_at__isnull=False).first()
    row = None if look is None else visible_to(actor).filter(pk=look.finding_id).first()
    if look is None or row is None:
        raise NotVisible(f"没有第{pk}号回看请求。")
    if look.answer:
        return RecheckReceipt(is_new=False, evidence_missing=())
    missing = _missing(message)
    if missing:
        return RecheckReceipt(is_new=False, evidence_missing=missing)
    for name, value in {**_said(message), "received_at": now}.items():
        setattr(look, name, value)
    look.save()
    _attach(row, look, actor=actor, now=now)
    audit.record(_answered(row, look, now), subject=row.subject, actor=actor.ref, at=now)
    return RecheckReceipt(is_new=True, evidence_missing=())


def _answered(row: Finding, look: Recheck, now: datetime) -> RecheckAnswered:
    at = look.looked_at or now
    return RecheckAnswered(
        finding_id=row.finding_id,
        camera=row.camera.code,
        look=f"recheck:{look.pk}",
        work_order=look.work_order or row.work_order,
        answer=look.answer,
        answer_label=RECHECK_ANSWER_LABELS[RecheckAnswer(look.answer)],
        looked_at=at.isoformat(),
        looked_text=moment_text(timezone.localtime(at)),
        remark=remark(look.reason),
        still=look.still,
    )
