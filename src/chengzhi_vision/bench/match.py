"""Which alarm answers which event (video_analytics.md §4.2).

Same clip and kind; alarm time in [t - 2 s, t + W], where t is the start plus the dwell; boxes
overlap with IoU >= 0.1 or one center lies inside. The first alarm is a true positive, later
ones on the same event are duplicates, neither right nor wrong; "do not care" spans are ignored.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from chengzhi_vision.bench.types import AlarmRow, ClipTruth, IgnoredSpan, TruthEvent
from chengzhi_vision.geometry import iou
from chengzhi_vision.types import Box

EARLY_S = 2.0
STRICT_S, LENIENT_S = 10.0, 30.0
MIN_IOU = 0.1


class Verdict(StrEnum):
    """What one alarm turned out to be."""

    TRUE = "true"
    FALSE = "false"
    DUPLICATE = "duplicate"
    IGNORED = "ignored"


@dataclass(frozen=True, kw_only=True)
class Judged:
    """An alarm, its verdict and the event it belongs to."""

    alarm: AlarmRow
    verdict: Verdict
    event: TruthEvent | None = None


@dataclass(frozen=True, kw_only=True)
class Matched:
    """The result of matching one or more clips."""

    judged: tuple[Judged, ...]
    missed: tuple[TruthEvent, ...]
    due: tuple[TruthEvent, ...]
    clips: tuple[ClipTruth, ...]

    @property
    def seconds(self) -> float:
        return sum(clip.seconds for clip in self.clips)


def match(
    clips: Sequence[ClipTruth], alarms: Iterable[AlarmRow], *, window_s: float = STRICT_S
) -> Matched:
    """Return what each alarm is and which events were missed."""
    rows = sorted(alarms, key=lambda alarm: (alarm.clip, alarm.alarm_s, alarm.emitted_s))
    judged: list[Judged] = []
    missed: list[TruthEvent] = []
    for clip in clips:
        own = [alarm for alarm in rows if alarm.clip == clip.clip]
        found = _match_clip(clip, own, window_s)
        judged += found
        hit = {id(one.event) for one in found if one.verdict is Verdict.TRUE}
        missed += [e for e in clip.events if e.is_due and id(e) not in hit]
    due = tuple(e for clip in clips for e in clip.events if e.is_due)
    return Matched(judged=tuple(judged), missed=tuple(missed), due=due, clips=tuple(clips))


def _match_clip(clip: ClipTruth, alarms: list[AlarmRow], window_s: float) -> list[Judged]:
    hit: set[int] = set()
    judged = []
    for alarm in alarms:
        one = _judge(clip, alarm, hit, window_s)
        if one.verdict is Verdict.TRUE:
            hit.add(id(one.event))
        judged.append(one)
    return judged


def _judge(clip: ClipTruth, alarm: AlarmRow, hit: set[int], window_s: float) -> Judged:
    near = [e for e in clip.events if e.kind is alarm.kind and touches(e, alarm)]
    timely = [e for e in near if e.is_due and is_timely(e, alarm, window_s=window_s)]
    fresh = [e for e in timely if id(e) not in hit]
    if fresh:
        return Judged(alarm=alarm, verdict=Verdict.TRUE, event=_best(fresh, alarm))
    again = [e for e in near if id(e) in hit and is_during(e, alarm, window_s=window_s)]
    if again:
        return Judged(alarm=alarm, verdict=Verdict.DUPLICATE, event=_best(again, alarm))
    border = any(e.is_borderline and is_timely(e, alarm, window_s=window_s) for e in near)
    ignored = border or any(covers(span, alarm) for span in clip.ignored)
    return Judged(alarm=alarm, verdict=Verdict.IGNORED if ignored else Verdict.FALSE)


def is_timely(event: TruthEvent, alarm: AlarmRow, *, window_s: float) -> bool:
    """Tell whether the alarm time lies in the event's window."""
    return event.alarm_s - EARLY_S <= alarm.alarm_s <= event.alarm_s + window_s


def is_during(event: TruthEvent, alarm: AlarmRow, *, window_s: float) -> bool:
    """Tell whether an alarm falls into the stay of an event already reported."""
    last = float("inf") if event.end_s is None else event.end_s + window_s
    return event.start_s <= alarm.alarm_s <= last


def touches(event: TruthEvent, alarm: AlarmRow) -> bool:
    """Tell whether the boxes overlap enough, or the center of one lies in the other."""
    box = event.box_at(alarm.alarm_s)
    return box is None or boxes_touch(box, alarm.box)


def boxes_touch(one: Box, other: Box) -> bool:
    if iou(one, other) >= MIN_IOU:
        return True
    return _inside(one.center, other) or _inside(other.center, one)


def covers(span: IgnoredSpan, alarm: AlarmRow) -> bool:
    """Tell whether an alarm falls into a span that does not count."""
    if span.kind is not None and span.kind is not alarm.kind:
        return False
    in_time = span.start_s <= alarm.alarm_s <= span.end_s
    return in_time and (span.box is None or boxes_touch(span.box, alarm.box))


def _inside(point: tuple[float, float], box: Box) -> bool:
    x, y = point
    return box.x <= x <= box.right and box.y <= y <= box.bottom


def _best(events: list[TruthEvent], alarm: AlarmRow) -> TruthEvent:
    """Return the event whose box fits an alarm best."""

    def overlap(event: TruthEvent) -> float:
        box = event.box_at(alarm.alarm_s)
        return 0.0 if box is None else iou(box, alarm.box)

    return max(events, key=overlap)
