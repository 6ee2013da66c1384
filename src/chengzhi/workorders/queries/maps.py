"""The map: squares and pins of what is open, the heat of a period, the replay of a day."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from django.db.models import QuerySet, Sum

from chengzhi.accounts.types import Actor, Scope
from chengzhi.audit.interface import Statement
from chengzhi.workorders.models import HeatSquare, MapRefresh, MapSquare, WorkOrder
from chengzhi.workorders.queries.access import access_work_order, visible_to
from chengzhi.workorders.queries.directory import directory
from chengzhi.workorders.queries.lists import as_row, listed
from chengzhi.workorders.rules.limits import midnight
from chengzhi.workorders.rules.squares import (
    FIRST_ZOOM,
    HEAT_POWER,
    LEVELS,
    Box,
    Count,
    Spots,
    apart,
    counted,
    level_for,
    middle_of,
    power_of,
    ranges,
    square_of,
)
from chengzhi.workorders.types import Filters, Row

MOST_LIVE = 20_000  # rows that a filtered map groups while the person waits
MOST_REPLAYED = 5000
PIN_ZOOM = FIRST_ZOOM + len(LEVELS)
FIELDS = ("pk", "lon", "lat", "reported_at", "stage_due_at", "stage_warn_at")


@dataclass(frozen=True, kw_only=True)
class Cluster:
    """Some work orders close to each other, or one (then `id` is its key)."""

    lon: float
    lat: float
    total: int
    overdue: int
    soon: int
    id: int = 0


@dataclass(frozen=True, kw_only=True)
class Tile:
    """What lies in a box: clusters, how many in all, and how many older ones are not drawn."""

    clusters: tuple[Cluster, ...]
    total: int
    older: int
    as_of: datetime


@dataclass(frozen=True, kw_only=True)
class Heat:
    """How many reports fell into a square in a period."""

    lon: float
    lat: float
    total: int


@dataclass(frozen=True, kw_only=True)
class Moment:
    """One report of a replayed day, in minutes since midnight; `ended` is 1440 where it stayed."""

    lon: float
    lat: float
    reported: int
    ended: int


def tile(
    actor: Actor, box: Box, *, zoom: float, filters: Filters, days: int, now: datetime
) -> Tile:
    """Return the open work orders of a box that are at most so many days old (0: of any age)."""
    if zoom < PIN_ZOOM and actor.scope is Scope.COUNTY and _is_counted(filters):
        return _from_squares(actor, box, zoom=zoom, filters=filters, days=days, now=now)
    return _live(actor, box, zoom=zoom, filters=filters, days=days, now=now)


def _is_counted(filters: Filters) -> bool:
    """Whether the counters know these filters: how the limit stands, and nothing else."""
    return replace(filters, overdue=False, due_soon=False, open_only=False) == Filters()


def _from_squares(
    actor: Actor, box: Box, *, zoom: float, filters: Filters, days: int, now: datetime
) -> Tile:
    level = level_for(zoom, box)
    (x1, x2), (y1, y2) = ranges(box, power=power_of(level))
    counts = [Count(*values) for values in _SQUARES.rows(actor.county, level, x1, x2, y1, y2)]
    refreshed = _REFRESHED.row(actor.county)
    return _tile(counts, filters, days=days, as_of=refreshed or now)


_SQUARES: Statement[Any] = Statement(
    lambda county, level, x1, x2, y1, y2: MapSquare.objects.filter(
        county=county, level=level, x__gte=x1, x__lte=x2, y__gte=y1, y__lte=y2
    ).values_list(*Count._fields)
)
_REFRESHED: Statement[datetime] = Statement(
    lambda county: MapRefresh.objects.filter(county=county).values_list("refreshed_at", flat=True)
)


def _tile(counts: Iterable[Count], filters: Filters, *, days: int, as_of: datetime) -> Tile:
    """Draw what is young enough, and say how many are not."""
    kind = "overdue" if filters.overdue else "soon" if filters.due_soon else "total"
    shown, older = [], 0
    for count in counts:
        cluster = _cluster(count, kind, days)
        older += getattr(count, kind) - cluster.total
        if cluster.total:
            shown.append(cluster)
    total = sum(cluster.total for cluster in shown)
    return Tile(clusters=tuple(shown), total=total, older=older, as_of=as_of)


def _cluster(count: Count, kind: str, days: int) -> Cluster:
    def young(name: str) -> int:
        number: int = getattr(count, f"{name}_{days}" if days else name)
        return number

    whole = (count.total if not days else getattr(count, f"within_{days}")) or 0
    overdue, soon = young("overdue"), young("soon")
    return Cluster(
        lon=count.lon,
        lat=count.lat,
        total={"overdue": overdue, "soon": soon, "total": whole}[kind],
        overdue=0 if kind == "soon" else overdue,
        soon=0 if kind == "overdue" else soon,
        id=count.order,
    )


def _live(
    actor: Actor, box: Box, *, zoom: float, filters: Filters, days: int, now: datetime
) -> Tile:
    """Group the rows themselves: few people see a part only, and a filter leaves few rows."""
    rows = _within(listed(actor, replace(filters, open_only=False), now=now), box)
    spots = spots_of(rows, now=now, most=MOST_LIVE)
    is_close = zoom >= PIN_ZOOM
    level = level_for(zoom, box)
    counts = apart(spots) if is_close else counted(spots, level=level).values()
    return _tile(counts, filters, days=days, as_of=now)


def _within(rows: QuerySet[WorkOrder], box: Box) -> QuerySet[WorkOrder]:
    return rows.filter(
        ended_at__isnull=True,
        lat__gte=box.south,
        lat__lte=box.north,
        lon__gte=box.west,
        lon__lte=box.east,
    )


def spots_of(rows: QuerySet[WorkOrder], *, now: datetime, most: int | None = None) -> Spots:
    """Return open work orders as the map counts them."""
    found = list(rows.values_list(*FIELDS)[:most])
    columns = list(zip(*found, strict=True)) if found else [()] * len(FIELDS)
    order, lon, lat, reported, due, warn = columns
    overdue = [at is not None and at <= now for at in due]
    return Spots(
        order=np.array(order, np.int64),
        lon=np.array(lon, np.float64),
        lat=np.array(lat, np.float64),
        days=np.array([(now - at).total_seconds() / 86400 for at in reported], np.float64),
        is_overdue=np.array(overdue, np.bool_),
        is_soon=np.array(
            [
                not late and at is not None and at <= now
                for late, at in zip(overdue, warn, strict=True)
            ],
            np.bool_,
        ),
    )


def card(actor: Actor, pk: int, *, now: datetime) -> Row:
    """Return what a pin says when it is opened.

    :raises NotVisible: there is none of that number, or not for this person.
    """
    order = access_work_order(actor, pk)
    return as_row(order, directory(order.county, now=now))


def heat(actor: Actor, box: Box, *, first: date, last: date) -> list[Heat]:
    """Return how many reports fell into each square of a box, from the first day to the last.

    Whoever sees the county gets the county's counters; others get their own reports.
    """
    (x1, x2), (y1, y2) = ranges(box, power=HEAT_POWER)
    if actor.scope is not Scope.COUNTY:
        return _own_heat(actor, box, first=first, last=last)
    rows = HeatSquare.objects.filter(
        county=actor.county, day__gte=first, day__lte=last,
        x__gte=x1, x__lte=x2, y__gte=y1, y__lte=y2,
    )  # fmt: skip
    found = rows.order_by().values("x", "y").annotate(n=Sum("total"))
    return [_heat(row["x"], row["y"], row["n"]) for row in found]


def _own_heat(actor: Actor, box: Box, *, first: date, last: date) -> list[Heat]:
    since, until = midnight(first), midnight(last + timedelta(days=1))
    rows = visible_to(actor).filter(
        reported_at__gte=since, reported_at__lt=until,
        lat__gte=box.south, lat__lte=box.north, lon__gte=box.west, lon__lte=box.east,
    )  # fmt: skip
    points = rows.values_list("lon", "lat")[:MOST_LIVE]
    counts = Counter(square_of(lon, lat, power=HEAT_POWER) for lon, lat in points)
    return [_heat(x, y, total) for (x, y), total in counts.items()]


def _heat(x: int, y: int, total: int) -> Heat:
    lon, lat = middle_of(x, y, power=HEAT_POWER)
    return Heat(lon=round(lon, 5), lat=round(lat, 5), total=total)


def replay(
    actor: Actor, filters: Filters, *, since: datetime, until: datetime
) -> tuple[list[Moment], int]:
    """Return the reports of a day in order of time, and how many there were in all."""
    bounded = replace(filters, open_only=False, overdue=False, due_soon=False, states=())
    rows = listed(actor, bounded, now=until).filter(reported_at__gte=since, reported_at__lt=until)
    fields = ("lon", "lat", "reported_at", "ended_at")
    found = rows.order_by("reported_at", "pk").values_list(*fields)[:MOST_REPLAYED]
    moments = [_moment(values, since, until) for values in found]
    count = rows.count() if len(moments) == MOST_REPLAYED else len(moments)
    return moments, count


def _moment(values: tuple[Any, ...], since: datetime, until: datetime) -> Moment:
    lon, lat, reported_at, ended_at = values
    ended = min(ended_at, until) if ended_at else until
    return Moment(
        lon=lon,
        lat=lat,
        reported=int((reported_at - since).total_seconds()) // 60,
        ended=int((ended - since).total_seconds()) // 60,
    )
