"""保存期限: holds are placed and lifted; what is due goes, and the register says so."""

from collections.abc import Callable
from datetime import date, datetime
from uuid import uuid4

from django.db import transaction

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Permission
from chengzhi.audit import interface as audit
from chengzhi.evidence import interface as evidence
from chengzhi.kernel.errors import DomainError, InvalidInput
from chengzhi.kernel.privacy import redacted
from chengzhi.workorders.commands.outside import forget_sender
from chengzhi.workorders.commands.taking import tell
from chengzhi.workorders.events.retention import (
    DataRemoved,
    HoldLifted,
    HoldPlaced,
    RetentionExecuted,
)
from chengzhi.workorders.models import LegalHold, RetentionRow, RetentionRun, WorkOrder
from chengzhi.workorders.queries.access import locked
from chengzhi.workorders.queries.retention import holds_something, in_force, on_hold, ripe
from chengzhi.workorders.rules.limits import civil_date
from chengzhi.workorders.rules.retention import (
    LONGEST_REASON,
    register_digest,
    retention_rules,
    retention_version,
)
from chengzhi.workorders.types.retention import REMOVAL_LABELS, Keeping, Ran, RetentionRule


class HoldStands(DomainError):
    """There is a hold already, or none to lift."""

    code = "hold-stands"
    status = 409


@transaction.atomic
def place_hold(
    pk: int, *, reason: str, until: date | None = None, actor: Actor, now: datetime
) -> LegalHold:
    """Keep everything of a work order, whatever the retention rules say, until it is lifted.

    :raises HoldStands: it is on hold already.
    :raises InvalidInput: no reason, or a day that has passed.
    """
    order = locked(actor, pk)
    accounts.permit(actor, Permission.PLACE_HOLD)
    written = _reason(reason)
    if until is not None and until <= civil_date(now):
        raise InvalidInput("暂停期限须晚于今天，请改日期或不填。", field="until")
    mine = LegalHold.objects.filter(order=order, lifted_at__isnull=True)
    if mine.filter(in_force(now)).exists():
        raise HoldStands("本案已暂停清除，不必再次暂停。请先恢复，或查看现有事由。")
    mine.update(lifted_at=now, lifted_by=actor.ref)  # one whose day has come
    hold = LegalHold.objects.create(
        order=order, reason=written, placed_by=actor.ref, placed_at=now, until=until
    )
    event = HoldPlaced(
        code=order.code, reason=written, until_text=until.isoformat() if until else "恢复为止"
    )
    tell(order, event, actor=actor, now=now)
    return hold


@transaction.atomic
def lift_hold(pk: int, *, reason: str, actor: Actor, now: datetime) -> LegalHold:
    """End a hold: what is due goes with the next run.

    :raises HoldStands: the work order is not on hold.
    """
    order = locked(actor, pk)
    accounts.permit(actor, Permission.PLACE_HOLD)
    written = _reason(reason)
    hold = LegalHold.objects.select_for_update().filter(in_force(now), order=order).first()
    if hold is None:
        raise HoldStands("本案没有暂停清除，无需恢复。请刷新页面。")
    hold.lifted_at, hold.lifted_by = now, actor.ref
    hold.save(update_fields=["lifted_at", "lifted_by"])
    tell(order, HoldLifted(code=order.code, reason=written), actor=actor, now=now)
    return hold


def _reason(reason: str) -> str:
    written = redacted(reason.strip())
    if not 0 < len(written) <= LONGEST_REASON:
        raise InvalidInput(f"事由应有 1 至 {LONGEST_REASON} 字，例如“行政复议”。", field="reason")
    return written


