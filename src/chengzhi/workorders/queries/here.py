"""What else happened at this spot: possible duplicates, and the history of the last months."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from chengzhi.accounts.types import Actor
from chengzhi.workorders.models import WorkOrder
from chengzhi.workorders.queries.access import visible_to
from chengzhi.workorders.rules.nearby import lattice_around, metres_between
from chengzhi.workorders.rules.parameters import parameters
from chengzhi.workorders.rules.words import code_text
from chengzhi.workorders.types import Nearby, SpotLine, State

NEVER_A_DUPLICATE = (State.REJECTED.value, State.VOIDED.value, State.MERGED.value)
FIELDS = (
    "pk", "year", "state", "matter_code", "matter_name", "address", "channel",
    "lon", "lat", "reported_at",
)  # fmt: skip
MOST = 200


def duplicates_of(
    county: str, lon: float, lat: float, *, matter: str, at: datetime, besides: int = 0
) -> tuple[Nearby, ...]:
    """Return the same matter close by in the local window, nearest first, closed ones included."""
    local = parameters()
    rows = WorkOrder.objects.filter(  # one call: every report pays for it
        county=county,
        lattice__in=lattice_around(lon, lat, metres=local.duplicate_metres),
        matter_code=matter,
        reported_at__gt=at - local.duplicate_window,
        reported_at__lte=at + local.duplicate_window,
    )
    found = _near(rows.order_by("-reported_at", "-pk"), lon, lat, local.duplicate_metres)
    return tuple(
        near for near in found if near.id != besides and near.state not in NEVER_A_DUPLICATE
    )


def nearby(
    actor: Actor,
    lon: float,
    lat: float,
    *,
    now: datetime,
    matter: str | None = None,
    metres: float | None = None,
    hours: float | None = None,
) -> tuple[Nearby, ...]:
    """Return what the actor may see close to a point, nearest first; the defaults are local."""
    local = parameters()
    reach = local.duplicate_metres if metres is None else metres
    since = now - (local.duplicate_window if hours is None else timedelta(hours=hours))
    rows = visible_to(actor).filter(
        lattice__in=lattice_around(lon, lat, metres=reach), reported_at__gt=since
    )
    if matter:
        rows = rows.filter(matter_code=matter)
    return _near(rows.order_by("-reported_at", "-pk"), lon, lat, reach)


def _near(rows: QuerySet[WorkOrder], lon: float, lat: float, metres: float) -> tuple[Nearby, ...]:
    found = [_as_nearby(values, lon, lat) for values in rows.values(*FIELDS)[:MOST]]
    return tuple(sorted((n for n in found if n.metres <= metres), key=lambda n: (n.metres, n.id)))


def _as_nearby(values: dict[str, Any], lon: float, lat: float) -> Nearby:
    return Nearby(
        id=values["pk"],
        code=code_text(values["year"], values["pk"]),
        state=values["state"],
        matter_code=values["matter_code"],
        matter_name=values["matter_name"],
        address=values["address"],
        channel=values["channel"],
        lon=values["lon"],
        lat=values["lat"],
        metres=round(metres_between(lon, lat, values["lon"], values["lat"]), 1),
        reported_at=values["reported_at"],
    )


def spot_history(actor: Actor, lon: float, lat: float, *, now: datetime) -> tuple[SpotLine, ...]:
    """Return how often each matter came up within the local radius and window, most first."""
    local = parameters()
    rows = visible_to(actor).filter(
        lattice__in=lattice_around(lon, lat, metres=local.history_metres),
        reported_at__gt=now - local.history_window,
    )
    fields = ("matter_name", "lon", "lat", "reported_at", "ended_at", "state")
    close = [
        row
        for row in rows.order_by("-reported_at", "-pk").values(*fields)[:1000]
        if metres_between(lon, lat, row["lon"], row["lat"]) <= local.history_metres
    ]
    return _grouped(close)


def _grouped(rows: Iterable[dict[str, Any]]) -> tuple[SpotLine, ...]:
    counts: dict[str, int] = defaultdict(int)
    lengths: dict[str, list[timedelta]] = defaultdict(list)
    for row in rows:
        counts[row["matter_name"]] += 1
        if row["state"] == State.CLOSED:
            lengths[row["matter_name"]].append(row["ended_at"] - row["reported_at"])
    lines = [
        SpotLine(matter_name=name, count=count, mean=_mean(lengths[name]))
        for name, count in counts.items()
    ]
    return tuple(sorted(lines, key=lambda line: (-line.count, line.matter_name)))


def _mean(lengths: list[timedelta]) -> timedelta | None:
    return sum(lengths, timedelta()) / len(lengths) if lengths else None


def handled_here_by(actor: Actor, order: WorkOrder, unit: str, *, now: datetime) -> tuple[int, int]:
    """Return how many of this matter the unit closed at this spot lately, and how many in time."""
    local = parameters()
    rows = visible_to(actor).filter(
        lattice__in=lattice_around(order.lon, order.lat, metres=local.history_metres),
        matter_code=order.matter_code,
        handler=unit,
        state=State.CLOSED,
        reported_at__gt=now - local.history_window,
    )
    close = [
        row
        for row in rows.order_by("-pk")[:1000]
        if metres_between(order.lon, order.lat, row.lon, row.lat) <= local.history_metres
    ]
    return len(close), sum(row.handled_on_time for row in close)
