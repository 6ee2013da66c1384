"""我的任务: what a collector has to look at, for one thumb."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Role
from chengzhi.workorders.queries.tasks import my_tasks

LOOKERS = (Role.COLLECTOR,)


@login_required
@require_GET
def field_tasks(request: HttpRequest) -> HttpResponse:
    """List one's own verifications and checks, the one that ends first on top."""
    actor, now = accounts.acting(request), timezone.now()
    accounts.require(actor, *LOOKERS)
    kind = request.GET.get("kind", "")
    found = my_tasks(actor, now=now)
    shown = [task for task in found if kind in ("", task.kind)]
    counts = {name: sum(task.kind == name for task in found) for name in ("verify", "check")}
    context = {"tasks": shown, "kind": kind, "count": len(found), "counts": counts, "now": now}
    return render(request, "workorders/tasks.html", context)
