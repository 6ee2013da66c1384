"""What waits for a collector in the street: problems to verify and repairs to check."""

from datetime import datetime

from django.db.models import Q

from chengzhi.accounts.types import Actor
from chengzhi.kernel.privacy import redacted
from chengzhi.workorders.models import WorkOrder
from chengzhi.workorders.queries.access import visible_to
from chengzhi.workorders.queries.directory import directory
from chengzhi.workorders.types import FieldTask, State

MOST = 100
KINDS = {State.TO_VERIFY: ("verify", "核实"), State.TO_CHECK: ("check", "核查")}


def my_tasks(actor: Actor, *, now: datetime, most: int = MOST) -> tuple[FieldTask, ...]:
    """Return the actor's own verifications and checks, the one that ends first on top."""
    mine = Q(state=State.TO_VERIFY.value, verifier=actor.ref)
    mine |= Q(state=State.TO_CHECK.value, checker=actor.ref)
    rows = visible_to(actor).filter(mine).order_by("stage_due_at", "pk")[:most]
    towns = directory(actor.county, now=now).towns if actor.county else {}
    return tuple(_task(row, towns.get(row.town, "")) for row in rows)


def _task(order: WorkOrder, town_name: str) -> FieldTask:
    kind, label = KINDS[State(order.state)]
    is_check = order.state == State.TO_CHECK
    return FieldTask(
        id=order.pk,
        code=order.code,
        kind=kind,
        kind_label=label,
        matter_name=order.matter_name,
        address=order.address,
        town_name=town_name,
        look_for=order.closing_condition if is_check else redacted(order.description),
        lon=order.lon,
        lat=order.lat,
        due_at=order.stage_due_at,
        warn_at=order.stage_warn_at,
    )
