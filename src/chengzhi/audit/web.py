"""Pages of the event log, for administrators and auditors."""

from datetime import datetime, time, timedelta

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from chengzhi.audit import commands, queries
from chengzhi.audit.rules import RETRIERS, require_reader, require_retrier
from chengzhi.audit.types import Entry, Filters, Page, Reader
from chengzhi.kernel.errors import InvalidInput, NotVisible
from chengzhi.kernel.sheets import as_file

PAGE_LENGTH = 50
MOST_EXPORTED = 50_000
FILTER_KEYS = ("subject", "actor", "name", "since", "until")


@login_required
@require_GET
def entries(request: HttpRequest) -> HttpResponse:
    """List what happened, newest first, by subject, actor, name and period; or export it."""
    actor, filters = _actor(request), _filters(request)
    kind = request.GET.get("export")
    if kind:
        return _export(request, actor, filters, kind=kind)
    page = queries.entries(
        actor,
        filters,
        county=settings.CHENGZHI_COUNTY,
        before=_number(request.GET.get("after")),
        limit=PAGE_LENGTH,
    )
    context = {
        "page": page,
        "pager": {"total": page.count, "shown": len(page.entries), "next": page.next_key},
        "names": queries.event_names(),
        "asked": {key: request.GET.get(key, "") for key in FILTER_KEYS},
        "is_filtered": any(request.GET.get(key) for key in FILTER_KEYS),
        "failure_count": queries.dead_letter_count(),
        "anchor": queries.last_anchor(),
        "now": timezone.now(),
    }
    return render(request, "audit/entries.html", context)


@login_required
@require_GET
def subject(request: HttpRequest, subject: str) -> HttpResponse:
    """Show the chain of one subject with its hashes, and whether it holds."""
    require_reader(_actor(request), county=settings.CHENGZHI_COUNTY)
    found = queries.history(subject)
    if not found:
        raise NotVisible(f"没有“{subject}”的记录。请核对编号，例如 workorder:12。")
    context = {
        "subject": subject,
        "entries": found[::-1],
        "broken": queries.verify(subject),
        "now": timezone.now(),
    }
    return render(request, "audit/subject.html", context)


@login_required
@require_GET
def failures(request: HttpRequest) -> HttpResponse:
    """List the events that were given up."""
    actor = _actor(request)
    require_reader(actor, county=settings.CHENGZHI_COUNTY)
    context = {
        "letters": queries.dead_letters(),
        "failure_count": queries.dead_letter_count(),
        "may_retry": not RETRIERS.isdisjoint(actor.roles),
        "now": timezone.now(),
    }
    return render(request, "audit/failures.html", context)


@login_required
@require_POST
def retry(request: HttpRequest, event_id: int) -> HttpResponseRedirect:
    """Send a dead letter to its reactions again."""
    actor = _actor(request)
    require_retrier(actor, county=settings.CHENGZHI_COUNTY)
    commands.retry(event_id, actor=actor.ref, now=timezone.now())
    messages.success(request, _("第 %(id)s 号事件已重新交办") % {"id": event_id})
    return redirect("audit-failures")


def _actor(request: HttpRequest) -> Reader:
    actor: Reader = request.actor  # type: ignore[attr-defined]
    return actor


def _filters(request: HttpRequest) -> Filters:
    asked = request.GET
    until = _midnight(asked.get("until", ""), field="until")
    return Filters(
        subject=asked.get("subject", "").strip(),
        actor=asked.get("actor", "").strip(),
        name=asked.get("name", ""),
        since=_midnight(asked.get("since", ""), field="since"),
        until=until + timedelta(days=1) if until else None,
    )


def _midnight(text: str, *, field: str) -> datetime | None:
    if not text:
        return None
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None or day.year not in range(2000, 2100):
        raise InvalidInput(f"日期“{text}”不对，请写成 2026-11-25。", field=field)
    return timezone.make_aware(datetime.combine(day, time()))


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 19 else None


def _export(request: HttpRequest, actor: Reader, filters: Filters, *, kind: str) -> HttpResponse:
    county = settings.CHENGZHI_COUNTY
    page = queries.entries(actor, filters, county=county, limit=MOST_EXPORTED)
    rows = (_row(entry) for entry in page.entries)
    content, content_type = as_file(kind, _HEAD, rows, zone=timezone.get_current_timezone())
    _note_export(request, actor, page)
    name = f"操作留痕-{timezone.localdate():%Y%m%d}.{kind}"
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


def _note_export(request: HttpRequest, actor: Reader, page: Page) -> None:
    asked = [f"{key}={request.GET[key]}" for key in FILTER_KEYS if request.GET.get(key)]
    commands.note_export(
        count=len(page.entries), filters="，".join(asked), actor=actor.ref, now=timezone.now()
    )


_HEAD = ("行号", "时间", "人员", "事项", "内容", "对象", "步", "摘要算法", "摘要", "前一行摘要")


def _row(entry: Entry) -> tuple[str | int | datetime, ...]:
    return (
        entry.id,
        entry.happened_at,
        entry.actor_name,
        entry.label,
        entry.sentence,
        entry.subject,
        entry.seq,
        entry.algorithm,
        entry.hash,
        entry.previous,
    )
