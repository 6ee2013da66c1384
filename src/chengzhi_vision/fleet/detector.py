"""One detector for all cameras: the important camera first, and no look where nothing changed."""

from __future__ import annotations

import heapq
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from threading import Condition, Event, Thread
from typing import Protocol

import cv2
import numpy as np

from chengzhi_vision.detectors.protocol import Detector
from chengzhi_vision.fleet.cost import Stopwatch
from chengzhi_vision.types import Detection, ModelRef, Picture

SHRINK = 8  # the gate compares pictures of an eighth of the size
CHANGED_GREY, CHANGED_PIXELS = 12, 3
MOST_REPEATS = 10  # looks answered from memory before the detector must look again
REMEMBERED = 8  # parts of the picture, per camera


class Spender(Protocol):
    """Whoever pays for a look: what one camera counts."""

    detect_s: float
    looks: int
    looks_spared: int


@dataclass(order=True)
class _Job:
    rank: tuple[int, int]
    image: Picture = field(compare=False)
    done: Event = field(compare=False, default_factory=Event)
    found: list[Detection] = field(compare=False, default_factory=list)
    failure: Exception | None = field(compare=False, default=None)
    spent_s: float = field(compare=False, default=0.0)


class SharedDetector:
    """A thread that looks for all; a camera waits for its answer and has one question at a time.

    So the queue is never longer than there are cameras; a camera that waits drops its oldest
    frames, and counts them.
    """

    def __init__(self, detector: Detector, *, threads: int = 1) -> None:
        self._detector, self._jobs, self._number = detector, list[_Job](), count()
        self._changed = Condition()
        self._is_closed = False
        for index in range(threads):
            Thread(target=self._work, name=f"detector-{index}", daemon=True).start()

    @property
    def model(self) -> ModelRef:
        return self._detector.model

    @property
    def waiting(self) -> int:
        """Return how many looks wait."""
        return len(self._jobs)

    def load(self) -> None:
        self._detector.load()

    def detect(self, image: Picture) -> list[Detection]:
        return self.ask(image, priority=0)[0]

    def ask(self, image: Picture, *, priority: int) -> tuple[list[Detection], float]:
        """Return what is seen and the CPU seconds it took; higher priority goes first."""
        job = _Job(rank=(-priority, next(self._number)), image=image)
        with self._changed:
            heapq.heappush(self._jobs, job)
            self._changed.notify()
        job.done.wait()
        if job.failure is not None:
            raise job.failure
        return job.found, job.spent_s

    def close(self) -> None:
        """Let the threads end once nothing waits."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()

    def _work(self) -> None:
        watch = Stopwatch()
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._jobs or self._is_closed)
                if not self._jobs:
                    return
                job = heapq.heappop(self._jobs)
            watch.lap()
            try:
                job.found = list(self._detector.detect(job.image))
            except Exception as failure:  # the camera that asked fails, not the detector
                job.failure = failure
            job.spent_s = watch.lap()
            job.done.set()


class CameraDetector:
    """The shared detector as one camera sees it: gated, and paid for by the camera."""

    def __init__(self, shared: SharedDetector, *, priority: int, spender: Spender) -> None:
        self._shared, self._priority, self._spender = shared, priority, spender
        self._gate = Gate()

    @property
    def model(self) -> ModelRef:
        return self._shared.model

    def load(self) -> None:
        self._shared.load()

    def detect(self, image: Picture) -> Sequence[Detection]:
        known = self._gate.recall(image)
        if known is not None:
            self._spender.looks_spared += 1
            return known
        found, spent_s = self._shared.ask(image, priority=self._priority)
        self._spender.detect_s += spent_s
        self._spender.looks += 1
        self._gate.keep(found)
        return found


@dataclass
class _Seen:
    small: Picture
    found: list[Detection]
    repeats: int = 0


class Gate:
    """Remembers what was seen in each part of a camera's picture while nothing changes there.

    Compared is with the picture of the last real look, so that slow change adds up.
    """

    def __init__(self) -> None:
        self._seen: OrderedDict[tuple[object, ...], _Seen] = OrderedDict()
        self._asked: tuple[tuple[object, ...], Picture] | None = None

    def recall(self, image: Picture) -> list[Detection] | None:
        """Return what was seen in this part, or None when it has to be looked at."""
        part, small = _part(image), _small(image)
        self._asked = (part, small)
        seen = self._seen.get(part)
        if seen is None or seen.repeats >= MOST_REPEATS or _differs(seen.small, small):
            return None
        seen.repeats += 1
        return list(seen.found)

    def keep(self, found: list[Detection]) -> None:
        """Remember the answer to the last question."""
        assert self._asked is not None, "an answer follows a question"
        part, small = self._asked
        self._seen[part] = _Seen(small=small, found=list(found))
        self._seen.move_to_end(part)
        while len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)


def _part(image: Picture) -> tuple[object, ...]:
    """Return where in the whole picture this part lies: its shape and its distance in memory."""
    whole = image.base if isinstance(image.base, np.ndarray) else image
    return (image.shape, image.ctypes.data - whole.ctypes.data)


def _small(image: Picture) -> Picture:
    height, width = image.shape[:2]
    size = (max(width // SHRINK, 1), max(height // SHRINK, 1))
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    return cv2.cvtColor(small, cv2.COLOR_BGR2GRAY).astype(np.uint8)


def _differs(one: Picture, other: Picture) -> bool:
    changed = cv2.absdiff(one, other) > CHANGED_GREY
    return int(np.count_nonzero(changed)) >= CHANGED_PIXELS
