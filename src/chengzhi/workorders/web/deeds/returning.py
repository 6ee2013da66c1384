"""退回受理, 退回立案, 退回核查: the ways back that lie with the centre."""

from datetime import datetime

from django.http import HttpRequest
from django.utils.translation import gettext

from chengzhi.accounts.types import Actor
from chengzhi.workorders.commands import returns
from chengzhi.workorders.web.deeds.reading import Deed, reason_in


def _code(request: HttpRequest) -> str:
    return request.POST.get("reason_code", "")


def _acceptance(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    order = returns.return_acceptance(
        pk, reason_code=_code(request), reason=reason_in(request), actor=actor, now=now
    )
    return gettext("已退回受理 %s。") % order.code


def _filing(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    order = returns.return_filing(
        pk, reason_code=_code(request), reason=reason_in(request), actor=actor, now=now
    )
    return gettext("已退回立案 %s。") % order.code


def _recheck(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    order = returns.recheck(
        pk, reason_code=_code(request), reason=reason_in(request), actor=actor, now=now
    )
    return gettext("已退回核查 %s。") % order.code


DEEDS: dict[str, Deed] = {
    "return-acceptance": _acceptance,
    "return-filing": _filing,
    "recheck": _recheck,
}
