"""The buttons: one address a deed; each parses, calls its command, and says what was done."""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor
from chengzhi.evidence.types import FileRole
from chengzhi.kernel.errors import InvalidInput
from chengzhi.workorders.commands import check, file, handle, notes, verify
from chengzhi.workorders.rules.words import moment_text, serial_in
from chengzhi.workorders.types import Check, Verification
from chengzhi.workorders.web.parsing import done, number_in, photos_from

Choice = TypeVar("Choice", bound=StrEnum)
Deed = Callable[[HttpRequest, int, Actor, datetime], str]


def _reason(request: HttpRequest) -> str:
    return request.POST.get("reason", "").strip()


def _accept(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    order = verify.accept(pk, actor=actor, now=now, reason=_reason(request))
    return gettext("已受理 %s，待立案。") % order.code


def _reject(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    order = verify.reject(pk, reason=_reason(request), actor=actor, now=now)
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
        result=_one_of(Verification, request.POST.get("result", "")),
        reason=_reason(request),
        photos=photos_from(request, FileRole.VERIFY, actor=actor, now=now),
        actor=actor,
        now=now,
    )
    return gettext("已登记核实结果。")


def _file(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    order = file.file(
        pk,
        condition_number=number_in(request.POST, "condition"),
        matter_code=request.POST.get("matter", ""),
        actor=actor,
        now=now,
    )
    return gettext("已立案 %s，处置时限 %s。") % (order.code, order.limit_text)


def _void(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    order = file.void(pk, reason=_reason(request), actor=actor, now=now)
    return gettext("已作废 %s。") % order.code


def _merge(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    typed = request.POST.get("master", "")
    order = file.merge(
        pk, master=serial_in(typed) or 0, reason=_reason(request), actor=actor, now=now
    )
    return gettext("已并案 %s。") % order.code


def _not_duplicate(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    others = tuple(int(value) for value in request.POST.getlist("other") if value.isdecimal())
    file.not_duplicate(pk, others=others, actor=actor, now=now)
    return gettext("已判为不是重复。")


def _dispatch(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    order = handle.dispatch(
        pk, unit=request.POST.get("unit", ""), reason=_reason(request), actor=actor, now=now
    )
    return gettext("已派遣 %s，处置截止 %s。") % (order.code, moment_text(order.handling_due_at))


def _change_handler(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    order = handle.change_handler(
        pk, unit=request.POST.get("unit", ""), reason=_reason(request), actor=actor, now=now
    )
    return gettext("已改派，处置截止 %s。") % moment_text(order.handling_due_at)


def _accept_task(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    order = handle.accept_task(pk, actor=actor, now=now)
    return gettext("已接收，处置截止 %s。") % moment_text(order.handling_due_at)


def _return_task(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    order = handle.return_task(pk, reason=_reason(request), actor=actor, now=now)
    return gettext("已回退 %s。") % order.code


def _handling(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    handle.record_handling(
        pk,
        photos=photos_from(request, FileRole.AFTER, actor=actor, now=now),
        note=_reason(request),
        actor=actor,
        now=now,
    )
    return gettext("已反馈处置，等待核查。")


def _assign_check(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    check.assign_check(pk, assignee=request.POST.get("assignee", ""), actor=actor, now=now)
    return gettext("已派发核查。")


def _check(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    check.record_check(
        pk,
        result=_one_of(Check, request.POST.get("result", "")),
        reason=_reason(request),
        photos=photos_from(request, FileRole.CHECK, actor=actor, now=now),
        actor=actor,
        now=now,
    )
    return gettext("已登记核查结果。")


def _close(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    return gettext("已结案 %s。") % check.close(pk, actor=actor, now=now).code


def _comment(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    notes.comment(pk, text=request.POST.get("text", ""), actor=actor, now=now)
    return gettext("已添加记录。")


def _attach(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    role = _one_of(FileRole, request.POST.get("role", FileRole.DOCUMENT))
    photos = photos_from(request, role, actor=actor, now=now)
    notes.attach(pk, photos=photos, actor=actor, now=now)
    return gettext("已补充附件 %d 件。") % len(photos)


def _one_of(kind: type[Choice], value: str) -> Choice:
    try:
        return kind(value)
    except ValueError as error:
        raise InvalidInput(f"“{value}”不是可选的结果，请重新选择。", field="result") from error


DEEDS: dict[str, Deed] = {
    "accept": _accept,
    "reject": _reject,
    "ask-verify": _ask_verify,
    "reassign-verification": _reassign,
    "verification": _verification,
    "file": _file,
    "void": _void,
    "merge": _merge,
    "not-duplicate": _not_duplicate,
    "dispatch": _dispatch,
    "change-handler": _change_handler,
    "accept-task": _accept_task,
    "return-task": _return_task,
    "handling": _handling,
    "assign-check": _assign_check,
    "check": _check,
    "close": _close,
    "comment": _comment,
    "attach": _attach,
}


@login_required
@require_POST
def deed(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Do one deed on a work order and go on."""
    if name not in DEEDS:
        raise Http404
    message = DEEDS[name](request, pk, accounts.acting(request), timezone.now())
    return done(request, message, to=reverse("workorder-list"))


@login_required
@require_POST
def show_reporter(request: HttpRequest, pk: int) -> HttpResponse:
    """Show who reported, unmasked; the reason is written on the timeline."""
    contact = notes.show_reporter(
        pk, reason=_reason(request), actor=accounts.acting(request), now=timezone.now()
    )
    return render(request, "workorders/parts/contact.html", {"contact": contact})
