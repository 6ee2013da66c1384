"""A bounded queue of frames that lets the oldest go when the judge is slow, and counts it."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from threading import Condition

from chengzhi_vision.evidence.files import Footage
from chengzhi_vision.types import Frame


@dataclass(frozen=True, kw_only=True)
class Item:
    """A frame, the opening of the source it came from, and the video around it."""

    epoch: int
    frame: Frame
    footage: Footage | None


class FrameQueue:
    """Between the thread that reads a camera and the thread that judges it."""

    def __init__(self, size: int) -> None:
        self.size, self.dropped = size, 0
        self._items: deque[Item] = deque()
        self._changed = Condition()

    def put(self, item: Item) -> None:
        """Append a frame; when full, the oldest one goes."""
        with self._changed:
            if len(self._items) >= self.size:
                self._items.popleft()
                self.dropped += 1
            self._items.append(item)
            self._changed.notify_all()

    def put_waiting(self, item: Item, *, timeout_s: float) -> bool:
        """Append a frame once there is room; a file need not lose any."""
        with self._changed:
            if not self._changed.wait_for(lambda: len(self._items) < self.size, timeout_s):
                return False
            self._items.append(item)
            self._changed.notify_all()
            return True

    def get(self, *, timeout_s: float) -> Item | None:
        """Return the next frame, or None when none came in time."""
        with self._changed:
            if not self._changed.wait_for(lambda: bool(self._items), timeout_s):
                return None
            item = self._items.popleft()
            self._changed.notify_all()
            return item

    def __len__(self) -> int:
        return len(self._items)
