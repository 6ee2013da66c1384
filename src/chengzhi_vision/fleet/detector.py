"""The detectors of all cameras in few threads: the important camera first, each pays for its looks.

Whether a look is needed at all the chain decides (`pipeline/eyes.py`): none where nothing changed.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from threading import Condition, Event, Thread
from typing import Protocol

from chengzhi_vision.detectors.protocol import Detector, classes_of
from chengzhi_vision.fleet.cost import Stopwatch
from chengzhi_vision.types import Detection, ModelRef, ObjectClass, Picture


class Spender(Protocol):
    """Whoever pays for a look: what one camera counts."""

    detect_s: float


@dataclass(order=True)
class _Job:
    rank: tuple[int, int]
    detector: Detector = field(compare=False)
    image: Picture = field(compare=False)
    done: Event = field(compare=False, default_factory=Event)
    found: list[Detection] = field(compare=False, default_factory=list)
    failure: Exception | None = field(compare=False, default=None)
    spent_s: float = field(compare=False, default=0.0)


class LookQueue:
    """Threads that look for all; a camera waits for its answer and has one question at a time.

    So the queue is never longer than there are cameras; a camera that waits drops its oldest
    frames, and counts them.
    """

    def __init__(self, *, threads: int = 1) -> None:
        self._jobs, self._number = list[_Job](), count()
        self._changed = Condition()
        for index in range(threads):
            Thread(target=self._work, name=f"detector-{index}", daemon=True).start()

    @property
    def waiting(self) -> int:
        """Return how many looks wait."""
        return len(self._jobs)

    def ask(
        self, detector: Detector, image: Picture, *, priority: int
    ) -> tuple[list[Detection], float]:
        """Return what is seen and the CPU seconds it took; higher priority goes first."""
        job = _Job(rank=(-priority, next(self._number)), detector=detector, image=image)
        with self._changed:
            heapq.heappush(self._jobs, job)
            self._changed.notify()
        job.done.wait()
        if job.failure is not None:
            raise job.failure
        return job.found, job.spent_s

    def _work(self) -> None:
        watch = Stopwatch()
        while True:
            with self._changed:
                self._changed.wait_for(lambda: bool(self._jobs))
                job = heapq.heappop(self._jobs)
            watch.lap()
            try:
                job.found = list(job.detector.detect(job.image))
            except Exception as failure:  # the camera that asked fails, not the detector
                job.failure = failure
            job.spent_s = watch.lap()
            job.done.set()
            del job  # and with it the picture


class SharedDetector:
    """A detector that looks in the threads of the queue, on behalf of one camera or of nobody."""

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

    def detect(self, image: Picture) -> Sequence[Detection]:
        found, spent_s = self._queue.ask(self._detector, image, priority=self._priority)
        if self._spender is not None:
            self._spender.detect_s += spent_s
        return found
