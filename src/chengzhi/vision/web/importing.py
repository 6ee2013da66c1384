"""A table of cameras: previewed with its report, then written."""

import base64
import binascii

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Permission
from chengzhi.kernel.errors import InvalidInput
from chengzhi.vision import commands
from chengzhi.vision.queries.camera_table import (
    CAMERA_DEED_LABELS,
    MOST_BYTES,
    CameraDeed,
    CameraPlan,
    judge_cameras,
)
from chengzhi.vision.rules.camera_table import GRAMMAR
from chengzhi.vision.web.export import export
from chengzhi.vision.web.parsing import actor_of, moment

SHOWN = 200
TONES = {CameraDeed.NEW: "ok", CameraDeed.CHANGED: "warn", CameraDeed.UNCHANGED: ""}
HEAD = ("表", "行", "列", "内容", "原因")


@login_required
@require_http_methods(["GET", "POST"])
def cameras(request: HttpRequest) -> HttpResponse:
    """Preview a table, give the report of what could not be read, or write it."""
    actor = actor_of(request)
    accounts.permit(actor, Permission.MANAGE_CAMERAS)
    if kind := request.GET.get("template", ""):
        return export(kind, name="cameras", head=[c.label for c in GRAMMAR.columns], rows=())
    if request.method == "GET":
        context = {"columns": GRAMMAR.columns, "most": MOST_BYTES // 1_000_000}
        return render(request, "vision/camera_import.html", context)
    content, name = _sent(request)
    if request.POST.get("deed") == "write":
        plan = commands.import_cameras(content, file_name=name, actor=actor, now=moment())
        said = _("已导入摄像头：新增 %(new)d 路、修改 %(changed)d 路。")
        messages.success(request, said % {str(deed): plan.count(deed) for deed in CameraDeed})
        return redirect("camera-list")
    plan = judge_cameras(actor, content, file_name=name)
    if kind := request.POST.get("export", ""):
        rows = [(f.sheet, f.row, f.column, f.text, f.reason) for f in plan.faults]
        return export(kind, name="cameras-unread", head=HEAD, rows=rows)
    return render(request, "vision/camera_import.html", _shown(plan, content, name))


def _sent(request: HttpRequest) -> tuple[bytes, str]:
    """Return the table from the file field, or from the preview before."""
    if "content" in request.POST:
        try:
            content = base64.b64decode(request.POST["content"], validate=True)
        except (binascii.Error, ValueError) as error:
            raise InvalidInput("预览已失效，请重新选择文件。", field="file") from error
        return content, request.POST.get("file_name", "")[:80]
    file = request.FILES.get("file")
    if file is None or file.size is None or file.size > MOST_BYTES:
        raise InvalidInput("请选择不超过 2 MB 的 xlsx 或 csv 文件。", field="file")
    return file.read(), (file.name or "")[:80]


def _shown(plan: CameraPlan, content: bytes, name: str) -> dict[str, object]:
    return {
        "plan": plan,
        "file_name": name,
        "content": base64.b64encode(content).decode(),
        "counts": [
            (_(CAMERA_DEED_LABELS[deed]), TONES[deed], plan.count(deed)) for deed in CameraDeed
        ],
        "lines": [
            (line, _(CAMERA_DEED_LABELS[line.deed]), TONES[line.deed])
            for line in plan.changes[:SHOWN]
        ],
        "more": max(0, len(plan.changes) - SHOWN),
    }
