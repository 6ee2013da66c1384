"""The work of a remedy and its money: order, finish, accept, settle, claim, recover."""

from datetime import date, datetime

from django.db import IntegrityError, transaction

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Role
from chengzhi.kernel.errors import InvalidInput
from chengzhi.kernel.money import Money
from chengzhi.kernel.procedure import Step
from chengzhi.workorders.commands.remedy_taking import (
    add_line,
    attach_to_remedy,
    book,
    may_remedy,
    step_remedy,
    take_remedy,
    tell_remedy,
)
from chengzhi.workorders.commands.taking import roles_of
from chengzhi.workorders.commands.whistle_taking import late_words
from chengzhi.workorders.events.remedy import (
    CostClaimed,
    CostRecovered,
    PartyTold,
    RemedyBegun,
    RemedyFinished,
    RemedySettled,
)
from chengzhi.workorders.models import RecoveryPayment, Remedy
from chengzhi.workorders.queries.remedy_access import locked_remedy, performers
from chengzhi.workorders.rules.limits import civil_date
from chengzhi.workorders.rules.remedy_limits import remedy_settings
from chengzhi.workorders.rules.whistle_limits import ends_at
from chengzhi.workorders.rules.words import moment_text
from chengzhi.workorders.types.remedies import (
    TRACK_LABELS,
    FundKind,
    Track,
    WorkDone,
    WorkOrdered,
)

MOST_FEN = 10**12  # ten billion yuan


@transaction.atomic
def begin_work(pk: int, *, work: WorkOrdered, actor: Actor, now: datetime) -> Remedy:
    """Give the work to a contractor; on track B on the day that the decision names."""
    remedy = locked_remedy(actor, pk)
    contractor = remedy.performer if remedy.track == Track.SUBSTITUTE else work.contractor
    step = take_remedy(
        remedy, "begin_work", actor=actor, now=now,
        performer=contractor, photo_roles=roles_of(work.photos),
    )  # fmt: skip
    ordered = WorkOrdered(contractor=contractor, text=work.text, photos=work.photos)
    begin(remedy, step, ordered, actor=actor, now=now)
    attach_to_remedy(remedy, work.photos, actor=actor, now=now)
    return remedy


def begin(remedy: Remedy, step: Step, work: WorkOrdered, *, actor: Actor, now: datetime) -> None:
    """Write the order into the record, and say on which ground work begins."""
    remedy.contractor, remedy.work_text = work.contractor, work.text.strip()[:2000]
    remedy.work_started_at = now
    remedy.enter(step.target, now=now)
    remedy.save()
    names = performers(remedy.county, now=now)
    event = RemedyBegun(
        code=remedy.code,
        track=remedy.track,
        track_label=TRACK_LABELS[remedy.track],
        contractor=work.contractor,
        contractor_name=names.get(work.contractor, work.contractor),
        text=remedy.work_text,
        photo_count=len(work.photos),
    )
    tell_remedy(remedy, event, actor=actor, now=now)


@transaction.atomic
def tell_party(pk: int, *, manner: str, actor: Actor, now: datetime) -> Remedy:
    """Tell the party afterwards what was removed (行政强制法 52)."""
    remedy = locked_remedy(actor, pk)
    may_remedy(remedy, "tell_party", actor=actor)
    if not 0 < len(manner.strip()) <= 200:
        raise InvalidInput("请写明怎样通知、通知了谁（1 至 200 字）。", field="manner")
    late = late_words(now, remedy.notify_due_at)
    remedy.notified_at = remedy.notified_at or now
    remedy.set_alert()
    remedy.save()
    event = PartyTold(code=remedy.code, manner=manner.strip(), late_text=late)
    tell_remedy(remedy, event, actor=actor, now=now)
    return remedy


@transaction.atomic
def finish_work(pk: int, *, done: WorkDone, actor: Actor, now: datetime) -> Remedy:
    """Say that the work is done: quantity, pictures, on track B supervision and signatures."""
    remedy = locked_remedy(actor, pk)
    step = take_remedy(
        remedy, "finish_work", actor=actor, now=now, quantity=done.quantity,
        supervisors=done.supervisors, signatures=done.signatures, photo_roles=roles_of(done.photos),
    )  # fmt: skip
    remedy.quantity = done.quantity.strip()[:200]
    remedy.supervisors, remedy.signatures = (
        done.supervisors.strip()[:200],
        done.signatures.strip()[:300],
    )
    remedy.work_finished_at = now
    remedy.enter(step.target, now=now)
    remedy.save()
    event = RemedyFinished(
        code=remedy.code,
        quantity=remedy.quantity,
        supervisors=remedy.supervisors or "—",
        signatures=remedy.signatures or "—",
        photo_count=len(done.photos),
    )
    tell_remedy(remedy, event, actor=actor, now=now)
    attach_to_remedy(remedy, done.photos, actor=actor, now=now)
    return remedy


@transaction.atomic
def accept_work(pk: int, *, actor: Actor, now: datetime, note: str = "") -> Remedy:
    """Accept the work: the problem is solved (验收)."""
    remedy = locked_remedy(actor, pk)
    step = take_remedy(remedy, "accept_work", actor=actor, now=now)
    remedy.solved_at = now
    late = late_words(now, remedy.solve_due_at)
    step_remedy(remedy, step, actor=actor, now=now, note=note, late_text=late)
    return remedy


@transaction.atomic
def reject_work(pk: int, *, reason: str, actor: Actor, now: datetime) -> Remedy:
    """Send the contractor back."""
    remedy = locked_remedy(actor, pk)
    step = take_remedy(remedy, "reject_work", actor=actor, now=now, reason=reason)
    remedy.last_reason, remedy.rework_count = reason, remedy.rework_count + 1
    step_remedy(remedy, step, actor=actor, now=now, note=reason)
    return remedy


