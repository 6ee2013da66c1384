"""What the field works by: beats, control areas and windows, on-the-spot policies."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Permission
from chengzhi.kernel.errors import InvalidInput
from chengzhi.places import interface as places
from chengzhi.workorders.commands import field
from chengzhi.workorders.queries import beats as beat_queries
from chengzhi.workorders.queries import control, policies
from chengzhi.workorders.queries.directory import area_names, directory
from chengzhi.workorders.queries.people import collectors
from chengzhi.workorders.rules.control import when_text
from chengzhi.workorders.rules.fieldwork import BEAT_WRITERS, CONTROL_WRITERS, POLICY_WRITERS
from chengzhi.workorders.rules.limits import civil_date
from chengzhi.workorders.types import ControlDraft
from chengzhi.workorders.web.field_forms import BeatForm, ControlForm, PolicyForm
from chengzhi.workorders.web.parsing import done, number_in
from chengzhi.workorders.web.picking import pager
from chengzhi.workorders.web.routing.adding import matter_groups
from chengzhi.workorders.web.sheet import MOST_EXPORTED, sheet


@login_required
@require_GET
def beats(request: HttpRequest) -> HttpResponse:
    """List who looks after which area, or export it."""
    actor, now = accounts.acting(request), timezone.now()
    ended, kind = request.GET.get("view") == "ended", request.GET.get("export", "")
    if kind:
        cards, *_ = beat_queries.beat_book(actor, now=now, ended=ended, size=MOST_EXPORTED)
        head = [gettext("采集员"), gettext("范围"), gettext("星期"), gettext("备注")]
        lines = [(c.person_name, c.area_name, c.row.weekdays, c.row.note) for c in cards]
        return sheet(actor, kind, gettext("采集员责任网格"), head, lines)
    after = number_in(request.GET, "after")
    cards, total, next_key = beat_queries.beat_book(actor, now=now, ended=ended, after=after)
    context = _page(actor, cards, total, next_key, now) | {
        "is_ended": ended,
        "may_change": not actor.roles.isdisjoint(BEAT_WRITERS),
    }
    return render(request, "workorders/beats.html", context)


def _page(actor: Actor, rows: Any, total: int, next_key: int | None, now: datetime) -> Any:
    return {
        "rows": rows,
        "pager": pager(total, len(rows), next_key),
        "may_export": accounts.may(actor, Permission.EXPORT),
        "now": now,
    }


@login_required
@require_http_methods(["GET", "POST"])
def add_beat(request: HttpRequest) -> HttpResponse:
    """Write a beat that holds from today on."""
    actor, now = accounts.acting(request), timezone.now()
    accounts.require(actor, *BEAT_WRITERS)
    people = sorted(collectors(actor.county, now=now).items())
    form = BeatForm(request.POST or None, people=people, areas=_areas(actor, now))

    def write(said: dict[str, Any]) -> None:
        field.add_beat(**said | {"weekdays": "".join(said["weekdays"])}, actor=actor, now=now)

    back = reverse("workorder-beats")
    title = gettext("新增责任网格")
    return _written(request, form, write, back=back, title=title, said=gettext("已新增。"))


@login_required
@require_POST
def end_beat(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop a beat from today on."""
    field.end_beat(pk, actor=accounts.acting(request), now=timezone.now())
    return done(request, gettext("已停用。"), to=reverse("workorder-beats"))


def _areas(actor: Actor, now: datetime) -> list[Any]:
    known = directory(actor.county, now=now)
    grids = [
        (grid.code, f"{known.towns.get(grid.town, '')} {grid.name}".strip())
        for grid in places.grid_refs(actor.county)
    ]
    groups = [(gettext("责任网格"), grids), (gettext("街道（乡镇）"), list(known.towns.items()))]
    return [group for group in groups if group[1]]


def _written(
    request: HttpRequest,
    form: forms.Form,
    write: Callable[[dict[str, Any]], None],
    *,
    back: str,
    title: str,
    said: str,
    template: str = "workorders/setting_form.html",
) -> HttpResponse:
    """Write what a valid form says and go back to the list, or show what is to be mended."""
    if request.method == "POST" and form.is_valid():
        try:
            write(form.cleaned_data)
        except InvalidInput as refused:
            name = refused.field if refused.field in form.fields else None
            form.add_error(name, refused.sentence)
        else:
            return done(request, said, to=back)
    status = 422 if form.errors else 200
    context = {"form": form, "title": title, "back": back, "now": timezone.now()}
    return render(request, template, context, status=status)


@login_required
@require_GET
def controls(request: HttpRequest) -> HttpResponse:
    """List the control areas and windows in force, coming or ended, or export them."""
    actor, now = accounts.acting(request), timezone.now()
    view = request.GET.get("view", "") or control.VIEWS[0]
    if view not in control.VIEWS:
        raise InvalidInput(f"没有“{view[:20]}”这一页，请从上方选择。", field="view")
    text, kind = request.GET.get("text", "").strip()[:50], request.GET.get("export", "")
    if kind:
        found, *_ = control.control_book(actor, now=now, view=view, text=text, size=MOST_EXPORTED)
        return _controls_sheet(actor, kind, [_shown(row, actor, now) for row in found])
    after = number_in(request.GET, "after")
    found, total, next_key = control.control_book(actor, now=now, view=view, text=text, after=after)
    context = _page(actor, [_shown(row, actor, now) for row in found], total, next_key, now) | {
        "view": view,
        "views": [("in-force", "现行"), ("coming", "未开始"), ("ended", "已结束")],
        "text": text,
        "may_change": not actor.roles.isdisjoint(CONTROL_WRITERS),
    }
    return render(request, "workorders/controls.html", context)


