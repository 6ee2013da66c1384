"""The page on which zones and rules are drawn on a camera's own picture."""

import json
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Permission
from chengzhi.kernel.errors import InvalidInput
from chengzhi.standards.work_calendar import holiday_names
from chengzhi.vision import commands
from chengzhi.vision.queries.cameras import camera_detail
from chengzhi.vision.queries.plans import current_plan, plan_rows, plan_version
from chengzhi.vision.queries.trials import trial_rows
from chengzhi.vision.rules.camera_file import read_plan
from chengzhi.vision.rules.drawing import read_perspective
from chengzhi.vision.rules.perspective import PERSON_M
from chengzhi.vision.rules.plan import STILL_WAIT, ZONES_LIMIT, named, stretched
from chengzhi.vision.rules.sizes import sizes
from chengzhi.vision.rules.wording import kind_label
from chengzhi.vision.types import (
    ZONE_FINDINGS,
    ZONE_KIND_LABELS,
    CameraDetail,
    PresetView,
    ZoneKind,
    ZoneSpec,
)
from chengzhi.vision.web.parsing import actor_of, is_htmx, key_in, moment
from chengzhi.vision.web.plan_words import words

#: How each kind of area is usually drawn; any other way is open too.
USUAL_TOOLS = {
    ZoneKind.NO_PARKING: "band",
    ZoneKind.TWO_WHEELER_NO_PARKING: "polygon",
    ZoneKind.PAVEMENT_CLEAR: "band",
    ZoneKind.BIN: "spot",
}


@login_required
@require_GET
def plan(request: HttpRequest, code: str) -> HttpResponse:
    """Show the editor with what is drawn now."""
    actor, now = actor_of(request), moment()
    accounts.permit(actor, Permission.MANAGE_CAMERAS)
    shown = camera_detail(actor, code, now=now)
    version = plan_version(actor, code)
    context = {
        "plan_data": _to_draw(current_plan(actor, code), shown),
        "preset": _chosen(shown, key_in(request.GET, "preset")),
        "plan_words": {"words": words(), "kinds": _kinds(), "findings": _findings()},
        "kinds": [(str(kind), label) for kind, label in ZONE_KIND_LABELS.items()],
        "version": version,
        "next_version": version + 1,
        "versions": plan_rows(actor, code),
        "trials": trial_rows(actor, code, now=now),
        "holidays": _holidays(timezone.localdate(now)),
        "person": PERSON_M,
        **still_state(shown, now),
    }
    return render(request, "vision/plan.html", context)


def _to_draw(plan: dict[str, Any], shown: CameraDetail) -> dict[str, Any]:
    """Return what is drawn; on a picture of another shape stretched, for people to check."""
    if not shown.is_reshaped or shown.drawn_over is None:
        return plan
    return stretched(plan, shown.drawn_over)


def _chosen(shown: CameraDetail, key: int | None) -> PresetView | None:
    """Return the view of a moving camera that the editor opens with: the one named, or the home."""
    named_ones = [preset for preset in shown.presets if preset.id == key]
    return next(iter([*named_ones, *shown.presets]), None)


def _kinds() -> list[dict[str, object]]:
    return [
        {
            "value": str(kind),
            "label": _(ZONE_KIND_LABELS[kind]),
            "tool": USUAL_TOOLS.get(kind, "polygon"),
            "findings": [str(finding) for finding in ZONE_FINDINGS[kind]],
        }
        for kind in ZoneKind
    ]


def _findings() -> list[dict[str, object]]:
    return [
        {
            "value": row.finding,
            "label": _(kind_label(row.finding)),
            "typical": row.typical_m,
            "min": row.min_m,
            "max": row.max_m,
            "labels": list(row.labels),
            "dwell": row.dwell_s,
        }
        for row in sizes().values()
    ]


