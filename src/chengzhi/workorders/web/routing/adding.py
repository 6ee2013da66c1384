"""A rule is tried on the last weeks before it is saved, and ended from today on."""

from datetime import date, datetime

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor
from chengzhi.kernel.errors import InvalidInput
from chengzhi.places import interface as places
from chengzhi.standards import store
from chengzhi.workorders.commands import routing as commands
from chengzhi.workorders.forms import Choices, RoutingForm
from chengzhi.workorders.queries import routing as queries
from chengzhi.workorders.queries.directory import Directory, directory
from chengzhi.workorders.queries.trial import draft_row, trial
from chengzhi.workorders.rules.limits import civil_date
from chengzhi.workorders.rules.routing import WRITERS
from chengzhi.workorders.types import DryRun
from chengzhi.workorders.web.parsing import done

TRY = "try"


@login_required
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Try a rule on the work orders of the last weeks (`deed=try`), or write it."""
    actor, now = accounts.acting(request), timezone.now()
    accounts.require(actor, *WRITERS)
    form = RoutingForm(request.POST or None, choices=_choices(actor, now=now))
    tried: DryRun | None = None
    if request.method == "POST" and form.is_valid():
        if request.POST.get("deed") == TRY:
            tried = _tried(form, actor, now=now)
        elif _add(form, actor, now=now):
            return done(request, gettext("已新增派遣规则。"), to=reverse("workorder-routing"))
    status = 422 if form.errors else 200
    context = {"form": form, "now": now, "tried": tried}
    return render(request, "workorders/routing_form.html", context, status=status)


def _tried(form: RoutingForm, actor: Actor, *, now: datetime) -> DryRun | None:
    try:
        checked = commands.check_draft(form.draft(), actor=actor, now=now)
    except InvalidInput as error:
        _fault(form, error)
        return None
    return trial(actor, add=(draft_row(checked, actor.county, now=now),), now=now)


def _add(form: RoutingForm, actor: Actor, *, now: datetime) -> bool:
    try:
        commands.add_rule(form.draft(), actor=actor, now=now)
    except InvalidInput as error:
        _fault(form, error)
        return False
    return True


def _fault(form: RoutingForm, error: InvalidInput) -> None:
    form.add_error(error.field if error.field in form.fields else None, error.sentence)


@login_required
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop a rule from today on."""
    commands.end_routing_rule(pk, actor=accounts.acting(request), now=timezone.now())
    return done(request, gettext("已停用派遣规则。"), to=reverse("workorder-routing"))


def _choices(actor: Actor, *, now: datetime) -> Choices:
    known, on = directory(actor.county, now=now), civil_date(now)
    grids = [
        (grid.code, f"{known.towns.get(grid.town, '')} {grid.name}".strip())
        for grid in places.grid_refs(actor.county)
    ]
    loaded = {layer.title for layer in queries.layers(actor, now=now)}
    missing = set(queries.missing_layers(actor, now=now))
    return Choices(
        matters=matter_groups(on),
        towns=list(known.towns.items()),
        grids=grids,
        roads=places.road_list(actor.county),
        layers=[(title, title) for title in sorted(loaded | missing)],
        kinds=[(kind.code, kind.name) for kind in store.current().handler_kinds(on=on)],
        units=list(known.handlers.items()),
        people=_people(known),
    )


def _people(known: Directory) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return who may be named as answerable, by unit."""
    named = ((name, list(known.people.get(code, ()))) for code, name in known.handlers.items())
    return [(name, people) for name, people in named if people]


def matter_groups(on: date) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the classes, each with itself as a whole and its matters."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for row in store.current().matters(on=on):
        whole = gettext("%(name)s（整类）") % {"name": f"{row.major} {row.major_name}"}
        group = groups.setdefault(f"{row.major} {row.major_name}", [(row.major, whole)])
        group.append((row.code, f"{row.code} {row.name}"))
    return list(groups.items())
