"""What the command centre and the departments do about a whistle: dispatch, come, handle, report."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from chengzhi.accounts.types import Actor
from chengzhi.kernel.errors import InvalidInput
from chengzhi.places import interface as places
from chengzhi.places.types import Point
from chengzhi.workorders.commands.taking import roles_of
from chengzhi.workorders.commands.whistle_taking import (
    attach_to_whistle,
    late_words,
    names_text,
    start_clocks,
    take_answer,
    take_whistle,
    tell_whistle,
)
from chengzhi.workorders.events.whistle import (
    WhistleAcknowledged,
    WhistleAnswered,
    WhistleArrived,
    WhistleClosed,
    WhistleDispatched,
    WhistleDisputed,
    WhistleReturned,
)
from chengzhi.workorders.models import Whistle, WhistleAnswer
from chengzhi.workorders.queries.whistle_access import answers_of, askable, locked_whistle
from chengzhi.workorders.rules.limits import civil_date
from chengzhi.workorders.rules.whistle_limits import ends_at, whistle_limits
from chengzhi.workorders.rules.words import moment_text
from chengzhi.workorders.types import PhotoRef


class NotAsked(InvalidInput):
    """The whistle was not sent to the actor's unit."""

    code = "not-asked"
    status = 409


@dataclass(frozen=True, kw_only=True)
class Presence:
    """That somebody is there: where the device says it is, who came, what they photographed."""

    lon: float | None = None
    lat: float | None = None
    people: str = ""
    photos: tuple[PhotoRef, ...] = ()


@transaction.atomic
def return_whistle(pk: int, *, reason: str, actor: Actor, now: datetime) -> Whistle:
    """Give a whistle back to the town to be completed (退回镇街)."""
    whistle = locked_whistle(actor, pk)
    step = take_whistle(whistle, "return_whistle", actor=actor, now=now, reason=reason)
    whistle.last_reason = reason
    whistle.enter(step.target, now=now)
    whistle.save()
    event = WhistleReturned(code=whistle.code, town=whistle.town, reason=reason)
    tell_whistle(whistle, event, actor=actor, now=now)
    return whistle


@transaction.atomic
def dispatch_whistle(
    pk: int,
    *,
    actor: Actor,
    now: datetime,
    departments: tuple[str, ...] = (),
    lead: str = "",
) -> Whistle:
    """Send it to the departments the town asked for, or to others; their clocks start (派发)."""
    whistle = locked_whistle(actor, pk)
    units = tuple(dict.fromkeys(departments or whistle.unit_codes))
    chosen = lead or whistle.lead
    step = take_whistle(
        whistle, "dispatch_whistle", actor=actor, now=now, departments=units, lead=chosen
    )
    whistle.departments, whistle.lead = " ".join(units), chosen
    whistle.dispatched_at = now
    whistle.enter(step.target, now=now)
    whistle.save()
    answers = [ask(whistle, unit, now=now) for unit in units]
    event = _dispatched(whistle, answers[0], askable(whistle.county, now=now))
    tell_whistle(whistle, event, actor=actor, now=now)
    return whistle


def ask(whistle: Whistle, unit: str, *, now: datetime) -> WhistleAnswer:
    """Ask one department: a new answer with its own three limits."""
    answer = WhistleAnswer(whistle=whistle, unit=unit, is_lead=unit == whistle.lead)
    start_clocks(answer, whistle.urgency, now=now)
    answer.save()
    return answer


def _dispatched(
    whistle: Whistle, answer: WhistleAnswer, names: dict[str, str]
) -> WhistleDispatched:
    return WhistleDispatched(
        code=whistle.code,
        departments=list(whistle.unit_codes),
        department_names=names_text(whistle.unit_codes, names),
        lead=whistle.lead,
        lead_name=names.get(whistle.lead, whistle.lead),
        acknowledge_text=moment_text(answer.acknowledge_due_at),
        arrive_text=moment_text(answer.arrive_due_at),
    )


@transaction.atomic
def acknowledge(pk: int, *, actor: Actor, now: datetime) -> Whistle:
    """Say that the actor's unit has the call and comes (签收)."""
    whistle, answer = _mine(pk, actor)
    _go_on(whistle, answer, "acknowledge", actor=actor, now=now)
    answer.acknowledged_at = now
    _keep(answer)
    event = WhistleAcknowledged(
        code=whistle.code,
        unit=answer.unit,
        unit_name=_name(whistle, answer, now),
        late_text=late_words(now, answer.acknowledge_due_at),
    )
    tell_whistle(whistle, event, actor=actor, now=now)
    return whistle


@transaction.atomic
def arrive(pk: int, *, presence: Presence, actor: Actor, now: datetime) -> Whistle:
    """Say that the actor's unit is there, with its place or a picture (到场)."""
    whistle, answer = _mine(pk, actor)
    deed = {
        "has_place": presence.lon is not None and presence.lat is not None,
        "photo_roles": roles_of(presence.photos),
    }
    _go_on(whistle, answer, "arrive", actor=actor, now=now, **deed)
    answer.arrived_at, answer.people = now, presence.people.strip()[:200]
    _locate(answer, whistle, presence)
    _keep(answer)
    event = WhistleArrived(
        code=whistle.code,
        unit=answer.unit,
        unit_name=_name(whistle, answer, now),
        people=answer.people or "未写到场人员",
        place_text=_place_text(answer),
        photo_count=len(presence.photos),
        late_text=late_words(now, answer.arrive_due_at),
    )
    tell_whistle(whistle, event, actor=actor, now=now)
    attach_to_whistle(whistle, presence.photos, actor=actor, now=now)
    return whistle


