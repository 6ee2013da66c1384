"""The list: filters in the address, saved views, columns, pages by key, export."""

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Permission
from chengzhi.workorders.queries import lists, views
from chengzhi.workorders.queries.counts import open_counts
from chengzhi.workorders.queries.marks import starred_among
from chengzhi.workorders.queries.routing import may_read_routing
from chengzhi.workorders.queries.views import View
from chengzhi.workorders.rules.reports import channels_for
from chengzhi.workorders.types import Filters
from chengzhi.workorders.web import bulk
from chengzhi.workorders.web.columns import COOKIE, columns_of, written
from chengzhi.workorders.web.exports import answer_list
from chengzhi.workorders.web.filtering import NOT_FILTERS, chips, pills
from chengzhi.workorders.web.parsing import done, filters_of, number_in

SIZES = (15, 30, 50, 100)
YEAR = 365 * 24 * 3600


@dataclass(frozen=True, kw_only=True)
class Tab:
    """A list that is one click away: a fixed one with a count, or a saved view."""

    label: str
    url: str
    is_current: bool
    name: str = ""  # of a fixed one, whose count is fetched after the page
    view: View | None = None


@login_required
@require_GET
def work_orders(request: HttpRequest) -> HttpResponseBase:
    """Show a page of the list, or export it all; without filters, the person's default view."""
    actor = accounts.acting(request)
    saved = views.saved_views(actor)
    if not request.GET and (query := views.opening(saved)):
        return redirect(f"{reverse('workorder-list')}?{query}")
    filters = filters_of(request.GET)
    if kind := request.GET.get("export", ""):
        accounts.permit(actor, Permission.EXPORT)
        return answer_list(request, actor, filters, kind)
    return render(request, "workorders/list.html", _context(request, actor, filters, saved))


def _context(
    request: HttpRequest, actor: Actor, filters: Filters, saved: list[View]
) -> dict[str, object]:
    now, size = timezone.now(), _size(request.GET)
    found = lists.page(
        actor,
        filters,
        now=now,
        order=request.GET.get("sort", "") or "-reported",
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
        size=size,
        sampled=True,
    )
    return {
        "now": now,
        "rows": found.rows,
        "pager": {
            "total": found.count,
            "is_more": found.is_more,
            "is_about": found.is_about,
            "shown": len(found.rows),
            "next": found.after,
            "previous": found.before,
        },
        "size": size,
        "sizes": SIZES,
        "filters": filters,
        "text_since": found.text_since,
        "is_filtered": replace(filters, keys=()) != Filters(),
        "pills": pills(request.GET, actor),
        "chips": chips(request.GET),
        "tabs": _tabs(request, saved),
        "kept": _kept(request.GET),
        "columns": columns_of(request),
        "starred": starred_among(actor, [row.id for row in found.rows]),
        "bulk": bulk.bar(actor),
        "may_export": accounts.may(actor, Permission.EXPORT),
        "may_read_routing": may_read_routing(actor),
        "may_report": bool(channels_for(actor.roles)),
    }


def _size(query: QueryDict) -> int:
    size = number_in(query, "size", default=30)
    return size if size in SIZES else 30


def _tabs(request: HttpRequest, saved: list[View]) -> list[Tab]:
    fixed = [
        ("all", gettext("全部"), "view=all"),
        ("open", gettext("在办"), urlencode({"open": 1})),
        ("soon", gettext("快到期"), urlencode({"due": "soon", "sort": "due"})),
        ("over", gettext("已超期"), urlencode({"due": "over", "sort": "due"})),
        ("rework", gettext("返工"), urlencode({"rework": 1})),
        ("mine", gettext("我经手的"), urlencode({"mine": 1})),
        ("star", gettext("收藏"), urlencode({"star": 1})),
        ("watch", gettext("关注"), urlencode({"watch": 1})),
    ]
    here, address = _kept(request.GET), reverse("workorder-list")
    tabs = [
        Tab(name=name, label=label, url=f"{address}?{query}", is_current=_same(query, here))
        for name, label, query in fixed
    ]
    own = [
        Tab(
            label=view.name,
            url=f"{address}?{view.query}",
            is_current=_same(view.query, here),
            view=view,
        )
        for view in saved
    ]
    return [*tabs, *own]


def _same(query: str, here: str) -> bool:
    return _kept(QueryDict(query)) == here


def _kept(query: QueryDict) -> str:
    """Return the filters of an address in a fixed order, without the page."""
    kept = [(k, v) for k, values in query.lists() for v in values if v and k not in NOT_FILTERS]
    return urlencode(sorted((str(k), str(v)) for k, v in kept))


@login_required
@require_GET
def tab_counts(request: HttpRequest) -> HttpResponse:
    """Answer the counts of the tabs, fetched after the page and then again and again."""
    counts = open_counts(accounts.acting(request), now=timezone.now())
    return render(request, "workorders/parts/tab_counts.html", {"counts": counts})


@login_required
@require_POST
def choose_columns(request: HttpRequest) -> HttpResponse:
    """Remember on this machine which columns the list shows, and how dense."""
    answer = done(request, gettext("已调整列表。"), to=reverse("workorder-list"))
    chosen = written(request.POST.getlist("column"), request.POST.get("density", ""))
    answer.set_cookie(COOKIE, chosen, max_age=YEAR, samesite="Lax", httponly=True)
    return answer
