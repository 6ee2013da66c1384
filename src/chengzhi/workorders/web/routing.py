"""The routing rules: which unit handles what, where; read, added, ended, exported."""

from datetime import date, datetime

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Permission
from chengzhi.kernel.errors import InvalidInput
from chengzhi.kernel.sheets import CSV, XLSX, as_csv, as_xlsx
from chengzhi.places import interface as places
from chengzhi.standards import store
from chengzhi.workorders.commands import settings
from chengzhi.workorders.forms import Choices, RoutingForm
from chengzhi.workorders.queries import routing as queries
from chengzhi.workorders.queries.directory import directory
from chengzhi.workorders.rules.limits import civil_date
from chengzhi.workorders.rules.routing import WRITERS
from chengzhi.workorders.types import RuleBook, RuleCard
from chengzhi.workorders.web.parsing import done, number_in

WRITE = {"csv": (as_csv, CSV), "xlsx": (as_xlsx, XLSX)}
MOST_EXPORTED = 50_000
VIEWS = ("in-force", "ended")


@login_required
@require_GET
def rules(request: HttpRequest) -> HttpResponse:
    """List the rules in force in the order of asking, or the ended ones, or export them all."""
    actor, now = accounts.acting(request), timezone.now()
    view = request.GET.get("view", "") or VIEWS[0]
    if view not in VIEWS:
        raise InvalidInput(f"没有“{view[:20]}”这一页，请从上方选择。", field="view")
    if kind := request.GET.get("export", ""):
        return _export(actor, kind, now=now)
    book = queries.rule_book(actor, now=now, after=number_in(request.GET, "after"))
    rows = book.in_force if view == VIEWS[0] else book.ended
    context = {
        "now": now,
        "book": book,
        "rows": rows,
        "is_ended": view == VIEWS[1],
        "pager": {
            "total": len(rows) if view == VIEWS[0] else book.ended_count,
            "shown": len(rows),
            "next": book.next_key if view == VIEWS[1] else None,
        },
        "may_change": queries.may_change_routing(actor),
        "may_export": accounts.may(actor, Permission.EXPORT),
    }
    return render(request, "workorders/routing.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Write a rule that holds from today on."""
    actor, now = accounts.acting(request), timezone.now()
    accounts.require(actor, *WRITERS)
    form = RoutingForm(request.POST or None, choices=_choices(actor, now=now))
    if request.method == "POST" and form.is_valid() and _add(form, actor, now=now):
        return done(request, gettext("已新增派遣规则。"), to=reverse("workorder-routing"))
    status = 422 if form.errors else 200
    context = {"form": form, "now": now}
    return render(request, "workorders/routing_form.html", context, status=status)


def _add(form: RoutingForm, actor: Actor, *, now: datetime) -> bool:
    try:
        settings.add_routing_rule(**form.cleaned_data, actor=actor, now=now)
    except InvalidInput as error:
        field = error.field if error.field in form.fields else None
        form.add_error(field, error.sentence)
        return False
    return True


@login_required
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop a rule from today on."""
    settings.end_routing_rule(pk, actor=accounts.acting(request), now=timezone.now())
    return done(request, gettext("已停用派遣规则。"), to=reverse("workorder-routing"))


def _choices(actor: Actor, *, now: datetime) -> Choices:
    known, on = directory(actor.county, now=now), civil_date(now)
    grids = [
        (grid.code, f"{known.towns.get(grid.town, '')} {grid.name}".strip())
        for grid in places.grid_refs(actor.county)
    ]
    return Choices(
        matters=_matters(on),
        towns=list(known.towns.items()),
        grids=grids,
        kinds=[(kind.code, kind.name) for kind in store.current().handler_kinds(on=on)],
        units=list(known.handlers.items()),
    )


def _matters(on: date) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the classes, each with itself as a whole and its matters."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for row in store.current().matters(on=on):
        whole = gettext("%(name)s（整类）") % {"name": f"{row.major} {row.major_name}"}
        group = groups.setdefault(f"{row.major} {row.major_name}", [(row.major, whole)])
        group.append((row.code, f"{row.code} {row.name}"))
    return list(groups.items())


def _export(actor: Actor, kind: str, *, now: datetime) -> HttpResponse:
    accounts.permit(actor, Permission.EXPORT)
    if kind not in WRITE:
        raise InvalidInput(f"不能导出为“{kind}”，请选 xlsx 或 csv。", field="export")
    book = queries.rule_book(actor, now=now, size=MOST_EXPORTED)
    make, content_type = WRITE[kind]
    heads = [
        gettext("事项"), gettext("范围"), gettext("处置单位类型"), gettext("处置单位"),
        gettext("备注"), gettext("启用日期"), gettext("停用日期"),
    ]  # fmt: skip
    zone = timezone.get_current_timezone()
    answer = HttpResponse(make(heads, _lines(book), zone=zone), content_type=content_type)
    name = f"{gettext('派遣规则')}-{timezone.localdate(now):%Y%m%d}.{kind}"
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return answer


def _lines(book: RuleBook) -> list[tuple[str | date | None, ...]]:
    return [_line(card) for card in (*book.in_force, *book.ended)]


def _line(card: RuleCard) -> tuple[str | date | None, ...]:
    return (
        card.matter_name or gettext("全部事项"),
        card.area_name or gettext("全县"),
        card.kind_name or gettext("不限"),
        card.unit_name,
        card.row.note,
        card.valid_from,
        card.valid_to,
    )
