"""What hangs on a work order, told by one statement, so that a page asks for nothing that is not there."""

from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet, Value

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

ORDER = -1  # stands for the order in the statement; no row has such a key


KINDS: dict[Hanging, tuple[type[Any], Q]] = {
    Hanging.ADJUSTMENT: (Adjustment, Q(order=ORDER)),
    Hanging.APPEAL: (Appeal, Q(order=ORDER)),
    Hanging.HOLD: (LegalHold, Q(order=ORDER)),
    Hanging.LATE_STAGE: (StageRun, Q(order=ORDER, was_overdue=True)),
    Hanging.MARK: (OrderMark, Q(order=ORDER)),
    Hanging.MERGED: (WorkOrder, Q(master=ORDER)),
    Hanging.NOTICE: (Notice, Q(order=ORDER)),
    Hanging.REFERRAL: (Referral, Q(order=ORDER)),
    Hanging.REMEDY: (Remedy, Q(work_order=ORDER)),
    Hanging.REPEAT: (WorkOrder, Q(origin=ORDER)),
    Hanging.WHISTLE: (Whistle, Q(work_order=ORDER)),
}


def attached(order: int) -> frozenset[Hanging]:
    """Return which kinds of records belong to an order; what of them one sees is asked of each."""
    statement, values = _statement()
    with connection.cursor() as cursor:
        cursor.execute(statement, [order if value == ORDER else value for value in values])
        return frozenset(Hanging(kind) for (kind,) in cursor.fetchall())


@lru_cache(maxsize=1)
def _statement() -> tuple[str, tuple[Any, ...]]:
    """Return the statement, in which `ORDER` stands for the order."""
    first, *others = (_one(kind, model, where) for kind, (model, where) in KINDS.items())
    statement, values = first.union(*others).query.sql_with_params()
    return statement, tuple(values)


def _one(kind: Hanging, model: type[Any], where: Q) -> QuerySet[Any, Any]:
    rows: QuerySet[Any, Any] = model.objects.filter(where).order_by()
    named: QuerySet[Any, Any] = rows.annotate(hanging=Value(kind.value)).values_list("hanging")
    return named
