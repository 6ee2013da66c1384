"""What an order is tied to: its origin, its repeats, its bundle, its referrals, its duplicates."""

from collections import Counter
from datetime import datetime

from django.db.models import Q, QuerySet

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor
from chengzhi.kernel.errors import NotVisible
from chengzhi.workorders.models import Bundle, Referral, WorkOrder
from chengzhi.workorders.queries.access import access_work_order, visible_to
from chengzhi.workorders.queries.control import control_of
from chengzhi.workorders.queries.directory import Directory, directory
from chengzhi.workorders.queries.lists import as_rows
from chengzhi.workorders.queries.paging import newest
from chengzhi.workorders.rules.returns import reason_label
from chengzhi.workorders.types import (
    CLOSING_BASIS_LABELS,
    CLOSING_RESULT_LABELS,
    OPEN_STATES,
    REFERRAL_STATE_LABELS,
    STATE_LABELS,
    BundleCard,
    Hanging,
    Link,
    ReferralCard,
    Row,
    State,
    Ties,
)

MOST = 50
BEFORE_FILING = (State.REPORTED, State.TO_VERIFY, State.ACCEPTED)


def is_referred(order: WorkOrder) -> bool:
    """Return whether an order was referred to enforcement and not turned down."""
    return Referral.objects.filter(order=order.pk).exclude(is_taken=False).exists()


def link(order: WorkOrder) -> Link:
    """Return an order as a link: number, and where it stands or how it ended."""
    result = CLOSING_RESULT_LABELS.get(order.closing_result, "")
    state = STATE_LABELS[order.state]
    return Link(
        id=order.pk, code=order.code, state_label=f"{state}（{result}）" if result else state
    )


def origin_of(order: WorkOrder, actor: Actor) -> Link | None:
    """Return the closed order whose problem came back here, if the actor may see it."""
    if order.origin_id is None:
        return None
    found = visible_to(actor).filter(pk=order.origin_id).first()
    return link(found) if found else None


def repeats_of(order: WorkOrder, actor: Actor) -> tuple[Link, ...]:
    """Return the orders that were made because this one's problem came back."""
    if order.state != State.CLOSED:
        return ()
    rows = visible_to(actor).filter(origin=order.pk).order_by("pk")[:MOST]
    return tuple(link(row) for row in rows)


def duplicates_of_master(order: WorkOrder, actor: Actor) -> tuple[Link, ...]:
    """Return what was merged into an order, with how each ended."""
    rows = visible_to(actor).filter(master=order.pk).order_by("pk")[:MOST]
    return tuple(link(row) for row in rows)


def ties_of(order: WorkOrder, actor: Actor, *, hanging: frozenset[Hanging], now: datetime) -> Ties:
    """Return how an order that the actor may see ended, and what it is tied to."""
    policy = order.spot_policy
    return Ties(
        result_label=CLOSING_RESULT_LABELS.get(order.closing_result, ""),
        basis_label=CLOSING_BASIS_LABELS.get(order.closing_basis, ""),
        condition_met=order.condition_met,
        origin=origin_of(order, actor),
        repeats=repeats_of(order, actor) if Hanging.REPEAT in hanging else (),
        duplicates=duplicates_of_master(order, actor) if Hanging.MERGED in hanging else (),
        bundle=bundle_of(order),
        referrals=referrals_of(order) if Hanging.REFERRAL in hanging else (),
        policy=f"《{policy.title}》（{policy.document}）" if policy else "",
        control=control_of(order, now=now) if order.state in BEFORE_FILING else "",
        control_note=order.control_note,
        return_reason_label=reason_label(order.return_reason) if order.return_reason else "",
    )


def referrals_of(order: WorkOrder) -> tuple[ReferralCard, ...]:
    """Return the referrals of an order that the caller has access to, newest first."""
    rows = list(Referral.objects.filter(order=order.pk).order_by("-pk"))
    names = accounts.names_of({row.sent_by for row in rows})
    return tuple(_card(row, names) for row in rows)


def _card(row: Referral, names: dict[str, str]) -> ReferralCard:
    return ReferralCard(
        id=row.pk,
        item=row.item,
        reason=row.reason,
        parties=row.parties,
        state=row.state,
        state_label=REFERRAL_STATE_LABELS[row.state],
        sent_at=row.sent_at,
        sent_by_name=names.get(row.sent_by, ""),
        is_taken=row.is_taken,
        case_ref=row.case_ref,
        answer=row.answer,
        answered_at=row.answered_at,
    )


def referrals(actor: Actor, pk: int) -> tuple[ReferralCard, ...]:
    """Return the referrals of one work order.

    :raises NotVisible: there is none of that number, or not for this person.
    """
    return referrals_of(access_work_order(actor, pk))


def bundle_page(
    actor: Actor, *, now: datetime, unit: str = "", after: int = 0, size: int = 50
) -> tuple[tuple[BundleCard, ...], int, int | None]:
    """Return a page of the bundles with orders that the actor may see, newest first."""
    rows = _visible_bundles(actor)
    if unit:
        rows = rows.filter(unit=unit)
    found, next_key = newest(rows, after=after, size=size)
    cards = _bundle_cards(found, actor, directory(actor.county, now=now))
    return cards, rows.count(), next_key


def _visible_bundles(actor: Actor) -> QuerySet[Bundle]:
    seen = visible_to(actor).filter(bundle__isnull=False).values("bundle")
    return Bundle.objects.filter(county=actor.county, pk__in=seen)


def _bundle_cards(rows: list[Bundle], actor: Actor, names: Directory) -> tuple[BundleCard, ...]:
    people = accounts.names_of({row.dispatched_by for row in rows})
    orders = visible_to(actor).filter(bundle__in=[row.pk for row in rows]).order_by()
    kept = Counter(orders.values_list("bundle", flat=True))
    open_now = Counter(orders.filter(_OPEN).values_list("bundle", flat=True))
    return tuple(
        BundleCard(
            id=row.pk,
            code=row.code,
            unit=row.unit,
            unit_name=names.unit_name(row.unit),
            reason=row.reason,
            dispatched_by_name=people.get(row.dispatched_by, ""),
            dispatched_at=row.dispatched_at,
            order_count=kept[row.pk],
            open_count=open_now[row.pk],
        )
        for row in rows
    )


_OPEN = Q(state__in=[state.value for state in OPEN_STATES])


def bundle(actor: Actor, pk: int, *, now: datetime) -> tuple[BundleCard, tuple[Row, ...]]:
    """Return one bundle with its orders, as far as the actor may see them.

    :raises NotVisible: there is none of that number, or none of its orders is for this person.
    """
    row = _visible_bundles(actor).filter(pk=pk).first()
    if row is None:
        raise NotVisible("没有这个捆绑派遣，或它不在您的查看范围内。")
    known = directory(actor.county, now=now)
    orders = visible_to(actor).filter(bundle=pk).order_by("pk")
    return _bundle_cards([row], actor, known)[0], as_rows(orders, known)


def bundle_of(order: WorkOrder) -> tuple[int, str] | None:
    """Return key and number of the bundle that an order was dispatched in."""
    row = Bundle.objects.filter(pk=order.bundle_id).first() if order.bundle_id else None
    return (row.pk, row.code) if row else None
