"""The record of sending: who was told what by which way, what is stuck, and what to do about it."""

from django.contrib import messages as toasts
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from chengzhi.accounts import interface as accounts
from chengzhi.kernel.sheets import Cell
from chengzhi.notifications.commands import outbox
from chengzhi.notifications.commands.digest import stuck
from chengzhi.notifications.queries.deliveries import deliveries as listed
from chengzhi.notifications.queries.deliveries import state_counts
from chengzhi.notifications.rules.templates import labels
from chengzhi.notifications.types import MEDIUM_LABELS, DeliveryCard, DeliveryFilters
from chengzhi.notifications.web.asking import (
    MOST_EXPORTED,
    as_download,
    page_key,
    pager,
)

FILTERS = ("state", "medium", "template", "subject", "recipient")
HEAD = ("编号", "时间", "方式", "事项", "收件人", "标题", "对象", "状态", "尝试", "结束", "原因")


@login_required
@require_GET
def deliveries(request: HttpRequest) -> HttpResponse:
    """List what was sent, held, and given up."""
    actor, now = accounts.acting(request), timezone.now()
    asked = {name: request.GET.get(name, "").strip() for name in FILTERS}
    filters = DeliveryFilters(**asked)
    if kind := request.GET.get("export"):
        rows, _count, _key = listed(actor, filters, size=MOST_EXPORTED)
        return as_download("发送记录", kind, HEAD, map(_line, rows))
    rows, count, key = listed(actor, filters, after=page_key(request))
    context = {
        "deliveries": rows,
        "asked": asked,
        "is_filtered": any(asked.values()),
        "states": state_counts(actor),
        "media": list(MEDIUM_LABELS.items()),
        "kinds": list(labels().items()),
        "stuck": stuck(county=actor.county, now=now),
        "pager": pager(count=count, shown=len(rows), next_key=key),
        "manages": True,
        "view": "deliveries",
        "now": now,
    }
    return render(request, "notifications/deliveries.html", context)


def _line(row: DeliveryCard) -> tuple[Cell, ...]:
    return (
        row.id,
        row.created_at,
        row.medium_label,
        row.label,
        row.recipient_name,
        row.title,
        row.subject,
        row.state_label,
        row.attempts,
        row.ended_at,
        row.failure,
    )


@login_required
@require_POST
def resend(request: HttpRequest, delivery_id: int) -> HttpResponseBase:
    """Send a message again."""
    outbox.resend(delivery_id, actor=accounts.acting(request), now=timezone.now())
    toasts.success(request, _("已重新排队发送"))
    return redirect(_back(request))


@login_required
@require_POST
def dismiss(request: HttpRequest, delivery_id: int) -> HttpResponseBase:
    """Decide that a message need not be sent any more."""
    reason = request.POST.get("reason", "")
    outbox.dismiss(delivery_id, reason=reason, actor=accounts.acting(request), now=timezone.now())
    toasts.success(request, _("已注明不再发送"))
    return redirect(_back(request))


def _back(request: HttpRequest) -> str:
    number = request.POST.get("webhook", "")
    return f"/notifications/webhooks/{number}/" if number.isdecimal() else "notification-deliveries"
