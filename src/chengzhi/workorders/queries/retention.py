"""What is due to go, what is on hold, and what went."""

from collections import Counter
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Permission
from chengzhi.evidence import interface as evidence
from chengzhi.kernel.privacy import redacted
from chengzhi.workorders.models import (
    LegalHold,
    OutsideRequest,
    RetentionRow,
    RetentionRun,
    WorkOrder,
)
from chengzhi.workorders.queries.paging import newest
from chengzhi.workorders.rules.limits import civil_date
from chengzhi.workorders.rules.retention import due_at, retention_rules
from chengzhi.workorders.types import Hanging, Record
from chengzhi.workorders.types.retention import (
    REMOVAL_LABELS,
    Due,
    DueRow,
    HoldCard,
    Keeping,
    Kept,
    RetentionRule,
    RunCard,
)

FIRST = 20
# A number that leads to a person has at least seven digits in a row, or an @; what the database
# finds by this is looked at again by `redacted`.
NUMBERS = r"[0-9０-９]([- ]?[0-9０-９]){6}|@"


def in_force(now: datetime) -> Q:
    """Return the condition that a hold stands: not lifted, and its day has not come."""
    stands = Q(until__isnull=True) | Q(until__gt=civil_date(now))
    return Q(lifted_at__isnull=True) & stands


def on_hold(now: datetime) -> Exists:
    """Return whether a work order is on hold."""
    return Exists(LegalHold.objects.filter(in_force(now), order=OuterRef("pk")))


def ripe(rule: RetentionRule, *, county: str, now: datetime) -> QuerySet[WorkOrder]:
    """Return the county's work orders in which a rule finds something whose time has come."""
    ended = Q(county=county, ended_at__lte=now - timedelta(days=rule.keep_days))
    return WorkOrder.objects.filter(ended, _has(rule))


def _has(rule: RetentionRule) -> Q:
    if rule.what is Keeping.REPORTER:
        sent = OutsideRequest.objects.exclude(email="", account_id="", media_url="", attributes={})
        said = ~Q(reporter_name="", reporter_phone="", reporter_wish="")
        return said | Q(pk__in=sent.values("order_id"))
    if rule.what is Keeping.WORDS:
        return Q(description__regex=NUMBERS) | Q(last_reason__regex=NUMBERS)
    if rule.what is Keeping.DESCRIPTION:
        return ~Q(description="")
    return Q(files_gone_at__isnull=True)


def holds_something(order: WorkOrder, rule: RetentionRule) -> bool:
    """Return whether there really is something to remove; the database's answer is coarser."""
    if rule.what is Keeping.WORDS:
        said = (order.description, order.last_reason)
        return any(redacted(text) != text for text in said)
    if rule.what is Keeping.FILES:
        return evidence.erasable_count(order.subject) > 0
    return True


def due_now(actor: Actor, *, now: datetime) -> list[Due]:
    """Return what each rule would remove now: the dry run.

    :raises NotPermitted: the actor does not run retention.
    """
    accounts.permit(actor, Permission.MANAGE_RETENTION)
    rules = retention_rules(on=civil_date(now))
    return [_due(rule, county=actor.county, now=now) for rule in rules]


def _due(rule: RetentionRule, *, county: str, now: datetime) -> Due:
    rows = ripe(rule, county=county, now=now)
    free = rows.exclude(on_hold(now))
    found = [order for order in free.order_by("pk").iterator(500) if holds_something(order, rule)]
    return Due(
        rule=rule,
        action_label=REMOVAL_LABELS[rule.action],
        count=len(found),
        held_count=rows.filter(on_hold(now)).count(),
        first=tuple(_row(order, rule) for order in found[:FIRST]),
    )


def _row(order: WorkOrder, rule: RetentionRule) -> DueRow:
    assert order.ended_at, "only ended work orders are ripe"
    return DueRow(
        id=order.pk,
        code=order.code,
        ended_at=order.ended_at,
        due_at=due_at(rule, order.ended_at),
    )


def holds(
    actor: Actor, *, now: datetime, ended: bool = False, after: int | None = None, size: int = 50
) -> tuple[list[HoldCard], int, int | None]:
    """Return one page of holds, newest first, how many there are, and the next page's key.

    :raises NotPermitted: the actor does not run retention.
    """
    accounts.permit(actor, Permission.MANAGE_RETENTION)
    rows = LegalHold.objects.filter(order__county=actor.county)
    rows = rows.exclude(in_force(now)) if ended else rows.filter(in_force(now))
    found, next_key = newest(rows.select_related("order"), after=after, size=size)
    return _hold_cards(found, now=now), rows.count(), next_key


def _hold_cards(rows: list[LegalHold], *, now: datetime) -> list[HoldCard]:
    refs = {ref for row in rows for ref in (row.placed_by, row.lifted_by) if ref}
    names = accounts.names_of(refs)
    today = civil_date(now)
    return [
        HoldCard(
            id=row.pk,
            order_id=row.order_id,
            code=row.order.code,
            reason=redacted(row.reason),
            placed_by_name=names.get(row.placed_by, row.placed_by),
            placed_at=row.placed_at,
            until=row.until,
            lifted_at=row.lifted_at,
            lifted_by_name=names.get(row.lifted_by, ""),
            is_in_force=row.lifted_at is None and (row.until is None or row.until > today),
        )
        for row in rows
    ]


def runs(actor: Actor, *, after: int | None = None, size: int = 20) -> tuple[list[RunCard], int]:
    """Return the latest runs of the register, newest first, and how many there are.

    :raises NotPermitted: the actor does not run retention.
    """
    accounts.permit(actor, Permission.MANAGE_RETENTION)
    rows = RetentionRun.objects.filter(county=actor.county)
    page = list((rows.filter(pk__lt=after) if after else rows).order_by("-pk")[:size])
    names = accounts.names_of({row.executed_by for row in page})
    return [_run(row, names) for row in page], rows.count()


def _run(row: RetentionRun, names: dict[str, str]) -> RunCard:
    labels = {rule.key: rule.label for rule in retention_rules(on=civil_date(row.executed_at))}
    counts = Counter(RetentionRow.objects.filter(run=row).values_list("rule", flat=True))
    return RunCard(
        id=row.pk,
        batch=row.batch,
        rule_version=row.rule_version,
        executed_at=row.executed_at,
        executed_by_name=names.get(row.executed_by, row.executed_by),
        counts=tuple((labels.get(key, key), count) for key, count in sorted(counts.items())),
        row_count=row.row_count,
        digest=row.digest,
    )


def kept(actor: Actor, found: Record, *, now: datetime) -> Kept:
    """Return what the page of a work order that the actor sees says: its hold, or when what goes."""
    cards: list[HoldCard] = []
    if Hanging.HOLD in found.hanging:
        standing = LegalHold.objects.filter(in_force(now), order=found.row.id)
        cards = _hold_cards(list(standing.select_related("order")), now=now)
    ended = found.row.closed_at
    rules = retention_rules(on=civil_date(now)) if ended else ()
    return Kept(
        hold=cards[0] if cards else None,
        lines=tuple(
            (rule.label, REMOVAL_LABELS[rule.action], due_at(rule, ended))
            for rule in rules
            if ended
        ),
        may_hold=accounts.may(actor, Permission.PLACE_HOLD),
    )
