"""How much of the line the worker may use, and when clips may go: for places with a thin line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from chengzhi_vision.config import Span
from chengzhi_vision.errors import VisionError
from chengzhi_vision.reading import hour

CHUNK = 64 * 1024


@dataclass(frozen=True, kw_only=True)
class Pace:
    """A cap on what is sent; 0 is none. `wait` sleeps so many seconds, or less when told to stop."""

    bytes_per_s: float = 0.0
    wait: Callable[[float], object] = lambda _seconds: None

    def pieces(self, data: bytes) -> Iterator[bytes]:
        """Yield the data in pieces, each followed by the time that it may take on the line."""
        for start in range(0, len(data), CHUNK):
            piece = data[start : start + CHUNK]
            yield piece
            if self.bytes_per_s:
                self.wait(len(piece) / self.bytes_per_s)


@dataclass(frozen=True, kw_only=True)
class ClipHours:
    """When clips may be sent: in a span of the day, or always."""

    span: Span | None = None
    timezone: str = "Asia/Shanghai"

    def allow(self, at: float) -> bool:
        """Tell whether clips may be sent at a moment (epoch seconds)."""
        if self.span is None:
            return True
        local = datetime.fromtimestamp(at, UTC).astimezone(ZoneInfo(self.timezone))
        return self.span.covers(local.time())


def read_kbps(text: str) -> float:
    """Return bytes a second from kilobits a second; nothing is no cap.

    :raises VisionError: it is no number above zero.
    """
    if not text:
        return 0.0
    try:
        kilobits = float(text)
    except ValueError:
        kilobits = 0.0
    if kilobits <= 0:
        raise VisionError(f"--upload-kbps：应为大于 0 的千比特每秒，得到 {text!r}。")
    return kilobits * 1000 / 8


def read_clip_hours(text: str) -> ClipHours:
    """Return when clips may go from "22:00-06:00"; nothing is always.

    :raises VisionError: it is no span of hours.
    """
    if not text:
        return ClipHours()
    start, _dash, end = text.partition("-")
    try:
        span = Span(start=hour(start), end=hour(end))
    except ValueError as error:
        message = f'--clip-hours：应写成 "22:00-06:00"，得到 {text!r}。'
        raise VisionError(message) from error
    return ClipHours(span=span)
