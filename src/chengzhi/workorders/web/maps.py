"""The map of open work orders with the patrol grids under them."""

from dataclasses import asdict, replace

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from chengzhi.accounts import interface as accounts
from chengzhi.workorders.queries.maps import MOST, points
from chengzhi.workorders.types import OPEN_STATES, STATE_LABELS
from chengzhi.workorders.web.parsing import filters_of


@login_required
@require_GET
def open_map(request: HttpRequest) -> HttpResponse:
    """Show the page; its script fetches the points and the grids."""
    chosen = [value for value in request.GET.getlist("state") if value in OPEN_STATES]
    query = request.GET.urlencode()
    context = {
        "states": [(str(state), STATE_LABELS[state]) for state in OPEN_STATES],
        "chosen": chosen,
        "due": request.GET.get("due", ""),
        "points_url": f"{reverse('workorder-points')}?{query}",
        "grids_url": reverse("places-grids"),
        "most": MOST,
    }
    return render(request, "workorders/map.html", context)


@login_required
@require_GET
def map_points(request: HttpRequest) -> JsonResponse:
    """Answer the open work orders that the person may see, the most urgent first."""
    filters = replace(filters_of(request.GET), open_only=True)
    found, count = points(accounts.acting(request), filters, now=timezone.now())
    items = [
        {**asdict(point), "url": reverse("workorder-detail", args=[point.id])} for point in found
    ]
    return JsonResponse({"points": items, "count": count, "shown": len(items)})
