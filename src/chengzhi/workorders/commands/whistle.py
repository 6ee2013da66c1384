"""What the town does: write a whistle, blow it, take it back, have the last word."""

from datetime import datetime

from django.db import transaction

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Role
from chengzhi.kernel.errors import InvalidInput
from chengzhi.kernel.procedure import StepNotAllowed
from chengzhi.places import interface as places
from chengzhi.places.types import Point
from chengzhi.workorders.commands.whistle_taking import (
    attach_to_whistle,
    names_text,
    take_answer,
    take_whistle,
    tell_whistle,
)
from chengzhi.workorders.events.whistle import (
    WhistleConfirmed,
    WhistleDrafted,
    WhistleIssued,
    WhistleSentBack,
    WhistleWithdrawn,
)
from chengzhi.workorders.models import Whistle, WhistleAnswer
from chengzhi.workorders.queries.access import access_work_order
from chengzhi.workorders.queries.whistle_access import (
    answers_of,
    askable,
    locked_whistle,
    town_of,
)
from chengzhi.workorders.rules.limits import civil_date, matter_name
from chengzhi.workorders.rules.whistle_limits import ends_at, whistle_limits
from chengzhi.workorders.rules.words import moment_text
from chengzhi.workorders.types.whistles import (
    URGENCY_LABELS,
    AnswerState,
    Score,
    WhistleDraft,
    WhistleState,
)

MOST_ITEMS, MOST_DEPARTMENTS, LONGEST = 10, 10, 2000
AMENDABLE = frozenset({WhistleState.DRAFTED, WhistleState.RETURNED})


@transaction.atomic
def draft_whistle(draft: WhistleDraft, *, actor: Actor, now: datetime) -> Whistle:
    """Write a whistle of the actor's town; nobody else sees it before it is issued.

    :raises NotPermitted: the actor is no officer of a town.
    :raises InvalidInput: a field is malformed.
    """
    accounts.require(actor, Role.TOWN_OFFICER)
    if not town_of(actor):
        raise InvalidInput("您的单位不属于任何镇街，不能吹哨。请联系系统管理员。", field="town")
    whistle = Whistle(
        county=actor.county,
        year=civil_date(now).year,
        town=town_of(actor),
        created_by=actor.ref,
        created_at=now,
    )
    _write(whistle, draft, actor=actor, now=now)
    tell_whistle(whistle, _drafted(whistle, "起草", now), actor=actor, now=now)
    attach_to_whistle(whistle, draft.photos, actor=actor, now=now)
    return whistle


@transaction.atomic
def amend_whistle(pk: int, draft: WhistleDraft, *, actor: Actor, now: datetime) -> Whistle:
    """Rewrite a draft, or a whistle that the centre returned."""
    whistle = locked_whistle(actor, pk)
    accounts.require(actor, Role.TOWN_OFFICER)
    if whistle.state not in AMENDABLE or whistle.town != town_of(actor):
        raise StepNotAllowed("只有本镇街的草稿或退回件可以修改。已派发的请联系指挥中心。")
    _write(whistle, draft, actor=actor, now=now)
    tell_whistle(whistle, _drafted(whistle, "修改", now), actor=actor, now=now)
    attach_to_whistle(whistle, draft.photos, actor=actor, now=now)
    return whistle


def _write(whistle: Whistle, draft: WhistleDraft, *, actor: Actor, now: datetime) -> None:
    _refuse_too_much(draft)
    on = civil_date(now)
    place = places.locate(Point(lon=draft.lon, lat=draft.lat), now=now)
    order = access_work_order(actor, draft.work_order) if draft.work_order else None
    whistle.urgency = draft.urgency
    whistle.item_codes = " ".join(dict.fromkeys(draft.items))
    whistle.items = "、".join(matter_name(code, on=on) for code in dict.fromkeys(draft.items))[:300]
    whistle.description = draft.description.strip()
    whistle.address = draft.address.strip()
    whistle.lon, whistle.lat = draft.lon, draft.lat
    whistle.located_town, whistle.grid = place.town, place.grid
    whistle.departments = " ".join(dict.fromkeys(draft.departments))
    whistle.lead = draft.lead
    whistle.work_order = order
    whistle.save()


def _refuse_too_much(draft: WhistleDraft) -> None:
    if len(draft.items) > MOST_ITEMS:
        raise InvalidInput(f"一次最多选 {MOST_ITEMS} 项，请分开吹哨。", field="items")
    if len(draft.departments) > MOST_DEPARTMENTS:
        raise InvalidInput(f"一次最多请 {MOST_DEPARTMENTS} 个部门，请减少。", field="departments")
    if any(len(code) > 18 for code in (*draft.departments, draft.lead)):
        raise InvalidInput("单位代码无法识别，请从列表中选择。", field="departments")
    if not (-180 <= draft.lon <= 180 and -90 <= draft.lat <= 90):
        raise InvalidInput("经纬度超出范围，请在地图上点选。", field="lon")
    if not 0 < len(draft.address.strip()) <= 256:
        raise InvalidInput("地点应有 1 至 256 字，请写路名或参照物。", field="address")
    if len(draft.description) > LONGEST:
        raise InvalidInput(f"情况说明最多 {LONGEST} 字，请缩短。", field="description")


