"""受理 and 核实: take a report on, refuse it, send somebody to look."""

from datetime import datetime

from django.http import HttpRequest
from django.utils.translation import gettext

from chengzhi.accounts.types import Actor
from chengzhi.evidence.types import FileRole
from chengzhi.workorders.commands import verify
from chengzhi.workorders.rules.words import moment_text
from chengzhi.workorders.types import Verification
from chengzhi.workorders.web.deeds.reading import Deed, one_of, reason_in
from chengzhi.workorders.web.parsing import photos_from


def _accept(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    order = verify.accept(pk, actor=actor, now=now, reason=reason_in(request))
    return gettext("已受理 %s，待立案。") % order.code


def _reject(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    order = verify.reject(pk, reason=reason_in(request), actor=actor, now=now)
    return gettext("已不予受理 %s。") % order.code


def _ask_verify(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    assignee = request.POST.get("assignee", "")
    order = verify.ask_verify(pk, assignee=assignee, actor=actor, now=now)
    return gettext("已派发核实，%s 前完成。") % moment_text(order.stage_due_at)


def _reassign(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    assignee = request.POST.get("assignee", "")
    verify.reassign_verification(pk, assignee=assignee, actor=actor, now=now)
    return gettext("已改派核实。")


def _verification(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    verify.record_verification(
        pk,
        result=one_of(Verification, request.POST.get("result", "")),
        reason=reason_in(request),
        photos=photos_from(request, FileRole.VERIFY, actor=actor, now=now),
        actor=actor,
        now=now,
    )
    return gettext("已登记核实结果。")


DEEDS: dict[str, Deed] = {
    "accept": _accept,
    "reject": _reject,
    "ask-verify": _ask_verify,
    "reassign-verification": _reassign,
    "verification": _verification,
}
