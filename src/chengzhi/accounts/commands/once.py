"""A call with an Idempotency-Key happens once: its deed and its answer are one transaction."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from chengzhi.accounts.models import AnsweredCall
from chengzhi.accounts.types import Answer, Call
from chengzhi.kernel.errors import DomainError

KEPT = timedelta(hours=24)


class KeyTaken(DomainError):
    """The key came with another request before."""

    code = "idempotency-key-taken"
    status = 409


def answer_once(call: Call, work: Callable[[], Answer], *, now: datetime) -> Answer:
    """Do the work and keep its answer, or give the answer that was kept.

    Two senders of one key meet at the unique constraint: the second waits until the first is
    done and is given its answer. A refusal changes nothing and is not kept, so that the same
    key may be sent again when the cause is gone.

    :raises KeyTaken: the key was used for another request within the day.
    """
    return _kept(call, now) or _answer(call, work, now)


def _answer(call: Call, work: Callable[[], Answer], now: datetime) -> Answer:
    try:
        return _worked(call, work, now)
    except IntegrityError:
        before = _kept(call, now)
        if before is None:
            raise
        return before


@transaction.atomic
def _worked(call: Call, work: Callable[[], Answer], now: datetime) -> Answer:
    row = AnsweredCall.objects.create(
        holder=call.holder, key=call.key, request_hash=call.request_hash, called_at=now
    )
    answer = work()
    if answer.status >= 400:
        transaction.set_rollback(True)
        return answer
    row.status, row.media_type, row.body = answer.status, answer.media_type, answer.body
    row.save(update_fields=["status", "media_type", "body"])
    return answer


def _kept(call: Call, now: datetime) -> Answer | None:
    row = AnsweredCall.objects.filter(holder=call.holder, key=call.key).first()
    if row is None:
        return None
    if row.called_at <= now - KEPT:
        row.delete()
        return None
    if row.request_hash != call.request_hash:
        raise KeyTaken(
            "这个 Idempotency-Key 已用于另一个请求。同一请求重发须内容不变，新的请求请换一个键。",
            field="Idempotency-Key",
        )
    return Answer(status=row.status, media_type=row.media_type, body=row.body, is_replay=True)


def forget_calls(*, now: datetime) -> int:
    """Delete the answers that are older than a day and return how many they were."""
    deleted, _ = AnsweredCall.objects.filter(called_at__lte=now - KEPT).delete()
    return deleted
