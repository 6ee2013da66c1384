"""The new report: written down at the centre, with a point picked on the map."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Role
from chengzhi.evidence.types import FileRole
from chengzhi.kernel.errors import InvalidInput
from chengzhi.places.types import Point
from chengzhi.workorders.commands import intake, spot
from chengzhi.workorders.forms import ReportForm
from chengzhi.workorders.queries import here
from chengzhi.workorders.queries.control import control_here
from chengzhi.workorders.rules.limits import matter_choices
from chengzhi.workorders.rules.reports import CHANNEL_ROLES, channels_for
from chengzhi.workorders.types import Channel, Report, Reported
from chengzhi.workorders.web.parsing import done, float_in, photos_from


@login_required
def new_report(request: HttpRequest) -> HttpResponse:
    """Show the form, or make a work order of it."""
    actor = accounts.acting(request)
    channels = channels_for(actor.roles)
    if not channels:
        accounts.require(actor, *sorted(CHANNEL_ROLES[Channel.HOTLINE]))
    form = _form(request, channels)
    if request.method == "POST" and form.is_valid():
        try:
            return _made(request, _report(form, request, actor), actor)
        except (InvalidInput, spot.NotForTheSpot) as refused:
            form.add_error(
                refused.field if refused.field in form.fields else None, refused.sentence
            )
    status = 422 if form.is_bound else 200
    context = {"form": form, "may_handle": Role.COLLECTOR in actor.roles}
    return render(request, "workorders/report_form.html", context, status=status)


def _form(request: HttpRequest, channels: list[Channel]) -> ReportForm:
    on = timezone.localdate()
    choices: dict[str, Any] = {"channels": channels, "matters": matter_choices(on=on)}
    if request.method == "POST":
        return ReportForm(request.POST, **choices)
    start = {"client_ref": f"console:{uuid4()}"}
    known = _known(ReportForm(request.GET, **choices)) if request.GET else {}
    return ReportForm(initial={**known, **start}, **choices)


def _known(asked: ReportForm) -> dict[str, Any]:
    """Return what the page that led here knows already; what cannot be read is left empty."""
    asked.is_valid()
    return {name: value for name, value in asked.cleaned_data.items() if name in asked.data}


def _report(form: ReportForm, request: HttpRequest, actor: Actor) -> Report:
    said = form.cleaned_data
    photos = photos_from(request, FileRole.NEAR, actor=actor, now=timezone.now())
    return Report(**{**said, "channel": Channel(said["channel"]), "photos": photos})


def _made(request: HttpRequest, received: Report, actor: Actor) -> HttpResponse:
    now = timezone.now()
    if request.POST.get("handled") == "1":
        after = photos_from(request, FileRole.AFTER, actor=actor, now=now, name="after_photos")
        done_there = replace(received, photos=(*received.photos, *after))
        made = spot.report_handled(done_there, actor=actor, now=now)
    else:
        made = intake.report(received, actor=actor, now=now)
    return done(request, _said(made), to=reverse("workorder-detail", args=[made.id]))


def _said(made: Reported) -> str:
    if made.duplicates:
        return gettext("已登记 %(code)s；附近有 %(count)d 件同类，请判断是否重复。") % {
            "code": made.code,
            "count": len(made.duplicates),
        }
    return gettext("已登记 %s。") % made.code


@login_required
@require_GET
def nearby(request: HttpRequest) -> HttpResponse:
    """Show what was reported close to the picked point, while the form is being filled in."""
    actor, now = accounts.acting(request), timezone.now()
    lon, lat = float_in(request.GET, "lon"), float_in(request.GET, "lat")
    matter = request.GET.get("matter_code", "")
    found = here.nearby(actor, lon, lat, now=now, matter=matter or None)
    allowed = control_here(
        actor.county, matter=matter, point=Point(lon=lon, lat=lat), at=now, now=now
    )
    context = {"found": found[:5], "control": allowed if matter else ""}
    return render(request, "workorders/parts/nearby.html", context)
