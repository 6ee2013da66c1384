"""Reads of units."""

from django.db.models import QuerySet

from chengzhi.accounts.models import Unit
from chengzhi.accounts.types import Actor, UnitKind, UnitRef


def visible_units(actor: Actor) -> QuerySet[Unit]:
    """Return the units of the actor's own county."""
    if not actor.county:
        return Unit.objects.none()
    return Unit.objects.filter(division__startswith=actor.county)


def unit_refs(*, county: str) -> list[UnitRef]:
    """Return the county's units, in order of code."""
    rows = Unit.objects.filter(division__startswith=county).select_related("parent")
    return [_unit_ref(unit) for unit in rows.order_by("code")]


def unit_cards(actor: Actor) -> list[UnitRef]:
    """Return the units the actor may see, in order of code, closed ones included."""
    return [
        _unit_ref(unit) for unit in visible_units(actor).select_related("parent").order_by("code")
    ]


def _unit_ref(unit: Unit) -> UnitRef:
    return UnitRef(
        code=unit.code,
        name=unit.name,
        kind=UnitKind(unit.kind),
        division=unit.division,
        parent=unit.parent.code if unit.parent else "",
        closed_on=unit.closed_on,
    )
