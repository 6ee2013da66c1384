"""What a person needs to decide on one work order: rows of the standard, a unit, duplicates."""

from dataclasses import dataclass, replace
from datetime import datetime

from chengzhi.accounts.types import Actor
from chengzhi.kernel.clock import Duration
from chengzhi.standards.store import out_of_season_sentence
from chengzhi.standards.types import HandlingRow
from chengzhi.workorders.models import WorkOrder
from chengzhi.workorders.queries.access import access_work_order, visible_to
from chengzhi.workorders.queries.beats import check_choice, choice_for
from chengzhi.workorders.queries.candidates import candidates, explained_change, picker
from chengzhi.workorders.queries.directory import directory
from chengzhi.workorders.queries.here import (
    duplicates_of,
    handled_here_by,
    spot_history,
)
from chengzhi.workorders.queries.people import collectors
from chengzhi.workorders.rules.limits import (
    as_condition,
    civil_date,
    condition_rows,
    count_rules,
    duration,
    handling_ends,
    likely_kind,
    out_of_season,
)
from chengzhi.workorders.rules.parameters import parameters
from chengzhi.workorders.types import (
    FINAL_STATES,
    BeatChoice,
    Candidate,
    Condition,
    Nearby,
    PickUnit,
    SpotLine,
    State,
    Suggestion,
)

BEFORE_DISPATCH = (State.REPORTED, State.TO_VERIFY, State.ACCEPTED, State.FILED)


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A condition row with the unit that would handle it."""

    condition: Condition
    unit: str
    unit_name: str
    guide: str = ""  # 采集要求 and 依据, as the city's table has them


@dataclass(frozen=True, kw_only=True)
class Decision:
    """The material beside a work order; nothing in it decides by itself."""

    choices: tuple[Choice, ...]
    out_of_season: tuple[str, ...]  # why other rows of the matter cannot be chosen today
    suggestion: Suggestion
    units: tuple[tuple[str, str], ...]
    picker: tuple[PickUnit, ...]
    candidates: tuple[Candidate, ...]  # where nothing is suggested
    changed: str  # why the suggestion is another than on the day of filing
    collectors: tuple[tuple[str, str], ...]
    beat: BeatChoice  # who goes and looks; without a ref a person decides, and why
    duplicates: tuple[Nearby, ...]
    history: tuple[SpotLine, ...]
    due_if_dispatched: datetime | None  # where the handling limit would end, dispatched now
    is_continuous: bool  # whether it counts nights and holidays


def decision(actor: Actor, pk: int, *, now: datetime) -> Decision:
    """Return what helps to decide, of what the actor may see.

    :raises NotVisible: there is none of that number, or not for this person.
    """
    return decision_of(access_work_order(actor, pk), actor, now=now)


def decision_of(order: WorkOrder, actor: Actor, *, now: datetime) -> Decision:
    """Return what helps to decide on an order that the actor may see."""
    known = directory(order.county, now=now)

    def suggest(kind: str, number: int) -> Suggestion:
        return known.suggest(
            matter=order.matter_code,
            place=order.located,
            handler_kind=kind,
            condition_number=number,
            at=now,
            lon=order.lon,
            lat=order.lat,
        )

    limit = duration(order.limit_amount, order.limit_unit)
    kind = order.handler_kind or likely_kind(order.matter_code, on=civil_date(now))
    best = suggest(kind, order.condition_number)
    is_over = order.state in FINAL_STATES
    return Decision(
        choices=tuple(
            _choice(row, suggest(row.handler, row.condition_no))
            for row in condition_rows(order.matter_code, on=civil_date(now))
        ),
        out_of_season=tuple(
            out_of_season_sentence(row)
            for row in out_of_season(order.matter_code, on=civil_date(now))
        ),
        suggestion=best
        if is_over
        else _with_experience(best, handled_here_by(actor, order, best.unit, now=now)),
        units=tuple(sorted(known.handlers.items())),
        picker=picker(known),
        candidates=() if best.unit or is_over else candidates(actor, order, known),
        changed=explained_change(order, known, unit=best.unit, rule=best.rule),
        collectors=tuple(sorted(collectors(order.county, now=now).items())),
        beat=_beat(order, now=now),
        duplicates=_duplicates(actor, order),
        history=spot_history(actor, order.lon, order.lat, now=now),
        due_if_dispatched=_due_if_dispatched(order, limit, now=now),
        is_continuous=limit is not None and not limit.unit.is_working,
    )


def _choice(row: HandlingRow, unit: Suggestion) -> Choice:
    return Choice(
        condition=as_condition(row),
        unit=unit.unit,
        unit_name=unit.unit_name,
        guide=" ".join(filter(None, (row.guide, row.basis))),
    )


def _due_if_dispatched(
    order: WorkOrder, limit: Duration | None, *, now: datetime
) -> datetime | None:
    if limit is None:
        return None
    return handling_ends(limit, since=now, rules=count_rules(order.limit_rules)).due_at


def _beat(order: WorkOrder, *, now: datetime) -> BeatChoice:
    if order.state in (State.REPORTED, State.TO_VERIFY):
        return choice_for(order, now=now, besides={order.verifier} - {""})
    if order.state == State.TO_CHECK:
        return check_choice(order, now=now, besides=order.checker)
    return BeatChoice(ref="", name="", reason="")


def _with_experience(best: Suggestion, experience: tuple[int, int]) -> Suggestion:
    count, on_time = experience
    if not count:
        return best
    said = f"近 {parameters().history_window.days} 天此处同类 {count} 件由其处置，按期 {on_time} 件"
    return replace(best, reasons=(*best.reasons, said))


def _duplicates(actor: Actor, order: WorkOrder) -> tuple[Nearby, ...]:
    """Return the candidates that nobody has judged yet, while a merge is still possible."""
    if order.state not in BEFORE_DISPATCH:
        return ()
    found = duplicates_of(
        order.county,
        order.lon,
        order.lat,
        matter=order.matter_code,
        at=order.reported_at,
        besides=order.pk,
    )
    judged = set(order.judged_apart.split())
    seen = set(
        visible_to(actor).filter(pk__in=[near.id for near in found]).values_list("pk", flat=True)
    )
    return tuple(near for near in found if near.id in seen and str(near.id) not in judged)
