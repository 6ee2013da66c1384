"""What else happened at this spot: possible duplicates, and the history of the last months."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet

from chengzhi.accounts.types import Actor
from chengzhi.audit.interface import Statement
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
    near = _same_matter_near(county, lon, lat, matter, at) - {besides}
    if not near:
        return ()
    rows = WorkOrder.objects.filter(pk__in=near).exclude(state__in=NEVER_A_DUPLICATE)
    return _near(rows, lon, lat, parameters().duplicate_metres)


def _same_matter_near(county: str, lon: float, lat: float, matter: str, at: datetime) -> set[int]:
    """Return the keys of the newest orders of a matter within the local radius and window.

    Every report pays for this look, and few find anything.
    """
    local = parameters()
    keys = lattice_around(lon, lat, metres=local.duplicate_metres)
    since, until = at - local.duplicate_window, at + local.duplicate_window
    rows = [(pk, x, y) for pk, of, x, y in _SPOT.rows(matter, since, until, *keys) if of == county]
    return {pk for pk, x, y in rows if _metres(lon, lat, x, y) <= local.duplicate_metres}


def _of_spot(matter: Any, since: Any, until: Any, *keys: Any) -> QuerySet[WorkOrder, Any]:
    """Return the newest orders of a matter in these lattice cells.

    The county is compared afterwards: asked for here, a PostgreSQL that has no statistics yet
    takes the index of the newest and reads the whole day (0.9 ms of its CPU at 4000 reports).
    """
    rows = WorkOrder.objects.filter(
        lattice__in=keys, matter_code=matter, reported_at__gt=since, reported_at__lte=until
    )
    return rows.order_by("-reported_at", "-pk").values_list("pk", "county", "lon", "lat")[:MOST]


_SPOT: Statement[tuple[int, str, float, float]] = Statement(_of_spot)


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
        metres=_metres(lon, lat, values["lon"], values["lat"]),
        reported_at=values["reported_at"],
    )


def _metres(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    """Return the distance as people read it."""
    return round(metres_between(lon, lat, other_lon, other_lat), 1)


def spot_history(actor: Actor, lon: float, lat: float, *, now: datetime) -> tuple[SpotLine, ...]:
    """Return how often each matter came up within the local radius and window, most first."""
    local = parameters()
    keys = lattice_around(lon, lat, metres=local.history_metres)
    close = [
        row
        for row in _looking_back(actor).rows(now - local.history_window, *keys)
        if metres_between(lon, lat, row["lon"], row["lat"]) <= local.history_metres
    ]
    return _grouped(close)


@lru_cache(maxsize=1024)
def _looking_back(actor: Actor) -> Statement[dict[str, Any]]:
    fields = ("matter_name", "lon", "lat", "reported_at", "ended_at", "state")
    return Statement(
        lambda since, *keys: (
            visible_to(actor)
            .filter(lattice__in=keys, reported_at__gt=since)
            .order_by("-reported_at", "-pk")
            .values(*fields)[:1000]
        )
    )


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
        for row in rows.order_by("-pk").only("lon", "lat", "handled_at", "handling_due_at")[:1000]
        if metres_between(order.lon, order.lat, row.lon, row.lat) <= local.history_metres
    ]
    return len(close), sum(row.handled_on_time for row in close)