@transaction.atomic
def settle(pk: int, *, amount_fen: int, actor: Actor, now: datetime) -> Remedy:
    """Pay the contractor: what was bound is released, what was paid is spent (结算)."""
    remedy = locked_remedy(actor, pk)
    _refuse_too_much(amount_fen)
    immediate = {"budget_fen": amount_fen} if remedy.track == Track.IMMEDIATE else {}
    step = take_remedy(remedy, "settle", actor=actor, now=now, amount_fen=amount_fen, **immediate)
    book(remedy, FundKind.RELEASE, remedy.budget_fen, actor=actor, now=now)
    book(remedy, FundKind.SPEND, amount_fen, actor=actor, now=now)
    remedy.settled_fen, remedy.settled_at = amount_fen, now
    remedy.enter(step.target, now=now)
    remedy.save()
    event = RemedySettled(
        code=remedy.code,
        amount_fen=amount_fen,
        amount_text=str(Money(amount_fen)),
        budget_text=str(Money(remedy.budget_fen)),
    )
    tell_remedy(remedy, event, actor=actor, now=now)
    return remedy


def _refuse_too_much(amount_fen: int) -> None:
    if amount_fen > MOST_FEN:
        raise InvalidInput("金额太大，请核对小数点。", field="amount")


@transaction.atomic
def claim(pk: int, *, actor: Actor, now: datetime) -> Remedy:
    """Claim the cost from the obligor (行政强制法 51(2))."""
    remedy = locked_remedy(actor, pk)
    step = take_remedy(remedy, "claim", actor=actor, now=now)
    remedy.claimed_on = civil_date(now)
    remedy.pay_due_at = ends_at(remedy_settings().pay, since=now)
    remedy.enter(step.target, now=now)
    remedy.save()
    event = CostClaimed(
        code=remedy.code,
        amount_fen=remedy.settled_fen,
        amount_text=str(Money(remedy.settled_fen)),
        due_text=moment_text(remedy.pay_due_at),
    )
    tell_remedy(remedy, event, actor=actor, now=now)
    return remedy


@transaction.atomic
def record_payment(
    pk: int,
    *,
    amount_fen: int,
    paid_on: date,
    payer: str,
    receipt: str,
    actor: Actor,
    now: datetime,
) -> Remedy:
    """Write down a payment; a receipt number counts once."""
    remedy = locked_remedy(actor, pk)
    may_remedy(remedy, "record_payment", actor=actor)
    payment = RecoveryPayment(
        remedy=remedy, paid_on=paid_on, amount_fen=amount_fen, payer=payer.strip(),
        receipt=receipt.strip(), by=actor.ref, at=now,
    )  # fmt: skip
    _refuse_malformed_payment(payment, remedy, now=now)
    _keep_payment(payment)
    remedy.recovered_fen += amount_fen
    remedy.save()
    book(remedy, FundKind.RECOVER, amount_fen, actor=actor, now=now)
    event = CostRecovered(
        code=remedy.code,
        paid_on=paid_on.isoformat(),
        amount_fen=amount_fen,
        amount_text=str(Money(amount_fen)),
        total_text=str(Money(remedy.recovered_fen)),
        receipt=payment.receipt,
    )
    tell_remedy(remedy, event, actor=actor, now=now)
    return remedy


def _refuse_malformed_payment(payment: RecoveryPayment, remedy: Remedy, *, now: datetime) -> None:
    left = remedy.settled_fen - remedy.recovered_fen
    if not 0 < payment.amount_fen <= left:
        raise InvalidInput(f"付款应大于 0、不超过未收的 {Money(left)}，请核对。", field="amount")
    if payment.paid_on > civil_date(now):
        raise InvalidInput("付款日期不能在今天之后，请改正。", field="paid_on")
    if not 0 < len(payment.receipt) <= 60 or len(payment.payer) > 100:
        raise InvalidInput("请填写票据号（1 至 60 字）。", field="receipt")


def _keep_payment(payment: RecoveryPayment) -> None:
    try:
        with transaction.atomic():
            payment.save()
    except IntegrityError as error:
        raise InvalidInput("这个票据号已经登记过，请核对。", field="receipt") from error


@transaction.atomic
def close_remedy(pk: int, *, actor: Actor, now: datetime) -> Remedy:
    """End it: nothing is to be recovered, or everything was."""
    remedy = locked_remedy(actor, pk)
    name = "close_recovered" if remedy.claimed_on else "close_remedy"
    step = take_remedy(remedy, name, actor=actor, now=now)
    step_remedy(remedy, step, actor=actor, now=now)
    return remedy


@transaction.atomic
def write_off(pk: int, *, reason: str, actor: Actor, now: datetime) -> Remedy:
    """End the recovery without the whole sum; the bureau's leader says why (行政强制法 40)."""
    remedy = locked_remedy(actor, pk)
    step = take_remedy(remedy, "write_off", actor=actor, now=now, reason=reason)
    remedy.last_reason = reason
    step_remedy(remedy, step, actor=actor, now=now, note=reason)
    return remedy


@transaction.atomic
def grant(*, amount_fen: int, note: str, actor: Actor, now: datetime) -> int:
    """Put money into the fund of the year (专项资金拨入)."""
    accounts.require(actor, Role.LEADER, Role.ADMINISTRATOR)
    _refuse_too_much(amount_fen)
    if amount_fen <= 0 or not note.strip():
        raise InvalidInput("请填写拨入金额和文号。", field="amount")
    line = add_line(
        actor.county, FundKind.GRANT, amount_fen, actor=actor, now=now, note=note.strip()
    )
    return line.pk
