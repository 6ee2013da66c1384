"""What the worker asks of a detector: load it, then let it look at pictures."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Protocol

from chengzhi_vision.types import Detection, ModelRef, ObjectClass, Picture

SEEN_BY_ALL = frozenset(ObjectClass) - {ObjectClass.OBJECT}


class Detector(Protocol):
    """Two methods and a name; anything that keeps to this can be plugged in.

    A detector may carry `classes`, the classes it can see; without them it is asked for all.
    """

    @property
    def model(self) -> ModelRef: ...

    def load(self) -> None: ...

    def detect(self, image: Picture) -> Sequence[Detection]: ...


def turn_of(detector: Detector) -> AbstractContextManager[None]:
    """Return what to enter before a picture is made for a detector that serves many cameras."""
    turn = getattr(detector, "turn", None)
    return nullcontext() if turn is None else turn()


def may_look_closer(detector: Detector, at: float) -> bool:
    """Tell whether a detector that serves many cameras has time for a closer look."""
    ask = getattr(detector, "may_look_closer", None)
    return ask is None or bool(ask(at))


def note_closer(detector: Detector) -> None:
    """Tell a detector that serves many cameras that this look was a closer one."""
    note = getattr(detector, "looked_closer", None)
    if note is not None:
        note()


def classes_of(detector: Detector) -> frozenset[ObjectClass]:
    """Return which classes a detector looks for."""
    return frozenset(getattr(detector, "classes", SEEN_BY_ALL))
