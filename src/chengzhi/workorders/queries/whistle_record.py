"""One whistle as a reader sees it: facts, answers side by side, what may be done next."""

from dataclasses import replace
from datetime import datetime

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Role
from chengzhi.evidence.types import FileRole
from chengzhi.kernel.privacy import redacted
from chengzhi.kernel.procedure import Procedure, Step, refusals
from chengzhi.workorders.models import Whistle, WhistleAnswer
from chengzhi.workorders.procedure.whistle import ANSWER, WHISTLE, whistle_roles
from chengzhi.workorders.queries.access import visible_to
from chengzhi.workorders.queries.directory import directory
from chengzhi.workorders.queries.whistle_access import (
    access_whistle,
    answers_of,
    askable,
    town_of,
    visible_whistles,
)
from chengzhi.workorders.queries.whistles import answer_row, whistle_rows
from chengzhi.workorders.types.whistles import (
    WHISTLE_FINAL,
    AnswerRow,
    AnswerState,
    Score,
    Urgency,
    WhistleAction,
    WhistleDraft,
    WhistleFacts,
    WhistleRecord,
    WhistleState,
)

# Steps that a department takes through its own answer, and decisions made of the whole.
THROUGH_ANSWER = frozenset({"acknowledge", "arrive", "report_whole", "dispute", "decide_on_site"})
PARTS = frozenset({"must_answer", "excuse", "score", "send_back"})
WAITING: dict[str, str] = {
    WhistleState.DRAFTED: "发起镇街",
    WhistleState.ISSUED: "指挥中心",
    WhistleState.RETURNED: "发起镇街",
    WhistleState.DISPATCHED: "牵头部门",
    WhistleState.ACKNOWLEDGED: "牵头部门",
    WhistleState.ARRIVED: "牵头部门",
    WhistleState.HANDLED: "发起镇街",
    WhistleState.CONFIRMED: "指挥中心",
    WhistleState.DISPUTED: "局领导或值班长",
}


def whistle_record(actor: Actor, pk: int, *, now: datetime) -> WhistleRecord:
    """Return one whistle with all that its page shows.

    :raises NotVisible: there is none of that number, or not for this person.
    """
    whistle = access_whistle(actor, pk)
    answers, names = answers_of(whistle), directory(actor.county, now=now)
    rows = tuple(answer_row(answer, whistle, names) for answer in answers)
    mine = next((answer for answer in answers if answer.unit == actor.unit), None)
    return WhistleRecord(
        row=whistle_rows([whistle], names, now=now)[0],
        subject=whistle.subject,
        description=redacted(whistle.description),
        result=whistle.result,
        confirm_words=whistle.confirm_words,
        last_reason=whistle.last_reason,
        rework_count=whistle.rework_count,
        created_by_name=accounts.names_of({whistle.created_by}).get(whistle.created_by, ""),
        dispatched_at=whistle.dispatched_at,
        handled_at=whistle.handled_at,
        confirmed_at=whistle.confirmed_at,
        work_order=_order(whistle, actor),
        answers=rows,
        own=next((row for row in rows if row.unit == actor.unit), None),
        actions=tuple(_actions(whistle, answers, mine, actor, now=now)),
        is_final=whistle.state in WHISTLE_FINAL,
        waiting_for=_waiting(whistle, rows),
        draft=_draft(whistle),
    )


def _waiting(whistle: Whistle, rows: tuple[AnswerRow, ...]) -> str:
    who = WAITING.get(whistle.state, "")
    if who != "牵头部门":
        return who
    return next((row.unit_name for row in rows if row.is_lead), who)


def _order(whistle: Whistle, actor: Actor) -> tuple[int, str] | None:
    if whistle.work_order_id is None:
        return None
    order = visible_to(actor).filter(pk=whistle.work_order_id).first()
    return (order.pk, order.code) if order else None


