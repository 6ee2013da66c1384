"""The routing rules as people read them: what, where, when, by whom, since when."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Q

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor
from chengzhi.workorders.models import RoutingLayer, RoutingRule
from chengzhi.workorders.queries.directory import Directory, directory, named_rows
from chengzhi.workorders.rules.limits import civil_date
from chengzhi.workorders.rules.routing import (
    READERS,
    WRITERS,
    Rank,
    place_text,
    rank,
    time_text,
)
from chengzhi.workorders.types import LayerCard, RuleBook, RuleCard

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
    in_force = rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on)).order_by("pk")
    cards = sorted(_cards(in_force, known, actor.county, on=on), key=_asked_at)
    return RuleBook(
        in_force=tuple(cards),
        ended=tuple(_cards(older[:size], known, actor.county, on=on)),
        ended_count=ended.count(),
        next_key=older[size - 1].pk if len(older) > size else None,
    )


def _asked_at(card: RuleCard) -> Rank:
    return rank(card.row)


def _cards(
    rules: Iterable[RoutingRule], known: Directory, county: str, *, on: date
) -> list[RuleCard]:
    rules = list(rules)
    rows = named_rows(rules, county=county, on=on)
    return [
        RuleCard(
            row=row,
            matter_name=row.matter_name or row.matter_prefix,
            area_name=row.area_name or row.area_prefix,
            kind_name=row.kind_name,
            unit_name=known.unit_name(row.unit),
            is_unit_gone=row.unit not in known.handlers,
            valid_from=rule.valid_from,
            valid_to=rule.valid_to,
            place_text=place_text(row),
            time_text=time_text(row),
            is_layer_missing=bool(row.layer) and row.layer not in known.layers,
        )
        for rule, row in zip(rules, rows, strict=True)
    ]


def layers(actor: Actor, *, now: datetime) -> list[LayerCard]:
    """Return the polygons that are loaded, by name, with how many rules name each.

    :raises NotPermitted: the actor may not read them.
    """
    accounts.require(actor, *READERS)
    named = [row.layer for row in directory(actor.county, now=now).rules if row.layer]
    rows = RoutingLayer.objects.filter(county=actor.county).order_by("title")
    return [
        LayerCard(
            id=layer.pk,
            title=layer.title,
            loaded_on=civil_date(layer.loaded_at),
            rule_count=named.count(layer.title),
        )
        for layer in rows
    ]


def missing_layers(actor: Actor, *, now: datetime) -> list[str]:
    """Return the names of polygons that rules name and nobody has loaded."""
    known = directory(actor.county, now=now)
    return sorted({row.layer for row in known.rules if row.layer} - set(known.layers))
