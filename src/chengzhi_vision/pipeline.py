"""The chain of one camera: health, detections, tracks, places, candidates, alarms.

It reads no clock and touches no file: frames go in, alarms come out.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

import cv2

from chengzhi_vision.alarms import Alarm, Candidate, make_alarm, make_blind_alarm
from chengzhi_vision.config import Camera, Rule, Zone
from chengzhi_vision.detectors.looking import look, tiles
from chengzhi_vision.detectors.protocol import Detector
from chengzhi_vision.dwell.place import Place
from chengzhi_vision.dwell.places import Observation, Places, View
from chengzhi_vision.geometry import clip, covered, grown
from chengzhi_vision.rules import violations
from chengzhi_vision.scene.health import Health, SceneHealth, Trouble
from chengzhi_vision.scene.static_objects import StaticObjects, StaticView
from chengzhi_vision.stills import StillMaker
from chengzhi_vision.tracking.tracker import Tracker
from chengzhi_vision.types import (
    Box,
    Detection,
    Frame,
    ModelRef,
    ObjectClass,
    Picture,
    Track,
)

LUMA_WIDTH = 640
KNOWN = frozenset({ObjectClass.PERSON, ObjectClass.VEHICLE, ObjectClass.TWO_WHEELER})
BEFORE_S = 10.0
BEFORE_STEP_S = 1.0
CLOSER = 2.5
TRIES = 3
NO_STATIC = StaticView(objects=(), rest_since=(), new_share=0.0)


class Pipeline:
    """Judges the frames of one camera."""

    def __init__(self, camera: Camera, *, detector: Detector | None) -> None:
        self.camera, self.detector = camera, detector
        limits = camera.limits
        self.health = SceneHealth(limits.health)
        self.tracker = Tracker(limits.track)
        self.places = Places(limits=limits.dwell, grace=_graces(camera))
        self.static = StaticObjects(limits.static, hold_s=_hold_s(camera))
        self.classes = frozenset().union(*(violations.watched(z) for z in camera.zones))
        self.candidates: list[Candidate] = []
        self.emitted: dict[str, Place] = {}
        self._begin()

    def _begin(self) -> None:
        self._parts: list[Box] | None = None
        self._before: deque[tuple[float, Picture]] = deque()
        self._born = 0.0
        self._next_look = float("-inf")
        self._seen: list[Detection] = []
        self._last: Frame | None = None
        self._was_fit = True
        self._blind_reported = False
        self.trouble: Trouble | None = None

    def reset(self) -> None:
        """Forget everything: the source starts a new story (a clip begins again)."""
        self.health.reset()
        self.static.reset()
        self.places.reset()
        self.tracker = Tracker(self.camera.limits.track)
        self.candidates.clear()
        self._begin()

    def feed(self, frame: Frame) -> list[Alarm]:
        """Judge one frame and return the alarms that are ripe."""
        luma, scale = _luma(frame.image)
        if self._last is None:
            self._born = frame.at
        self._last = frame
        still = StillMaker(frame, quality=self.camera.limits.evidence.jpeg_quality)
        health = self.health.update(luma, at=frame.at)
        self.trouble = health.trouble
        if not health.is_fit and health.trouble is not Trouble.LIGHT:
            self._was_fit = False
            return self._blind(health, frame, still)
        self._blind_reported = False
        static = self._look_static(luma, frame, scale)
        if not health.is_fit:
            self._was_fit = False
            return []
        if not self._was_fit:
            self.places.resumed_at, self._was_fit = frame.at, True
        self._judge(frame, luma, scale, static, still)
        return self._ripe(frame, still)

    def finish(self) -> list[Alarm]:
        """Return what is due at the end of the source: the last frame confirms."""
        if self._last is None:
            return []
        still = StillMaker(self._last, quality=self.camera.limits.evidence.jpeg_quality)
        return self._ripe(self._last, still, is_end=True)

    def mark_reported(self, alarm: Alarm) -> None:
        """Remember that an alarm lies safely in the spool."""
        place = self.emitted.pop(alarm.finding.finding_id, None)
        if place is not None:
            place.alert_count, place.alerted_at = alarm.finding.alert_number, alarm.finding.alarm_at

    def _look_static(self, luma: Picture, frame: Frame, scale: float) -> StaticView:
        if ObjectClass.OBJECT not in self.classes:
            return NO_STATIC
        view = self.static.update(luma, at=frame.at, scale=scale)
        if view.new_share > self.camera.limits.health.light_share:
            self.health.note_light(frame.at)
            self.static.reset()
            return NO_STATIC
        return view

    def _judge(
        self, frame: Frame, luma: Picture, scale: float, static: StaticView, still: StillMaker
    ) -> None:
        looked: set[ObjectClass] = set()
        tracks: list[Track] = []
        if self._is_look_due(frame):
            self._seen = self._detect(frame)
            tracks = self.tracker.update(self._seen, pts=frame.at)
            looked = set(self.classes)
        observations = self._observations(tracks, static)
        view = View(
            at=frame.at,
            luma=luma,
            scale=scale,
            looked=frozenset(looked),
            still=still,
            before=self._before[0][1] if self._before else None,
            stream_age_s=frame.at - self._born,
            vetoes=tuple(self._known_boxes()),
        )
        self.places.update(view, observations)
        self._remember(frame.at, luma)

    def _is_look_due(self, frame: Frame) -> bool:
        if frame.at + 1e-6 < self._next_look:
            return False
        step = 1 / self.camera.limits.detector.per_second
        self._next_look = max(self._next_look + step, frame.at + step / 2)
        return True

    def _detect(self, frame: Frame) -> list[Detection]:
        if self.detector is None:
            return []
        if self._parts is None:
            height, width = frame.image.shape[:2]
            self._parts = tiles(self.camera, width=width, height=height)
        return look(self.detector, frame.image, self._parts)

    def _known_boxes(self) -> list[Box]:
        floor = self.camera.limits.score.person_veto
        return [d.box for d in self._seen if d.kind in KNOWN and d.score >= floor]

    def _observations(self, tracks: Sequence[Track], static: StaticView) -> list[Observation]:
        limits = self.camera.limits
        found = []
        for zone in self.camera.zones:
            wanted = violations.watched(zone)
            for track in tracks:
                seen = track.detection
                is_still = track.speed <= limits.dwell.still_speed and seen.kind in wanted
                if is_still and violations.stands_in(zone, seen.box, seen.kind):
                    found.append(Observation(zone=zone.name, detection=seen))
            if ObjectClass.OBJECT in wanted:
                found += self._still_things(zone, static)
        return found

    def _still_things(self, zone: Zone, static: StaticView) -> list[Observation]:
        pairs = zip(static.objects, static.rest_since, strict=True)
        return [
            Observation(zone=zone.name, detection=thing, since=since)
            for thing, since in pairs
            if violations.stands_in(zone, thing.box, thing.kind)
        ]

    def _remember(self, at: float, luma: Picture) -> None:
        if self._before and at - self._before[-1][0] < BEFORE_STEP_S:
            return
        self._before.append((at, luma))
        while len(self._before) > 1 and self._before[1][0] <= at - BEFORE_S:
            self._before.popleft()

    def _ripe(self, frame: Frame, still: StillMaker, *, is_end: bool = False) -> list[Alarm]:
        self._propose(frame, still)
        post_roll = self.camera.limits.evidence.post_roll_s
        alarms = []
        for candidate in list(self.candidates):
            if not self._still_holds(candidate):
                self.candidates.remove(candidate)
            elif self._confirm(candidate, frame, still, is_end=is_end) and (
                is_end or frame.at >= candidate.seen_at + post_roll
            ):
                self.candidates.remove(candidate)
                alarms.append(self._emit(candidate, frame))
        return alarms

    def _propose(self, frame: Frame, still: StillMaker) -> None:
        taken = {id(candidate.place) for candidate in self.candidates}
        taken |= {id(place) for place in self.emitted.values()}
        for zone in self.camera.zones:
            for place in self.places.items:
                if place.zone == zone.name and id(place) not in taken:
                    candidate = self._candidate(place, zone, frame, still)
                    if candidate is not None:
                        self.candidates.append(candidate)
                        taken.add(id(place))

    def _candidate(
        self, place: Place, zone: Zone, frame: Frame, still: StillMaker
    ) -> Candidate | None:
        for rule in zone.rules:
            reached = self._due(place, rule, at=frame.at)
            if reached is not None:
                return Candidate(
                    place=place,
                    rule=rule,
                    zone=zone,
                    reached_at=reached,
                    seen_at=frame.at,
                    reached=still(),
                )
        return None

    def _due(self, place: Place, rule: Rule, *, at: float) -> float | None:
        reached = violations.overstayed_at(place, rule, camera=self.camera)
        if reached is None or not violations.is_believable(place, rule, self.camera.limits):
            return None
        if place.last_present < at or not violations.alert_due(place, rule, at=at):
            return None
        pending = [c.place for c in self.candidates if c.place is not place]
        if place.alert_count == 0 and not violations.is_new(place, self.places.items, pending):
            return None
        return reached if place.alert_count == 0 else at

    def _still_holds(self, candidate: Candidate) -> bool:
        place = candidate.place
        return not place.is_lost and any(place is item for item in self.places.items)

    def _confirm(
        self, candidate: Candidate, frame: Frame, still: StillMaker, *, is_end: bool
    ) -> bool:
        if candidate.confirmed is not None:
            return True
        wait = 0.0 if is_end else self.camera.limits.dwell.confirm_s
        is_there = candidate.place.last_present >= candidate.seen_at
        if frame.at < candidate.seen_at + wait or not is_there:
            return False
        if not is_end and candidate.place.last_present < frame.at:
            return False
        if not self._second_look(candidate.place, frame):
            candidate.tries += 1
            candidate.seen_at = frame.at
            candidate.place.is_lost = candidate.tries >= TRIES
            return False
        candidate.confirmed = still()
        return True

    def _second_look(self, place: Place, frame: Frame) -> bool:
        """Look closer at the place: a person is no object, a vehicle should be one."""
        if self.detector is None:
            return True
        height, width = frame.image.shape[:2]
        part = clip(grown(place.box, factor=CLOSER), width=width, height=height)
        seen = look(self.detector, frame.image, [part])
        floor = self.camera.limits.score.person_veto
        if place.kind is ObjectClass.OBJECT:
            known = [d.box for d in seen if d.kind in KNOWN and d.score >= floor]
            return not any(covered(place.box, by=box) >= 0.5 for box in known)
        agrees = any(d.kind is place.kind and covered(place.box, by=d.box) >= 0.4 for d in seen)
        return agrees or place.seen_share >= 0.6

    def _emit(self, candidate: Candidate, frame: Frame) -> Alarm:
        alarm = make_alarm(
            candidate, camera=self.camera, model=self._model(candidate.place.kind), frame=frame
        )
        self.emitted[alarm.finding.finding_id] = candidate.place
        return alarm

    def _model(self, kind: ObjectClass) -> ModelRef:
        version = f"t{self.camera.limits.version}"
        if kind is ObjectClass.OBJECT or self.detector is None:
            return ModelRef(name="static-object-knn", version=f"1/{version}")
        model = self.detector.model
        return ModelRef(name=model.name, version=f"{model.version}/{version}")

    def _blind(self, health: Health, frame: Frame, still: StillMaker) -> list[Alarm]:
        if not health.is_blind or self._blind_reported or health.since is None:
            return []
        self._blind_reported = True
        alarm = make_blind_alarm(
            camera=self.camera,
            since=health.since,
            at=frame.at,
            reason=str(health.trouble),
            still=still(),
            offset=frame.at - frame.pts,
        )
        return [alarm]


def _luma(image: Picture) -> tuple[Picture, float]:
    height, width = image.shape[:2]
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    if width <= LUMA_WIDTH:
        return grey.astype("uint8"), 1.0
    scale = LUMA_WIDTH / width
    size = (LUMA_WIDTH, max(round(height * scale), 1))
    return cv2.resize(grey, size, interpolation=cv2.INTER_AREA).astype("uint8"), scale


def _graces(camera: Camera) -> dict[str, float]:
    known = {z.name: [r.grace_s for r in z.rules if r.grace_s is not None] for z in camera.zones}
    return {name: max(values) for name, values in known.items() if values}


def _hold_s(camera: Camera) -> float:
    """Return how long a still thing is withheld from the background: twice the longest dwell."""
    longest = max((r.dwell_s for z in camera.zones for r in z.rules), default=60.0)
    return 2 * longest + 60
