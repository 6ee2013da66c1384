"""Pages of ownerless problems and remedies: list, rates, fund, one record."""

from datetime import date, datetime, timedelta
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
from chengzhi.kernel.money import Money
from chengzhi.workorders.procedure.remedy import REGISTRARS, REMEDY_CAN_LABELS
from chengzhi.workorders.queries import remedies as queries
from chengzhi.workorders.queries.directory import directory
from chengzhi.workorders.queries.remedies import REMEDY_MEASURE_LABELS
from chengzhi.workorders.queries.remedy_access import performers
from chengzhi.workorders.queries.remedy_record import remedy_record
from chengzhi.workorders.rules.limits import civil_date
from chengzhi.workorders.rules.remedy_limits import remedy_settings
from chengzhi.workorders.rules.words import moment_text
from chengzhi.workorders.types.remedies import (
    CONCLUSION_LABELS,
    REMEDY_LABELS,
    TRACK_LABELS,
    RemedyFilters,
    RemedyState,
    Track,
)
from chengzhi.workorders.types.remedy_views import (
    RemedyAction,
    RemedyRecord,
    RemedyRow,
)
from chengzhi.workorders.web.parsing import many, period
from chengzhi.workorders.web.picking import Tab, pager, pill
from chengzhi.workorders.web.sheet import file_of
from chengzhi.workorders.web.showing import pair, photo, timeline

READERS = frozenset(Role) - {Role.REVIEWER, Role.SYSTEM}
LIFE_A = (
    RemedyState.REGISTERED, RemedyState.SEARCHING, RemedyState.OWNERLESS, RemedyState.APPROVED,
    RemedyState.WORKING, RemedyState.TO_ACCEPT, RemedyState.REMEDIED, RemedyState.SETTLED,
    RemedyState.CLOSED,
)  # fmt: skip
LIFE_B = (
    RemedyState.REGISTERED, RemedyState.SEARCHING, RemedyState.OWNER_FOUND, RemedyState.DECIDED,
    RemedyState.REMINDED, RemedyState.WORKING, RemedyState.TO_ACCEPT, RemedyState.REMEDIED,
    RemedyState.SETTLED, RemedyState.RECOVERING, RemedyState.CLOSED,
)  # fmt: skip
BESIDE = (RemedyState.HANDED_OVER, RemedyState.PERFORMED)
LATER = ("find_owner", "hand_over", "performed", "reject_work", "write_off")


def frame(actor: Actor, *, now: datetime) -> dict[str, Any]:
    """Return what every page of remedies shows around its content."""
    return {
        "now": now,
        "may_register": not actor.roles.isdisjoint(REGISTRARS),
        "may_read_fund": not actor.roles.isdisjoint(queries.FUND_READERS),
        "may_export": accounts.may(actor, Permission.EXPORT),
    }


@login_required
@require_GET
def remedy_list(request: HttpRequest) -> HttpResponse:
    """Show a page of the remedies that the actor may see, or export them."""
    actor, now = accounts.acting(request), timezone.now()
    accounts.require(actor, *sorted(READERS))
    filters = _filters(request.GET)
    if kind := request.GET.get("export", ""):
        accounts.permit(actor, Permission.EXPORT)
        return _export(kind, queries.remedy_export(actor, filters, now=now))
    found = queries.remedy_page(actor, filters, now=now, after=request.GET.get("after", ""))
    towns = dict(directory(actor.county, now=now).towns)
    tracks = {str(track): label for track, label in TRACK_LABELS.items() if track}
    context = frame(actor, now=now) | {
        "rows": found.rows,
        "pager": pager(found.count, len(found.rows), found.after),
        "filters": filters,
        "is_filtered": filters != RemedyFilters(),
        "measure": REMEDY_MEASURE_LABELS.get(filters.measure, ""),
        "tabs": _tabs(request.GET),
        "pills": [
            pill(request.GET, "state", gettext("状态"), REMEDY_LABELS),
            pill(request.GET, "kind", gettext("类型"), remedy_settings().kinds),
            pill(request.GET, "track", gettext("法定路径"), tracks),
            pill(request.GET, "town", gettext("镇街"), towns),
        ],
    }
    return render(request, "workorders/remedies/list.html", context)


def _filters(query: QueryDict) -> RemedyFilters:
    since, until = period(query)
    return RemedyFilters(
        states=many(query, "state", REMEDY_LABELS),
        kinds=many(query, "kind", remedy_settings().kinds),
        tracks=many(query, "track", TRACK_LABELS),
        towns=many(query, "town"),
        open_only=query.get("open") == "1",
        overdue=query.get("due") == "over",
        hazard=query.get("hazard") == "1",
        text=query.get("text", "").strip()[:100],
        measure=query.get("measure", "").strip(),
        since=since,
        until=until,
    )


