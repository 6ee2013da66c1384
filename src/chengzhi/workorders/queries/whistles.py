"""The lists of whistles and of departments' tasks: filters, pages by key."""

from collections.abc import Iterator
from datetime import UTC, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from chengzhi.accounts.types import ROLE_LABELS, Actor, Role
from chengzhi.kernel.calendar import EPOCH
from chengzhi.kernel.errors import InvalidInput
from chengzhi.workorders.models import Whistle, WhistleAnswer
from chengzhi.workorders.queries.directory import Directory, directory
from chengzhi.workorders.queries.paging import key_in, newest, numbered
from chengzhi.workorders.queries.whistle_access import (
    town_of,
    visible_answers,
    visible_whistles,
)
from chengzhi.workorders.queries.whistle_measures import ANSWER_MEASURES, overdue_at
from chengzhi.workorders.types.whistles import (
    ANSWER_AT_REST,
    ANSWER_LABELS,
    STAGE_LABELS,
    URGENCY_LABELS,
    WHISTLE_FINAL,
    WHISTLE_LABELS,
    AnswerFilters,
    AnswerPage,
    AnswerRow,
    AnswerState,
    WhistleFilters,
    WhistlePage,
    WhistleRow,
    WhistleState,
)

FAR = datetime(9999, 1, 1, tzinfo=UTC)
OPEN = ~Q(state__in=[state.value for state in sorted(WHISTLE_FINAL)])
OPEN_ANSWER = ~Q(
    state__in=[*(state.value for state in sorted(ANSWER_AT_REST)), AnswerState.REPORTED.value]
)


def listed_whistles(actor: Actor, filters: WhistleFilters, *, now: datetime) -> QuerySet[Whistle]:
    """Return the whistles that the actor may see and the filters keep, in no order."""
    rows = visible_whistles(actor)
    for condition in _kept(filters, now):
        rows = rows.filter(condition)
    return rows


def _kept(filters: WhistleFilters, now: datetime) -> Iterator[Q]:
    if filters.states:
        yield Q(state__in=filters.states)
    if filters.urgencies:
        yield Q(urgency__in=filters.urgencies)
    if filters.towns:
        yield Q(town__in=filters.towns)
    if filters.unit:
        sent = WhistleAnswer.objects.filter(unit=filters.unit)
        yield Q(pk__in=sent.values("whistle"))
    if filters.open_only:
        yield OPEN
    if filters.overdue:
        yield _overdue(now)
    if filters.since or filters.until:
        yield Q(issued_at__gte=filters.since or EPOCH, issued_at__lt=filters.until or FAR)
    if filters.text:
        yield _mentions(filters.text)


def _overdue(now: datetime) -> Q:
    late = WhistleAnswer.objects.filter(overdue_at(now), whistle=OuterRef("pk"))
    return OPEN & (Q(stage_due_at__lte=now) | Q(Exists(late)))


def _mentions(text: str) -> Q:
    words = Q(address__icontains=text) | Q(items__icontains=text) | Q(description__icontains=text)
    return numbered(text) | words


def whistle_page(
    actor: Actor, filters: WhistleFilters, *, now: datetime, after: str = "", size: int = 30
) -> WhistlePage:
    """Return one page, newest first."""
    rows = listed_whistles(actor, filters, now=now)
    found, next_key = newest(rows, after=key_in(after), size=size)
    return WhistlePage(
        rows=whistle_rows(found, directory(actor.county, now=now), now=now),
        count=rows.count(),
        after=str(next_key or ""),
    )


def whistle_export(
    actor: Actor, filters: WhistleFilters, *, now: datetime
) -> tuple[WhistleRow, ...]:
    """Return the whole list, newest first, at most 50,000."""
    rows = list(listed_whistles(actor, filters, now=now).order_by("-pk")[:50_000])
    return whistle_rows(rows, directory(actor.county, now=now), now=now)


def whistle_rows(
    whistles: list[Whistle], names: Directory, *, now: datetime
) -> tuple[WhistleRow, ...]:
    """Return whistles as the lines of a list; their answers are read in one query."""
    answers: dict[int, list[WhistleAnswer]] = {whistle.pk: [] for whistle in whistles}
    for answer in WhistleAnswer.objects.filter(whistle__in=list(answers)).order_by("pk"):
        answers[answer.whistle_id].append(answer)
    return tuple(_row(w, answers[w.pk], names, now=now) for w in whistles)


def _row(
    whistle: Whistle, answers: list[WhistleAnswer], names: Directory, *, now: datetime
) -> WhistleRow:
    dues = [due for answer in answers for due in answer.dues().values()]
    own = [whistle.stage_due_at] if whistle.stage_due_at else []
    due_at = min([*dues, *own], default=None)
    return WhistleRow(
        id=whistle.pk,
        code=whistle.code,
        state=whistle.state,
        state_label=WHISTLE_LABELS[whistle.state],
        urgency=whistle.urgency,
        urgency_label=URGENCY_LABELS[whistle.urgency],
        town=whistle.town,
        town_name=names.towns.get(whistle.town, whistle.town),
        items=whistle.items,
        address=whistle.address,
        lead=whistle.lead,
        lead_name=names.unit_name(whistle.lead),
        department_names=tuple(names.unit_name(code) for code in whistle.unit_codes),
        issued_at=whistle.issued_at,
        ended_at=whistle.ended_at,
        due_at=due_at if whistle.state not in WHISTLE_FINAL else None,
        is_overdue=due_at is not None and due_at <= now,
        lon=whistle.lon,
        lat=whistle.lat,
    )


