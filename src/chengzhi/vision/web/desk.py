"""The review desk: one finding at a time, one key for each decision."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from chengzhi.accounts.types import Actor, Role
from chengzhi.vision import commands
from chengzhi.vision.queries.desk import LONG_WAIT_S, desk
from chengzhi.vision.rules.verdicts import reasons
from chengzhi.vision.rules.wording import duration_text
from chengzhi.vision.types import Accuracy, Desk, FindingDetail
from chengzhi.vision.web.parsing import actor_of, is_htmx, key_in, moment

DECIDERS = frozenset({Role.REVIEWER, Role.DUTY_MANAGER})
TARGET = 0.95  # design.md §4: precision of capture events
SCALE_FROM = 0.6  # the interval is drawn between 60 % and 100 %


@login_required
@require_GET
def review(request: HttpRequest) -> HttpResponse:
    """Show the head of the queue, or the finding that the address names."""
    seen = desk(
        actor_of(request),
        now=moment(),
        finding=key_in(request.GET, "finding"),
        then=key_in(request.GET, "then"),
        after=key_in(request.GET, "after"),
    )
    return _desk(request, seen)


@login_required
@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm, with a corrected category and a note if they were written."""
    commands.confirm_finding(
        pk,
        actor=actor_of(request),
        now=moment(),
        matter_code=request.POST.get("matter_code", "").strip(),
        note=request.POST.get("note", ""),
    )
    return _next(request)


@login_required
@require_POST
def reject(request: HttpRequest, pk: int) -> HttpResponse:
    """Reject for the reason of the pressed button."""
    commands.reject_finding(
        pk,
        reason=request.POST.get("reason", ""),
        actor=actor_of(request),
        now=moment(),
        note=request.POST.get("note", ""),
    )
    return _next(request)


@login_required
@require_POST
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Merge into the chosen work order."""
    commands.merge_finding(
        pk,
        work_order=request.POST.get("work_order", "").strip(),
        work_order_code=request.POST.get("work_order_code", "").strip(),
        actor=actor_of(request),
        now=moment(),
    )
    return _next(request)


@login_required
@require_POST
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the last decision back and show that finding again."""
    commands.reopen_finding(pk, actor=actor_of(request), now=moment())
    if not is_htmx(request):
        return redirect(f"{reverse('finding-review')}?{urlencode({'finding': pk})}")
    return _desk(request, desk(actor_of(request), now=moment(), finding=pk))


def _next(request: HttpRequest) -> HttpResponse:
    then = key_in(request.POST, "then")
    if not is_htmx(request):
        query = f"?{urlencode({'then': then})}" if then else ""
        return redirect(reverse("finding-review") + query)
    return _desk(request, desk(actor_of(request), now=moment(), then=then))


def _desk(request: HttpRequest, seen: Desk) -> HttpResponse:
    template = "vision/desk_body.html" if is_htmx(request) else "vision/desk.html"
    answer = render(request, template, _context(actor_of(request), seen))
    if is_htmx(request):
        _address(answer, seen)
    return answer


def _address(answer: HttpResponse, seen: Desk) -> None:
    """Let the address name what is shown; an empty desk that asks again makes no history."""
    review = reverse("finding-review")
    if seen.finding:
        answer["HX-Push-Url"] = f"{review}?{urlencode({'finding': seen.finding.row.id})}"
    else:
        answer["HX-Replace-Url"] = review


def _context(actor: Actor, seen: Desk) -> dict[str, object]:
    now = moment()
    wait = seen.strip.oldest_wait_s
    return {
        "now": now,
        "desk": seen,
        "finding": seen.finding,
        "strip": seen.strip,
        "wait": duration_text(wait // 60 * 60) if wait and wait >= 60 else _("不到1分"),
        "wait_is_long": bool(wait and wait > LONG_WAIT_S),
        "interval": interval(seen.strip.overall),
        "target": TARGET,
        "reasons": reasons(on=timezone.localdate(now)),
        "may_decide": may_decide(actor),
        "nearby_url": _nearby(seen.finding) if seen.finding else "",
        **({"points": points(seen.finding)} if seen.finding else {}),
        "dwell": duration_text(seen.finding.dwell_s) if seen.finding else "",
    }


def may_decide(actor: Actor) -> bool:
    """Return whether the actor judges findings."""
    return not actor.roles.isdisjoint(DECIDERS)


def interval(figure: Accuracy) -> dict[str, float] | None:
    """Return where the Wilson interval lies on a bar 220 wide that begins at 60 %."""
    if figure.rate is None or figure.low is None or figure.high is None:
        return None
    low, high = _at(figure.low), _at(figure.high)
    return {"x": low, "width": max(1.0, high - low), "at": _at(figure.rate), "goal": _at(TARGET)}


def _at(share: float) -> float:
    return round(max(0.0, share - SCALE_FROM) / (1 - SCALE_FROM) * 220, 1)


def points(finding: FindingDetail) -> list[dict[str, object]]:
    """Return the marks of the small map."""
    row = finding.row
    return [{"lon": finding.lon, "lat": finding.lat, "kind": "cam", "label": row.camera_name}]


def _nearby(finding: FindingDetail) -> str:
    """Return where the duplicate candidates come from; the site composes them."""
    try:
        address = reverse("nearby-work-orders")
    except NoReverseMatch:
        return ""
    query = {
        "lon": str(finding.lon),
        "lat": str(finding.lat),
        "matter": finding.row.matter_code,
    }
    return f"{address}?{urlencode(query)}"
