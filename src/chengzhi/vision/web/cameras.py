"""Cameras: the list, the page of one, and the health of the workers."""

from collections.abc import Iterable, Iterator
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Permission, Role
from chengzhi.vision.forms import CostForm
from chengzhi.vision.queries.cameras import (
    camera_detail,
    camera_file,
    camera_page,
    every_camera,
    incident_rows,
)
from chengzhi.vision.queries.leases import watch
from chengzhi.vision.queries.plans import plan_version
from chengzhi.vision.queries.workers import worker_rows
from chengzhi.vision.rules.camera_file import as_toml
from chengzhi.vision.rules.cost import LABELS as COST_LABELS
from chengzhi.vision.rules.outages import repair_text
from chengzhi.vision.rules.wording import matter_of
from chengzhi.vision.types import (
    CAMERA_STATE_LABELS,
    DARK_STATES,
    CameraRow,
    FindingKind,
)
from chengzhi.vision.web.export import Cell, export
from chengzhi.vision.web.history import history
from chengzhi.vision.web.paging import pager
from chengzhi.vision.web.parsing import actor_of, moment

HEAD = (
    "编号",
    "名称",
    "地点",
    "经度",
    "纬度",
    "状态",
    "最后心跳",
    "今天看不清（分）",
    "帧率",
    "延迟（秒）",
    "重启",
    "丢帧",
    "开销（毫秒/秒）",
    "区域",
    "待复核",
    "已复核",
    "准确率",
    "启用",
    *COST_LABELS.values(),
)
ENTRIES = 50
#: Who may write down that a camera needs repair (workorders' channels of reports).
REPAIRERS = frozenset(
    {
        Role.ACCEPTANCE_OFFICER,
        Role.DUTY_MANAGER,
        Role.HANDLER,
        Role.SQUAD_LEADER,
        Role.TOWN_OFFICER,
    }
)


@login_required
@require_GET
def cameras(request: HttpRequest) -> HttpResponseBase:
    """Show a page of cameras, or export them all."""
    actor, now = actor_of(request), moment()
    find, state = request.GET.get("find", "").strip(), request.GET.get("state", "")
    if kind := request.GET.get("export", ""):
        accounts.permit(actor, Permission.EXPORT)
        rows = _cells(every_camera(actor, now=now, find=find, state=state))
        return export(kind, name="cameras", head=HEAD, rows=rows)
    listed = camera_page(
        actor,
        now=now,
        find=find,
        state=state,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    context = {
        "now": now,
        "page": listed,
        "pager": pager(
            total=listed.count,
            shown=len(listed.rows),
            next_key=listed.next_key,
            previous_key=listed.previous_key,
        ),
        "find": find,
        "state": state,
        "states": [
            ("", _("全部")),
            *((str(s), _(label)) for s, label in CAMERA_STATE_LABELS.items()),
        ],
        "may_manage": accounts.may(actor, Permission.MANAGE_CAMERAS),
        "cost_form": CostForm(),
        "may_export": accounts.may(actor, Permission.EXPORT),
    }
    return render(request, "vision/cameras.html", context)


def _cells(rows: Iterable[CameraRow]) -> Iterator[tuple[Cell, ...]]:
    for row in rows:
        rate = row.accuracy.rate
        yield (
            row.code,
            row.name,
            row.address,
            row.lon,
            row.lat,
            row.state_label,
            row.last_heartbeat_at,
            round(row.blind_minutes, 1),
            row.fps,
            row.lag_s,
            row.restarts,
            row.dropped,
            round(row.cost_ms, 1),
            row.zone_count,
            row.pending,
            row.accuracy.reviewed,
            None if rate is None else round(rate, 4),
            _yes(row.enabled),
            *(_yes(value) if isinstance(value, bool) else value for value in row.cost.values()),
        )


def _yes(value: bool) -> str:
    return "是" if value else "否"


@login_required
@require_GET
def camera(request: HttpRequest, code: str) -> HttpResponse:
    """Show a camera: its picture with the zones on it, its rules, its health and history."""
    actor, now = actor_of(request), moment()
    shown = camera_detail(actor, code, now=now)
    may_manage = accounts.may(actor, Permission.MANAGE_CAMERAS)
    row = shown.row
    context = {
        "now": now,
        "camera": shown,
        "row": row,
        "version": plan_version(actor, code),
        "points": [{"lon": row.lon, "lat": row.lat, "kind": "cam", "label": row.name}],
        "entries": history(row.subject, most=ENTRIES),
        "may_manage": may_manage,
        "watch": watch(actor, code, now=now),
    }
    return render(request, "vision/camera.html", context)


@login_required
@require_GET
def download(request: HttpRequest, code: str) -> HttpResponse:
    """Give the camera file; the stream's address only to those who may see it."""
    text = as_toml(camera_file(actor_of(request), code))
    answer = HttpResponse(text, content_type="application/toml; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{code}.toml"'
    return answer


@login_required
@require_GET
def health(request: HttpRequest) -> HttpResponse:
    """Show the workers, the cameras that are not well, and the latest incidents."""
    actor, now = actor_of(request), moment()
    rows = every_camera(actor, now=now)
    context = {
        "now": now,
        "workers": worker_rows(actor, now=now),
        "unwell": [(row, _repair(row)) for row in rows if row.state in DARK_STATES],
        "may_repair": not actor.roles.isdisjoint(REPAIRERS),
        "counts": [
            (state, label, sum(row.state == state for row in rows))
            for state, label in CAMERA_STATE_LABELS.items()
        ],
        "blind_minutes": sum(row.blind_minutes for row in rows),
        "incidents": incident_rows(actor),
    }
    return render(request, "vision/health.html", context)


def _repair(row: CameraRow) -> str:
    """Return what the form of a report is opened with, so that nobody writes it off the screen."""
    return urlencode(
        {
            "channel": "patrol",
            "matter_code": matter_of(FindingKind.CAMERA_BLIND),
            "address": row.address or row.name,
            "lon": row.lon,
            "lat": row.lat,
            "description": repair_text(row),
        }
    )
