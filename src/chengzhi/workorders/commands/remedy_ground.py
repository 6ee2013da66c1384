"""The legal ground of a remedy: track A (ownerless), track B (行政强制法 50-51), at once (52)."""

from datetime import date, datetime

from django.db import transaction

from chengzhi.accounts.types import Actor
from chengzhi.kernel.errors import InvalidInput
from chengzhi.kernel.money import Money
from chengzhi.kernel.procedure import StepNotAllowed
from chengzhi.workorders.commands.remedy_taking import (
    attach_to_remedy,
    book,
    may_remedy,
    step_remedy,
    take_remedy,
    tell_remedy,
)
from chengzhi.workorders.commands.remedy_work import begin
from chengzhi.workorders.commands.taking import roles_of
from chengzhi.workorders.events.remedy import (
    RemedyApproved,
    SubstituteDecided,
    SubstituteReminded,
    SubstituteRescheduled,
)
from chengzhi.workorders.models import Remedy
from chengzhi.workorders.queries.remedy_access import locked_remedy, performers
from chengzhi.workorders.rules.limits import civil_date
from chengzhi.workorders.rules.remedy_guards import no_obligor
from chengzhi.workorders.rules.remedy_limits import remedy_settings, remind_by
from chengzhi.workorders.rules.whistle_limits import ends_at
from chengzhi.workorders.types.remedies import FundKind, Substitute, Track, WorkOrdered


@transaction.atomic
def approve(pk: int, *, budget_fen: int, actor: Actor, now: datetime, note: str = "") -> Remedy:
    """Approve that the county does it, since nobody must (轨道 A，无主兜底)."""
    remedy = locked_remedy(actor, pk)
    if reason := no_obligor(remedy.facts()):
        raise StepNotAllowed(f"不能批准兜底整治：{reason}。")
    step = take_remedy(remedy, "approve", actor=actor, now=now, budget_fen=budget_fen)
    remedy.track, remedy.budget_fen = Track.OWNERLESS, budget_fen
    remedy.approved_by, remedy.approved_at = actor.ref, now
    remedy.enter(step.target, now=now)
    remedy.save()
    book(remedy, FundKind.COMMIT, budget_fen, actor=actor, now=now)
    event = RemedyApproved(
        code=remedy.code, budget_fen=budget_fen, budget_text=str(Money(budget_fen)), note=note
    )
    tell_remedy(remedy, event, actor=actor, now=now)
    return remedy


@transaction.atomic
def decide(pk: int, *, substitute: Substitute, actor: Actor, now: datetime) -> Remedy:
    """Decide that another performs it at the obligor's cost (行政强制法 50、51(1)(1))."""
    remedy = locked_remedy(actor, pk)
    settings = remedy_settings()
    if substitute.consequence and substitute.consequence not in settings.consequences:
        raise InvalidInput("没有这种后果，请从列表中选择。", field="consequence")
    if substitute.perform_on is None or substitute.perform_on <= civil_date(now):
        raise InvalidInput("请填写今天以后的代履行日期。", field="perform_on")
    deed = _fields(substitute)
    step = take_remedy(remedy, "decide", actor=actor, now=now, **deed)
    for name, value in deed.items():
        setattr(remedy, name, value)
    remedy.track, remedy.approved_by, remedy.approved_at = Track.SUBSTITUTE, actor.ref, now
    remedy.contractor = substitute.performer
    remedy.enter(step.target, now=now)
    remedy.save()
    book(remedy, FundKind.COMMIT, remedy.budget_fen, actor=actor, now=now)
    tell_remedy(remedy, _decided(remedy, now), actor=actor, now=now)
    return remedy


def _fields(substitute: Substitute) -> dict[str, object]:
    return {
        "ordered_on": substitute.ordered_on,
        "perform_by": substitute.perform_by,
        "demanded_on": substitute.demanded_on,
        "consequence": substitute.consequence,
        "budget_fen": substitute.budget_fen,
        "performer": substitute.performer,
        "perform_on": substitute.perform_on,
    }


