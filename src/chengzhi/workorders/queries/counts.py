"""How much is open, near its limit and over it: cheap enough to be asked every half minute."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, Sum

from chengzhi.accounts.types import Actor, Scope
from chengzhi.workorders.models import MapRefresh, MapSquare
from chengzhi.workorders.queries.access import visible_to

FRESH = timedelta(minutes=2)


@dataclass(frozen=True, kw_only=True)
class OpenCounts:
    """The numbers on the tabs."""

    open: int
    soon: int
    over: int


def open_counts(actor: Actor, *, now: datetime) -> OpenCounts:
    """Return the counts of what the actor may see; the county's come from the map's counters."""
    if actor.scope is Scope.COUNTY and _is_fresh(actor.county, now):
        rows = MapSquare.objects.filter(county=actor.county, level=0)
        sums = rows.aggregate(n=Sum("total"), soon=Sum("soon"), over=Sum("overdue"))
    else:
        late, near = Q(stage_due_at__lte=now), Q(stage_warn_at__lte=now, stage_due_at__gt=now)
        sums = (
            visible_to(actor)
            .filter(ended_at__isnull=True)
            .aggregate(n=Count("pk"), soon=Count("pk", filter=near), over=Count("pk", filter=late))
        )
    return OpenCounts(open=sums["n"] or 0, soon=sums["soon"] or 0, over=sums["over"] or 0)


def _is_fresh(county: str, now: datetime) -> bool:
    return MapRefresh.objects.filter(county=county, refreshed_at__gt=now - FRESH).exists()
