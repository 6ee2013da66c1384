"""捆绑派遣: several filed orders go to one unit in one deed, each with its own limit."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Role
from chengzhi.kernel.errors import DomainError, InvalidInput
from chengzhi.workorders.commands.handle import dispatch
from chengzhi.workorders.commands.taking import tell
from chengzhi.workorders.events import WorkOrderBundled
from chengzhi.workorders.models import Bundle, WorkOrder
from chengzhi.workorders.queries.access import locked
from chengzhi.workorders.queries.directory import directory
from chengzhi.workorders.rules.limits import civil_date
from chengzhi.workorders.rules.words import moment_text
from chengzhi.workorders.types import BundleLine, BundleResult

MOST = 50


@dataclass(frozen=True, kw_only=True)
class _Deed:
    unit: str
    reason: str
    actor: Actor
    now: datetime


@transaction.atomic
def dispatch_bundle(
    pks: Iterable[int], *, unit: str, actor: Actor, now: datetime, reason: str = ""
) -> BundleResult:
    """Dispatch several filed orders to one unit at one moment, under one number (捆绑派遣).

    Each is judged on its own and keeps the limit of its own condition row, counted from the same
    moment: what is refused stays where it was and says why, and the others go.

    :raises InvalidInput: fewer than two orders, too many, or a unit that handles nothing here.
    """
    accounts.require(actor, Role.DISPATCHER)
    keys = sorted(set(pks))
    _refuse_malformed(keys, unit, actor, now)
    deed = _Deed(unit=unit, reason=reason.strip(), actor=actor, now=now)
    bundle = Bundle.objects.create(
        county=actor.county,
        year=civil_date(now).year,
        unit=unit,
        reason=deed.reason[:500],
        dispatched_by=actor.ref,
        dispatched_at=now,
    )
    lines = tuple(_one(pk, bundle, deed) for pk in keys)
    if not any(line.is_done for line in lines):
        bundle.delete()
        return BundleResult(id=0, code="", lines=lines)
    return BundleResult(id=bundle.pk, code=bundle.code, lines=lines)


def _refuse_malformed(keys: list[int], unit: str, actor: Actor, now: datetime) -> None:
    if not 2 <= len(keys) <= MOST:
        raise InvalidInput(f"捆绑派遣须选 2 至 {MOST} 件案件，请重新勾选。", field="order")
    if unit not in directory(actor.county, now=now).handlers:
        raise InvalidInput("没有选择处置单位，请选定一个单位。", field="unit")


def _one(pk: int, bundle: Bundle, deed: _Deed) -> BundleLine:
    """Dispatch one order in a transaction of its own; a refusal leaves the others alone."""
    try:
        order = _dispatched(pk, bundle, deed)
    except DomainError as refused:
        return BundleLine(id=pk, code=_code(pk, deed), is_done=False, sentence=refused.sentence)
    said = f"处置截止 {moment_text(order.handling_due_at)}"
    return BundleLine(id=pk, code=order.code, is_done=True, sentence=said)


@transaction.atomic
def _dispatched(pk: int, bundle: Bundle, deed: _Deed) -> WorkOrder:
    order = dispatch(pk, unit=deed.unit, reason=deed.reason, actor=deed.actor, now=deed.now)
    order.bundle = bundle
    order.save(update_fields=["bundle"])
    event = WorkOrderBundled(
        code=order.code, bundle=bundle.pk, bundle_code=bundle.code, reason=deed.reason
    )
    tell(order, event, actor=deed.actor, now=deed.now)
    return order


def _code(pk: int, deed: _Deed) -> str:
    try:
        return locked(deed.actor, pk).code
    except DomainError:
        return ""
