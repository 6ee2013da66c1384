"""The form of a whistle: written, amended, and blown at once where the button says so."""

from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Role
from chengzhi.evidence.types import FileRole
from chengzhi.kernel.errors import DomainError, InvalidInput
from chengzhi.workorders.commands import whistle as commands
from chengzhi.workorders.queries.record import record as order_record
from chengzhi.workorders.queries.whistle_access import askable
from chengzhi.workorders.queries.whistle_record import whistle_record
from chengzhi.workorders.rules.limits import civil_date, matter_choices
from chengzhi.workorders.rules.whistle_limits import whistle_limits
from chengzhi.workorders.types.whistles import (
    URGENCY_LABELS,
    Urgency,
    WhistleDraft,
    WhistleRecord,
)
from chengzhi.workorders.web.parsing import done, float_in, number_in, photos_from
from chengzhi.workorders.web.whistles import frame


@login_required
@require_http_methods(["GET", "POST"])
def new_whistle(request: HttpRequest) -> HttpResponse:
    """Write a new whistle, perhaps from a work order."""
    actor, now = accounts.acting(request), timezone.now()
    accounts.require(actor, Role.TOWN_OFFICER)
    if request.method == "GET":
        return _form(request, actor, _beginning(request, actor, now=now), now=now)
    try:
        draft = draft_in(request, actor, now=now)
        made = commands.draft_whistle(draft, actor=actor, now=now)
    except InvalidInput as refused:
        return _form(request, actor, None, now=now, refused=refused)
    return _after_writing(request, made.pk, actor, now=now)


@login_required
@require_http_methods(["GET", "POST"])
def edit_whistle(request: HttpRequest, pk: int) -> HttpResponse:
    """Rewrite a draft or a returned whistle."""
    actor, now = accounts.acting(request), timezone.now()
    found = whistle_record(actor, pk, now=now)
    accounts.require(actor, Role.TOWN_OFFICER)
    if request.method == "GET":
        return _form(request, actor, found.draft, now=now, found=found)
    try:
        commands.amend_whistle(pk, draft_in(request, actor, now=now), actor=actor, now=now)
    except InvalidInput as refused:
        return _form(request, actor, None, now=now, refused=refused, found=found)
    return _after_writing(request, pk, actor, now=now)


def _after_writing(request: HttpRequest, pk: int, actor: Actor, *, now: datetime) -> HttpResponse:
    """Blow it at once where the button says so; a refusal leaves the draft with its reason."""
    to = reverse("whistle-detail", args=[pk])
    if request.POST.get("and") != "issue":
        return done(request, gettext("已保存草稿。"), to=to)
    try:
        made = commands.issue_whistle(pk, actor=actor, now=now)
    except DomainError as refused:
        return done(request, gettext("已保存草稿，但还不能吹哨：%s") % refused.sentence, to=to)
    return done(request, gettext("已吹哨 %s。") % made.code, to=to)


def draft_in(request: HttpRequest, actor: Actor, *, now: datetime) -> WhistleDraft:
    """Return what the form says."""
    said = request.POST
    urgency = said.get("urgency", "")
    if urgency not in set(Urgency):
        raise InvalidInput("没有选择紧急程度，请选一般、紧急或重大。", field="urgency")
    return WhistleDraft(
        items=tuple(v for v in said.getlist("items") if v),
        urgency=Urgency(urgency),
        lon=float_in(said, "lon"),
        lat=float_in(said, "lat"),
        address=said.get("address", ""),
        description=said.get("description", ""),
        departments=tuple(v for v in said.getlist("departments") if v),
        lead=said.get("lead", ""),
        work_order=number_in(said, "work_order"),
        photos=photos_from(request, FileRole.NEAR, actor=actor, now=now),
    )


def _beginning(request: HttpRequest, actor: Actor, *, now: datetime) -> WhistleDraft | None:
    number = number_in(request.GET, "work_order")
    if not number:
        return None
    order = order_record(actor, number, now=now)
    return WhistleDraft(
        items=(order.row.matter_code,),
        urgency=Urgency.NORMAL,
        lon=order.row.lon,
        lat=order.row.lat,
        address=order.row.address,
        description=order.description,
        departments=(),
        lead="",
        work_order=number,
    )


def _form(
    request: HttpRequest,
    actor: Actor,
    draft: WhistleDraft | None,
    *,
    now: datetime,
    refused: InvalidInput | None = None,
    found: WhistleRecord | None = None,
) -> HttpResponse:
    on, said = civil_date(now), request.POST
    chosen = {
        "items": list(draft.items) if draft else said.getlist("items"),
        "urgency": draft.urgency if draft else said.get("urgency", "normal"),
        "lon": draft.lon if draft else said.get("lon", ""),
        "lat": draft.lat if draft else said.get("lat", ""),
        "address": draft.address if draft else said.get("address", ""),
        "description": draft.description if draft else said.get("description", ""),
        "departments": list(draft.departments) if draft else said.getlist("departments"),
        "lead": draft.lead if draft else said.get("lead", ""),
        "work_order": draft.work_order if draft else said.get("work_order", ""),
    }
    context = frame(actor, now=now) | {
        "chosen": chosen,
        "refused": refused,
        "record": found,
        "matters": matter_choices(on=on),
        "units": list(askable(actor.county, now=now).items()),
        "urgencies": [(u, URGENCY_LABELS[u], whistle_limits(u, on=on)) for u in Urgency],
    }
    status = 422 if refused else 200
    return render(request, "workorders/whistles/form.html", context, status=status)
