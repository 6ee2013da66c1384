"""导出: short lists at once, long ones in the background, with progress and a link."""

from collections.abc import Iterator
from tempfile import TemporaryFile

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import (
    FileResponse,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    QueryDict,
    StreamingHttpResponse,
)
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Permission
from chengzhi.evidence.interface import Store, open_store
from chengzhi.kernel.sheets import MEDIA, write_file
from chengzhi.workorders.commands import exports
from chengzhi.workorders.queries import lists
from chengzhi.workorders.queries.exports import HEAD, cells, own_exports
from chengzhi.workorders.rules.parameters import parameters
from chengzhi.workorders.types import Filters
from chengzhi.workorders.web.parsing import filters_of, is_htmx

NOT_FILTERS = ("export", "after", "before", "size")
STRETCH = 2**20  # bytes at a time


def answer_list(
    request: HttpRequest, actor: Actor, filters: Filters, kind: str
) -> HttpResponseBase:
    """Answer a short list as a file at once; ask before a long one goes to a worker.

    :raises InvalidInput: neither xlsx nor csv was asked for.
    """
    now, most = timezone.now(), parameters().export_immediate
    rows = list(zip(range(most + 1), lists.export(actor, filters, now=now), strict=False))
    query = query_of(request.GET)
    if len(rows) > most:
        return redirect(f"{reverse('workorder-exports')}?{_asking(kind, query)}")
    out = TemporaryFile()  # noqa: SIM115 (FileResponse closes it)
    head = [gettext(label) for label in HEAD]
    found = (row for _, row in rows)
    write_file(out, kind, head, cells(found), zone=timezone.get_current_timezone())
    exports.note_export(rows=len(rows), kind=kind, query=query, actor=actor, now=now)
    out.seek(0)
    name = f"work-orders-{timezone.localdate():%Y%m%d}.{kind}"
    return FileResponse(out, as_attachment=True, filename=name, content_type=MEDIA[kind])


def query_of(query: QueryDict) -> str:
    """Return what of an address restricts the list."""
    kept = query.copy()
    for name in NOT_FILTERS:
        kept.pop(name, None)
    return kept.urlencode()


def _asking(kind: str, query: str) -> str:
    asked = QueryDict(mutable=True)
    asked.update({"kind": kind, "query": query})
    return asked.urlencode()


@login_required
@require_GET
def export_list(request: HttpRequest) -> HttpResponse:
    """Show one's own exports; with `kind` and `query`, ask whether to begin another."""
    actor = accounts.acting(request)
    accounts.permit(actor, Permission.EXPORT)
    rows, query = own_exports(actor), request.GET.get("query", "")
    context = {
        "rows": rows,
        "busy": any(row.is_unfinished for row in rows),
        "asked": _asked(actor, request.GET) if request.GET.get("kind") else None,
        "list_url": f"{reverse('workorder-list')}?{query}",
        "most": parameters().export_immediate,
        "days": parameters().export_days,
        "now": timezone.now(),
    }
    part = "workorders/parts/exports.html" if is_htmx(request) else "workorders/exports.html"
    return render(request, part, context)


def _asked(actor: Actor, query: QueryDict) -> dict[str, object]:
    filters = filters_of(QueryDict(query.get("query", "")))
    found = lists.page(actor, filters, now=timezone.now(), size=1)
    return {
        "kind": query.get("kind"),
        "query": query.get("query", ""),
        "count": found.count,
        "is_more": found.is_more,
    }


@login_required
@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Put a list in the queue."""
    actor, query = accounts.acting(request), request.POST.get("query", "")
    exports.ask_export(
        filters_of(QueryDict(query)),
        kind=request.POST.get("kind", ""),
        query=query,
        actor=actor,
        now=timezone.now(),
    )
    messages.success(request, gettext("已排队。生成后可在本页下载。"))
    return redirect("workorder-exports")


@login_required
@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop an export."""
    exports.cancel_export(pk, actor=accounts.acting(request), now=timezone.now())
    messages.success(request, gettext("已取消。"))
    return redirect("workorder-exports")


@login_required
@require_GET
def fetch(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Hand out the file, a stretch at a time."""
    now = timezone.now()
    key, size, kind = exports.fetch_export(pk, actor=accounts.acting(request), now=now)
    store = open_store(settings.CHENGZHI_EXPORTS)
    answer = StreamingHttpResponse(_stretches(store, key, size), content_type=MEDIA[kind])
    answer["Content-Length"] = str(size)
    name = f"work-orders-{timezone.localdate():%Y%m%d}-{pk}.{kind}"
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return answer


def _stretches(store: Store, key: str, size: int) -> Iterator[bytes]:
    for start in range(0, size, STRETCH):
        yield store.get(key, start=start, length=STRETCH)
