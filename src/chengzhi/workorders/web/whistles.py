"""Pages of whistles: the list, the departments' tasks, the rates, one record."""

from datetime import datetime, timedelta
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
from chengzhi.evidence import interface as evidence
from chengzhi.kernel.sheets import Cell
from chengzhi.workorders.queries import whistles as queries
from chengzhi.workorders.queries.directory import directory
from chengzhi.workorders.queries.whistle_access import askable
from chengzhi.workorders.queries.whistle_measures import ANSWER_MEASURE_LABELS, whistle_rates
from chengzhi.workorders.queries.whistle_record import may_whistle, whistle_record
from chengzhi.workorders.rules.words import moment_text
from chengzhi.workorders.types.whistles import (
    ANSWER_LABELS,
    URGENCY_LABELS,
    WHISTLE_LABELS,
    AnswerFilters,
    AnswerRow,
    AnswerState,
    WhistleAction,
    WhistleFilters,
    WhistleRates,
    WhistleRecord,
    WhistleRow,
    WhistleState,
)
from chengzhi.workorders.web.parsing import many, period
from chengzhi.workorders.web.picking import Tab, pager, pill
from chengzhi.workorders.web.sheet import file_of
from chengzhi.workorders.web.showing import photo, timeline

READERS = frozenset(Role) - {Role.COLLECTOR, Role.REVIEWER, Role.SYSTEM}
LIFE = (
    WhistleState.DRAFTED,
    WhistleState.ISSUED,
    WhistleState.DISPATCHED,
    WhistleState.ACKNOWLEDGED,
    WhistleState.ARRIVED,
    WhistleState.HANDLED,
    WhistleState.CONFIRMED,
    WhistleState.CLOSED,
)
FORWARD = (
    "issue", "dispatch_whistle", "acknowledge", "arrive", "report_back", "decide_dispute", "confirm",
    "close_whistle",
)  # fmt: skip
TONES = {"closed": "ok", "withdrawn": "", "disputed": "warn", "returned": "warn"}


def frame(actor: Actor, *, now: datetime) -> dict[str, Any]:
    """Return what every page of whistles shows around its content."""
    return {
        "now": now,
        "may_whistle": may_whistle(actor),
        "may_export": accounts.may(actor, Permission.EXPORT),
    }


@login_required
@require_GET
def whistle_list(request: HttpRequest) -> HttpResponse:
    """Show a page of the whistles that the actor may see, or export them."""
    actor, now = accounts.acting(request), timezone.now()
    accounts.require(actor, *sorted(READERS))
    filters = whistle_filters(request.GET)
    if kind := request.GET.get("export", ""):
        accounts.permit(actor, Permission.EXPORT)
        return _export(kind, queries.whistle_export(actor, filters, now=now))
    found = queries.whistle_page(actor, filters, now=now, after=request.GET.get("after", ""))
    context = frame(actor, now=now) | {
        "rows": found.rows,
        "pager": pager(found.count, len(found.rows), found.after),
        "filters": filters,
        "is_filtered": filters != WhistleFilters(),
        "tabs": _tabs(request.GET, reverse("whistle-list")),
        "pills": [
            pill(request.GET, "state", gettext("状态"), WHISTLE_LABELS),
            pill(request.GET, "urgency", gettext("紧急程度"), URGENCY_LABELS),
            pill(
                request.GET, "town", gettext("镇街"), dict(directory(actor.county, now=now).towns)
            ),
        ],
    }
    return render(request, "workorders/whistles/list.html", context)


def whistle_filters(query: QueryDict) -> WhistleFilters:
    """Return the filters that an address carries."""
    since, until = period(query)
    return WhistleFilters(
        states=many(query, "state", WHISTLE_LABELS),
        urgencies=many(query, "urgency", URGENCY_LABELS),
        towns=many(query, "town"),
        unit=query.get("unit", "").strip()[:18],
        overdue=query.get("due") == "over",
        open_only=query.get("open") == "1",
        since=since,
        until=until,
        text=query.get("text", "").strip()[:100],
    )


