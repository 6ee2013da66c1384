"""催办 and 督办: notices beside the loop, with their own deadline; the loop itself goes on."""

from datetime import datetime

from django.db import transaction

from chengzhi import standards
from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor
from chengzhi.kernel.clock import Deadline, deadline
from chengzhi.kernel.errors import InvalidInput
from chengzhi.kernel.procedure import Step, StepNotAllowed
from chengzhi.workorders.commands.taking import may, tell
from chengzhi.workorders.events import (
    ClosingConfirmed,
    NoticeAcknowledged,
    NoticeIssued,
    NoticeReplied,
    NoticeRevoked,
)
from chengzhi.workorders.models import Notice, WorkOrder
from chengzhi.workorders.procedure import NOTICE, notifiers
from chengzhi.workorders.queries.access import locked
from chengzhi.workorders.queries.directory import directory
from chengzhi.workorders.queries.notices import access_notice
from chengzhi.workorders.rules.limits import duration
from chengzhi.workorders.rules.noticing import URGING, Level, level_label, notice_rules
from chengzhi.workorders.rules.words import moment_text
from chengzhi.workorders.types.notices import UNANSWERED, NoticeFacts, NoticeKind

MOST_TEXT = 500


@transaction.atomic
def urge(pk: int, *, text: str, actor: Actor, now: datetime) -> Notice:
    """Urge the unit that has the task; the third urging in vain becomes a supervision (催办)."""
    order = locked(actor, pk)
    may(order, "urge", actor=actor)
    _require_text(text)
    order.urging_count += 1
    row = _issue(order, notice_rules().levels[URGING], text, actor=actor, now=now)
    if _in_vain(order) >= notice_rules().urgings and not order.supervision:
        raised = notice_rules().levels[notice_rules().raised_to]
        words = f"催办 {order.urging_count} 次未回复，转{raised.label}：{text.strip()}"
        _issue(order, raised, words[:MOST_TEXT], actor=actor, now=now, is_automatic=True)
    order.save(update_fields=["urging_count", "supervision", "closing_confirmed_by"])
    return row


@transaction.atomic
def supervise(pk: int, *, level: str, text: str, actor: Actor, now: datetime) -> Notice:
    """Issue a supervision notice; its order is closed only after a leader confirms (督办)."""
    order = locked(actor, pk)
    may(order, "supervise", actor=actor)
    found = notice_rules().levels.get(level)
    if found is None or found.kind is not NoticeKind.SUPERVISION:
        known = "、".join(row.label for row in _supervisions())
        raise InvalidInput(f"没有选择督办级别，请从{known}中选一项。", field="level")
    accounts.require(actor, *sorted(found.roles))
    _require_text(text)
    row = _issue(order, found, text, actor=actor, now=now)
    order.save(update_fields=["supervision", "closing_confirmed_by"])
    return row


def _supervisions() -> list[Level]:
    levels = notice_rules().levels.values()
    return [level for level in levels if level.kind is NoticeKind.SUPERVISION]


def _require_text(text: str) -> None:
    if not 0 < len(text.strip()) <= MOST_TEXT:
        raise InvalidInput(f"通知内容应有 1 至 {MOST_TEXT} 字，请重写。", field="text")


def _in_vain(order: WorkOrder) -> int:
    rows = Notice.objects.filter(order=order, kind=NoticeKind.URGING, unit=order.handler)
    return rows.filter(state__in=UNANSWERED).count()


def _issue(
    order: WorkOrder,
    level: Level,
    text: str,
    *,
    actor: Actor,
    now: datetime,
    is_automatic: bool = False,
) -> Notice:
    ends = _ends(order, level, now=now)
    assert ends.due_at is not None, "nothing holds the clock of a notice"
    row = Notice.objects.create(
        order=order,
        kind=level.kind,
        level=level.code,
        unit=order.handler,
        text=text.strip(),
        issued_by=actor.ref,
        issued_at=now,
        is_automatic=is_automatic,
        warn_at=ends.warn_at,
        due_at=ends.due_at,
        alert_at=ends.due_at,
    )
    if level.leader_confirms:
        order.supervision = _higher(order.supervision, level.code)
        order.closing_confirmed_by = ""
    tell(order, _issued(order, row, level, now=now), actor=actor, now=now)
    return row


