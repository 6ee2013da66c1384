"""Reads of people, units, posts and tokens."""

from chengzhi.accounts.queries.actors import actor_of, names_of, person_ref, roles_of
from chengzhi.accounts.queries.people import (
    access_person,
    people,
    people_in,
    person_card,
    visible_people,
)
from chengzhi.accounts.queries.tokens import tokens
from chengzhi.accounts.queries.units import unit_cards, unit_refs, visible_units

__all__ = [
    "access_person",
    "actor_of",
    "names_of",
    "people",
    "people_in",
    "person_card",
    "person_ref",
    "roles_of",
    "tokens",
    "unit_cards",
    "unit_refs",
    "visible_people",
    "visible_units",
]
