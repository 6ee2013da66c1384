"""What was read once and holds for a while: values in memory, each with the moment it was read."""

from collections.abc import Callable, Hashable, Iterator
from datetime import datetime, timedelta
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Kept(Generic[Key, Value]):
    """Values of one process, at most so many: when full, all are dropped and read again."""

    def __init__(self, *, most: int = 5_000) -> None:
        self.most = most
        self._known: dict[Key, tuple[datetime, Value]] = {}

    def get(self, key: Key, read: Callable[[], Value], *, now: datetime, fresh: timedelta) -> Value:
        """Return the value that was read less than `fresh` ago, or read it now."""
        known = self._known.get(key)
        if known is None or not timedelta() <= now - known[0] < fresh:
            if len(self._known) >= self.most:
                self._known.clear()
            known = self._known[key] = (now, read())
        return known[1]

    def drop(self, key: Key) -> None:
        """Let go of one value."""
        self._known.pop(key, None)

    def clear(self) -> None:
        """Let go of all; tests and changes of what was read call it."""
        self._known.clear()

    def __iter__(self) -> Iterator[Key]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)
