"""立案, 作废, 并案: what becomes of an accepted report."""

from datetime import datetime

from django.http import HttpRequest
from django.utils.translation import gettext

from chengzhi.accounts.types import Actor
from chengzhi.workorders.commands import file
from chengzhi.workorders.rules.words import serial_in
from chengzhi.workorders.web.deeds.reading import Deed, reason_in
from chengzhi.workorders.web.parsing import number_in


def _file(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    order = file.file(
        pk,
        condition_number=number_in(request.POST, "condition"),
        matter_code=request.POST.get("matter", ""),
        reason=reason_in(request),
        actor=actor,
        now=now,
    )
    return gettext("已立案 %s，处置时限 %s。") % (order.code, order.limit_text)


def _void(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    order = file.void(pk, reason=reason_in(request), actor=actor, now=now)
    return gettext("已作废 %s。") % order.code


def _merge(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    typed = request.POST.get("master", "")
    order = file.merge(
        pk, master=serial_in(typed) or 0, reason=reason_in(request), actor=actor, now=now
    )
    return gettext("已并案 %s。") % order.code


def _not_duplicate(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    others = tuple(int(value) for value in request.POST.getlist("other") if value.isdecimal())
    file.not_duplicate(pk, others=others, actor=actor, now=now)
    return gettext("已判为不是重复。")


DEEDS: dict[str, Deed] = {
    "file": _file,
    "void": _void,
    "merge": _merge,
    "not-duplicate": _not_duplicate,
}
