"""Named predicates: the same one counts a number and lists what is behind it."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, cast

from django.db.models import Count, F, Q

from chengzhi.accounts.types import Actor
from chengzhi.workorders.queries.access import visible_to
from chengzhi.workorders.types import (
    CHANNEL_LABELS,
    Channel,
    SourceCount,
    State,
    Totals,
)

Predicate = Callable[[datetime, datetime, datetime], Q]  # since, until (half-open), now
OPEN = Q(stage_due_at__isnull=False)  # as the indexes of what is open say it

CLOSED = Q(state=State.CLOSED.value)


def _in(field: str) -> Predicate:
    """Return what happened in a period; nothing happens before its report, which has the index."""
    return lambda since, until, now: Q(
        **{f"{field}__gte": since, f"{field}__lt": until, "reported_at__lt": until}
    )


def _closed(since: datetime, until: datetime, now: datetime) -> Q:
    return CLOSED & Q(ended_at__gte=since, ended_at__lt=until, reported_at__lt=until)


def _on_time(since: datetime, until: datetime, now: datetime) -> Q:
    """Closed in the period, handled by the first handling deadline (按期处置)."""
    return _closed(since, until, now) & Q(handled_at__lte=F("handling_due_at"))


def _late(since: datetime, until: datetime, now: datetime) -> Q:
    return _closed(since, until, now) & Q(handled_at__gt=F("handling_due_at"))


def _late_counted(since: datetime, until: datetime, now: datetime) -> Q:
    """Late, and no appeal has exempted it (超时申诉: the fact stays, the statistic leaves it out)."""
    return _late(since, until, now) & Q(is_exempted=False)


def _exempted(since: datetime, until: datetime, now: datetime) -> Q:
    return _late(since, until, now) & Q(is_exempted=True)


def _due_to_close(since: datetime, until: datetime, now: datetime) -> Q:
    """应结案: filed and still in the loop or closed, its handling deadline in the period.

    What stands by a deferral or shelved does not count (domain.md 1.6).
    """
    in_loop = Q(filed_at__isnull=False) & (OPEN | CLOSED) & Q(is_deferred=False, is_shelved=False)
    return in_loop & Q(handling_due_at__gte=since, handling_due_at__lt=until)


def _suspended(since: datetime, until: datetime, now: datetime) -> Q:
    return Q(state=State.SUSPENDED.value)


def _badly_late(since: datetime, until: datetime, now: datetime) -> Q:
    return OPEN & Q(badly_late_at__lte=now)


def _open(since: datetime, until: datetime, now: datetime) -> Q:
    return OPEN


def _overdue(since: datetime, until: datetime, now: datetime) -> Q:
    return Q(stage_due_at__lte=now)  # what has ended has none


MEASURES: dict[str, Predicate] = {
    "reported": _in("reported_at"),
    "filed": _in("filed_at"),
    "closed": _closed,
    "on_time": _on_time,
    "late": _late,
    "open": _open,
    "overdue": _overdue,
    "late_counted": _late_counted,
    "exempted": _exempted,
    "due_to_close": _due_to_close,
    "suspended": _suspended,
    "badly_late": _badly_late,
}
MEASURE_LABELS: dict[str, str] = {
    "reported": "上报",
    "filed": "立案",
    "closed": "结案",
    "on_time": "按期处置",
    "late": "超期处置",
    "open": "在办",
    "overdue": "在办超期",
    "late_counted": "超期处置（计考核）",
    "exempted": "曾超时，不计考核",
    "due_to_close": "应结案",
    "suspended": "缓办、挂账",
    "badly_late": "严重超期",
}


def totals(actor: Actor, *, since: datetime, until: datetime, now: datetime) -> Totals:
    """Return the numbers of a period over what the actor may see, in one query."""
    counts = {
        name: Count("pk", filter=predicate(since, until, now))
        for name, predicate in MEASURES.items()
    }
    rows = visible_to(actor).order_by().values("channel").annotate(**counts)
    by_channel: dict[str, dict[str, int]] = {
        str(row["channel"]): {name: int(row[name]) for name in MEASURES}
        for row in cast(Iterable[dict[str, Any]], rows)
    }
    return Totals(
        **{name: sum(row[name] for row in by_channel.values()) for name in MEASURES},
        by_channel=tuple(_source(channel, by_channel.get(channel, {})) for channel in Channel),
    )


def _source(channel: str, row: dict[str, int]) -> SourceCount:
    return SourceCount(
        channel=channel,
        label=CHANNEL_LABELS[channel],
        **{name: row.get(name, 0) for name in MEASURES},
    )
