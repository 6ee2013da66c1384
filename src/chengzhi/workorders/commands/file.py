"""立案, 作废 and 并案: the duty manager decides what becomes of an accepted report."""

from datetime import datetime

from django.db import transaction

from chengzhi.accounts.types import Actor
from chengzhi.kernel.errors import NotVisible
from chengzhi.workorders.commands.followers import end_followers
from chengzhi.workorders.commands.taking import may, move, take, tell
from chengzhi.workorders.events import (
    ControlOverridden,
    DuplicateLinked,
    NotDuplicate,
    WorkOrderFiled,
    WorkOrderMerged,
    WorkOrderVoided,
)
from chengzhi.workorders.models import WorkOrder
from chengzhi.workorders.queries.access import locked, visible_to
from chengzhi.workorders.queries.control import control_of
from chengzhi.workorders.queries.directory import directory, spot_of
from chengzhi.workorders.rules.limits import civil_date, condition, matter_name
from chengzhi.workorders.types import MasterFacts


@transaction.atomic
def file(
    pk: int,
    *,
    condition_number: int,
    actor: Actor,
    now: datetime,
    matter_code: str = "",
    reason: str = "",
) -> WorkOrder:
    """File a work order under a condition row, which is frozen into the record (立案).

    `matter_code` corrects the category that the reporter chose; `reason` says why it is filed
    although it lies in a control area or window.
    """
    order = locked(actor, pk)
    matter, on = matter_code or order.matter_code, civil_date(now)
    chosen = condition(matter, condition_number, on=on)
    control = control_of(order, matter=matter, now=now)
    step = take(order, "file", actor=actor, chosen=chosen, control=control, reason=reason)
    assert chosen is not None, "the guard condition_chosen refuses a missing row"
    order.matter_code, order.matter_name = matter, matter_name(matter, on=on)
    order.freeze(chosen)
    order.filed_at = now
    order.control_note = f"{control}；{reason.strip()}" if control else ""
    found = directory(order.county, now=now).suggest(**spot_of(order), at=now)
    order.suggested_unit, order.suggested_rule = found.unit, found.rule
    move(order, step.target, now=now)
    tell(order, _filed(order), actor=actor, now=now)
    if control:
        event = ControlOverridden(code=order.code, control=control, reason=reason.strip())
        tell(order, event, actor=actor, now=now)
    return order


def _filed(order: WorkOrder) -> WorkOrderFiled:
    return WorkOrderFiled(
        code=order.code,
        matter_code=order.matter_code,
        matter_name=order.matter_name,
        scheme=order.scheme,
        condition_number=order.condition_number,
        filing_condition=order.filing_condition,
        closing_condition=order.closing_condition,
        limit_text=order.limit_text,
        source=order.standard_source,
    )


@transaction.atomic
def void(pk: int, *, reason: str, actor: Actor, now: datetime) -> WorkOrder:
    """Cancel a work order that should not have been accepted or filed (作废)."""
    return _cancel(pk, "void", reason=reason, actor=actor, now=now)


@transaction.atomic
def withdraw(pk: int, *, reason: str, actor: Actor, now: datetime) -> WorkOrder:
    """Take back a report that nobody has acted on, since its finding's verdict was undone.

    :raises StepNotAllowed: somebody has acted on it; it is for the duty manager to void now.
    """
    return _cancel(pk, "withdraw", reason=reason, actor=actor, now=now)


def _cancel(pk: int, name: str, *, reason: str, actor: Actor, now: datetime) -> WorkOrder:
    order = locked(actor, pk)
    step = take(order, name, actor=actor, reason=reason)
    order.last_reason = reason
    move(order, step.target, now=now)
    event = WorkOrderVoided(
        code=order.code,
        was_filed=order.filed_at is not None or order.filing_return_count > 0,
        reason=reason,
        client_ref=order.client_ref,
        finding=order.finding,
    )
    tell(order, event, actor=actor, now=now)
    end_followers(order, actor=actor, now=now)
    return order


@transaction.atomic
def merge(pk: int, *, master: int, actor: Actor, now: datetime, reason: str = "") -> WorkOrder:
    """Close a duplicate into its master; both records say so (并案)."""
    rows = visible_to(actor).select_for_update().filter(pk__in=[pk, master]).order_by("pk")
    found = {row.pk: row for row in rows}
    order, into = found.get(pk), found.get(master)
    if order is None:
        raise NotVisible("没有这件案件，或它不在您的查看范围内。请核对编号。")
    step = take(order, "merge", actor=actor, target=_target(into, pk), reason=reason)
    assert into is not None, "the guard master_can_take refuses a missing master"
    order.master = into
    order.last_reason = reason
    move(order, step.target, now=now)
    tell(order, _merged(order, into, reason), actor=actor, now=now)
    linked = DuplicateLinked(code=into.code, duplicate=order.pk, duplicate_code=order.code)
    tell(into, linked, actor=actor, now=now)
    return order


def _target(into: WorkOrder | None, pk: int) -> MasterFacts | None:
    if into is None:
        return None
    return MasterFacts(id=into.pk, code=into.code, state=into.state, is_same=into.pk == pk)


def _merged(order: WorkOrder, into: WorkOrder, reason: str) -> WorkOrderMerged:
    return WorkOrderMerged(
        code=order.code,
        master=into.pk,
        master_code=into.code,
        reason=reason,
        client_ref=order.client_ref,
        finding=order.finding,
    )


@transaction.atomic
def not_duplicate(pk: int, *, others: tuple[int, ...], actor: Actor, now: datetime) -> WorkOrder:
    """Write down that the candidates are other problems, so that nobody has to look again."""
    order = locked(actor, pk)
    may(order, "not_duplicate", actor=actor)
    rows = visible_to(actor).filter(pk__in=others).exclude(pk=pk).order_by("pk")
    known = [row for row in rows if str(row.pk) not in order.judged_apart.split()]
    if not known:
        return order
    order.judged_apart = " ".join([*order.judged_apart.split(), *(str(row.pk) for row in known)])
    order.save(update_fields=["judged_apart"])
    codes = "、".join(row.code for row in known)
    event = NotDuplicate(code=order.code, others=[row.pk for row in known], other_codes=codes)
    tell(order, event, actor=actor, now=now)
    return order
