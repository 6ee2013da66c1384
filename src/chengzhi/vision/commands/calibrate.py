"""Thresholds: add up the verdicts, propose or publish, accept, decline, set, take back."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Permission, Role
from chengzhi.audit import interface as audit
from chengzhi.kernel.errors import DomainError, NotVisible
from chengzhi.vision.events import ThresholdDeclined, ThresholdProposed, ThresholdPublished
from chengzhi.vision.models import Camera, ScorePolicy, Threshold
from chengzhi.vision.queries.access import access_camera
from chengzhi.vision.queries.thresholds import held, limits_of, next_version, policy_in_force
from chengzhi.vision.rules.reading import sentence
from chengzhi.vision.rules.wording import kind_label
from chengzhi.vision.types import Choice, Limits, ThresholdState

REASON_LIMIT = 200


class OutsideLimits(DomainError):
    """The threshold lies outside what a person approved."""

    code = "threshold-outside-limits"


class ProposalOver(DomainError):
    """The proposal was decided already, or a newer one took its place."""

    code = "proposal-over"


class NothingToTakeBack(DomainError):
    """There is no published threshold to take back."""

    code = "nothing-to-take-back"


def put_forward(
    choice: Choice,
    *,
    kind: str,
    camera: Camera | None,
    limits: Limits,
    policy: ScorePolicy | None,
    verdicts: int,
    actor: Actor,
    now: datetime,
) -> Threshold:
    """Write a version that the verdicts speak for: published under an automatic policy, else
    proposed; an older open proposal is superseded. Call it inside a transaction."""
    row = _draft(kind, camera, float(choice.value or 0), choice.why, limits, actor, now)
    row.policy, row.verdicts = policy, verdicts
    if choice.point is not None:
        row.precision, row.per_day = choice.point.precision, choice.point.per_day
    if policy is not None and limits.is_automatic:
        row.is_automatic = True
        _publish(row, by=policy.answerable, basis=_basis(policy), actor=actor, now=now)
        return row
    _supersede(row)
    row.state = ThresholdState.PROPOSED
    row.save()
    event = ThresholdProposed(**_named(row), previous_text=_text(row.previous), why=row.why)
    _tell(row, event, actor=actor, now=now)
    return row


def _draft(
    kind: str,
    camera: Camera | None,
    value: float,
    why: str,
    limits: Limits,
    actor: Actor,
    now: datetime,
) -> Threshold:
    county, key = actor.county, camera.pk if camera else None
    before = held(county, kind=kind).get((kind, key))
    return Threshold(
        county=county,
        kind=kind,
        camera=camera,
        version=next_version(county, kind, key),
        value=value,
        previous=before.value if before else None,
        exploration_share=limits.exploration_share,
        why=why,
        proposed_at=now,
    )


def _publish(row: Threshold, *, by: str, basis: str, actor: Actor, now: datetime) -> None:
    _supersede(row)
    row.state, row.decided_at, row.decided_by = ThresholdState.PUBLISHED, now, by
    row.save()
    event = ThresholdPublished(
        **_named(row),
        previous_text=_text(row.previous),
        basis=basis,
        why=row.why,
        answerable=by,
        is_automatic=row.is_automatic,
    )
    _tell(row, event, actor=actor, now=now)


def _supersede(row: Threshold) -> None:
    older = Threshold.objects.filter(county=row.county, kind=row.kind, camera=row.camera)
    older = older.filter(state__in=(ThresholdState.PROPOSED,)).exclude(pk=row.pk)
    older.update(state=ThresholdState.SUPERSEDED)


def _named(row: Threshold) -> dict[str, Any]:
    code = row.camera.code if row.camera else ""
    return {
        "kind": row.kind,
        "kind_label": kind_label(row.kind),
        "camera": code,
        "place": f"摄像头{code}" if code else "全县",
        "version": row.version,
        "value": row.value,
    }


def _text(value: float | None) -> str:
    return f"{value:.2f}" if value else "不设"


def _basis(policy: ScorePolicy) -> str:
    name = accounts.names_of({policy.answerable}).get(policy.answerable, policy.answerable)
    return f"，依据《{policy.title}》（{policy.document}，负责人 {name}）自动调整"


def _tell(row: Threshold, event: object, *, actor: Actor, now: datetime) -> None:
    audit.record(event, subject=row.subject, actor=actor.ref, at=now)


@transaction.atomic
def accept_threshold(pk: int, *, actor: Actor, now: datetime) -> None:
    """Publish what was proposed; whoever accepts answers for it.

    :raises ProposalOver: it was decided, or a newer one took its place.
    :raises OutsideLimits: the limits were narrowed since.
    """
    row = _proposal(pk, actor)
    limits = _limits(row.kind, actor, now)
    _require_within(row.value, limits)
    row.exploration_share = limits.exploration_share
    _publish(row, by=actor.ref, basis=f"，{actor.name}采纳", actor=actor, now=now)


@transaction.atomic
def decline_threshold(pk: int, *, reason: str, actor: Actor, now: datetime) -> None:
    """Leave the threshold as it is, and say why."""
    row = _proposal(pk, actor)
    said = _reason(reason, "请写明为什么不采纳。")
    row.state, row.decided_at, row.decided_by = ThresholdState.DECLINED, now, actor.ref
    row.save(update_fields=["state", "decided_at", "decided_by"])
    _tell(row, ThresholdDeclined(**_named(row), reason=said), actor=actor, now=now)


def _proposal(pk: int, actor: Actor) -> Threshold:
    accounts.permit(actor, Permission.CALIBRATE)
    rows = Threshold.objects.select_for_update(of=("self",)).filter(county=actor.county, pk=pk)
    row = rows.select_related("camera").first()
    if row is None:
        raise NotVisible("没有这一版阈值，或您无权查看。")
    if row.state != ThresholdState.PROPOSED:
        raise ProposalOver("这条建议已经处理，或已有更新的建议。请刷新页面。")
    return row


@transaction.atomic
def set_threshold(
    kind: str, *, value: float, why: str, actor: Actor, now: datetime, camera: str = ""
) -> int:
    """Publish a threshold that a person chose, within the limits in force.

    :raises OutsideLimits: it is not within them.
    """
    accounts.permit(actor, Permission.CALIBRATE)
    limits = _limits(kind, actor, now)
    _require_within(value, limits)
    place = access_camera(actor, camera) if camera else None
    row = _draft(kind, place, value, _reason(why, "请写明为什么调整。"), limits, actor, now)
    row.policy = policy_in_force(actor.county, kind, on=timezone.localdate(now))
    _publish(row, by=actor.ref, basis=f"，{actor.name}调整", actor=actor, now=now)
    return row.pk


@transaction.atomic
def take_back_threshold(
    kind: str, *, reason: str, actor: Actor, now: datetime, camera: str = ""
) -> int:
    """Publish the value that held before, as a new version (撤回).

    It may lie outside today's limits: it is what held before, and a way back is always open.
    """
    accounts.permit(actor, Permission.CALIBRATE)
    place = access_camera(actor, camera) if camera else None
    key = (kind, place.pk if place else None)
    last = held(actor.county, kind=kind).get(key)
    if last is None:
        raise NothingToTakeBack("这里还没有发布过阈值，没有可撤回的。")
    limits = replace(_limits(kind, actor, now), is_automatic=False)
    why = f"撤回第{last.version}版：{_reason(reason, '请写明为什么撤回。')}"
    row = _draft(kind, place, last.previous or 0.0, why, limits, actor, now)
    _publish(row, by=actor.ref, basis=f"，{actor.name}撤回", actor=actor, now=now)
    return row.pk


def _limits(kind: str, actor: Actor, now: datetime) -> Limits:
    on = timezone.localdate(now)
    return limits_of(policy_in_force(actor.county, kind, on=on), kind, on=on)


def _require_within(value: float, limits: Limits) -> None:
    if not limits.floor - 1e-9 <= value <= limits.ceiling + 1e-9:
        raise OutsideLimits(
            f"阈值 {value:.2f} 不在允许范围 {limits.floor:.2f}–{limits.ceiling:.2f} 内，"
            "请改在范围内，或先修订阈值办法。",
            field="value",
        )


def _reason(text: str, missing: str) -> str:
    return sentence(text, name="理由", most=REASON_LIMIT, field="reason", missing=missing)


def require_system(actor: Actor) -> None:
    """Refuse anybody but the machine, whose deeds a policy or a later acceptance stands for."""
    accounts.require(actor, Role.SYSTEM)
