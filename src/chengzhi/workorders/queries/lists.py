"""The list of work orders: filters, order, pages by key, counts, export."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from chengzhi.accounts.types import Actor
from chengzhi.kernel.calendar import EPOCH
from chengzhi.kernel.errors import InvalidInput
from chengzhi.kernel.kept import Kept
from chengzhi.workorders.models import OrderMark, WorkOrder
from chengzhi.workorders.queries.access import KEYS, own, visible_to
from chengzhi.workorders.queries.directory import Directory, directory
from chengzhi.workorders.queries.measures import MEASURES, OPEN
from chengzhi.workorders.rules.parameters import parameters
from chengzhi.workorders.rules.words import serial_in
from chengzhi.workorders.types import (
    CHANNEL_LABELS,
    CLOSING_RESULT_LABELS,
    FINAL_STATES,
    STATE_LABELS,
    Filters,
    Page,
    Row,
)

MATTER_LENGTH, TOWN_LENGTH = 5, 9  # GB/T 47678.5; GB/T 2260 with the town's three digits
MOST_COUNTED = 10_000
MANY, LENGTH_FOR = 1_000, timedelta(seconds=20)
REACH_FOR = timedelta(minutes=1)
SAMPLE_SHARE = 10  # of the orders whose text is read, one in so many is looked at to reckon hits
ENOUGH_HITS = 30  # in the sample; below, every hit is counted
BATCH = 1000  # of an export
MOST_BESIDE = 500  # mentions of a number, beside the order that has it
LINE = (  # what `as_row` reads, of some eighty columns
    "year", "state", "channel", "matter_code", "matter_name", "address", "town", "grid", "handler",
    "lon", "lat", "reported_at", "filed_at", "ended_at", "stage_warn_at", "stage_due_at",
    "handling_due_at", "rework_count", "return_count", "closing_result",
)  # fmt: skip
UNLOCATED = "-"  # as a town or a unit: what has none
FAR = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Order:
    """One way to sort: by a column and the key, up or down."""

    field: str
    descending: bool


ORDERS: dict[str, Order] = {
    "-reported": Order("reported_at", descending=True),
    "reported": Order("reported_at", descending=False),
    "due": Order("stage_due_at", descending=False),
    "-due": Order("stage_due_at", descending=True),
}


def listed(actor: Actor, filters: Filters, *, now: datetime) -> QuerySet[WorkOrder]:
    """Return what the actor may see and the filters keep, in no order."""
    rows = visible_to(actor)
    rows = _found(actor, rows, filters, now) if filters.text else rows
    rows = rows.filter(_kept(filters, now))
    if filters.marked:
        marks = OrderMark.objects.filter(person=actor.ref, kind=filters.marked)
        rows = rows.filter(pk__in=marks.values("order"))
    return rows.filter(own(actor)) if filters.mine else rows


def _kept(filters: Filters, now: datetime) -> Q:
    keep = Q()
    asked = (*_exact(filters), *_ended(filters), *_suspended(filters), *_timed(filters, now))
    for condition in asked:
        keep &= condition
    return keep


def _exact(filters: Filters) -> Iterator[Q]:
    if filters.states:
        yield _standing(filters.states)
    if filters.matter:
        yield _of_matter(filters.matter)
    if filters.channels:
        yield Q(channel__in=filters.channels)
    if filters.handler:
        yield Q(handler="" if filters.handler == UNLOCATED else filters.handler)
    if filters.towns:
        yield Q(town__in=["" if code == UNLOCATED else code for code in filters.towns])
    if filters.grid:  # its town, which its code begins with, has an index
        yield Q(grid=filters.grid, town=filters.grid[:TOWN_LENGTH])
    if filters.rework_from:
        yield Q(rework_count__gte=filters.rework_from)
    if filters.keys:
        yield Q(pk__in=filters.keys)


def _ended(filters: Filters) -> Iterator[Q]:
    if filters.results:
        yield Q(closing_result__in=filters.results)


def _standing(states: tuple[str, ...]) -> Q:
    """Return the condition of states.

    One state has an index in the list's order. Of several that are all open it is said too that
    they are, since what is open is small; said of one, it would count twice in a planner's estimate.
    """
    if len(states) == 1:
        return Q(state=states[0])
    return Q(state__in=states) if FINAL_STATES.intersection(states) else Q(state__in=states) & OPEN


def _of_matter(code: str) -> Q:
    if len(code) == MATTER_LENGTH:
        return Q(matter_code=code)
    return Q(matter_code__startswith=code)


def _suspended(filters: Filters) -> Iterator[Q]:
    """Keep what stands by a deferral or by shelving (缓办、挂账)."""
    if filters.standing:
        deferred = Q(is_deferred=True) if "deferral" in filters.standing else Q()
        shelved = Q(is_shelved=True) if "shelving" in filters.standing else Q()
        yield deferred | shelved


def _mentions(text: str) -> Q:
    """Return the condition that a text stands somewhere; Chinese has no case to be folded."""
    look = "contains" if text.upper() == text.lower() else "icontains"
    fields = ("address", "matter_name", "description")
    return reduce(or_, (Q(**{f"{field}__{look}": text}) for field in fields))


def _found(
    actor: Actor, rows: QuerySet[WorkOrder], filters: Filters, now: datetime
) -> QuerySet[WorkOrder]:
    """Keep what mentions a text: among the newest so many, or in the period that was asked for.

    No index that both databases have finds a word inside a sentence, and to read a million
    sentences takes seconds (docs/adr/0013). A number is found however old its order is.
    """
    since = None if filters.since else text_reach(actor, now=now)
    recent = Q(reported_at__gte=since) if since else Q()
    serial = serial_in(filters.text)
    if serial is None or serial not in KEYS:
        return rows.filter(recent, _mentions(filters.text))
    near = rows.filter(recent, _mentions(filters.text)).order_by("-reported_at", "-pk")
    keys = list(near.values_list("pk", flat=True)[:MOST_BESIDE])
    return rows.filter(pk__in=[serial, *keys])


_reach: Kept[tuple[Actor, int], datetime | None] = Kept()


def text_reach(actor: Actor, *, now: datetime, share: int = 1) -> datetime | None:
    """Return the moment of the oldest order whose text is read; none if all of them are.

    It is read at most once a minute; `share` 10 returns that of the newest tenth.
    """
    most = parameters().text_reach // share
    return _reach.get((actor, share), lambda: _oldest(actor, most), now=now, fresh=REACH_FOR)


def _oldest(actor: Actor, most: int) -> datetime | None:
    newest = visible_to(actor).order_by("-reported_at", "-pk")
    return next(iter(newest.values_list("reported_at", flat=True)[most : most + 1]), None)


def _timed(filters: Filters, now: datetime) -> Iterator[Q]:
    if filters.measure:
        yield _measured(filters, now)
    elif filters.since or filters.until:
        yield Q(reported_at__gte=filters.since or EPOCH, reported_at__lt=filters.until or FAR)
    if filters.open_only:
        yield OPEN
    if filters.overdue:
        yield Q(stage_due_at__lte=now)
    if filters.due_soon:
        yield Q(stage_warn_at__lte=now, stage_due_at__gt=now)


def _measured(filters: Filters, now: datetime) -> Q:
    if filters.measure not in MEASURES:
        known = "、".join(MEASURES)
        raise InvalidInput(f"没有指标“{filters.measure}”，可用：{known}。", field="measure")
    return MEASURES[filters.measure](filters.since or EPOCH, filters.until or FAR, now)


def count(actor: Actor, filters: Filters, *, now: datetime) -> int:
    """Return how long the whole list is."""
    return listed(actor, filters, now=now).count()


def page(
    actor: Actor,
    filters: Filters,
    *,
    now: datetime,
    order: str = "-reported",
    after: str = "",
    before: str = "",
    size: int = 50,
    counted: bool = True,
    sampled: bool = False,
) -> Page:
    """Return one page by key: the rows after or before a cursor, in the order asked for.

    With `sampled`, many hits of a text are reckoned from the newest tenth instead of counted.
    """
    how = _order(order)
    since = text_reach(actor, now=now) if filters.text and not filters.since else None
    if since and not filters.measure and serial_in(filters.text) is None:
        filters = replace(filters, since=since)  # so that it is not looked up again
    rows = listed(actor, filters, now=now)
    if how.field == "stage_due_at":
        rows = rows.filter(OPEN)
    found = _cut(rows, how, after=after, before=before, size=size)
    more, shown = len(found) > size, found[:size]
    is_whole = not (more or after or before)
    about = _reckoned(rows, (actor, filters), now) if sampled and since and not is_whole else None
    whole: int | None = None
    if counted:
        whole = about or (len(found) if is_whole else _counted(rows, (actor, filters), now))
    if before:
        shown.reverse()
    return Page(
        rows=as_rows(shown, directory(actor.county, now=now)),
        after=_cursor(shown[-1], how) if shown and (more or before) else "",
        before=_cursor(shown[0], how) if shown and (after or (before and more)) else "",
        count=None if whole is None else min(whole, MOST_COUNTED),
        is_more=whole is not None and whole > MOST_COUNTED,
        is_about=about is not None,
        text_since=since,
    )


_lengths: Kept[tuple[Actor, Filters], int] = Kept()  # of long lists


def _counted(rows: QuerySet[WorkOrder], which: tuple[Actor, Filters], now: datetime) -> int:
    """Return how many there are, as far as one past the most that is counted.

    A long list is counted every twenty seconds at most; one that a person can look through, always.
    """
    most = MOST_COUNTED + 1
    length = _lengths.get(which, rows.order_by()[:most].count, now=now, fresh=LENGTH_FOR)
    if length < MANY:
        _lengths.drop(which)
    return length


_hits: Kept[tuple[Actor, Filters], int] = Kept()  # of a text, in the sample


def _reckoned(rows: QuerySet[WorkOrder], which: tuple[Actor, Filters], now: datetime) -> int | None:
    """Return about how many hits there are, in two digits; none where a sample has too few."""
    since = text_reach(which[0], now=now, share=SAMPLE_SHARE)
    if since is None:
        return None
    sample = rows.filter(reported_at__gte=since).order_by()
    hits = _hits.get(which, sample.count, now=now, fresh=LENGTH_FOR)
    if hits < ENOUGH_HITS:
        return None
    whole = hits * SAMPLE_SHARE
    return int(round(whole, 2 - len(str(whole))))


def forget_lengths() -> None:
    """Drop what is kept of long lists; tests call it."""
    _lengths.clear()
    _hits.clear()
    _reach.clear()


def _order(name: str) -> Order:
    if name not in ORDERS:
        raise InvalidInput(f"不能按“{name}”排序，可用：{'、'.join(ORDERS)}。", field="sort")
    return ORDERS[name]


def _cut(
    rows: QuerySet[WorkOrder], how: Order, *, after: str, before: str, size: int
) -> list[WorkOrder]:
    found = stretch(rows, how, after=after, before=before).only(*LINE)
    return list(found[: size + 1])


def stretch(
    rows: QuerySet[WorkOrder], how: Order, *, after: str = "", before: str = ""
) -> QuerySet[WorkOrder]:
    """Return what comes after a cursor in an order, or what comes before it the other way round."""
    down = how.descending != bool(before)
    if cursor := after or before:
        rows = rows.filter(_beyond(cursor, how.field, down=down))
    sign = "-" if down else ""
    return rows.order_by(f"{sign}{how.field}", f"{sign}pk")


def _beyond(cursor: str, field: str, *, down: bool) -> Q:
    at, pk = _read(cursor)
    side = "lt" if down else "gt"
    # The first condition is where an index begins to read; alternatives alone are no beginning.
    start = Q(**{f"{field}__{side}e": at})
    return start & (Q(**{f"{field}__{side}": at}) | Q(**{f"pk__{side}": pk}))


def _cursor(order: WorkOrder, how: Order) -> str:
    at: datetime = getattr(order, how.field)
    return f"{(at - EPOCH) // timedelta(microseconds=1)}-{order.pk}"


def _read(cursor: str) -> tuple[datetime, int]:
    micros, _, pk = cursor.partition("-")
    if not (micros.isdecimal() and pk.isdecimal() and len(micros) < 17 and len(pk) < 19):
        raise InvalidInput(f"翻页位置“{cursor}”无法识别，请回到第一页。", field="after")
    return EPOCH + timedelta(microseconds=int(micros)), int(pk)


def export(actor: Actor, filters: Filters, *, now: datetime) -> Iterator[Row]:
    """Yield the whole list, newest first, a batch at a time, each by a query of its own.

    So no transaction stays open for as long as a file takes, and memory holds one batch.
    """
    names, how = directory(actor.county, now=now), ORDERS["-reported"]
    rows, after = listed(actor, filters, now=now), ""
    while found := _cut(rows, how, after=after, before="", size=BATCH - 1):
        yield from as_rows(found, names)
        if len(found) < BATCH:
            return
        after = _cursor(found[-1], how)


def as_rows(orders: Iterable[WorkOrder], names: Directory) -> tuple[Row, ...]:
    """Return orders as the lines of a list."""
    return tuple(as_row(order, names) for order in orders)


def as_row(order: WorkOrder, names: Directory) -> Row:
    """Return an order as one line of a list."""
    return Row(
        id=order.pk,
        code=order.code,
        serial=order.pk,
        state=order.state,
        state_label=STATE_LABELS[order.state],
        channel=order.channel,
        channel_label=CHANNEL_LABELS[order.channel],
        matter_code=order.matter_code,
        matter_name=order.matter_name,
        address=order.address,
        town=order.town,
        town_name=names.towns.get(order.town, ""),
        grid=order.grid,
        handler=order.handler,
        handler_name=names.unit_name(order.handler),
        lon=order.lon,
        lat=order.lat,
        reported_at=order.reported_at,
        filed_at=order.filed_at,
        closed_at=order.ended_at,
        stage_warn_at=order.stage_warn_at,
        stage_due_at=order.stage_due_at,
        handling_due_at=order.handling_due_at,
        rework_count=order.rework_count,
        return_count=order.return_count,
        closing_result=order.closing_result,
        closing_result_label=CLOSING_RESULT_LABELS.get(order.closing_result, ""),
    )