def _tabs(query: QueryDict) -> list[Tab]:
    address = reverse("remedy-list")
    is_bare = not any(query.get(name) for name in ("open", "due", "state", "hazard", "measure"))
    return [
        Tab(label=gettext("全部"), url=address, is_current=is_bare),
        Tab(label=gettext("在办"), url=f"{address}?open=1", is_current=query.get("open") == "1"),
        Tab(
            label=gettext("危险"), url=f"{address}?hazard=1", is_current=query.get("hazard") == "1"
        ),
        Tab(
            label=gettext("超期"), url=f"{address}?due=over", is_current=query.get("due") == "over"
        ),
    ]


def _export(kind: str, rows: tuple[RemedyRow, ...]) -> HttpResponse:
    head = [
        gettext("编号"), gettext("状态"), gettext("类型"), gettext("法定路径"), gettext("镇街"),
        gettext("地点"), gettext("危险"), gettext("登记时间"), gettext("解决时间"),
        gettext("施工单位"), gettext("预算（元）"), gettext("结算（元）"), gettext("超期环节"),
    ]  # fmt: skip
    lines = [
        (
            row.code, row.state_label, row.kind_label, row.track_label, row.town_name, row.address,
            row.is_hazard, row.registered_at, row.solved_at, row.contractor_name,
            row.budget_fen / 100, row.settled_fen / 100, "、".join(row.late),
        )
        for row in rows
    ]  # fmt: skip
    return file_of(kind, gettext("代整治"), head, lines)


@login_required
@require_GET
def rates(request: HttpRequest) -> HttpResponse:
    """Show 解决率 and 及时解决率 of a period; every number opens its list."""
    actor, now = accounts.acting(request), timezone.now()
    accounts.require(actor, *sorted(READERS))
    since, until = period(request.GET)
    since = since or now - timedelta(days=365)
    found = queries.remedy_rates(actor, since=since, until=until or now, now=now)
    last = timezone.localdate((until or now) - timedelta(microseconds=1))
    context = frame(actor, now=now) | {
        "rates": found,
        "cells": [
            (name, label, found.counts[name]) for name, label in REMEDY_MEASURE_LABELS.items()
        ],
        "mean_cost": str(Money(found.mean_cost_fen)) if found.mean_cost_fen is not None else "",
        "claimed": str(Money(found.claimed_fen)),
        "recovered": str(Money(found.recovered_fen)),
        "since": timezone.localdate(since),
        "until": last,
    }
    return render(request, "workorders/remedies/rates.html", context)


