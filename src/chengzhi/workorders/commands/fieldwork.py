"""Who goes and looks: check tasks go to the collector of the beat by themselves."""

from datetime import datetime

from chengzhi.accounts.types import Actor
from chengzhi.workorders.commands.taking import tell
from chengzhi.workorders.events import CheckAssigned, CollectorMissing
from chengzhi.workorders.models import WorkOrder
from chengzhi.workorders.queries.beats import check_choice
from chengzhi.workorders.types import BeatChoice


def send_to_check(order: WorkOrder, *, actor: Actor, now: datetime, besides: str = "") -> None:
    """Give the check to a collector, and say why to that one; or that a person must decide.

    Call it in the transaction that entered the check. `besides` is who checked before and
    should not look again if anybody else can.
    """
    chosen = check_choice(order, now=now, besides=besides)
    order.checker = chosen.ref
    order.save(update_fields=["checker"])
    tell(order, _event(order, chosen), actor=actor, now=now)


def _event(order: WorkOrder, chosen: BeatChoice) -> CheckAssigned | CollectorMissing:
    if chosen.ref:
        return CheckAssigned(
            code=order.code,
            assignee=chosen.ref,
            assignee_name=chosen.name,
            reason=chosen.reason,
        )
    return CollectorMissing(code=order.code, task="check", grid=order.grid, sentence=chosen.reason)
