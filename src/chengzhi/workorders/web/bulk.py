"""Many records at once: the bulk bar's deeds, the page of results, deeds from a file."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from functools import lru_cache

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor
from chengzhi.kernel.errors import InvalidInput
from chengzhi.workorders.commands import bulk
from chengzhi.workorders.queries import bulk as queries
from chengzhi.workorders.queries.directory import directory
from chengzhi.workorders.queries.people import collectors
from chengzhi.workorders.rules.bulk_file import read_tasks
from chengzhi.workorders.types import BulkTask, Details
from chengzhi.workorders.web.parsing import filters_of, keys_in

Pairs = tuple[tuple[str, str], ...]
LABELS = {name: deed.label for name, deed in bulk.BULK_DEEDS.items()}


@login_required
@require_POST
def do(request: HttpRequest) -> HttpResponse:
    """Do one deed on the chosen rows, or on all that the filters show, and show the results."""
    actor, now = accounts.acting(request), timezone.now()
    deed = request.POST.get("deed", "")
    if deed not in LABELS:
        raise InvalidInput("没有选定要办的操作，请重新选择。", field="deed")
    details = _details(request.POST, deed)
    tasks = [
        BulkTask(pk=pk, code=code, deed=deed, details=details)
        for pk, code in _chosen(request, actor).items()
    ]
    run = bulk.do_many(tasks, title=LABELS[deed], actor=actor, now=now)
    return redirect(_result(run, request.POST.get("next", "")))


def _chosen(request: HttpRequest, actor: Actor) -> dict[int, str]:
    if request.POST.get("all") != "1":
        return queries.chosen(actor, set(keys_in(request.POST)))
    filters = filters_of(QueryDict(request.POST.get("query", "")))
    most = bulk.MOST_ROWS + 1
    return queries.matching(actor, filters, now=timezone.now(), most=most)


def _details(form: QueryDict, deed: str) -> Details:
    """Return what the deed's own fields say; each deed of the bar has its own names."""
    said = {name: form.get(f"{deed}-{name}", "").strip() for name in bulk.BULK_DEEDS[deed].asks}
    return Details(**said)


def _result(run: int, back: str) -> str:
    query = QueryDict(mutable=True)
    if back:
        query["next"] = back
    return reverse("workorder-bulk-result", args=[run]) + (f"?{query.urlencode()}" if back else "")


@login_required
@require_GET
def result(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what became of each row of one's own run."""
    found = queries.run(accounts.acting(request), pk)
    context = {"run": found, "labels": LABELS, "back": _back(request), "now": timezone.now()}
    return render(request, "workorders/bulk_result.html", context)


def _back(request: HttpRequest) -> str:
    wanted = request.GET.get("next", "")
    ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    return wanted if ours else reverse("workorder-list")


@login_required
@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Try the refused rows of a run once more."""
    actor = accounts.acting(request)
    found = queries.run(actor, pk)
    tasks = [
        BulkTask(pk=line.pk, code=line.code, deed=line.deed, details=line.details)
        for line in found.refused
    ]
    run = bulk.do_many(tasks, title=found.title, actor=actor, now=timezone.now())
    return redirect(_result(run, request.POST.get("next", "")))


@login_required
@require_http_methods(["GET", "POST"])
def from_file(request: HttpRequest) -> HttpResponse:
    """Read a list of deeds from a file, rehearse every line, and do them once that is confirmed."""
    actor, now = accounts.acting(request), timezone.now()
    if rows := request.POST.get("rows"):
        run = bulk.do_many(_read(rows), title=gettext("文件批量办理"), actor=actor, now=now)
        return redirect(_result(run, ""))
    context: dict[str, object] = {"labels": LABELS, "now": now, "most": bulk.MOST_ROWS}
    if request.method == "POST":
        upload = request.FILES.get("file")
        if upload is None or upload.size is None or upload.size > 1_000_000:
            raise InvalidInput("没有选择文件，或文件超过 1 MB，请重新选择。", field="file")
        tasks = read_tasks(upload.read(), deeds=LABELS)
        lines = bulk.rehearse(tasks, actor=actor, now=now)
        fine = [task for task, line in zip(tasks, lines, strict=True) if line.is_done]
        context |= {"lines": lines, "fine": len(fine), "rows": _written(fine)}
    return render(request, "workorders/bulk_file.html", context)


def _written(tasks: Iterable[BulkTask]) -> str:
    return json.dumps([asdict(task) for task in tasks], ensure_ascii=False)


def _read(rows: str) -> list[BulkTask]:
    """Return the rehearsed lines as the form brings them back; every guard is asked anew."""
    try:
        kept = json.loads(rows)
        return [BulkTask(**{**row, "details": Details(**row["details"])}) for row in kept]
    except (ValueError, TypeError, KeyError) as error:
        raise InvalidInput("预览的内容已失效，请重新上传文件。", field="file") from error


def bar(actor: Actor) -> dict[str, object]:
    """Return what the bulk bar offers to a person."""
    now = timezone.now()
    units = tuple(sorted(directory(actor.county, now=now).handlers.items()))
    people = tuple(sorted(collectors(actor.county, now=now).items()))
    deeds = tuple(bulk.offered(actor))
    return {"deeds": _drawn(get_language(), deeds, units, people), "most": bulk.MOST_ROWS}


@lru_cache(maxsize=128)
def _drawn(language: str, deeds: tuple[bulk.BulkDeed, ...], units: Pairs, people: Pairs) -> str:
    """Return the deeds' buttons and forms, drawn once for all who are offered the same ones."""
    words = {"deeds": deeds, "units": units, "collectors": people}
    return render_to_string("workorders/parts/bulk_deeds.html", words)
