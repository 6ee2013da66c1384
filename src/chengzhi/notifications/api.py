"""One's messages and the county's webhooks under /api/v1/notifications."""

from datetime import datetime
from typing import Annotated, Any, cast

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema

from chengzhi.accounts.types import Actor
from chengzhi.notifications.commands import outbox, webhooks
from chengzhi.notifications.commands.inbox import mark_read
from chengzhi.notifications.queries.deliveries import deliveries as listed
from chengzhi.notifications.queries.inbox import messages as own
from chengzhi.notifications.queries.webhooks import webhook_card
from chengzhi.notifications.queries.webhooks import webhooks as hooks
from chengzhi.notifications.types import DeliveryFilters, DeliveryState, Medium

router = Router()
Number = Annotated[int, Field(ge=1, lt=2**63)]


def acting(request: HttpRequest) -> Actor:
    """Return who calls, as the token or the session says."""
    return cast(Actor, request.auth)  # type: ignore[attr-defined]


class MessageOut(Schema):
    """A message in one's own inbox."""

    id: int
    template: str
    title: str
    text: str
    subject: str
    urgent: bool
    at: datetime
    read_at: datetime | None


class MessagesOut(Schema):
    """A page, newest first; ask again with `after` to go on."""

    items: list[MessageOut]
    count: int
    after: int | None


class WebhookIn(Schema):
    """To whom events are pushed; https and a public address only."""

    name: str
    url: str
    events: list[str] = Field(description="names from docs/howto/webhooks.md")


class OpenedOut(Schema):
    """A subscription, or its new secret, which is shown this once."""

    id: int
    secret: str


class WebhookOut(Schema):
    """A subscription with its numbers."""

    id: int
    name: str
    url: str
    events: list[str]
    created_at: datetime
    ended_at: datetime | None
    sent_count: int
    waiting_count: int
    gave_up_count: int
    last_sent_at: datetime | None


class DeliveryOut(Schema):
    """One message to one recipient by one medium; never an address."""

    id: int
    template: str
    medium: Medium
    recipient: str
    subject: str
    state: DeliveryState
    attempts: int
    created_at: datetime
    next_at: datetime | None
    ended_at: datetime | None
    failure: str


class DeliveriesOut(Schema):
    """A page, newest first; ask again with `after` to go on."""

    items: list[DeliveryOut]
    count: int
    after: int | None


@router.get("/messages", response={200: MessagesOut})
def messages(
    request: HttpRequest, unread: bool = False, after: Number | None = None
) -> dict[str, Any]:
    """List your own messages."""
    rows, count, key = own(acting(request), unread=unread, after=after)
    return {"items": rows, "count": count, "after": key}


@router.post("/messages/{int:message_id}/read", response={204: None})
def read(request: HttpRequest, message_id: int) -> tuple[int, None]:
    """Mark one of your messages as read."""
    mark_read(message_id, actor=acting(request), now=timezone.now())
    return 204, None


@router.get("/webhooks", response={200: list[WebhookOut]})
def webhook_list(request: HttpRequest) -> Any:
    """List the county's subscriptions."""
    return hooks(acting(request))


@router.post("/webhooks", response={201: OpenedOut})
def open_webhook(request: HttpRequest, body: WebhookIn) -> tuple[int, Any]:
    """Tell a machine of events from now on; its secret is in this answer only."""
    opened = webhooks.open_webhook(**dict(body), actor=acting(request), now=timezone.now())
    return 201, opened


@router.get("/webhooks/{int:webhook_id}", response={200: WebhookOut})
def webhook(request: HttpRequest, webhook_id: int) -> Any:
    """Return one subscription."""
    return webhook_card(acting(request), webhook_id)


@router.post("/webhooks/{int:webhook_id}/secret", response={200: OpenedOut})
def change_secret(request: HttpRequest, webhook_id: int) -> Any:
    """Replace a secret; the new one is in this answer only."""
    return webhooks.change_secret(webhook_id, actor=acting(request), now=timezone.now())


@router.delete("/webhooks/{int:webhook_id}", response={204: None})
def end_webhook(request: HttpRequest, webhook_id: int) -> tuple[int, None]:
    """Tell a machine no more."""
    webhooks.end_webhook(webhook_id, actor=acting(request), now=timezone.now())
    return 204, None


@router.get("/deliveries", response={200: DeliveriesOut})
def deliveries(
    request: HttpRequest,
    state: DeliveryState | None = None,
    webhook: Number | None = None,
    after: Number | None = None,
) -> dict[str, Any]:
    """List what was sent, held and given up."""
    filters = DeliveryFilters(
        state=state or "", recipient=f"webhook:{webhook}" if webhook is not None else ""
    )
    rows, count, key = listed(acting(request), filters, after=after)
    return {"items": rows, "count": count, "after": key}


@router.post("/deliveries/{int:delivery_id}/resend", response={204: None})
def resend(request: HttpRequest, delivery_id: int) -> tuple[int, None]:
    """Send a message again that was given up, held or dismissed."""
    outbox.resend(delivery_id, actor=acting(request), now=timezone.now())
    return 204, None
