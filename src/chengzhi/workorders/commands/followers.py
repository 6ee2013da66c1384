"""Duplicates end with their master, and a wrong merge is undone (anchors_civic 4, pain 29)."""

from datetime import datetime

from django.db import transaction

from chengzhi.accounts.types import Actor
from chengzhi.kernel.errors import NotVisible
from chengzhi.workorders.commands.taking import move, take, tell
from chengzhi.workorders.events import (
    DuplicateUnlinked,
    WorkOrderEndedWithMaster,
    WorkOrderSplitOff,
)
from chengzhi.workorders.models import WorkOrder
from chengzhi.workorders.queries.access import visible_to
from chengzhi.workorders.types import CLOSING_RESULT_LABELS, STATE_LABELS, ClosingBasis


def end_followers(master: WorkOrder, *, actor: Actor, now: datetime) -> int:
    """End every order that was merged into this one, and those merged into them.

    Call it in the transaction that ended the master. They take its end and its result, so that
    none stays open in anybody's count, and each says so on its own timeline.
    """
    keys = list(WorkOrder.objects.filter(master=master.pk).values_list("pk", flat=True))
    if not keys:  # as nearly always: every end pays for this look
        return 0
    count = 0
    for order in WorkOrder.objects.select_for_update().filter(pk__in=keys).order_by("pk"):
        order.ended_at = now
        order.closing_result = master.closing_result
        order.closing_basis = ClosingBasis.MASTER if master.closing_result else ""
        order.save(update_fields=["ended_at", "closing_result", "closing_basis"])
        tell(order, _ended(order, master), actor=actor, now=now)
        count += 1 + end_followers(order, actor=actor, now=now)
    return count


def _ended(order: WorkOrder, master: WorkOrder) -> WorkOrderEndedWithMaster:
    result = CLOSING_RESULT_LABELS.get(master.closing_result, "")
    return WorkOrderEndedWithMaster(
        code=order.code,
        master=master.pk,
        master_code=master.code,
        state=master.state,
        state_label=STATE_LABELS[master.state],
        result=master.closing_result,
        result_text=f"（{result}）" if result else "",
        client_ref=order.client_ref,
        finding=order.finding,
    )


@transaction.atomic
def split(pk: int, *, reason: str, actor: Actor, now: datetime) -> WorkOrder:
    """Take an order out of its master again: it is decided anew (拆出并案).

    Both rows are locked in the order of their keys, as a merge locks them.
    """
    master_id = visible_to(actor).filter(pk=pk).values_list("master", flat=True).first()
    keys = {pk, master_id or pk}
    rows = visible_to(actor).select_for_update().filter(pk__in=keys).order_by("pk")
    found = {row.pk: row for row in rows}
    order, master = found.get(pk), found.get(master_id or 0)
    if order is None:
        raise NotVisible("没有这件案件，或它不在您的查看范围内。请核对编号。")
    state = master.state if master else ""
    step = take(order, "split", actor=actor, reason=reason, master_state=state)
    assert master is not None, "the guard master_still_open refuses a missing master"
    _free(order, master, reason)
    move(order, step.target, now=now)
    _told(order, master, reason, actor, now)
    return order


def _free(order: WorkOrder, master: WorkOrder, reason: str) -> None:
    order.master, order.last_reason = None, reason
    order.accepted_at = order.filed_at = None
    order.unfreeze()
    order.judged_apart = " ".join({**dict.fromkeys(order.judged_apart.split()), str(master.pk): 0})


def _told(order: WorkOrder, master: WorkOrder, reason: str, actor: Actor, now: datetime) -> None:
    off = WorkOrderSplitOff(
        code=order.code, master=master.pk, master_code=master.code, reason=reason
    )
    tell(order, off, actor=actor, now=now)
    gone = DuplicateUnlinked(
        code=master.code, duplicate=order.pk, duplicate_code=order.code, reason=reason
    )
    tell(master, gone, actor=actor, now=now)
