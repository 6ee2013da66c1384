"""Contexts above say who belongs to their records, and how somebody without account is reached."""

from datetime import datetime

from chengzhi.notifications.types import Contact, FindContact, FindParties, Parties

_PARTIES: dict[str, FindParties] = {}
_CONTACTS: dict[str, FindContact] = {}


def register_parties(kind: str, find: FindParties) -> None:
    """Let a context say who belongs to its subjects of a kind ("workorder"); called at start."""
    _PARTIES[kind] = find


def register_contacts(kind: str, find: FindContact) -> None:
    """Let a context say how references of a kind ("reporter") are reached; called at start."""
    _CONTACTS[kind] = find


def parties_of(subject: str, *, now: datetime) -> Parties | None:
    """Return what a record says of itself, or nothing if nobody knows it."""
    find = _PARTIES.get(subject.partition(":")[0])
    return find(subject, now) if find else None


def contact_of(ref: str) -> Contact | None:
    """Return how somebody without an account is reached, or nothing if nobody knows."""
    find = _CONTACTS.get(ref.partition(":")[0])
    return find(ref) if find else None
