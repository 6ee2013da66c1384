"""What other contexts may ask: tell people, tell machines, who belongs to a record."""

from chengzhi.notifications.commands.notify import announce, notify
from chengzhi.notifications.commands.webhooks import publish
from chengzhi.notifications.queries.inbox import unread_count
from chengzhi.notifications.queries.parties import parties_of, register_contacts, register_parties
from chengzhi.notifications.queries.preferences import would_reach
from chengzhi.notifications.rules.sending import OutsideClosed, require_outside
from chengzhi.notifications.rules.templates import occasions, webhook_fields

__all__ = [
    "OutsideClosed",
    "announce",
    "notify",
    "occasions",
    "parties_of",
    "publish",
    "register_contacts",
    "register_parties",
    "require_outside",
    "unread_count",
    "webhook_fields",
    "would_reach",
]
