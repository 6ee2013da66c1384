"""The log as people read it: one subject's history, and the list with its filters."""

import json
from collections.abc import Collection, Iterable
from datetime import datetime
from operator import attrgetter
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext

from chengzhi.audit.models import Event
from chengzhi.audit.queries.names import names_of, refs_named
from chengzhi.audit.queries.statements import Statement
from chengzhi.audit.queries.verify import COLUMNS, first_break
from chengzhi.audit.rules import require_reader
from chengzhi.audit.types import Entry, Filters, Page, Reader
from chengzhi.kernel.events import REGISTRY


def history(subject: str) -> list[Entry]:
    """Return everything that happened to a subject, oldest first.

    The caller has already decided that the reader may see the subject.
    """
    return _entries(_CHAIN.rows(subject))


def proven_history(subject: str) -> tuple[list[Entry], bool]:
    """Return the history of a subject, and whether its chain of hashes holds, by one reading."""
    rows = _CHAIN.rows(subject)
    return _entries(rows), first_break(map(_LINK, rows), len(rows)) is None


_CHAIN: Statement[Event] = Statement(
    lambda subject: Event.objects.filter(subject=subject).order_by("seq", "pk")
)
_LINK = attrgetter(*COLUMNS)


def last_seq(subject: str) -> int:
    """Return how many events a subject has had: its version, as HTTP's ETag tells it."""
    rows = Event.objects.filter(subject=subject).order_by("-seq").values_list("seq", flat=True)
    return rows.first() or 0


def named(
    names: Collection[str],
    *,
    subjects: Collection[str] | None = None,
    since: datetime,
    until: datetime,
    start: int = 0,
    limit: int = 1000,
) -> list[Entry]:
    """Return the events of these names in a stretch of time, oldest first.

    The caller has already decided that the reader may see the subjects.
    """
    rows = Event.objects.filter(name__in=names, happened_at__gte=since, happened_at__lte=until)
    if subjects is not None:
        rows = rows.filter(subject__in=subjects)
    return _entries(rows.order_by("happened_at", "pk")[start : start + limit])


def entries(
    actor: Reader, filters: Filters, *, county: str, before: int | None = None, limit: int = 50
) -> Page:
    """Return one page of the whole log, newest first, for an administrator or auditor.

    :raises AuditForbidden: the actor is neither.
    :raises NotVisible: the actor belongs to another county.
    """
    require_reader(actor, county=county)
    rows = _filtered(filters)
    page = list(_before(rows, before).order_by("-pk")[: limit + 1])
    return Page(
        entries=tuple(_entries(page[:limit])),
        count=rows.count(),
        next_key=page[limit - 1].pk if len(page) > limit else None,
    )


def event_names() -> list[tuple[str, str]]:
    """Return every registered event's name and label, for the filter."""
    return sorted((name, known.label) for name, known in REGISTRY.items())


def _filtered(filters: Filters) -> QuerySet[Event]:
    wanted = {
        "subject": filters.subject,
        "actor__in": refs_named(filters.actor) if filters.actor else None,
        "name": filters.name,
        "happened_at__gte": filters.since,
        "happened_at__lt": filters.until,
    }
    return Event.objects.filter(
        **{field: value for field, value in wanted.items() if value not in (None, "")}
    )


def _before(rows: QuerySet[Event], key: int | None) -> QuerySet[Event]:
    return rows if key is None else rows.filter(pk__lt=key)


def _entries(rows: Iterable[Event]) -> list[Entry]:
    rows = list(rows)
    names = names_of(row.actor for row in rows)
    return [_entry(row, names[row.actor]) for row in rows]


def _entry(row: Event, actor_name: str) -> Entry:
    data: dict[str, Any] = json.loads(row.data)
    known = REGISTRY.get(row.name)
    return Entry(
        id=row.pk,
        name=row.name,
        label=known.label if known else row.name,
        sentence=known.sentence(data, translate=gettext) if known else row.data,
        subject=row.subject,
        seq=row.seq,
        actor=row.actor,
        actor_name=actor_name,
        happened_at=row.happened_at,
        data=data,
        algorithm=row.algorithm,
        previous=row.previous,
        hash=row.hash,
    )
