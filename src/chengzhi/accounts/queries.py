"""Reads of people and units."""

from datetime import date

from django.db.models import Q

from chengzhi.accounts.models import Person, Post, Unit
from chengzhi.accounts.types import Actor, PersonRef, Role, UnitKind, UnitRef


def actor_of(person: Person, *, on: date) -> Actor:
    """Return the actor that a person is on a day, from the posts that hold then."""
    return Actor(
        ref=person.ref,
        name=person.name,
        roles=roles_of(person.pk, on=on),
        unit=person.unit.code,
        division=person.unit.division,
    )


def roles_of(person_id: int, *, on: date) -> frozenset[Role]:
    """Return the roles a person holds on a day."""
    held = Post.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on))
    return frozenset(
        Role(role)
        for role in held.filter(person=person_id, valid_from__lte=on).values_list("role", flat=True)
    )


def unit_refs(*, county: str) -> list[UnitRef]:
    """Return the county's units, in order of code."""
    rows = Unit.objects.filter(division__startswith=county).select_related("parent")
    return [_unit_ref(unit) for unit in rows.order_by("code")]


def _unit_ref(unit: Unit) -> UnitRef:
    return UnitRef(
        code=unit.code,
        name=unit.name,
        kind=UnitKind(unit.kind),
        division=unit.division,
        parent=unit.parent.code if unit.parent else "",
    )


def people_in(unit: str, *, on: date) -> list[PersonRef]:
    """Return the active people of a unit with the roles they hold on a day."""
    rows = Person.objects.filter(unit__code=unit, is_active=True).order_by("pk")
    return [PersonRef(ref=p.ref, name=p.name, unit=unit, roles=roles_of(p.pk, on=on)) for p in rows]
