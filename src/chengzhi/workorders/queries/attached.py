"""What hangs on a work order, told by one statement, so that a page asks for nothing that is not there."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet, Value

from chengzhi.audit.interface import Statement
from chengzhi.workorders.models import (
    Adjustment,
    Appeal,
    LegalHold,
    Notice,
    OrderMark,
    Referral,
    Remedy,
    StageRun,
    Whistle,
    WorkOrder,
)
from chengzhi.workorders.types import Hanging

KINDS: dict[Hanging, tuple[type[Any], Callable[[Any], dict[str, Any]]]] = {
    Hanging.ADJUSTMENT: (Adjustment, lambda order: {"order": order}),
    Hanging.APPEAL: (Appeal, lambda order: {"order": order}),
    Hanging.HOLD: (LegalHold, lambda order: {"order": order}),
    Hanging.LATE_STAGE: (StageRun, lambda order: {"order": order, "was_overdue": True}),
    Hanging.MARK: (OrderMark, lambda order: {"order": order}),
    Hanging.MERGED: (WorkOrder, lambda order: {"master": order}),
    Hanging.NOTICE: (Notice, lambda order: {"order": order}),
    Hanging.REFERRAL: (Referral, lambda order: {"order": order}),
    Hanging.REMEDY: (Remedy, lambda order: {"work_order": order}),
    Hanging.REPEAT: (WorkOrder, lambda order: {"origin": order}),
    Hanging.WHISTLE: (Whistle, lambda order: {"work_order": order}),
}


def attached(order: int) -> frozenset[Hanging]:
    """Return which kinds of records belong to an order; what of them one sees is asked of each."""
    return frozenset(Hanging(kind) for (kind,) in _ALL.rows(order))


def _all(order: Any) -> QuerySet[Any, Any]:
    first, *others = (_one(kind, model, order, where) for kind, (model, where) in KINDS.items())
    return first.union(*others)


_ALL: Statement[tuple[str]] = Statement(_all)


def _one(
    kind: Hanging, model: type[Any], order: Any, where: Callable[[Any], dict[str, Any]]
) -> QuerySet[Any, Any]:
    rows: QuerySet[Any, Any] = model.objects.filter(**where(order)).order_by()
    named: QuerySet[Any, Any] = rows.annotate(hanging=Value(kind.value)).values_list("hanging")
    return named
