"""Machines of other offices that are told of events."""

from django.contrib import messages as toasts
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Permission
from chengzhi.audit import interface as audit
from chengzhi.kernel.events import REGISTRY
from chengzhi.notifications.commands import webhooks as commands
from chengzhi.notifications.forms import WebhookForm
from chengzhi.notifications.queries.deliveries import deliveries
from chengzhi.notifications.queries.webhooks import webhook_card
from chengzhi.notifications.queries.webhooks import webhooks as listed
from chengzhi.notifications.rules.templates import webhook_fields
from chengzhi.notifications.types import DeliveryFilters, Opened
from chengzhi.notifications.web.asking import done, page_key, pager


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def webhooks(request: HttpRequest) -> HttpResponse:
    """List the county's webhooks, and open one; its secret is shown this once."""
    actor = accounts.acting(request)
    accounts.permit(actor, Permission.MANAGE_NOTICES)
    form = WebhookForm(request.POST or None)
    opened = None
    if request.method == "POST" and form.is_valid():
        opened = done(form, lambda: _open(form, actor))
    context = {
        "webhooks": listed(actor),
        "form": WebhookForm() if opened else form,
        "opened": opened,
        "manages": True,
        "view": "webhooks",
        "now": timezone.now(),
    }
    status = 422 if form.errors else 200
    return render(request, "notifications/webhooks.html", context, status=status)


def _open(form: WebhookForm, actor: Actor) -> Opened:
    return commands.open_webhook(**form.cleaned_data, actor=actor, now=timezone.now())


@login_required
@require_http_methods(["GET"])
def webhook(request: HttpRequest, webhook_id: int) -> HttpResponse:
    """Show one webhook: facts, its deliveries, its history."""
    return _page(request, webhook_id, opened=None)


def _page(request: HttpRequest, webhook_id: int, *, opened: Opened | None) -> HttpResponse:
    actor = accounts.acting(request)
    card = webhook_card(actor, webhook_id)
    filters = DeliveryFilters(recipient=f"webhook:{webhook_id}", state=request.GET.get("state", ""))
    rows, count, key = deliveries(actor, filters, after=page_key(request), size=30)
    fields = webhook_fields()
    context = {
        "webhook": card,
        "events": [(name, REGISTRY[name].label, fields[name]) for name in card.events],
        "deliveries": rows,
        "opened": opened,
        "history": audit.history(f"webhook:{webhook_id}")[::-1],
        "pager": pager(count=count, shown=len(rows), next_key=key),
        "manages": True,
        "view": "webhooks",
        "now": timezone.now(),
    }
    return render(request, "notifications/webhook.html", context)


@login_required
@require_POST
def end_webhook(request: HttpRequest, webhook_id: int) -> HttpResponseBase:
    """Tell a machine no more."""
    commands.end_webhook(webhook_id, actor=accounts.acting(request), now=timezone.now())
    toasts.success(request, _("已停止推送"))
    return redirect("webhook", webhook_id=webhook_id)


@login_required
@never_cache
@require_POST
def change_secret(request: HttpRequest, webhook_id: int) -> HttpResponse:
    """Replace a secret and show the new one this once."""
    opened = commands.change_secret(webhook_id, actor=accounts.acting(request), now=timezone.now())
    return _page(request, webhook_id, opened=opened)