def _tabs(query: QueryDict, address: str) -> list[Tab]:
    is_bare = not any(query.get(name) for name in ("open", "due", "state"))
    chosen = query.getlist("state")
    return [
        Tab(label=gettext("全部"), url=address, is_current=is_bare),
        Tab(label=gettext("在办"), url=f"{address}?open=1", is_current=query.get("open") == "1"),
        Tab(label=gettext("待派发"), url=f"{address}?state=issued", is_current=chosen == ["issued"]),
        Tab(
            label=gettext("争议"), url=f"{address}?state=disputed",
            is_current=chosen == ["disputed"],
        ),
        Tab(
            label=gettext("待确认"), url=f"{address}?state=handled",
            is_current=chosen == ["handled"],
        ),
        Tab(label=gettext("超期"), url=f"{address}?due=over", is_current=query.get("due") == "over"),
    ]  # fmt: skip


def _export(kind: str, rows: tuple[WhistleRow, ...]) -> HttpResponse:
    head = [
        gettext("编号"), gettext("状态"), gettext("紧急程度"), gettext("镇街"), gettext("事项"),
        gettext("地点"), gettext("牵头部门"), gettext("响应部门"), gettext("吹哨时间"),
        gettext("办结时间"), gettext("超期"),
    ]  # fmt: skip
    lines = [
        (
            row.code, row.state_label, row.urgency_label, row.town_name, row.items, row.address,
            row.lead_name, "、".join(row.department_names), row.issued_at, row.ended_at,
            row.is_overdue,
        )
        for row in rows
    ]  # fmt: skip
    return file_of(kind, gettext("镇街吹哨"), head, lines)


@login_required
@require_GET
def tasks(request: HttpRequest) -> HttpResponse:
    """Show the departments' tasks: one's own unit's, or those behind a rate."""
    actor, now = accounts.acting(request), timezone.now()
    accounts.require(actor, *sorted(READERS))
    filters = _answer_filters(request.GET)
    if kind := request.GET.get("export", ""):
        accounts.permit(actor, Permission.EXPORT)
        return _tasks_file(kind, queries.answer_export(actor, filters, now=now))
    found = queries.answer_page(actor, filters, now=now, after=request.GET.get("after", ""))
    context = frame(actor, now=now) | {
        "rows": found.rows,
        "pager": pager(found.count, len(found.rows), found.after),
        "filters": filters,
        "is_filtered": filters != AnswerFilters(),
        "measure": ANSWER_MEASURE_LABELS.get(filters.measure, ""),
        "pills": [
            pill(request.GET, "state", gettext("状态"), ANSWER_LABELS),
            pill(request.GET, "unit", gettext("部门"), askable(actor.county, now=now)),
        ],
    }
    return render(request, "workorders/whistles/tasks.html", context)


def _answer_filters(query: QueryDict) -> AnswerFilters:
    since, until = period(query)
    return AnswerFilters(
        states=many(query, "state", ANSWER_LABELS),
        unit=query.get("unit", "").strip()[:18],
        open_only=query.get("open") == "1",
        overdue=query.get("due") == "over",
        measure=query.get("measure", "").strip(),
        since=since,
        until=until,
    )


def _tasks_file(kind: str, rows: tuple[AnswerRow, ...]) -> HttpResponse:
    head = [
        gettext("编号"), gettext("镇街"), gettext("事项"), gettext("部门"), gettext("牵头"),
        gettext("状态"), gettext("派发时间"), gettext("签收时间"), gettext("到场时间"),
        gettext("反馈时间"), gettext("超期环节"), gettext("评分"), gettext("结果"),
    ]  # fmt: skip
    lines = [
        (
            row.code, row.town_name, row.items, row.unit_name, row.is_lead, row.state_label,
            row.asked_at, row.acknowledged_at, row.arrived_at, row.reported_at,
            "、".join(row.late), row.score or None, row.result,
        )
        for row in rows
    ]  # fmt: skip
    return file_of(kind, gettext("吹哨响应"), head, lines)


