"""Serving files: by permission on each one, in parts for players, never as a page."""

import json
import re
from dataclasses import asdict

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Permission
from chengzhi.evidence import commands, queries
from chengzhi.evidence.queries import access_file
from chengzhi.evidence.rules import media_type
from chengzhi.evidence.types import MediaKind, Served, Variant
from chengzhi.kernel.errors import InvalidInput, NotVisible

RANGE = re.compile(r"bytes=(\d*)-(\d*)")
SANDBOX = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox"


@login_required
@require_safe
def file(request: HttpRequest, sha256: str, variant: str = "published") -> HttpResponse:
    """Serve one copy of a file, or the part that a player asks for."""
    wanted = Variant(variant)
    served = commands.open_copy(
        accounts.acting(request),
        sha256,
        variant=wanted,
        now=timezone.now(),
        reason=request.GET.get("reason", ""),
    )
    etag = f'"{served.key}"'
    if wanted is not Variant.ORIGINAL and request.headers.get("If-None-Match") == etag:
        return HttpResponseNotModified()
    response = _answer(request, served)
    response["ETag"] = etag
    response["Cache-Control"] = _caching(wanted)
    return _guarded(response, served)


@login_required
@require_safe
def custody(request: HttpRequest, sha256: str) -> HttpResponse:
    """Show everything that happened to a file."""
    actor = accounts.acting(request)
    row = access_file(actor, sha256)
    kind = media_type(row.media_type).kind
    context = {
        "file": queries.stored_file(row),
        "hiding": None if kind is MediaKind.DOCUMENT else queries.hiding_of(row),
        "is_image": kind is MediaKind.IMAGE,
        "entries": queries.custody(sha256),
        "may_read_original": accounts.may(actor, Permission.READ_ORIGINALS),
        "may_mend": accounts.may(actor, Permission.MEND_COPIES),
        "now": timezone.now(),
    }
    return render(request, "evidence/custody.html", context)


@login_required
@require_POST
def cover(request: HttpRequest, sha256: str) -> HttpResponse:
    """Hide the marked part of a picture in its copies; the form says it in percent."""
    x, y, w, h = (_share(request.POST.get(name, ""), field=name) for name in "xywh")
    actor = accounts.acting(request)
    commands.cover(sha256, box=(x, y, w, h), actor=actor, now=timezone.now())
    return redirect("evidence-custody", sha256)


@login_required
@require_POST
def uncover(request: HttpRequest, sha256: str) -> HttpResponse:
    """Show a hidden part of a picture again, for a reason."""
    commands.uncover(
        sha256,
        _number(request.POST.get("number", "")),
        reason=request.POST.get("reason", ""),
        actor=accounts.acting(request),
        now=timezone.now(),
    )
    return redirect("evidence-custody", sha256)


def _number(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        return -1


def _share(text: str, *, field: str) -> float:
    try:
        share = float(text) / 100
    except ValueError:
        raise InvalidInput("遮挡位置应是 0 到 100 的数，请在画面上框选。", field=field) from None
    return share if 0 <= share <= 1 else -1.0


@login_required
@require_safe
def manifest(request: HttpRequest, subject: str) -> HttpResponse:
    """Give the hash manifest of a record as a page, or as JSON to keep."""
    if not queries.sees_subject(accounts.acting(request), subject):
        raise NotVisible("没有这条记录，或者您无权查看。")
    listed = queries.manifest(subject)
    if request.GET.get("format") == "json":
        text = json.dumps(asdict(listed), ensure_ascii=False, indent=2, sort_keys=True)
        response = HttpResponse(text, content_type="application/json; charset=utf-8")
        name = f"manifest-{subject.replace(':', '-')}.json"
        response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
        return response
    context = {"manifest": listed, "now": timezone.now()}
    return render(request, "evidence/manifest.html", context)


def _answer(request: HttpRequest, served: Served) -> HttpResponse:
    span = _span(request.headers.get("Range", ""), served.size)
    if span is None:
        return HttpResponse(commands.copy_of(served), content_type=served.media_type)
    start, end = span
    if start > end:
        response = HttpResponse(status=416)
        response["Content-Range"] = f"bytes */{served.size}"
        return response
    content = commands.copy_of(served, start=start, length=end - start + 1)
    response = HttpResponse(content, status=206, content_type=served.media_type)
    response["Content-Range"] = f"bytes {start}-{end}/{served.size}"
    return response


def _span(header: str, size: int) -> tuple[int, int] | None:
    """Return first and last byte of a single range (RFC 9110, 14.2); a start past the end
    cannot be satisfied; nothing means the whole file."""
    found = RANGE.fullmatch(header.strip())
    if not found or not any(found.groups()):
        return None
    first, last = found.groups()
    if not first:
        return (max(0, size - int(last)), size - 1) if int(last) else (size, size - 1)
    end = min(int(last), size - 1) if last else size - 1
    if last and int(last) < int(first):
        return None
    return (int(first), end) if int(first) < size else (size, size - 1)


def _caching(variant: Variant) -> str:
    """A copy changes when somebody mends it: a browser asks each time whether its own still holds."""
    return "private, no-store" if variant is Variant.ORIGINAL else "private, no-cache"


def _guarded(response: HttpResponse, served: Served) -> HttpResponse:
    disposition = content_disposition_header(served.is_attachment, served.name)
    response["Content-Disposition"] = disposition or "inline"
    response["Content-Security-Policy"] = SANDBOX
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Accept-Ranges"] = "bytes"
    return response
