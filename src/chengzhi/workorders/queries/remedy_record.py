"""One remedy as a reader sees it: the search, the legal ways and what stands against each, money."""

from dataclasses import replace
from datetime import datetime

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Permission
from chengzhi.evidence.types import FileRole
from chengzhi.kernel.procedure import Step, refusals
from chengzhi.workorders.models import OwnerSearch, RecoveryPayment, Remedy, RemedyMeeting
from chengzhi.workorders.procedure.remedy import (
    REMEDY,
    REMEDY_CAN,
    REMEDY_CAN_ROLES,
    remedy_roles,
)
from chengzhi.workorders.queries.access import visible_to
from chengzhi.workorders.queries.directory import directory
from chengzhi.workorders.queries.remedies import remedy_row
from chengzhi.workorders.queries.remedy_access import (
    access_remedy,
    fund,
    last_conclusion,
    missing_sources,
    performers,
    visible_remedies,
)
from chengzhi.workorders.rules.limits import civil_date
from chengzhi.workorders.rules.remedy_limits import is_night, is_workday, remedy_settings
from chengzhi.workorders.rules.words import masked_name
from chengzhi.workorders.types.remedies import (
    CONCLUSION_LABELS,
    REMEDY_FINAL,
    TRACK_LABELS,
    RemedyFacts,
    RemedyState,
    Track,
)
from chengzhi.workorders.types.remedy_views import (
    MeetingLine,
    PaymentLine,
    RemedyAction,
    RemedyRecord,
    SearchLine,
    TrackCard,
)

GROUNDS = (  # track, its step, the state in which it is taken
    (Track.OWNERLESS, "approve", RemedyState.OWNERLESS),
    (Track.SUBSTITUTE, "decide", RemedyState.OWNER_FOUND),
    (Track.IMMEDIATE, "perform_at_once", RemedyState.OWNER_FOUND),
)
CHOOSING = frozenset(
    {RemedyState.REGISTERED, RemedyState.SEARCHING, RemedyState.OWNERLESS, RemedyState.OWNER_FOUND}
)


def remedy_record(actor: Actor, pk: int, *, now: datetime) -> RemedyRecord:
    """Return one remedy with all that its page shows.

    :raises NotVisible: there is none of that number, or not for this person.
    """
    remedy = access_remedy(actor, pk)
    settings, names = remedy_settings(), directory(actor.county, now=now)
    people = accounts.names_of({remedy.created_by, remedy.approved_by} - {""})
    facts = _facts(remedy, actor, now=now)
    return RemedyRecord(
        row=remedy_row(remedy, names, now=now),
        subject=remedy.subject,
        description=remedy.description,
        component_code=remedy.component_code,
        work_order=_order(remedy, actor),
        created_by_name=people.get(remedy.created_by, ""),
        fence_due_at=remedy.fence_due_at,
        fenced_at=remedy.fenced_at,
        search_due_at=remedy.search_due_at,
        solve_due_at=remedy.solve_due_at,
        obligor_name=_obligor(remedy, actor),
        obligor_basis=remedy.obligor_basis,
        notice_on=remedy.notice_on,
        notice_ends_on=remedy.notice_ends_on,
        notice_media=remedy.notice_media,
        is_notarized=remedy.is_notarized,
        approved_by_name=people.get(remedy.approved_by, ""),
        approved_at=remedy.approved_at,
        ordered_on=remedy.ordered_on,
        perform_by=remedy.perform_by,
        demanded_on=remedy.demanded_on,
        consequence_label=settings.consequences.get(remedy.consequence, ""),
        performer_name=names.unit_name(remedy.performer),
        perform_on=remedy.perform_on,
        remind_by=remedy.remind_by,
        reminded_on=remedy.reminded_on,
        immediate_label=settings.places.get(remedy.immediate_place, ""),
        notify_due_at=remedy.notify_due_at,
        notified_at=remedy.notified_at,
        work_text=remedy.work_text,
        quantity=remedy.quantity,
        supervisors=remedy.supervisors,
        signatures=remedy.signatures,
        work_started_at=remedy.work_started_at,
        work_finished_at=remedy.work_finished_at,
        settled_at=remedy.settled_at,
        claimed_on=remedy.claimed_on,
        pay_due_at=remedy.pay_due_at,
        recovered_fen=remedy.recovered_fen,
        last_reason=remedy.last_reason,
        searches=_searches(remedy),
        missing_sources=facts.missing_sources,
        meetings=_meetings(remedy),
        payments=_payments(remedy),
        tracks=_tracks(remedy, facts),
        actions=tuple(_actions(remedy, facts, actor)),
        capabilities=_capabilities(remedy, actor),
        is_final=remedy.state in REMEDY_FINAL,
    )


def _obligor(remedy: Remedy, actor: Actor) -> str:
    """Return the obligor's name; only who may unmask personal data reads it whole."""
    may = accounts.may(actor, Permission.UNMASK) or actor.unit == remedy.squad
    return remedy.obligor_name if may else masked_name(remedy.obligor_name)


