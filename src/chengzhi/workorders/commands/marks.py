"""收藏 and 关注: what a person puts on a work order for themselves; nobody else sees it."""

from datetime import datetime

from django.db import transaction

from chengzhi.accounts.types import Actor
from chengzhi.workorders.models import OrderMark
from chengzhi.workorders.queries.access import access_work_order
from chengzhi.workorders.types import Mark


@transaction.atomic
def set_mark(pk: int, kind: Mark, *, on: bool, actor: Actor, now: datetime) -> None:
    """Put a star or a watch on a work order that one may see, or take it off; twice is once.

    :raises NotVisible: there is none of that number, or not for this person.
    """
    order = access_work_order(actor, pk)
    if not on:
        OrderMark.objects.filter(order=order, person=actor.ref, kind=kind).delete()
        return
    OrderMark.objects.get_or_create(
        order=order, person=actor.ref, kind=kind, defaults={"created_at": now}
    )