def _decided(remedy: Remedy, now: datetime) -> SubstituteDecided:
    names = performers(remedy.county, now=now)
    return SubstituteDecided(
        code=remedy.code,
        ordered_on=_day(remedy.ordered_on),
        perform_by=_day(remedy.perform_by),
        demanded_on=_day(remedy.demanded_on),
        consequence=remedy.consequence,
        consequence_label=remedy_settings().consequences[remedy.consequence],
        performer=remedy.performer,
        performer_name=names.get(remedy.performer, remedy.performer),
        perform_on=_day(remedy.perform_on),
        budget_fen=remedy.budget_fen,
        budget_text=str(Money(remedy.budget_fen)),
    )


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


@transaction.atomic
def reschedule(pk: int, *, perform_on: date, reason: str, actor: Actor, now: datetime) -> Remedy:
    """Set another day for the performance, so that the reminder still comes in time."""
    remedy = locked_remedy(actor, pk)
    may_remedy(remedy, "reschedule", actor=actor)
    if perform_on <= civil_date(now):
        raise InvalidInput("请填写今天以后的代履行日期。", field="perform_on")
    if not reason.strip():
        raise InvalidInput("请写明为什么改期。", field="reason")
    remedy.perform_on = perform_on
    remedy.save()
    event = SubstituteRescheduled(
        code=remedy.code,
        perform_on=perform_on.isoformat(),
        remind_by=remind_by(perform_on).isoformat(),
        reason=reason.strip(),
    )
    tell_remedy(remedy, event, actor=actor, now=now)
    return remedy


@transaction.atomic
def remind(pk: int, *, actor: Actor, now: datetime) -> Remedy:
    """Serve the reminder, three working days or more before (行政强制法 51(2)、69)."""
    remedy = locked_remedy(actor, pk)
    step = take_remedy(remedy, "remind", actor=actor, now=now)
    remedy.reminded_on = civil_date(now)
    remedy.enter(step.target, now=now)
    remedy.save()
    event = SubstituteReminded(
        code=remedy.code, reminded_on=_day(remedy.reminded_on), perform_on=_day(remedy.perform_on)
    )
    tell_remedy(remedy, event, actor=actor, now=now)
    return remedy


@transaction.atomic
def perform_at_once(
    pk: int,
    *,
    place: str,
    is_unable: bool,
    work: WorkOrdered,
    actor: Actor,
    now: datetime,
) -> Remedy:
    """Remove at once what blocks a road, a waterway or a public place (行政强制法 52)."""
    remedy = locked_remedy(actor, pk)
    if place and place not in remedy_settings().places:
        raise InvalidInput("没有这种场所，请从列表中选择。", field="place")
    step = take_remedy(
        remedy, "perform_at_once", actor=actor, now=now, place=place, is_unable=is_unable,
        performer=work.contractor, photo_roles=roles_of(work.photos),
    )  # fmt: skip
    remedy.track, remedy.immediate_place = Track.IMMEDIATE, place
    remedy.approved_by, remedy.approved_at = actor.ref, now
    remedy.notify_due_at = ends_at(remedy_settings().notify, since=now)
    begin(remedy, step, work, actor=actor, now=now)
    attach_to_remedy(remedy, work.photos, actor=actor, now=now)
    return remedy


@transaction.atomic
def performed(pk: int, *, reason: str, actor: Actor, now: datetime) -> Remedy:
    """Stop, since the obligor did it himself (行政强制法 51(1)(2))."""
    remedy = locked_remedy(actor, pk)
    step = take_remedy(remedy, "performed", actor=actor, now=now, reason=reason)
    book(remedy, FundKind.RELEASE, remedy.budget_fen, actor=actor, now=now)
    remedy.last_reason, remedy.solved_at = reason, now
    step_remedy(remedy, step, actor=actor, now=now, note=reason)
    return remedy
