"""The page of one work order: facts left, timeline right, the next action prominent."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from chengzhi.accounts import interface as accounts
from chengzhi.workorders.queries.whistle_record import may_whistle, whistles_of
from chengzhi.workorders.web.showing import bars, shown, timeline


@login_required
@require_GET
def work_order(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one work order."""
    actor, now = accounts.acting(request), timezone.now()
    context: dict[str, Any] = shown(request, actor, pk, now=now)
    lines, is_whole = timeline(context["record"].subject)
    context |= {
        "lines": lines,
        "is_whole": is_whole,
        "bars": bars(context["record"], now=now),
        "whistles": whistles_of(actor, pk),
        "may_whistle": may_whistle(actor),
        "after": reverse("workorder-detail", args=[pk]),
    }
    return render(request, "workorders/record.html", context)
