"""Pages of divisions, patrol grids and roads."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.interface import acting
from chengzhi.accounts.types import Actor, Permission
from chengzhi.audit import interface as audit
from chengzhi.kernel.errors import NotVisible
from chengzhi.places.queries import pages
from chengzhi.places.web.export import export


def frame(actor: Actor, tab: str) -> dict[str, Any]:
    """Return what every page of places shows: tabs with counts, and who may change places."""
    return {
        "tab": tab,
        "counts": pages.division_count(actor),
        "may_manage": accounts.may(actor, Permission.MANAGE_PLACES),
        "may_export": accounts.may(actor, Permission.EXPORT),
        "now": timezone.now(),
    }


def pager(page: pages.Page[Any]) -> dict[str, Any]:
    """Return the foot of a list."""
    return {
        "total": page.total,
        "shown": len(page.rows),
        "previous": page.previous,
        "next": page.next,
    }


@login_required
@require_GET
def divisions(request: HttpRequest) -> HttpResponse:
    """List the towns of the county with what lies in them."""
    actor = acting(request)
    rows = pages.town_rows(actor)
    if kind := request.GET.get("export", ""):
        head = (
            "代码",
            "名称",
            "责任中队",
            "社区（村）",
            "责任网格",
            "单元网格",
            "部件",
            "面积（平方米）",
        )
        table = (
            (r.code, r.name, r.squad_name, r.communities, r.grids, r.cells, r.components,
             round(r.square_metres))
            for r in rows
        )  # fmt: skip
        return export(actor, kind, name="区划", head=head, rows=table)
    context = {**frame(actor, "divisions"), "rows": rows}
    return render(request, "places/divisions.html", context)


@login_required
@require_GET
def town(request: HttpRequest, code: str) -> HttpResponse:
    """Show one town: its map, its communities and its patrol grids."""
    actor = acting(request)
    found = next((row for row in pages.town_rows(actor) if row.code == code), None)
    if found is None:
        raise NotVisible(f"没有街道（乡镇）{code}，或它不在您的辖区。请核对代码。")
    context = {
        **frame(actor, "divisions"),
        "town": found,
        "communities": pages.community_rows(actor, code),
        "grids": pages.all_grids(actor, town=code),
    }
    return render(request, "places/town.html", context)


@login_required
@require_GET
def grids(request: HttpRequest) -> HttpResponse:
    """List the patrol grids by town and squad."""
    actor = acting(request)
    asked = {key: request.GET.get(key, "").strip() for key in ("town", "squad", "text")}
    if kind := request.GET.get("export", ""):
        head = ("编码", "名称", "街道（乡镇）", "责任中队", "单元网格数")
        rows = pages.all_grids(actor, **asked)
        table = ((r.code, r.name, r.town_name, r.squad_name, r.cells) for r in rows)
        return export(actor, kind, name="责任网格", head=head, rows=table)
    page = pages.grid_page(actor, **asked, **_keys(request))
    context = {
        **frame(actor, "grids"),
        "page": page,
        "pager": pager(page),
        "asked": asked,
        "is_filtered": any(asked.values()),
        "towns": pages.towns_of(actor),
        "squads": pages.squads_of(actor),
    }
    return render(request, "places/grids.html", context)


def _keys(request: HttpRequest) -> dict[str, str]:
    return {key: request.GET.get(key, "") for key in ("after", "before")}


@login_required
@require_GET
def grid(request: HttpRequest, code: str) -> HttpResponse:
    """Show one patrol grid on the map, with its cells and its history."""
    actor = acting(request)
    context = {
        **frame(actor, "grids"),
        "grid": pages.grid_detail(actor, code),
        "entries": audit.history(f"grid:{code}")[::-1],
    }
    return render(request, "places/grid.html", context)


@login_required
@require_GET
def roads(request: HttpRequest) -> HttpResponse:
    """List the roads by name."""
    actor = acting(request)
    text = request.GET.get("text", "").strip()
    page = pages.road_page(actor, text=text, **_keys(request))
    context = {**frame(actor, "roads"), "page": page, "pager": pager(page), "text": text}
    return render(request, "places/roads.html", context)
