"""A few at a time: those that wait are let in by priority, then by age."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from threading import Lock


class Turns:
    """Lets a few threads in at a time; the important camera first."""

    def __init__(self, *, threads: int = 1) -> None:
        self._free, self._number = threads, count()
        self._waiting: list[tuple[int, int, Lock]] = []
        self._lock = Lock()

    @property
    def waiting(self) -> int:
        """Return how many wait."""
        return len(self._waiting)

    @contextmanager
    def turn(self, *, priority: int) -> Iterator[None]:
        """Wait for a turn, and pass it on afterwards."""
        self._enter(priority)
        try:
            yield
        finally:
            self._leave()

    def _enter(self, priority: int) -> None:
        with self._lock:
            if self._free > 0:
                self._free -= 1
                return
            gate = Lock()
            gate.acquire()
            heapq.heappush(self._waiting, (-priority, next(self._number), gate))
        gate.acquire()  # opened by whoever leaves

    def _leave(self) -> None:
        with self._lock:
            if self._waiting:
                heapq.heappop(self._waiting)[2].release()
            else:
                self._free += 1
