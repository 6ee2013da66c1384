"""The pages of the thresholds: the list, one category, and the deeds that move a threshold."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Permission
from chengzhi.kernel.errors import InvalidInput
from chengzhi.vision import commands
from chengzhi.vision.queries.calibration import calibration_detail, calibration_page, every_row
from chengzhi.vision.queries.learned import STREET
from chengzhi.vision.rules.chart import chart
from chengzhi.vision.rules.wording import kind_label
from chengzhi.vision.types import CalibrationRow
from chengzhi.vision.web.export import Cell, export
from chengzhi.vision.web.history import history
from chengzhi.vision.web.paging import pager
from chengzhi.vision.web.parsing import actor_of, moment

HEAD = (
    "类型",
    "摄像头",
    "摄像头名称",
    "识别阈值",
    "目标准确率",
    "预计准确率",
    "属实",
    "误识别",
    "不计入",
    "每天件数",
    "压下",
    "探查",
    "建议",
    "告警",
)
VIEWS = (("", "全部"), ("county", "全县"), ("proposals", "待采纳"), ("alarms", "漂移告警"))


@login_required
@require_GET
def thresholds(request: HttpRequest) -> HttpResponseBase:
    """Show what is expected of every category and camera, or export it."""
    actor, now = actor_of(request), moment()
    kind, show = request.GET.get("kind", ""), request.GET.get("show", "")
    if wanted := request.GET.get("export", ""):
        accounts.permit(actor, Permission.EXPORT)
        rows = [_cells(row) for row in every_row(actor, now=now, kind=kind, show=show)]
        return export(wanted, name="thresholds", head=HEAD, rows=rows)
    page = calibration_page(
        actor, now=now, kind=kind, show=show, after=request.GET.get("after", "")
    )
    return render(
        request,
        "vision/calibration.html",
        {
            "now": now,
            "page": page,
            "pager": pager(total=page.count, shown=len(page.rows), next_key=page.next_key),
            "kind": kind,
            "show": show,
            "views": [(value, _(label)) for value, label in VIEWS],
            "kinds": [(value, kind_label(value)) for value in STREET],
            "may_export": accounts.may(actor, Permission.EXPORT),
            "may_calibrate": accounts.may(actor, Permission.CALIBRATE),
        },
    )


def _cells(row: CalibrationRow) -> tuple[Cell, ...]:
    return (
        row.kind_label,
        row.camera,
        row.camera_name,
        row.threshold,
        row.target,
        row.precision,
        row.true,
        row.false,
        row.apart,
        row.per_day,
        row.parked,
        row.explored,
        row.proposal,
        "；".join(alarm.label for alarm in row.alarms),
    )


@login_required
@require_GET
def threshold(request: HttpRequest, kind: str) -> HttpResponse:
    """Show one category: precision and volume at each threshold, verdicts, versions."""
    actor, now = actor_of(request), moment()
    camera = request.GET.get("camera", "")
    shown = calibration_detail(actor, kind, now=now, camera=camera)
    return render(
        request,
        "vision/threshold.html",
        {
            "now": now,
            "seen": shown,
            "row": shown.row,
            "entries": history(shown.subject),
            "chart": chart(shown),
            "may_calibrate": accounts.may(actor, Permission.CALIBRATE),
        },
    )


@login_required
@require_POST
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Publish what was proposed."""
    commands.accept_threshold(pk, actor=actor_of(request), now=moment())
    return _back(request)


@login_required
@require_POST
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    """Leave the threshold as it is."""
    commands.decline_threshold(
        pk, reason=request.POST.get("reason", ""), actor=actor_of(request), now=moment()
    )
    return _back(request)


@login_required
@require_POST
def change(request: HttpRequest, kind: str) -> HttpResponse:
    """Publish a threshold that a person chose."""
    commands.set_threshold(
        kind,
        value=_number(request.POST.get("value", "")),
        why=request.POST.get("reason", ""),
        camera=request.POST.get("camera", ""),
        actor=actor_of(request),
        now=moment(),
    )
    return _back(request, kind)


@login_required
@require_POST
def take_back(request: HttpRequest, kind: str) -> HttpResponse:
    """Publish what held before, as a new version."""
    commands.take_back_threshold(
        kind,
        reason=request.POST.get("reason", ""),
        camera=request.POST.get("camera", ""),
        actor=actor_of(request),
        now=moment(),
    )
    return _back(request, kind)


@login_required
@require_POST
def bring_up(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a parked finding on the desk after all."""
    commands.bring_up_finding(pk, actor=actor_of(request), now=moment())
    return redirect(reverse("finding-detail", args=[pk]))


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise InvalidInput("阈值：请写 0 至 1 之间的数，例如 0.65。", field="value") from error


def _back(request: HttpRequest, kind: str = "") -> HttpResponse:
    camera = request.POST.get("camera", "")
    kind = kind or request.POST.get("kind", "")
    if kind not in STREET:
        return redirect(reverse("threshold-list"))
    query = f"?{urlencode({'camera': camera})}" if camera else ""
    return redirect(reverse("threshold-detail", args=[kind]) + query)
