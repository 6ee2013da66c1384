"""Requests to the clock as people read them: what waits for whom, what was granted."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Role
from chengzhi.kernel.errors import NotVisible
from chengzhi.kernel.procedure import refusals
from chengzhi.workorders.models import Adjustment
from chengzhi.workorders.procedure import ADJUSTMENT, adjusters
from chengzhi.workorders.procedure.adjustment import FIRST_LEVEL, SECOND_LEVEL
from chengzhi.workorders.queries.access import visible_to
from chengzhi.workorders.queries.directory import Directory, directory
from chengzhi.workorders.queries.paging import asked, newest
from chengzhi.workorders.rules.adjusting import cause_label, what_text
from chengzhi.workorders.rules.limits import civil_date
from chengzhi.workorders.types.adjustments import (
    ADJUSTMENT_LABELS,
    ADJUSTMENT_STATES,
    PENDING,
    AdjustmentFacts,
    AdjustmentFilters,
    AdjustmentPage,
    AdjustmentRow,
    AdjustmentState,
)

SIZE = 30
MISSING = "没有这件申请，或它不在您的查看范围内。请核对编号。"


def visible_adjustments(actor: Actor) -> QuerySet[Adjustment]:
    """Return the requests of the work orders that the actor may see."""
    return Adjustment.objects.filter(order__in=visible_to(actor).values("pk"))


def access_adjustment(actor: Actor, pk: int) -> Adjustment:
    """Return one request.

    :raises NotVisible: there is none of that number, or not for this person.
    """
    found = visible_adjustments(actor).filter(pk=pk).first()
    if found is None:
        raise NotVisible(MISSING)
    return found


def may_decide(actor: Actor) -> Q:
    """Return the requests that an actor's roles may approve or refuse now."""
    waits = Q(pk__in=())
    if not actor.roles.isdisjoint(FIRST_LEVEL):
        first = Q(state=AdjustmentState.ASKED) & ~Q(asked_by=actor.ref)
        own = Q() if Role.DISPATCHER in actor.roles else Q(unit=actor.unit)
        waits |= first & own
    if not actor.roles.isdisjoint(SECOND_LEVEL):
        second = Q(state=AdjustmentState.FIRST_APPROVED)
        waits |= second & ~Q(asked_by=actor.ref) & ~Q(first_by=actor.ref)
    return waits


def waiting_count(actor: Actor) -> int:
    """Return how many requests wait for a person."""
    return visible_adjustments(actor).filter(may_decide(actor)).count()


def adjustments(
    actor: Actor,
    filters: AdjustmentFilters,
    *,
    now: datetime,
    after: int = 0,
    size: int = SIZE,
) -> AdjustmentPage:
    """Return a page of requests, newest first."""
    rows = visible_adjustments(actor).filter(_kept(actor, filters, now=now))
    found, next_key = newest(rows.select_related("order"), after=after, size=size)
    shown = as_rows(actor, found, now=now)
    return AdjustmentPage(rows=shown, count=rows.count(), next_key=next_key)


def _kept(actor: Actor, filters: AdjustmentFilters, *, now: datetime) -> Q:
    keep = asked(filters, moment="asked_at", waiting=PENDING, now=now)
    if filters.kinds:
        keep &= Q(kind__in=filters.kinds)
    return keep & may_decide(actor) if filters.mine else keep


def adjustments_of(actor: Actor, order: int, *, now: datetime) -> tuple[AdjustmentRow, ...]:
    """Return the requests of one work order, newest first."""
    rows = visible_adjustments(actor).filter(order=order).select_related("order")
    return as_rows(actor, rows.order_by("-pk")[:20], now=now)


def as_rows(
    actor: Actor, rows: Iterable[Adjustment], *, now: datetime
) -> tuple[AdjustmentRow, ...]:
    """Return requests as lists show them, with what the reader may do."""
    found = list(rows)
    refs = {ref for row in found for ref in (row.asked_by, row.first_by, row.decided_by)}
    names = accounts.names_of(refs - {""})
    known = directory(actor.county, now=now)
    return tuple(_row(actor, row, names, known, now=now) for row in found)


def _row(
    actor: Actor, row: Adjustment, names: dict[str, str], known: Directory, *, now: datetime
) -> AdjustmentRow:
    order = row.order
    return AdjustmentRow(
        id=row.pk,
        order=order.pk,
        order_code=order.code,
        matter_name=order.matter_name,
        address=order.address,
        town_name=known.towns.get(order.town, ""),
        kind=row.kind,
        kind_label=ADJUSTMENT_LABELS[row.kind],
        state=row.state,
        state_label=ADJUSTMENT_STATES[row.state],
        what=what_text(row.kind, row.amount, row.amount_unit, row.until),
        cause=cause_label(row.kind, row.cause),
        reason=row.reason,
        unit=row.unit,
        unit_name=known.unit_name(row.unit),
        asked_by_name=names.get(row.asked_by, ""),
        asked_at=row.asked_at,
        first_name=names.get(row.first_by, ""),
        first_at=row.first_at,
        decided_name=names.get(row.decided_by, ""),
        decided_at=row.decided_at,
        decided_note=row.decided_note,
        warn_at=row.warn_at if row.state in PENDING else None,
        due_at=row.due_at if row.state in PENDING else None,
        until=row.until,
        actions=_actions(actor, row, now=now),
    )


def _actions(actor: Actor, row: Adjustment, *, now: datetime) -> tuple[str, ...]:
    facts = AdjustmentFacts(
        kind=row.kind,
        asked_by=row.asked_by,
        asked_unit=row.unit,
        first_by=row.first_by,
        actor=actor.ref,
        actor_unit=actor.unit,
        by_centre=Role.DISPATCHER in actor.roles,
        reason="…",
        until=row.until,
        today=civil_date(now),
        granted_count=row.order.extension_count,
    )
    return tuple(
        step.name
        for step in ADJUSTMENT.steps_from(row.state)
        if not actor.roles.isdisjoint(adjusters(step)) and not refusals(step, facts)
    )
