"""The same measures for each channel, town, matter or unit, and what came and went on each day."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Aggregate, Avg, Count, F, Max, Q
from django.db.models.functions import TruncDate

from chengzhi.accounts.types import Actor
from chengzhi.workorders.queries.access import visible_to
from chengzhi.workorders.queries.directory import directory
from chengzhi.workorders.queries.measures import CLOSED, MEASURES
from chengzhi.workorders.types import CHANNEL_LABELS, Channel

BY = {"channel": "channel", "town": "town", "matter": "matter_code", "unit": "handler"}


@dataclass(frozen=True, kw_only=True)
class GroupCount:
    """The measures of one channel, town, matter or unit; `key` is its code.

    `mean_close` is the average time from report to close of what `closed` counts.
    """

    key: str
    label: str
    reported: int
    filed: int
    closed: int
    on_time: int
    late: int
    open: int
    overdue: int
    late_counted: int
    exempted: int
    due_to_close: int
    suspended: int
    badly_late: int
    mean_close: timedelta | None


@dataclass(frozen=True, kw_only=True)
class DayCount:
    """What was reported and closed on one civil day."""

    day: date
    by_camera: int
    by_others: int
    closed: int


def totals_by(
    actor: Actor, *, by: str, since: datetime, until: datetime, now: datetime
) -> list[GroupCount]:
    """Return the measures of each group that has any, most reported first."""
    counts: dict[str, Aggregate] = {
        name: Count("pk", filter=predicate(since, until, now))
        for name, predicate in MEASURES.items()
    }
    closed = MEASURES["closed"](since, until, now)
    counts["mean_close"] = Avg(F("ended_at") - F("reported_at"), filter=closed)
    rows = visible_to(actor).order_by().values(key=F(BY[by])).annotate(**counts)
    names = _names(actor, by, now=now)
    groups = [_group(dict(row), names) for row in rows]
    return sorted(filter(_any, groups), key=lambda group: (-group.reported, group.key))


def _group(row: dict[str, Any], names: dict[str, str]) -> GroupCount:
    key = row["key"]
    return GroupCount(
        key=key,
        label=names.get(key, ""),
        mean_close=row["mean_close"],
        **{measure: row[measure] for measure in MEASURES},
    )


def _any(group: GroupCount) -> bool:
    return any(getattr(group, measure) for measure in MEASURES)


def _names(actor: Actor, by: str, *, now: datetime) -> dict[str, str]:
    if by == "town":
        return dict(directory(actor.county, now=now).towns)
    if by == "unit":
        return dict(directory(actor.county, now=now).units)
    if by == "channel":
        return dict(CHANNEL_LABELS)
    rows = visible_to(actor).order_by().values_list("matter_code")
    return dict(rows.annotate(name=Max("matter_name")))


def per_day(actor: Actor, *, since: datetime, until: datetime) -> list[DayCount]:
    """Return what came and went on each day of a period on which anything did."""
    camera = Q(channel=Channel.CAMERA.value)
    came = _by_day(actor, "reported_at", since, until, camera)
    went = _by_day(actor, "ended_at", since, until, CLOSED)
    return [
        DayCount(
            day=day,
            by_camera=came[day][0],
            by_others=came[day][1] - came[day][0],
            closed=went[day][0],
        )
        for day in sorted(came.keys() | went.keys())
    ]


def _by_day(
    actor: Actor, moment: str, since: datetime, until: datetime, some: Q
) -> defaultdict[date, tuple[int, int]]:
    """Count for each day the rows that hold `some`, and all of them."""
    inside = visible_to(actor).filter(**{f"{moment}__gte": since, f"{moment}__lt": until})
    rows = (
        inside.order_by()
        .values_list(TruncDate(moment))
        .annotate(part=Count("pk", filter=some), whole=Count("pk"))
    )
    found: defaultdict[date, tuple[int, int]] = defaultdict(lambda: (0, 0))
    found.update({day: (part, whole) for day, part, whole in rows})
    return found
