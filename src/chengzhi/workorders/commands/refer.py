"""移送执法: a work order that shows a violation is referred; enforcement answers."""

from datetime import datetime

from django.db import transaction

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Role
from chengzhi.kernel.errors import DomainError, InvalidInput, NotVisible
from chengzhi.workorders.commands.taking import may, tell
from chengzhi.workorders.events import ReferralAnswered, WorkOrderReferred
from chengzhi.workorders.models import Referral, WorkOrder
from chengzhi.workorders.queries.access import locked, visible_to
from chengzhi.workorders.types import ReferralState

LONGEST = {"item": 200, "reason": 1000, "parties": 500}
LABELS = {"item": "涉嫌违法事项", "reason": "移送理由", "parties": "当事人"}


class ReferralWaits(DomainError):
    """The order was referred and has had no answer yet."""

    code = "referral-waits"
    status = 409


class ReferralWasAnswered(DomainError):
    """A referral is answered once."""

    code = "referral-was-answered"
    status = 409


@transaction.atomic
def refer(
    pk: int, *, item: str, reason: str, actor: Actor, now: datetime, parties: str = ""
) -> Referral:
    """Refer the violation behind a work order to enforcement; the order itself goes on.

    :raises ReferralWaits: it was referred before and has had no answer.
    """
    order = locked(actor, pk)
    may(order, "refer", actor=actor)
    said = {"item": item.strip(), "reason": reason.strip(), "parties": parties.strip()}
    _refuse_malformed(said)
    if Referral.objects.filter(order=order.pk, state=ReferralState.SENT).exists():
        raise ReferralWaits("本案已移送执法，尚未答复，不能重复移送。请先等待答复。")
    referral = Referral.objects.create(order=order, sent_by=actor.ref, sent_at=now, **said)
    tell(order, _referred(order, referral), actor=actor, now=now)
    return referral


def _refuse_malformed(said: dict[str, str]) -> None:
    for name in ("item", "reason"):
        if not said[name]:
            raise InvalidInput(f"没有写{LABELS[name]}，请补充。", field=name)
    for name, most in LONGEST.items():
        if len(said[name]) > most:
            raise InvalidInput(f"{LABELS[name]}最多 {most} 字，请删减。", field=name)


def _referred(order: WorkOrder, referral: Referral) -> WorkOrderReferred:
    """Tell what enforcement needs; the parties' names stay in the record, off the log."""
    return WorkOrderReferred(
        code=order.code,
        referral=referral.pk,
        item=referral.item,
        reason=referral.reason,
        matter_code=order.matter_code,
        lon=order.lon,
        lat=order.lat,
        address=order.address,
        town=order.town,
        has_parties=bool(referral.parties),
    )


@transaction.atomic
def note_referral_answer(
    referral: int,
    *,
    is_taken: bool,
    actor: Actor,
    now: datetime,
    case_ref: str = "",
    answer: str = "",
) -> bool:
    """Write down what enforcement answered; the same answer again changes nothing.

    :returns: whether it is new. `case_ref` is the sibling's reference, such as "case:12".
    :raises ReferralWasAnswered: another answer came before.
    """
    accounts.require(actor, Role.SYSTEM, Role.DUTY_MANAGER, Role.SQUAD_LEADER)
    found = Referral.objects.select_for_update().filter(pk=referral).first()
    seen = found is not None and visible_to(actor).filter(pk=found.order_id).exists()
    if found is None or not seen:
        raise NotVisible("没有这件移送，或它不在您的查看范围内。")
    if found.state == ReferralState.ANSWERED:
        return _the_same(found, is_taken, case_ref)
    found.state, found.is_taken, found.case_ref = ReferralState.ANSWERED, is_taken, case_ref
    found.answer, found.answered_by, found.answered_at = answer.strip(), actor.ref, now
    found.save()
    order = locked(actor, found.order_id)
    tell(order, _answered(order, found), actor=actor, now=now)
    return True


def _the_same(found: Referral, is_taken: bool, case_ref: str) -> bool:
    if (found.is_taken, found.case_ref) != (is_taken, case_ref):
        raise ReferralWasAnswered("这件移送已经答复，不能再改。")
    return False


def _answered(order: WorkOrder, found: Referral) -> ReferralAnswered:
    return ReferralAnswered(
        code=order.code,
        referral=found.pk,
        is_taken=bool(found.is_taken),
        answer_label="立案办理" if found.is_taken else "不予立案",
        case_ref=found.case_ref,
        case_text=f"（{found.case_ref}）" if found.case_ref else "",
        answer=found.answer,
    )