def _order(remedy: Remedy, actor: Actor) -> tuple[int, str] | None:
    if remedy.work_order_id is None:
        return None
    order = visible_to(actor).filter(pk=remedy.work_order_id).first()
    return (order.pk, order.code) if order else None


def _searches(remedy: Remedy) -> tuple[SearchLine, ...]:
    rows = list(OwnerSearch.objects.filter(remedy=remedy).order_by("pk"))
    people = accounts.names_of({row.by for row in rows})
    sources = remedy_settings().sources
    return tuple(
        SearchLine(
            source=row.source,
            source_label=sources.get(row.source, row.source),
            found=row.found,
            result=row.result,
            by_name=people.get(row.by, ""),
            at=row.at,
        )
        for row in rows
    )


def _meetings(remedy: Remedy) -> tuple[MeetingLine, ...]:
    rows = list(RemedyMeeting.objects.filter(remedy=remedy).order_by("pk"))
    people = accounts.names_of({row.by for row in rows})
    return tuple(
        MeetingLine(
            held_on=row.held_on,
            attendees=row.attendees,
            opinions=row.opinions,
            conclusion=row.conclusion,
            conclusion_label=CONCLUSION_LABELS[row.conclusion],
            by_name=people.get(row.by, ""),
        )
        for row in rows
    )


def _payments(remedy: Remedy) -> tuple[PaymentLine, ...]:
    return tuple(
        PaymentLine(
            paid_on=row.paid_on, amount_fen=row.amount_fen, payer=row.payer, receipt=row.receipt
        )
        for row in RecoveryPayment.objects.filter(remedy=remedy).order_by("pk")
    )


def _facts(remedy: Remedy, actor: Actor, *, now: datetime) -> RemedyFacts:
    """Return the facts on the day, as if the deed brought all it should."""
    today = civil_date(now)
    known = performers(remedy.county, now=now)
    return replace(
        remedy.facts(),
        missing_sources=missing_sources(remedy),
        meeting=last_conclusion(remedy),
        fund_left_fen=fund(remedy.county, today.year).left_fen,
        is_performer_known=True,
        is_performer_party=known.get(remedy.performer, "") == remedy.obligor_name != "",
        today=today,
        is_workday=is_workday(today),
        is_night=is_night(now),
        actor_unit=actor.unit,
        reason="…",
        photo_roles=frozenset({FileRole.BEFORE.value, FileRole.AFTER.value}),
        quantity="…",
        supervisors="…",
        signatures="…",
        place="…",
        is_unable=True,
        amount_fen=1 if remedy.state == RemedyState.REMEDIED else remedy.budget_fen,
    )


def _brought(step: Step, facts: RemedyFacts) -> RemedyFacts:
    """Add what the form of a step brings, so that only the record itself refuses."""
    if step.name == "find_owner":
        return replace(facts, obligor="…")
    if step.name == "settle":
        return replace(facts, budget_fen=max(facts.budget_fen, 1))
    if step.name in ("approve", "decide"):
        facts = replace(facts, budget_fen=facts.budget_fen or 1)
    if step.name != "decide" or facts.today is None:
        return facts
    day = facts.today.fromordinal(facts.today.toordinal() - 2)
    after = facts.today.fromordinal(facts.today.toordinal() - 1)
    return replace(facts, ordered_on=day, perform_by=day, demanded_on=after, consequence="…")


def _tracks(remedy: Remedy, facts: RemedyFacts) -> tuple[TrackCard, ...]:
    """Return the three legal ways with what stands against each, while one is to be chosen."""
    if remedy.state not in CHOOSING:
        return ()
    cards = []
    for track, name, state in GROUNDS:
        step = next(s for s in REMEDY.steps if s.name == name)
        reasons = refusals(step, _brought(step, facts))
        if not reasons and remedy.state != state:
            reasons = ["先查明有没有责任人：逐项查找，召开责任认定会"]
        cards.append(
            TrackCard(
                track=track, label=TRACK_LABELS[track], basis=step.basis, reasons=tuple(reasons)
            )
        )
    return tuple(cards)


def _actions(remedy: Remedy, facts: RemedyFacts, actor: Actor) -> list[RemedyAction]:
    steps = [s for s in REMEDY.steps_from(remedy.state) if _holds(actor, s)]
    return [
        RemedyAction(
            name=step.name,
            label=step.label,
            basis=step.basis,
            reasons=tuple(refusals(step, _brought(step, facts))),
        )
        for step in steps
    ]


def _holds(actor: Actor, step: Step) -> bool:
    return not actor.roles.isdisjoint(remedy_roles(step))


def _capabilities(remedy: Remedy, actor: Actor) -> frozenset[str]:
    return frozenset(
        name
        for name, states in REMEDY_CAN.items()
        if remedy.state in states and not actor.roles.isdisjoint(REMEDY_CAN_ROLES[name])
    )


def remedies_of(actor: Actor, work_order: int) -> tuple[tuple[int, str], ...]:
    """Return number and code of the remedies that belong to a work order, newest first."""
    rows = visible_remedies(actor).filter(work_order=work_order).order_by("-pk")[:20]
    return tuple((row.pk, row.code) for row in rows)
