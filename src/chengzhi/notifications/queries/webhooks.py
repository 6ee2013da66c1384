"""Reads of subscriptions."""

from django.db.models import Count, Max, Q, QuerySet

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Permission
from chengzhi.kernel.errors import NotVisible
from chengzhi.notifications.models import Delivery, Subscription
from chengzhi.notifications.types import DeliveryState, WebhookCard


def visible_webhooks(actor: Actor) -> QuerySet[Subscription]:
    """Return the subscriptions of the actor's own county.

    :raises NotPermitted: the actor does not manage them.
    """
    accounts.permit(actor, Permission.MANAGE_NOTICES)
    if not actor.county:
        return Subscription.objects.none()
    return Subscription.objects.filter(county=actor.county)


def access_webhook(actor: Actor, webhook_id: int, *, lock: bool = False) -> Subscription:
    """Return one subscription.

    :raises NotVisible: there is none of this number, or it is another county's.
    """
    rows = visible_webhooks(actor)
    found = (rows.select_for_update() if lock else rows).filter(pk=webhook_id).first()
    if found is None:
        raise NotVisible("没有这个推送，或者它不属于本县。")
    return found


def subscribed(event: str, *, county: str) -> list[Subscription]:
    """Return the subscriptions in force for an event."""
    rows = Subscription.objects.filter(
        county=county, ended_at__isnull=True, events__contains=event
    ).order_by("pk")
    return [hook for hook in rows if event in hook.events.split()]


def webhooks(actor: Actor) -> list[WebhookCard]:
    """Return the county's subscriptions, those in force first."""
    rows = list(visible_webhooks(actor).order_by("ended_at", "-pk"))
    rows.sort(key=lambda hook: hook.ended_at is not None)
    return [_card(hook) for hook in rows]


def webhook_card(actor: Actor, webhook_id: int) -> WebhookCard:
    """Return one subscription with its numbers.

    :raises NotVisible: there is none of this number, or it is another county's.
    """
    return _card(access_webhook(actor, webhook_id))


def _card(hook: Subscription) -> WebhookCard:
    sent = Q(state=DeliveryState.SENT.value)
    numbers = Delivery.objects.filter(recipient=hook.ref).aggregate(
        sent=Count("pk", filter=sent),
        waiting=Count("pk", filter=Q(state=DeliveryState.WAITING.value)),
        gave_up=Count("pk", filter=Q(state=DeliveryState.GAVE_UP.value)),
        last=Max("ended_at", filter=sent),
    )
    return WebhookCard(
        id=hook.pk,
        name=hook.name,
        url=hook.url,
        events=tuple(hook.events.split()),
        created_at=hook.created_at,
        ended_at=hook.ended_at,
        sent_count=numbers["sent"],
        waiting_count=numbers["waiting"],
        gave_up_count=numbers["gave_up"],
        last_sent_at=numbers["last"],
    )
