"""A clock that stands still while this process is stopped: a long run may be halted for another."""

from __future__ import annotations

from threading import Event, Lock, Thread
from time import monotonic

STOPPED_S = 2.0  # nobody has read the clock for so long: nobody could
TICK_S = 0.25


class RunningClock:
    """Seconds during which the process ran."""

    def __init__(self, start: float) -> None:
        self.stopped_s = 0.0
        self._offset = start - monotonic()
        self._last = monotonic()
        self._lock = Lock()
        Thread(target=self._tick, name="clock", daemon=True).start()

    def __call__(self) -> float:
        """Return the moment; a gap without any reading is left out."""
        with self._lock:
            now = monotonic()
            gap, self._last = now - self._last, now
            if gap > STOPPED_S:
                self.stopped_s += gap
            return self._offset + now - self.stopped_s

    def _tick(self) -> None:
        rest = Event()
        while not rest.wait(TICK_S):
            self()
