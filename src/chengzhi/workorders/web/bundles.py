"""捆绑派遣: filed orders side by side, one deed, one number; and what became of each."""

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Permission, Role
from chengzhi.workorders.commands.bundle import dispatch_bundle
from chengzhi.workorders.queries import links
from chengzhi.workorders.queries.directory import directory
from chengzhi.workorders.queries.waiting import groups_to_dispatch
from chengzhi.workorders.web.deeds.reading import reason_in
from chengzhi.workorders.web.parsing import number_in
from chengzhi.workorders.web.picking import pager
from chengzhi.workorders.web.sheet import MOST_EXPORTED, sheet


@login_required
@require_GET
def bundle_list(request: HttpRequest) -> HttpResponse:
    """List the bundles, newest first, or export them."""
    actor, now = accounts.acting(request), timezone.now()
    unit, kind = request.GET.get("unit", ""), request.GET.get("export", "")
    if kind:
        return _export(actor, kind, unit, now=now)
    after = number_in(request.GET, "after")
    rows, total, next_key = links.bundle_page(actor, now=now, unit=unit, after=after)
    context = {
        "rows": rows,
        "unit": unit,
        "units": list(directory(actor.county, now=now).handlers.items()) if actor.county else [],
        "pager": pager(total, len(rows), next_key),
        "may_bundle": Role.DISPATCHER in actor.roles,
        "may_export": accounts.may(actor, Permission.EXPORT),
        "now": now,
    }
    return render(request, "workorders/bundles.html", context)


def _export(actor: Actor, kind: str, unit: str, *, now: datetime) -> HttpResponse:
    rows, _, _ = links.bundle_page(actor, now=now, unit=unit, size=MOST_EXPORTED)
    head = [
        gettext("捆绑编号"), gettext("处置单位"), gettext("件数"), gettext("在办"),
        gettext("派遣人"), gettext("派遣时间"), gettext("说明"),
    ]  # fmt: skip
    lines = [
        (r.code, r.unit_name, r.order_count, r.open_count, r.dispatched_by_name,
         r.dispatched_at, r.reason)
        for r in rows
    ]  # fmt: skip
    return sheet(actor, kind, gettext("捆绑派遣"), head, lines)


@login_required
@require_GET
def bundle(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one bundle with its orders, each under its own limit."""
    now = timezone.now()
    card, rows = links.bundle(accounts.acting(request), pk, now=now)
    return render(request, "workorders/bundle.html", {"card": card, "rows": rows, "now": now})


@login_required
@require_http_methods(["GET", "POST"])
def new_bundle(request: HttpRequest) -> HttpResponse:
    """Choose filed orders and dispatch them together; answer with what became of each."""
    actor, now = accounts.acting(request), timezone.now()
    accounts.require(actor, Role.DISPATCHER)
    context: dict[str, Any] = {"now": now}
    if request.method == "POST":
        chosen = [int(key) for key in request.POST.getlist("order") if key.isdecimal()]
        context["result"] = dispatch_bundle(
            chosen, unit=request.POST.get("unit", ""), reason=reason_in(request),
            actor=actor, now=now,
        )  # fmt: skip
    context["groups"] = groups_to_dispatch(actor, now=now)
    context["units"] = list(directory(actor.county, now=now).handlers.items())
    return render(request, "workorders/bundle_form.html", context)
