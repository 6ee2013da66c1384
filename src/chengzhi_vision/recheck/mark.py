"""What is remembered of a reported place, and what one look at it says.

The ground as it was before the thing came is the proof that it is gone. Where nobody saw it
come there is no such ground: then its class must no longer be detected, nothing may hide the
place, and its surroundings must look as they did. Vehicles and cycles are looked for in every
picture; heaps and full bins are named by a detector that looks seldom, so two looks of its own
must name nothing there. What no detector names (goods, bags, materials) cannot be judged so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from chengzhi_vision.dwell.look import SIDE, Look, look_at, similarity
from chengzhi_vision.dwell.place import LEFT_BEFORE
from chengzhi_vision.fitting import resized
from chengzhi_vision.geometry import covered, grown, iou
from chengzhi_vision.thresholds import DwellLimits
from chengzhi_vision.types import WHEELED, Box, Detection, ObjectClass, Picture, Size

ROUND = 3.0  # how much larger than the thing its surroundings are
SAME_ROUND = 0.6
HIDES = 0.3
SAME_PLACE = 0.3
SURE_S = 30.0  # without the ground before, absence must last so long
STEP_S = 10.0  # a longer silence of the source says nothing about the place
HIDERS = frozenset({ObjectClass.PERSON, *WHEELED})
HEAPED = frozenset({ObjectClass.GARBAGE, ObjectClass.OVERFLOW})
LOOKS = 2  # of a detector that looks seldom, at the bare place, that named nothing
RESTS = 0.1  # so much of the place under another heap: what is left of it, or more than it was
LIKE_LIGHT = 2.0  # brighter or darker than this, a detector may name nothing for want of light


class Sighting(StrEnum):
    """What one look at a marked place says."""

    PRESENT = "present"
    ANOTHER = "another"
    HIDDEN = "hidden"
    ABSENT = "absent"


@dataclass(frozen=True, kw_only=True)
class Scene:
    """What a look needs of one fit frame; `named` are the classes a detector looks for."""

    at: float
    luma: Picture
    scale: float
    size: Size  # of the frame, in whose pixels boxes are told
    seen: Sequence[Detection] = ()
    view: str = ""  # the preset at which a turning camera stands
    named: frozenset[ObjectClass] = frozenset()
    looked: Mapping[ObjectClass, float] = field(default_factory=dict)  # by class, last when


@dataclass
class Bare:
    """A place that looks bare since a moment, and the detector's looks at it since then."""

    since: float
    looks: int = 0
    last: float = float("-inf")

    def note(self, looked_at: float) -> None:
        if looked_at >= self.since and looked_at > self.last:
            self.looks, self.last = self.looks + 1, looked_at


@dataclass
class Mark:
    """A reported place; times are seconds of the wall clock."""

    finding_id: str
    kind: ObjectClass
    box: Box
    anchor: Look
    round: Look | None
    reported_at: float
    before: Look | None = None
    checked_at: float = 0.0
    present_at: float = 0.0
    absent_s: float = 0.0
    gone_at: float | None = None
    last: Sighting = Sighting.PRESENT
    view: str = ""  # the preset at which it was seen; elsewhere its box means nothing
    frame: Size | None = None  # in whose pixels the box is; none: from before that was kept
    streak: int = field(default=0)
    bare: Bare | None = None  # begun anew by a restart

    def fit(self, size: Size) -> None:
        """Tell the box in pixels of the frames, whose size may have changed."""
        self.box, self.frame = resized(self.box, self.frame or size, size), size

    def needs_s(self, limits: DwellLimits) -> float:
        """Return how long the place must be seen empty."""
        return limits.gone_s if self.before is not None else max(SURE_S, limits.gone_s)

    def is_gone(self, limits: DwellLimits) -> bool:
        return self.absent_s >= self.needs_s(limits)


