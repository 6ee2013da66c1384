"""How the picture looked in the last seconds, small: whoever asks when a thing came finds it here."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from chengzhi_vision.types import Picture

KEEP_S, STEP_S = 20.0, 1.0
EARLY = 0.05


class Past:
    """The pictures of the last seconds, about one each second."""

    def __init__(self) -> None:
        self._kept: deque[tuple[float, Picture]] = deque()

    def note(self, small: Picture, *, at: float) -> None:
        """Keep a picture now and then; one that is older than all is kept as well."""
        if self._kept and self._kept[-1][1].shape != small.shape:
            self._kept.clear()
        if self._kept and at - self._kept[-1][0] < STEP_S - EARLY:
            return
        self._kept.append((at, small))
        while len(self._kept) > 1 and self._kept[1][0] <= at - KEEP_S:
            self._kept.popleft()

    def clear(self) -> None:
        self._kept.clear()

    def before(self, moment: float) -> Picture | None:
        """Return the last picture of a moment or before it, else the oldest there is."""
        if not self._kept:
            return None
        earlier = [picture for at, picture in self._kept if at <= moment]
        return earlier[-1] if earlier else self._kept[0][1]

    def backwards(self) -> Iterator[tuple[float, Picture]]:
        """Yield the pictures and their moments, the newest first."""
        return reversed(self._kept)
