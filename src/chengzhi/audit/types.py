"""Values of the event log."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

Progress = Callable[[int, int], None]
"""Told (rows done, rows in all) while a long walk goes on."""

Names = Callable[[Collection[str]], Mapping[str, str]]
"""Returns the names of references such as "person:12"."""


Find = Callable[[str], Collection[str]]
"""Returns the references of whoever bears a name."""


class Reader(Protocol):
    """Who asks for the log; `accounts.Actor` is one (this context lies below accounts)."""

    @property
    def ref(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def roles(self) -> Collection[str]: ...
    @property
    def county(self) -> str: ...


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
    actor_name: str
    happened_at: datetime
    data: dict[str, Any]
    algorithm: str
    previous: str
    hash: str


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What a reader asks the list for; empty means everything. The period is half-open."""

    subject: str = ""
    actor: str = ""
    name: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Page:
    """One page of entries, newest first, and the key at which the next page starts."""

    entries: tuple[Entry, ...]
    count: int
    next_key: int | None


@dataclass(frozen=True, kw_only=True)
class DeadLetter:
    """An event whose reactions failed for good, until somebody retries it (死信)."""

    id: int
    name: str
    label: str
    subject: str
    happened_at: datetime
    attempts: int
    given_up_at: datetime
    failure: str

    @property
    def last_line(self) -> str:
        """The failure in one line."""
        lines = self.failure.strip().splitlines()
        return lines[-1] if lines else "—"


@dataclass(frozen=True, kw_only=True)
class Delivered:
    """An event on its way to a reaction. `id` is stable: use it to act only once.

    `now` is when it is delivered, which may be long after it happened.

    `event` is the registered dataclass again, with the values JSON keeps: a time is its ISO
    text, a tuple a list.
    """

    id: int
    subject: str
    actor: str
    happened_at: datetime
    event: Any
    now: datetime


Reactions = Mapping[str, Collection[Callable[[Delivered], None]]]


@dataclass(frozen=True, kw_only=True)
class Drained:
    """What one drain of the outbox did."""

    handled: int = 0
    silent: int = 0
    postponed: int = 0
    given_up: int = 0

    @property
    def is_idle(self) -> bool:
        """Whether there was nothing to do."""
        return not (self.handled or self.silent or self.postponed or self.given_up)


@dataclass(frozen=True, kw_only=True)
class Link:
    """The fields of one row that may never change."""

    id: int
    name: str
    subject: str
    seq: int
    actor: str
    data: str
    happened_at: datetime
    previous: str
    algorithm: str
    hash: str


@dataclass(frozen=True, kw_only=True)
class Anchor:
    """A checkpoint of the log: every row up to `last_id`, counted and digested (存证点)."""

    id: int
    after_id: int
    last_id: int
    count: int
    digest: str
    algorithm: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Break:
    """The first row, or stretch of rows, at which the log no longer holds."""

    event_id: int
    subject: str
    seq: int
    reason: str

    @property
    def sentence(self) -> str:
        """The finding for people: it names the row."""
        return f"第 {self.event_id} 行（{self.subject} 的第 {self.seq} 步）：{self.reason}"


@dataclass(frozen=True, kw_only=True)
class Outbox:
    """Events that wait for their reactions."""

    waiting: int
    oldest_s: float
