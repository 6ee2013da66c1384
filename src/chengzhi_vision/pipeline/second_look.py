"""Look closer before an alarm: a person is no object, a vehicle should be one."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from chengzhi_vision.alarms import Candidate
from chengzhi_vision.config import Camera
from chengzhi_vision.dwell.place import Place
from chengzhi_vision.findings import Person, kind_table
from chengzhi_vision.geometry import covered
from chengzhi_vision.pipeline.eyes import Eyes
from chengzhi_vision.rules.company import stands_in_a_row
from chengzhi_vision.types import Box, Detection, Frame, ObjectClass

KNOWN = frozenset([ObjectClass.PERSON, ObjectClass.VEHICLE, ObjectClass.TWO_WHEELER])
CLOSER = 2.5
HALF = 0.5
AGREES = 0.4
SURE_SHARE = 0.6


class Opinion(StrEnum):
    """What a second look says."""

    YES = "yes"
    NO = "no"
    PEOPLE = "people"


class SecondLook:
    """Verifies candidates of one camera on an enlarged crop."""

    def __init__(self, camera: Camera, eyes: Eyes) -> None:
        self.camera, self.eyes = camera, eyes

    def judge(self, candidate: Candidate, frame: Frame) -> Opinion:
        """Return whether the candidate stands up to a closer look."""
        place = candidate.place
        if not self.eyes.detectors or place.kind is ObjectClass.DOG:
            return Opinion.YES
        seen = self.eyes.closer(frame, place.box, factor=CLOSER)
        if place.kind is ObjectClass.OBJECT:
            return self._thing(candidate, seen)
        named = {place.kind}
        if place.kind is ObjectClass.TWO_WHEELER:
            named.add(ObjectClass.VEHICLE)  # see observing: scooters are taken for cars
        agrees = any(d.kind in named and covered(place.box, by=d.box) >= AGREES for d in seen)
        return Opinion.YES if agrees or place.seen_share >= SURE_SHARE else Opinion.NO

    def _thing(self, candidate: Candidate, seen: Sequence[Detection]) -> Opinion:
        """Judge what only the static generator proposed."""
        place, row = candidate.place, kind_table()[candidate.rule.finding]
        if self._is_people(place, seen, is_stall=row.person is Person.NEAR):
            return Opinion.PEOPLE
        if row.proof is not None and not _is_proven(place, row.proof, seen):
            return Opinion.NO
        return Opinion.YES

    def _is_people(self, place: Place, seen: Sequence[Detection], *, is_stall: bool) -> bool:
        floor = self.camera.limits.score.person_veto
        people = [d.box for d in seen if d.kind is ObjectClass.PERSON and d.score >= floor]
        if is_stall:
            hidden = self.camera.limits.company.hidden_share
            return any(covered(place.box, by=box) >= hidden for box in people)
        known: list[Box] = [d.box for d in seen if d.kind in KNOWN and d.score >= floor]
        if any(covered(place.box, by=box) >= HALF for box in known):
            return True
        return stands_in_a_row(place.box, people)


def _is_proven(place: Place, proof: ObjectClass, seen: Sequence[Detection]) -> bool:
    return any(
        d.kind is proof
        and max(covered(place.box, by=d.box), covered(d.box, by=place.box)) >= AGREES
        for d in seen
    )
