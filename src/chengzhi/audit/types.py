"""Values of the event log."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One event as a reader sees it."""

    id: int
    name: str
    label: str
    sentence: str
    subject: str
    seq: int
    actor: str
    happened_at: datetime
    data: dict[str, Any]
    hash: str


@dataclass(frozen=True, kw_only=True)
class Delivered:
    """An event on its way to a reaction. `id` is stable: use it to act only once."""

    id: int
    subject: str
    actor: str
    happened_at: datetime
    event: Any


@dataclass(frozen=True, kw_only=True)
class Break:
    """The first row at which a subject's chain no longer holds."""

    event_id: int
    subject: str
    seq: int
    reason: str
