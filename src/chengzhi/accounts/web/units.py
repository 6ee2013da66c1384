"""The administrator's pages of units."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chengzhi.accounts import commands, queries
from chengzhi.accounts.forms import UnitForm, done
from chengzhi.accounts.interface import acting
from chengzhi.accounts.rules import permit
from chengzhi.accounts.types import UNIT_KIND_LABELS, Permission


@login_required
@require_GET
def units(request: HttpRequest) -> HttpResponse:
    """List the county's units."""
    actor = acting(request)
    permit(actor, Permission.MANAGE_UNITS)
    rows = queries.unit_cards(actor)
    names = {unit.code: unit.name for unit in rows}
    context = {
        "units": [(unit, UNIT_KIND_LABELS[unit.kind], names.get(unit.parent, "")) for unit in rows],
        "now": timezone.now(),
    }
    return render(request, "accounts/units.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def create_unit(request: HttpRequest) -> HttpResponseBase:
    """Create a unit."""
    actor = acting(request)
    permit(actor, Permission.MANAGE_UNITS)
    form = UnitForm(
        request.POST or None, units=queries.unit_cards(actor), initial={"division": actor.county}
    )
    if request.method == "POST" and form.is_valid():
        code = done(
            form, lambda: commands.create_unit(**form.values(), actor=actor, now=timezone.now())
        )
        if code:
            messages.success(request, _("已新增机构"))
            return redirect("units")
    context = {"form": form, "now": timezone.now()}
    return render(request, "accounts/unit_form.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def close_unit(request: HttpRequest, code: str) -> HttpResponseBase:
    """Close a unit from today on."""
    commands.close_unit(
        code, closed_on=timezone.localdate(), actor=acting(request), now=timezone.now()
    )
    messages.success(request, _("已撤销机构"))
    return redirect("units")
