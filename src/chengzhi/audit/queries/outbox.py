"""What waits in the outbox, and what was given up."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Exists, Min, OuterRef, Q

from chengzhi.audit.models import Event
from chengzhi.audit.types import DeadLetter, Outbox
from chengzhi.kernel.events import REGISTRY

PENDING = Q(handled_at__isnull=True, given_up_at__isnull=True)


def free(now: datetime) -> Q:
    """Return the condition that nobody holds the row: no claim, or one whose lease ended."""
    return Q(claimed_until__isnull=True) | Q(claimed_until__lte=now)


def next_waiting(names: Collection[str], *, now: datetime, limit: int) -> list[Event]:
    """Return rows that may run now, oldest first: of each subject only its first waiting one.

    Naming the oldest pending row keeps SQLite on the partial index: without it, the order by
    key reads the whole table.
    """
    oldest = Event.objects.filter(PENDING).aggregate(pk=Min("pk"))["pk"]
    if oldest is None:
        return []
    due = Q(retry_at__isnull=True) | Q(retry_at__lte=now)
    earlier = Event.objects.filter(
        PENDING, name__in=names, subject=OuterRef("subject"), seq__lt=OuterRef("seq")
    )
    rows = Event.objects.filter(PENDING, due, free(now), name__in=names, pk__gte=oldest)
    return list(rows.exclude(Exists(earlier)).order_by("pk")[:limit])


def dead_letters(*, limit: int = 200) -> list[DeadLetter]:
    """Return what was given up, the latest first."""
    rows = Event.objects.filter(given_up_at__isnull=False).order_by("-given_up_at", "-pk")
    return [_dead_letter(row) for row in rows[:limit]]


def outbox(now: datetime) -> Outbox:
    """Return how many events wait for their reactions, and how old the oldest is."""
    waiting = Event.objects.filter(PENDING)
    oldest = waiting.aggregate(at=Min("happened_at"))["at"]
    return Outbox(
        waiting=waiting.count(), oldest_s=(now - oldest).total_seconds() if oldest else 0.0
    )


def dead_letter_count() -> int:
    """Return how many events were given up."""
    return Event.objects.filter(given_up_at__isnull=False).count()


def _dead_letter(row: Event) -> DeadLetter:
    assert row.given_up_at, "only a given-up event is a dead letter"
    known = REGISTRY.get(row.name)
    return DeadLetter(
        id=row.pk,
        name=row.name,
        label=known.label if known else row.name,
        subject=row.subject,
        happened_at=row.happened_at,
        attempts=row.attempts,
        given_up_at=row.given_up_at,
        failure=row.failure,
    )
