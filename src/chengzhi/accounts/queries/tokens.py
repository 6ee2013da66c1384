"""Reads of tokens."""

from django.db.models import QuerySet

from chengzhi.accounts.models import Token
from chengzhi.accounts.types import Actor, TokenCard, TokenScope


def visible_tokens(actor: Actor) -> QuerySet[Token]:
    """Return the tokens of the actor's own county."""
    if not actor.county:
        return Token.objects.none()
    return Token.objects.filter(division__startswith=actor.county)


def tokens(actor: Actor) -> list[TokenCard]:
    """Return the tokens of the actor's county, the latest first."""
    rows = visible_tokens(actor).select_related("person").order_by("-pk")
    return [_card(token) for token in rows]


def _card(token: Token) -> TokenCard:
    return TokenCard(
        id=token.pk,
        name=token.name,
        scopes=tuple(TokenScope(scope) for scope in token.scopes.split()),
        holder=token.person.name if token.person else "系统",
        created_at=token.created_at,
        expires_at=token.expires_at,
        revoked_at=token.revoked_at,
        last_used_at=token.last_used_at,
    )
