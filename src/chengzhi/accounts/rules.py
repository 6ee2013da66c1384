"""Who may: pure answers from an actor and a role."""

from chengzhi.accounts.types import ROLE_LABELS, Actor, Role
from chengzhi.kernel.errors import DomainError


class NotPermitted(DomainError):
    """The actor does not hold the role that the deed asks for."""

    code = "not-permitted"
    status = 403


def require(actor: Actor, *roles: Role | str) -> None:
    """Refuse unless the actor holds one of the roles.

    :raises NotPermitted: the actor holds none of them; the sentence names who may.
    """
    if not actor.roles.isdisjoint(roles):
        return
    needed = "、".join(ROLE_LABELS[Role(role)] for role in roles)
    raise NotPermitted(
        f"此操作须由{needed}办理，{actor.name}没有这一岗位。请转交或联系系统管理员。"
    )
