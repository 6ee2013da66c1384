"""The pages of the standards in force: read by anybody signed in, on any day, changed by nobody."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from chengzhi.accounts import interface as accounts
from chengzhi.kernel.errors import InvalidInput, NotVisible
from chengzhi.site.web.standards import matter_rows as listed
from chengzhi.site.web.standards import months, rows
from chengzhi.site.web.standards.asking import day_asked, frame, year_asked
from chengzhi.site.web.standards.matter_rows import BASES, BASIS_LABELS, Asked
from chengzhi.site.web.standards.tables import Table, download
from chengzhi.site.web.standards.words import PARTY_LABELS, in_force, provenance
from chengzhi.standards import store
from chengzhi.standards.types import Category, holds

LONGEST = 60


@require_safe
@login_required
def matters(request: HttpRequest) -> HttpResponse:
    """List the matters of a day, or export them with every condition."""
    standards, on, asked = store.current(), day_asked(request), _asked(request)
    found = listed.found(standards, asked, on=on)
    if kind := request.GET.get("export", ""):
        return _file(request, [listed.matter_file(found)], kind)
    page = listed.paged(
        found, after=request.GET.get("after", ""), before=request.GET.get("before", "")
    )
    context = {
        **frame(request, "standards", on=on),
        "page": page,
        "pager": {
            "total": page.total,
            "shown": len(page.rows),
            "previous": page.previous,
            "next": page.next,
        },
        "asked": asked,
        "is_filtered": asked != Asked(),
        "majors": listed.majors(standards, on=on),
        "handlers": standards.handler_kinds(on=on),
        "bases": [(basis, gettext(BASIS_LABELS[basis])) for basis in BASES],
    }
    return render(request, "site/standards/matters.html", context)


def _asked(request: HttpRequest) -> Asked:
    basis = request.GET.get("basis", "")
    if basis and basis not in BASES:
        raise InvalidInput(f"没有“{basis[:20]}”这一类，请从筛选框中选择。", field="basis")
    return Asked(
        text=request.GET.get("text", "").strip()[:LONGEST],
        major=request.GET.get("major", ""),
        handler=request.GET.get("handler", ""),
        basis=basis,
    )


@require_safe
@login_required
def matter(request: HttpRequest, code: str) -> HttpResponse:
    """Show one matter: when it is filed and closed, by when, by whom, and after which table."""
    standards, on = store.current(), day_asked(request)
    versions = standards.matters_by_code.get(code, ())
    if not versions:
        raise NotVisible(f"没有代码为 {code[:20]} 的事项，请从事项表中选择。")
    row = next((version for version in versions if holds(version, on)), None)
    context = {**frame(request, "standards", on=on), "versions": _versions(versions)}
    if row is None:
        context["row"] = versions[-1]
        return render(request, "site/standards/matter_absent.html", context)
    found = listed.read_matter(standards, row, on=on)
    conditions = listed.condition_table(found)
    if kind := request.GET.get("export", ""):
        return _file(request, [conditions], kind)
    context |= {
        "matter": found,
        "source": provenance(row.source),
        "in_force": in_force(row),
        "conditions": conditions,
        "kinds": [
            gettext(kind.name)
            for kind in standards.finding_kinds(on=on)
            if kind.matter_code == code
        ],
    }
    return render(request, "site/standards/matter.html", context)


def _versions(versions: tuple[Category, ...]) -> list[tuple[str, str]]:
    return [(in_force(version), version.valid_from.isoformat()) for version in versions]


@require_safe
@login_required
def stages(request: HttpRequest) -> HttpResponse:
    """Show the limits of the stages of a work order and the channels of report."""
    on = day_asked(request)
    return _tables(request, "standards-stages", rows.stages(store.current(), on=on))


@require_safe
@login_required
def limits(request: HttpRequest) -> HttpResponse:
    """Show the periods and amounts set by law, with article and dates."""
    text, party = request.GET.get("text", "").strip()[:LONGEST], request.GET.get("party", "")
    if party and party not in PARTY_LABELS:
        raise InvalidInput(f"没有“{party[:20]}”这类义务人，请从筛选框中选择。", field="party")
    on = day_asked(request)
    found = rows.limits(store.current(), on=on, text=text, party=party)
    context = {
        "text": text,
        "party": party,
        "parties": [(value, gettext(word)) for value, word in PARTY_LABELS.items()],
        "has_filters": True,
        "is_filtered": bool(text or party),
    }
    return _tables(request, "standards-limits", found, **context)


@require_safe
@login_required
def findings(request: HttpRequest) -> HttpResponse:
    """Show what cameras report, what it is filed as, and the reasons to reject a finding."""
    on = day_asked(request)
    return _tables(request, "standards-findings", rows.findings(store.current(), on=on))


@require_safe
@login_required
def problems(request: HttpRequest) -> HttpResponse:
    """Show what is wrong with the tables, as `chengzhi standards check` prints it."""
    on = day_asked(request)
    found = rows.problems(store.current(), on=on)
    broken = sum(line[0].tone == "bad" for line in found.rows)
    context = {"is_check": True, "broken": broken, "warned": len(found.rows) - broken}
    return _tables(request, "standards-check", [found], **context)


def _tables(request: HttpRequest, here: str, tables: list[Table], **more: object) -> HttpResponse:
    if kind := request.GET.get("export", ""):
        return _file(request, tables, kind)
    context = {
        **frame(request, here, on=day_asked(request)),
        "tables": tables,
        "here": reverse(here),
        **more,
    }
    return render(request, "site/standards/tables.html", context)


@require_safe
@login_required
def work_calendar(request: HttpRequest) -> HttpResponse:
    """Show a year of the working calendar: holidays, make-up days, office hours."""
    standards, on = store.current(), day_asked(request)
    year = year_asked(request, standards, on=on)
    days = months.days_of(standards, year, today=timezone.localdate())
    arranged = months.calendar_table(days, year)
    if kind := request.GET.get("export", ""):
        return _file(request, [arranged], kind)
    shown = months.months(days, standards)
    first, last = standards.calendar.first.year, standards.calendar.last.year
    context = {
        **frame(request, "standards-calendar", on=on),
        "year": year,
        "years": range(last, first - 1, -1),
        "previous": year - 1 if year > first else None,
        "next": year + 1 if year < last else None,
        "months": shown,
        "weekdays": months.weekdays(),
        "working_days": sum(month.working_days for month in shown),
        "is_planned": year in standards.plan.planned_years,
        "arranged": arranged,
        "hours": months.hours_of(standards, year),
    }
    return render(request, "site/standards/calendar.html", context)


def _file(request: HttpRequest, tables: list[Table], kind: str) -> HttpResponse:
    name = request.GET.get("table", "")
    return download(tables, kind=kind, name=name, actor=accounts.acting(request))
