"""The outbox: claim due rows, settle them, put them off, give them up, send again, dismiss."""

from datetime import datetime, timedelta
from uuid import uuid4

from django.db import transaction
from django.db.models import F, Q

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Permission
from chengzhi.audit import interface as audit
from chengzhi.kernel.errors import DomainError, InvalidInput
from chengzhi.kernel.privacy import redacted
from chengzhi.notifications.events import DeliveryDismissed, DeliveryFailed, DeliveryResent
from chengzhi.notifications.models import Delivery
from chengzhi.notifications.queries.deliveries import access_delivery, template_label
from chengzhi.notifications.rules.sending import wait_after
from chengzhi.notifications.rules.templates import sending
from chengzhi.notifications.types import MEDIUM_LABELS, DeliveryState

WAITING = Q(state=DeliveryState.WAITING.value)
WORKER_DIED = "发送进程多次在发送途中退出"
HELD = "演练环境，没有发出"
SENDER = "system:sender"


class NotResendable(DomainError):
    """Only a message that was given up, held or dismissed can be sent again."""

    code = "not-resendable"
    status = 409


def free(now: datetime) -> Q:
    """Return the condition that nobody is sending the row at this moment."""
    return Q(claimed_until__isnull=True) | Q(claimed_until__lte=now)


@transaction.atomic
def claim_due(*, now: datetime, most: int) -> list[Delivery]:
    """Take due rows for one sender until the lease ends, and return them, oldest due first.

    The attempt is counted here, so a row that kills its sender each time is found by `bury`.
    PostgreSQL skips rows that another sender is taking; SQLite has one writer at a time.
    """
    worker = uuid4().hex
    due = Delivery.objects.filter(WAITING, free(now), next_at__lte=now)
    picked = due.filter(attempts__lt=sending().most_attempts).order_by("next_at", "pk")
    keys = [row.pk for row in picked.select_for_update(skip_locked=True)[:most]]
    Delivery.objects.filter(WAITING, free(now), pk__in=keys).update(
        claimed_by=worker, claimed_until=now + sending().lease, attempts=F("attempts") + 1
    )
    return list(Delivery.objects.filter(claimed_by=worker).order_by("next_at", "pk"))


@transaction.atomic
def settle(row: Delivery, *, state: DeliveryState, now: datetime) -> bool:
    """Mark a claimed row as sent or held; false when the lease had ended and another has it."""
    mine = Delivery.objects.filter(WAITING, pk=row.pk, claimed_by=row.claimed_by)
    return bool(
        mine.update(
            state=state,
            ended_at=now,
            next_at=None,
            claimed_by="",
            claimed_until=None,
            failure=HELD if state is DeliveryState.HELD else "",
        )
    )


@transaction.atomic
def put_off(row: Delivery, *, cause: str, now: datetime, is_final: bool = False) -> bool:
    """Put a failed row off, or give it up; return whether it was given up.

    Only this row is touched: the other recipients of the same message know nothing of it.
    """
    mine = Delivery.objects.select_for_update().filter(
        WAITING, pk=row.pk, claimed_by=row.claimed_by
    )
    found = mine.first()
    if found is None:
        return False
    wait = None if is_final else wait_after(found.attempts, seed=found.pk)
    found.failure = redacted(cause)[:300]
    found.claimed_by, found.claimed_until = "", None
    if wait is None:
        _give_up(found, now=now)
    else:
        found.next_at = now + wait
        found.save(update_fields=["failure", "claimed_by", "claimed_until", "next_at"])
    return wait is None


def _give_up(row: Delivery, *, now: datetime) -> None:
    row.state, row.ended_at, row.next_at = DeliveryState.GAVE_UP, now, None
    row.claimed_by, row.claimed_until = "", None
    row.save()
    event = DeliveryFailed(
        medium_label=MEDIUM_LABELS[row.medium],
        template_label=template_label(row.template),
        attempts=row.attempts,
        cause=row.failure,
    )
    audit.record(event, subject=row.ref, actor=SENDER, at=now)


@transaction.atomic
def bury(*, now: datetime) -> int:
    """Give up the rows whose last attempt ended with their sender; return how many."""
    died = Delivery.objects.filter(
        WAITING, attempts__gte=sending().most_attempts, claimed_until__lte=now
    )
    rows = list(died.select_for_update(skip_locked=True).order_by("pk")[:100])
    for row in rows:
        row.failure = WORKER_DIED
        _give_up(row, now=now)
    return len(rows)


@transaction.atomic
def give_back(row: Delivery, *, until: datetime) -> None:
    """Give back a row that was not tried: no time was left, or quiet hours have begun.

    The attempt does not count.
    """
    Delivery.objects.filter(WAITING, pk=row.pk, claimed_by=row.claimed_by).update(
        claimed_by="", claimed_until=None, next_at=until, attempts=F("attempts") - 1
    )


@transaction.atomic
def resend(delivery_id: int, *, actor: Actor, now: datetime) -> Delivery:
    """Send a message again that was given up, held or dismissed, with all its attempts before it.

    :raises NotResendable: it waits already, or was sent.
    """
    accounts.permit(actor, Permission.MANAGE_NOTICES)
    row = access_delivery(actor, delivery_id, lock=True)
    if row.state not in (DeliveryState.GAVE_UP, DeliveryState.HELD, DeliveryState.DISMISSED):
        raise NotResendable("这条通知已经发出或正在等待发送，无需重发。请刷新页面。")
    event = DeliveryResent(attempts=row.attempts)
    row.state, row.next_at, row.attempts = DeliveryState.WAITING, now, 0
    row.ended_at, row.failure = None, ""
    row.save()
    audit.record(event, subject=row.ref, actor=actor.ref, at=now)
    return row


@transaction.atomic
def dismiss(delivery_id: int, *, reason: str, actor: Actor, now: datetime) -> Delivery:
    """Decide that a message which was given up need not be sent; the digest is silent about it.

    :raises NotResendable: it was not given up.
    """
    accounts.permit(actor, Permission.MANAGE_NOTICES)
    if not reason.strip():
        raise InvalidInput("请写明为什么不再发送，例如“已电话告知”。", field="reason")
    row = access_delivery(actor, delivery_id, lock=True)
    if row.state != DeliveryState.GAVE_UP:
        raise NotResendable("只有发送失败的通知可以注明不再发送。请刷新页面。")
    row.state, row.ended_at = DeliveryState.DISMISSED, now
    row.save(update_fields=["state", "ended_at"])
    event = DeliveryDismissed(reason=reason.strip())
    audit.record(event, subject=row.ref, actor=actor.ref, at=now)
    return row


def late(now: datetime, *, by: timedelta) -> Q:
    """Return the condition that a row should have gone long ago."""
    return WAITING & Q(next_at__lte=now - by)
