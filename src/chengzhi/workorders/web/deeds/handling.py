"""派遣, 接收, 回退, 改派, 处置: from the dispatcher to the unit and back."""

from datetime import datetime

from django.http import HttpRequest
from django.utils.translation import gettext

from chengzhi.accounts.types import Actor
from chengzhi.evidence.types import FileRole
from chengzhi.workorders.commands import handle
from chengzhi.workorders.rules.words import moment_text
from chengzhi.workorders.web.deeds.reading import Deed, reason_in
from chengzhi.workorders.web.parsing import photos_from


def _dispatch(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    order = handle.dispatch(
        pk, unit=request.POST.get("unit", ""), reason=reason_in(request), actor=actor, now=now
    )
    return gettext("已派遣 %s，处置截止 %s。") % (order.code, moment_text(order.handling_due_at))


def _change_handler(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    order = handle.change_handler(
        pk, unit=request.POST.get("unit", ""), reason=reason_in(request), actor=actor, now=now
    )
    return gettext("已改派，处置截止 %s。") % moment_text(order.handling_due_at)


def _accept_task(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    order = handle.accept_task(pk, actor=actor, now=now)
    return gettext("已接收，处置截止 %s。") % moment_text(order.handling_due_at)


def _return_task(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    code = request.POST.get("reason_code", "")
    order = handle.return_task(
        pk, reason_code=code, reason=reason_in(request), actor=actor, now=now
    )
    return gettext("已回退 %s。") % order.code


def _handling(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    handle.record_handling(
        pk,
        photos=photos_from(request, FileRole.AFTER, actor=actor, now=now),
        note=reason_in(request),
        actor=actor,
        now=now,
    )
    return gettext("已反馈处置，等待核查。")


DEEDS: dict[str, Deed] = {
    "dispatch": _dispatch,
    "change-handler": _change_handler,
    "accept-task": _accept_task,
    "return-task": _return_task,
    "handling": _handling,
}
