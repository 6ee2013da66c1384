"""Which detector looks when and where: each at its own pace, and only where something changed."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import overload

import cv2
import numpy as np

from chengzhi_vision.config import Camera
from chengzhi_vision.detectors.boxes import together
from chengzhi_vision.detectors.looking import look, look_at_part, tiles
from chengzhi_vision.detectors.protocol import (
    Detector,
    classes_of,
    may_look_closer,
    note_closer,
    turn_of,
)
from chengzhi_vision.geometry import bounds, clip, covered, grown, iou, square
from chengzhi_vision.pipeline.glances import Glances, Shown
from chengzhi_vision.rules.violations import watched
from chengzhi_vision.scene.doubts import Named
from chengzhi_vision.types import Box, Detection, Frame, ModelRef, ObjectClass, Picture

SLOW_S = 3.0  # what is looked for more seldom than this is not followed from look to look
HURRY_S = 3.0
EASE_S = 3.5  # between two looks at most where nothing stands
IDLE_TURNS = 2  # who looks seldom spares every second look where nothing changes
PATIENCE, TRIED, SAME_THING = 5, 40, 0.5  # closer looks at one still thing, and how many are kept
FOCUS_GROWN = 1.6
MIN_FOCUS = 64.0
MIN_CLOSER = 32.0
CHANGED_PIXELS = 4
AROUND = 1.4
STANDS = 0.35  # a score
EARLY = 1e-6
HEAPS = frozenset([ObjectClass.GARBAGE, ObjectClass.BIN, ObjectClass.OVERFLOW])
AGREED = frozenset([ObjectClass.PERSON])  # what detectors must agree on in a closer look
Focus = Callable[[], Sequence[Box]]  # still things that want a closer look


@dataclass(frozen=True, kw_only=True)
class Paced:
    """A detector and how often it looks at a camera."""

    detector: Detector
    every_s: float


@dataclass(frozen=True, kw_only=True)
class Sight:
    """What the detectors know now: everything last seen, and which classes were looked for now."""

    seen: tuple[Detection, ...]
    fresh: tuple[Detection, ...]
    looked: frozenset[ObjectClass]
    is_followed: bool
    named: tuple[Named, ...] = ()  # of it, things that stand, and when they were seen


@dataclass
class _Eye:
    paced: Paced
    classes: frozenset[ObjectClass]  # that are its own: no faster one names them
    glances: Glances
    due: float = float("-inf")
    looked_at: float = float("-inf")
    asked_at: float = float("-inf")
    changed_at: float = float("-inf")
    has_rested: bool = False  # at the last picture, where nothing stood
    shown: Picture | None = None
    tried: deque[Box] = field(default_factory=lambda: deque(maxlen=TRIED))
    seen: list[Detection] = field(default_factory=list)

    def is_tried(self, box: Box) -> bool:
        """Tell whether enough closer looks at this thing have named nothing."""
        return sum(iou(box, other) > SAME_THING for other in self.tried) >= PATIENCE

    def note_try(self, box: Box) -> None:
        self.tried.append(box)

    @property
    def knows(self) -> frozenset[ObjectClass]:
        """What it can name in a closer look."""
        return frozenset(getattr(self.paced.detector, "classes", self.classes))

    @property
    def own(self) -> list[Detection]:
        """What it saw last of its own classes."""
        return [d for d in self.seen if d.kind in self.classes]

    @property
    def is_slow(self) -> bool:
        return self.paced.every_s >= SLOW_S


class Eyes:
    """The detectors of one camera."""

    def __init__(self, camera: Camera, paced: Sequence[Paced]) -> None:
        limits = camera.limits.detector
        keep_s, grey = limits.idle_s, int(limits.change_grey)
        self._eyes = [
            _Eye(one, classes, Glances(keep_s=keep_s, grey=grey))
            for one, classes in zip(paced, _shares(paced), strict=True)
        ]
        self._now: Shown | None = None
        self.move(camera)
        self.looks = self.reused = 0

    @property
    def detectors(self) -> list[Detector]:
        return [eye.paced.detector for eye in self._eyes]

    def model_for(self, kind: ObjectClass) -> ModelRef | None:
        """Return which detector sees this class."""
        for eye in self._eyes:
            if kind in eye.classes:
                return eye.paced.detector.model
        return None

    def looked_at(self, kind: ObjectClass) -> float:
        """Return when the detector of this class last looked; a look taken over is none."""
        return max((e.looked_at for e in self._eyes if kind in e.classes), default=float("-inf"))

    def move(self, camera: Camera) -> None:
        """Watch zones that lie elsewhere in the picture now."""
        self.camera = camera
        self._parts: list[Box] | None = None
        self._mask: Picture | None = None
        self._wanted = frozenset().union(*(watched(zone) for zone in camera.zones))

    def look(
        self,
        frame: Frame,
        small: Picture,
        focus: Focus,
        *,
        follow: Sequence[Box] = (),
        is_near: bool = False,
        is_empty: bool = False,
    ) -> Sight:
        """Let every detector look whose time has come; `small` tells whether anything changed.

        Where something small was named that moves about (`follow`), every look is a close one.
        When a dwell is about to be reached, the slow ones hurry. One whose classes no rule of this
        camera asks for only takes part in closer looks. Where nothing stands (`is_empty`) who walks
        or drives through is of no account: every second key frame will do.
        """
        self._now = Shown(at=frame.at, small=small, scale=small.shape[1] / frame.size[0])
        fresh: list[Detection] = []
        looked: set[ObjectClass] = set()
        is_followed = not self._eyes
        for eye in self._eyes:
            due = min(eye.due, eye.asked_at + HURRY_S) if is_near and eye.is_slow else eye.due
            if frame.at + EARLY < due or not self._is_asked(eye):
                continue
            eye.has_rested = is_empty and self._is_at_ease(eye, frame.at)
            if eye.has_rested:
                self.reused += 1
                continue
            eye.asked_at = frame.at
            usual = eye.due if due == eye.due else frame.at  # a hurried look puts off no later one
            eye.due = max(usual + eye.paced.every_s, frame.at + eye.paced.every_s / 2)
            self._open(eye, frame, small, focus, follow)
            fresh += self._believed(eye)
            looked |= eye.classes
            is_followed |= not eye.is_slow
        seen = [(d, eye.looked_at) for eye in self._eyes for d in self._believed(eye)]
        return Sight(
            seen=tuple(d for d, _ in seen),
            fresh=tuple(fresh),
            looked=frozenset(looked),
            is_followed=is_followed,
            named=tuple(Named(d.box, at) for d, at in seen if _stands(d)),
        )

    def _is_asked(self, eye: _Eye) -> bool:
        return not eye.is_slow or bool(eye.classes & self._wanted)

    def _is_at_ease(self, eye: _Eye, at: float) -> bool:
        """Tell whether an eye looked at the picture before this one; dogs are no standing things."""
        if not self.camera.keyframes_only or eye.is_slow or ObjectClass.DOG in self._wanted:
            return False
        return not eye.has_rested and at - eye.looked_at < EASE_S

    def _believed(self, eye: _Eye) -> list[Detection]:
        """Return what an eye saw without what another sees better under a name of its own."""
        named = [d for other in self._eyes for d in other.seen if other is not eye]
        aside = [d for d in eye.seen if d.kind not in eye.classes]
        return sorted_out(eye.own, [*named, *aside])

    def may_look_closer(self, at: float) -> bool:
        """Tell whether it is this camera's turn for closer looks: all detectors have one queue."""
        return not self._eyes or may_look_closer(self._eyes[0].paced.detector, at)

    def closer(
        self, frame: Frame, box: Box, *, factors: Sequence[float], kinds: frozenset[ObjectClass]
    ) -> Sequence[list[Detection]]:
        """Return what those who know a class see in the whole picture, then in enlarged crops.

        A look is taken when it is asked for: whoever is sure after two need not pay for four.
        """
        width, height = frame.size
        side = max(box.w, box.h)
        parts = [_whole(frame)] + [
            square(box.center, side=max(side * factor, MIN_CLOSER), width=width, height=height)
            for factor in factors
        ]
        asked = [eye for eye in self._eyes if eye.knows & kinds]
        shown = self._now if self._now is not None and self._now.at == frame.at else None
        return _Looks(asked, frame, parts, shown)

    def _open(
        self, eye: _Eye, frame: Frame, small: Picture, focus: Focus, follow: Sequence[Box]
    ) -> None:
        limits = self.camera.limits.detector
        if eye.shown is None or self._changed(eye.shown, small, frame):
            eye.changed_at = frame.at
        is_calm = frame.at - eye.changed_at >= limits.settle_s
        idle_s = max(limits.idle_s, IDLE_TURNS * eye.paced.every_s)
        if is_calm and frame.at - eye.looked_at < idle_s:
            self.reused += 1
            return
        parts = self._usual_parts(frame)
        if not eye.is_slow:
            around = partial(_around, width=frame.size[0], height=frame.size[1])
            closer = [*follow, *self._untried(eye, focus())]
            parts = parts + [around(box) for box in closer]
        with turn_of(eye.paced.detector):
            whole = list(eye.paced.detector.detect(frame.image))
            eye.seen = look(eye.paced.detector, frame.image, parts, whole=whole)
        if self._now is not None:
            eye.glances.note(_whole(frame), self._now, whole)
        eye.shown, eye.looked_at = small, frame.at
        self.looks += 1

    def _usual_parts(self, frame: Frame) -> list[Box]:
        if self._parts is None:
            width, height = frame.size
            self._parts = tiles(self.camera, width=width, height=height)
        return self._parts

    def _untried(self, eye: _Eye, focus: Sequence[Box]) -> list[Box]:
        """Return what nobody has named yet and is worth a closer look."""
        most = int(self.camera.limits.detector.focus)
        unnamed = [
            box
            for box in focus
            if not any(covered(box, by=d.box) > 0.5 for d in eye.seen) and not eye.is_tried(box)
        ]
        for box in unnamed[:most]:
            eye.note_try(box)
        return unnamed[:most]

    def _changed(self, before: Picture, small: Picture, frame: Frame) -> bool:
        if before.shape != small.shape:
            return True
        if self._mask is None:
            self._mask = _zone_mask(self.camera, frame, small)
        moved = cv2.absdiff(before, small) > int(self.camera.limits.detector.change_grey)
        return int(np.count_nonzero(moved & (self._mask > 0))) >= CHANGED_PIXELS


