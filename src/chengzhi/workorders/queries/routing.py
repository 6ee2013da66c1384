"""The routing rules as people read them: what, where, by whom, since when."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db.models import Q

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor
from chengzhi.places import interface as places
from chengzhi.standards import store
from chengzhi.standards.store import Standards
from chengzhi.workorders.models import RoutingRule
from chengzhi.workorders.queries.directory import Directory, directory
from chengzhi.workorders.rules.limits import civil_date
from chengzhi.workorders.rules.routing import READERS, WRITERS, rank
from chengzhi.workorders.types import RoutingRow, RuleBook, RuleCard

SIZE = 50


def may_read_routing(actor: Actor) -> bool:
    """Return whether the actor may read the routing rules."""
    return not actor.roles.isdisjoint(READERS)


def may_change_routing(actor: Actor) -> bool:
    """Return whether the actor may add and end routing rules."""
    return not actor.roles.isdisjoint(WRITERS)


def rule_book(actor: Actor, *, now: datetime, after: int = 0, size: int = SIZE) -> RuleBook:
    """Return the rules in force in the order of asking, and a page of ended ones, newest first.

    :raises NotPermitted: the actor may not read them.
    """
    accounts.require(actor, *READERS)
    on = civil_date(now)
    rows = RoutingRule.objects.filter(county=actor.county)
    ended = rows.filter(valid_to__lte=on).order_by("-pk")
    older = list((ended.filter(pk__lt=after) if after else ended)[: size + 1])
    known = directory(actor.county, now=now)
    in_force = [row for row in rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on))]
    areas = area_names(actor.county, towns=known.towns)
    cards = sorted((_card(row, known, areas, on=on) for row in in_force), key=_asked_at)
    return RuleBook(
        in_force=tuple(cards),
        ended=tuple(_card(row, known, areas, on=on) for row in older[:size]),
        ended_count=ended.count(),
        next_key=older[size - 1].pk if len(older) > size else None,
    )


def _asked_at(card: RuleCard) -> tuple[int, int, bool, int]:
    return rank(card.row)


def _card(row: RoutingRule, known: Directory, areas: Mapping[str, str], *, on: date) -> RuleCard:
    standards = store.current()
    kinds = {kind.code: kind.name for kind in standards.handler_kinds(on=on)}
    return RuleCard(
        row=RoutingRow(
            id=row.pk,
            matter_prefix=row.matter_prefix,
            area_prefix=row.area_prefix,
            handler_kind=row.handler_kind,
            unit=row.unit,
            note=row.note,
        ),
        matter_name=matter_name(standards, row.matter_prefix, on=on),
        area_name=areas.get(row.area_prefix, row.area_prefix),
        kind_name=kinds.get(row.handler_kind, row.handler_kind),
        unit_name=known.unit_name(row.unit),
        is_unit_gone=row.unit not in known.handlers,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
    )


def matter_name(standards: Standards, prefix: str, *, on: date) -> str:
    """Return the name of a class (2 digits) or a matter (5), with its code; nothing for all."""
    rows = [row for row in standards.matters(on=on) if prefix and row.code.startswith(prefix)]
    if not rows:
        return prefix
    if len(prefix) == 5:
        return f"{prefix} {rows[0].name}"
    return f"{prefix} {rows[0].major_name}" if len(prefix) == 2 else prefix


def area_names(county: str, *, towns: Mapping[str, str]) -> dict[str, str]:
    """Return the names of the county's towns, communities and patrol grids by code."""
    divisions = {row.code: row.name for row in places.divisions(county)}
    grids = {
        grid.code: f"{towns.get(grid.town, '')} {grid.name}".strip()
        for grid in places.grid_refs(county)
    }
    return divisions | grids
