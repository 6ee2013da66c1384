"""What moves about in a zone without leaving it: a dog stays though it does not stand still."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from chengzhi_vision.config import Camera, Rule, Zone
from chengzhi_vision.dwell.look import look_at
from chengzhi_vision.dwell.place import Place
from chengzhi_vision.dwell.view import View
from chengzhi_vision.findings import Person, kind_table
from chengzhi_vision.rules.company import is_near
from chengzhi_vision.rules.violations import score_floor, stands_in
from chengzhi_vision.types import Box, Detection, FindingKind, ObjectClass

ROAMS = frozenset([ObjectClass.DOG])


@dataclass
class Stay:
    """One zone's roaming stay: a place that follows the thing."""

    place: Place
    seen_at: float


@dataclass
class Roaming:
    """The roaming stays of one camera, one per zone and kind of finding."""

    camera: Camera
    stays: dict[tuple[str, FindingKind], Stay] = field(default_factory=dict)

    @property
    def places(self) -> list[Place]:
        return [stay.place for stay in self.stays.values()]

    def update(
        self,
        seen: Sequence[Detection],
        people: Sequence[Box],
        view: View,
    ) -> None:
        """Take in one look of the detectors."""
        for zone in self.camera.zones:
            for rule in zone.rules:
                wanted = kind_table()[rule.finding].classes & ROAMS
                if wanted:
                    found = self._found(zone, rule, seen, people, wanted)
                    self._note(zone, rule, found, view)

    def _found(
        self,
        zone: Zone,
        rule: Rule,
        seen: Sequence[Detection],
        people: Sequence[Box],
        wanted: frozenset[ObjectClass],
    ) -> Detection | None:
        limits = self.camera.limits
        alone = kind_table()[rule.finding].person is Person.AWAY
        fitting = [
            d
            for d in seen
            if d.kind in wanted
            and d.score >= (rule.min_score or score_floor(d.kind, limits))
            and d.label not in rule.exempt
            and stands_in(zone, d.box, d.kind)
            and not (alone and any(is_near(d.box, p, reach=limits.company.owner) for p in people))
        ]
        return max(fitting, key=lambda d: d.score, default=None)

    def _note(
        self,
        zone: Zone,
        rule: Rule,
        found: Detection | None,
        view: View,
    ) -> None:
        key = (zone.name, rule.finding)
        stay = self.stays.get(key)
        grace = rule.grace_s or self.camera.limits.dwell.grace_s
        if stay is not None and view.at - stay.seen_at > grace:
            stay.place.is_lost = True
            del self.stays[key]
            stay = None
        if stay is not None:
            stay.place.looks += 1
        if found is None:
            return
        if stay is None:
            stay = _begun(zone, found, view)
            if stay is None:
                return
            self.stays[key] = stay
        _advance(stay, found, view.at)


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
    return Stay(place=place, seen_at=view.at)


def _advance(stay: Stay, found: Detection, at: float) -> None:
    place = stay.place
    place.box, place.label = found.box, found.label or place.label
    place.last_present = stay.seen_at = at
    place.seen += 1
    place.score_sum += found.score
    place.steady = place.samples
