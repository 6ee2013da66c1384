"""强制结案, 拆出并案, 问题再次出现, 移送执法: ends, and what ties one record to another."""

from datetime import datetime

from django.http import HttpRequest
from django.utils.translation import gettext

from chengzhi.accounts.types import Actor
from chengzhi.evidence.types import FileRole
from chengzhi.workorders.commands import again, check, followers, refer
from chengzhi.workorders.types import Channel, ClosingResult
from chengzhi.workorders.web.deeds.reading import Deed, one_of, reason_in
from chengzhi.workorders.web.parsing import photos_from

ANSWERS = {"yes": True, "no": False}


def _force_close(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    order = check.force_close(
        pk,
        result=one_of(ClosingResult, request.POST.get("closing", "")),
        is_condition_met=ANSWERS.get(request.POST.get("met", "")),
        reason=reason_in(request),
        actor=actor,
        now=now,
    )
    return gettext("已强制结案 %s。") % order.code


def _split(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    order = followers.split(pk, reason=reason_in(request), actor=actor, now=now)
    return gettext("已拆出 %s，请重新判断。") % order.code


def _report_again(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    channel = request.POST.get("channel", "")
    order = again.report_again(
        pk,
        description=request.POST.get("description", ""),
        channel=one_of(Channel, channel) if channel else None,
        photos=photos_from(request, FileRole.NEAR, actor=actor, now=now),
        actor=actor,
        now=now,
    )
    return gettext("已另立 %s，与原案关联。") % order.code


def _refer(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    refer.refer(
        pk,
        item=request.POST.get("item", ""),
        reason=reason_in(request),
        parties=request.POST.get("parties", ""),
        actor=actor,
        now=now,
    )
    return gettext("已移送执法，等待答复。")


DEEDS: dict[str, Deed] = {
    "force-close": _force_close,
    "split": _split,
    "report-again": _report_again,
    "refer": _refer,
}
