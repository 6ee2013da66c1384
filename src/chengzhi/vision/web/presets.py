"""The page of a moving camera's views: what they look like, and what may be done with them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Permission
from chengzhi.vision import commands
from chengzhi.vision.queries.cameras import camera_detail
from chengzhi.vision.queries.presets import retired_presets
from chengzhi.vision.rules.presets import NAME_LIMIT, REASON_LIMIT
from chengzhi.vision.web.history import history
from chengzhi.vision.web.parsing import actor_of, moment
from chengzhi.vision.web.plan import gone_to, still_state

ENTRIES = 50
ABOUT = ("vision.preset-", "vision.still-asked")


@login_required
@require_GET
def presets(request: HttpRequest, code: str) -> HttpResponse:
    """Show a camera's presets with their zones, and the picture a new one would be made of."""
    actor, now = actor_of(request), moment()
    shown = camera_detail(actor, code, now=now)
    context = {
        **still_state(shown, now),
        "retired": retired_presets(actor, code),
        "entries": history(shown.row.subject, about=ABOUT, most=ENTRIES),
        "may_manage": accounts.may(actor, Permission.MANAGE_CAMERAS),
        "is_used": any(preset.still == shown.still for preset in shown.presets),
        "name_limit": NAME_LIMIT,
        "reason_limit": REASON_LIMIT,
    }
    return render(request, "vision/presets.html", context)


@login_required
@require_POST
def add(request: HttpRequest, code: str) -> HttpResponse:
    """Make the picture of now a preset."""
    name = request.POST.get("name", "")
    commands.add_preset(code, name=name, actor=actor_of(request), now=moment())
    return _done(request, code, _("已新增预置位。接着在它的画面上画区域。"))


@login_required
@require_POST
def rename(request: HttpRequest, code: str, preset: int) -> HttpResponse:
    """Give a preset another name."""
    name = request.POST.get("name", "")
    commands.rename_preset(code, preset, name=name, actor=actor_of(request), now=moment())
    return _done(request, code, _("已改名。"))


@login_required
@require_POST
def renew(request: HttpRequest, code: str, preset: int) -> HttpResponse:
    """Make the picture of now the preset's reference."""
    commands.renew_preset(code, preset, actor=actor_of(request), now=moment())
    return _done(request, code, _("已换参考图。识别程序会在一分钟内取到。"))


@login_required
@require_POST
def make_home(request: HttpRequest, code: str, preset: int) -> HttpResponse:
    """Make a preset the camera's home."""
    commands.set_home_preset(code, preset, actor=actor_of(request), now=moment())
    return _done(request, code, _("已设为看守位。"))


@login_required
@require_POST
def retire(request: HttpRequest, code: str, preset: int) -> HttpResponse:
    """Retire a preset for a reason."""
    reason = request.POST.get("reason", "")
    commands.retire_preset(code, preset, reason=reason, actor=actor_of(request), now=moment())
    return _done(request, code, _("已停用预置位。"))


def _done(request: HttpRequest, code: str, said: str) -> HttpResponse:
    messages.success(request, said)
    return gone_to(request, reverse("camera-presets", args=[code]))