def _drafted(whistle: Whistle, deed: str, now: datetime) -> WhistleDrafted:
    names = askable(whistle.county, now=now)
    return WhistleDrafted(
        code=whistle.code,
        deed=deed,
        town=whistle.town,
        urgency=whistle.urgency,
        urgency_label=URGENCY_LABELS[whistle.urgency],
        items=whistle.items,
        address=whistle.address,
        departments=list(whistle.unit_codes),
        department_names=names_text(whistle.unit_codes, names),
        lead=whistle.lead,
        work_order=whistle.work_order_id or 0,
    )


@transaction.atomic
def issue_whistle(pk: int, *, actor: Actor, now: datetime) -> Whistle:
    """Blow the whistle: the command centre's clock to dispatch it starts (吹哨)."""
    whistle = locked_whistle(actor, pk)
    step = take_whistle(whistle, "issue", actor=actor, now=now)
    limits = whistle_limits(whistle.urgency, on=civil_date(now))
    whistle.issued_at = whistle.issued_at or now
    whistle.enter(step.target, now=now, due_at=ends_at(limits.dispatch, since=now))
    whistle.save()
    event = WhistleIssued(
        code=whistle.code,
        town=whistle.town,
        urgency=whistle.urgency,
        urgency_label=URGENCY_LABELS[whistle.urgency],
        due_text=moment_text(whistle.stage_due_at),
    )
    tell_whistle(whistle, event, actor=actor, now=now)
    return whistle


@transaction.atomic
def withdraw_whistle(pk: int, *, actor: Actor, now: datetime, reason: str = "") -> Whistle:
    """Take a whistle back before it is dispatched (撤回)."""
    whistle = locked_whistle(actor, pk)
    step = take_whistle(whistle, "withdraw_whistle", actor=actor, now=now, reason=reason)
    whistle.last_reason = reason
    whistle.enter(step.target, now=now)
    whistle.save()
    event = WhistleWithdrawn(code=whistle.code, town=whistle.town, reason=reason)
    tell_whistle(whistle, event, actor=actor, now=now)
    return whistle


@transaction.atomic
def send_back(pk: int, *, reason: str, actor: Actor, now: datetime) -> Whistle:
    """Say that it is not solved: the lead goes on, and its limit to finish starts anew."""
    whistle = locked_whistle(actor, pk)
    step = take_whistle(whistle, "send_back", actor=actor, now=now, reason=reason)
    lead = next(answer for answer in answers_of(whistle) if answer.is_lead)
    answer_step = take_answer(lead, "send_back", actor=actor)
    limits = whistle_limits(whistle.urgency, on=civil_date(now))
    lead.state, lead.reported_at = answer_step.target, None
    lead.finish_due_at = ends_at(limits.finish, since=now)
    lead.set_alert()
    lead.save()
    whistle.last_reason, whistle.rework_count = reason, whistle.rework_count + 1
    whistle.enter(step.target, now=now)
    whistle.save()
    event = WhistleSentBack(
        code=whistle.code, lead=whistle.lead, reason=reason, rework_count=whistle.rework_count
    )
    tell_whistle(whistle, event, actor=actor, now=now)
    return whistle


@transaction.atomic
def confirm(
    pk: int, *, scores: tuple[Score, ...], actor: Actor, now: datetime, words: str = ""
) -> Whistle:
    """Say that it is solved, and score every department that answered (确认并评分)."""
    whistle = locked_whistle(actor, pk)
    step = take_whistle(whistle, "confirm", actor=actor, now=now, scores=scores)
    answers = [a for a in answers_of(whistle) if a.state == AnswerState.REPORTED]
    given = {score.unit: score for score in scores}
    for answer in answers:
        _score(answer, given[answer.unit], actor=actor)
    whistle.confirmed_at, whistle.confirm_words = now, words.strip()[:LONGEST]
    whistle.enter(step.target, now=now)
    whistle.save()
    names = askable(whistle.county, now=now)
    event = WhistleConfirmed(
        code=whistle.code,
        town=whistle.town,
        scores={a.unit: a.score for a in answers},
        scores_text="、".join(f"{names.get(a.unit, a.unit)} {a.score} 分" for a in answers),
        words=whistle.confirm_words,
    )
    tell_whistle(whistle, event, actor=actor, now=now)
    return whistle


def _score(answer: WhistleAnswer, score: Score, *, actor: Actor) -> None:
    answer.state = take_answer(answer, "score", actor=actor).target
    answer.score, answer.score_words = score.points, score.words.strip()[:500]
    answer.save()
