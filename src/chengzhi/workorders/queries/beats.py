"""The beats of a county, kept in memory for half a minute, and who is chosen by them."""

from collections import Counter
from collections.abc import Collection
from datetime import date, datetime

from django.db.models import Q, QuerySet

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor
from chengzhi.workorders.models import Beat, WorkOrder
from chengzhi.workorders.queries.directory import FRESH, area_names, directory
from chengzhi.workorders.queries.people import collectors
from chengzhi.workorders.rules.beats import choose, covers
from chengzhi.workorders.rules.fieldwork import READERS
from chengzhi.workorders.rules.limits import civil_date
from chengzhi.workorders.types import BeatCard, BeatChoice, BeatRow, Channel, State

_kept: dict[str, tuple[datetime, tuple[BeatRow, ...]]] = {}


def beats(county: str, *, now: datetime) -> tuple[BeatRow, ...]:
    """Return the beats in force on the day, at most half a minute old."""
    kept = _kept.get(county)
    if kept is None or abs(now - kept[0]) > FRESH:
        kept = _kept[county] = (now, tuple(map(_row, _in_force(county, civil_date(now)))))
    return kept[1]


def forget_beats() -> None:
    """Drop what is kept; a change of beats calls it, and so do tests."""
    _kept.clear()


def _in_force(county: str, on: date) -> QuerySet[Beat]:
    still = Q(valid_to__isnull=True) | Q(valid_to__gt=on)
    return Beat.objects.filter(still, county=county, valid_from__lte=on).order_by("pk")


def _row(beat: Beat) -> BeatRow:
    return BeatRow(
        id=beat.pk,
        person=beat.person,
        area_prefix=beat.area_prefix,
        weekdays=beat.weekdays,
        note=beat.note,
    )


def choice_for(order: WorkOrder, *, now: datetime, besides: Collection[str] = ()) -> BeatChoice:
    """Return the collector whose beat covers an order today, and why; or why nobody."""
    place = order.located
    rows = [row for row in beats(order.county, now=now) if covers(row, place)]
    people = {row.person for row in rows}
    return choose(
        rows,
        place=place,
        on=civil_date(now),
        people=collectors(order.county, now=now),
        tasks=open_tasks(people) if len(people) > 1 else {},
        besides=frozenset(besides),
    )


def check_choice(order: WorkOrder, *, now: datetime, besides: str = "") -> BeatChoice:
    """Return who checks an order: the beat's collector, else whoever found it, else nobody.

    Whoever handled it on the spot does not check it, and `besides` only if nobody else can.
    """
    own = {order.reported_by} if order.spot_policy_id else set()
    chosen = choice_for(order, now=now, besides=own | ({besides} - {""}))
    if chosen.ref:
        return chosen
    known = collectors(order.county, now=now)
    witnesses = [(order.verifier, "核实过现场的"), (_finder(order), "上报问题的")]
    for ref, what in [*((r, w) for r, w in witnesses if r != besides), (besides, "上次核查的")]:
        if ref in known and ref not in own:
            reason = f"责任网格没有别的采集员在岗，由{what}采集员去看"
            return BeatChoice(ref=ref, name=known[ref], reason=reason)
    return chosen


def _finder(order: WorkOrder) -> str:
    return order.reported_by if order.channel == Channel.COLLECTOR else ""


def open_tasks(people: Collection[str]) -> Counter[str]:
    """Return how many verifications and checks wait for each person."""
    if not people:
        return Counter()
    verify = Q(state=State.TO_VERIFY.value, verifier__in=people)
    check = Q(state=State.TO_CHECK.value, checker__in=people)
    rows = WorkOrder.objects.filter(verify | check).values_list("state", "verifier", "checker")
    return Counter(
        verifier if state == State.TO_VERIFY else checker for state, verifier, checker in rows
    )


def beat_book(
    actor: Actor, *, now: datetime, ended: bool = False, after: int = 0, size: int = 50
) -> tuple[tuple[BeatCard, ...], int, int | None]:
    """Return a page of beats in force or ended, how many there are, and the next key.

    :raises NotPermitted: the actor may not read them.
    """
    accounts.require(actor, *READERS)
    on = civil_date(now)
    rows = Beat.objects.filter(county=actor.county)
    wanted = rows.filter(valid_to__lte=on) if ended else _in_force(actor.county, on)
    later = wanted.filter(pk__gt=after).order_by("pk")
    found = list(later[: size + 1])
    areas = area_names(actor.county, towns=directory(actor.county, now=now).towns)
    names = accounts.names_of({row.person for row in found})
    known = collectors(actor.county, now=now)
    cards = tuple(_card(row, names, known, areas) for row in found[:size])
    return cards, wanted.count(), found[size - 1].pk if len(found) > size else None


def _card(
    row: Beat, names: dict[str, str], known: dict[str, str], areas: dict[str, str]
) -> BeatCard:
    return BeatCard(
        row=_row(row),
        person_name=names.get(row.person, row.person),
        is_person_gone=row.person not in known,
        area_name=areas.get(row.area_prefix, row.area_prefix),
        valid_from=row.valid_from,
        valid_to=row.valid_to,
    )
