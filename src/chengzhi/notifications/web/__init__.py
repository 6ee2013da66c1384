"""Pages: one's inbox and preferences; templates, sending and webhooks for administrators."""

from chengzhi.notifications.web.deliveries import deliveries, dismiss, resend
from chengzhi.notifications.web.inbox import inbox, open_message, read_all
from chengzhi.notifications.web.preferences import preferences
from chengzhi.notifications.web.templates import restore, template, templates
from chengzhi.notifications.web.webhooks import change_secret, end_webhook, webhook, webhooks

__all__ = [
    "change_secret",
    "deliveries",
    "dismiss",
    "end_webhook",
    "inbox",
    "open_message",
    "preferences",
    "read_all",
    "resend",
    "restore",
    "template",
    "templates",
    "webhook",
    "webhooks",
]
