"""Who may: pure answers from an actor, a role and a permission."""

import hashlib
from datetime import datetime, timedelta

from chengzhi.accounts.types import (
    PERMISSION_SENTENCES,
    ROLE_LABELS,
    ROLE_PERMISSIONS,
    ROLE_SCOPES,
    Actor,
    Permission,
    Role,
    Scope,
)
from chengzhi.kernel.errors import DomainError

TOKEN_PREFIX = "cz_"
LONGEST_TOKEN = timedelta(days=366)
LAST_USED_STEP = timedelta(minutes=1)

SCOPE_LABELS: dict[Scope, str] = {
    Scope.COUNTY: "全县",
    Scope.DIVISION: "本镇街",
    Scope.UNIT: "本机构",
    Scope.OWN: "本人经手",
    Scope.NOTHING: "无",
}


class NotPermitted(DomainError):
    """The actor does not hold the role that the deed asks for."""

    code = "not-permitted"
    status = 403


class TokenRefused(DomainError):
    """The token is unknown, expired, revoked, or not for these addresses."""

    code = "token-refused"
    status = 401


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


def may(actor: Actor, permission: Permission) -> bool:
    """Return whether one of the actor's roles carries the permission."""
    return any(permission in ROLE_PERMISSIONS[role] for role in actor.roles)


def permit(actor: Actor, permission: Permission) -> None:
    """Refuse unless one of the actor's roles carries the permission.

    :raises NotPermitted: none does; the sentence names the permission and who holds it.
    """
    if may(actor, permission):
        return
    needed = "、".join(ROLE_LABELS[role] for role in holders(permission))
    raise NotPermitted(
        f"“{PERMISSION_SENTENCES[permission]}”须由{needed}办理，"
        f"{actor.name}没有这一岗位。请转交或联系系统管理员。"
    )


def holders(permission: Permission) -> list[Role]:
    """Return the roles of people that carry a permission."""
    return [r for r in Role if r is not Role.SYSTEM and permission in ROLE_PERMISSIONS[r]]


def token_digest(plain: str) -> str:
    """Return what is kept of a token: 256 random bits need no slow hash."""
    return hashlib.sha256(plain.encode()).hexdigest()


def needs_note(last_used_at: datetime | None, *, now: datetime) -> bool:
    """Return whether a token's last use is worth a write: once a minute at most."""
    return last_used_at is None or now - last_used_at >= LAST_USED_STEP


def permissions_page() -> str:
    """Return docs/permissions.md: roles with their scope, permissions with their holders."""
    lines = ["# Permissions", "", "Made from `accounts/types.py`; do not edit.", ""]
    lines += ["## Roles", "", "| role | 岗位 | sees | permissions |", "|---|---|---|---|"]
    lines += [_role_row(role) for role in Role]
    lines += ["", "## Permissions", "", "| permission | 内容 | roles |", "|---|---|---|"]
    lines += [_permission_row(permission) for permission in Permission]
    return "\n".join(lines) + "\n"


def _role_row(role: Role) -> str:
    held = ", ".join(f"`{p}`" for p in Permission if p in ROLE_PERMISSIONS[role]) or "—"
    scope = ROLE_SCOPES[role]
    return f"| `{role}` | {ROLE_LABELS[role]} | `{scope}` {SCOPE_LABELS[scope]} | {held} |"


def _permission_row(permission: Permission) -> str:
    held = ", ".join(f"`{role}`" for role in Role if permission in ROLE_PERMISSIONS[role])
    return f"| `{permission}` | {PERMISSION_SENTENCES[permission]} | {held} |"
