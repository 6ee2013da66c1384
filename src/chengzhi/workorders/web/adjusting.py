"""Pages beside the loop: requests to the clock, appeals, what stands, notices."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Permission, Role
from chengzhi.workorders.queries import adjustments, appeals, ledger, notices
from chengzhi.workorders.queries.directory import directory
from chengzhi.workorders.types.adjustments import (
    ADJUSTMENT_LABELS,
    ADJUSTMENT_STATES,
    AdjustmentFilters,
    AdjustmentPage,
)
from chengzhi.workorders.types.appeals import APPEAL_STATES, AppealPage
from chengzhi.workorders.types.notices import (
    NOTICE_LABELS,
    NOTICE_STATES,
    NoticeFilters,
    NoticePage,
)
from chengzhi.workorders.web import adjusting_files as files
from chengzhi.workorders.web.beside import deeds_of
from chengzhi.workorders.web.parsing import many, number_in, period
from chengzhi.workorders.web.picking import Tab, pager, pill

READERS = frozenset(Role) - {Role.COLLECTOR, Role.REVIEWER, Role.SYSTEM}
MOST_EXPORTED = 20_000
STANDING = {"deferral": "缓办", "shelving": "挂账"}


def _acting(request: HttpRequest) -> tuple[Actor, datetime]:
    actor = accounts.acting(request)
    accounts.require(actor, *sorted(READERS))
    return actor, timezone.now()


def _frame(actor: Actor, here: str, *, now: datetime) -> dict[str, Any]:
    """Return what each of the four pages shows around its list."""
    tabs = [
        (gettext("延期、缓办、挂账"), "adjustment-list", adjustments.waiting_count(actor)),
        (gettext("超时申诉"), "appeal-list", appeals.waiting_count(actor)),
        (gettext("挂账台账"), "shelved-list", None),
        (gettext("催办督办"), "notice-list", notices.unanswered_count(actor)),
    ]
    return {
        "now": now,
        "tabs": [
            Tab(label=label, url=reverse(name), is_current=name == here, count=count)
            for label, name, count in tabs
        ],
        "here": reverse(here),
        "may_export": accounts.may(actor, Permission.EXPORT),
    }


def request_filters(query: QueryDict, states: dict[str, str]) -> AdjustmentFilters:
    """Return the filters that an address carries."""
    since, until = period(query)
    return AdjustmentFilters(
        states=many(query, "state", states),
        kinds=many(query, "kind", ADJUSTMENT_LABELS),
        unit=query.get("unit", "").strip()[:18],
        since=since,
        until=until,
        overdue=query.get("due") == "over",
        mine=query.get("mine") == "1",
    )


@dataclass(frozen=True, kw_only=True)
class Book:
    """One of the lists by key: its address, its page, how it is read and how it is exported."""

    here: str
    template: str
    read: Callable[..., AdjustmentPage | AppealPage | NoticePage]
    as_sheet: Callable[..., HttpResponse]


ADJUSTMENTS = Book(
    here="adjustment-list",
    template="workorders/adjusting/adjustments.html",
    read=adjustments.adjustments,
    as_sheet=files.adjustments_file,
)
APPEALS = Book(
    here="appeal-list",
    template="workorders/adjusting/appeals.html",
    read=appeals.appeals,
    as_sheet=files.appeals_file,
)
NOTICES = Book(
    here="notice-list",
    template="workorders/adjusting/notices.html",
    read=notices.notices,
    as_sheet=files.notices_file,
)


@login_required
@require_GET
def adjustment_list(request: HttpRequest) -> HttpResponse:
    """Show a page of extensions, deferrals and shelvings that were asked for, or export them."""
    filters = request_filters(request.GET, ADJUSTMENT_STATES)
    menus = [
        ("kind", gettext("类型"), ADJUSTMENT_LABELS),
        ("state", gettext("状态"), ADJUSTMENT_STATES),
    ]
    return _shown(request, ADJUSTMENTS, filters, menus)


@login_required
@require_GET
def appeal_list(request: HttpRequest) -> HttpResponse:
    """Show a page of overtime appeals, or export them."""
    filters = request_filters(request.GET, APPEAL_STATES)
    return _shown(request, APPEALS, filters, [("state", gettext("状态"), APPEAL_STATES)])


@login_required
@require_GET
def notice_list(request: HttpRequest) -> HttpResponse:
    """Show a page of urgings and supervision notices, or export them."""
    since, until = period(request.GET)
    filters = NoticeFilters(
        states=many(request.GET, "state", NOTICE_STATES),
        kinds=many(request.GET, "kind", NOTICE_LABELS),
        unit=request.GET.get("unit", "").strip()[:18],
        overdue=request.GET.get("due") == "over",
        since=since,
        until=until,
    )
    menus = [
        ("kind", gettext("类型"), NOTICE_LABELS),
        ("state", gettext("状态"), NOTICE_STATES),
    ]
    return _shown(request, NOTICES, filters, menus)


def _shown(
    request: HttpRequest,
    book: Book,
    filters: AdjustmentFilters | NoticeFilters,
    menus: Sequence[tuple[str, str, Mapping[str, str]]],
) -> HttpResponse:
    actor, now = _acting(request)
    if kind := request.GET.get("export", ""):
        accounts.permit(actor, Permission.EXPORT)
        return book.as_sheet(kind, book.read(actor, filters, now=now, size=MOST_EXPORTED).rows)
    found = book.read(actor, filters, now=now, after=number_in(request.GET, "after"))
    units = directory(actor.county, now=now).handlers
    context = _frame(actor, book.here, now=now) | {
        "rows": [(row, deeds_of(row.actions)) for row in found.rows],
        "pager": pager(found.count, len(found.rows), found.next_key),
        "filters": filters,
        "is_filtered": filters != type(filters)(),
        "pills": [
            pill(request.GET, name, label, names)
            for name, label, names in (*menus, ("unit", gettext("单位"), units))
        ],
    }
    return render(request, book.template, context)


@login_required
@require_GET
def shelved_list(request: HttpRequest) -> HttpResponse:
    """Show the ledger of what stands, the next day of review first, or export it."""
    actor, now = _acting(request)
    known = directory(actor.county, now=now)
    filters = ledger.standing(
        kinds=many(request.GET, "kind", STANDING),
        handler=request.GET.get("unit", "").strip()[:18],
        towns=many(request.GET, "town", known.towns),
    )
    if kind := request.GET.get("export", ""):
        accounts.permit(actor, Permission.EXPORT)
        whole = ledger.ledger(actor, filters, now=now, size=MOST_EXPORTED)
        return files.ledger_file(kind, whole.lines)
    found = ledger.ledger(
        actor,
        filters,
        now=now,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    context = _frame(actor, "shelved-list", now=now) | {
        "lines": found.lines,
        "pager": pager(found.count, len(found.lines), found.after, found.before),
        "is_filtered": filters != ledger.standing(),
        "pills": [
            pill(request.GET, "kind", gettext("类型"), STANDING),
            pill(request.GET, "unit", gettext("单位"), known.handlers),
            pill(request.GET, "town", gettext("镇街"), known.towns),
        ],
    }
    return render(request, "workorders/adjusting/shelved.html", context)
