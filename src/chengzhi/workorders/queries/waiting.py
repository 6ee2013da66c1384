"""Filed orders that wait for a dispatch, grouped by the unit that is suggested for them."""

from dataclasses import dataclass
from datetime import datetime

from chengzhi.accounts.types import Actor
from chengzhi.workorders.models import WorkOrder
from chengzhi.workorders.queries.access import visible_to
from chengzhi.workorders.queries.directory import directory
from chengzhi.workorders.queries.lists import as_row
from chengzhi.workorders.types import Row, State

MOST = 300


@dataclass(frozen=True, kw_only=True)
class Group:
    """Orders for which the same unit is suggested, those close to each other side by side."""

    unit: str
    unit_name: str
    rows: tuple[Row, ...]


def groups_to_dispatch(actor: Actor, *, now: datetime, most: int = MOST) -> tuple[Group, ...]:
    """Return what waits for a dispatch by suggested unit, neighbours together, largest first."""
    known = directory(actor.county, now=now)
    waiting = visible_to(actor).filter(state=State.FILED.value)
    found = waiting.order_by("stage_due_at", "pk")[:most]
    by_unit: dict[str, list[WorkOrder]] = {}
    for order in sorted(found, key=lambda order: (order.lattice, order.pk)):
        by_unit.setdefault(order.suggested_unit, []).append(order)
    groups = [
        Group(
            unit=unit,
            unit_name=known.unit_name(unit) if unit else "",
            rows=tuple(as_row(order, known) for order in orders),
        )
        for unit, orders in by_unit.items()
    ]
    return tuple(sorted(groups, key=lambda group: (-len(group.rows), group.unit)))
