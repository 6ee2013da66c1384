"""Pick the frames worth judging by their time stamps."""

from __future__ import annotations


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
