"""The one write that adds to the event log."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from chengzhi.audit.commands.insert import insert
from chengzhi.audit.models import Event
from chengzhi.audit.queries.statements import Statement
from chengzhi.audit.rules import canonical, chained
from chengzhi.kernel.events import as_data, name_of
from chengzhi.kernel.privacy import impersonal


class NotInTransaction(RuntimeError):
    """An event was recorded outside the transaction that makes its change."""


def record(happened: Any, *, subject: str, actor: str, at: datetime, first: bool = False) -> int:
    """Add one event and return its id. Call it inside the transaction that makes the change.

    The caller holds the lock on the subject's row, so that `seq` cannot race; if two writers
    meet all the same, the unique constraint lets only one commit (`IntegrityError`), and the
    caller decides whether its whole transaction is tried again. `first` spares the look-up
    for a subject that this transaction has just created. Telephone and identity numbers in what
    people wrote are covered here: the log is never edited, so they must not enter it.

    :raises KeyError: the event's name is not registered.
    :raises NotInTransaction: no transaction is open.
    :raises ValueError: `at` has no time zone.
    """
    name = name_of(type(happened))
    if not transaction.get_connection().in_atomic_block:
        raise NotInTransaction(f"{name} on {subject}")
    if at.tzinfo is None:
        raise ValueError(f"{name} on {subject}: {at} has no time zone")
    seq, previous = (1, "") if first else _tail(subject)
    data = canonical(impersonal(as_data(happened)))
    return _append(name, subject, seq, actor, data, at, previous).pk


def _tail(subject: str) -> tuple[int, str]:
    last = _LAST.row(subject)
    return (last[0] + 1, last[1]) if last else (1, "")


_LAST: Statement[tuple[int, str]] = Statement(
    lambda subject: (
        Event.objects.filter(subject=subject).order_by("-seq").values_list("seq", "hash")[:1]
    )
)


def _append(
    name: str, subject: str, seq: int, actor: str, data: str, at: datetime, previous: str
) -> Event:
    fields: dict[str, Any] = {
        "name": name,
        "subject": subject,
        "seq": seq,
        "actor": actor,
        "data": data,
        "happened_at": at,
        "previous": previous,
        "algorithm": settings.CHENGZHI_HASH,
    }
    row = Event(**fields, hash=chained(**fields))
    insert(row)
    return row
