"""Notices as people read them: what a unit must answer, what the centre has sent."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor
from chengzhi.kernel.errors import NotVisible
from chengzhi.kernel.procedure import refusals
from chengzhi.workorders.models import Notice
from chengzhi.workorders.procedure import NOTICE, notifiers
from chengzhi.workorders.procedure.notice import UNIT
from chengzhi.workorders.queries.access import visible_to
from chengzhi.workorders.queries.directory import Directory, directory
from chengzhi.workorders.queries.paging import asked, newest
from chengzhi.workorders.rules.noticing import notice_rules
from chengzhi.workorders.types.notices import (
    NOTICE_LABELS,
    NOTICE_STATES,
    UNANSWERED,
    NoticeFacts,
    NoticeFilters,
    NoticePage,
    NoticeRow,
)

SIZE = 30


def visible_notices(actor: Actor) -> QuerySet[Notice]:
    """Return the notices of the work orders that the actor may see."""
    return Notice.objects.filter(order__in=visible_to(actor).values("pk"))


def access_notice(actor: Actor, pk: int) -> Notice:
    """Return one notice.

    :raises NotVisible: there is none of that number, or not for this person.
    """
    found = visible_notices(actor).filter(pk=pk).first()
    if found is None:
        raise NotVisible("没有这份通知，或它不在您的查看范围内。请核对编号。")
    return found


def answers(actor: Actor) -> bool:
    """Return whether the actor answers notices for a unit."""
    return bool(actor.unit) and not actor.roles.isdisjoint(UNIT)


def unanswered_count(actor: Actor) -> int:
    """Return how many notices the actor's unit has still to answer."""
    if not answers(actor):
        return 0
    return visible_notices(actor).filter(state__in=UNANSWERED, unit=actor.unit).count()


def notices(
    actor: Actor, filters: NoticeFilters, *, now: datetime, after: int = 0, size: int = SIZE
) -> NoticePage:
    """Return a page of notices, newest first."""
    rows = visible_notices(actor).filter(_kept(filters, now=now))
    found, next_key = newest(rows.select_related("order"), after=after, size=size)
    return NoticePage(rows=as_rows(actor, found, now=now), count=rows.count(), next_key=next_key)


def _kept(filters: NoticeFilters, *, now: datetime) -> Q:
    keep = asked(filters, moment="issued_at", waiting=UNANSWERED, now=now)
    return keep & Q(kind__in=filters.kinds) if filters.kinds else keep


def notices_of(actor: Actor, order: int, *, now: datetime) -> tuple[NoticeRow, ...]:
    """Return the notices of one work order, newest first."""
    rows = visible_notices(actor).filter(order=order).select_related("order")
    return as_rows(actor, rows.order_by("-pk")[:20], now=now)


def as_rows(actor: Actor, rows: Iterable[Notice], *, now: datetime) -> tuple[NoticeRow, ...]:
    """Return notices as lists show them, with what the reader may do."""
    found = list(rows)
    names = accounts.names_of({row.issued_by for row in found})
    known = directory(actor.county, now=now)
    return tuple(_row(actor, row, names, known, now=now) for row in found)


def _row(
    actor: Actor, row: Notice, names: dict[str, str], known: Directory, *, now: datetime
) -> NoticeRow:
    level = notice_rules().levels.get(row.level)
    is_open = row.state in UNANSWERED
    return NoticeRow(
        id=row.pk,
        order=row.order.pk,
        order_code=row.order.code,
        matter_name=row.order.matter_name,
        address=row.order.address,
        kind=row.kind,
        kind_label=NOTICE_LABELS[row.kind],
        level=row.level,
        level_label=level.label if level else row.level,
        state=row.state,
        state_label=NOTICE_STATES[row.state],
        text=row.text,
        unit=row.unit,
        unit_name=known.unit_name(row.unit),
        issued_by_name=names.get(row.issued_by, ""),
        issued_at=row.issued_at,
        warn_at=row.warn_at,
        due_at=row.due_at,
        acknowledged_at=row.acknowledged_at,
        replied_at=row.replied_at,
        reply=row.reply,
        is_overdue=row.due_at < now if is_open else _answered_late(row),
        is_automatic=row.is_automatic,
        actions=_actions(actor, row),
    )


def _answered_late(row: Notice) -> bool:
    return row.replied_at is not None and row.replied_at > row.due_at


def _actions(actor: Actor, row: Notice) -> tuple[str, ...]:
    facts = NoticeFacts(unit=row.unit, actor_unit=actor.unit, reason="…")
    level = notice_rules().levels.get(row.level)
    issues = level is not None and not actor.roles.isdisjoint(level.roles)
    return tuple(
        step.name
        for step in NOTICE.steps_from(row.state)
        if not actor.roles.isdisjoint(notifiers(step))
        and not refusals(step, facts)
        and (step.name != "revoke" or issues)
    )
