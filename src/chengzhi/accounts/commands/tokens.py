"""Tokens are issued once in plain text, kept as hashes, checked at every call, revoked."""

import secrets
from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from chengzhi.accounts.commands.known import FRESH, Known, forget_known, keep, known
from chengzhi.accounts.events import TokenIssued, TokenRevoked
from chengzhi.accounts.models import Person, Token
from chengzhi.accounts.queries import access_person, actor_of
from chengzhi.accounts.queries.tokens import visible_tokens
from chengzhi.accounts.rules import (
    LAST_USED_STEP,
    LONGEST_TOKEN,
    TOKEN_PREFIX,
    TokenRefused,
    needs_note,
    permit,
    token_digest,
)
from chengzhi.accounts.types import Actor, Issued, Permission, Role, TokenScope
from chengzhi.audit import interface as audit
from chengzhi.kernel.errors import InvalidInput, NotVisible


@transaction.atomic
def issue_token(
    *,
    name: str,
    scopes: Collection[TokenScope],
    expires_at: datetime,
    person_id: int | None = None,
    actor: Actor,
    now: datetime,
) -> Issued:
    """Issue a token for a person, or for a machine of the actor's county.

    :raises InvalidInput: no name, no scope, or an end in the past or over a year away.
    :raises NotPermitted: the actor may not issue tokens.
    """
    permit(actor, Permission.ISSUE_TOKENS)
    _refuse_bad_token(name, scopes, expires_at, now)
    person = access_person(actor, person_id) if person_id is not None else None
    plain = TOKEN_PREFIX + secrets.token_urlsafe(32)
    token = Token.objects.create(
        name=name.strip(),
        digest=token_digest(plain),
        scopes=" ".join(sorted(scope.value for scope in scopes)),
        person=person,
        division=person.unit.division if person else actor.county,
        created_at=now,
        expires_at=expires_at,
    )
    audit.record(_issued(token, person), subject=_subject(token), actor=actor.ref, at=now)
    return Issued(id=token.pk, plain=plain, expires_at=expires_at)


@transaction.atomic
def revoke_token(token_id: int, *, actor: Actor, now: datetime) -> None:
    """End a token at once.

    :raises InvalidInput: it was revoked before.
    :raises NotVisible: there is no such token, or not for this actor.
    """
    permit(actor, Permission.ISSUE_TOKENS)
    token = visible_tokens(actor).select_for_update().filter(pk=token_id).first()
    if token is None:
        raise NotVisible("没有这个令牌，或者您无权查看。")
    if token.revoked_at is not None:
        raise InvalidInput(f"令牌“{token.name}”已经吊销。", field="token")
    token.revoked_at = now
    token.save(update_fields=["revoked_at"])
    forget_known()
    audit.record(TokenRevoked(title=token.name), subject=_subject(token), actor=actor.ref, at=now)


def authenticate(plain: str, *, scope: str, now: datetime) -> Actor:
    """Return the actor behind a token: its person, or a machine of its county.

    The answer holds for `known.FRESH`, five seconds; see there who may be let in too long.

    :raises TokenRefused: the token is unknown, expired, revoked, or not for this scope.
    """
    digest = token_digest(plain)
    return known(digest, scope=scope, now=now) or _looked_up(digest, scope, now)


def _looked_up(digest: str, scope: str, now: datetime) -> Actor:
    token = Token.objects.select_related("person__unit").filter(digest=digest).first()
    _refuse_dead(token, scope, now)
    assert token, "a missing token was refused"
    if needs_note(token.last_used_at, now=now):
        Token.objects.filter(pk=token.pk).update(last_used_at=now)
    actor = _actor_behind(token, now)
    note_due = (token.last_used_at or now) + LAST_USED_STEP
    until = min(now + FRESH, token.expires_at, note_due)
    keep(digest, Known(actor=actor, scopes=tuple(token.scopes.split()), since=now, until=until))
    return actor


def _actor_behind(token: Token, now: datetime) -> Actor:
    if token.person:
        return actor_of(token.person, on=timezone.localdate(now))
    return Actor(
        ref=f"system:{token.name}",
        name=token.name,
        roles=frozenset({Role.SYSTEM}),
        division=token.division,
    )


def _refuse_dead(token: Token | None, scope: str, now: datetime) -> None:
    if token is None or token.revoked_at is not None:
        raise TokenRefused("令牌无效或已吊销，请向系统管理员申请新令牌。")
    if token.expires_at <= now:
        raise TokenRefused(f"令牌“{token.name}”已过期，请向系统管理员申请新令牌。")
    if scope not in token.scopes.split():
        raise TokenRefused(f"令牌“{token.name}”不能用于此接口，请申请含 {scope} 权限的令牌。")
    if token.person and not token.person.is_active:
        raise TokenRefused(f"令牌“{token.name}”的持有人已停用，请向系统管理员申请新令牌。")


def _refuse_bad_token(
    name: str, scopes: Collection[TokenScope], expires_at: datetime, now: datetime
) -> None:
    if not name.strip() or len(name.strip()) > 60:
        raise InvalidInput("请写明令牌用途，最多 60 字，例如“一号识别机”。", field="name")
    if not scopes:
        raise InvalidInput("请至少选择一项权限。", field="scopes")
    if not now < expires_at <= now + LONGEST_TOKEN:
        raise InvalidInput("失效时间须在今后一年之内，请重新填写。", field="expires_at")


def _issued(token: Token, person: Person | None) -> TokenIssued:
    return TokenIssued(
        title=token.name,
        scopes=token.scopes,
        holder=person.ref if person else "",
        expires_at=token.expires_at.isoformat(),
    )


def _subject(token: Token) -> str:
    return f"token:{token.pk}"
