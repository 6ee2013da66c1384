"""延期, 缓办, 挂账, 催办, 督办, 申诉: what is asked beside the loop."""

from datetime import datetime

from django.http import HttpRequest
from django.utils.translation import gettext

from chengzhi.accounts.types import Actor
from chengzhi.evidence.types import FileRole
from chengzhi.workorders.commands import adjust, appeal, notice, suspend
from chengzhi.workorders.rules.words import moment_text
from chengzhi.workorders.types import PhotoRef
from chengzhi.workorders.types.adjustments import AdjustmentKind, Asked
from chengzhi.workorders.web.deeds.reading import Deed, one_of, reason_in
from chengzhi.workorders.web.parsing import day_in, number_in, photos_from


def _ask_extension(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    asked = Asked(
        kind=AdjustmentKind.EXTENSION,
        reason=reason_in(request),
        amount=number_in(request.POST, "amount"),
    )
    row = adjust.ask(pk, asked=asked, actor=actor, now=now, photos=_papers(request, actor, now))
    return gettext("已申请延期，%s 前初审。") % moment_text(row.due_at)


def _ask_suspension(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    chosen = request.POST.get("cause", "")
    kind, _, cause = chosen.partition(":")
    asked = Asked(
        kind=one_of(AdjustmentKind, kind),
        reason=reason_in(request),
        until=day_in(request.POST, "until"),
        cause=cause,
    )
    row = adjust.ask(pk, asked=asked, actor=actor, now=now, photos=_papers(request, actor, now))
    return gettext("已申请暂停办理，%s 前初审。") % moment_text(row.due_at)


def _papers(request: HttpRequest, actor: Actor, now: datetime) -> tuple[PhotoRef, ...]:
    return photos_from(request, FileRole.DOCUMENT, actor=actor, now=now)


def _resume(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    order = suspend.resume(pk, reason=reason_in(request), actor=actor, now=now)
    return gettext("已恢复办理，%s 到期。") % moment_text(order.stage_due_at)


def _urge(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    row = notice.urge(pk, text=reason_in(request), actor=actor, now=now)
    return gettext("已催办，%s 前回复。") % moment_text(row.due_at)


def _supervise(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    level = request.POST.get("level", "")
    row = notice.supervise(pk, level=level, text=reason_in(request), actor=actor, now=now)
    return gettext("已督办，%s 前回复。") % moment_text(row.due_at)


def _confirm_closing(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    notice.confirm_closing(pk, reason=reason_in(request), actor=actor, now=now)
    return gettext("已确认可以结案。")


def _appeal(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    row = appeal.lodge(
        pk,
        run=number_in(request.POST, "run"),
        reason=reason_in(request),
        actor=actor,
        now=now,
        photos=_papers(request, actor, now),
    )
    return gettext("已提出申诉，%s 前初审。") % moment_text(row.due_at)


DEEDS: dict[str, Deed] = {
    "ask-extension": _ask_extension,
    "ask-suspension": _ask_suspension,
    "resume-handling": _resume,
    "resume-dispatch": _resume,
    "urge": _urge,
    "supervise": _supervise,
    "confirm-closing": _confirm_closing,
    "appeal": _appeal,
}
