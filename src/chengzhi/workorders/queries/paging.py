"""What the lists beside the work orders share: pages by key, and the filters of all requests."""

from collections.abc import Collection
from datetime import datetime
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from chengzhi.kernel.errors import InvalidInput
from chengzhi.workorders.rules.words import serial_in
from chengzhi.workorders.types.adjustments import AdjustmentFilters
from chengzhi.workorders.types.notices import NoticeFilters

Row = TypeVar("Row", bound=Model)


def newest(rows: QuerySet[Row], *, after: int | None, size: int) -> tuple[list[Row], int | None]:
    """Return a page of rows, newest first, and the key after which the next page begins."""
    below = rows.filter(pk__lt=after) if after else rows
    found = list(below.order_by("-pk")[: size + 1])
    return found[:size], found[size - 1].pk if len(found) > size else None


def key_in(cursor: str) -> int:
    """Return the key that a cursor of an address is; zero for the first page.

    :raises InvalidInput: it is not one.
    """
    if not cursor:
        return 0
    if not cursor.isdecimal() or len(cursor) > 18:
        raise InvalidInput(f"翻页位置“{cursor[:20]}”无法识别，请回到第一页。", field="after")
    return int(cursor)


def numbered(text: str) -> Q:
    """Return the rows whose printed number a text is, if it is one."""
    serial = serial_in(text)
    return Q(pk=serial) if serial is not None and serial < 2**63 else Q(pk__in=())


def asked(
    filters: AdjustmentFilters | NoticeFilters,
    *,
    moment: str,
    waiting: Collection[str],
    now: datetime,
) -> Q:
    """Return what every list of requests may be narrowed by.

    `moment` names the field with the time of the request, `waiting` the states in which somebody
    has still to answer it.
    """
    keep = Q()
    if filters.states:
        keep &= Q(state__in=filters.states)
    if filters.unit:
        keep &= Q(unit=filters.unit)
    if filters.since:
        keep &= Q(**{f"{moment}__gte": filters.since})
    if filters.until:
        keep &= Q(**{f"{moment}__lt": filters.until})
    if filters.overdue:
        keep &= Q(state__in=waiting, due_at__lt=now)
    return keep
