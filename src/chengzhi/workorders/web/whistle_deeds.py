"""The buttons of a whistle: one address a deed."""

from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from chengzhi.accounts.types import Actor
from chengzhi.evidence.types import FileRole
from chengzhi.kernel.errors import InvalidInput
from chengzhi.workorders.commands import whistle, whistle_answer, whistle_dispute
from chengzhi.workorders.commands.whistle_answer import Presence
from chengzhi.workorders.types.whistles import Score
from chengzhi.workorders.web.deeds.reading import Deed, do_deed
from chengzhi.workorders.web.parsing import float_in, number_in, photos_from


def _reason(request: HttpRequest) -> str:
    return request.POST.get("reason", "").strip()[:2000]


def _units(request: HttpRequest) -> tuple[str, ...]:
    return tuple(value for value in request.POST.getlist("departments") if value)


def _issue(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    return gettext("已吹哨 %s。") % whistle.issue_whistle(pk, actor=actor, now=now).code


def _withdraw(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    whistle.withdraw_whistle(pk, reason=_reason(request), actor=actor, now=now)
    return gettext("已撤回。")


def _return(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    whistle_answer.return_whistle(pk, reason=_reason(request), actor=actor, now=now)
    return gettext("已退回镇街。")


def _dispatch(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    made = whistle_answer.dispatch_whistle(
        pk, departments=_units(request), lead=request.POST.get("lead", ""), actor=actor, now=now
    )
    return gettext("已派发 %s。") % made.code


def _acknowledge(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    whistle_answer.acknowledge(pk, actor=actor, now=now)
    return gettext("已签收，请按时到场。")


def _arrive(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    has_place = bool(request.POST.get("lon", "").strip())
    presence = Presence(
        lon=float_in(request.POST, "lon") if has_place else None,
        lat=float_in(request.POST, "lat") if has_place else None,
        people=request.POST.get("people", ""),
        photos=photos_from(request, FileRole.NEAR, actor=actor, now=now),
    )
    whistle_answer.arrive(pk, presence=presence, actor=actor, now=now)
    return gettext("已登记到场。")


def _report(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    photos = photos_from(request, FileRole.AFTER, actor=actor, now=now)
    whistle_answer.report_back(pk, result=_reason(request), photos=photos, actor=actor, now=now)
    return gettext("已反馈结果。")


def _dispute(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    whistle_answer.dispute(pk, reason=_reason(request), actor=actor, now=now)
    return gettext("已提出争议，等待裁定。")


def _decide(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    whistle_dispute.decide_dispute(
        pk,
        departments=_units(request),
        lead=request.POST.get("lead", ""),
        reason=_reason(request),
        actor=actor,
        now=now,
    )
    return gettext("已裁定。")


def _send_back(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    whistle.send_back(pk, reason=_reason(request), actor=actor, now=now)
    return gettext("已退回牵头部门重办。")


def _confirm(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    scores = tuple(
        Score(
            unit=unit,
            points=_points(request, unit),
            words=request.POST.get(f"words-{unit}", ""),
        )
        for unit in request.POST.getlist("unit")
    )
    whistle.confirm(pk, scores=scores, words=_reason(request), actor=actor, now=now)
    return gettext("已确认并评分。")


def _points(request: HttpRequest, unit: str) -> int:
    try:
        return number_in(request.POST, f"points-{unit}")
    except InvalidInput as error:
        raise InvalidInput("评分应为 1 至 5 的整数，请改正。", field="points") from error


def _close(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    return gettext("已办结 %s。") % whistle_answer.close_whistle(pk, actor=actor, now=now).code


DEEDS: dict[str, Deed] = {
    "issue": _issue,
    "withdraw": _withdraw,
    "return": _return,
    "dispatch": _dispatch,
    "acknowledge": _acknowledge,
    "arrive": _arrive,
    "report": _report,
    "dispute": _dispute,
    "decide": _decide,
    "send-back": _send_back,
    "confirm": _confirm,
    "close": _close,
}


@login_required
@require_POST
def whistle_deed(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Do one deed on a whistle and go on."""
    return do_deed(request, DEEDS, pk, name, to=reverse("whistle-detail", args=[pk]))
