"""The page of one work order: facts left, timeline right, the next action prominent; and print."""

from typing import Any

import segno
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from chengzhi.accounts import interface as accounts
from chengzhi.workorders.procedure.remedy import REGISTRARS
from chengzhi.workorders.queries.retention import kept
from chengzhi.workorders.queries.whistle_record import may_whistle
from chengzhi.workorders.web.beside import beside
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
        "may_whistle": may_whistle(actor),
        "kept": kept(actor, context["record"], now=now),
        "may_register": not actor.roles.isdisjoint(REGISTRARS),
        "after": reverse("workorder-detail", args=[pk]),
        **beside(actor, context["record"], now=now),
        "pk": pk,
    }
    return render(request, "workorders/record.html", context)


@login_required
@require_GET
def print_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one work order as a sheet to print, with a code that leads back to its page."""
    actor, now = accounts.acting(request), timezone.now()
    context: dict[str, Any] = shown(request, actor, pk, now=now)
    lines, is_whole = timeline(context["record"].subject)
    address = request.build_absolute_uri(reverse("workorder-detail", args=[pk]))
    code = segno.make(address, error="m")
    context |= {
        "lines": lines[::-1],
        "is_whole": is_whole,
        "address": address,
        "code": code.svg_inline(scale=3, border=0, dark="#000", omitsize=True),
    }
    return render(request, "workorders/print.html", context)
