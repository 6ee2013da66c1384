"""What every deed on a whistle shares: facts, the tables, the roles, the log."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor
from chengzhi.audit import interface as audit
from chengzhi.evidence import interface as evidence
from chengzhi.kernel.procedure import Step
from chengzhi.workorders.models import Whistle, WhistleAnswer
from chengzhi.workorders.procedure.whistle import ANSWER, WHISTLE, whistle_roles
from chengzhi.workorders.queries.whistle_access import answers_of, askable, town_of
from chengzhi.workorders.rules.limits import civil_date
from chengzhi.workorders.rules.whistle_limits import ends_at, whistle_limits
from chengzhi.workorders.rules.words import span
from chengzhi.workorders.types import PhotoRef
from chengzhi.workorders.types.whistles import AnswerState, WhistleFacts


def facts_of(whistle: Whistle, *, now: datetime, actor: Actor, **deed: Any) -> WhistleFacts:
    """Return the record's facts with what the actor brings."""
    units = askable(whistle.county, now=now)
    answers = answers_of(whistle) if whistle.dispatched_at else []
    facts = WhistleFacts(
        town=whistle.town,
        items=tuple(whistle.item_codes.split()),
        located_town=whistle.located_town,
        departments=whistle.unit_codes,
        lead=whistle.lead,
        open_names=tuple(units.get(a.unit, a.unit) for a in answers if _is_open(a)),
        answered=frozenset(a.unit for a in answers if a.state == AnswerState.REPORTED),
        actor_town=town_of(actor),
        actor_unit=actor.unit,
    )
    facts = replace(facts, **deed)
    return replace(facts, unknown=tuple(u for u in facts.departments if u not in units))


def _is_open(answer: WhistleAnswer) -> bool:
    at_rest = (AnswerState.REPORTED, AnswerState.EXCUSED, AnswerState.SCORED)
    return not answer.is_lead and answer.state not in at_rest


def take_whistle(whistle: Whistle, name: str, *, actor: Actor, now: datetime, **deed: Any) -> Step:
    """Return the step of the whistle if the table allows it here and the actor may take it.

    :raises StepNotAllowed: no such step leads from this state, or a guard refuses it.
    :raises NotPermitted: the actor holds none of the step's roles.
    """
    facts = facts_of(whistle, now=now, actor=actor, **deed)
    step = WHISTLE.take(name, state=whistle.state, facts=facts)
    accounts.require(actor, *whistle_roles(step))
    return step


def take_answer(answer: WhistleAnswer, name: str, *, actor: Actor, **deed: Any) -> Step:
    """Return the step of a department's answer, likewise."""
    facts = WhistleFacts(unit=answer.unit, actor_unit=actor.unit, **deed)
    step = ANSWER.take(name, state=answer.state, facts=facts)
    accounts.require(actor, *whistle_roles(step))
    return step


def start_clocks(answer: WhistleAnswer, urgency: str, *, now: datetime) -> None:
    """Ask a department from now on: three limits by urgency (data/whistle.toml)."""
    limits = whistle_limits(urgency, on=civil_date(now))
    answer.asked_at = now
    answer.acknowledge_due_at = ends_at(limits.acknowledge, since=now)
    answer.arrive_due_at = ends_at(limits.arrive, since=now)
    answer.finish_due_at = ends_at(limits.finish, since=now)
    answer.acknowledged_at = answer.arrived_at = answer.reported_at = None
    answer.overdue_stages, answer.escalated_to = "", ""
    answer.set_alert()


def tell_whistle(whistle: Whistle, happened: Any, *, actor: Actor, now: datetime) -> int:
    """Record an event on the whistle."""
    return audit.record(happened, subject=whistle.subject, actor=actor.ref, at=now)


def attach_to_whistle(
    whistle: Whistle, photos: Iterable[PhotoRef], *, actor: Actor, now: datetime
) -> None:
    """Attach stored pictures to the whistle."""
    for photo in photos:
        evidence.attach(
            photo.sha256, subject=whistle.subject, role=photo.role, actor=actor, now=now
        )


def names_text(codes: Iterable[str], names: Mapping[str, str]) -> str:
    """Return the units by name, for a sentence."""
    return "、".join(names.get(code, code) for code in codes) or "无"


def late_words(at: datetime, due_at: datetime | None) -> str:
    """Return by how much a limit was missed, empty when it was kept."""
    if due_at is None or at <= due_at:
        return ""
    return f"，超期 {span(at - due_at)}"