def run_retention(
    *, actor: Actor, now: datetime, progress: Callable[[int, int], None] = lambda done, total: None
) -> Ran:
    """Remove what is due in the actor's county, and write the register.

    Each work order goes in a transaction of its own, with its row and event; a run that is
    stopped has done whole work orders, and the next run goes on.

    :raises NotPermitted: the actor does not run retention.
    """
    accounts.permit(actor, Permission.MANAGE_RETENTION)
    run = RetentionRun.objects.create(
        county=actor.county,
        batch=uuid4().hex,
        rule_version=retention_version(),
        executed_at=now,
        executed_by=actor.ref,
    )
    for rule in retention_rules(on=civil_date(now)):
        rows = ripe(rule, county=actor.county, now=now).exclude(on_hold(now)).order_by("pk")
        keys = list(rows.values_list("pk", flat=True))
        for done, pk in enumerate(keys, start=1):
            _remove(pk, rule, run, actor=actor, now=now)
            progress(done, len(keys))
    evidence.remove_erased(now=now)
    return _close(run, actor=actor, now=now)


@transaction.atomic
def _remove(
    pk: int, rule: RetentionRule, run: RetentionRun, *, actor: Actor, now: datetime
) -> None:
    """Apply one rule to one work order, if it is still due and nobody has put it on hold."""
    rows = ripe(rule, county=run.county, now=now).exclude(on_hold(now))
    order = rows.select_for_update().filter(pk=pk).first()
    if order is None:
        return
    if not holds_something(order, rule):
        _note_empty(order, rule, now=now)
        return
    count = REMOVERS[rule.what](order, actor, now)
    RetentionRow.objects.create(run=run, rule=rule.key, subject=order.subject, item_count=count)
    event = DataRemoved(
        code=order.code,
        rule=rule.key,
        rule_label=rule.label,
        action_label=REMOVAL_LABELS[rule.action],
        item_count=count,
        batch=run.batch,
        rule_version=run.rule_version,
    )
    tell(order, event, actor=actor, now=now)


def _note_empty(order: WorkOrder, rule: RetentionRule, *, now: datetime) -> None:
    if rule.what is Keeping.FILES:
        order.files_gone_at = now
        order.save(update_fields=["files_gone_at"])


def _reporter(order: WorkOrder, actor: Actor, now: datetime) -> int:
    said = (order.reporter_name, order.reporter_phone, order.reporter_wish)
    order.reporter_name = order.reporter_phone = order.reporter_wish = ""
    order.save(update_fields=["reporter_name", "reporter_phone", "reporter_wish"])
    return sum(bool(value) for value in said) + forget_sender(order.pk)


def _words(order: WorkOrder, actor: Actor, now: datetime) -> int:
    before = (order.description, order.last_reason)
    order.description, order.last_reason = map(redacted, before)
    order.save(update_fields=["description", "last_reason"])
    return sum(
        old != new for old, new in zip(before, (order.description, order.last_reason), strict=True)
    )


def _files(order: WorkOrder, actor: Actor, now: datetime) -> int:
    count = evidence.erase(order.subject, reason="保存期限届满", actor=actor, now=now)
    order.files_gone_at = now
    order.save(update_fields=["files_gone_at"])
    return count


def _description(order: WorkOrder, actor: Actor, now: datetime) -> int:
    order.description = ""
    order.save(update_fields=["description"])
    return 1


REMOVERS: dict[Keeping, Callable[[WorkOrder, Actor, datetime], int]] = {
    Keeping.REPORTER: _reporter,
    Keeping.WORDS: _words,
    Keeping.FILES: _files,
    Keeping.DESCRIPTION: _description,
}


@transaction.atomic
def _close(run: RetentionRun, *, actor: Actor, now: datetime) -> Ran:
    rows = RetentionRow.objects.filter(run=run).order_by("pk")
    listed = list(rows.values_list("rule", "subject", "item_count"))
    run.row_count, run.digest = len(listed), register_digest(run.rule_version, listed)
    run.save(update_fields=["row_count", "digest"])
    event = RetentionExecuted(
        batch=run.batch,
        rule_version=run.rule_version,
        row_count=run.row_count,
        digest=run.digest,
    )
    audit.record(event, subject=run.subject, actor=actor.ref, at=now, first=True)
    return Ran(batch=run.batch, row_count=run.row_count, digest=run.digest)
