"""Look closer before an alarm: a person is no object, a cycle must be one, a full bin is full.

Small detectors name a thing best when it fills a good part of the picture, and how large it
should be differs from thing to thing. So the place is looked at in several enlargements, and two
of them must agree; this happens only when a dwell is reached.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import StrEnum

from chengzhi_vision.alarms import Candidate
from chengzhi_vision.config import Camera
from chengzhi_vision.dwell.place import Place
from chengzhi_vision.findings import KindRow, Person, kind_table
from chengzhi_vision.geometry import covered, iou, is_about
from chengzhi_vision.pipeline.eyes import Eyes
from chengzhi_vision.rules.company import stands_in_a_row
from chengzhi_vision.scene.people import Heights
from chengzhi_vision.types import Box, Detection, Frame, ObjectClass

KNOWN = frozenset([ObjectClass.PERSON, ObjectClass.VEHICLE, ObjectClass.TWO_WHEELER])
NAMED_OTHERWISE = KNOWN - {ObjectClass.PERSON}
CLOSER = (1.3, 1.8, 2.5)
HALF = 0.5
SAME, LARGER = 0.3, 5.0
AGREES = 0.4
SURE_SHARE = 0.6
NAMED, KNOWN_AS = 0.3, 0.55  # what the second best look must say: to prove, to forbid
HEAP, FULL, SURER = 0.4, 0.3, 0.2
LONG = 1.7  # wider than so many heights: a car from the side
Looks = Sequence[Sequence[Detection]]


class Opinion(StrEnum):
    """What a second look says."""

    YES = "yes"
    NO = "no"
    PEOPLE = "people"
    NAMED = "named"  # a vehicle or cycle, which other rules are about


class SecondLook:
    """Verifies candidates of one camera on enlarged crops."""

    def __init__(self, camera: Camera, eyes: Eyes) -> None:
        self.camera, self.eyes = camera, eyes
        self.heights = Heights()

    def judge(self, candidate: Candidate, frame: Frame) -> Opinion:
        """Return whether the candidate stands up to a closer look."""
        place, row = candidate.place, kind_table()[candidate.rule.finding]
        if place.kind is ObjectClass.DOG:
            return Opinion.YES
        if not self.eyes.detectors:
            is_unproven = place.kind is ObjectClass.OBJECT and row.proof is not None
            return Opinion.NO if is_unproven else Opinion.YES
        asked = KNOWN | {place.kind} | ({row.proof} if row.proof else frozenset())
        looks = self.eyes.closer(frame, place.box, factors=CLOSER, kinds=asked)
        if place.kind is ObjectClass.OBJECT:
            return self._thing(place, row, looks)
        is_seen = place.kind in KNOWN and place.seen_share >= SURE_SHARE
        return Opinion.YES if is_seen or self._is_proven(place, place.kind, looks) else Opinion.NO

    def _thing(self, place: Place, row: KindRow, looks: Looks) -> Opinion:
        """Judge what only the static generator proposed."""
        if row.proof is not None and not self._is_proven(place, row.proof, looks):
            return Opinion.NO
        if row.proof in KNOWN:
            return Opinion.YES
        is_stall = row.person is Person.NEAR
        if not is_stall and strength(place.box, NAMED_OTHERWISE, looks) >= KNOWN_AS:
            return Opinion.NAMED
        return Opinion.PEOPLE if self._is_people(place, looks, is_stall=is_stall) else Opinion.YES

    def _is_people(self, place: Place, looks: Looks, *, is_stall: bool) -> bool:
        floor = self.camera.limits.score.person_veto
        whole = [d for d in looks[0] if d.score >= floor]
        people = [d.box for d in whole if d.kind is ObjectClass.PERSON]
        if is_stall:
            hidden = self.camera.limits.company.hidden_share
            return any(covered(place.box, by=box) >= hidden for box in people)
        known = [d.box for d in whole if d.kind in KNOWN]
        if any(is_about(place.box, seen=box, share=HALF) for box in known):
            return True
        is_person = strength(place.box, {ObjectClass.PERSON}, looks) >= KNOWN_AS
        return is_person or stands_in_a_row(place.box, people)

    def _is_proven(self, place: Place, proof: ObjectClass, looks: Looks) -> bool:
        box = place.box
        if proof is ObjectClass.TWO_WHEELER:
            return self._is_two_wheeler(box, looks)
        if proof is ObjectClass.VEHICLE:
            return strength(box, {proof}, looks) >= NAMED
        best = [_best(box, {proof}, seen) for seen in looks]
        if strength(box, {ObjectClass.PERSON}, looks) > max(best) + SURER:
            return False
        if proof is ObjectClass.OVERFLOW:
            clean = [_best(box, {ObjectClass.BIN}, seen) for seen in looks]
            return sum(best) > sum(clean) and sum(best) / len(best) >= FULL
        if proof is ObjectClass.GARBAGE:
            return max(best) >= HEAP
        return max(best) > 0

    def _is_two_wheeler(self, box: Box, looks: Looks) -> bool:
        """Detectors take electric scooters for cars: then the size tells."""
        kinds = {ObjectClass.TWO_WHEELER}
        is_small = self.heights.is_two_wheeler(box)
        if is_small or (is_small is None and box.w < LONG * box.h):
            kinds.add(ObjectClass.VEHICLE)
        return strength(box, kinds, looks) >= NAMED


def strength(box: Box, kinds: Collection[ObjectClass], looks: Looks) -> float:
    """Return how surely a thing is one of some classes: what the second best look says."""
    scores = sorted((_best(box, kinds, seen) for seen in looks), reverse=True)
    return scores[1] if len(scores) > 1 else scores[0]


def _best(box: Box, kinds: Collection[ObjectClass], seen: Sequence[Detection]) -> float:
    return max((d.score for d in seen if d.kind in kinds and _is_it(box, d.box)), default=0.0)


def _is_it(place: Box, box: Box) -> bool:
    """Tell whether a box is about the thing at a place, of which perhaps only a part was seen."""
    if iou(place, box) >= SAME:
        return True
    return covered(place, by=box) >= HALF and box.area <= LARGER * place.area
