"""Pages of the component register."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.interface import acting
from chengzhi.accounts.types import Actor, Permission
from chengzhi.audit import interface as audit
from chengzhi.kernel.errors import DomainError
from chengzhi.places import commands
from chengzhi.places.forms import ChangeForm, RegisterForm
from chengzhi.places.queries import components as register
from chengzhi.places.queries import pages
from chengzhi.places.types import COMPONENT_STATUS_LABELS, ComponentStatus
from chengzhi.places.web.divisions import frame, pager
from chengzhi.places.web.export import MOST, export

FILTERS = ("text", "type_code", "status", "town", "cell")
HEAD = (
    "管理部件标识码", "部件名称", "类别", "状态", "街道（乡镇）", "社区（村）", "单元网格", "主管部门",
    "养护单位", "经度", "纬度", "初始日期", "变更日期",
)  # fmt: skip


@login_required
@require_GET
def components(request: HttpRequest) -> HttpResponse:
    """List the components by text, type, status, town and cell; or export them."""
    actor = acting(request)
    asked = {key: request.GET.get(key, "").strip() for key in FILTERS}
    wanted = register.ComponentFilter(**asked)
    if kind := request.GET.get("export", ""):
        rows = pages.exported_components(actor, wanted, most=MOST)
        return export(actor, kind, name="部件", head=HEAD, rows=(_row(r) for r in rows))
    keys = {key: request.GET.get(key, "") for key in ("after", "before")}
    page = pages.component_rows(actor, wanted, **keys)
    context = {
        **frame(actor, "components"),
        "page": page,
        "pager": pager(page),
        "asked": asked,
        "is_filtered": any(asked.values()),
        "towns": pages.towns_of(actor),
        "types": register.type_names().items(),
        "states": [(str(status), label) for status, label in COMPONENT_STATUS_LABELS.items()],
    }
    return render(request, "places/components.html", context)


def _row(row: pages.ComponentRow) -> tuple[Any, ...]:
    return (
        row.code, row.name, row.type_name, row.status_label, row.town_name, row.community_name,
        row.cell_code, row.authority_name, row.maintainer_name, row.lon, row.lat, row.initial_on,
        row.changed_on,
    )  # fmt: skip


@login_required
@require_GET
def component(request: HttpRequest, code: str) -> HttpResponse:
    """Show one component: attributes left, history right."""
    actor = acting(request)
    return render(request, "places/component.html", _context(actor, code))


def _context(actor: Actor, code: str, form: ChangeForm | None = None) -> dict[str, Any]:
    found = pages.component_detail(actor, code)
    initial = {
        "status": found.status,
        "maintainer_name": found.maintainer_name,
        "remark": found.remark,
    }
    return {
        **frame(actor, "components"),
        "component": found,
        "is_removed": found.status == ComponentStatus.REMOVED,
        "form": form or ChangeForm(initial=initial),
        "points": [{"lon": found.lon, "lat": found.lat, "kind": "here", "label": found.name}],
        "entries": audit.history(f"component:{code}")[::-1],
    }


@login_required
@require_POST
def change_component(request: HttpRequest, code: str) -> HttpResponse:
    """Change status, maintainer or remark of a component."""
    actor = acting(request)
    form = ChangeForm(request.POST)
    if not form.is_valid():
        return render(request, "places/component.html", _context(actor, code, form), status=422)
    commands.change_component(code, form.change(), actor=actor, now=timezone.now())
    messages.success(request, _("已变更"))
    return redirect("places-component", code)


@login_required
@require_POST
def remove_component(request: HttpRequest, code: str) -> HttpResponse:
    """Mark a component as removed, with the reason."""
    reason = request.POST.get("reason", "")
    commands.remove_component(code, reason=reason, actor=acting(request), now=timezone.now())
    messages.success(request, _("已移除，标识码保留"))
    return redirect("places-component", code)


@login_required
@require_http_methods(["GET", "POST"])
def register_component(request: HttpRequest) -> HttpResponse:
    """Enter a component."""
    actor = acting(request)
    accounts.permit(actor, Permission.MANAGE_PLACES)
    form = RegisterForm(request.POST or None, types=register.type_names())
    if request.method == "POST" and form.is_valid():
        try:
            code = commands.register_component(form.component(), actor=actor, now=timezone.now())
        except DomainError as error:
            form.add_error(None, error.sentence)
        else:
            messages.success(request, _("已登记 %(code)s") % {"code": code})
            return redirect("places-component", code)
    context = {**frame(actor, "components"), "form": form}
    return render(request, "places/component_new.html", context, status=422 if form.errors else 200)
