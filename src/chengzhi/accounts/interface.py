"""What other contexts may ask about people and units."""

from django.http import HttpRequest

from chengzhi.accounts.commands import (
    KeyTaken,
    TooManyRequests,
    answer_once,
    authenticate,
    create_person,
    create_unit,
    give_post,
    issue_token,
    limit_rate,
)
from chengzhi.accounts.queries import (
    active_people,
    actor_by_ref,
    actor_of,
    actors_of,
    contacts_of,
    names_of,
    people_holding,
    people_in,
    person_ref,
    staff_of,
    unit_refs,
)
from chengzhi.accounts.rules import NotPermitted, TokenRefused, may, permit, require
from chengzhi.accounts.types import Actor, Role


def acting(request: HttpRequest) -> Actor:
    """Return the signed-in actor of a request behind `login_required`."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def system_actor(name: str, *, division: str) -> Actor:
    """Return the actor under which a worker acts ("deadlines" becomes `system:deadlines`)."""
    return Actor(
        ref=f"system:{name}", name="系统", roles=frozenset({Role.SYSTEM}), division=division
    )


__all__ = [
    "KeyTaken",
    "NotPermitted",
    "TokenRefused",
    "TooManyRequests",
    "acting",
    "active_people",
    "actor_by_ref",
    "answer_once",
    "actor_of",
    "actors_of",
    "authenticate",
    "contacts_of",
    "create_person",
    "create_unit",
    "give_post",
    "issue_token",
    "limit_rate",
    "may",
    "names_of",
    "people_holding",
    "people_in",
    "permit",
    "person_ref",
    "require",
    "staff_of",
    "system_actor",
    "unit_refs",
]
