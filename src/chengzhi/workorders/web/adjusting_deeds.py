"""The buttons of requests to the clock, appeals and notices: one address a deed."""

from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from chengzhi.accounts.types import Actor
from chengzhi.workorders.commands import adjust, appeal, notice
from chengzhi.workorders.web.deeds.reading import Deed, do_deed, reason_in


def _first_approve(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    adjust.first_approve(pk, note=reason_in(request), actor=actor, now=now)
    return gettext("已初审同意，等待终审。")


def _grant(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    adjust.grant(pk, note=reason_in(request), actor=actor, now=now)
    return gettext("已批准。")


def _refuse(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    adjust.refuse(pk, reason=reason_in(request), actor=actor, now=now)
    return gettext("已不批准。")


def _take_back(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    adjust.take_back(pk, reason=reason_in(request), actor=actor, now=now)
    return gettext("已撤回申请。")


def _support(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    appeal.support(pk, note=reason_in(request), actor=actor, now=now)
    return gettext("申诉已初审通过，等待终审。")


def _uphold(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    appeal.uphold(pk, note=reason_in(request), actor=actor, now=now)
    return gettext("申诉成立：曾超时，不计考核。")


def _dismiss(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    appeal.dismiss(pk, reason=reason_in(request), actor=actor, now=now)
    return gettext("申诉不成立。")


def _drop(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    appeal.drop(pk, actor=actor, now=now)
    return gettext("已撤回申诉。")


def _acknowledge(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    notice.acknowledge(pk, actor=actor, now=now)
    return gettext("已签收通知。")


def _reply(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    notice.reply(pk, text=reason_in(request), actor=actor, now=now)
    return gettext("已回复通知。")


def _revoke(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    notice.revoke(pk, reason=reason_in(request), actor=actor, now=now)
    return gettext("已撤销通知。")


DEEDS: dict[str, dict[str, Deed]] = {
    "adjustments": {
        "first-approve": _first_approve,
        "grant": _grant,
        "refuse": _refuse,
        "take-back": _take_back,
    },
    "appeals": {
        "support": _support,
        "uphold": _uphold,
        "dismiss": _dismiss,
        "drop": _drop,
    },
    "notices": {
        "acknowledge": _acknowledge,
        "reply": _reply,
        "revoke": _revoke,
    },
}
LISTS = {"adjustments": "adjustment-list", "appeals": "appeal-list", "notices": "notice-list"}


@login_required
@require_POST
def request_deed(request: HttpRequest, book: str, pk: int, name: str) -> HttpResponse:
    """Do one deed on a request, an appeal or a notice and go on."""
    to = reverse(LISTS.get(book, "adjustment-list"))
    return do_deed(request, DEEDS.get(book, {}), pk, name, to=to)
