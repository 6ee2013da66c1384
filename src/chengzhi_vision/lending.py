"""Things that many threads use one after the other: lent, given back warm, and closed when worn."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Thing = TypeVar("Thing")


@dataclass(eq=False)
class _Lent(Generic[Key, Thing]):
    key: Key
    thing: Thing
    uses: int = 0


class Lender(Generic[Key, Thing]):
    """Lends what `make` makes for a key; as many exist as are in use at once, and some idle ones."""

    def __init__(
        self, make: Callable[[Key], Thing], *, most_idle: int = 8, most_uses: int | None = None
    ) -> None:
        self._make, self._most_uses = make, most_uses
        self._idle: deque[_Lent[Key, Thing]] = deque(maxlen=most_idle)
        self._lock = Lock()

    @property
    def idle(self) -> int:
        """Return how many wait for work."""
        return len(self._idle)

    @contextmanager
    def lent(self, key: Key) -> Iterator[Thing]:
        """Lend one; one that failed is not used again."""
        one = self._taken(key) or _Lent(key, self._make(key))
        yield one.thing
        one.uses += 1
        if self._most_uses is None or one.uses < self._most_uses:
            with self._lock:
                self._idle.append(one)

    def _taken(self, key: Key) -> _Lent[Key, Thing] | None:
        """Take the one that was used last: its memory is warm."""
        with self._lock:
            found = next((one for one in reversed(self._idle) if one.key == key), None)
            if found is not None:
                self._idle.remove(found)
            return found
