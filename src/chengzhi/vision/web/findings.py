"""The list of findings, its export, and the page of one."""

from collections.abc import Iterator

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Permission
from chengzhi.vision import commands
from chengzhi.vision.queries.accuracy import accuracy
from chengzhi.vision.queries.cameras import camera_choices
from chengzhi.vision.queries.findings import detail, every, page
from chengzhi.vision.rules.drill import DATE_LABELS, from_query
from chengzhi.vision.rules.recheck import ASKERS
from chengzhi.vision.rules.review import is_equipment
from chengzhi.vision.rules.verdicts import reason_label, reasons
from chengzhi.vision.rules.wording import duration_text, kind_label
from chengzhi.vision.types import (
    FINDING_STATE_LABELS,
    FindingFilter,
    FindingKind,
    FindingRow,
)
from chengzhi.vision.web.desk import may_decide, points
from chengzhi.vision.web.export import LIMIT, Cell, export
from chengzhi.vision.web.history import history
from chengzhi.vision.web.paging import pager
from chengzhi.vision.web.parsing import actor_of, key_in, moment

HEAD = (
    "抓拍编号",
    "摄像头",
    "摄像头名称",
    "类型",
    "事项代码",
    "区域",
    "开始时间",
    "报警时间",
    "收到时间",
    "置信度",
    "状态",
    "复核时间",
    "复核人",
    "误报原因",
    "说明",
    "案件",
)


@login_required
@require_GET
def findings(request: HttpRequest) -> HttpResponseBase:
    """Show a page of the findings that pass the filters in the address, or export them all."""
    actor, wanted = actor_of(request), from_query(request.GET)
    if kind := request.GET.get("export", ""):
        accounts.permit(actor, Permission.EXPORT)
        rows = _cells(every(actor, wanted, limit=LIMIT))
        return export(kind, name="findings", head=HEAD, rows=rows)
    return render(request, "vision/findings.html", _context(request, actor, wanted))


def _context(request: HttpRequest, actor: Actor, wanted: FindingFilter) -> dict[str, object]:
    after, before = key_in(request.GET, "after"), key_in(request.GET, "before")
    listed = page(actor, wanted, after=after, before=before)
    return {
        "now": moment(),
        "page": listed,
        "pager": pager(
            total=listed.count,
            shown=len(listed.rows),
            next_key=listed.next_key,
            previous_key=listed.previous_key,
        ),
        "wanted": wanted,
        "views": _views(),
        "filters": _filters(actor, wanted),
        "dates": [(name, label, getattr(wanted, name)) for name, label in DATE_LABELS.items()],
        "accuracy": accuracy(actor, wanted) if wanted.state in ("", "reviewed", "true") else None,
        "may_export": accounts.may(actor, Permission.EXPORT),
        "may_decide": may_decide(actor),
    }


def _views() -> list[tuple[str, str]]:
    named = [("", _("全部"))]
    named += [(str(state), _(label)) for state, label in FINDING_STATE_LABELS.items()]
    return [*named, ("reviewed", _("已复核")), ("true", _("属实（确认和并入）"))]


def _filters(actor: Actor, wanted: FindingFilter) -> list[dict[str, object]]:
    kinds = [(str(kind), kind_label(kind)) for kind in FindingKind]
    why = [(row.code, row.name) for row in reasons(on=timezone.localdate(moment()))]
    if wanted.reason and wanted.reason not in dict(why):
        why.append((wanted.reason, reason_label(wanted.reason)))
    return [
        {"name": "kind", "label": _("类型"), "chosen": wanted.kind, "options": kinds},
        {
            "name": "camera",
            "label": _("摄像头"),
            "chosen": wanted.camera,
            "options": camera_choices(actor),
        },
        {"name": "reason", "label": _("误报原因"), "chosen": wanted.reason, "options": why},
    ]


def _cells(rows: Iterator[FindingRow]) -> Iterator[tuple[Cell, ...]]:
    for row in rows:
        yield (
            row.finding_id,
            row.camera,
            row.camera_name,
            row.kind_label,
            row.matter_code,
            row.zone,
            row.started_at,
            row.alarm_at,
            row.received_at,
            row.score,
            row.state_label,
            row.decided_at,
            row.decided_by,
            row.reason_label,
            row.note,
            row.work_order_code,
        )


@login_required
@require_GET
def finding(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a finding: facts and evidence left, what happened to it right."""
    actor, now = actor_of(request), moment()
    shown = detail(actor, pk, now=now)
    return render(
        request,
        "vision/finding.html",
        {
            "now": now,
            "finding": shown,
            "row": shown.row,
            "entries": history(f"finding:{pk}"),
            "points": points(shown),
            "dwell": duration_text(shown.dwell_s),
            "may_decide": may_decide(actor),
            "may_ask": not actor.roles.isdisjoint(ASKERS) and not is_equipment(shown.row.kind),
        },
    )


@login_required
@require_POST
def recheck(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the camera to look at the place again."""
    commands.ask_recheck(pk, actor=actor_of(request), now=moment())
    return redirect(reverse("finding-detail", args=[pk]))
