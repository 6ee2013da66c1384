"""核查 and 结案: look whether it is done, and end it."""

from datetime import datetime

from django.http import HttpRequest
from django.utils.translation import gettext

from chengzhi.accounts.types import Actor
from chengzhi.evidence.types import FileRole
from chengzhi.workorders.commands import check
from chengzhi.workorders.types import Check, ClosingResult
from chengzhi.workorders.web.deeds.reading import Deed, one_of, reason_in
from chengzhi.workorders.web.parsing import photos_from


def _assign_check(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    check.assign_check(pk, assignee=request.POST.get("assignee", ""), actor=actor, now=now)
    return gettext("已派发核查。")


def _check(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    check.record_check(
        pk,
        result=one_of(Check, request.POST.get("result", "")),
        reason=reason_in(request),
        reason_code=request.POST.get("reason_code", ""),
        photos=photos_from(request, FileRole.CHECK, actor=actor, now=now),
        confirmed=_confirmed(request),
        actor=actor,
        now=now,
    )
    return gettext("已登记核查结果。")


def _confirmed(request: HttpRequest) -> tuple[str, ...] | None:
    """Return what was ticked; None where the form has no list."""
    posted = request.POST
    return tuple(posted.getlist("confirmed")) if posted.get("checklist") == "1" else None


def _close(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    result = one_of(ClosingResult, request.POST.get("closing", ClosingResult.RESOLVED))
    order = check.close(pk, result=result, actor=actor, now=now)
    return gettext("已结案 %s。") % order.code


DEEDS: dict[str, Deed] = {
    "assign-check": _assign_check,
    "check": _check,
    "close": _close,
}
