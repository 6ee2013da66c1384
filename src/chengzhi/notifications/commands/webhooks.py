"""Subscriptions of machines: open, end, new secret; and an event becomes their deliveries."""

import secrets
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Permission
from chengzhi.audit import interface as audit
from chengzhi.kernel.errors import DomainError, InvalidInput
from chengzhi.notifications.commands.notify import write_once
from chengzhi.notifications.events import WebhookEnded, WebhookOpened, WebhookSecretChanged
from chengzhi.notifications.models import Delivery, Subscription
from chengzhi.notifications.queries.webhooks import access_webhook, subscribed
from chengzhi.notifications.rules.templates import sending
from chengzhi.notifications.rules.webhooks import (
    LONGEST_NAME,
    body_of,
    require_known_events,
    require_sound_address,
)
from chengzhi.notifications.types import Medium, Opened


class WebhookGone(DomainError):
    """The subscription was ended."""

    code = "webhook-gone"
    status = 409


@transaction.atomic
def open_webhook(
    *, name: str, url: str, events: Collection[str], actor: Actor, now: datetime
) -> Opened:
    """Tell a machine of events from now on; its secret is returned this once.

    :raises InvalidInput: no name, an address that may not be called, or an unknown event.
    :raises NotPermitted: the actor may not manage webhooks.
    """
    accounts.permit(actor, Permission.MANAGE_NOTICES)
    if not name.strip() or len(name.strip()) > LONGEST_NAME:
        raise InvalidInput(f"请写明推送给谁，最多 {LONGEST_NAME} 字。", field="name")
    host = require_sound_address(url.strip(), plain_allowed=settings.DEMO)
    chosen = require_known_events(events)
    hook = Subscription.objects.create(
        county=actor.county,
        name=name.strip(),
        url=url.strip(),
        events=" ".join(chosen),
        salt=secrets.token_hex(16),
        created_by=actor.ref,
        created_at=now,
    )
    event = WebhookOpened(title=hook.name, host=host, events="、".join(chosen))
    audit.record(event, subject=hook.ref, actor=actor.ref, at=now, first=True)
    return Opened(id=hook.pk, secret=secret_of(hook))


@transaction.atomic
def end_webhook(webhook_id: int, *, actor: Actor, now: datetime) -> None:
    """Tell a machine no more; what still waits for it is given up at its next attempt.

    :raises WebhookGone: it was ended before.
    """
    hook = _open_hook(webhook_id, actor=actor)
    hook.ended_at = now
    hook.save(update_fields=["ended_at"])
    event = WebhookEnded(title=hook.name, host=_host(hook))
    audit.record(event, subject=hook.ref, actor=actor.ref, at=now)


@transaction.atomic
def change_secret(webhook_id: int, *, actor: Actor, now: datetime) -> Opened:
    """Replace a machine's secret and return the new one this once.

    :raises WebhookGone: the subscription was ended.
    """
    hook = _open_hook(webhook_id, actor=actor)
    hook.salt = secrets.token_hex(16)
    hook.save(update_fields=["salt"])
    event = WebhookSecretChanged(title=hook.name, host=_host(hook))
    audit.record(event, subject=hook.ref, actor=actor.ref, at=now)
    return Opened(id=hook.pk, secret=secret_of(hook))


def _open_hook(webhook_id: int, *, actor: Actor) -> Subscription:
    accounts.permit(actor, Permission.MANAGE_NOTICES)
    hook = access_webhook(actor, webhook_id, lock=True)
    if hook.ended_at is not None:
        raise WebhookGone("这个推送已经停止。如需恢复，请新增一个。")
    return hook


def _host(hook: Subscription) -> str:
    return require_sound_address(hook.url, plain_allowed=True)


def secret_of(hook: Subscription) -> str:
    """Return the secret that signs messages to a machine: derived, never stored."""
    drawn = salted_hmac("chengzhi.notifications.webhook", hook.salt, algorithm="sha256")
    return f"whsec_{drawn.hexdigest()}"


@transaction.atomic
def publish(
    event: str,
    data: Mapping[str, Any],
    *,
    event_id: int,
    subject: str,
    county: str,
    happened_at: datetime,
    now: datetime,
) -> int:
    """Write a delivery of an event for every machine that subscribed to it; return how many."""
    hooks = subscribed(event, county=county)
    if not hooks or now - happened_at > sending().stale:
        return 0
    body = body_of(event, data, event_id=event_id, subject=subject, happened_at=happened_at)
    rows = [
        Delivery(
            key=f"event:{event_id}",
            county=county,
            template=event,
            medium=Medium.WEBHOOK,
            recipient=hook.ref,
            title=event,
            text=body,
            subject=subject,
            created_at=now,
            next_at=now,
        )
        for hook in hooks
        if hook.created_at <= happened_at
    ]
    return write_once(rows)