@login_required
@require_GET
def rates(request: HttpRequest) -> HttpResponse:
    """Show the four rates of a period, of all departments and of each; every number opens."""
    actor, now = accounts.acting(request), timezone.now()
    accounts.require(actor, *sorted(READERS))
    since, until = period(request.GET)
    since = since or now - timedelta(days=90)
    whole, each = whistle_rates(actor, since=since, until=until or now, now=now)
    if kind := request.GET.get("export", ""):
        accounts.permit(actor, Permission.EXPORT)
        head = [gettext("部门"), *(gettext(label) for label in ANSWER_MEASURE_LABELS.values())]
        lines: list[list[Cell]] = [[line.unit_name, *line.counts.values()] for line in each]
        return file_of(kind, gettext("吹哨响应率"), head, lines)
    last = (until or now) - timedelta(microseconds=1)
    context = frame(actor, now=now) | {
        "whole": whole,
        "lines": [(line, _cells(line)) for line in each],
        "since": timezone.localdate(since),
        "until": timezone.localdate(last),
    }
    return render(request, "workorders/whistles/rates.html", context)


def _cells(line: WhistleRates) -> list[tuple[str, str, int]]:
    return [(name, label, line.counts[name]) for name, label in ANSWER_MEASURE_LABELS.items()]


@login_required
@require_GET
def whistle_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one whistle: facts and answers left, timeline right, the next deed above."""
    actor, now = accounts.acting(request), timezone.now()
    found = whistle_record(actor, pk, now=now)
    lines, is_whole = timeline(found.subject)
    photos = [photo(file) for file in evidence.files_of(found.subject)]
    context = frame(actor, now=now) | {
        "record": found,
        "row": found.row,
        "tone": TONES.get(found.row.state, "live"),
        "stages": _stages(found),
        "forms": [
            (action, f"workorders/whistles/deeds/{action.name}.html")
            for action in sorted(found.actions, key=_forward_first)
            if not action.reasons
        ],
        "refused": [action for action in found.actions if action.reasons],
        "units": list(askable(actor.county, now=now).items()),
        "to_score": [a for a in found.answers if a.state == AnswerState.REPORTED],
        "lines": lines,
        "is_whole": is_whole,
        "photos": [item for item in photos if item.is_image],
        "points": [
            {"lon": found.row.lon, "lat": found.row.lat, "kind": "here", "label": found.row.address}
        ],
        "can_edit": may_whistle(actor) and found.row.state in ("drafted", "returned"),
        "after": reverse("whistle-detail", args=[pk]),
    }
    return render(request, "workorders/whistles/record.html", context)


def _forward_first(action: WhistleAction) -> bool:
    return action.name not in FORWARD


def _stages(found: WhistleRecord) -> list[dict[str, str]]:
    at = found.row.state if found.row.state in LIFE else _beside(found.row.state)
    here = LIFE.index(WhistleState(at))
    reached = {
        WhistleState.ISSUED: found.row.issued_at,
        WhistleState.DISPATCHED: found.dispatched_at,
        WhistleState.HANDLED: found.handled_at,
        WhistleState.CONFIRMED: found.confirmed_at,
        WhistleState.CLOSED: found.row.ended_at,
    }
    return [
        {
            "label": gettext(WHISTLE_LABELS[state]),
            "state": "done" if place < here else "now" if place == here else "",
            "note": moment_text(reached.get(state)) if place <= here else "",
        }
        for place, state in enumerate(LIFE)
    ]


def _beside(state: str) -> str:
    """Return where on the bar a state beside the straight way stands."""
    return {"returned": "drafted", "withdrawn": "drafted", "disputed": "dispatched"}[state]