def make_mark(
    finding_id: str, *, kind: ObjectClass, box: Box, before: Look | None, scene: Scene
) -> Mark | None:
    """Return the memory of a place just reported, or none when too little of it is seen."""
    anchor = look_at(scene.luma, box, scale=scene.scale)
    if anchor is None:
        return None
    return Mark(
        finding_id=finding_id,
        kind=kind,
        box=box,
        anchor=anchor,
        round=surroundings(box, scene),
        reported_at=scene.at,
        before=before,
        checked_at=scene.at,
        present_at=scene.at,
        view=scene.view,
        frame=scene.size,
    )


def surroundings(box: Box, scene: Scene) -> Look | None:
    """Return how the place looks around the thing; the thing itself is left out."""
    look = look_at(scene.luma, grown(box, factor=ROUND), scale=scene.scale)
    if look is None:
        return None
    third = SIDE // 3
    ring = look.copy()
    ring[third:-third, third:-third] = int(np.mean(look))
    return ring


def look_again(mark: Mark, scene: Scene, limits: DwellLimits) -> Sighting:
    """Take in one look at a marked place."""
    sighting = _agreed(mark, scene, _sighting(mark, scene, limits))
    elapsed = min(max(scene.at - mark.checked_at, 0.0), STEP_S)
    mark.streak = mark.streak + 1 if sighting is mark.last else 1
    mark.checked_at, mark.last = scene.at, sighting
    if sighting is Sighting.ABSENT:
        mark.absent_s += elapsed
        if mark.gone_at is None:
            mark.gone_at = scene.at
    elif sighting is not Sighting.HIDDEN:
        mark.absent_s, mark.gone_at, mark.present_at = 0.0, None, scene.at
    return sighting


def _sighting(mark: Mark, scene: Scene, limits: DwellLimits) -> Sighting:
    look = look_at(scene.luma, mark.box, scale=scene.scale)
    if look is None:
        return Sighting.HIDDEN
    likeness = similarity(mark.anchor, look)
    if likeness >= limits.same_look:
        return Sighting.PRESENT
    same = [d for d in scene.seen if d.kind is mark.kind and iou(d.box, mark.box) >= SAME_PLACE]
    if same:
        return Sighting.PRESENT if likeness >= limits.other_look else Sighting.ANOTHER
    if any(covered(mark.box, by=d.box) >= HIDES for d in scene.seen if d.kind in HIDERS):
        return Sighting.HIDDEN
    if mark.before is not None and similarity(mark.before, look) >= LEFT_BEFORE:
        return Sighting.ABSENT
    return _without_ground(mark, scene, likeness, limits)


def _agreed(mark: Mark, scene: Scene, sighting: Sighting) -> Sighting:
    """Believe that a heap is gone only when its detector has looked so often and named nothing."""
    if mark.before is not None or mark.kind not in HEAPED:
        return sighting
    if sighting is not Sighting.ABSENT:
        mark.bare = None
        return sighting
    mark.bare = mark.bare or Bare(since=scene.at)
    mark.bare.note(scene.looked.get(mark.kind, float("-inf")))
    return sighting if mark.bare.looks >= LOOKS else Sighting.HIDDEN


def _without_ground(mark: Mark, scene: Scene, likeness: float, limits: DwellLimits) -> Sighting:
    """Judge where the ground before is unknown, or looks otherwise in today's light."""
    is_named = mark.kind in (WHEELED | HEAPED) & scene.named and mark.before is None
    if not is_named or likeness >= limits.other_look or mark.round is None:
        return Sighting.HIDDEN
    around = surroundings(mark.box, scene)
    if around is None or similarity(mark.round, around) < SAME_ROUND:
        return Sighting.HIDDEN
    if mark.kind in HEAPED and not _may_name(mark, scene, around):
        return Sighting.HIDDEN
    return Sighting.ABSENT


def _may_name(mark: Mark, scene: Scene, around: Look) -> bool:
    """Tell whether a heap would be named: the light is like that of the report, and no other is."""
    was, now = (max(float(np.mean(look)), 1.0) for look in (mark.round, around) if look is not None)
    heaps = [d for d in scene.seen if d.kind in HEAPED]
    is_bare = not any(covered(mark.box, by=d.box) >= RESTS for d in heaps)
    return is_bare and max(was / now, now / was) <= LIKE_LIGHT
