"""Reading one's own messages."""

from datetime import datetime

from django.db import transaction

from chengzhi.accounts.types import Actor
from chengzhi.kernel.errors import NotVisible
from chengzhi.notifications.models import Delivery
from chengzhi.notifications.queries.inbox import own_messages


@transaction.atomic
def mark_read(message_id: int, *, actor: Actor, now: datetime) -> Delivery:
    """Mark one of one's own messages as read and return it.

    :raises NotVisible: it is somebody else's, or does not exist.
    """
    row = own_messages(actor).select_for_update().filter(pk=message_id).first()
    if row is None:
        raise NotVisible("没有这条消息，或者它不是发给您的。")
    if row.read_at is None:
        row.read_at = now
        row.save(update_fields=["read_at"])
    return row


@transaction.atomic
def mark_all_read(*, actor: Actor, now: datetime) -> int:
    """Mark all of one's own messages as read; return how many."""
    return own_messages(actor).filter(read_at__isnull=True).update(read_at=now)
