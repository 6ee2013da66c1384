"""Look closer before an alarm: a person is no object, a cycle must be one, a full bin is full.

Small detectors name a thing best when it fills a good part of the picture, and how large it
should be differs from thing to thing. So the place is looked at in several enlargements, and two
of them must agree; this happens only when a dwell is reached.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import StrEnum

from chengzhi_vision.config import Camera, Rule
from chengzhi_vision.detectors.protocol import classes_of
from chengzhi_vision.dwell.place import Place
from chengzhi_vision.findings import KindRow, Person, kind_table
from chengzhi_vision.geometry import covered, iou, is_about, padded
from chengzhi_vision.pipeline.eyes import HEAPS, Eyes
from chengzhi_vision.rules.company import consists_of, stands_in_a_row
from chengzhi_vision.rules.roaming import ROAMS
from chengzhi_vision.rules.violations import looks_like_people, score_floor
from chengzhi_vision.scene.people import Heights
from chengzhi_vision.types import WHEELED, Box, Detection, Frame, ObjectClass

KNOWN = WHEELED | {ObjectClass.PERSON}
CLOSEST = (1.3, 1.6, 2.0)  # a dog is small, and named where it fills a picture
CLOSER = (1.8, 2.5, 3.5)  # of the larger side: what is around a thing tells as well
HALF = 0.5
SAME, LARGER = 0.3, 5.0
AGREEING = 2  # looks
SURE_SHARE = 0.6
NAMED, KNOWN_AS = 0.3, 0.5  # what the second best look must say: to prove, to forbid
KNOWN_TWICE = 0.5  # mean of the two best looks: goods and bags are hardly ever taken for a cycle
HEAP, FULL, SURER = 0.4, 0.3, 0.2
SURELY_FULL = 0.42  # one look, where none sees a clean bin as surely
CLEARLY = 0.5  # two looks name a heap where the general detector sees somebody
SPECK = 0.15  # of a person's height, each way
THIN = 8.5  # pixels of the small picture: a line on the ground
RIM, WHOLLY = 0.08, 0.85  # of a vehicle's smaller side beyond its box; of what is only its edge
LONG = 1.7  # wider than so many heights: a car from the side
Looks = Sequence[Sequence[Detection]]


class Opinion(StrEnum):
    """What a second look says."""

    YES = "yes"
    NO = "no"
    PEOPLE = "people"
    NAMED = "named"  # a vehicle, cycle or dog, which other rules are about


class SecondLook:
    """Verifies candidates of one camera on enlarged crops."""

    def __init__(self, camera: Camera, eyes: Eyes) -> None:
        self.camera, self.eyes = camera, eyes
        self.heights = Heights()
        voters = sum(ObjectClass.PERSON in classes_of(one) for one in eyes.detectors)
        self._are_several = voters > 1  # who know people

    def judge(self, place: Place, rule: Rule, frame: Frame) -> Opinion:
        """Return whether a stay stands up to a closer look under a rule."""
        row = kind_table()[rule.finding]
        if not self.eyes.detectors:
            is_unproven = place.kind is ObjectClass.OBJECT and row.proof is not None
            return Opinion.NO if is_unproven else Opinion.YES
        if place.kind is ObjectClass.OBJECT:
            return self._thing(place, row, frame)
        is_clear = place.score >= score_floor(place.kind, self.camera.limits)
        is_seen = place.kind in KNOWN | ROAMS and is_clear and place.seen_share >= SURE_SHARE
        is_proven = self._roams if place.kind in ROAMS else self._is_proven
        is_sure = is_seen or is_proven(place, place.kind, frame)
        return Opinion.YES if is_sure else Opinion.NO

    def _roams(self, place: Place, kind: ObjectClass, frame: Frame) -> bool:
        """Tell whether two close looks name what moves about, and nobody crouches there."""
        kinds = frozenset([kind, ObjectClass.PERSON])
        looks = self.eyes.closer(frame, place.box, factors=CLOSEST, kinds=kinds)
        named = strength(place.box, {kind}, looks)
        return named >= NAMED and _outweighs(named, place.box, looks)

    def _thing(self, place: Place, row: KindRow, frame: Frame) -> Opinion:
        """Judge what only the static generator proposed."""
        if self._is_speck(place.box):
            return Opinion.NO
        if row.proof is not None and not self._is_proven(place, row.proof, frame):
            return Opinion.NO
        if row.proof in KNOWN:
            return Opinion.PEOPLE if self._is_person(place, frame) else Opinion.YES
        if row.proof in HEAPS:
            return Opinion.YES  # its proof has weighed who might stand there
        opinion = self._nameless(place, row, frame)
        is_heap = opinion is not Opinion.YES and self._is_heap(place, frame)
        return Opinion.YES if is_heap else opinion

    def _nameless(self, place: Place, row: KindRow, frame: Frame) -> Opinion:
        if self._is_line(place.box, frame):
            return Opinion.NO
        if looks_like_people(place, row, self.camera.limits) and self._is_somebody(place, frame):
            return Opinion.PEOPLE
        is_stall, looks = row.person is Person.NEAR, self._looks(place, frame, KNOWN)
        if any(is_rim(place.box, vehicle) for vehicle in self._whole(looks, WHEELED)):
            return Opinion.NAMED
        if not is_stall and self._is_covered(place, looks, {ObjectClass.PERSON}):
            return Opinion.PEOPLE
        if not is_stall and known_as(place.box, WHEELED | ROAMS, looks) >= KNOWN_TWICE:
            return Opinion.NAMED
        return Opinion.PEOPLE if self._is_people(place, looks, is_stall=is_stall) else Opinion.YES

    def _is_heap(self, place: Place, frame: Frame) -> bool:
        """Tell whether bags heaped up only look like somebody who sits there, or like a cycle."""
        named = strength(place.box, HEAPS, self._looks(place, frame, HEAPS))
        if named < CLEARLY or not _outweighs(named, place.box, self._people(place, frame)):
            return False
        return known_as(place.box, WHEELED, self._looks(place, frame, KNOWN)) <= named + SURER

    def _is_person(self, place: Place, frame: Frame) -> bool:
        """Tell whether what was named in passing is somebody who stands there."""
        return self._is_covered(place, self._people(place, frame), {ObjectClass.PERSON})

    def _is_somebody(self, place: Place, frame: Frame) -> bool:
        """Tell whether those who know people agree with the one that saw some in passing."""
        return not self._are_several or _are_people(place.box, self._people(place, frame))

    def _people(self, place: Place, frame: Frame) -> Looks:
        return self._looks(place, frame, frozenset([ObjectClass.PERSON]))

    def _looks(self, place: Place, frame: Frame, kinds: frozenset[ObjectClass]) -> Looks:
        return self.eyes.closer(frame, place.box, factors=CLOSER, kinds=kinds)

    def _is_people(self, place: Place, looks: Looks, *, is_stall: bool) -> bool:
        people = self._whole(looks, {ObjectClass.PERSON})
        if is_stall:
            hidden = self.camera.limits.company.hidden_share
            return any(covered(place.box, by=box) >= hidden for box in people)
        if self._is_covered(place, looks, KNOWN) or stands_in_a_row(place.box, people):
            return True
        if consists_of(place.box, people):
            return True
        return _are_people(place.box, looks)

    def _is_covered(self, place: Place, looks: Looks, kinds: Collection[ObjectClass]) -> bool:
        boxes = self._whole(looks, kinds, is_sure=True)
        return any(is_about(place.box, seen=box, share=HALF) for box in boxes)

    def _whole(
        self, looks: Looks, kinds: Collection[ObjectClass], *, is_sure: bool = False
    ) -> list[Box]:
        """Return the boxes of some classes in the whole picture; to be sure, voters must agree.

        What is faintly taken for a cycle there is left to the closer looks.
        """
        floor = self.camera.limits.score.person_veto
        person = KNOWN_AS if is_sure and self._are_several else floor
        wheeled = KNOWN_AS if is_sure else floor
        least = {ObjectClass.PERSON: person}
        return [
            d.box for d in looks[0] if d.kind in kinds and d.score >= least.get(d.kind, wheeled)
        ]

    def _is_proven(self, place: Place, proof: ObjectClass, frame: Frame) -> bool:
        box, looks = place.box, self._looks(place, frame, frozenset([proof]))
        if proof is ObjectClass.TWO_WHEELER:
            return self._is_two_wheeler(box, looks)
        if proof is ObjectClass.VEHICLE:
            return agree(box, {proof}, looks, least=NAMED)
        best = [_best(box, {proof}, seen) for seen in looks]
        if not _is_named(proof, best, box, looks):
            return False
        people = self._people(place, frame)
        if consists_of(box, self._whole(people, {ObjectClass.PERSON})):
            return False
        return _outweighs(max(best), box, people)

    def _is_speck(self, box: Box) -> bool:
        """Tell whether a thing is too small to be worth anybody's way, by the people seen there."""
        person = self.heights.at(box.bottom)
        return person is not None and box.area < (SPECK * person) ** 2

    def _is_line(self, box: Box, frame: Frame) -> bool:
        """Tell whether a thing is too thin to be told from a line on the ground."""
        return min(box.w, box.h) < THIN * frame.size[0] / self.camera.limits.static.width

    def _is_two_wheeler(self, box: Box, looks: Looks) -> bool:
        """Detectors take electric scooters for cars: then the size tells."""
        kinds = {ObjectClass.TWO_WHEELER}
        is_small = self.heights.is_two_wheeler(box)
        if is_small or (is_small is None and box.w < LONG * box.h):
            kinds.add(ObjectClass.VEHICLE)
        return agree(box, kinds, looks, least=NAMED)