def listed_answers(
    actor: Actor, filters: AnswerFilters, *, now: datetime
) -> QuerySet[WhistleAnswer]:
    """Return the departments' tasks that the actor may see and the filters keep."""
    rows = visible_answers(actor)
    if filters.measure:
        rows = rows.filter(_measured(filters, now))
    if filters.unit:
        rows = rows.filter(unit=filters.unit)
    if filters.states:
        rows = rows.filter(state__in=filters.states)
    if filters.open_only:
        rows = rows.filter(OPEN_ANSWER)
    return rows.filter(overdue_at(now)) if filters.overdue else rows


def _measured(filters: AnswerFilters, now: datetime) -> Q:
    if filters.measure not in ANSWER_MEASURES:
        known = "、".join(ANSWER_MEASURES)
        raise InvalidInput(f"没有指标“{filters.measure[:20]}”，可用：{known}。", field="measure")
    return ANSWER_MEASURES[filters.measure](filters.since or EPOCH, filters.until or FAR, now)


def answer_page(
    actor: Actor, filters: AnswerFilters, *, now: datetime, after: str = "", size: int = 30
) -> AnswerPage:
    """Return one page of tasks, newest first."""
    rows = listed_answers(actor, filters, now=now)
    found, next_key = newest(rows.select_related("whistle"), after=key_in(after), size=size)
    names = directory(actor.county, now=now)
    return AnswerPage(
        rows=tuple(answer_row(answer, answer.whistle, names) for answer in found),
        count=rows.count(),
        after=str(next_key or ""),
    )


def answer_export(actor: Actor, filters: AnswerFilters, *, now: datetime) -> tuple[AnswerRow, ...]:
    """Return the whole task list, newest first, at most 50,000."""
    rows = listed_answers(actor, filters, now=now).select_related("whistle").order_by("-pk")
    names = directory(actor.county, now=now)
    return tuple(answer_row(answer, answer.whistle, names) for answer in rows[:50_000])


def answer_row(answer: WhistleAnswer, whistle: Whistle, names: Directory) -> AnswerRow:
    """Return one department's answer as a line."""
    return AnswerRow(
        id=answer.pk,
        whistle=whistle.pk,
        code=whistle.code,
        town_name=names.towns.get(whistle.town, whistle.town),
        address=whistle.address,
        items=whistle.items,
        urgency=whistle.urgency,
        urgency_label=URGENCY_LABELS[whistle.urgency],
        unit=answer.unit,
        unit_name=names.unit_name(answer.unit),
        is_lead=answer.is_lead,
        state=answer.state,
        state_label=ANSWER_LABELS[answer.state],
        asked_at=answer.asked_at,
        acknowledge_due_at=answer.acknowledge_due_at,
        arrive_due_at=answer.arrive_due_at,
        finish_due_at=answer.finish_due_at,
        acknowledged_at=answer.acknowledged_at,
        arrived_at=answer.arrived_at,
        reported_at=answer.reported_at,
        result=answer.result,
        people=answer.people,
        arrived_metres=answer.arrived_metres,
        dispute=answer.dispute,
        score=answer.score,
        score_words=answer.score_words,
        due_at=min(answer.dues().values(), default=None),
        late=tuple(STAGE_LABELS[stage] for stage in answer.overdue_stages.split()),
        escalated_label=ROLE_LABELS[Role(answer.escalated_to)] if answer.escalated_to else "",
    )


# Whose move it is in which state, for the badge on the rail.
CENTRE_STATES = (WhistleState.ISSUED, WhistleState.CONFIRMED)
TOWN_STATES = (WhistleState.DRAFTED, WhistleState.RETURNED, WhistleState.HANDLED)


def whistles_waiting(actor: Actor, *, now: datetime) -> tuple[int, bool]:
    """Return how many whistles wait for the actor, and whether one of them is overdue."""
    waiting = Q(pk__in=())
    if not actor.roles.isdisjoint({Role.DISPATCHER, Role.DUTY_MANAGER}):
        waiting |= Q(state__in=[*CENTRE_STATES, WhistleState.DISPUTED])
    elif Role.LEADER in actor.roles:
        waiting |= Q(state=WhistleState.DISPUTED)
    if Role.TOWN_OFFICER in actor.roles and town_of(actor):
        waiting |= Q(state__in=TOWN_STATES, town=town_of(actor))
    if not actor.roles.isdisjoint({Role.HANDLER, Role.SQUAD_LEADER}) and actor.unit:
        own = WhistleAnswer.objects.filter(OPEN_ANSWER, unit=actor.unit)
        waiting |= Q(pk__in=own.values("whistle"))
    rows = visible_whistles(actor).filter(waiting)
    count = rows.count()
    return count, bool(count) and rows.filter(_overdue(now)).exists()
