"""挂账台账: what stands and why, by the day on which it must be looked at again."""

from dataclasses import dataclass
from datetime import date, datetime

from chengzhi.accounts.types import Actor
from chengzhi.workorders.models import Adjustment
from chengzhi.workorders.queries import lists
from chengzhi.workorders.rules.adjusting import cause_label
from chengzhi.workorders.types import Filters, Row, State
from chengzhi.workorders.types.adjustments import (
    ADJUSTMENT_LABELS,
    AdjustmentKind,
    AdjustmentState,
)

SUSPENDING = (AdjustmentKind.DEFERRAL, AdjustmentKind.SHELVING)


@dataclass(frozen=True, kw_only=True)
class LedgerLine:
    """One order that stands: by what, until when, for which cause."""

    row: Row
    kind: str
    kind_label: str
    cause: str
    reason: str
    unit_name: str
    granted_at: datetime | None
    until: date | None


@dataclass(frozen=True, kw_only=True)
class LedgerPage:
    """One page of what stands, and the cursors of its neighbours."""

    lines: tuple[LedgerLine, ...]
    count: int | None
    after: str
    before: str


def ledger(
    actor: Actor,
    filters: Filters,
    *,
    now: datetime,
    after: str = "",
    before: str = "",
    size: int = 30,
) -> LedgerPage:
    """Return a page of what stands, the next day of review first."""
    found = lists.page(actor, filters, now=now, order="due", after=after, before=before, size=size)
    granted = _granted([row.id for row in found.rows])
    return LedgerPage(
        lines=tuple(_line(row, granted.get(row.id)) for row in found.rows),
        count=found.count,
        after=found.after,
        before=found.before,
    )


def standing(
    kinds: tuple[str, ...] = (), handler: str = "", towns: tuple[str, ...] = ()
) -> Filters:
    """Return the filters of the ledger."""
    return Filters(states=(State.SUSPENDED,), standing=kinds, handler=handler, towns=towns)


def _granted(orders: list[int]) -> dict[int, Adjustment]:
    rows = Adjustment.objects.filter(
        order__in=orders, kind__in=SUSPENDING, state=AdjustmentState.GRANTED
    )
    return {row.order_id: row for row in rows.order_by("pk")}  # the last one holds


def _line(row: Row, by: Adjustment | None) -> LedgerLine:
    kind = by.kind if by else AdjustmentKind.DEFERRAL
    return LedgerLine(
        row=row,
        kind=kind,
        kind_label=ADJUSTMENT_LABELS[kind],
        cause=cause_label(kind, by.cause) if by else "",
        reason=by.reason if by else "",
        unit_name=row.handler_name,
        granted_at=by.decided_at if by else None,
        until=by.until if by else None,
    )
