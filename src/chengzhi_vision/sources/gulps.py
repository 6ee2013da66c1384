"""Read a stream in gulps: where only key frames count, nobody has to wake for each packet.

What comes in between waits in the system's buffer. A thread that wakes twice a second and
not twenty-five times spends a third on reading.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from time import monotonic, sleep
from typing import Any

GULP_S = 0.4
WAITED_S = 0.002  # a packet that took longer had not come yet: the stream is read up
RELIABLE = ("rtsp://", "rtsps://", "rtmp://", "http://", "https://", "wvp://", "wvps://")


def waits_for_us(address: str) -> bool:
    """Tell whether what is not read yet is kept for us: over TCP it is."""
    return address.startswith(RELIABLE)


def gulped(
    packets: Iterator[Any],
    *,
    now: Callable[[], float] = monotonic,
    rest: Callable[[float], None] = sleep,
) -> Iterator[Any]:
    """Yield packets as they come, and rest a little whenever all that came has been read."""
    while True:
        asked = now()
        packet = next(packets, None)
        if packet is None:
            return
        is_read_up = now() - asked > WAITED_S
        yield packet
        del packet
        if is_read_up:
            rest(GULP_S)
