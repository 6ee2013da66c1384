"""The map of work orders: clusters and pins, the heat of a period, the replay of a day."""

from dataclasses import asdict, replace
from datetime import timedelta

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from chengzhi.accounts import interface as accounts
from chengzhi.kernel.errors import InvalidInput
from chengzhi.workorders.queries import maps
from chengzhi.workorders.rules.limits import civil_date, midnight
from chengzhi.workorders.rules.squares import AGES, Box
from chengzhi.workorders.web.filtering import chips, pills
from chengzhi.workorders.web.parsing import day_in, filters_of, number_in

DEFAULT_AGE = 30  # days; older ones are counted in words and drawn on request
MODES = ("spread", "heat", "replay")
LONGEST_HEAT = timedelta(days=366)


@login_required
@require_GET
def open_map(request: HttpRequest) -> HttpResponse:
    """Show the page; its script fetches what lies in the window."""
    actor = accounts.acting(request)
    mode = request.GET.get("show", MODES[0])
    today = civil_date(timezone.now())
    context = {
        "pills": pills(request.GET, actor),
        "chips": chips(request.GET),
        "mode": mode if mode in MODES else MODES[0],
        "modes": [
            ("spread", gettext("分布"), "map-pin"),
            ("heat", gettext("热力"), "flame"),
            ("replay", gettext("回放"), "player-play"),
        ],
        "ages": [*((days, gettext("近 %d 天") % days) for days in AGES), (0, gettext("不限"))],
        "age": _age(request.GET),
        "day": (day_in(request.GET, "day") or today).isoformat(),
        "first": (day_in(request.GET, "since") or today - timedelta(days=29)).isoformat(),
        "last": (day_in(request.GET, "until") or today).isoformat(),
        "grids_url": reverse("places-grids"),
    }
    return render(request, "workorders/map.html", context)


@login_required
@require_GET
def tile(request: HttpRequest) -> JsonResponse:
    """Answer what is open in a box: clusters, or single pins where the map is close enough."""
    found = maps.tile(
        accounts.acting(request),
        _box(request.GET),
        zoom=_zoom(request.GET),
        filters=replace(filters_of(request.GET), open_only=False),
        days=_age(request.GET),
        now=timezone.now(),
    )
    return JsonResponse(
        {
            "clusters": [[c.lon, c.lat, c.total, c.overdue, c.soon, c.id] for c in found.clusters],
            "total": found.total,
            "older": found.older,
            "as_of": timezone.localtime(found.as_of).isoformat(),
        }
    )


@login_required
@require_GET
def heat(request: HttpRequest) -> JsonResponse:
    """Answer how many reports fell into each square of a box in a period."""
    today = civil_date(timezone.now())
    first = day_in(request.GET, "since") or today - timedelta(days=29)
    last = day_in(request.GET, "until") or today
    if not first <= last <= first + LONGEST_HEAT:
        raise InvalidInput("热力的起止日期颠倒，或超过一年，请改正。", field="since")
    found = maps.heat(accounts.acting(request), _box(request.GET), first=first, last=last)
    squares = [[square.lon, square.lat, square.total] for square in found]
    return JsonResponse({"squares": squares, "total": sum(square.total for square in found)})


@login_required
@require_GET
def replay(request: HttpRequest) -> JsonResponse:
    """Answer the reports of a day in order, each with its minute and the minute it ended."""
    day = day_in(request.GET, "day") or civil_date(timezone.now())
    moments, count = maps.replay(
        accounts.acting(request),
        filters_of(request.GET),
        since=midnight(day),
        until=midnight(day + timedelta(days=1)),
    )
    return JsonResponse({"moments": [asdict(moment) for moment in moments], "total": count})


@login_required
@require_GET
def pin(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what an opened pin says of a work order."""
    now = timezone.now()
    row = maps.card(accounts.acting(request), pk, now=now)
    return render(request, "workorders/parts/pin.html", {"row": row, "now": now})


def _age(query: QueryDict) -> int:
    age = number_in(query, "age", default=DEFAULT_AGE)
    if age and age not in AGES:
        raise InvalidInput(
            f"上报时间只能选近 {AGES[0]}、{AGES[1]}、{AGES[2]} 天或不限。", field="age"
        )
    return age


def _zoom(query: QueryDict) -> float:
    try:
        return min(max(float(query.get("zoom", "12")), 0.0), 22.0)
    except ValueError as error:
        raise InvalidInput("地图的缩放级别应是数字，请重新打开地图。", field="zoom") from error


def _box(query: QueryDict) -> Box:
    """Return the window: west,south,east,north in degrees."""
    parts = query.get("bbox", "").split(",")
    try:
        west, south, east, north = (float(part) for part in parts)
    except ValueError as error:
        raise InvalidInput("地图范围应写成 西,南,东,北，请重新打开地图。", field="bbox") from error
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise InvalidInput("地图范围不在地球上，或东西、南北颠倒，请重新打开地图。", field="bbox")
    return Box(west=west, south=south, east=east, north=north)
