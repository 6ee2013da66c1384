"""The import page: a file is judged first, and written only when nothing stands against it."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.interface import acting
from chengzhi.accounts.types import Actor, Permission
from chengzhi.kernel.errors import InvalidInput
from chengzhi.places import commands
from chengzhi.places.forms import COMPONENTS, ImportForm
from chengzhi.places.types import (
    DATUM_LABELS,
    VERDICT_LABELS,
    ImportReport,
    Verdict,
)
from chengzhi.places.web.divisions import frame

SHOWN = 200  # lines of a report; refused and mended ones come first
TONES = {
    Verdict.OK: "ok",
    Verdict.FIXED: "warn",
    Verdict.UNCHANGED: "",
    Verdict.REFUSED: "bad",
}


@login_required
@require_http_methods(["GET", "POST"])
def import_places(request: HttpRequest) -> HttpResponse:
    """Judge an uploaded file (`deed=check`) or write it (`deed=write`) and show the report."""
    actor = acting(request)
    accounts.permit(actor, Permission.MANAGE_PLACES)
    form = ImportForm(request.POST or None, request.FILES or None)
    context = {**frame(actor, "import"), "form": form}
    if request.method == "POST" and form.is_valid():
        context |= _judged(form, request, actor)
    page = "places/import_report.html" if _is_panel(request) else "places/import.html"
    return render(request, page, context, status=422 if form.errors else 200)


def _is_panel(request: HttpRequest) -> bool:
    return bool(getattr(request, "htmx", False)) and request.method == "POST"


def _judged(form: ImportForm, request: HttpRequest, actor: Actor) -> dict[str, Any]:
    try:
        report = _report(form.cleaned_data, actor, dry_run=request.POST.get("deed") != "write")
    except InvalidInput as error:
        return {"error": error}
    return {"report": report, **_shown(report)}


def _report(asked: dict[str, Any], actor: Actor, *, dry_run: bool) -> ImportReport:
    content: bytes = asked["file"].read()
    given: dict[str, Any] = {"actor": actor, "now": timezone.now(), "dry_run": dry_run}
    given["crs"] = asked["crs"] or None
    if asked["kind"] == COMPONENTS:
        return commands.import_components(content, **given)
    return commands.import_geojson(asked["kind"], content, **given)


def _shown(report: ImportReport) -> dict[str, Any]:
    order = [Verdict.REFUSED, Verdict.FIXED, Verdict.OK, Verdict.UNCHANGED]
    lines = sorted(report.lines, key=lambda line: (order.index(line.verdict), line.number))
    return {
        "datum": DATUM_LABELS[report.datum],
        "counts_by_verdict": [(VERDICT_LABELS[v], report.count(v), TONES[v]) for v in order],
        "lines": [
            (line, VERDICT_LABELS[line.verdict], TONES[line.verdict]) for line in lines[:SHOWN]
        ],
        "hidden": max(0, len(lines) - SHOWN),
    }