def _issued(order: WorkOrder, row: Notice, level: Level, *, now: datetime) -> NoticeIssued:
    return NoticeIssued(
        code=order.code,
        notice=row.pk,
        kind=row.kind,
        level=row.level,
        level_label=level.label,
        unit=row.unit,
        unit_name=directory(order.county, now=now).unit_name(row.unit),
        text=row.text,
        due_text=moment_text(row.due_at),
        is_automatic=row.is_automatic,
    )


def _ends(order: WorkOrder, level: Level, *, now: datetime) -> Deadline:
    limit = level.limit_for(duration(order.limit_amount, order.limit_unit))
    return deadline(now, limit, calendar=standards.current().calendar)


def _higher(held: str, code: str) -> str:
    order = list(notice_rules().levels)
    return code if not held or order.index(code) > order.index(held) else held


@transaction.atomic
def acknowledge(pk: int, *, actor: Actor, now: datetime) -> Notice:
    """Say that the notice has arrived (签收)."""
    order, row, step = _taken(pk, "acknowledge", actor=actor)
    row.state, row.acknowledged_by, row.acknowledged_at = step.target, actor.ref, now
    row.save()
    event = NoticeAcknowledged(
        code=order.code, notice=row.pk, level_label=level_label(row.level), unit=row.unit
    )
    tell(order, event, actor=actor, now=now)
    return row


@transaction.atomic
def reply(pk: int, *, text: str, actor: Actor, now: datetime) -> Notice:
    """Answer a notice (回复)."""
    order, row, step = _taken(pk, "reply", actor=actor, reason=text)
    row.acknowledged_by = row.acknowledged_by or actor.ref
    row.acknowledged_at = row.acknowledged_at or now
    row.state, row.replied_by, row.replied_at = step.target, actor.ref, now
    row.reply, row.alert_at = text.strip()[:MOST_TEXT], None
    row.save()
    event = NoticeReplied(
        code=order.code,
        notice=row.pk,
        level_label=level_label(row.level),
        unit=row.unit,
        reply=row.reply,
    )
    tell(order, event, actor=actor, now=now)
    return row


@transaction.atomic
def revoke(pk: int, *, reason: str, actor: Actor, now: datetime) -> Notice:
    """Take a notice back; without another the order is no longer supervised (撤销)."""
    order, row, step = _taken(pk, "revoke", actor=actor, reason=reason)
    accounts.require(actor, *sorted(notice_rules().levels[row.level].roles))
    row.state, row.alert_at = step.target, None
    row.save()
    order.supervision = _left(order)
    order.save(update_fields=["supervision"])
    event = NoticeRevoked(
        code=order.code,
        notice=row.pk,
        level_label=level_label(row.level),
        unit=row.unit,
        reason=reason.strip(),
    )
    tell(order, event, actor=actor, now=now)
    return row


def _left(order: WorkOrder) -> str:
    rows = Notice.objects.filter(order=order, kind=NoticeKind.SUPERVISION)
    held = ""
    for level in rows.exclude(state="revoked").values_list("level", flat=True):
        held = _higher(held, level)
    return held


@transaction.atomic
def confirm_closing(pk: int, *, actor: Actor, now: datetime, reason: str = "") -> WorkOrder:
    """Let a supervised work order be closed (督办结案确认)."""
    order = locked(actor, pk)
    may(order, "confirm_closing", actor=actor)
    if not order.supervision:
        raise StepNotAllowed("案件没有在督办中，值班长可以直接结案。")
    order.closing_confirmed_by = actor.ref
    order.save(update_fields=["closing_confirmed_by"])
    event = ClosingConfirmed(code=order.code, level=order.supervision, reason=reason)
    tell(order, event, actor=actor, now=now)
    return order


def _taken(pk: int, name: str, *, actor: Actor, reason: str = "") -> tuple[WorkOrder, Notice, Step]:
    order = locked(actor, access_notice(actor, pk).order_id)
    row = Notice.objects.select_for_update().get(pk=pk)
    facts = NoticeFacts(unit=row.unit, actor_unit=actor.unit, reason=reason)
    step = NOTICE.take(name, state=row.state, facts=facts)
    accounts.require(actor, *notifiers(step))
    return order, row, step