class _Looks(Sequence[list[Detection]]):
    """Looks of some detectors at some parts of a picture, each taken once, when it is asked for."""

    def __init__(
        self, asked: Sequence[_Eye], frame: Frame, parts: Sequence[Box], now: Shown | None
    ) -> None:
        self._asked, self._frame, self._parts, self._now = asked, frame, parts, now
        self._taken: dict[int, list[Detection]] = {}

    def __len__(self) -> int:
        return len(self._parts)

    @overload
    def __getitem__(self, at: int) -> list[Detection]: ...
    @overload
    def __getitem__(self, at: slice) -> list[list[Detection]]: ...
    def __getitem__(self, at: int | slice) -> list[Detection] | list[list[Detection]]:
        if isinstance(at, slice):
            return [self[index] for index in range(*at.indices(len(self)))]
        if at not in self._taken:
            self._taken[at] = self._take(self._parts[at])
        return self._taken[at]

    def _take(self, part: Box) -> list[Detection]:
        answers = []
        for eye in self._asked:
            known = None if self._now is None else eye.glances.recall(part, self._now)
            answers.append(self._open(eye, part) if known is None else known)
        return together(answers, agreed=AGREED)

    def _open(self, eye: _Eye, part: Box) -> list[Detection]:
        with turn_of(eye.paced.detector):
            seen = look_at_part(eye.paced.detector, self._frame.image, part)
        note_closer(eye.paced.detector)
        if self._now is not None:
            eye.glances.note(part, self._now, seen)
        return seen


