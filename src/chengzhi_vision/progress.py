"""A progress bar for long jobs on a terminal, and plain lines elsewhere."""

from __future__ import annotations

from typing import TextIO

WIDTH = 30
EVERY_S = 0.2
PLAIN_EVERY_S = 10.0


class Bar:
    """Shows how far a job is and how fast it goes."""

    def __init__(self, out: TextIO, *, label: str) -> None:
        self.out, self.label = out, label
        self._shown = float("-inf")
        self._is_terminal = out.isatty()

    def show(self, done: int, total: int, *, seconds: float) -> None:
        """Draw the bar, at most a few times a second."""
        every = EVERY_S if self._is_terminal else PLAIN_EVERY_S
        if seconds - self._shown < every and done != total:
            return
        self._shown = seconds
        text = line(self.label, done, total, seconds=seconds)
        self.out.write(f"\r{text}" if self._is_terminal else f"{text}\n")
        self.out.flush()

    def close(self) -> None:
        if self._is_terminal:
            self.out.write("\n")


def line(label: str, done: int, total: int, *, seconds: float) -> str:
    """Return the text of the bar."""
    rate = done / seconds if seconds > 0 else 0.0
    if total <= 0:
        return f"{label} {done} 帧 {rate:.1f} 帧/秒"
    full = round(WIDTH * min(done / total, 1.0))
    bar = "█" * full + "░" * (WIDTH - full)
    return f"{label} {bar} {min(done / total, 1):4.0%} {rate:.1f} 帧/秒"
