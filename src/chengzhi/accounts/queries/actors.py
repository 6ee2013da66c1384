"""Who somebody is on a day, and what references are called."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import Q

from chengzhi.accounts.models import Person, Post, Unit
from chengzhi.accounts.rules import NotPermitted
from chengzhi.accounts.types import Actor, Role
from chengzhi.audit.interface import Statement


def actor_of(person: Person, *, on: date) -> Actor:
    """Return the actor that a person is on a day, from the posts that hold then."""
    held = _POSTS.rows(person.pk, on)
    _role, unit, division = held[0] if held else ("", person.unit.code, person.unit.division)
    return Actor(
        ref=person.ref,
        name=person.name,
        roles=frozenset(Role(role) for role, *_ in held),
        unit=unit,
        division=division,
    )


_POSTS: Statement[tuple[str, str, str]] = Statement(
    lambda person, on: Post.objects.filter(holding(on), person=person).values_list(
        "role", "person__unit__code", "person__unit__division"
    )
)


def person_by_key(key: int) -> Person | None:
    """Return a person with the unit, as every request asks for its own."""
    return _PEOPLE.row(key)


_PEOPLE: Statement[Person] = Statement(
    lambda key: Person.objects.select_related("unit").filter(pk=key)
)


def actor_by_ref(ref: str, *, on: date) -> Actor:
    """Return the actor behind "person:12" on a day: for work that goes on after the request.

    :raises NotPermitted: the person has left.
    """
    number = ref.removeprefix("person:")
    people = Person.objects.filter(pk=number if number.isdecimal() else 0, is_active=True)
    person = people.select_related("unit").first()
    if person is None:
        raise NotPermitted("申请人已停用，不能再以其名义办理。")
    return actor_of(person, on=on)


def roles_of(person_id: int, *, on: date) -> frozenset[Role]:
    """Return the roles a person holds on a day."""
    held = Post.objects.filter(holding(on), person=person_id)
    return frozenset(Role(role) for role in held.values_list("role", flat=True))


def actors_of(county: str, *, on: date, named: str = "", exactly: bool = False) -> list[Actor]:
    """Return the county's active people as actors, those whose name begins with a text."""
    rows = Person.objects.filter(is_active=True, unit__division__startswith=county)
    rows = rows.filter(**{"name" if exactly else "name__startswith": named} if named else {})
    people = list(rows.select_related("unit").order_by("name", "pk"))
    held: dict[int, set[Role]] = defaultdict(set)
    for person, role in Post.objects.filter(holding(on), person__in=people).values_list(
        "person", "role"
    ):
        held[person].add(Role(role))
    return [
        Actor(
            ref=person.ref,
            name=person.name,
            roles=frozenset(held[person.pk]),
            unit=person.unit.code,
            division=person.unit.division,
        )
        for person in people
    ]


def holding(on: Any) -> Q:
    """Return the condition that a post holds on a day."""
    return Q(valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gt=on))


def names_of(refs: Collection[str]) -> dict[str, str]:
    """Return the names behind "person:12" and "unit:S01"; an unknown one is its own name."""
    found = dict.fromkeys(refs, "")
    ids = [ref[7:] for ref in refs if ref.startswith("person:") and ref[7:].isdecimal()]
    codes = [ref[5:] for ref in refs if ref.startswith("unit:")]
    if ids:
        found |= {f"person:{pk}": name for pk, name in _NAMES.rows(*map(int, ids))}
    if codes:
        units = Unit.objects.filter(code__in=codes).values_list("code", "name")
        found |= {f"unit:{code}": name for code, name in units}
    return {ref: name or ref for ref, name in found.items()}


_NAMES: Statement[tuple[int, str]] = Statement(
    lambda *keys: Person.objects.filter(pk__in=keys).values_list("pk", "name")
)


def people_named(text: str) -> set[str]:
    """Return the references of the people who bear a name or username."""
    found = Person.objects.filter(Q(name=text) | Q(username=text)).values_list("pk", flat=True)
    return {f"person:{pk}" for pk in found}


def person_ref(username: str) -> str | None:
    """Return the reference of a person by username, or nothing."""
    person = Person.objects.filter(username=username).first()
    return person.ref if person else None
