"""Named predicates of departments' answers: the same one counts a rate and lists what is behind."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, cast

from django.db.models import Count, F, Q

from chengzhi.accounts.types import Actor
from chengzhi.workorders.queries.directory import directory
from chengzhi.workorders.queries.whistle_access import visible_answers
from chengzhi.workorders.rules.whistle_limits import satisfied_from
from chengzhi.workorders.types.whistles import AnswerState, WhistleRates

Predicate = Callable[[datetime, datetime, datetime], Q]  # since, until (half-open), now
EXCUSED = Q(state=AnswerState.EXCUSED.value)


def _asked(since: datetime, until: datetime, now: datetime) -> Q:
    """Asked in the period; a department that a decision excused was not."""
    return Q(asked_at__gte=since, asked_at__lt=until) & ~EXCUSED


def overdue_at(now: datetime) -> Q:
    """Return which answers have a limit that has run out and is not met (超期)."""
    late = (
        Q(acknowledged_at__isnull=True, acknowledge_due_at__lte=now)
        | Q(arrived_at__isnull=True, arrive_due_at__lte=now)
        | Q(reported_at__isnull=True, finish_due_at__lte=now)
    )
    at_rest = (AnswerState.EXCUSED, AnswerState.SCORED, AnswerState.DISPUTED)
    return late & Q(reported_at__isnull=True) & ~Q(state__in=[state.value for state in at_rest])


def _and(also: Q) -> Predicate:
    return lambda since, until, now: _asked(since, until, now) & also


def _overdue(since: datetime, until: datetime, now: datetime) -> Q:
    return _asked(since, until, now) & overdue_at(now)


def _satisfied(since: datetime, until: datetime, now: datetime) -> Q:
    return _asked(since, until, now) & Q(score__gte=satisfied_from())


ANSWER_MEASURES: dict[str, Predicate] = {
    "asked": _asked,
    "responded": _and(Q(acknowledged_at__isnull=False)),
    "responded_on_time": _and(Q(acknowledged_at__lte=F("acknowledge_due_at"))),
    "arrived_on_time": _and(Q(arrived_at__lte=F("arrive_due_at"))),
    "finished": _and(Q(reported_at__isnull=False)),
    "finished_on_time": _and(Q(reported_at__lte=F("finish_due_at"))),
    "scored": _and(Q(score__gte=1)),
    "satisfied": _satisfied,
    "late": _overdue,
}
ANSWER_MEASURE_LABELS: dict[str, str] = {
    "asked": "派发",
    "responded": "签收",
    "responded_on_time": "按时签收",
    "arrived_on_time": "按时到场",
    "finished": "反馈结果",
    "finished_on_time": "按时反馈",
    "scored": "镇街评分",
    "satisfied": "镇街满意",
    "late": "在办超期",
}


def whistle_rates(
    actor: Actor, *, since: datetime, until: datetime, now: datetime
) -> tuple[WhistleRates, tuple[WhistleRates, ...]]:
    """Return the rates of all departments together and of each, over what the actor may see."""
    counts = {
        name: Count("pk", filter=predicate(since, until, now))
        for name, predicate in ANSWER_MEASURES.items()
    }
    grouped = visible_answers(actor).order_by("unit").values("unit").annotate(**counts)
    rows = cast(Iterable[dict[str, Any]], grouped)
    names = directory(actor.county, now=now)
    each = tuple(
        WhistleRates(
            unit=str(row["unit"]),
            unit_name=names.unit_name(str(row["unit"])),
            counts={name: int(row[name]) for name in ANSWER_MEASURES},
        )
        for row in rows
        if row["asked"]
    )
    whole = {name: sum(line.counts[name] for line in each) for name in ANSWER_MEASURES}
    return WhistleRates(unit="", unit_name="", counts=whole), each
