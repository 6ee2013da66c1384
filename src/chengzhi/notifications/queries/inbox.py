"""One's own messages."""

from django.db.models import QuerySet

from chengzhi.accounts.types import Actor
from chengzhi.notifications.models import Delivery
from chengzhi.notifications.queries.deliveries import template_label
from chengzhi.notifications.types import Medium, Message


def own_messages(actor: Actor) -> QuerySet[Delivery]:
    """Return what lies in the actor's own inbox; nobody reads another's."""
    return Delivery.objects.filter(recipient=actor.ref, medium=Medium.IN_APP.value)


def unread_count(actor: Actor) -> tuple[int, bool]:
    """Return how many messages are unread, and whether an urgent one is among them."""
    rows = list(
        own_messages(actor).filter(read_at__isnull=True).values_list("urgent", flat=True)[:100]
    )
    return len(rows), any(rows)


def messages(
    actor: Actor,
    *,
    unread: bool = False,
    template: str = "",
    after: int | None = None,
    size: int = 50,
) -> tuple[list[Message], int, int | None]:
    """Return one page of the inbox, newest first, how many there are, and the next page's key."""
    rows = own_messages(actor)
    if unread:
        rows = rows.filter(read_at__isnull=True)
    if template:
        rows = rows.filter(template=template)
    count = rows.count()
    page = list((rows.filter(pk__lt=after) if after else rows).order_by("-pk")[: size + 1])
    next_key = page[size - 1].pk if len(page) > size else None
    return [_message(row) for row in page[:size]], count, next_key


def templates_in_inbox(actor: Actor) -> list[tuple[str, str]]:
    """Return the kinds of messages that lie in the inbox, key and label."""
    keys = own_messages(actor).order_by("template").values_list("template", flat=True).distinct()
    return [(key, template_label(key)) for key in keys]


def _message(row: Delivery) -> Message:
    return Message(
        id=row.pk,
        template=row.template,
        label=template_label(row.template),
        title=row.title,
        text=row.text,
        subject=row.subject,
        urgent=row.urgent,
        at=row.created_at,
        read_at=row.read_at,
    )
