"""争议裁定: the county body says which departments answer a whistle, and why."""

from datetime import datetime

from django.db import transaction

from chengzhi.accounts.types import Actor
from chengzhi.workorders.commands.whistle_answer import ask
from chengzhi.workorders.commands.whistle_taking import (
    names_text,
    start_clocks,
    take_answer,
    take_whistle,
    tell_whistle,
)
from chengzhi.workorders.events.whistle import WhistleDecided
from chengzhi.workorders.models import Whistle, WhistleAnswer
from chengzhi.workorders.queries.whistle_access import answers_of, askable, locked_whistle
from chengzhi.workorders.types.whistles import AnswerState

THERE = (AnswerState.ACKNOWLEDGED, AnswerState.ARRIVED, AnswerState.REPORTED)


@transaction.atomic
def decide_dispute(
    pk: int,
    *,
    departments: tuple[str, ...],
    lead: str,
    reason: str,
    actor: Actor,
    now: datetime,
) -> Whistle:
    """Decide who answers: those named begin anew, the others are excused (条例 17).

    A department that came already and need not lead goes on where it is; if the lead itself is
    there, the whole goes on from there.
    """
    whistle = locked_whistle(actor, pk)
    units = tuple(dict.fromkeys(departments))
    answers = {answer.unit: answer for answer in answers_of(whistle)}
    is_there = lead in answers and answers[lead].state == AnswerState.ARRIVED
    step = take_whistle(
        whistle, "decide_on_site" if is_there else "decide_dispute",
        actor=actor, now=now, departments=units, lead=lead, reason=reason, is_lead_there=is_there,
    )  # fmt: skip
    whistle.departments, whistle.lead, whistle.last_reason = " ".join(units), lead, reason
    whistle.enter(step.target, now=now)
    whistle.save()
    excused = _settle(whistle, answers, units, actor=actor, now=now)
    names = askable(whistle.county, now=now)
    event = WhistleDecided(
        code=whistle.code,
        departments=list(units),
        department_names=names_text(units, names),
        lead=lead,
        lead_name=names.get(lead, lead),
        excused=excused,
        excused_names=names_text(excused, names),
        reason=reason,
    )
    tell_whistle(whistle, event, actor=actor, now=now)
    return whistle


def _settle(
    whistle: Whistle,
    answers: dict[str, WhistleAnswer],
    units: tuple[str, ...],
    *,
    actor: Actor,
    now: datetime,
) -> list[str]:
    """Bring every answer to what was decided; return the units that are excused."""
    for unit in units:
        if unit in answers:
            _must(answers[unit], whistle, actor=actor, now=now)
        else:
            ask(whistle, unit, now=now)
    gone = [answer for unit, answer in answers.items() if unit not in units]
    leaving = [a for a in gone if a.state not in (AnswerState.EXCUSED, AnswerState.REPORTED)]
    for answer in gone:
        answer.is_lead = False
        if answer in leaving:
            answer.state = take_answer(answer, "excuse", actor=actor).target
        answer.set_alert()
        answer.save()
    return [answer.unit for answer in leaving]


def _must(answer: WhistleAnswer, whistle: Whistle, *, actor: Actor, now: datetime) -> None:
    answer.is_lead = answer.unit == whistle.lead
    stays = answer.state == AnswerState.ARRIVED or (not answer.is_lead and answer.state in THERE)
    if not stays:
        answer.state = take_answer(answer, "must_answer", actor=actor).target
        start_clocks(answer, whistle.urgency, now=now)
    answer.save()
