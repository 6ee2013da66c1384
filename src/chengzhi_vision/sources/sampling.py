"""Pick the frames worth judging by their time stamps."""

from __future__ import annotations

from collections.abc import Callable


class Sampler:
    """Lets through at most `fps` frames per second of stream time, evenly."""

    def __init__(self, fps: float) -> None:
        self.step = 1 / fps
        self._due: float | None = None

    def wants(self, pts: float) -> bool:
        """Tell whether this frame is due; a jump back in time starts anew."""
        if self._due is not None and pts < self._due - 1e-6 and pts > self._due - 2 * self.step:
            return False
        due = pts if self._due is None else self._due
        on_time = abs(pts - due) < self.step
        self._due = (due if on_time else pts) + self.step
        return True


class StreamClock:
    """Turns time stamps of a stream into seconds since its start that never run backwards."""

    def __init__(self, *, default_step: float = 0.04, jump_s: float = 10.0) -> None:
        self.default_step, self.jump_s = default_step, jump_s
        self._offset: float | None = None
        self._last = 0.0

    def seconds(self, stamp: float | None) -> float:
        """Return the seconds of a frame; a missing stamp or a jump goes on by one step."""
        if stamp is None:
            self._last += self.default_step
            return self._last
        if self._offset is None:
            self._offset = stamp
        now = stamp - self._offset
        if now < self._last or now > self._last + self.jump_s:
            now = self._last + self.default_step
            self._offset = stamp - now
        self._last = now
        return now


class WallAnchor:
    """Ties the clock of a live stream to the wall clock by the frames that came soonest.

    A camera's own clock drifts by seconds a day; the tie follows it, slowly enough that a frame
    that comes late is seen to be late.
    """

    DRIFT = 2e-4

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._offset: float | None = None
        self._last = 0.0

    def moment(self, pts: float) -> float:
        """Return the wall time of a frame that has just come."""
        offset = self._clock() - pts
        if self._offset is not None:
            offset = min(offset, self._offset + self.DRIFT * max(pts - self._last, 0.0))
        self._offset, self._last = offset, pts
        return pts + offset
