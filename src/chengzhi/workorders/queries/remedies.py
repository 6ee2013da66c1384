"""The list of remedies, the two published rates with what is behind them, the fund's ledger."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from django.db.models import Avg, Count, F, Q, QuerySet, Sum

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Role
from chengzhi.kernel.calendar import EPOCH
from chengzhi.kernel.errors import InvalidInput
from chengzhi.workorders.models import FundLine, Remedy
from chengzhi.workorders.queries.directory import Directory, directory
from chengzhi.workorders.queries.paging import key_in, newest, numbered
from chengzhi.workorders.queries.remedy_access import visible_remedies
from chengzhi.workorders.rules.remedy_limits import remedy_settings
from chengzhi.workorders.types.remedies import (
    FUND_LABELS,
    REMEDY_FINAL,
    REMEDY_LABELS,
    REMEDY_STAGE_LABELS,
    TRACK_LABELS,
    RemedyFilters,
    RemedyState,
)
from chengzhi.workorders.types.remedy_views import (
    FundLineRow,
    RemedyPage,
    RemedyRates,
    RemedyRow,
)

FAR = datetime(9999, 1, 1, tzinfo=UTC)
OPEN = ~Q(state__in=[state.value for state in sorted(REMEDY_FINAL)])
FUND_READERS = (
    Role.LEADER, Role.DUTY_MANAGER, Role.DISPATCHER, Role.EVALUATOR, Role.ADMINISTRATOR, Role.AUDITOR,
)  # fmt: skip
Predicate = Callable[[datetime, datetime, datetime], Q]  # since, until (half-open), now


def _registered(since: datetime, until: datetime, now: datetime) -> Q:
    """Registered in the period; what went back to the ordinary way is no ownerless problem."""
    given_back = Q(state=RemedyState.HANDED_OVER.value)
    return Q(registered_at__gte=since, registered_at__lt=until) & ~given_back


def _and(also: Q) -> Predicate:
    return lambda since, until, now: _registered(since, until, now) & also


def _unsolved_late(since: datetime, until: datetime, now: datetime) -> Q:
    return _registered(since, until, now) & Q(solved_at__isnull=True, solve_due_at__lte=now)


REMEDY_MEASURES: dict[str, Predicate] = {
    "registered": _registered,
    "solved": _and(Q(solved_at__isnull=False)),
    "solved_on_time": _and(Q(solved_at__lte=F("solve_due_at"))),
    "unsolved_late": _unsolved_late,
    "hazards": _and(Q(is_hazard=True)),
    "fenced_on_time": _and(Q(is_hazard=True, fenced_at__lte=F("fence_due_at"))),
    "searched_on_time": _and(Q(searched_at__lte=F("search_due_at"))),
    "settled": _and(Q(settled_at__isnull=False)),
    "claimed": _and(Q(claimed_on__isnull=False)),
}
REMEDY_MEASURE_LABELS: dict[str, str] = {
    "registered": "登记",
    "solved": "解决",
    "solved_on_time": "及时解决",
    "unsolved_late": "逾期未解决",
    "hazards": "危险问题",
    "fenced_on_time": "按时围护",
    "searched_on_time": "按时查明",
    "settled": "已结算",
    "claimed": "已追偿",
}


def overdue_remedy(now: datetime) -> Q:
    """Return which remedies have a limit that has run out and is not met."""
    return OPEN & (
        Q(fence_due_at__lte=now, fenced_at__isnull=True)
        | Q(search_due_at__lte=now, searched_at__isnull=True)
        | Q(solve_due_at__lte=now, solved_at__isnull=True)
        | Q(notify_due_at__lte=now, notified_at__isnull=True)
        | Q(pay_due_at__lte=now)
    )


def listed_remedies(actor: Actor, filters: RemedyFilters, *, now: datetime) -> QuerySet[Remedy]:
    """Return the remedies that the actor may see and the filters keep, in no order."""
    rows = visible_remedies(actor)
    for condition in _kept(filters, now):
        rows = rows.filter(condition)
    return rows


def _kept(filters: RemedyFilters, now: datetime) -> Iterator[Q]:
    if filters.measure:
        yield _measured(filters, now)
    elif filters.since or filters.until:
        yield Q(registered_at__gte=filters.since or EPOCH, registered_at__lt=filters.until or FAR)
    chosen = {
        "state": filters.states,
        "kind": filters.kinds,
        "track": filters.tracks,
        "town": filters.towns,
    }
    yield from (Q(**{f"{field}__in": values}) for field, values in chosen.items() if values)
    if filters.open_only:
        yield OPEN
    if filters.overdue:
        yield overdue_remedy(now)
    if filters.hazard:
        yield Q(is_hazard=True)
    if filters.text:
        yield _mentions(filters.text)


def _measured(filters: RemedyFilters, now: datetime) -> Q:
    if filters.measure not in REMEDY_MEASURES:
        known = "、".join(REMEDY_MEASURES)
        raise InvalidInput(f"没有指标“{filters.measure[:20]}”，可用：{known}。", field="measure")
    return REMEDY_MEASURES[filters.measure](filters.since or EPOCH, filters.until or FAR, now)


def _mentions(text: str) -> Q:
    return numbered(text) | Q(address__icontains=text) | Q(description__icontains=text)


def remedy_page(
    actor: Actor, filters: RemedyFilters, *, now: datetime, after: str = "", size: int = 30
) -> RemedyPage:
    """Return one page, newest first."""
    rows = listed_remedies(actor, filters, now=now)
    found, next_key = newest(rows, after=key_in(after), size=size)
    names = directory(actor.county, now=now)
    return RemedyPage(
        rows=tuple(remedy_row(remedy, names, now=now) for remedy in found),
        count=rows.count(),
        after=str(next_key or ""),
    )


def remedy_export(actor: Actor, filters: RemedyFilters, *, now: datetime) -> tuple[RemedyRow, ...]:
    """Return the whole list, newest first, at most 50,000."""
    names = directory(actor.county, now=now)
    rows = listed_remedies(actor, filters, now=now).order_by("-pk")[:50_000]
    return tuple(remedy_row(remedy, names, now=now) for remedy in rows)


def remedy_row(remedy: Remedy, names: Directory, *, now: datetime) -> RemedyRow:
    """Return a remedy as one line of a list."""
    dues = remedy.dues()
    return RemedyRow(
        id=remedy.pk,
        code=remedy.code,
        state=remedy.state,
        state_label=REMEDY_LABELS[remedy.state],
        kind=remedy.kind,
        kind_label=remedy_settings().kinds.get(remedy.kind, remedy.kind),
        track=remedy.track,
        track_label=TRACK_LABELS[remedy.track],
        is_hazard=remedy.is_hazard,
        town=remedy.town,
        town_name=names.towns.get(remedy.town, remedy.town),
        address=remedy.address,
        contractor_name=names.unit_name(remedy.contractor),
        registered_at=remedy.registered_at,
        solved_at=remedy.solved_at,
        due_at=min(dues.values(), default=None),
        late=tuple(REMEDY_STAGE_LABELS[stage] for stage, due in dues.items() if due <= now),
        budget_fen=remedy.budget_fen,
        settled_fen=remedy.settled_fen,
        lon=remedy.lon,
        lat=remedy.lat,
    )


def remedy_rates(actor: Actor, *, since: datetime, until: datetime, now: datetime) -> RemedyRates:
    """Return 解决率 and 及时解决率 of a period with what they rest on, in one query."""
    counts = {
        name: Count("pk", filter=predicate(since, until, now))
        for name, predicate in REMEDY_MEASURES.items()
    }
    claimed = REMEDY_MEASURES["claimed"](since, until, now)
    settled = REMEDY_MEASURES["settled"](since, until, now)
    row = visible_remedies(actor).aggregate(
        **counts,
        mean_cost=Avg("settled_fen", filter=settled),
        claimed_sum=Sum("settled_fen", filter=claimed),
        recovered_sum=Sum("recovered_fen", filter=claimed),
    )
    return RemedyRates(
        counts={name: row[name] for name in REMEDY_MEASURES},
        mean_cost_fen=None if row["mean_cost"] is None else round(row["mean_cost"]),
        claimed_fen=row["claimed_sum"] or 0,
        recovered_fen=row["recovered_sum"] or 0,
    )


def fund_lines(
    actor: Actor, year: int, *, after: str = "", size: int = 50
) -> tuple[list[FundLineRow], int, str]:
    """Return a page of the ledger of a year, newest first, how long it is, and the next cursor.

    :raises NotPermitted: the actor may not read the ledger.
    """
    accounts.require(actor, *FUND_READERS)
    rows = FundLine.objects.filter(county=actor.county, year=year)
    found, next_key = newest(rows.select_related("remedy"), after=key_in(after), size=size)
    names = accounts.names_of({line.by for line in found})
    return [_line(line, names) for line in found], rows.count(), str(next_key or "")


def _line(line: FundLine, names: dict[str, str]) -> FundLineRow:
    return FundLineRow(
        id=line.pk,
        at=line.at,
        kind=line.kind,
        kind_label=FUND_LABELS[line.kind],
        amount_fen=line.amount_fen,
        remedy=line.remedy_id,
        code=line.remedy.code if line.remedy else "",
        note=line.note,
        by_name=names.get(line.by, line.by),
    )


# Whose move it is in which state, for the badge on the rail.
CENTRE_STATES = (
    RemedyState.REGISTERED, RemedyState.SEARCHING, RemedyState.APPROVED, RemedyState.REMINDED,
    RemedyState.TO_ACCEPT, RemedyState.REMEDIED, RemedyState.SETTLED,
)  # fmt: skip
LEADER_STATES = (RemedyState.OWNERLESS,)


def remedies_waiting(actor: Actor, *, now: datetime) -> tuple[int, bool]:
    """Return how many remedies wait for the actor, and whether one of them is overdue."""
    waiting = Q(pk__in=())
    if not actor.roles.isdisjoint({Role.DISPATCHER, Role.DUTY_MANAGER}):
        waiting |= Q(state__in=CENTRE_STATES)
    if Role.LEADER in actor.roles:
        waiting |= Q(state__in=LEADER_STATES)
    if not actor.roles.isdisjoint({Role.HANDLER, Role.SQUAD_LEADER}) and actor.unit:
        waiting |= Q(state=RemedyState.WORKING, contractor=actor.unit)
    rows = visible_remedies(actor).filter(waiting)
    count = rows.count()
    return count, bool(count) and rows.filter(overdue_remedy(now)).exists()
