"""The sender: takes due rows, sends each outside any transaction, and writes what came of it."""

import time
from collections.abc import Callable, Mapping
from datetime import datetime

from chengzhi.notifications.commands import outbox
from chengzhi.notifications.commands.webhooks import secret_of
from chengzhi.notifications.models import Delivery, Subscription
from chengzhi.notifications.queries.recipients import address_of, allowed_at
from chengzhi.notifications.rules.templates import sending
from chengzhi.notifications.tasks.adapters import Adapter, Undeliverable
from chengzhi.notifications.types import DeliveryState, Medium, Outgoing

NOWHERE = "没有可用的地址：未登记、已停用，或不愿被联系"
NO_WAY = "本站没有接入这种方式"


def send_due(
    adapters: Mapping[str, Adapter] | None,
    *,
    now: datetime,
    stopwatch: Callable[[], float] = time.monotonic,
) -> int:
    """Send what is due and return how many rows were dealt with; None holds everything.

    A slow machine takes at most the budget of one round: what was not tried is given back. One
    that fails is not called again in the round.
    """
    outbox.bury(now=now)
    ends = stopwatch() + sending().tick_budget_s
    broken: set[str] = set()
    count = 0
    while stopwatch() < ends and (rows := outbox.claim_due(now=now, most=sending().batch)):
        for row in rows:
            if stopwatch() >= ends:
                outbox.give_back(row, until=row.next_at or now)
                continue
            _deal_with(row, adapters, now=now, broken=broken)
            count += 1
    return count


def _deal_with(
    row: Delivery, adapters: Mapping[str, Adapter] | None, *, now: datetime, broken: set[str]
) -> None:
    if adapters is None:
        outbox.settle(row, state=DeliveryState.HELD, now=now)
        return
    if (later := allowed_at(row, now=now)) > now:
        outbox.give_back(row, until=later)
        return
    if row.recipient in broken:
        outbox.give_back(row, until=now + sending().first_wait)
        return
    if not _try(row, adapters, now=now) and row.medium == Medium.WEBHOOK:
        broken.add(row.recipient)


def _try(row: Delivery, adapters: Mapping[str, Adapter], *, now: datetime) -> bool:
    adapter, address = adapters.get(row.medium), address_of(row)
    if adapter is None or not address:
        outbox.put_off(row, cause=NOWHERE if adapter else NO_WAY, now=now, is_final=True)
        return False
    try:
        adapter.send(_outgoing(row, address))
    except Undeliverable as refused:
        outbox.put_off(row, cause=str(refused), now=now, is_final=True)
        return False
    except Exception as failed:  # an adapter may raise anything; the row says what it was
        outbox.put_off(row, cause=f"{type(failed).__name__}: {failed}", now=now)
        return False
    outbox.settle(row, state=DeliveryState.SENT, now=now)
    return True


def _outgoing(row: Delivery, address: str) -> Outgoing:
    secret = ""
    if row.medium == Medium.WEBHOOK:
        secret = secret_of(Subscription.objects.get(pk=row.recipient[8:]))
    return Outgoing(
        id=row.pk,
        medium=row.medium,
        address=address,
        title=row.title,
        text=row.text,
        event=row.template if secret else "",
        secret=secret,
    )
