"""Pages of coverage plans (错区域): versions, the week's matrix, gaps and overlaps, the editor."""

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Permission
from chengzhi.kernel.errors import InvalidInput
from chengzhi.workorders.commands import coverage as commands
from chengzhi.workorders.procedure.coverage import PLANNERS
from chengzhi.workorders.queries import coverage as queries
from chengzhi.workorders.queries.directory import directory
from chengzhi.workorders.rules.coverage import coverage_settings
from chengzhi.workorders.rules.limits import civil_date
from chengzhi.workorders.rules.words import span
from chengzhi.workorders.types.coverage import (
    SOURCE_LABELS,
    WEEKDAY_NAMES,
    WEEKDAYS,
    CellChange,
    PlanView,
    Source,
)
from chengzhi.workorders.web.parsing import day_in, done, number_in
from chengzhi.workorders.web.sheet import file_of

VIEWS = ("plan", "gaps", "overlaps")


@login_required
@require_GET
def coverage_home(request: HttpRequest) -> HttpResponse:
    """Open the version that holds, or the list of versions where there is none."""
    actor = accounts.acting(request)
    accounts.require(actor, *queries.READERS)
    active = queries.active_plan(actor.county)
    if active is None:
        return redirect("coverage-plans")
    return redirect(reverse("coverage-plan", args=[active.pk]))


@login_required
@require_GET
def coverage_plans(request: HttpRequest) -> HttpResponse:
    """List the versions by date."""
    actor, now = accounts.acting(request), timezone.now()
    refs = queries.plan_refs(actor)
    if kind := request.GET.get("export", ""):
        accounts.permit(actor, Permission.EXPORT)
        words = ("编号", "状态", "启用日期", "终止日期", "片区", "空档", "说明")
        head = [gettext(word) for word in words]
        lines = [
            (
                ref.id,
                ref.state_label,
                ref.starts_on,
                ref.ends_on,
                ref.zone_count,
                ref.gap_count,
                ref.note,
            )
            for ref in refs
        ]
        return file_of(kind, gettext("错区域计划"), head, lines)
    context = {
        "now": now,
        "rows": refs,
        "pager": {"total": len(refs), "shown": len(refs)},
        "may_plan": not actor.roles.isdisjoint(PLANNERS),
        "may_export": accounts.may(actor, Permission.EXPORT),
        "next_monday": queries.next_monday(civil_date(now)).isoformat(),
    }
    return render(request, "workorders/coverage/plans.html", context)


@login_required
@require_GET
def coverage_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one version on one weekday: the matrix with gaps and overlaps, or its editor."""
    actor, now = accounts.acting(request), timezone.now()
    weekday = number_in(request.GET, "weekday", default=civil_date(now).isoweekday())
    if weekday not in WEEKDAYS:
        raise InvalidInput("星期应为 1 至 7，请从上方选择。", field="weekday")
    view = request.GET.get("view", "") or VIEWS[0]
    if view not in VIEWS:
        raise InvalidInput(f"没有“{view[:20]}”这一页，请从上方选择。", field="view")
    found = queries.plan_view(actor, pk, weekday=weekday, now=now)
    if kind := request.GET.get("export", ""):
        accounts.permit(actor, Permission.EXPORT)
        return _export(kind, actor, pk, now=now)
    context = _shown(found, actor, now=now) | {"view": view, "weekday": weekday}
    return render(request, "workorders/coverage/plan.html", context)


def _shown(found: PlanView, actor: Actor, *, now: datetime) -> dict[str, Any]:
    numbers = found.numbers
    return {
        "now": now,
        "plan": found,
        "ref": found.ref,
        "slots": coverage_settings().slots,
        "days": list(zip(WEEKDAYS, WEEKDAY_NAMES, strict=True)),
        "choices": _choices(),
        "units": list(directory(actor.county, now=now).handlers.items()),
        "free": list(queries.free_grids(queries.access_plan(actor, found.ref.id)).items()),
        "may_export": accounts.may(actor, Permission.EXPORT),
        "tiles": [
            (gettext("时段"), f"{numbers.slots:,}", ""),
            (gettext("空档"), f"{numbers.gaps:,}", "gaps"),
            (gettext("重叠"), f"{numbers.overlaps:,}", "overlaps"),
            (gettext("发现到处置"), span(numbers.handling) if numbers.handling else "—", ""),
            (gettext("智能发现占比"), _percent(numbers.ai_share), ""),
        ],
        "lately": coverage_settings().overlap_days,
        "gap_zones": [zone for zone in found.zones if zone.gap_week],
        "overlap_zones": [zone for zone in found.zones if zone.overlap_week],
    }


def _percent(share: float | None) -> str:
    return "—" if share is None else f"{share:.1%}"


def _choices() -> list[tuple[str, str]]:
    """Return every primary alone and with each backup, as the editor's select offers them."""
    pairs = [("", gettext("空档"))]
    for first in Source:
        label = gettext(SOURCE_LABELS[first])
        pairs.append((str(first), label))
        pairs += [
            (f"{first}+{second}", f"{label}，{gettext('备份')}{gettext(SOURCE_LABELS[second])}")
            for second in Source
            if second is not first
        ]
    return pairs


