"""问题再次出现: nothing is reopened; a closed order gets a successor that is linked to it."""

from datetime import datetime

from django.db import transaction

from chengzhi.accounts.types import Actor
from chengzhi.kernel.errors import InvalidInput
from chengzhi.workorders.commands.intake import report
from chengzhi.workorders.commands.taking import may, tell
from chengzhi.workorders.events import OriginLinked, ProblemCameBack
from chengzhi.workorders.models import WorkOrder
from chengzhi.workorders.queries.access import locked
from chengzhi.workorders.rules.reports import channels_for
from chengzhi.workorders.types import Channel, PhotoRef, Report


@transaction.atomic
def report_again(
    pk: int,
    *,
    description: str,
    actor: Actor,
    now: datetime,
    channel: Channel | None = None,
    photos: tuple[PhotoRef, ...] = (),
) -> WorkOrder:
    """Report that a closed order's problem is back; both records show the link.

    The new report has its own clock and its own standard: an order is never opened again, since
    its figures have been published (domain.md 1.5). Who reported the first one stays there.
    """
    order = locked(actor, pk)
    may(order, "report_again", actor=actor)
    if not description.strip():
        raise InvalidInput("没有写现在的情况，请写明问题怎样再次出现。", field="description")
    made = report(_report(order, description, channel, photos, actor), actor=actor, now=now)
    again = WorkOrder.objects.select_for_update().get(pk=made.id)
    again.origin, again.judged_apart = order, str(order.pk)
    again.save(update_fields=["origin", "judged_apart"])
    linked = OriginLinked(code=again.code, origin=order.pk, origin_code=order.code)
    tell(again, linked, actor=actor, now=now)
    back = ProblemCameBack(code=order.code, again=again.pk, again_code=again.code)
    tell(order, back, actor=actor, now=now)
    return again


def _report(
    order: WorkOrder,
    description: str,
    channel: Channel | None,
    photos: tuple[PhotoRef, ...],
    actor: Actor,
) -> Report:
    return Report(
        channel=channel or channels_for(actor.roles)[0],
        matter_code=order.matter_code,
        lon=order.lon,
        lat=order.lat,
        address=order.address,
        description=description.strip(),
        photos=photos,
        component_code=order.component_code,
    )
