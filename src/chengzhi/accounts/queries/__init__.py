"""Reads of people, units, posts and tokens."""

from chengzhi.accounts.queries.actors import (
    actor_by_ref,
    actor_of,
    actors_of,
    names_of,
    people_named,
    person_ref,
    roles_of,
)
from chengzhi.accounts.queries.people import (
    access_person,
    active_people,
    contacts_of,
    own_card,
    people,
    people_holding,
    people_in,
    person_card,
    person_for_session,
    person_history,
    preferences,
    recent_sign_ins,
    staff_of,
    username_of,
    visible_people,
)
from chengzhi.accounts.queries.tokens import tokens
from chengzhi.accounts.queries.units import unit_cards, unit_refs, visible_units

__all__ = [
    "access_person",
    "active_people",
    "actor_by_ref",
    "actor_of",
    "contacts_of",
    "actors_of",
    "names_of",
    "own_card",
    "people",
    "people_holding",
    "people_in",
    "people_named",
    "person_card",
    "person_for_session",
    "person_history",
    "person_ref",
    "preferences",
    "recent_sign_ins",
    "roles_of",
    "staff_of",
    "tokens",
    "unit_cards",
    "unit_refs",
    "username_of",
    "visible_people",
    "visible_units",
]
