"""The record of sending, for the administrators: who was told what, and what is stuck."""

from collections.abc import Iterable

from django.db.models import Count, QuerySet

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Permission
from chengzhi.kernel.errors import NotVisible
from chengzhi.kernel.events import REGISTRY
from chengzhi.notifications.models import Delivery, Subscription
from chengzhi.notifications.rules.templates import labels
from chengzhi.notifications.types import (
    DELIVERY_STATE_LABELS,
    MEDIUM_LABELS,
    DeliveryCard,
    DeliveryFilters,
    DeliveryState,
)


def visible_deliveries(actor: Actor) -> QuerySet[Delivery]:
    """Return the deliveries of the actor's own county.

    :raises NotPermitted: the actor does not manage messages.
    """
    accounts.permit(actor, Permission.MANAGE_NOTICES)
    return Delivery.objects.filter(county=actor.county) if actor.county else Delivery.objects.none()


def access_delivery(actor: Actor, delivery_id: int, *, lock: bool = False) -> Delivery:
    """Return one delivery.

    :raises NotVisible: there is none of this number, or it is another county's.
    """
    rows = visible_deliveries(actor)
    found = (rows.select_for_update() if lock else rows).filter(pk=delivery_id).first()
    if found is None:
        raise NotVisible("没有这条发送记录，或者它不属于本县。")
    return found


def deliveries(
    actor: Actor, filters: DeliveryFilters, *, after: int | None = None, size: int = 50
) -> tuple[list[DeliveryCard], int, int | None]:
    """Return one page of deliveries, newest first, how many there are, and the next page's key."""
    rows = _filtered(visible_deliveries(actor), filters)
    page = list((rows.filter(pk__lt=after) if after else rows).order_by("-pk")[: size + 1])
    next_key = page[size - 1].pk if len(page) > size else None
    return cards(page[:size]), rows.count(), next_key


def _filtered(rows: QuerySet[Delivery], filters: DeliveryFilters) -> QuerySet[Delivery]:
    wanted = {
        "state": filters.state,
        "medium": filters.medium,
        "template": filters.template,
        "subject": filters.subject,
        "recipient": filters.recipient,
    }
    return rows.filter(**{field: value for field, value in wanted.items() if value})


def state_counts(actor: Actor) -> list[tuple[str, str, int]]:
    """Return how many deliveries of the county stand in each state: value, label, count."""
    rows = visible_deliveries(actor).order_by().values_list("state").annotate(count=Count("pk"))
    found = dict(rows)
    return [
        (state.value, DELIVERY_STATE_LABELS[state], found.get(state.value, 0))
        for state in DeliveryState
    ]


def template_label(key: str) -> str:
    """Return what a message is called: its template's label, or its event's for a machine."""
    known = REGISTRY.get(key)
    return labels().get(key) or (known.label if known else key)


def cards(rows: Iterable[Delivery]) -> list[DeliveryCard]:
    """Return deliveries as people read them: with names, without addresses."""
    rows = list(rows)
    names = accounts.names_of({row.recipient for row in rows})
    hooks = {
        hook.ref: hook.name
        for hook in Subscription.objects.filter(
            pk__in={int(r.recipient[8:]) for r in rows if r.recipient.startswith("webhook:")}
        )
    }
    return [_card(row, hooks.get(row.recipient) or names.get(row.recipient, "")) for row in rows]


def _card(row: Delivery, name: str) -> DeliveryCard:
    return DeliveryCard(
        id=row.pk,
        template=row.template,
        label=template_label(row.template),
        medium=row.medium,
        medium_label=MEDIUM_LABELS[row.medium],
        recipient=row.recipient,
        recipient_name="报告人" if row.recipient.startswith("reporter:") else name or row.recipient,
        title=row.title,
        text=row.text,
        subject=row.subject,
        state=row.state,
        state_label=DELIVERY_STATE_LABELS[row.state],
        attempts=row.attempts,
        created_at=row.created_at,
        next_at=row.next_at,
        ended_at=row.ended_at,
        failure=row.failure,
    )