def _export(kind: str, actor: Actor, pk: int, *, now: datetime) -> HttpResponse:
    words = ("片区", "星期", "时段", "主责来源", "备份来源", "责任单位", "空档", "近期各来源发现")
    head = [gettext(word) for word in words]
    lines = []
    for weekday, name in zip(WEEKDAYS, WEEKDAY_NAMES, strict=True):
        found = queries.plan_view(actor, pk, weekday=weekday, now=now)
        for zone in found.zones:
            for cell, slot in zip(zone.cells, coverage_settings().slots, strict=True):
                lately = "、".join(f"{key} {count}" for key, count in cell.found.items())
                backup = SOURCE_LABELS.get(cell.backup, "")
                unit = cell.unit_name or zone.unit_name
                lines.append(
                    (zone.name, name, slot.label, cell.label, backup, unit, cell.is_gap, lately)
                )
    return file_of(kind, gettext("错区域计划"), head, lines)


@login_required
@require_GET
def coverage_shapes(request: HttpRequest, pk: int) -> HttpResponse:
    """Return the zones' grids as GeoJSON, coloured by gaps and overlaps."""
    found = queries.coverage_map(accounts.acting(request), pk, now=timezone.now())
    return JsonResponse(found)


@login_required
@require_POST
def draft(request: HttpRequest) -> HttpResponse:
    """Write a new version."""
    actor, now = accounts.acting(request), timezone.now()
    starts_on = day_in(request.POST, "starts_on")
    if starts_on is None:
        raise InvalidInput("没有填写启用日期，请选择日期。", field="starts_on")
    note = request.POST.get("note", "")
    made = commands.draft_plan(starts_on=starts_on, note=note, actor=actor, now=now)
    return done(
        request,
        gettext("已编制新计划，请修改后启用。"),
        to=reverse("coverage-plan", args=[made.pk]),
    )


@login_required
@require_POST
def deed(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Fill the week, split a zone, activate or discard a version."""
    actor, now = accounts.acting(request), timezone.now()
    to = reverse("coverage-plan", args=[pk])
    if name == "fill":
        changes, units = _changes(request)
        commands.fill_cells(pk, changes=changes, units=units, actor=actor, now=now)
        weekday = number_in(request.POST, "weekday", default=1)
        return done(request, gettext("已保存。"), to=f"{to}?weekday={weekday}")
    if name == "split":
        commands.split_zone(
            pk, title=request.POST.get("title", ""), unit=request.POST.get("unit", ""),
            grids=tuple(v for v in request.POST.getlist("grids") if v), actor=actor, now=now,
        )  # fmt: skip
        return done(request, gettext("已单列片区。"), to=to)
    if name == "activate":
        commands.activate_plan(pk, actor=actor, now=now)
        return done(request, gettext("已启用计划。"), to=to)
    if name == "discard":
        commands.discard_plan(pk, actor=actor, now=now)
        return done(request, gettext("已弃用计划。"), to=reverse("coverage-plans"))
    raise Http404


def _changes(request: HttpRequest) -> tuple[tuple[CellChange, ...], dict[int, str]]:
    """Return the form's cells for its weekday, or for every day of the week where asked."""
    said = request.POST
    days = WEEKDAYS if said.get("whole_week") == "1" else (number_in(said, "weekday", default=1),)
    changes: list[CellChange] = []
    units: dict[int, str] = {}
    for zone in said.getlist("zone"):
        if not zone.isdecimal() or len(zone) > 15:
            raise InvalidInput("片区编号无法识别，请重新打开页面。", field="zone")
        units[int(zone)] = said.get(f"unit-{zone}", "")
        for slot in coverage_settings().slots:
            primary, _, backup = said.get(f"cell-{zone}-{slot.key}", "").partition("+")
            changes += [
                CellChange(
                    zone=int(zone), weekday=day, slot=slot.key, primary=primary, backup=backup
                )
                for day in days
            ]
    return tuple(changes), units
