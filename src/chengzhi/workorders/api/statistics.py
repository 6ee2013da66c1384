"""The numbers of a period: each equals the length of the list with the same `measure`."""

from datetime import datetime, time, timedelta
from typing import Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router

from chengzhi.workorders.api.orders import acting
from chengzhi.workorders.api.schemas import DayOut, PeriodIn, StatisticsOut
from chengzhi.workorders.queries.grouped import per_day, totals_by
from chengzhi.workorders.queries.measures import totals

router = Router()


@router.get("/statistics", response={200: StatisticsOut})
def statistics(
    request: HttpRequest,
    asked: Query[PeriodIn],
    by: Literal["channel", "town", "matter"] = "channel",
) -> dict[str, Any]:
    """Return what was reported, filed and closed in a period, whole and by group."""
    actor, now = acting(request), timezone.now()
    period = _period(asked)
    groups = totals_by(actor, by=by, now=now, **period)
    return {**vars(totals(actor, now=now, **period)), "by": by, "groups": groups}


@router.get("/statistics/days", response={200: list[DayOut]})
def days(request: HttpRequest, asked: Query[PeriodIn]) -> Any:
    """Return what came and went on each day of a period."""
    return per_day(acting(request), **_period(asked))


def _period(asked: PeriodIn) -> dict[str, datetime]:
    return {
        "since": timezone.make_aware(datetime.combine(asked.since, time())),
        "until": timezone.make_aware(datetime.combine(asked.until + timedelta(days=1), time())),
    }
