"""A draft of rules tried on the stills of the last day: asked for, watched, switched on."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from chengzhi.vision import commands
from chengzhi.vision.queries.trials import trial_picture, trial_view
from chengzhi.vision.rules.trials import media_type
from chengzhi.vision.web.parsing import actor_of, is_htmx, moment
from chengzhi.vision.web.plan import base_of, drawn_plan, gone_to

HOURS = range(0, 25, 3)


@login_required
@require_POST
def ask(request: HttpRequest, code: str) -> HttpResponse:
    """Ask for what is drawn to be run over the last 24 hours."""
    zones, perspective, size = drawn_plan(request)
    trial = commands.ask_trial(
        code,
        zones,
        perspective=perspective,
        size=size,
        base=base_of(request),
        actor=actor_of(request),
        now=moment(),
    )
    return gone_to(request, reverse("trial-detail", args=[trial]))


@login_required
@require_GET
def trial(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how far a trial is and what it found; the page asks again while it runs."""
    now = moment()
    shown = trial_view(actor_of(request), pk, now=now)
    ticks = [
        {"x": round(1000 * hour / 24), "at": shown.since + (shown.until - shown.since) * hour / 24}
        for hour in HOURS
    ]
    context = {"trial": shown, "now": now, "ticks": ticks}
    template = "vision/parts/trial_body.html" if is_htmx(request) else "vision/trial.html"
    return render(request, template, context)


@login_required
@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the trial go."""
    actor, now = actor_of(request), moment()
    camera = trial_view(actor, pk, now=now).camera
    commands.discard_trial(pk, actor=actor, now=now)
    messages.success(request, _("试跑已放弃，小图已删去。"))
    return redirect("camera-plan", code=camera)


@login_required
@require_POST
def switch_on(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the tried draft the camera's plan."""
    actor, now = actor_of(request), moment()
    camera = trial_view(actor, pk, now=now).camera
    version = commands.switch_on_trial(pk, actor=actor, now=now)
    messages.success(request, _("已启用，布控方案第%(n)s版。") % {"n": version})
    return redirect("camera-plan", code=camera)


@login_required
@require_GET
def picture(request: HttpRequest, pk: int, picture: int) -> HttpResponse:
    """Show one small picture of an alarm."""
    content = trial_picture(actor_of(request), pk, picture)
    answer = HttpResponse(content, content_type=media_type(content))
    answer["Cache-Control"] = "private, max-age=86400, immutable"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
