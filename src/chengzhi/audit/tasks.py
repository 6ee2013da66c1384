"""The worker's side of the outbox: run what answers an event, at least once, in order."""

import json
import logging
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice
from uuid import uuid4

from django.db import transaction

from chengzhi.audit import commands
from chengzhi.audit.models import Event
from chengzhi.audit.queries import next_waiting
from chengzhi.audit.types import Delivered, Drained, Reactions
from chengzhi.kernel.events import from_data

log = logging.getLogger(__name__)
FAILURE_LENGTH = 4000
BATCH = 50


def never() -> bool:
    """Never stop early."""
    return False


def drain(
    reactions: Reactions,
    *,
    now: datetime,
    limit: int = 200,
    should_stop: Callable[[], bool] = never,
) -> Drained:
    """Run the reactions of up to `limit` waiting events and return what came of them.

    Rows are taken in order of id, one at a time, each by one worker only; a later event of a
    subject waits for the earlier ones. Events that nobody answers are settled in bulk.
    `should_stop` is asked between two events.
    """
    worker = uuid4().hex
    outcome = Counter(
        silent=commands.settle_silent(list(reactions), now=now), given_up=commands.bury(now=now)
    )
    for row in islice(_waiting(reactions, now), limit):
        if should_stop():
            break
        outcome[_attempt(row, reactions, worker=worker, now=now)] += 1
    outcome.pop("taken", None)
    return Drained(**outcome)


def _waiting(reactions: Reactions, now: datetime) -> Iterator[Event]:
    """Yield waiting rows until none is left; handling one may free the next of its subject."""
    while rows := next_waiting(list(reactions), now=now, limit=BATCH):
        yield from rows


def _attempt(row: Event, reactions: Reactions, *, worker: str, now: datetime) -> str:
    if not commands.claim(row.pk, worker=worker, now=now):
        return "taken"
    try:
        _deliver(row, reactions, worker=worker, now=now)
    except commands.ClaimLost:
        log.warning("event %s: the lease ran out, another worker has it", row.pk)
        return "taken"
    except Exception:  # a reaction may raise anything; it ends in a row that people see
        return _put_off(row, worker=worker, now=now)
    return "handled"


def _deliver(row: Event, reactions: Reactions, *, worker: str, now: datetime) -> None:
    delivered = Delivered(
        id=row.pk,
        subject=row.subject,
        actor=row.actor,
        happened_at=row.happened_at,
        event=from_data(row.name, json.loads(row.data)),
        now=now,
    )
    with transaction.atomic():
        for reaction in reactions[row.name]:
            reaction(delivered)
        commands.settle(row.pk, worker=worker, now=now)


def _put_off(row: Event, *, worker: str, now: datetime) -> str:
    failure = traceback.format_exc()[-FAILURE_LENGTH:]
    if commands.postpone(row.pk, worker=worker, now=now, failure=failure):
        log.error("event %s (%s on %s) is given up: %s", row.pk, row.name, row.subject, failure)
        return "given_up"
    log.warning("event %s (%s on %s) will be tried again", row.pk, row.name, row.subject)
    return "postponed"
