"""One's own messages."""

from django.contrib import messages as toasts
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from chengzhi.accounts import interface as accounts
from chengzhi.notifications.commands.inbox import mark_all_read, mark_read
from chengzhi.notifications.queries.inbox import messages, templates_in_inbox, unread_count
from chengzhi.notifications.web.asking import (
    MOST_EXPORTED,
    as_download,
    manages,
    page_key,
    pager,
)


@login_required
@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """List one's messages, newest first."""
    actor = accounts.acting(request)
    asked = {"show": request.GET.get("show", ""), "template": request.GET.get("template", "")}
    unread = asked["show"] == "unread"
    if kind := request.GET.get("export"):
        rows, _count, _key = messages(
            actor, unread=unread, template=asked["template"], size=MOST_EXPORTED
        )
        head = ("时间", "事项", "标题", "内容", "已读")
        lines = ((row.at, row.label, row.title, row.text, row.read_at) for row in rows)
        return as_download("消息", kind, head, lines)
    rows, count, key = messages(
        actor, unread=unread, template=asked["template"], after=page_key(request)
    )
    context = {
        "messages_page": rows,
        "asked": asked,
        "is_filtered": any(asked.values()),
        "kinds": templates_in_inbox(actor),
        "unread_count": unread_count(actor)[0],
        "pager": pager(count=count, shown=len(rows), next_key=key),
        "manages": manages(actor),
        "view": "inbox",
        "now": timezone.now(),
    }
    return render(request, "notifications/inbox.html", context)


@login_required
@require_POST
def open_message(request: HttpRequest, message_id: int) -> HttpResponseBase:
    """Mark a message as read and go to what it is about."""
    row = mark_read(message_id, actor=accounts.acting(request), now=timezone.now())
    return redirect(_record(row.subject))


def _record(subject: str) -> str:
    kind, _colon, _rest = subject.partition(":")
    if kind == "outbox":
        return f"{reverse('notification-deliveries')}?state=gave_up"
    try:
        return reverse("record", args=[subject])
    except NoReverseMatch:
        return reverse("notifications")


@login_required
@require_POST
def read_all(request: HttpRequest) -> HttpResponseBase:
    """Mark all of one's messages as read."""
    count = mark_all_read(actor=accounts.acting(request), now=timezone.now())
    toasts.success(request, _("%(count)d 条消息已读") % {"count": count})
    return redirect("notifications")
