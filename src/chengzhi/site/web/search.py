"""Search across work orders, findings, cameras, places and people."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.queries import people
from chengzhi.accounts.types import Actor, Permission, PersonFilters
from chengzhi.places import interface as places
from chengzhi.places.types import LEVEL_LABELS
from chengzhi.vision import interface as vision
from chengzhi.vision.types import FindingFilter
from chengzhi.workorders import interface as workorders
from chengzhi.workorders.types import Filters

FIRST = 8
LONGEST = 60


@dataclass(frozen=True, kw_only=True)
class Hit:
    """One thing found: what it is called, a second line, and where it opens."""

    title: str
    detail: str
    url: str
    status: str = ""


@dataclass(frozen=True, kw_only=True)
class Group:
    """The hits of one kind, with the whole count and the list that shows them all."""

    label: str
    icon: str
    count: int
    hits: tuple[Hit, ...]
    url: str = ""


@require_safe
@login_required
def search(request: HttpRequest) -> HttpResponse:
    """Find records by number, place or person; a whole number opens its record at once."""
    text = request.GET.get("q", "").strip()[:LONGEST]
    actor = accounts.acting(request)
    now = timezone.now()
    if text and (only := _numbered(actor, text, now=now)):
        return redirect(only)
    groups = groups_for(actor, text, now=now) if text else []
    return render(request, "site/search.html", {"query": text, "groups": groups, "now": now})


def groups_for(actor: Actor, text: str, *, now: datetime) -> list[Group]:
    """Return what the actor may see of every kind that mentions a text."""
    return [group for group in _groups(actor, text, now=now) if group.count]


def _numbered(actor: Actor, text: str, *, now: datetime) -> str:
    """The address of the one work order whose whole number was typed."""
    if "〔" not in text and "[" not in text:
        return ""
    rows = workorders.page(actor, Filters(text=text), now=now, size=2).rows
    return reverse("workorder-detail", args=[rows[0].id]) if len(rows) == 1 else ""


def _groups(actor: Actor, text: str, *, now: datetime) -> list[Group]:
    return [
        _work_orders(actor, text, now=now),
        _findings(actor, text),
        _cameras(actor, text, now=now),
        _places(actor, text),
        _people(actor, text, now=now),
    ]


def _work_orders(actor: Actor, text: str, *, now: datetime) -> Group:
    page = workorders.page(actor, Filters(text=text), now=now, size=FIRST)
    hits = tuple(
        Hit(
            title=f"{row.matter_name} {row.code}",
            detail=row.address,
            url=reverse("workorder-detail", args=[row.id]),
            status=row.state_label,
        )
        for row in page.rows
    )
    return Group(
        label=gettext("案件"),
        icon="clipboard-list",
        count=page.count or 0,
        hits=hits,
        url=f"{reverse('workorder-list')}?{urlencode({'text': text})}",
    )


def _findings(actor: Actor, text: str) -> Group:
    page = vision.findings(actor, FindingFilter(find=text))
    hits = tuple(
        Hit(
            title=f"{row.kind_label} {row.finding_id}",
            detail=row.camera_name,
            url=_address("finding-detail", row.id),
            status=row.state_label,
        )
        for row in page.rows[:FIRST]
    )
    url = f"{_address('finding-list')}?{urlencode({'find': text})}"
    return Group(label=gettext("抓拍"), icon="camera", count=page.count, hits=hits, url=url)


def _cameras(actor: Actor, text: str, *, now: datetime) -> Group:
    wanted = text.casefold()
    found = [
        row
        for row in vision.cameras(actor, now=now)
        if wanted in f"{row.code} {row.name} {row.address}".casefold()
    ]
    hits = tuple(
        Hit(
            title=f"{row.name} {row.code}",
            detail=row.address,
            url=_address("camera-detail", row.code),
            status=row.state_label,
        )
        for row in found[:FIRST]
    )
    return Group(label=gettext("摄像头"), icon="device-cctv", count=len(found), hits=hits)


def _places(actor: Actor, text: str) -> Group:
    found = [row for row in places.divisions(actor.county) if text in row.name or text == row.code]
    listed = reverse("workorder-list")
    hits = tuple(
        Hit(
            title=row.name,
            detail=f"{LEVEL_LABELS[row.level]} {row.code}",
            url=f"{listed}?{urlencode({'town': row.code[:9]})}",
        )
        for row in found[:FIRST]
    )
    return Group(label=gettext("地点"), icon="map-pin", count=len(found), hits=hits)


def _people(actor: Actor, text: str, *, now: datetime) -> Group:
    label = gettext("人员")
    if not accounts.may(actor, Permission.MANAGE_PEOPLE):
        return Group(label=label, icon="users", count=0, hits=())
    today = timezone.localdate(now)
    page = people(actor, PersonFilters(text=text), on=today, limit=FIRST)
    hits = tuple(
        Hit(
            title=person.name,
            detail=person.unit_name,
            url=_address("person", person.id),
            status="、".join(dict.fromkeys(post.label for post in person.posts)),
        )
        for person in page.people
    )
    return Group(label=label, icon="users", count=page.count, hits=hits)


def _address(name: str, *parts: object) -> str:
    try:
        return reverse(name, args=parts)
    except NoReverseMatch:
        return ""
