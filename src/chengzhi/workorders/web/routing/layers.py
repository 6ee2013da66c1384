"""The polygons that rules may name: loaded from GeoJSON, listed with what uses them."""

import json

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from chengzhi.accounts import interface as accounts
from chengzhi.kernel.errors import InvalidInput
from chengzhi.workorders.commands import routing as commands
from chengzhi.workorders.forms import LayerForm
from chengzhi.workorders.queries import routing as queries
from chengzhi.workorders.rules.routing import WRITERS
from chengzhi.workorders.web.parsing import done

MOST_BYTES = 1_000_000


@login_required
@require_http_methods(["GET", "POST"])
def layers(request: HttpRequest) -> HttpResponse:
    """List the layers, or load one."""
    actor, now = accounts.acting(request), timezone.now()
    found = queries.layers(actor, now=now)
    form = LayerForm(request.POST or None, request.FILES or None, label_suffix="")
    if request.method == "POST":
        accounts.require(actor, *WRITERS)
        if form.is_valid() and _load(form, request):
            return done(request, gettext("已装载图层。"), to=reverse("workorder-layers"))
    context = {
        "now": now,
        "form": form,
        "layers": found,
        "missing": queries.missing_layers(actor, now=now),
        "may_change": queries.may_change_routing(actor),
    }
    status = 422 if form.errors else 200
    return render(request, "workorders/routing_layers.html", context, status=status)


def _load(form: LayerForm, request: HttpRequest) -> bool:
    asked = form.cleaned_data
    try:
        commands.load_layer(
            asked["title"],
            geometry=_geojson(asked["file"]),
            actor=accounts.acting(request),
            now=timezone.now(),
        )
    except InvalidInput as error:
        form.add_error(error.field if error.field in form.fields else None, error.sentence)
        return False
    return True


def _geojson(file: object) -> object:
    if getattr(file, "size", 0) > MOST_BYTES:
        raise InvalidInput("图层文件不能超过 1 MB，请减少节点。", field="file")
    try:
        return json.loads(file.read())  # type: ignore[attr-defined]
    except (ValueError, RecursionError) as error:
        raise InvalidInput("这个文件不是 GeoJSON，请另存后重试。", field="file") from error
