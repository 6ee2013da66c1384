"""Judge the frames of one camera. It reads no clock and touches no file."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from itertools import chain

from chengzhi_vision.alarms import Alarm, Candidate, make_blind_alarm
from chengzhi_vision.config import Camera
from chengzhi_vision.detectors.protocol import Detector
from chengzhi_vision.dwell.place import SELDOM, Place
from chengzhi_vision.dwell.places import Places
from chengzhi_vision.dwell.view import View
from chengzhi_vision.pipeline.docket import Docket
from chengzhi_vision.pipeline.drawing import Drawing
from chengzhi_vision.pipeline.eyes import Eyes, Paced, Sight
from chengzhi_vision.pipeline.luma import luma_of
from chengzhi_vision.pipeline.observing import (
    focus_boxes,
    known_boxes,
    note_backing,
    observations,
    people_boxes,
)
from chengzhi_vision.pipeline.patience import Counts, graces, hold_s
from chengzhi_vision.pipeline.registering import move_places, moved_camera, resize_places
from chengzhi_vision.pipeline.second_look import SecondLook
from chengzhi_vision.rules import company, violations
from chengzhi_vision.rules.lanes import Lanes
from chengzhi_vision.rules.roaming import Roaming
from chengzhi_vision.scene.ground import KnownGround, LearnedGround, street_behind
from chengzhi_vision.scene.health import Health, SceneHealth, Trouble, shrunk
from chengzhi_vision.scene.light import Stretch
from chengzhi_vision.scene.past import Past
from chengzhi_vision.scene.people import Heights
from chengzhi_vision.scene.presets import Presets
from chengzhi_vision.scene.static_objects import StaticObjects, StaticView
from chengzhi_vision.stills import StillMaker
from chengzhi_vision.tracking.tracker import Tracker
from chengzhi_vision.types import WHEELED, Detection, Frame, ObjectClass, Picture, Size, Track

log = logging.getLogger("chengzhi_vision")
NO_STATIC = StaticView(objects=(), rest_since=(), new_share=0.0)


class Pipeline:
    """Judges the frames of one camera.

    `detector` looks as often as the thresholds say; `slow` ones look at their own pace.
    """

    def __init__(
        self, camera: Camera, *, detector: Detector | None, slow: Sequence[Paced] = ()
    ) -> None:
        self.camera, self.drawing = camera, Drawing(camera)  # as it is watched now, and all zones
        limits = camera.limits
        every_s = 1 / limits.detector.per_second
        fast = [Paced(detector=detector, every_s=every_s)] if detector is not None else []
        self.health = SceneHealth(limits.health)
        self.tracker = Tracker(limits.track)
        self.places = Places(limits=limits.dwell, grace=graces(camera))
        self.static = StaticObjects(limits.static, hold_s=hold_s(camera))
        self.classes = frozenset().union(*(violations.watched(z) for z in camera.zones))
        self.eyes = Eyes(camera, [*fast, *slow])
        self.lanes = Lanes(limits.lane)
        self.roaming = Roaming(camera)
        self.docket = Docket(
            camera, self.places, self.roaming, self.lanes, SecondLook(camera, self.eyes)
        )
        self._paced = [*fast, *slow]
        self.learned = LearnedGround(limits.ground)
        self._begin()

    def _begin(self) -> None:
        self.stretch = Stretch()
        self.heights = self.docket.second_look.heights = Heights()
        self.presets = Presets(self.drawn.presets)
        self._view: str | None = None
        self._aside: dict[str, list[Place]] = {}
        self._past = Past()
        self._ground: Picture | None = None
        self._ground_color: Picture | None = None
        self._recalled: KnownGround | None = None
        self._has_begun = self._knows_street = False
        self.is_asked = False  # somebody looks again at what was reported
        self.moved, self._born = (0.0, 0.0), 0.0
        self._counts = Counts(every_s=1 / self.camera.limits.detector.per_second)
        self._sight = Sight(seen=(), fresh=(), looked=frozenset(), is_followed=False)
        self._last: Frame | None = None
        self._was_fit, self._blind_reported = True, False
        self.trouble: Trouble | None = None

    @property
    def drawn(self) -> Camera:
        """The camera with all its zones, where they were drawn."""
        return self.drawing.fitted

    @property
    def candidates(self) -> list[Candidate]:
        return self.docket.candidates

    @property
    def seen(self) -> tuple[Detection, ...]:
        """What the detectors saw last."""
        return self._sight.seen

    @property
    def emitted(self) -> dict[str, Place]:
        return self.docket.emitted

    def reset(self) -> None:
        """Forget everything: the source starts a new story (a clip begins again)."""
        self._watch(self.drawn)
        limits = self.camera.limits
        self.health.reset()
        self.static.reset()
        self.places.reset()
        self.tracker = Tracker(limits.track)
        self.eyes = Eyes(self.camera, self._paced)
        self.lanes = self.docket.lanes = Lanes(limits.lane)
        self.roaming.stays.clear()
        self.docket.second_look = SecondLook(self.camera, self.eyes)
        self.docket.forget()
        self._begin()

    @property
    def views(self) -> dict[str, list[Place]]:
        """The places of each view of a turning camera."""
        here = {} if self._view is None else {self._view: list(self.places.items)}
        return self._aside | here

    def known_ground(self) -> KnownGround | None:
        """Return what lies behind the things now; a turning camera learns it at every turn."""
        ground = self.static.ground
        if ground is None or self._last is None or self.presets:
            return None
        return KnownGround(picture=ground, at=self._last.at, color=self.static.ground_color)

    def recall(
        self,
        here: list[Place],
        *,
        views: dict[str, list[Place]],
        ground: KnownGround | None,
        size: Size | None = None,
    ) -> None:
        """Begin with what a former run knew, in pixels of frames of its size."""
        own = {preset.name for preset in self.drawn.presets}
        self.places.items[:] = here
        self._aside = {name: places for name, places in views.items() if name in own}
        self._recalled = ground
        if size is not None:
            self.drawing.fit(size)
            self._watch(self.drawn)

    def recall_shift(self, dx: float, dy: float) -> None:
        """Watch the zones where a former run had found them: the picture had shifted for good."""
        self._watch(moved_camera(self.drawn, dx, dy))
        self._note_moved((dx, dy))

    def resume(self, *, at: float) -> None:
        """The source was opened anew: the street goes on, what is still begins again."""
        self._recalled, self._has_begun = self.known_ground(), False
        self.static.reset()
        self.places.resumed_at = at

    def feed(self, frame: Frame) -> list[Alarm]:
        """Judge one frame and return the alarms that are ripe."""
        if frame.size != self.drawing.shown and self.drawing.show(frame.size):
            self._fit(frame.size, at=frame.at)
        if self.drawing.misfit:
            self.trouble, self._was_fit = Trouble.OTHER_SHAPE, False
            return []
        luma, scale = luma_of(frame)
        small, luma = shrunk(luma), self.stretch(luma)
        if self._last is None:
            self._born = frame.at
        self._last = frame
        still = StillMaker(frame, quality=int(self.camera.limits.evidence.jpeg_quality))
        if self.presets and not self._is_at_preset(small, frame):
            return []
        health = self.health.update(small, at=frame.at)
        self.trouble = health.trouble
        if not health.is_fit and health.trouble is not Trouble.LIGHT:
            self._was_fit = False
            return self._blind(health, frame, still)
        self._blind_reported = False
        static = self._look_static(luma, frame, scale)
        if self.static.is_glare:
            return []
        if not health.is_fit:
            self._was_fit = False
            return []
        if not self._was_fit:
            self.places.resumed_at, self._was_fit = frame.at, True
        self._register(frame)
        self._judge(frame, luma, small, scale, static, still)
        return self.docket.ripe(frame, still)

    def finish(self) -> list[Alarm]:
        """Return what is due at the end of the source: the last frame confirms."""
        if self._last is None:
            return []
        still = StillMaker(self._last, quality=int(self.camera.limits.evidence.jpeg_quality))
        return self.docket.ripe(self._last, still, is_end=True)

    def mark_reported(self, alarm: Alarm) -> None:
        """Remember that an alarm lies safely in the spool."""
        self.docket.mark_reported(alarm)

    def _look_static(self, luma: Picture, frame: Frame, scale: float) -> StaticView:
        if not self.classes:
            return NO_STATIC
        if not self._has_begun and not self.presets:
            small = self.static.sized(luma)
            known = street_behind(self._recalled, self.learned, small, at=frame.at)
            self._ground, self._ground_color = known
            self._knows_street = self._ground is not None
        self._has_begun = True
        view = self.static.update(
            luma,
            at=frame.at,
            scale=scale,
            ground=self._ground,
            ground_color=self._ground_color,
            shift=self.health.shift,
            colors=frame.colors,
            named=self._sight.named if self.eyes.detectors else None,
        )
        frame.release()  # a camera that waits for the detector holds no colour picture
        if view.new_share > self.camera.limits.health.light_share:
            jumped_at = self.static.jumped_at
            self.health.note_light(frame.at if jumped_at is None else jumped_at)
            self._ground, self._ground_color = self.static.ground, None
            self.static.reset()
            self._was_fit = False  # though the pause be over: pictures may come seldom
            return NO_STATIC
        if self.static.ground is not None and self.static.calm is not None and not self.presets:
            self.learned.note(self.static.ground, self.static.calm, at=frame.at)
        return view

    def _is_at_preset(self, small: Picture, frame: Frame) -> bool:
        """Watch the zones of the preset the camera stands at; pause while it stands at none."""
        if self.presets.update(small, at=frame.at):
            self._turn(frame)
        if self.presets.current is None:
            self.trouble, self._was_fit = Trouble.OTHER_VIEW, False
        return self.presets.current is not None

    def _turn(self, frame: Frame) -> None:
        """Put the places of the old view aside and take up those of the new one."""
        if self._view is not None:
            self._aside[self._view] = list(self.places.items)
        now = self.presets.current
        self._view = None if now is None else now.name
        self.places.items[:] = self._aside.pop(self._view, []) if self._view else []
        self.places.resumed_at = frame.at
        self.roaming.stays.clear()
        self.docket.forget()
        self.health.reset()
        self.static.reset()
        self._ground = self._ground_color = None
        self.moved = (0.0, 0.0)
        self._past.clear()
        self.tracker = Tracker(self.camera.limits.track)
        own = now.zones if now is not None else ()
        self._watch(replace(self.drawn, zones=tuple(z for z in self.drawn.zones if z.name in own)))

    def _fit(self, now: Size, *, at: float) -> None:
        """Tell all in pixels of the frames; where their size has changed, go on as after a restart."""
        before = self.drawing.size
        self.drawing.fit(now)
        if before is None:
            self._watch(self.drawn)
            return
        views, ground, (dx, dy) = self.views, self.known_ground() or self._recalled, self.moved
        here = [] if self.presets else list(self.places.items)
        usual = self.health.known()
        across, down = resize_places([*here, *chain.from_iterable(views.values())], before, now)
        self.reset()
        self.recall(here, views=views, ground=ground)
        if dx or dy:
            self.recall_shift(dx * across, dy * down)
        if usual is not None:
            self.health.recall(usual)
        self.places.resumed_at = at

    def _register(self, frame: Frame) -> None:
        """Move zones and places when the view has shifted a little for good, and say so."""
        step = self.health.lasting_shift()
        if step is None:
            return
        width = frame.size[0]
        dx, dy = step[0] * width, step[1] * width
        self._watch(moved_camera(self.camera, dx, dy))
        move_places([*self.places.items, *self.roaming.places], dx, dy)
        self.heights.moved_by(dy)
        self.static.moved_by(step)
        self._past.clear()
        self._note_moved((self.moved[0] + dx, self.moved[1] + dy))
        log.warning("camera %s: view shifted, %s", self.camera.code, self.docket.note)

    def _note_moved(self, moved: tuple[float, float]) -> None:
        self.moved = moved
        self.docket.note = f"zones_moved:{moved[0]:+.0f},{moved[1]:+.0f}"

    def _watch(self, camera: Camera) -> None:
        """Go on with other zones, or with the same ones elsewhere."""
        self.camera = self.roaming.camera = self.docket.camera = camera
        self.docket.second_look.camera = camera
        self.eyes.move(camera)

    def _judge(
        self,
        frame: Frame,
        luma: Picture,
        small: Picture,
        scale: float,
        static: StaticView,
        still: StillMaker,
    ) -> None:
        focus = partial(focus_boxes, self.camera, static, self._sight.seen)
        is_near = self.docket.is_near(at=frame.at) or self.static.is_in_doubt(frame.at)
        is_empty = not is_near and self._is_empty(static)
        self._sight = sight = self.eyes.look(
            frame,
            small,
            focus,
            follow=self.roaming.followed,
            is_near=is_near,
            is_empty=is_empty,
        )
        tracks = self._follow(sight, frame)
        is_count = self._counts.is_due(frame.at)
        looked = sight.looked | ({ObjectClass.OBJECT} if is_count else set())
        known = known_boxes(sight.seen, floor=self.camera.limits.score.person_veto)
        view = View(
            at=frame.at,
            luma=luma,
            scale=scale,
            looked=frozenset(looked),
            still=still,
            small=self.static.small,
            past=self._past,
            things=tuple(thing.box for thing in static.objects),
            ground=self.static.ground,
            small_scale=scale * self.static.shrink,
            stream_age_s=frame.at - self._born,
            vetoes=tuple(known),
            wheeled=tuple(one.box for one in sight.seen if one.kind in WHEELED),
            new_in=static.new_in,
            knows_street=self._knows_street,
        )
        self.heights.note(sight.fresh)
        seen = observations(self.camera, tracks, sight, static, self.heights)
        self.places.update(view, seen)
        note_backing([p for p in self.places.items if p.kind in looked], static)
        self._note_people(sight, tracks, view)
        self.lanes.note(self.places.items, at=frame.at)
        if self.static.small is not None:
            self._past.note(self.static.small, at=frame.at)

    def _is_empty(self, static: StaticView) -> bool:
        """Tell whether nothing stands there; for heaps those look who look seldom anyway."""
        if static.objects or self.is_asked:
            return False
        return all(place.kind in SELDOM for place in self.places.items)

    def _follow(self, sight: Sight, frame: Frame) -> list[Track]:
        if not sight.is_followed:
            return []
        return self.tracker.update(sight.fresh, pts=frame.at)

    def _note_people(self, sight: Sight, tracks: Sequence[Track], view: View) -> None:
        limits = self.camera.limits
        people = people_boxes(sight.seen, floor=limits.score.person_veto)
        for place in self.places.items:
            if place.kind in view.looked:
                company.note_company(place, people, limits.company)
        if ObjectClass.DOG in sight.looked and ObjectClass.DOG in self.classes:
            self.roaming.update(sight.fresh, tracks, view)

    def _blind(self, health: Health, frame: Frame, still: StillMaker) -> list[Alarm]:
        if not health.is_blind or self._blind_reported or health.since is None:
            return []
        self._blind_reported = True
        return [
            make_blind_alarm(
                camera=self.camera,
                since=health.since,
                at=frame.at,
                reason=str(health.trouble),
                still=still(),
                frame=frame,
            )
        ]
