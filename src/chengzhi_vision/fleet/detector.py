"""The detectors of all cameras, few looks at a time: the important camera first, each pays its own.

Whether a look is needed at all the chain decides (`pipeline/eyes.py`): none where nothing changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import local
from typing import Protocol

from chengzhi_vision.detectors.protocol import Detector, classes_of
from chengzhi_vision.fleet.allowance import Allowance
from chengzhi_vision.fleet.cost import Stopwatch
from chengzhi_vision.fleet.turns import Turns
from chengzhi_vision.types import Detection, ModelRef, ObjectClass, Picture

CLOSER_PER_S = 10.0  # looks a second and thread: a fifth of what it can take


class Spender(Protocol):
    """Whoever pays for a look: what one camera counts."""

    detect_s: float


class LookQueue(Turns):
    """Lets a few threads look at a time; those that wait are let in by priority, then by age.

    A camera waits in one place at most, so the queue is never longer than there are cameras; while it
    waits its oldest frames go, and are counted. It waits before it makes the colour picture: a
    machine that is late must not fill up with pictures.
    """

    def __init__(self, *, threads: int = 1) -> None:
        super().__init__(threads=threads)
        self.closer = Allowance(per_s=CLOSER_PER_S * threads)


class SharedDetector:
    """A detector that looks in turn with others, on behalf of one camera or of nobody."""

    def __init__(
        self,
        detector: Detector,
        queue: LookQueue,
        *,
        priority: int = 0,
        spender: Spender | None = None,
    ) -> None:
        self._detector, self._queue = detector, queue
        self._priority, self._spender = priority, spender
        self._own = local()

    def on_behalf_of(self, spender: Spender, *, priority: int) -> SharedDetector:
        """Return the same detector, paid for by one camera."""
        return SharedDetector(self._detector, self._queue, priority=priority, spender=spender)

    @property
    def model(self) -> ModelRef:
        return self._detector.model

    @property
    def classes(self) -> frozenset[ObjectClass]:
        return classes_of(self._detector)

    def load(self) -> None:
        self._detector.load()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn; all looks of this thread inside it go without waiting again."""
        if getattr(self._own, "has_turn", False):
            yield
            return
        with self._queue.turn(priority=self._priority):
            self._own.has_turn = True
            try:
                yield
            finally:
                self._own.has_turn = False

    def may_look_closer(self, at: float) -> bool:
        """Tell whether this camera may look closely now; others wait for the same."""
        return self._queue.closer.asks(id(self._spender), at=at)

    def looked_closer(self) -> None:
        self._queue.closer.spend()

    def detect(self, image: Picture) -> Sequence[Detection]:
        with self.turn():
            watch = Stopwatch()
            found = self._detector.detect(image)
            if self._spender is not None:
                self._spender.detect_s += watch.lap()
        return found