def sorted_out(seen: Sequence[Detection], named: Sequence[Detection]) -> list[Detection]:
    """Drop heaps and full bins that are surer to be something else: a clean bin, a cycle, people."""
    rivals = [*named, *(d for d in seen if d.kind in HEAPS)]
    return [
        one
        for one in seen
        if one.kind not in HEAPS
        or not any(
            other.kind is not one.kind
            and other.score > one.score
            and iou(one.box, other.box) >= SAME_THING
            for other in rivals
        )
    ]


def _stands(seen: Detection) -> bool:
    """Tell whether a thing is named for sure; people are as soon gone as come."""
    return seen.kind is not ObjectClass.PERSON and seen.score >= STANDS


def _shares(paced: Sequence[Paced]) -> list[frozenset[ObjectClass]]:
    """Return the classes each looks for: of two that name one, the first, which is the faster.

    One that names none is not asked for what another names.
    """
    named = [getattr(one.detector, "classes", None) for one in paced]
    taken = frozenset().union(*(classes for classes in named if classes is not None))
    shares: list[frozenset[ObjectClass]] = []
    for one, classes in zip(paced, named, strict=True):
        before = taken if classes is None else frozenset().union(*shares)
        shares.append(classes_of(one.detector) - before)
    return shares


def _whole(frame: Frame) -> Box:
    width, height = frame.size
    return Box(x=0.0, y=0.0, w=float(width), h=float(height))


def _around(box: Box, *, width: int, height: int) -> Box:
    side = max(box.w * FOCUS_GROWN, box.h * FOCUS_GROWN, MIN_FOCUS)
    return square(box.center, side=side, width=width, height=height)


def _zone_mask(camera: Camera, frame: Frame, small: Picture) -> Picture:
    """Return where in the small picture a change matters: the zones and what is around them."""
    width, height = frame.size
    fx, fy = small.shape[1] / width, small.shape[0] / height
    mask = np.zeros(small.shape, np.uint8)
    for zone in camera.zones:
        part = clip(grown(bounds(zone.polygon), factor=AROUND), width=width, height=height)
        top, bottom = int(part.y * fy), int(np.ceil(part.bottom * fy))
        mask[top:bottom, int(part.x * fx) : int(np.ceil(part.right * fx))] = 1
    return mask