def _locate(answer: WhistleAnswer, whistle: Whistle, presence: Presence) -> None:
    if presence.lon is None or presence.lat is None:
        return
    if not (-180 <= presence.lon <= 180 and -90 <= presence.lat <= 90):
        raise InvalidInput("到场定位的经纬度超出范围，请重新定位。", field="lon")
    there = Point(lon=presence.lon, lat=presence.lat)
    answer.arrived_lon, answer.arrived_lat = presence.lon, presence.lat
    metres = places.distance(there, Point(lon=whistle.lon, lat=whistle.lat))
    answer.arrived_metres = min(round(metres), 2_000_000_000)


def _place_text(answer: WhistleAnswer) -> str:
    if answer.arrived_metres is None:
        return "没有定位"
    return f"距吹哨地点 {answer.arrived_metres} 米"


@transaction.atomic
def report_back(
    pk: int, *, result: str, actor: Actor, now: datetime, photos: tuple[PhotoRef, ...] = ()
) -> Whistle:
    """Report what the actor's unit did; the lead's report is that of the whole (反馈)."""
    whistle, answer = _mine(pk, actor)
    deed = {"reason": result, "photo_roles": roles_of(photos)}
    answer.state = take_answer(answer, "report_back", actor=actor, reason=result).target
    if answer.is_lead:
        step = take_whistle(whistle, "report_whole", actor=actor, now=now, **deed)
        limits = whistle_limits(whistle.urgency, on=civil_date(now))
        whistle.handled_at, whistle.result = now, result.strip()
        whistle.enter(step.target, now=now, due_at=ends_at(limits.confirm, since=now))
        whistle.save()
    answer.reported_at, answer.result = now, result.strip()
    _keep(answer)
    event = WhistleAnswered(
        code=whistle.code,
        unit=answer.unit,
        unit_name=_name(whistle, answer, now),
        deed="汇总反馈" if answer.is_lead else "反馈",
        is_whole=answer.is_lead,
        result=result.strip(),
        photo_count=len(photos),
        late_text=late_words(now, answer.finish_due_at),
    )
    tell_whistle(whistle, event, actor=actor, now=now)
    attach_to_whistle(whistle, photos, actor=actor, now=now)
    return whistle


@transaction.atomic
def dispute(pk: int, *, reason: str, actor: Actor, now: datetime) -> Whistle:
    """Say that it is not this unit's business; the county body decides (职责争议)."""
    whistle, answer = _mine(pk, actor)
    answer.state = take_answer(answer, "dispute", actor=actor, reason=reason).target
    step = take_whistle(whistle, "dispute", actor=actor, now=now, reason=reason)
    answer.dispute = reason.strip()
    _keep(answer)
    whistle.last_reason = reason
    whistle.enter(step.target, now=now)
    whistle.save()
    event = WhistleDisputed(
        code=whistle.code, unit=answer.unit, unit_name=_name(whistle, answer, now), reason=reason
    )
    tell_whistle(whistle, event, actor=actor, now=now)
    return whistle


@transaction.atomic
def close_whistle(pk: int, *, actor: Actor, now: datetime) -> Whistle:
    """End a whistle that its town confirmed (办结)."""
    whistle = locked_whistle(actor, pk)
    step = take_whistle(whistle, "close_whistle", actor=actor, now=now)
    lead = next(answer for answer in answers_of(whistle) if answer.is_lead)
    whistle.enter(step.target, now=now)
    whistle.save()
    handled = whistle.handled_at or now
    event = WhistleClosed(
        code=whistle.code,
        town=whistle.town,
        lead=whistle.lead,
        late_text=late_words(handled, lead.finish_due_at),
    )
    tell_whistle(whistle, event, actor=actor, now=now)
    return whistle


def _mine(pk: int, actor: Actor) -> tuple[Whistle, WhistleAnswer]:
    whistle = locked_whistle(actor, pk)
    answer = next((a for a in answers_of(whistle) if a.unit == actor.unit), None)
    if answer is None:
        raise NotAsked("这件吹哨没有派给你所在的单位，须由被派发的部门办理。")
    return whistle, answer


def _go_on(
    whistle: Whistle, answer: WhistleAnswer, name: str, *, actor: Actor, now: datetime, **deed: Any
) -> None:
    """Take the step of the answer, and the whistle's too where the lead takes it."""
    answer.state = take_answer(answer, name, actor=actor, **deed).target
    if answer.is_lead:
        step = take_whistle(whistle, name, actor=actor, now=now, **deed)
        whistle.enter(step.target, now=now)
        whistle.save()


def _keep(answer: WhistleAnswer) -> None:
    answer.set_alert()
    answer.save()


def _name(whistle: Whistle, answer: WhistleAnswer, now: datetime) -> str:
    return askable(whistle.county, now=now).get(answer.unit, answer.unit)
