"""The buttons of a remedy: one address a deed."""

from datetime import date, datetime

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor
from chengzhi.evidence.types import FileRole
from chengzhi.kernel.errors import InvalidInput
from chengzhi.kernel.money import Money
from chengzhi.workorders.commands import remedy_ground, remedy_search, remedy_work
from chengzhi.workorders.types.remedies import (
    Conclusion,
    Obligor,
    Substitute,
    WorkDone,
    WorkOrdered,
)
from chengzhi.workorders.web.deeds.reading import Deed, do_deed
from chengzhi.workorders.web.parsing import day_in, done, photos_from


def _said(request: HttpRequest, name: str = "reason") -> str:
    return request.POST.get(name, "").strip()[:2000]


def _day(request: HttpRequest, name: str, what: str) -> date:
    day = day_in(request.POST, name)
    if day is None:
        raise InvalidInput(f"没有填写{what}，请选择日期。", field=name)
    return day


def _fen(request: HttpRequest, name: str = "amount") -> int:
    text = _said(request, name)
    return Money.yuan(text).fen if text else 0


def _fence(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    photos = photos_from(request, FileRole.BEFORE, actor=actor, now=now)
    remedy_search.fence(pk, note=_said(request), photos=photos, actor=actor, now=now)
    return gettext("已登记围护。")


def _start(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    remedy_search.start_search(pk, actor=actor, now=now)
    return gettext("已开始查找权属。")


def _search(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    remedy_search.log_search(
        pk, source=_said(request, "source"), found=request.POST.get("found") == "1",
        result=_said(request), actor=actor, now=now,
    )  # fmt: skip
    return gettext("已登记查找结果。")


def _meeting(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    conclusion = request.POST.get("conclusion", "")
    if conclusion not in set(Conclusion):
        raise InvalidInput("没有选择会议结论，请从列表中选择。", field="conclusion")
    remedy_search.hold_meeting(
        pk, held_on=_day(request, "held_on", "开会日期"), attendees=_said(request, "attendees"),
        opinions=_said(request, "opinions"), conclusion=Conclusion(conclusion), actor=actor, now=now,
    )  # fmt: skip
    return gettext("已登记责任认定会。")


def _notice(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    remedy_search.post_notice(
        pk, on=_day(request, "on", "公告日期"), media=_said(request, "media"),
        is_notarized=request.POST.get("notarized") == "1", actor=actor, now=now,
    )  # fmt: skip
    return gettext("已登记公告。")


def _ownerless(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    remedy_search.conclude_ownerless(pk, actor=actor, now=now)
    return gettext("已认定无主。")


def _owner(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    obligor = Obligor(
        name=_said(request, "name"),
        contact=_said(request, "contact"),
        basis=_said(request, "basis"),
    )
    remedy_search.find_owner(pk, obligor=obligor, actor=actor, now=now)
    return gettext("已登记责任人。")


def _hand_over(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    remedy_search.hand_over(pk, reason=_said(request), actor=actor, now=now)
    return gettext("已转正常派遣。")


def _approve(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    remedy_ground.approve(pk, budget_fen=_fen(request), note=_said(request), actor=actor, now=now)
    return gettext("已批准兜底整治。")


def _decide(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    said = request.POST
    substitute = Substitute(
        ordered_on=day_in(said, "ordered_on"),
        perform_by=day_in(said, "perform_by"),
        demanded_on=day_in(said, "demanded_on"),
        consequence=_said(request, "consequence"),
        budget_fen=_fen(request),
        performer=_said(request, "performer"),
        perform_on=day_in(said, "perform_on"),
    )
    remedy_ground.decide(pk, substitute=substitute, actor=actor, now=now)
    return gettext("已作出代履行决定。")


def _reschedule(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    day = _day(request, "perform_on", "代履行日期")
    remedy_ground.reschedule(pk, perform_on=day, reason=_said(request), actor=actor, now=now)
    return gettext("已改代履行日期。")


def _remind(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    remedy_ground.remind(pk, actor=actor, now=now)
    return gettext("已登记催告书送达。")


def _at_once(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    remedy_ground.perform_at_once(
        pk, place=_said(request, "place"), is_unable=request.POST.get("unable") == "1",
        work=_work(request, actor, now), actor=actor, now=now,
    )  # fmt: skip
    return gettext("已立即代履行，请尽快通知当事人。")


def _work(request: HttpRequest, actor: Actor, now: datetime) -> WorkOrdered:
    return WorkOrdered(
        contractor=_said(request, "contractor"),
        text=_said(request, "text"),
        photos=photos_from(request, FileRole.BEFORE, actor=actor, now=now),
    )


def _performed(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    remedy_ground.performed(pk, reason=_said(request), actor=actor, now=now)
    return gettext("已登记责任人自行履行。")


def _begin(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    remedy_work.begin_work(pk, work=_work(request, actor, now), actor=actor, now=now)
    return gettext("已下达施工单。")


def _tell(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    remedy_work.tell_party(pk, manner=_said(request), actor=actor, now=now)
    return gettext("已登记事后通知。")


def _finish(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    finished = WorkDone(
        quantity=_said(request, "quantity"),
        supervisors=_said(request, "supervisors"),
        signatures=_said(request, "signatures"),
        photos=photos_from(request, FileRole.AFTER, actor=actor, now=now),
    )
    remedy_work.finish_work(pk, done=finished, actor=actor, now=now)
    return gettext("已反馈完工，等待验收。")


def _accept(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    remedy_work.accept_work(pk, note=_said(request), actor=actor, now=now)
    return gettext("已验收通过。")


def _reject(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    remedy_work.reject_work(pk, reason=_said(request), actor=actor, now=now)
    return gettext("已退回施工单位。")


def _settle(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    remedy_work.settle(pk, amount_fen=_fen(request), actor=actor, now=now)
    return gettext("已结算。")


def _claim(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    remedy_work.claim(pk, actor=actor, now=now)
    return gettext("已发出缴纳通知。")


def _pay(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    remedy_work.record_payment(
        pk, amount_fen=_fen(request), paid_on=_day(request, "paid_on", "付款日期"),
        payer=_said(request, "payer"), receipt=_said(request, "receipt"), actor=actor, now=now,
    )  # fmt: skip
    return gettext("已登记付款。")


def _close(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    return gettext("已办结 %s。") % remedy_work.close_remedy(pk, actor=actor, now=now).code


def _write_off(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    remedy_work.write_off(pk, reason=_said(request), actor=actor, now=now)
    return gettext("已终结追偿。")


DEEDS: dict[str, Deed] = {
    "fence": _fence,
    "start-search": _start,
    "log-search": _search,
    "hold-meeting": _meeting,
    "post-notice": _notice,
    "conclude-ownerless": _ownerless,
    "find-owner": _owner,
    "hand-over": _hand_over,
    "approve": _approve,
    "decide": _decide,
    "reschedule": _reschedule,
    "remind": _remind,
    "perform-at-once": _at_once,
    "performed": _performed,
    "begin-work": _begin,
    "tell-party": _tell,
    "finish-work": _finish,
    "accept-work": _accept,
    "reject-work": _reject,
    "settle": _settle,
    "claim": _claim,
    "record-payment": _pay,
    "close-remedy": _close,
    "close-recovered": _close,
    "write-off": _write_off,
}


@login_required
@require_POST
def remedy_deed(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Do one deed on a remedy and go on."""
    return do_deed(request, DEEDS, pk, name, to=reverse("remedy-detail", args=[pk]))


@login_required
@require_POST
def grant(request: HttpRequest) -> HttpResponse:
    """Put money into the fund of the year."""
    actor, now = accounts.acting(request), timezone.now()
    remedy_work.grant(amount_fen=_fen(request), note=_said(request), actor=actor, now=now)
    return done(request, gettext("已登记拨入。"), to=reverse("remedy-fund"))
