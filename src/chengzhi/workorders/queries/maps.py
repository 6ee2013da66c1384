"""The map: squares and pins of what is open, the heat of a period, the replay of a day."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet, Sum

from chengzhi.accounts.types import Actor, Scope
from chengzhi.workorders.models import HeatSquare, MapRefresh, MapSquare, WorkOrder
from chengzhi.workorders.queries.access import access_work_order, visible_to
from chengzhi.workorders.queries.directory import directory
from chengzhi.workorders.queries.lists import as_row, listed
from chengzhi.workorders.rules.limits import midnight
from chengzhi.workorders.rules.squares import (
    AGES,
    FIRST_ZOOM,
    HEAT_POWER,
    LEVELS,
    Box,
    Count,
    Spot,
    age_class,
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
FIELDS = ("pk", "lon", "lat", "state", "reported_at", "stage_due_at", "stage_warn_at")


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
    """Whether the counters know these filters: a state, and how the limit stands."""
    plain = replace(filters, states=(), overdue=False, due_soon=False, open_only=False)
    return plain == Filters()


def _from_squares(
    actor: Actor, box: Box, *, zoom: float, filters: Filters, days: int, now: datetime
) -> Tile:
    level = level_for(zoom, box)
    (x1, x2), (y1, y2) = ranges(box, power=power_of(level))
    rows = MapSquare.objects.filter(
        county=actor.county, level=level, x__gte=x1, x__lte=x2, y__gte=y1, y__lte=y2
    )
    if filters.states:
        rows = rows.filter(state__in=filters.states)
    young = rows.filter(age__lte=AGES.index(days)) if days else rows
    sums = {
        f"of_{name}": Sum(name)
        for name in ("total", "overdue", "soon", "lon_sum", "lat_sum", "order")
    }
    by_square = young.order_by().values("x", "y").annotate(**sums)
    counts = (Count(*values) for values in by_square.values_list(*sums))
    number = _number(filters)
    whole = rows.aggregate(n=Sum(number))["n"] or 0
    clusters = _clusters(counts, filters)
    shown = sum(cluster.total for cluster in clusters)
    refreshed = MapRefresh.objects.filter(county=actor.county).first()
    as_of = refreshed.refreshed_at if refreshed else now
    return Tile(clusters=clusters, total=shown, older=whole - shown, as_of=as_of)


def _number(filters: Filters) -> str:
    return "overdue" if filters.overdue else "soon" if filters.due_soon else "total"


def _clusters(counts: Iterable[Count], filters: Filters) -> tuple[Cluster, ...]:
    name = _number(filters)
    return tuple(
        Cluster(
            lon=round(count.lon_sum / count.total, 6),
            lat=round(count.lat_sum / count.total, 6),
            total=getattr(count, name),
            overdue=0 if filters.due_soon else count.overdue,
            soon=0 if filters.overdue else count.soon,
            id=count.order if count.total == 1 else 0,
        )
        for count in counts
        if getattr(count, name)
    )


def _live(
    actor: Actor, box: Box, *, zoom: float, filters: Filters, days: int, now: datetime
) -> Tile:
    """Group the rows themselves: few people see a part only, and a filter leaves few rows."""
    rows = _within(listed(actor, replace(filters, open_only=False), now=now), box)
    young = rows.filter(reported_at__gt=now - timedelta(days=days)) if days else rows
    spots = [_spot(values, now) for values in young.values_list(*FIELDS)[:MOST_LIVE]]
    level = level_for(zoom, box)
    if zoom >= PIN_ZOOM:
        counts: Iterable[Count] = (_pin(spot) for spot in spots)
    else:
        summed = counted(replace(spot, state="", age=0) for spot in spots)
        counts = (count for key, count in summed.items() if key.level == level)
    older = rows.filter(reported_at__lte=now - timedelta(days=days)).count() if days else 0
    clusters = _clusters(counts, Filters())
    return Tile(clusters=clusters, total=len(spots), older=older, as_of=now)


def _within(rows: QuerySet[WorkOrder], box: Box) -> QuerySet[WorkOrder]:
    return rows.filter(
        ended_at__isnull=True,
        lat__gte=box.south,
        lat__lte=box.north,
        lon__gte=box.west,
        lon__lte=box.east,
    )


def _spot(values: tuple[Any, ...], now: datetime) -> Spot:
    pk, lon, lat, state, reported_at, due_at, warn_at = values
    is_over = due_at is not None and due_at <= now
    return Spot(
        pk=pk,
        lon=lon,
        lat=lat,
        state=state,
        age=age_class(reported_at, now=now),
        is_overdue=is_over,
        is_soon=not is_over and warn_at is not None and warn_at <= now,
    )


def _pin(spot: Spot) -> Count:
    return Count(1, int(spot.is_overdue), int(spot.is_soon), spot.lon, spot.lat, spot.pk)


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