@login_required
@require_GET
def remedy_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one remedy: the legal ways, the search, the work and the money left, timeline right."""
    actor, now = accounts.acting(request), timezone.now()
    found = remedy_record(actor, pk, now=now)
    lines, is_whole = timeline(found.subject)
    files = evidence.files_of(found.subject)
    photos = [photo(file) for file in files]
    context = (
        frame(actor, now=now)
        | _what_deeds_ask(actor, now=now)
        | {
            "record": found,
            "row": found.row,
            "tone": "ok" if found.is_final else "live",
            "stages": _stages(found),
            "forms": _forms(found),
            "extras": _extras(found),
            "refused": [action for action in found.actions if action.reasons],
            "facts": _facts(found),
            "money": _money(found),
            "payments": [(line, str(Money(line.amount_fen))) for line in found.payments],
            "lines": lines,
            "is_whole": is_whole,
            "photos": [item for item in photos if item.is_image],
            "pair": pair(files),
            "points": [
                {
                    "lon": found.row.lon,
                    "lat": found.row.lat,
                    "kind": "here",
                    "label": found.row.address,
                }
            ],
            "after": reverse("remedy-detail", args=[pk]),
        }
    )
    return render(request, "workorders/remedies/record.html", context)


def _what_deeds_ask(actor: Actor, *, now: datetime) -> dict[str, Any]:
    """Return what the forms of the deeds offer to choose from."""
    settings = remedy_settings()
    return {
        "units": list(performers(actor.county, now=now).items()),
        "sources": list(settings.sources.items()),
        "consequences": list(settings.consequences.items()),
        "places": list(settings.places.items()),
        "conclusions": [(str(key), label) for key, label in CONCLUSION_LABELS.items()],
        "today": civil_date(now).isoformat(),
    }


def _forms(found: RemedyRecord) -> list[tuple[RemedyAction, str]]:
    """Return the deeds that are open, with their forms; those that lead aside come last."""
    open_actions = [action for action in found.actions if not action.reasons]
    open_actions.sort(key=lambda action: action.name in LATER)
    return [(a, f"workorders/remedies/deeds/{a.name}.html") for a in open_actions]


def _extras(found: RemedyRecord) -> list[tuple[str, str, str]]:
    return [
        (name, label, f"workorders/remedies/deeds/{name}.html")
        for name, label in REMEDY_CAN_LABELS.items()
        if name in found.capabilities
    ]


def _stages(found: RemedyRecord) -> list[dict[str, str]]:
    has_owner = found.obligor_name or found.row.state in (*BESIDE, RemedyState.OWNER_FOUND)
    life: tuple[RemedyState, ...] = LIFE_B if has_owner else LIFE_A
    if found.row.track == Track.IMMEDIATE:
        life = tuple(s for s in life if s not in (RemedyState.DECIDED, RemedyState.REMINDED))
    at = RemedyState.OWNER_FOUND if found.row.state in BESIDE else RemedyState(found.row.state)
    here = life.index(at)
    return [
        {
            "label": gettext(REMEDY_LABELS[state]),
            "state": "done" if place < here else "now" if place == here else "",
            "note": "",
        }
        for place, state in enumerate(life)
    ]


def _facts(found: RemedyRecord) -> list[tuple[str, str]]:
    yes, no = gettext("是"), gettext("否")
    pairs = [
        (gettext("类型"), found.row.kind_label),
        (gettext("危险"), yes if found.row.is_hazard else no),
        (gettext("登记"), f"{moment_text(found.row.registered_at)} {found.created_by_name}"),
        (gettext("围护"), _met(found.fence_due_at, found.fenced_at)),
        (gettext("查明期限"), moment_text(found.search_due_at)),
        (gettext("解决期限"), moment_text(found.solve_due_at)),
        (gettext("部件"), found.component_code),
        (gettext("法定路径"), gettext(found.row.track_label)),
        (gettext("责任人"), found.obligor_name),
        (gettext("认定依据"), found.obligor_basis),
        (gettext("公告"), _notice(found)),
        (gettext("批准"), f"{found.approved_by_name} {moment_text(found.approved_at)}" if found.approved_at else ""),
        (gettext("责令履行"), _span(found.ordered_on, found.perform_by)),
        (gettext("催告"), _day(found.demanded_on)),
        (gettext("后果"), gettext(found.consequence_label) if found.consequence_label else ""),
        (gettext("代履行人"), found.performer_name),
        (gettext("代履行日期"), _day(found.perform_on)),
        (gettext("催告书最迟送达"), _day(found.remind_by)),
        (gettext("催告书送达"), _day(found.reminded_on)),
        (gettext("立即代履行场所"), gettext(found.immediate_label) if found.immediate_label else ""),
        (gettext("事后通知"), _met(found.notify_due_at, found.notified_at)),
    ]  # fmt: skip
    return [(name, value) for name, value in pairs if value.strip(" —")]


def _met(due_at: datetime | None, met_at: datetime | None) -> str:
    if due_at is None and met_at is None:
        return ""
    return f"{moment_text(met_at)}（{gettext('期限')} {moment_text(due_at)}）"


def _notice(found: RemedyRecord) -> str:
    if found.notice_on is None:
        return ""
    kept = gettext("，证据已公证") if found.is_notarized else ""
    return f"{_span(found.notice_on, found.notice_ends_on)} {found.notice_media}{kept}"


def _span(since: date | None, until: date | None) -> str:
    return f"{_day(since)} – {_day(until)}" if since else ""


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _money(found: RemedyRecord) -> list[tuple[str, str]]:
    row = found.row
    pairs = [
        (gettext("预算"), str(Money(row.budget_fen)) if row.budget_fen else ""),
        (gettext("施工单位"), row.contractor_name),
        (gettext("施工内容"), found.work_text),
        (gettext("工程量"), found.quantity),
        (gettext("到场监督"), found.supervisors),
        (gettext("签名"), found.signatures),
        (gettext("开工"), moment_text(found.work_started_at)),
        (gettext("完工"), moment_text(found.work_finished_at)),
        (gettext("结算"), str(Money(row.settled_fen)) if row.settled_fen else ""),
        (gettext("追偿"), _day(found.claimed_on)),
        (gettext("缴纳期限"), moment_text(found.pay_due_at)),
        (gettext("已收"), str(Money(found.recovered_fen)) if found.claimed_on else ""),
    ]
    return [(name, value) for name, value in pairs if value.strip(" —")]
