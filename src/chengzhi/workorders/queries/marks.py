"""Who put a star on a work order or watches it."""

from collections.abc import Iterable

from chengzhi.accounts.types import Actor
from chengzhi.audit.interface import Statement
from chengzhi.workorders.models import OrderMark
from chengzhi.workorders.types import Mark


def marks_of(actor: Actor, pk: int) -> frozenset[str]:
    """Return what the actor put on a work order."""
    rows = OrderMark.objects.filter(order=pk, person=actor.ref)
    return frozenset(rows.values_list("kind", flat=True))


def starred_among(actor: Actor, keys: Iterable[int]) -> frozenset[int]:
    """Return which of these work orders bear the actor's star."""
    return frozenset(_STARRED.rows(actor.ref, *keys))


_STARRED: Statement[int] = Statement(
    lambda person, *keys: OrderMark.objects.filter(
        person=person, kind=Mark.STAR, order__pk__in=keys
    ).values_list("order", flat=True)
)


def watchers_of(subject: str) -> frozenset[str]:
    """Return who wants to be told of changes of a subject ("workorder:12"), as references.

    Whether they may still see it is asked anew when the message is made.
    """
    kind, _, number = subject.partition(":")
    if kind != "workorder" or not number.isdecimal():
        return frozenset()
    rows = OrderMark.objects.filter(order=int(number), kind=Mark.WATCH)
    return frozenset(rows.values_list("person", flat=True))
