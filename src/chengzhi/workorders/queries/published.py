"""Published work orders: what everybody may read, and what the sender of a request sees of it."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import count, islice

from django.db.models import Q, QuerySet

from chengzhi.accounts.types import Actor
from chengzhi.audit import interface as audit
from chengzhi.kernel.errors import NotVisible
from chengzhi.workorders.models import OutsideRequest, WorkOrder
from chengzhi.workorders.queries.access import visible_to
from chengzhi.workorders.queries.directory import Directory, directory
from chengzhi.workorders.queries.updates import as_updates, event_names
from chengzhi.workorders.rules.outside import (
    extended_of,
    public_address,
    public_text,
    publication,
    status_of,
)
from chengzhi.workorders.types import FINAL_STATES, OPEN_STATES, Channel, State
from chengzhi.workorders.types.endings import ClosingBasis
from chengzhi.workorders.types.outside import (
    EXTENDED_LABELS,
    ExtendedStatus,
    PublicAsked,
    PublicRequest,
    PublicStatus,
    PublicUpdate,
)

CHUNK = 1000
UNSEEN = (State.REPORTED.value, State.TO_VERIFY.value, State.REJECTED.value, State.VOIDED.value)


def published(county: str) -> QuerySet[WorkOrder]:
    """Return what everybody may read of a county: public sources, once a person has accepted it.

    What a citizen reports is followed from the first moment, also where it is refused.
    """
    shown = publication()
    rows = WorkOrder.objects.filter(county=county, channel__in=sorted(shown.channels))
    rows = rows.exclude(~Q(channel=Channel.CITIZEN.value) & Q(state__in=UNSEEN))
    for prefix in shown.without:
        rows = rows.exclude(matter_code__startswith=prefix)
    return rows.exclude(pk__in=_waiting_tokens(county))


def _waiting_tokens(county: str) -> QuerySet[OutsideRequest, int]:
    """Return the orders whose number is told only when somebody has accepted them."""
    waiting = OutsideRequest.objects.exclude(token="").filter(
        order__county=county, order__state__in=UNSEEN[:2]
    )
    return waiting.values_list("order_id", flat=True)


def readable(actor: Actor | None, county: str) -> QuerySet[WorkOrder]:
    """Return what is published, and what the actor behind a key sent."""
    everybody = published(county)
    if actor is None:
        return everybody
    sent = OutsideRequest.objects.filter(sender=actor.ref).values("order_id")
    return visible_to(actor).filter(Q(pk__in=everybody.values("pk")) | Q(pk__in=sent))


def public_requests(
    actor: Actor | None, asked: PublicAsked, *, county: str, now: datetime
) -> list[PublicRequest]:
    """Return one page of published requests, newest first."""
    rows = _asked(readable(actor, county), asked)
    page = rows.order_by("-reported_at", "-pk")[asked.start : asked.start + asked.limit]
    return _shown(list(page), actor, names=directory(county, now=now))


def public_request(actor: Actor | None, pk: int, *, county: str, now: datetime) -> PublicRequest:
    """Return one published request.

    :raises NotVisible: there is none of that number, or it is not published.
    """
    order = readable(actor, county).filter(pk=pk).first()
    if order is None:
        raise NotVisible(f"没有编号为 {pk} 的公开案件，请核对 service_request_id。")
    return _shown([order], actor, names=directory(county, now=now))[0]


def _asked(rows: QuerySet[WorkOrder], asked: PublicAsked) -> QuerySet[WorkOrder]:
    if asked.ids is not None:
        return rows.filter(pk__in=asked.ids)
    if asked.since:
        rows = rows.filter(reported_at__gte=asked.since)
    if asked.until:
        rows = rows.filter(reported_at__lte=asked.until)
    if asked.service_codes:
        rows = rows.filter(matter_code__in=asked.service_codes)
    if asked.statuses:
        states = [s for status in asked.statuses for s in _states(PublicStatus(status))]
        rows = rows.filter(state__in=states)
    return rows


def _states(status: PublicStatus) -> Iterable[str]:
    return OPEN_STATES if status is PublicStatus.OPEN else sorted(FINAL_STATES)


def request_of_token(token: str, *, county: str) -> int | None:
    """Return the number behind a token; None while nobody has accepted the report.

    :raises NotVisible: no such token was given.
    """
    row = (
        OutsideRequest.objects.filter(token=token, order__county=county).first() if token else None
    )
    if row is None:
        raise NotVisible(f"没有令牌 {token}，请核对 token。")
    return published(county).filter(pk=row.order_id).values_list("pk", flat=True).first()


def public_updates(
    actor: Actor | None,
    *,
    county: str,
    since: datetime,
    until: datetime,
    ids: tuple[int, ...] | None = None,
    start: int = 0,
    limit: int = 1000,
) -> list[PublicUpdate]:
    """Return what happened to published requests in a stretch of time, oldest first."""
    subjects = None if ids is None else [f"workorder:{pk}" for pk in ids]
    found = _told_in_turn(actor, county, subjects, since, until)
    return list(islice(found, start, start + limit))


def _told_in_turn(
    actor: Actor | None,
    county: str,
    subjects: list[str] | None,
    since: datetime,
    until: datetime,
) -> Iterator[PublicUpdate]:
    """Yield the updates of readable requests, a thousand events at a time."""
    for start in count(0, CHUNK):
        events = audit.named(
            event_names(), subjects=subjects, since=since, until=until, start=start, limit=CHUNK
        )
        numbers = {int(entry.subject.partition(":")[2]) for entry in events}
        rows = readable(actor, county).filter(pk__in=numbers)
        shown = set(rows.values_list("pk", flat=True))
        updates = as_updates(events, sent=_sent_by(actor, numbers))
        yield from (update for update in updates if update.request in shown)
        if len(events) < CHUNK:
            return


def _sent_by(actor: Actor | None, numbers: Iterable[int]) -> set[int]:
    if actor is None:
        return set()
    rows = OutsideRequest.objects.filter(sender=actor.ref, order_id__in=list(numbers))
    return set(rows.values_list("order_id", flat=True))


def _shown(
    orders: list[WorkOrder], actor: Actor | None, *, names: Directory
) -> list[PublicRequest]:
    mine = _media_sent(orders, actor)
    return [_request(order, mine, names) for order in orders]


def _media_sent(orders: list[WorkOrder], actor: Actor | None) -> dict[int, str]:
    """Return what the actor sent of these, with the link that came with it."""
    if actor is None:
        return {}
    rows = OutsideRequest.objects.filter(sender=actor.ref, order__in=orders)
    return dict(rows.values_list("order_id", "media_url"))


def _request(order: WorkOrder, mine: dict[int, str], names: Directory) -> PublicRequest:
    extended = extended_of(
        order.state,
        result=order.closing_result,
        was_checked=order.closing_basis == ClosingBasis.CHECKED,
    )
    is_mine = order.pk in mine
    told = is_mine or order.state in publication().text_states
    text = order.description if is_mine else public_text(order.description)
    return PublicRequest(
        id=order.pk,
        status=status_of(order.state),
        extended=extended,
        note=_note(order, extended),
        service_code=order.matter_code,
        service_name=order.matter_name,
        description=text if told else None,
        agency=names.unit_name(order.handler) if order.handler else "",
        notice=_notice(order),
        requested_at=order.reported_at,
        updated_at=order.ended_at or order.state_since,
        expected_at=order.handling_due_at,
        address=order.address if is_mine else public_address(order.address),
        address_id=order.component_code or order.cell,
        lon=order.lon,
        lat=order.lat,
        media_url=mine.get(order.pk, ""),
        group=order.matter_code[:2],
        town_name=names.towns.get(order.town, ""),
        handled_at=order.handled_at,
        duplicate_of=order.master_id,
    )


def _note(order: WorkOrder, extended: ExtendedStatus) -> str:
    label = EXTENDED_LABELS[extended]
    if extended is ExtendedStatus.DUPLICATE:
        return f"{label}：第 {order.master_id} 号。"
    if extended is ExtendedStatus.NOT_ACCEPTED and order.last_reason:
        return f"{label}：{public_text(order.last_reason)}"
    return f"{label}。"


def _notice(order: WorkOrder) -> str:
    if not order.limit_text:
        return ""
    return f"处置时限 {order.limit_text}；结案条件：{order.closing_condition}"
