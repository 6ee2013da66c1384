"""One work order with all that helps to decide on it, by one reading of its row."""

from datetime import datetime

from chengzhi.accounts.types import Actor
from chengzhi.workorders.queries.access import access_work_order
from chengzhi.workorders.queries.decision import Decision, decision_of
from chengzhi.workorders.queries.record import record_of
from chengzhi.workorders.types import Record


def whole(actor: Actor, pk: int, *, now: datetime) -> tuple[Record, Decision]:
    """Return what the page of an order shows, and what helps to decide.

    :raises NotVisible: there is none of that number, or not for this person.
    """
    order = access_work_order(actor, pk)
    return record_of(order, actor, now=now), decision_of(order, actor, now=now)
