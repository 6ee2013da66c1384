"""Frozen values of the event benchmark: what really happened, and what was reported."""

from __future__ import annotations

from dataclasses import dataclass

from chengzhi_vision.types import Box, FindingKind

BORDER_S = 6.0  # a stay that ends this soon after the dwell may or may not be reported


@dataclass(frozen=True, kw_only=True)
class TimedBox:
    """Where a thing is at a moment of the clip."""

    at: float
    box: Box


@dataclass(frozen=True, kw_only=True)
class TruthEvent:
    """One stay that really happened; `end_s` is None when it outlasts the clip."""

    event_id: str
    clip: str
    kind: FindingKind
    start_s: float
    end_s: float | None
    dwell_s: float
    boxes: tuple[TimedBox, ...]
    zone: str = ""
    what: str = ""
    hidden: tuple[tuple[float, float], ...] = ()

    @property
    def ready_s(self) -> float:
        """Return when the dwell is reached and the thing can be seen: nobody confirms blindly."""
        moment = self.alarm_s
        for start, end in sorted(self.hidden):
            moment = end if start <= moment < end else moment
        return moment

    @property
    def alarm_s(self) -> float:
        """Return when the stay reaches the dwell."""
        return self.start_s + self.dwell_s

    @property
    def is_due(self) -> bool:
        """Tell whether the stay is long enough that it must be reported."""
        return self.end_s is None or self.end_s >= self.alarm_s + BORDER_S

    @property
    def is_borderline(self) -> bool:
        """Tell whether the stay ends so near the dwell that an alarm is neither right nor wrong."""
        return self.end_s is not None and self.alarm_s <= self.end_s < self.alarm_s + BORDER_S

    def box_at(self, moment: float) -> Box | None:
        """Return the known box nearest in time."""
        if not self.boxes:
            return None
        return min(self.boxes, key=lambda known: abs(known.at - moment)).box


@dataclass(frozen=True, kw_only=True)
class IgnoredSpan:
    """A span of time, perhaps only of one kind and place, in which alarms do not count."""

    start_s: float
    end_s: float
    kind: FindingKind | None = None
    box: Box | None = None


@dataclass(frozen=True, kw_only=True)
class ClipTruth:
    """All that is known about one clip."""

    clip: str
    seconds: float
    events: tuple[TruthEvent, ...] = ()
    ignored: tuple[IgnoredSpan, ...] = ()
    conditions: tuple[str, ...] = ()
    decoys: tuple[str, ...] = ()
    origin: str = ""
    left_out: tuple[str, ...] = ()  # names of objects that are no events by the caller's own table


@dataclass(frozen=True, kw_only=True)
class AlarmRow:
    """One alarm of a run; `emitted_s` is when it left the worker, in seconds of the clip."""

    clip: str
    kind: FindingKind
    start_s: float
    alarm_s: float
    emitted_s: float
    box: Box
    zone: str = ""
    start_unknown: bool = False
    score: float = 0.0
