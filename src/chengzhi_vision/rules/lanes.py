"""Vehicles that wait together and drive off together: a queue or a red light is no parking.

A lane is drawn (zone kind `lane`) or learned: a zone in which groups of vehicles have stopped
and left together several times is one too.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from chengzhi_vision.config import Zone
from chengzhi_vision.dwell.place import Place
from chengzhi_vision.geometry import foot, share_inside
from chengzhi_vision.thresholds import LaneLimits
from chengzhi_vision.types import Box, ObjectClass, ZoneKind

KEEP = 50


@dataclass(frozen=True, kw_only=True)
class Stop:
    """A vehicle's stay that ended: where, from when to when."""

    zone: str
    box: Box
    since: float
    until: float


@dataclass
class Lanes:
    """What one camera has learned about vehicles that stop and go."""

    limits: LaneLimits
    _standing: dict[int, Place] = field(default_factory=dict)
    _stops: deque[Stop] = field(default_factory=lambda: deque(maxlen=KEEP))
    _groups: dict[str, int] = field(default_factory=dict)

    def note(self, places: Sequence[Place], *, at: float) -> None:
        """Take in which vehicles stand; those that stood and are gone have driven off."""
        here = {
            id(place): place
            for place in places
            if place.kind is ObjectClass.VEHICLE and not place.is_lost
        }
        for key, place in self._standing.items():
            if key not in here and place.dwell_s >= self.limits.min_stop_s:
                self._left(place, at)
        self._standing = here

    def _left(self, place: Place, at: float) -> None:
        stop = Stop(zone=place.zone, box=place.box, since=place.since, until=place.last_present)
        self._stops.append(stop)
        together = [
            other
            for other in self._stops
            if other is not stop
            and other.zone == stop.zone
            and abs(other.until - stop.until) <= self.limits.together_s
            and stop.until - min(other.since, stop.since) <= self.limits.red_s
        ]
        if len(together) == 1:  # the second to leave makes the group
            self._groups[stop.zone] = self._groups.get(stop.zone, 0) + 1

    def is_waiting(self, place: Place, zones: Sequence[Zone], *, at: float) -> bool:
        """Tell whether a vehicle may still be waiting for the light or in a queue."""
        if place.kind is not ObjectClass.VEHICLE or not self._in_lane(place, zones):
            return False
        if at - place.since >= self.limits.red_s:
            return False
        return not self._moved_on(place, at)

    def _in_lane(self, place: Place, zones: Sequence[Zone]) -> bool:
        drawn = any(
            share_inside(foot(place.box), polygon=zone.polygon) >= 0.5
            for zone in zones
            if zone.kind is ZoneKind.LANE
        )
        return drawn or self._groups.get(place.zone, 0) >= self.limits.learned_groups

    def _moved_on(self, place: Place, at: float) -> bool:
        """Tell whether others that stood at the same time have driven off and this one has not."""
        return any(
            stop.zone == place.zone
            and stop.until > place.since + 1.0
            and at - stop.until >= self.limits.released_s
            for stop in self._stops
        )
