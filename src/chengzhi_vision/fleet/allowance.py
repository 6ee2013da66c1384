"""Closer looks at a steady pace: a stay that reaches its dwell waits a moment, not everybody's pictures.

After a start all that stands there reaches its dwell at once. Looking at everything closely in that
minute would cost the pictures of all cameras; so those who wait are let through one by one.
"""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock

BURST = 20.0  # looks that may be taken at once after a quiet time
GIVEN_UP_S = 10.0  # who has not asked for so long no longer waits
ABREAST = 8  # of those who wait longest may go: each asks at its own next picture only


@dataclass
class _Waiting:
    since: float
    asked_at: float


class Allowance:
    """Looks that may be taken, so many a second; safe to use from several threads."""

    def __init__(self, *, per_s: float) -> None:
        self.per_s = per_s
        self._left, self._at = BURST, float("-inf")
        self._waiting: dict[object, _Waiting] = {}
        self._lock = Lock()

    def asks(self, who: object, *, at: float) -> bool:
        """Tell whether somebody may look closely now; who may not asks again."""
        with self._lock:
            self._refill(at)
            self._waiting.setdefault(who, _Waiting(at, at)).asked_at = self._at
            if self._left <= 0 or not self._is_next(who):
                return False
            del self._waiting[who]
            return True

    def spend(self) -> None:
        """Count a look that was taken."""
        with self._lock:
            self._left -= 1

    @property
    def waiting(self) -> int:
        """Return how many wait."""
        return len(self._waiting)

    def _refill(self, at: float) -> None:
        if self._at == float("-inf"):
            self._at = at
        elapsed, self._at = max(at - self._at, 0.0), max(at, self._at)
        self._left = min(self._left + elapsed * self.per_s, BURST)
        is_over = self._at - GIVEN_UP_S
        self._waiting = {w: one for w, one in self._waiting.items() if one.asked_at >= is_over}

    def _is_next(self, who: object) -> bool:
        mine = self._waiting[who].since
        return sum(one.since < mine for one in self._waiting.values()) < ABREAST
