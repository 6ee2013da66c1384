"""Run a draft over stored stills with the same chain that judges the street.

The stills lie some twenty seconds apart, so dwell is counted in their own time: a stay shorter
than two or three of them is not seen. What the draft would report comes out, with small pictures.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from chengzhi_vision.alarms import Alarm
from chengzhi_vision.config import Camera, Rule
from chengzhi_vision.detectors.protocol import Detector
from chengzhi_vision.errors import VisionError
from chengzhi_vision.evidence.publish import cover
from chengzhi_vision.fitting import resized
from chengzhi_vision.jpeg import decoded, encoded, narrowed
from chengzhi_vision.pipeline import Paced, Pipeline
from chengzhi_vision.trial.ring import StoredStill
from chengzhi_vision.types import Finding, FindingKind, Frame, Still

LEAST_COVERED_S = 1800.0
GAP_STEPS = 4.0  # a longer silence than so many steps is a gap, not a slow source
WITH_PICTURES = 40
THUMB_WIDTH, THUMB_QUALITY, THUMB_BYTES = 320, 70, 24 * 1024

Span = tuple[float, float]


class TooFewStills(VisionError):
    """The stills say nothing about a day."""

    code = "too_few_stills"


class OtherShape(VisionError):
    """The draft was drawn on a picture of another shape than the camera's now."""

    code = "other_shape"


@dataclass(frozen=True, kw_only=True)
class TrialAlarm:
    """One alarm that the draft would have made; the box is in pixels of the draft's picture."""

    finding: Finding
    pictures: tuple[bytes, ...]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What the draft would have reported."""

    first_at: float
    last_at: float
    stills: int
    covered_s: float
    gaps: tuple[Span, ...]
    alarm_count: int
    alarms: tuple[TrialAlarm, ...]


def coverage(moments: Sequence[float], *, every_s: float) -> tuple[float, tuple[Span, ...]]:
    """Return how many seconds the stills cover, and the gaps between them."""
    limit = every_s * GAP_STEPS
    pairs = list(zip(moments, moments[1:], strict=False))
    gaps = tuple((one, other) for one, other in pairs if other - one > limit)
    covered = sum(other - one for one, other in pairs if other - one <= limit)
    return covered + (every_s if moments else 0.0), gaps


def replay(
    camera: Camera,
    stills: Sequence[StoredStill],
    *,
    every_s: float,
    detector: Detector | None,
    goes_on: Callable[[int, int], bool],
    slow: Sequence[Paced] = (),
) -> Outcome | None:
    """Judge the stills; `goes_on` hears how far it is and may end it, then there is no outcome.

    :raises TooFewStills: less than half an hour is covered.
    :raises OtherShape: the stills are of another shape than the picture that was drawn on.
    """
    covered, gaps = coverage([still.at for still in stills], every_s=every_s)
    if covered < LEAST_COVERED_S:
        raise TooFewStills(
            f"存下的画面只有{covered / 60:.0f}分钟，至少要{LEAST_COVERED_S / 60:.0f}分钟才试得出，"
            "请等识别程序多看一会儿再试。"
        )
    made = _Replay(camera, every_s=every_s, detector=detector, slow=slow)
    for number, still in enumerate(stills):
        if not goes_on(number, len(stills)):
            return None
        made.feed(still, is_after_gap=any(end == still.at for _, end in gaps))
    made.end()
    return Outcome(
        first_at=stills[0].at,
        last_at=stills[-1].at,
        stills=len(stills),
        covered_s=covered,
        gaps=gaps,
        alarm_count=made.count,
        alarms=tuple(made.alarms),
    )


class _Replay:
    """One pass over the stills; after a gap the story begins anew."""

    def __init__(
        self, camera: Camera, *, every_s: float, detector: Detector | None, slow: Sequence[Paced]
    ) -> None:
        self.camera, self.detector, self.every_s, self.slow = camera, detector, every_s, slow
        self.pipeline: Pipeline | None = None
        self.start = 0.0
        self.index = 0
        self.count = 0
        self.alarms: list[TrialAlarm] = []

    def feed(self, still: StoredStill, *, is_after_gap: bool) -> None:
        image = still.picture()
        if image is None:
            return
        if self.pipeline is None:
            camera = slowed(self.camera, every_s=self.every_s)
            self.pipeline = Pipeline(camera, detector=self.detector, slow=self.slow)
            self.start = still.at
        elif is_after_gap:
            self._take(self.pipeline.finish())
            self.pipeline.reset()
        frame = Frame(index=self.index, pts=still.at - self.start, at=still.at, image=image)
        self.index += 1
        self._take(self.pipeline.feed(frame))

    def end(self) -> None:
        if self.pipeline is None:
            return
        if self.pipeline.drawing.misfit:
            raise OtherShape(self.pipeline.drawing.misfit)
        self._take(self.pipeline.finish())

    def _take(self, alarms: Sequence[Alarm]) -> None:
        assert self.pipeline is not None
        for alarm in alarms:
            self.pipeline.mark_reported(alarm)
            if alarm.finding.kind is FindingKind.CAMERA_BLIND:
                continue
            self.count += 1
            if len(self.alarms) < WITH_PICTURES:
                self.alarms.append(self._alarm(alarm))

    def _alarm(self, alarm: Alarm) -> TrialAlarm:
        found = alarm.finding
        shown = resized(found.box, found.frame, self.camera.picture or found.frame)
        stills = (alarm.first, alarm.reached, alarm.confirmed)
        made = [thumbnail(still, self.detector, finding=found) for still in stills]
        return TrialAlarm(
            finding=replace(found, box=shown, frame=self.camera.picture or found.frame),
            pictures=tuple(picture for picture in made if picture is not None),
        )


def slowed(camera: Camera, *, every_s: float) -> Camera:
    """Return the camera with the limits that count in pictures fitted to slow ones."""
    limits = camera.limits
    dwell = replace(
        limits.dwell,
        grace_s=max(limits.dwell.grace_s, 2.5 * every_s),
        confirm_s=min(limits.dwell.confirm_s, every_s / 2),
    )
    track = replace(limits.track, lost_s=max(limits.track.lost_s, 2.5 * every_s))
    health = replace(limits.health, frozen_s=max(limits.health.frozen_s, 6 * every_s))
    evidence = replace(limits.evidence, post_roll_s=0.0, jpeg_quality=THUMB_QUALITY)
    zones = tuple(
        replace(zone, rules=tuple(_patient(rule, every_s) for rule in zone.rules))
        for zone in camera.zones
    )
    slow = replace(limits, dwell=dwell, track=track, health=health, evidence=evidence)
    return replace(camera, limits=slow, zones=zones)


def _patient(rule: Rule, every_s: float) -> Rule:
    grace = rule.grace_s
    return rule if grace is None else replace(rule, grace_s=max(grace, 2.5 * every_s))


def thumbnail(still: Still, detector: Detector | None, *, finding: Finding) -> bytes | None:
    """Return a small picture with heads and plates hidden, as far as they are found."""
    picture = decoded(still.jpeg)
    if picture is None:
        return None
    cover(picture, detector, finding=finding)
    small = narrowed(picture, THUMB_WIDTH)
    made = (encoded(small, quality=quality) for quality in (THUMB_QUALITY, 45, 25))
    return next((jpeg for jpeg in made if len(jpeg) <= THUMB_BYTES), None)
