"""The matrix as a sheet: previewed with its dry run and its report, then written."""

import base64
import binascii
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from chengzhi.accounts import interface as accounts
from chengzhi.kernel.errors import InvalidInput
from chengzhi.kernel.sheets import as_file
from chengzhi.workorders.commands.matrix import import_matrix
from chengzhi.workorders.forms import MatrixForm
from chengzhi.workorders.queries.matrix import (
    MATRIX_DEED_LABELS,
    MOST_BYTES,
    MatrixDeed,
    MatrixPlan,
    judge_matrix,
)
from chengzhi.workorders.rules.routing import WRITERS
from chengzhi.workorders.web.parsing import done

SHOWN = 200
TONES = {
    MatrixDeed.NEW: "ok",
    MatrixDeed.CHANGED: "warn",
    MatrixDeed.ENDED: "bad",
    MatrixDeed.UNCHANGED: "",
}


@dataclass(frozen=True, kw_only=True)
class Sent:
    """The sheet that a form carries, from the file field or from the preview before."""

    content: bytes
    file_name: str
    is_whole: bool


@login_required
@require_http_methods(["GET", "POST"])
def matrix(request: HttpRequest) -> HttpResponse:
    """Preview a sheet, download the report of what could not be read, or write it."""
    actor, now = accounts.acting(request), timezone.now()
    accounts.require(actor, *WRITERS)
    form = MatrixForm(request.POST or None, request.FILES or None, label_suffix="")
    context = {"form": form, "now": now}
    sent = _sent(request, form) if request.method == "POST" else None
    if sent is None:
        status = 422 if form.errors else 200
        return render(request, "workorders/routing_import.html", context, status=status)
    if request.POST.get("deed") == "write":
        plan = import_matrix(
            sent.content, file_name=sent.file_name, is_whole=sent.is_whole, actor=actor, now=now
        )
        said = gettext("已导入权责矩阵：新增 %(new)d、修改 %(changed)d、停用 %(ended)d 条。")
        counts = {str(deed): plan.count(deed) for deed in MatrixDeed}
        return done(request, said % counts, to=reverse("workorder-routing"))
    plan = judge_matrix(
        actor, sent.content, file_name=sent.file_name, is_whole=sent.is_whole, now=now
    )
    if kind := request.POST.get("export", ""):
        return _report(plan, kind)
    return render(request, "workorders/routing_import.html", {**context, **_shown(plan, sent)})


def _sent(request: HttpRequest, form: MatrixForm) -> Sent | None:
    posted = request.POST
    if "content" in posted:
        try:
            content = base64.b64decode(posted["content"], validate=True)
        except (binascii.Error, ValueError) as error:
            raise InvalidInput("预览已失效，请重新选择文件。", field="file") from error
        return Sent(
            content=content,
            file_name=posted.get("file_name", "")[:80],
            is_whole=posted.get("is_whole") == "1",
        )
    if not form.is_valid():
        return None
    file = form.cleaned_data["file"]
    if file.size > MOST_BYTES:
        form.add_error("file", gettext("文件不能超过 1 MB，请分成几个文件再导入。"))
        return None
    whole = form.cleaned_data["is_whole"]
    return Sent(content=file.read(), file_name=file.name[:80], is_whole=whole)


def _shown(plan: MatrixPlan, sent: Sent) -> dict[str, object]:
    return {
        "plan": plan,
        "sent": sent,
        "content": base64.b64encode(sent.content).decode(),
        "counts": [
            (gettext(MATRIX_DEED_LABELS[deed]), TONES[deed], plan.count(deed))
            for deed in MatrixDeed
        ],
        "lines": [
            (line, gettext(MATRIX_DEED_LABELS[line.deed]), TONES[line.deed])
            for line in plan.changes[:SHOWN]
        ],
        "more": max(0, len(plan.changes) - SHOWN),
        "tried": plan.tried,
    }


def _report(plan: MatrixPlan, kind: str) -> HttpResponse:
    heads = [gettext("表"), gettext("行"), gettext("列"), gettext("内容"), gettext("原因")]
    rows: list[tuple[str | int | date | None, ...]] = [
        (fault.sheet, fault.row, gettext(fault.column), fault.text, fault.reason)
        for fault in plan.faults
    ]
    zone = timezone.get_current_timezone()
    content, content_type = as_file(kind, heads, rows, zone=zone)
    answer = HttpResponse(content, content_type=content_type)
    name = f"{gettext('权责矩阵导入报告')}-{timezone.localdate():%Y%m%d}.{kind}"
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return answer
