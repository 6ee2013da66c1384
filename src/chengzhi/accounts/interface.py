"""What other contexts may ask about people and units."""

from chengzhi.accounts.queries import actor_of, people_in, unit_refs
from chengzhi.accounts.rules import NotPermitted, require
from chengzhi.accounts.types import Actor, Role


def system_actor(name: str, *, division: str) -> Actor:
    """Return the actor under which a worker acts ("deadlines" becomes `system:deadlines`)."""
    return Actor(
        ref=f"system:{name}", name="系统", roles=frozenset({Role.SYSTEM}), division=division
    )


__all__ = [
    "NotPermitted",
    "actor_of",
    "people_in",
    "require",
    "system_actor",
    "unit_refs",
]
