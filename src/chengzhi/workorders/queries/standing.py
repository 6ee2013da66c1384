"""What presses or holds one work order, and what may be asked for it now."""

from datetime import date, datetime

from chengzhi.accounts.types import Actor
from chengzhi.kernel.clock import Unit
from chengzhi.workorders.models import WorkOrder
from chengzhi.workorders.procedure import CENTRE
from chengzhi.workorders.rules.adjusting import adjustment_rules, refusals_to_ask
from chengzhi.workorders.rules.noticing import level_label
from chengzhi.workorders.types import Standing
from chengzhi.workorders.types.adjustments import (
    ADJUSTMENT_LABELS,
    AdjustmentFacts,
    AdjustmentKind,
)

ASKING = {
    "ask_extension": AdjustmentKind.EXTENSION,
    "ask_suspension": AdjustmentKind.SHELVING,
}


def standing_of(order: WorkOrder, *, now: datetime) -> Standing:
    """Return what presses or holds an order."""
    kind = AdjustmentKind.SHELVING if order.is_shelved else AdjustmentKind.DEFERRAL
    return Standing(
        suspension=ADJUSTMENT_LABELS[kind] if order.suspended_from else "",
        suspended_until=order.suspended_until,
        supervision=level_label(order.supervision) if order.supervision else "",
        is_closing_confirmed=bool(order.closing_confirmed_by),
        urging_count=order.urging_count,
        extension_count=order.extension_count,
        has_pending_request=order.has_pending_request,
        is_badly_late=order.badly_late_at is not None and now >= order.badly_late_at,
        is_exempted=order.is_exempted,
        most_extension=order.limit_amount * adjustment_rules().most_percent // 100,
        extension_unit=Unit(order.limit_unit).label if order.limit_unit else "",
    )


def may_ask_now(order: WorkOrder, actor: Actor, capability: str, *, now: datetime) -> bool:
    """Return whether a request or a confirmation has a place on this record, by this person."""
    if capability == "confirm_closing":
        return bool(order.supervision) and not order.closing_confirmed_by
    if capability not in ASKING:
        return True
    return not refusals_to_ask(_promising(order, actor, ASKING[capability], now=now))


def _promising(
    order: WorkOrder, actor: Actor, kind: AdjustmentKind, *, now: datetime
) -> AdjustmentFacts:
    """Return the facts as if the request brought all it should, so that only the record refuses."""
    return AdjustmentFacts(
        kind=kind,
        state=order.state,
        handler=order.handler,
        actor=actor.ref,
        actor_unit=actor.unit,
        by_centre=not actor.roles.isdisjoint(CENTRE),
        reason="…",
        amount=1,
        limit_amount=max(order.limit_amount, 1),
        until=date(2000, 1, 2),
        today=date(2000, 1, 1),
        granted_count=order.extension_count,
        is_pending=order.has_pending_request,
        is_overdue=order.handling_due_at is not None and now > order.handling_due_at,
    )
