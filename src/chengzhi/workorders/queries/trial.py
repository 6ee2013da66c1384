"""A dry run: where the work orders of the last weeks would have gone under other rules."""

from collections import Counter
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from chengzhi.accounts.types import Actor
from chengzhi.places.types import Located
from chengzhi.workorders.models import RoutingRule
from chengzhi.workorders.queries.access import visible_to
from chengzhi.workorders.queries.directory import Directory, directory, named_rows
from chengzhi.workorders.rules.limits import civil_date
from chengzhi.workorders.rules.routing import Book, compile_book
from chengzhi.workorders.rules.words import code_text
from chengzhi.workorders.types import DryRun, Moved, RoutingRow, RuleDraft, Spot

WINDOW = timedelta(days=30)
SHOWN = 50
LAST = 2**31  # a rule that is not written yet comes after all others of its rank
FIELDS = (
    "pk", "year", "matter_code", "matter_name", "address", "condition_number", "handler_kind",
    "lon", "lat", "cell", "grid", "town", "community", "squad", "road", "filed_at", "reported_at",
)  # fmt: skip


def draft_row(draft: RuleDraft, county: str, *, now: datetime, number: int = 0) -> RoutingRow:
    """Return a rule that is not written yet as the rules are asked."""
    rule = RoutingRule(county=county, **{**asdict(draft), "valid_from": draft.valid_from})
    row = named_rows([rule], county=county, on=civil_date(now))[0]
    return replace(row, id=LAST + number)


def trial(
    actor: Actor,
    *,
    now: datetime,
    add: tuple[RoutingRow, ...] = (),
    end: frozenset[int] = frozenset(),
) -> DryRun:
    """Return what a change of rules would have meant for what was filed in the last 30 days."""
    known = directory(actor.county, now=now)
    kept = [row for row in known.rules if row.id not in end]
    touched = [*add, *(row for row in known.rules if row.id in end)]
    after = compile_book([*kept, *add])
    return _compared(actor, known, after, _narrowed(touched), now=now)


def _narrowed(touched: list[RoutingRow]) -> Q:
    """Only what a changed rule could be about needs to be asked."""
    asked = Q(pk__in=())
    for row in touched:
        one = Q(matter_code__startswith=row.matter_prefix)
        asked |= one & Q(handler_kind=row.handler_kind) if row.handler_kind else one
    return asked


def _compared(actor: Actor, known: Directory, after: Book, narrowed: Q, *, now: datetime) -> DryRun:
    since = now - WINDOW
    filed = visible_to(actor).filter(reported_at__gte=since, filed_at__isnull=False)
    moves: Counter[tuple[str, str]] = Counter()
    examples: list[Moved] = []
    rows = filed.filter(narrowed).order_by("-reported_at", "-pk").values(*FIELDS)
    for row in rows.iterator(chunk_size=2000):
        spot = _spot(row)
        was, to = known.answer(spot, known.book), known.answer(spot, after)
        if was.unit == to.unit:
            continue
        moves[(was.unit_name, to.unit_name)] += 1
        if len(examples) < SHOWN:
            examples.append(_moved(row, was.unit_name, to.unit_name))
    return DryRun(
        since=civil_date(since),
        looked=filed.count(),
        moves=tuple((was, to, count) for (was, to), count in moves.most_common()),
        examples=tuple(examples),
    )


def _spot(row: dict[str, Any]) -> Spot:
    names = ("cell", "grid", "town", "community", "squad", "road")
    return Spot(
        matter=row["matter_code"],
        place=Located(**{name: row[name] for name in names}),
        at=row["filed_at"] or row["reported_at"],
        handler_kind=row["handler_kind"],
        condition_number=row["condition_number"],
        lon=row["lon"],
        lat=row["lat"],
    )


def _moved(row: dict[str, Any], was: str, to: str) -> Moved:
    return Moved(
        id=row["pk"],
        code=code_text(row["year"], row["pk"]),
        matter_name=row["matter_name"],
        address=row["address"],
        was=was,
        now=to,
    )
