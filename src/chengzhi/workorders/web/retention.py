"""保存期限: what is due to go, what is on hold, the register of what went."""

from collections.abc import Iterator

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from chengzhi.accounts import interface as accounts
from chengzhi.kernel.sheets import Cell
from chengzhi.workorders.commands.retention import run_retention
from chengzhi.workorders.queries import retention as queries
from chengzhi.workorders.web.sheet import file_of

HEAD = ("批次", "规则版本", "时间", "执行人", "清除行数", "明细", "摘要")
MOST = 5000


@login_required
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """Show the dry run, the holds, and the register."""
    actor, now = accounts.acting(request), timezone.now()
    if kind := request.GET.get("export"):
        return _download(request, kind)
    ended = request.GET.get("holds") == "ended"
    holds, hold_count, hold_key = queries.holds(
        actor, now=now, ended=ended, after=_key(request, "after")
    )
    runs, run_count = queries.runs(actor, after=_key(request, "run"))
    context = {
        "due": queries.due_now(actor, now=now),
        "holds": holds,
        "hold_count": hold_count,
        "shows_ended": ended,
        "runs": runs,
        "run_count": run_count,
        "next_run": runs[-1].id if runs and len(runs) == 20 else None,
        "next_hold": hold_key,
        "now": now,
    }
    return render(request, "workorders/retention.html", context)


def _key(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 19 else None


def _download(request: HttpRequest, kind: str) -> HttpResponse:
    runs, _ = queries.runs(accounts.acting(request), size=MOST)

    def rows() -> Iterator[tuple[Cell, ...]]:
        for run in runs:
            counts = "；".join(f"{label} {count}" for label, count in run.counts)
            yield (
                run.batch, run.rule_version, run.executed_at, run.executed_by_name,
                run.row_count, counts, run.digest,
            )  # fmt: skip

    return file_of(kind, "清除登记", HEAD, rows())


@login_required
@require_POST
def execute(request: HttpRequest) -> HttpResponseBase:
    """Remove what is due."""
    ran = run_retention(actor=accounts.acting(request), now=timezone.now())
    said = gettext("已清除 %(count)d 行，批次 %(batch)s")
    messages.success(request, said % {"count": ran.row_count, "batch": ran.batch[:8]})
    return redirect("retention")
