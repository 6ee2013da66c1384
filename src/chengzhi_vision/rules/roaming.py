"""What moves about in a zone without leaving it: a dog stays though it does not stand still."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from chengzhi_vision.config import Camera, Rule, Zone
from chengzhi_vision.dwell.look import look_at
from chengzhi_vision.dwell.place import Place
from chengzhi_vision.dwell.view import View
from chengzhi_vision.findings import kind_table
from chengzhi_vision.geometry import iou
from chengzhi_vision.rules.company import is_near
from chengzhi_vision.rules.violations import stands_in
from chengzhi_vision.types import Box, Detection, FindingKind, ObjectClass, Track

ROAMS = frozenset([ObjectClass.DOG])
ITSELF = 0.5  # overlap of two names of one thing
ANYBODY = 0  # tracks begin with 1
BREAK_S = 1.5  # unseen for longer, whoever passed is gone


@dataclass
class Companion:
    """Somebody near: since when, when last, and at how many looks."""

    since: float
    last: float
    looks: int = 0

    @property
    def stayed_s(self) -> float:
        return self.last - self.since


@dataclass
class Stay:
    """One zone's roaming stay: a place that follows the thing, and who is with it, by track."""

    place: Place
    seen_at: float
    looked_at: float
    companions: dict[int, Companion] = field(default_factory=dict)

    def note_people(self, near: Collection[int], *, at: float, stays_s: float) -> None:
        """Count the looks with somebody who stays with it, from the first on; who passes does not."""
        self.companions = {
            name: one
            for name, one in self.companions.items()
            if one.stayed_s >= stays_s or at - one.last <= BREAK_S
        }
        for name in near:
            known = self.companions.setdefault(name, Companion(since=at, last=at))
            known.last, known.looks = at, known.looks + 1
        stayed = [one.looks for one in self.companions.values() if one.stayed_s >= stays_s]
        self.place.company = max(stayed, default=0)


@dataclass
class Roaming:
    """The roaming stays of one camera, one per zone and kind of finding."""

    camera: Camera
    stays: dict[tuple[str, FindingKind], Stay] = field(default_factory=dict)

    @property
    def places(self) -> list[Place]:
        return [stay.place for stay in self.stays.values()]

    @property
    def followed(self) -> list[Box]:
        """Where each was seen last: it is small, and named in close looks only."""
        return [stay.place.box for stay in self.stays.values()]

    def update(
        self,
        seen: Sequence[Detection],
        tracks: Sequence[Track],
        view: View,
    ) -> None:
        """Take in one look of the detectors."""
        people = [one for one in tracks if one.detection.kind is ObjectClass.PERSON]
        for zone in self.camera.zones:
            for rule in zone.rules:
                wanted = kind_table()[rule.finding].classes & ROAMS
                if wanted:
                    found = self._found(zone, rule, seen, wanted)
                    self._note(zone, rule, found, people, view)

    def _found(
        self,
        zone: Zone,
        rule: Rule,
        seen: Sequence[Detection],
        wanted: frozenset[ObjectClass],
    ) -> Detection | None:
        floor = self.camera.limits.score.dog_seen  # the rule's own is for the whole stay
        fitting = [
            d
            for d in seen
            if d.kind in wanted
            and d.score >= floor
            and d.label not in rule.exempt
            and stands_in(zone, d.box, d.kind)
        ]
        return max(fitting, key=lambda d: d.score, default=None)

    def _note(
        self,
        zone: Zone,
        rule: Rule,
        found: Detection | None,
        people: Sequence[Track],
        view: View,
    ) -> None:
        key = (zone.name, rule.finding)
        self._end(key, rule, at=view.at)
        stay = self.stays.get(key)
        if stay is not None:
            stay.place.looks += 1
            self._note_people(stay, rule, people, at=view.at)
        if found is None:
            return
        stay = stay or _begun(zone, found, view)
        if stay is not None:
            self.stays[key] = stay
            _advance(stay, found, view.at)

    def _end(self, key: tuple[str, FindingKind], rule: Rule, *, at: float) -> None:
        """End a stay that nothing was seen of for too long."""
        stay = self.stays.get(key)
        grace = rule.grace_s or self.camera.limits.dwell.grace_s
        if stay is not None and at - stay.seen_at > grace:
            stay.place.is_lost = True
            del self.stays[key]

    def _note_people(self, stay: Stay, rule: Rule, people: Sequence[Track], *, at: float) -> None:
        """Note who is near; where pictures come too seldom to follow anybody, it is an owner."""
        limits, dog = self.camera.limits, stay.place.box
        near = {
            one.track_id
            for one in people
            if is_near(dog, one.detection.box, reach=limits.company.owner)
            and iou(dog, one.detection.box) < ITSELF
        }
        if at - stay.looked_at <= limits.track.lost_s:
            stay.note_people(near, at=at, stays_s=min(limits.company.owner_s, rule.dwell_s / 2))
        else:
            stay.note_people({ANYBODY} if near else (), at=at, stays_s=0.0)
        stay.looked_at = at


def _begun(zone: Zone, found: Detection, view: View) -> Stay | None:
    anchor = look_at(view.luma, found.box, scale=view.scale)
    if anchor is None:
        return None
    place = Place(
        kind=found.kind,
        zone=zone.name,
        box=found.box,
        anchor=anchor,
        since=view.at,
        last_present=view.at,
        first=view.still(),
    )
    place.looks = place.samples = place.steady = 1
    return Stay(place=place, seen_at=view.at, looked_at=view.at)


def _advance(stay: Stay, found: Detection, at: float) -> None:
    place = stay.place
    place.box, place.label = found.box, found.label or place.label
    place.last_present = stay.seen_at = at
    place.seen += 1
    place.score_sum += found.score
    place.steady = place.samples