def is_rim(box: Box, vehicle: Box) -> bool:
    """Tell whether a thing is but the edge of a vehicle, whose box is never quite exact."""
    reach = RIM * min(vehicle.w, vehicle.h)
    if min(box.w, box.h) > 2 * reach or covered(box, by=padded(vehicle, reach)) < WHOLLY:
        return False
    return covered(box, by=padded(vehicle, -reach)) < HALF


def _is_named(proof: ObjectClass, best: Sequence[float], box: Box, looks: Looks) -> bool:
    """Tell whether the looks name what has to be proven: `best` is the surest box of each."""
    if proof is ObjectClass.OVERFLOW:
        clean = [_best(box, {ObjectClass.BIN}, seen) for seen in looks]
        is_rather = sum(best) > sum(clean) and sum(best) / len(best) >= FULL
        return is_rather or max(best) > max(*clean, SURELY_FULL)
    return max(best) >= HEAP if proof is ObjectClass.GARBAGE else max(best) > 0


def _are_people(box: Box, looks: Looks) -> bool:
    return agree(box, {ObjectClass.PERSON}, looks, least=KNOWN_AS)


def _outweighs(named: float, box: Box, people: Looks) -> bool:
    """Tell whether what a thing was named is not much less sure than somebody who stands there."""
    return strength(box, {ObjectClass.PERSON}, people) <= named + SURER


def agree(box: Box, kinds: Collection[ObjectClass], looks: Looks, *, least: float) -> bool:
    """Tell whether two looks name a thing as one of some classes; no more are taken than it needs."""
    wanted = min(AGREEING, len(looks))
    hits = misses = 0
    for seen in looks:
        is_hit = _best(box, kinds, seen) >= least
        hits, misses = hits + is_hit, misses + (not is_hit)
        if hits >= wanted or misses > len(looks) - wanted:
            break
    return hits >= wanted


def known_as(box: Box, kinds: Collection[ObjectClass], looks: Looks) -> float:
    """Return how surely a thing is one of some classes: the mean of the two best looks."""
    return (
        sum(sorted((_best(box, kinds, seen) for seen in looks), reverse=True)[:AGREEING]) / AGREEING
    )


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
