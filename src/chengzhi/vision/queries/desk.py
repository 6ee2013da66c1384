"""The review desk: what waits, what is shown, what came before."""

from dataclasses import replace
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from chengzhi.accounts.types import Actor
from chengzhi.vision.models import Finding
from chengzhi.vision.queries.access import access_finding, visible_to
from chengzhi.vision.queries.accuracy import accuracy, oldest_wait
from chengzhi.vision.queries.cameras import last_30_days
from chengzhi.vision.queries.findings import as_detail, as_rows, evidence_of, midnight
from chengzhi.vision.rules.space import box_around, metres_between
from chengzhi.vision.types import (
    REVIEWED_STATES,
    Desk,
    EvidenceView,
    FindingDetail,
    FindingRow,
    FindingState,
    Strip,
)

NEAR_M = 30.0
HISTORY = timedelta(days=30)
HISTORY_ROWS = 8


def queue(actor: Actor, *, now: datetime) -> QuerySet[Finding]:
    """Return what may be decided now: urgent kinds first, then in order of arrival."""
    rows = visible_to(actor).filter(state=FindingState.PENDING, reviewable_at__lte=now)
    return rows.order_by("-priority", "received_at", "pk")


def desk(
    actor: Actor,
    *,
    now: datetime,
    finding: int | None = None,
    then: int | None = None,
    after: int | None = None,
) -> Desk:
    """Return the desk at a finding; or at `then` if it still waits; or behind `after`."""
    keys = list(queue(actor, now=now).values_list("pk", flat=True))
    shown = finding if finding is not None else then if then in keys else _following(keys, after)
    if shown is None:
        return Desk(
            strip=_strip(actor, None, len(keys), now=now),
            finding=None,
            position=0,
            history=[],
            next_id=None,
            preload=[],
            previous=last_decided(actor, now=now),
        )
    row = access_finding(actor, shown)
    next_id = _following(keys, shown) if len(keys) > 1 else None
    return Desk(
        strip=_strip(actor, row, len(keys), now=now),
        finding=as_detail(row, now=now),
        position=keys.index(shown) + 1 if shown in keys else 0,
        history=history_of(actor, row),
        next_id=next_id if next_id != shown else None,
        preload=_preload(next_id),
        previous=last_decided(actor, now=now),
    )


def _following(keys: list[int], after: int | None) -> int | None:
    """The one behind `after`; at the end of the queue it begins again."""
    if not keys:
        return None
    if after not in keys:
        return keys[0]
    return keys[(keys.index(after) + 1) % len(keys)]


def _preload(finding: int | None) -> list[EvidenceView]:
    return (
        []
        if finding is None
        else [f for f in evidence_of(finding) if f.has_arrived and (f.is_still or f.is_clip)]
    )


def _strip(actor: Actor, row: Finding | None, pending: int, *, now: datetime) -> Strip:
    today = midnight(timezone.localdate(now))
    counts = (
        visible_to(actor)
        .filter(decided_at__gte=today, decided_at__lte=now)
        .aggregate(**{state: Count("pk", filter=Q(state=state)) for state in REVIEWED_STATES})
    )
    window = last_30_days(now)
    here = replace(window, camera=row.camera.code, kind=row.kind) if row else None
    return Strip(
        pending=pending,
        oldest_wait_s=oldest_wait(actor, now=now),
        confirmed_today=counts[FindingState.CONFIRMED],
        rejected_today=counts[FindingState.REJECTED],
        merged_today=counts[FindingState.MERGED],
        overall=accuracy(actor, window),
        here=accuracy(actor, here) if here else None,
    )


def history_of(actor: Actor, finding: Finding) -> list[FindingRow]:
    """Return what was found of this kind within 30 m in the 30 days before, newest first."""
    west, south, east, north = box_around(finding.lon, finding.lat, metres=NEAR_M)
    rows = visible_to(actor).filter(
        kind=finding.kind,
        lon__range=(west, east),
        lat__range=(south, north),
        received_at__gte=finding.received_at - HISTORY,
        received_at__lte=finding.received_at,
    )
    newest = rows.exclude(pk=finding.pk).select_related("camera").order_by("-received_at", "-pk")
    return as_rows(
        [row for row in newest[: HISTORY_ROWS * 4] if _is_near(row, finding)][:HISTORY_ROWS]
    )


def _is_near(row: Finding, other: Finding) -> bool:
    return metres_between(row.lon, row.lat, other.lon, other.lat) <= NEAR_M


def last_decided(actor: Actor, *, now: datetime) -> FindingRow | None:
    """Return the actor's own latest decision that may still be taken back."""
    rows = visible_to(actor).filter(decided_by=actor.ref, decided_at__lte=now)
    last = rows.select_related("camera").order_by("-decided_at", "-pk").first()
    if last is None:
        return None
    shown: FindingDetail = as_detail(last, now=now)
    return shown.row if shown.can_reopen else None


def waiting(actor: Actor, *, now: datetime) -> tuple[int, bool]:
    """Return how many findings wait, and whether one has waited for more than half an hour."""
    wait = oldest_wait(actor, now=now)
    return queue(actor, now=now).count(), bool(wait and wait > LONG_WAIT_S)


#: Review within ten minutes in duty hours (domain.md 4.56); three times that is late.
LONG_WAIT_S = 30 * 60
