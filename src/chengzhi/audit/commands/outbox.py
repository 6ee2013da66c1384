"""The writes of the outbox: claim a row, settle it, put it off, give it up, try it again."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q

from chengzhi.audit.commands.record import record
from chengzhi.audit.events import DeadLetterRetried
from chengzhi.audit.models import Event
from chengzhi.audit.queries.outbox import PENDING, free
from chengzhi.audit.rules import LEASE, MOST_ATTEMPTS, wait_after
from chengzhi.kernel.errors import DomainError

WORKER_DIED = "工作进程在处理途中退出，已达到最多尝试次数。"


class ClaimLost(Exception):
    """The lease ran out and another worker took the row; this worker's work is rolled back."""


class NotGivenUp(DomainError):
    """Only an event that was given up can be tried again."""

    code = "not-given-up"
    status = 409


def settle_silent(names: Collection[str], *, now: datetime) -> int:
    """Mark every waiting event that nobody answers as handled; return how many."""
    waiting = Event.objects.filter(PENDING).exclude(name__in=names)
    return waiting.update(handled_at=now) if waiting.exists() else 0


def bury(*, now: datetime) -> int:
    """Give up the events whose last attempt ended with their worker; return how many."""
    died = Event.objects.filter(PENDING, claimed_until__lte=now, attempts__gte=MOST_ATTEMPTS)
    return died.update(given_up_at=now, failure=WORKER_DIED) if died.exists() else 0


def claim(event_id: int, *, worker: str, now: datetime) -> bool:
    """Take a row for one worker until the lease ends; false if another worker was faster.

    The attempt is counted here, so that `bury` finds an event which kills its worker each time.
    """
    row = Event.objects.filter(PENDING, free(now), pk=event_id)
    claimed = row.update(claimed_by=worker, claimed_until=now + LEASE, attempts=F("attempts") + 1)
    return claimed == 1


def settle(event_id: int, *, worker: str, now: datetime) -> None:
    """Mark a claimed row as handled, in the transaction of its reactions.

    :raises ClaimLost: the lease ran out and the row is another worker's.
    """
    mine = Event.objects.filter(PENDING, pk=event_id, claimed_by=worker)
    if not mine.update(handled_at=now, claimed_by="", claimed_until=None, retry_at=None):
        raise ClaimLost(f"event {event_id}")


def postpone(event_id: int, *, worker: str, now: datetime, failure: str) -> bool:
    """Put a failed row off, or give it up after the last attempt; return whether given up."""
    mine = Event.objects.filter(PENDING, pk=event_id, claimed_by=worker)
    attempts = mine.values_list("attempts", flat=True).first() or 0
    wait = wait_after(max(attempts, 1))
    mine.update(
        failure=failure,
        claimed_by="",
        claimed_until=None,
        retry_at=None if wait is None else now + wait,
        given_up_at=now if wait is None else None,
    )
    return wait is None


@transaction.atomic
def retry(event_id: int, *, actor: str, now: datetime) -> None:
    """Send a dead letter to its reactions again, with all its attempts before it.

    :raises NotGivenUp: the event waits already, was handled, or does not exist.
    """
    row = Event.objects.select_for_update().filter(Q(given_up_at__isnull=False), pk=event_id)
    letter = row.first()
    if letter is None:
        raise NotGivenUp(f"第 {event_id} 号事件不在失败清单中，无需重新处理。请刷新页面。")
    retried = DeadLetterRetried(event_id=event_id, attempts=letter.attempts)
    Event.objects.filter(pk=event_id).update(
        given_up_at=None, attempts=0, failure="", retry_at=None, claimed_by="", claimed_until=None
    )
    record(retried, subject=f"event:{event_id}", actor=actor, at=now)
