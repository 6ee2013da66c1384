"""Pages beside the loop: requests to the clock, appeals, what stands, notices; and their deeds."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Permission, Role
from chengzhi.workorders.commands import adjust, appeal, notice
from chengzhi.workorders.queries import adjustments, appeals, ledger, notices
from chengzhi.workorders.queries.directory import directory
from chengzhi.workorders.types.adjustments import (
    ADJUSTMENT_LABELS,
    ADJUSTMENT_STATES,
    AdjustmentFilters,
)
from chengzhi.workorders.types.appeals import APPEAL_STATES
from chengzhi.workorders.types.notices import NOTICE_LABELS, NOTICE_STATES, NoticeFilters
from chengzhi.workorders.web import adjusting_files as files
from chengzhi.workorders.web.beside import deeds_of
from chengzhi.workorders.web.deeds.reading import reason_in
from chengzhi.workorders.web.parsing import done, number_in
from chengzhi.workorders.web.picking import Tab, many, period, pill

READERS = frozenset(Role) - {Role.COLLECTOR, Role.REVIEWER, Role.SYSTEM}
MOST_EXPORTED = 20_000
STANDING = {"deferral": "缓办", "shelving": "挂账"}
Deed = Callable[[HttpRequest, int, Actor, datetime], str]


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


def _pager(
    count: int | None, shown: int, following: object, before: object = None
) -> dict[str, Any]:
    return {"total": count, "shown": shown, "next": following, "previous": before}


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


@login_required
@require_GET
def adjustment_list(request: HttpRequest) -> HttpResponse:
    """Show a page of extensions, deferrals and shelvings that were asked for, or export them."""
    actor, now = _acting(request)
    filters = request_filters(request.GET, ADJUSTMENT_STATES)
    if kind := request.GET.get("export", ""):
        accounts.permit(actor, Permission.EXPORT)
        whole = adjustments.adjustments(actor, filters, now=now, size=MOST_EXPORTED)
        return files.adjustments_file(kind, whole.rows)
    found = adjustments.adjustments(actor, filters, now=now, after=number_in(request.GET, "after"))
    known = directory(actor.county, now=now).handlers
    context = _frame(actor, "adjustment-list", now=now) | {
        "rows": [(row, deeds_of(row.actions)) for row in found.rows],
        "pager": _pager(found.count, len(found.rows), found.next_key),
        "filters": filters,
        "is_filtered": filters != AdjustmentFilters(),
        "pills": [
            pill(request.GET, "kind", gettext("类型"), ADJUSTMENT_LABELS),
            pill(request.GET, "state", gettext("状态"), ADJUSTMENT_STATES),
            pill(request.GET, "unit", gettext("单位"), known),
        ],
    }
    return render(request, "workorders/adjusting/adjustments.html", context)


@login_required
@require_GET
def appeal_list(request: HttpRequest) -> HttpResponse:
    """Show a page of overtime appeals, or export them."""
    actor, now = _acting(request)
    filters = request_filters(request.GET, APPEAL_STATES)
    if kind := request.GET.get("export", ""):
        accounts.permit(actor, Permission.EXPORT)
        whole = appeals.appeals(actor, filters, now=now, size=MOST_EXPORTED)
        return files.appeals_file(kind, whole.rows)
    found = appeals.appeals(actor, filters, now=now, after=number_in(request.GET, "after"))
    known = directory(actor.county, now=now).handlers
    context = _frame(actor, "appeal-list", now=now) | {
        "rows": [(row, deeds_of(row.actions)) for row in found.rows],
        "pager": _pager(found.count, len(found.rows), found.next_key),
        "filters": filters,
        "is_filtered": filters != AdjustmentFilters(),
        "pills": [
            pill(request.GET, "state", gettext("状态"), APPEAL_STATES),
            pill(request.GET, "unit", gettext("单位"), known),
        ],
    }
    return render(request, "workorders/adjusting/appeals.html", context)


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
        "pager": _pager(found.count, len(found.lines), found.after, found.before),
        "is_filtered": filters != ledger.standing(),
        "pills": [
            pill(request.GET, "kind", gettext("类型"), STANDING),
            pill(request.GET, "unit", gettext("单位"), known.handlers),
            pill(request.GET, "town", gettext("镇街"), known.towns),
        ],
    }
    return render(request, "workorders/adjusting/shelved.html", context)


@login_required
@require_GET
def notice_list(request: HttpRequest) -> HttpResponse:
    """Show a page of urgings and supervision notices, or export them."""
    actor, now = _acting(request)
    since, until = period(request.GET)
    filters = NoticeFilters(
        states=many(request.GET, "state", NOTICE_STATES),
        kinds=many(request.GET, "kind", NOTICE_LABELS),
        unit=request.GET.get("unit", "").strip()[:18],
        overdue=request.GET.get("due") == "over",
        since=since,
        until=until,
    )
    if kind := request.GET.get("export", ""):
        accounts.permit(actor, Permission.EXPORT)
        whole = notices.notices(actor, filters, now=now, size=MOST_EXPORTED)
        return files.notices_file(kind, whole.rows)
    found = notices.notices(actor, filters, now=now, after=number_in(request.GET, "after"))
    known = directory(actor.county, now=now).handlers
    context = _frame(actor, "notice-list", now=now) | {
        "rows": [(row, deeds_of(row.actions)) for row in found.rows],
        "pager": _pager(found.count, len(found.rows), found.next_key),
        "filters": filters,
        "is_filtered": filters != NoticeFilters(),
        "pills": [
            pill(request.GET, "kind", gettext("类型"), NOTICE_LABELS),
            pill(request.GET, "state", gettext("状态"), NOTICE_STATES),
            pill(request.GET, "unit", gettext("单位"), known),
        ],
    }
    return render(request, "workorders/adjusting/notices.html", context)


def _first_approve(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    adjust.first_approve(pk, note=reason_in(request), actor=actor, now=now)
    return gettext("已初审同意，等待终审。")


def _grant(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    adjust.grant(pk, note=reason_in(request), actor=actor, now=now)
    return gettext("已批准。")


def _refuse(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    adjust.refuse(pk, reason=reason_in(request), actor=actor, now=now)
    return gettext("已不批准。")


def _take_back(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    adjust.take_back(pk, reason=reason_in(request), actor=actor, now=now)
    return gettext("已撤回申请。")


def _support(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    appeal.support(pk, note=reason_in(request), actor=actor, now=now)
    return gettext("申诉已初审通过，等待终审。")


def _uphold(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    appeal.uphold(pk, note=reason_in(request), actor=actor, now=now)
    return gettext("申诉成立：曾超时，不计考核。")


def _dismiss(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    appeal.dismiss(pk, reason=reason_in(request), actor=actor, now=now)
    return gettext("申诉不成立。")


def _drop(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    appeal.drop(pk, actor=actor, now=now)
    return gettext("已撤回申诉。")


def _acknowledge(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    notice.acknowledge(pk, actor=actor, now=now)
    return gettext("已签收通知。")


def _reply(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    notice.reply(pk, text=reason_in(request), actor=actor, now=now)
    return gettext("已回复通知。")


def _revoke(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    notice.revoke(pk, reason=reason_in(request), actor=actor, now=now)
    return gettext("已撤销通知。")


DEEDS: dict[str, dict[str, Deed]] = {
    "adjustments": {
        "first-approve": _first_approve,
        "grant": _grant,
        "refuse": _refuse,
        "take-back": _take_back,
    },
    "appeals": {
        "support": _support,
        "uphold": _uphold,
        "dismiss": _dismiss,
        "drop": _drop,
    },
    "notices": {
        "acknowledge": _acknowledge,
        "reply": _reply,
        "revoke": _revoke,
    },
}
LISTS = {"adjustments": "adjustment-list", "appeals": "appeal-list", "notices": "notice-list"}


@login_required
@require_POST
def request_deed(request: HttpRequest, book: str, pk: int, name: str) -> HttpResponse:
    """Do one deed on a request, an appeal or a notice and go on."""
    found = DEEDS.get(book, {}).get(name)
    if found is None:
        raise Http404
    message = found(request, pk, accounts.acting(request), timezone.now())
    return done(request, message, to=reverse(LISTS[book]))