def _holidays(today: date) -> list[tuple[int, str]]:
    """Return each year's public holidays from this year on, as the field takes them."""
    years: dict[int, list[str]] = {}
    for day in sorted(holiday_names()):
        if day.year >= today.year:
            years.setdefault(day.year, []).append(day.isoformat())
    return [(year, " ".join(days)) for year, days in years.items()]


@login_required
@require_POST
def save(request: HttpRequest, code: str) -> HttpResponse:
    """Save what is drawn as the next version."""
    zones, perspective, size = drawn_plan(request)
    version = commands.save_plan(
        code,
        zones,
        perspective=perspective,
        size=size,
        base=None if "anyway" in request.POST else base_of(request),
        actor=actor_of(request),
        now=moment(),
    )
    said = _("布控方案第%(version)s版已保存。识别程序会在一分钟内取到。")
    messages.success(request, said % {"version": version})
    return gone_to(request, reverse("camera-plan", args=[code]))


def gone_to(request: HttpRequest, address: str) -> HttpResponse:
    """Lead on to another page, whoever asked."""
    if is_htmx(request):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return redirect(address)


def drawn_plan(
    request: HttpRequest,
) -> tuple[tuple[ZoneSpec, ...], dict[str, Any] | None, tuple[int, int] | None]:
    """Return zones, perspective and picture size that the editor sent.

    :raises InvalidInput: naming zone, rule and field in words, and the cure.
    """
    sent = _sent(request.POST.get("plan", ""))
    drawn = sent.get("zones")
    try:
        zones = read_plan(drawn)
    except InvalidInput as refusal:
        raise InvalidInput(named(refusal.sentence, drawn), field=refusal.field) from refusal
    if len(zones) > ZONES_LIMIT:
        raise InvalidInput(f"一路最多画{ZONES_LIMIT}个区域，请合并或删去一些。", field="zones")
    marks = sent.get("perspective")
    perspective = read_perspective(marks, "透视提示") if marks else None
    return zones, perspective, _size(sent.get("size"))


def _sent(text: str) -> dict[str, Any]:
    try:
        sent = json.loads(text)
    except ValueError:
        sent = None
    if not isinstance(sent, dict):
        raise InvalidInput("没有收到画的区域，请重新打开页面再保存。", field="plan")
    return sent


def _size(value: Any) -> tuple[int, int] | None:
    sides = value if isinstance(value, list) and len(value) == 2 else [0, 0]
    if not all(isinstance(side, int) and 0 < side < 20_000 for side in sides):
        return None
    return sides[0], sides[1]


def base_of(request: HttpRequest) -> int | None:
    """Return the plan's version that the editor began from."""
    text = request.POST.get("base", "")
    return int(text) if text.isdigit() and len(text) < 9 else None


@login_required
@require_POST
def restore(request: HttpRequest, code: str, version: int) -> HttpResponse:
    """Make a former version the newest one."""
    made = commands.restore_plan(code, version, actor=actor_of(request), now=moment())
    said = _("已恢复第%(old)s版，记为第%(new)s版。")
    messages.success(request, said % {"old": version, "new": made})
    return redirect("camera-plan", code=code)


@login_required
@require_POST
def ask_still(request: HttpRequest, code: str) -> HttpResponse:
    """Ask the worker for a new picture."""
    commands.ask_still(code, actor=actor_of(request), now=moment())
    if not is_htmx(request):
        return redirect("camera-plan", code=code)
    return still(request, code)


@login_required
def still(request: HttpRequest, code: str) -> HttpResponse:
    """Show whether the new picture has come; the page asks while it waits."""
    now = moment()
    shown = camera_detail(actor_of(request), code, now=now)
    return render(request, "vision/parts/plan_still.html", still_state(shown, now))


def still_state(shown: CameraDetail, now: datetime) -> dict[str, object]:
    """Return what the line below the picture says, here and on the page of presets."""
    asked = shown.still_asked_at
    return {
        "camera": shown,
        "row": shown.row,
        "now": now,
        "is_waiting": asked is not None and now - asked < STILL_WAIT,
        "is_late": asked is not None and now - asked >= STILL_WAIT,
    }
