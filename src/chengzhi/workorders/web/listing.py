"""The list: filters in the address, saved views, pages by key, export."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Permission
from chengzhi.workorders.commands import settings
from chengzhi.workorders.queries import lists, views
from chengzhi.workorders.queries.directory import directory
from chengzhi.workorders.queries.measures import MEASURE_LABELS
from chengzhi.workorders.queries.routing import may_read_routing
from chengzhi.workorders.rules.reports import channels_for
from chengzhi.workorders.types import CHANNEL_LABELS, STATE_LABELS, Filters
from chengzhi.workorders.web.export import export
from chengzhi.workorders.web.parsing import done, filters_of, number_in

SIZES = (15, 30, 50, 100)
NOT_FILTERS = ("after", "before", "sort", "size", "export")
DUE_LABELS = {"over": "已超期", "soon": "快到期"}


@dataclass(frozen=True, kw_only=True)
class Pill:
    """One filter as the list shows it."""

    label: str
    name: str
    word: str
    options: list[tuple[str, str, None]]
    chosen: list[str]


@dataclass(frozen=True, kw_only=True)
class Tab:
    """A saved view as a tab."""

    label: str
    url: str
    is_current: bool
    id: int = 0


@login_required
@require_GET
def work_orders(request: HttpRequest) -> HttpResponseBase:
    """Show a page of the list, or export it all."""
    actor, now = accounts.acting(request), timezone.now()
    filters = filters_of(request.GET)
    if kind := request.GET.get("export", ""):
        accounts.permit(actor, Permission.EXPORT)
        return export(kind, lists.export(actor, filters, now=now))
    size = _size(request.GET)
    found = lists.page(
        actor,
        filters,
        now=now,
        order=request.GET.get("sort", "") or "-reported",
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
        size=size,
    )
    context = {
        "now": now,
        "rows": found.rows,
        "pager": {
            "total": found.count,
            "shown": len(found.rows),
            "next": found.after,
            "previous": found.before,
        },
        "size": size,
        "sizes": SIZES,
        "filters": filters,
        "is_filtered": filters != Filters(),
        "measure": MEASURE_LABELS.get(filters.measure, ""),
        "pills": _pills(request.GET, actor),
        "tabs": _tabs(request, actor),
        "kept": _kept(request.GET),
        "may_export": accounts.may(actor, Permission.EXPORT),
        "may_read_routing": may_read_routing(actor),
        "may_report": bool(channels_for(actor.roles)),
    }
    return render(request, "workorders/list.html", context)


def _size(query: QueryDict) -> int:
    size = number_in(query, "size", default=30)
    return size if size in SIZES else 30


def _pills(query: QueryDict, actor: Actor) -> list[Pill]:
    known = directory(actor.county, now=timezone.now())
    return [
        _pill(query, "state", gettext("状态"), STATE_LABELS),
        _pill(query, "town", gettext("镇街"), dict(known.towns)),
        _pill(query, "channel", gettext("来源"), CHANNEL_LABELS),
        _pill(query, "handler", gettext("处置单位"), dict(known.handlers), single=True),
        _pill(query, "due", gettext("时限"), DUE_LABELS, single=True),
    ]


def _pill(
    query: QueryDict, name: str, label: str, names: dict[str, str], *, single: bool = False
) -> Pill:
    chosen = [value for value in query.getlist(name) if value]
    words = "、".join(gettext(names.get(value, value)) for value in chosen)
    return Pill(
        label=label,
        name=name,
        word=words,
        options=[(str(value), gettext(word), None) for value, word in names.items()],
        chosen=chosen[-1:] if single else chosen,
    )


def _tabs(request: HttpRequest, actor: Actor) -> list[Tab]:
    here, address = _kept(request.GET), reverse("workorder-list")
    fixed = [
        (gettext("全部"), ""),
        (gettext("在办"), urlencode({"open": 1})),
        (gettext("快到期"), urlencode({"due": "soon", "sort": "due"})),
        (gettext("已超期"), urlencode({"due": "over", "sort": "due"})),
        (gettext("返工"), urlencode({"rework": 1})),
        (gettext("我经手的"), urlencode({"mine": 1})),
    ]
    tabs = [_tab(label, query, here, address) for label, query in fixed]
    own = [_tab(view.name, view.query, here, address, view.id) for view in views.saved_views(actor)]
    return [*tabs, *own]


def _tab(label: str, query: str, here: str, address: str, pk: int = 0) -> Tab:
    same = _kept(QueryDict(query)) == here
    return Tab(label=label, url=f"{address}?{query}", is_current=same, id=pk)


def _kept(query: QueryDict) -> str:
    """Return the filters of an address in a fixed order, without the page."""
    kept = [(k, v) for k, values in query.lists() for v in values if v and k not in NOT_FILTERS]
    return urlencode(sorted((str(k), str(v)) for k, v in kept))


@login_required
@require_POST
def save_view(request: HttpRequest) -> HttpResponse:
    """Keep the filters that the list shows under a name."""
    actor, query = accounts.acting(request), request.POST.get("query", "")
    settings.save_view(
        name=request.POST.get("name", ""), query=query, actor=actor, now=timezone.now()
    )
    return done(request, gettext("已存为视图。"), to=f"{reverse('workorder-list')}?{query}")


@login_required
@require_POST
def drop_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget a saved view."""
    settings.drop_view(pk, actor=accounts.acting(request))
    return done(request, gettext("已删去视图。"), to=reverse("workorder-list"))
