"""The duty desk: queue, one record with its next action, what surrounds it; by keyboard."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from chengzhi.accounts import interface as accounts
from chengzhi.workorders.queries.desk import desk
from chengzhi.workorders.types import State
from chengzhi.workorders.web import bulk
from chengzhi.workorders.web.parsing import is_htmx, number_in
from chengzhi.workorders.web.showing import CHANNEL_ICONS, shown


@login_required
@require_GET
def duty_desk(request: HttpRequest) -> HttpResponse:
    """Show the queue and the chosen record, or the most urgent one."""
    actor, now = accounts.acting(request), timezone.now()
    state = request.GET.get("state", "")
    queue = desk(actor, now=now, state=state if state in set(State) else "")
    chosen = number_in(request.GET, "id") or (queue.rows[0].id if queue.rows else 0)
    context: dict[str, Any] = {
        "now": now,
        "queue": queue,
        "items": [(row, CHANNEL_ICONS.get(row.channel, "file")) for row in queue.rows],
        "state": state,
        "chosen": chosen,
        "after": _address(state),
        "bulk": bulk.bar(actor),
    }
    if chosen:
        context |= shown(request, actor, chosen, now=now)
    if is_htmx(request) and chosen:
        return render(request, "workorders/desk_record.html", context)
    return render(request, "workorders/desk.html", context)


@login_required
@require_GET
def live(request: HttpRequest) -> HttpResponse:
    """Answer the desk's numbers, and how many arrived since the page was drawn."""
    state = request.GET.get("state", "")
    queue = desk(accounts.acting(request), now=timezone.now(), state="", most=0)
    before = number_in(request.GET, "count")
    context = {"queue": queue, "state": state, "more": max(queue.count - before, 0), "live": True}
    return render(request, "workorders/parts/desk_live.html", context)


def _address(state: str) -> str:
    """Return where a deed done at the desk leads: to the next in the queue."""
    return reverse("workorder-desk") + (f"?state={state}" if state else "")
