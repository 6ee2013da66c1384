"""The form in which an ownerless problem is registered, perhaps from a work order."""

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor
from chengzhi.evidence.types import FileRole
from chengzhi.kernel.errors import InvalidInput
from chengzhi.workorders.commands import remedy_search
from chengzhi.workorders.procedure.remedy import REGISTRARS
from chengzhi.workorders.queries.record import record as order_record
from chengzhi.workorders.rules.remedy_limits import remedy_settings
from chengzhi.workorders.types.remedies import (
    ProblemDraft,
)
from chengzhi.workorders.web.parsing import done, float_in, number_in, photos_from
from chengzhi.workorders.web.remedies import frame


@login_required
@require_http_methods(["GET", "POST"])
def new_problem(request: HttpRequest) -> HttpResponse:
    """Register an ownerless problem, perhaps from a work order."""
    actor, now = accounts.acting(request), timezone.now()
    accounts.require(actor, *sorted(REGISTRARS))
    if request.method == "GET":
        return _form(request, _beginning(request, actor, now=now), actor, now=now)
    try:
        draft = _draft_in(request, actor, now=now)
        made = remedy_search.register_problem(draft, actor=actor, now=now)
    except InvalidInput as refused:
        return _form(request, _typed(request), actor, now=now, refused=refused)
    to = reverse("remedy-detail", args=[made.pk])
    return done(request, gettext("已登记 %s。") % made.code, to=to)


def _draft_in(request: HttpRequest, actor: Actor, *, now: datetime) -> ProblemDraft:
    said = request.POST
    return ProblemDraft(
        kind=said.get("kind", ""),
        lon=float_in(said, "lon"),
        lat=float_in(said, "lat"),
        address=said.get("address", ""),
        description=said.get("description", ""),
        is_hazard=said.get("hazard") == "1",
        component_code=said.get("component_code", ""),
        work_order=number_in(said, "work_order"),
        photos=photos_from(request, FileRole.BEFORE, actor=actor, now=now),
    )


def _typed(request: HttpRequest) -> dict[str, Any]:
    names = (
        "kind",
        "lon",
        "lat",
        "address",
        "description",
        "hazard",
        "component_code",
        "work_order",
    )
    return {name: request.POST.get(name, "") for name in names}


def _beginning(request: HttpRequest, actor: Actor, *, now: datetime) -> dict[str, Any]:
    number = number_in(request.GET, "work_order")
    if not number:
        return {}
    order = order_record(actor, number, now=now)
    return {
        "work_order": number,
        "lon": order.row.lon,
        "lat": order.row.lat,
        "address": order.row.address,
        "description": order.description,
        "component_code": order.component_code,
    }


def _form(
    request: HttpRequest,
    chosen: dict[str, Any],
    actor: Actor,
    *,
    now: datetime,
    refused: InvalidInput | None = None,
) -> HttpResponse:
    settings = remedy_settings()
    context = frame(actor, now=now) | {
        "chosen": chosen,
        "refused": refused,
        "kinds": [(key, name, settings.solve[key]) for key, name in settings.kinds.items()],
        "fence": settings.fence,
    }
    status = 422 if refused else 200
    return render(request, "workorders/remedies/form.html", context, status=status)