def _draft(whistle: Whistle) -> WhistleDraft:
    return WhistleDraft(
        items=tuple(whistle.item_codes.split()),
        urgency=Urgency(whistle.urgency),
        lon=whistle.lon,
        lat=whistle.lat,
        address=whistle.address,
        description=redacted(whistle.description),
        departments=whistle.unit_codes,
        lead=whistle.lead,
        work_order=whistle.work_order_id or 0,
    )


def _actions(
    whistle: Whistle,
    answers: list[WhistleAnswer],
    mine: WhistleAnswer | None,
    actor: Actor,
    *,
    now: datetime,
) -> list[WhistleAction]:
    facts = _promising(whistle, answers, actor, now=now)
    own = [
        step
        for step in WHISTLE.steps_from(whistle.state)
        if step.name not in THROUGH_ANSWER and not actor.roles.isdisjoint(whistle_roles(step))
    ]
    actions = [_action(step, facts) for step in own]
    if mine is not None:
        actions += _answer_actions(whistle, mine, facts, actor)
    return actions


def _answer_actions(
    whistle: Whistle, mine: WhistleAnswer, facts: WhistleFacts, actor: Actor
) -> list[WhistleAction]:
    """Return what the reader's own department may do; the lead's report is of the whole."""
    facts = replace(facts, unit=mine.unit)
    steps = [s for s in ANSWER.steps_from(mine.state) if s.name not in PARTS]
    steps = [s for s in steps if not actor.roles.isdisjoint(whistle_roles(s))]
    if not any(s.name == "dispute" for s in WHISTLE.steps_from(whistle.state)):
        steps = [s for s in steps if s.name != "dispute"]
    if not mine.is_lead:
        return [_action(step, facts) for step in steps]
    return [_lead_action(step, whistle, facts) for step in steps]


def _lead_action(step: Step, whistle: Whistle, facts: WhistleFacts) -> WhistleAction:
    if step.name != "report_back":
        return _action(step, facts)
    whole = _named(WHISTLE, "report_whole", whistle.state)
    return replace(_action(whole or step, facts), name="report_back", label="汇总反馈")


def _named(procedure: Procedure, name: str, state: str) -> Step | None:
    return next((s for s in procedure.steps_from(state) if s.name == name), None)


def _action(step: Step, facts: WhistleFacts) -> WhistleAction:
    return WhistleAction(
        name=step.name,
        label=step.label,
        basis=step.basis,
        reasons=tuple(refusals(step, facts)),
    )


def _promising(
    whistle: Whistle, answers: list[WhistleAnswer], actor: Actor, *, now: datetime
) -> WhistleFacts:
    """Return the facts as if the deed brought all it should, so that only the record refuses."""
    units = askable(whistle.county, now=now)
    reported = frozenset(a.unit for a in answers if a.state == AnswerState.REPORTED)
    resting = (AnswerState.REPORTED, AnswerState.EXCUSED, AnswerState.SCORED)
    return WhistleFacts(
        town=whistle.town,
        items=tuple(whistle.item_codes.split()),
        located_town=whistle.located_town,
        departments=whistle.unit_codes,
        lead=whistle.lead,
        unknown=tuple(code for code in whistle.unit_codes if code not in units),
        open_names=tuple(
            units.get(a.unit, a.unit) for a in answers if not a.is_lead and a.state not in resting
        ),
        answered=reported,
        is_lead_there=any(a.is_lead and a.state == AnswerState.ARRIVED for a in answers),
        actor_town=town_of(actor),
        actor_unit=actor.unit,
        reason="…",
        has_place=True,
        photo_roles=frozenset({FileRole.AFTER.value}),
        scores=tuple(Score(unit=unit, points=5) for unit in reported),
    )


def whistles_of(actor: Actor, work_order: int) -> tuple[tuple[int, str], ...]:
    """Return number and code of the whistles that belong to a work order, newest first."""
    rows = visible_whistles(actor).filter(work_order=work_order).order_by("-pk")[:20]
    return tuple((row.pk, row.code) for row in rows)


def may_whistle(actor: Actor) -> bool:
    """Return whether the actor may blow a whistle: an officer of a town."""
    return bool(town_of(actor)) and Role.TOWN_OFFICER in actor.roles
