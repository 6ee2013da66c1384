"""The routing rules as a list and as a sheet that can be imported again."""

from datetime import date, datetime

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Permission
from chengzhi.kernel.errors import InvalidInput
from chengzhi.workorders.queries import routing as queries
from chengzhi.workorders.rules.matrix import HEADS
from chengzhi.workorders.rules.routing import WEEKDAYS
from chengzhi.workorders.types import RuleBook, RuleCard
from chengzhi.workorders.web.parsing import number_in
from chengzhi.workorders.web.sheet import file_of

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
        "missing": queries.missing_layers(actor, now=now),
        "pager": {
            "total": len(rows) if view == VIEWS[0] else book.ended_count,
            "shown": len(rows),
            "next": book.next_key if view == VIEWS[1] else None,
        },
        "may_change": queries.may_change_routing(actor),
        "may_export": accounts.may(actor, Permission.EXPORT),
    }
    return render(request, "workorders/routing.html", context)


def _export(actor: Actor, kind: str, *, now: datetime) -> HttpResponse:
    accounts.permit(actor, Permission.EXPORT)
    book = queries.rule_book(actor, now=now, size=MOST_EXPORTED)
    return file_of(kind, gettext("派遣规则"), [gettext(head) for head in HEADS], _lines(book))


def _lines(book: RuleBook) -> list[tuple[str | int | date | None, ...]]:
    return [_line(card) for card in (*book.in_force, *book.ended)]


def _line(card: RuleCard) -> tuple[str | int | date | None, ...]:
    row = card.row
    days = "周" + "、".join(WEEKDAYS[int(day) - 1] for day in row.weekdays) if row.weekdays else ""
    return (
        card.matter_name or gettext("全部事项"),
        row.condition_number or "",
        card.area_name or gettext("全县"),
        row.road_name or row.road,
        row.road_metres or "",
        row.layer,
        days,
        row.slot,
        card.kind_name or gettext("不限"),
        card.unit_name,
        row.person_name,
        row.note,
        card.valid_from,
        card.valid_to,
        row.flag,
    )
