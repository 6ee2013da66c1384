"""What a matched run is worth: precision, recall, duplicates, delays, with their intervals."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median, quantiles

from chengzhi_vision.bench.match import Judged, Matched, Verdict
from chengzhi_vision.bench.types import ClipTruth, TruthEvent
from chengzhi_vision.types import FindingKind

Z95 = 1.96
DAY_S = 86400.0


@dataclass(frozen=True, kw_only=True)
class Score:
    """The figures of one group of clips or kinds; None where nothing can be said."""

    events: int
    true: int
    false: int
    duplicates: int
    ignored: int
    missed: int
    seconds: float
    delay_median_s: float | None
    delay_p95_s: float | None
    dwell_error_s: float | None

    @property
    def precision(self) -> float | None:
        alarms = self.true + self.false
        return self.true / alarms if alarms else None

    @property
    def recall(self) -> float | None:
        return self.true / self.events if self.events else None

    @property
    def f_score(self) -> float | None:
        p, r = self.precision, self.recall
        return None if not p or not r else 2 * p * r / (p + r)

    @property
    def false_per_day(self) -> float | None:
        """Return false alarms per camera and day of footage watched."""
        return self.false * DAY_S / self.seconds if self.seconds else None

    @property
    def alarms_per_event(self) -> float | None:
        """Return how often an event that was found was reported."""
        return (self.true + self.duplicates) / self.true if self.true else None


def wilson(successes: int, trials: int) -> tuple[float, float]:
    """Return the Wilson 95 % interval of a share."""
    if trials == 0:
        return 0.0, 1.0
    share, z2 = successes / trials, Z95**2
    middle = share + z2 / (2 * trials)
    half = Z95 * math.sqrt(share * (1 - share) / trials + z2 / (4 * trials**2))
    return (middle - half) / (1 + z2 / trials), (middle + half) / (1 + z2 / trials)


def score(
    matched: Matched,
    *,
    of_event: Callable[[TruthEvent], bool] = lambda _event: True,
    of_alarm: Callable[[Judged], bool] = lambda _judged: True,
) -> Score:
    """Return the figures of the events and alarms that a group asks for."""
    rows = [one for one in matched.judged if of_alarm(one)]
    hits = [one for one in rows if one.verdict is Verdict.TRUE]
    delays = sorted(one.alarm.emitted_s - one.event.ready_s for one in hits if one.event)
    return Score(
        events=sum(of_event(event) for event in matched.due),
        true=len(hits),
        false=_count(rows, Verdict.FALSE),
        duplicates=_count(rows, Verdict.DUPLICATE),
        ignored=_count(rows, Verdict.IGNORED),
        missed=sum(of_event(event) for event in matched.missed),
        seconds=matched.seconds,
        delay_median_s=median(delays) if delays else None,
        delay_p95_s=_p95(delays),
        dwell_error_s=_dwell_error(hits),
    )


def by_kind(matched: Matched) -> dict[str, Score]:
    """Return a score for every kind that happened or was reported."""
    kinds = {event.kind for event in matched.due} | {one.alarm.kind for one in matched.judged}
    return {str(kind): _score_of(matched, kind) for kind in sorted(kinds)}


def _score_of(matched: Matched, kind: FindingKind) -> Score:
    return score(
        matched,
        of_event=lambda event: event.kind is kind,
        of_alarm=lambda one: one.alarm.kind is kind,
    )


def by_condition(matched: Matched) -> dict[str, Score]:
    """Return a score for every condition of the clips (night, rain, shake …)."""
    conditions = sorted({name for clip in matched.clips for name in clip.conditions})
    return {
        name: score(_only(matched, [c for c in matched.clips if name in c.conditions]))
        for name in conditions
    }


def by_camera(matched: Matched) -> dict[str, Score]:
    """Return a score for every camera: clips set in one background have the same origin."""
    origins = sorted({clip.origin for clip in matched.clips if clip.origin})
    return {
        name: score(_only(matched, [c for c in matched.clips if c.origin == name]))
        for name in origins
    }


def _only(matched: Matched, clips: Sequence[ClipTruth]) -> Matched:
    names = {clip.clip for clip in clips}
    return Matched(
        judged=tuple(one for one in matched.judged if one.alarm.clip in names),
        missed=tuple(event for event in matched.missed if event.clip in names),
        due=tuple(event for event in matched.due if event.clip in names),
        clips=tuple(clips),
    )


def _count(rows: Iterable[Judged], verdict: Verdict) -> int:
    return sum(one.verdict is verdict for one in rows)


def _p95(values: Sequence[float]) -> float | None:
    if len(values) < 2:
        return values[0] if values else None
    return quantiles(values, n=20, method="inclusive")[-1]


def _dwell_error(hits: Sequence[Judged]) -> float | None:
    """Return the median error of the start of the stay, where the start was seen."""
    errors = [
        abs(one.alarm.start_s - one.event.start_s)
        for one in hits
        if one.event and not one.alarm.start_unknown
    ]
    return median(errors) if errors else None
