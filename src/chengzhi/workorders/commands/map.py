"""Keeps the map's counters: what the worker does every tick, so that intake pays nothing for it.

A refresh counts the open work orders anew and writes only the counters that differ; it heals
itself, since nothing is carried over. The map is therefore at most one tick (30 s) and one
refresh behind, and says as of when.
"""

from collections import Counter
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from chengzhi.workorders.models import HeatSquare, MapRefresh, MapSquare, WorkOrder
from chengzhi.workorders.queries.maps import spots_of
from chengzhi.workorders.rules.limits import civil_date, midnight
from chengzhi.workorders.rules.squares import HEAT_POWER, LEVELS, Count, Key, counted, square_of

APART = timedelta(seconds=10)  # several workers: one refresh, not one each
DAYS_AT_ONCE = 100  # of heat, after an import
BATCH = 500
COLUMNS = (*Key._fields, *Count._fields)


def refresh_map(county: str, *, now: datetime) -> bool:
    """Bring a county's counters up to date; return whether it was this worker's turn."""
    MapRefresh.objects.get_or_create(county=county, defaults={"refreshed_at": now - 2 * APART})
    mine = MapRefresh.objects.filter(county=county, refreshed_at__lte=now - APART)
    if not mine.update(refreshed_at=now):
        return False
    _refresh_squares(county, now)
    _refresh_heat(county, now)
    return True


@transaction.atomic
def _refresh_squares(county: str, now: datetime) -> None:
    kept = MapSquare.objects.filter(county=county)
    was = {row[1:]: row[0] for row in kept.values_list("pk", *COLUMNS).iterator()}
    spots = spots_of(WorkOrder.objects.filter(county=county, ended_at__isnull=True), now=now)
    rows = {(*key, *row) for level in LEVELS for key, row in counted(spots, level=level).items()}
    gone = [pk for row, pk in was.items() if row not in rows]
    for start in range(0, len(gone), BATCH):
        MapSquare.objects.filter(pk__in=gone[start : start + BATCH]).delete()
    made = (dict(zip(COLUMNS, row, strict=True)) for row in rows - was.keys())
    squares = [MapSquare(county=county, **values) for values in made]
    MapSquare.objects.bulk_create(squares, batch_size=BATCH)


def _refresh_heat(county: str, now: datetime) -> None:
    """Count the days that are not complete yet: after an import many, on other days one or two."""
    today = civil_date(now)
    state = MapRefresh.objects.get(county=county)
    day = state.heat_from or _first_day(county) or today
    last = min(today, day + timedelta(days=DAYS_AT_ONCE))
    while day <= last:
        _count_day(county, day)
        day += timedelta(days=1)
    # A report that came in offline may carry yesterday's time: yesterday is counted once more.
    begin = min(last, today - timedelta(days=1))
    MapRefresh.objects.filter(county=county).update(heat_from=begin)


def _first_day(county: str) -> date | None:
    rows = WorkOrder.objects.filter(county=county).order_by("reported_at", "pk")
    first = rows.values_list("reported_at", flat=True).first()
    return civil_date(first) if first else None


@transaction.atomic
def _count_day(county: str, day: date) -> None:
    rows = WorkOrder.objects.filter(_on(day), county=county).values_list("lon", "lat")
    counts = Counter(square_of(lon, lat, power=HEAT_POWER) for lon, lat in rows.iterator())
    kept = HeatSquare.objects.filter(county=county, day=day)
    was = {(row.x, row.y): row.total for row in kept}
    if was == counts:
        return
    kept.delete()
    HeatSquare.objects.bulk_create(
        [HeatSquare(county=county, day=day, x=x, y=y, total=n) for (x, y), n in counts.items()],
        batch_size=BATCH,
    )


def _on(day: date) -> Q:
    return Q(reported_at__gte=midnight(day), reported_at__lt=midnight(day + timedelta(days=1)))