def _shown(row: Any, actor: Actor, now: datetime) -> dict[str, Any]:
    areas = area_names(actor.county, towns=directory(actor.county, now=now).towns)
    road = places.road(row.road) if row.road else None
    where = [areas.get(row.area_prefix, row.area_prefix), road.name if road else row.road]
    drawn = [gettext("地图上画出的范围")] if row.polygon else []
    return {
        "row": row,
        "when": when_text(row),
        "where": "、".join([name for name in where if name] + drawn),
        "matters": "、".join(row.matter_prefixes),
    }


def _controls_sheet(actor: Actor, kind: str, rows: list[dict[str, Any]]) -> HttpResponse:
    head = [
        gettext("名称"), gettext("许可文号"), gettext("事项"), gettext("范围"), gettext("时段"),
        gettext("从哪天"), gettext("到哪天之前"),
    ]  # fmt: skip
    lines = [
        (shown["row"].title, shown["row"].permit, shown["matters"], shown["where"],
         shown["when"], shown["row"].valid_from, shown["row"].valid_to)
        for shown in rows
    ]  # fmt: skip
    return sheet(actor, kind, gettext("管控范围"), head, lines)


@login_required
@require_http_methods(["GET", "POST"])
def add_control(request: HttpRequest) -> HttpResponse:
    """Write down where and when something is allowed, with the area drawn on the map."""
    actor, now = accounts.acting(request), timezone.now()
    accounts.require(actor, *CONTROL_WRITERS)
    offered = {
        "matters": matter_groups(civil_date(now)),
        "areas": _areas(actor, now),
        "roads": places.road_list(actor.county),
    }
    start = {"valid_from": civil_date(now)}
    form = (
        ControlForm(request.POST, **offered)
        if request.method == "POST"
        else ControlForm(initial=start, **offered)
    )

    def write(said: dict[str, Any]) -> None:
        field.add_control(_draft(said), actor=actor, now=now)

    return _written(
        request, form, write, back=reverse("workorder-controls"), title=gettext("新增管控范围"),
        said=gettext("已新增管控范围。"), template="workorders/control_form.html",
    )  # fmt: skip


def _draft(said: dict[str, Any]) -> ControlDraft:
    return ControlDraft(
        **{
            **said,
            "weekdays": "".join(said["weekdays"]),
            "matter_prefixes": tuple(said["matter_prefixes"]),
        }
    )


@login_required
@require_POST
def end_control(request: HttpRequest, pk: int) -> HttpResponse:
    """End a control area or window today."""
    field.end_control(pk, actor=accounts.acting(request), now=timezone.now())
    return done(request, gettext("已停用管控范围。"), to=reverse("workorder-controls"))


@login_required
@require_GET
def spot_policies(request: HttpRequest) -> HttpResponse:
    """List the on-the-spot policies in force or ended, or export them."""
    actor, now = accounts.acting(request), timezone.now()
    ended, kind = request.GET.get("view") == "ended", request.GET.get("export", "")
    if kind:
        rows, *_ = policies.policy_book(actor, now=now, ended=ended, size=MOST_EXPORTED)
        head = [
            gettext("名称"), gettext("文号"), gettext("事项"), gettext("抽查比例（%）"),
            gettext("负责人"), gettext("公布日期"),
        ]  # fmt: skip
        lines: list[tuple[str | int | date, ...]] = [
            (r.title, r.document, " ".join(r.matter_prefixes), r.sample_percent,
             r.answerable_name, r.valid_from)
            for r in rows
        ]  # fmt: skip
        return sheet(actor, kind, gettext("现场处置办法"), head, lines)
    after = number_in(request.GET, "after")
    rows, total, next_key = policies.policy_book(actor, now=now, ended=ended, after=after)
    context = _page(actor, rows, total, next_key, now) | {
        "is_ended": ended,
        "may_change": not actor.roles.isdisjoint(POLICY_WRITERS),
    }
    return render(request, "workorders/policies.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def publish_policy(request: HttpRequest) -> HttpResponse:
    """Publish what collectors may handle on the spot; whoever publishes answers for it."""
    actor, now = accounts.acting(request), timezone.now()
    accounts.require(actor, *POLICY_WRITERS)
    form = PolicyForm(request.POST or None, matters=matter_groups(civil_date(now)))

    def write(said: dict[str, Any]) -> None:
        chosen = tuple(said["matter_prefixes"])
        field.publish_policy(**said | {"matter_prefixes": chosen}, actor=actor, now=now)

    back, title = reverse("workorder-policies"), gettext("公布现场处置办法")
    return _written(request, form, write, back=back, title=title, said=gettext("已公布。"))


@login_required
@require_POST
def end_policy(request: HttpRequest, pk: int) -> HttpResponse:
    """End a policy today."""
    field.end_policy(pk, actor=accounts.acting(request), now=timezone.now())
    return done(request, gettext("已废止。"), to=reverse("workorder-policies"))
