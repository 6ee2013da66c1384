"""The administrator's pages of imports: what came from where, and which rows did not."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from chengzhi.accounts.interface import acting
from chengzhi.kernel.errors import InvalidInput
from chengzhi.kernel.sheets import as_file
from chengzhi.workorders.queries import imports as queries
from chengzhi.workorders.types.imports import REPORT_HEAD, ImportCard

HEAD = ("编号", "来源", "文件", "操作人", "开始", "完成", "行数", "新增", "以前已导入", "未导入")


@require_safe
@login_required
def imports(request: HttpRequest) -> HttpResponse:
    """List imports, newest first."""
    actor = acting(request)
    source, before = request.GET.get("source", ""), _key(request.GET.get("before", ""))
    runs, count, following = queries.import_runs(actor, source=source, before=before)
    if kind := request.GET.get("export"):
        return _file(kind, "imports", HEAD, [_cells(run) for run in runs])
    context = {
        "runs": runs,
        "count": count,
        "following": following,
        "source": source,
        "sources": queries.sources(actor),
    }
    return render(request, "workorders/imports.html", context)


@require_safe
@login_required
def import_run(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one import with every row of which something is to be said."""
    run = queries.import_run(acting(request), pk)
    if kind := request.GET.get("export"):
        return _file(kind, f"import-{pk}", REPORT_HEAD, [line.cells for line in run.told])
    return render(request, "workorders/import_run.html", {"run": run})


def _key(text: str) -> int | None:
    if not text:
        return None
    if not (text.isdecimal() and len(text) < 18):
        raise InvalidInput(_("翻页位置无法识别，请回到第一页。"), field="before")
    return int(text)


def _cells(run: ImportCard) -> tuple[object, ...]:
    return (
        run.id, run.source, run.file_name, run.started_by_name, run.started_at, run.finished_at,
        run.total, run.imported, run.known, run.refused,
    )  # fmt: skip


def _file(kind: str, name: str, head: tuple[str, ...], rows: list[tuple]) -> HttpResponse:  # type: ignore[type-arg]
    content, media_type = as_file(kind, head, rows, zone=timezone.get_current_timezone())
    response = HttpResponse(content, content_type=media_type)
    file_name = content_disposition_header(True, f"{name}.{kind}")
    response.headers["Content-Disposition"] = file_name or "attachment"
    return response
