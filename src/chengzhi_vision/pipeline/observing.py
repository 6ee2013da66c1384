"""Who proposes what: from tracks, slow detectors and still things to what stands in which zone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from chengzhi_vision.config import Camera, Zone
from chengzhi_vision.dwell.place import Place
from chengzhi_vision.dwell.view import Observation
from chengzhi_vision.dwell.witness import Says
from chengzhi_vision.geometry import bounds, covered, iou, row
from chengzhi_vision.pipeline.eyes import HEAPS, Sight
from chengzhi_vision.pipeline.second_look import KNOWN
from chengzhi_vision.rules import violations
from chengzhi_vision.rules.allowed import is_allowed
from chengzhi_vision.rules.roaming import ROAMS
from chengzhi_vision.scene.movers import movers
from chengzhi_vision.scene.people import Heights
from chengzhi_vision.scene.pieces import joined
from chengzhi_vision.scene.static_objects import StaticView
from chengzhi_vision.types import WHEELED, Box, Detection, ObjectClass, Track

SAME = 0.4
WATCHED_S = 1.0  # a track this old has seen the thing come
MAX_FOCUS, MAX_MOVERS = 6, 1
ABOVE = 0.6  # of its width
WITHIN = 0.8  # of somebody in the box of a heap


def observations(
    camera: Camera, tracks: Sequence[Track], sight: Sight, static: StaticView, heights: Heights
) -> list[Observation]:
    """Return the still things of the watched classes, zone by zone."""
    still = [
        track.detection for track in tracks if track.speed <= camera.limits.dwell.still_speed
    ] + [d for d in sight.fresh if d.kind not in WHEELED]
    followed = {id(one) for one in still}
    still += [
        d
        for d in sight.fresh
        if d.kind in WHEELED and id(d) not in followed and _rest_since(d, static) is not None
    ]
    watched_on = {tuple(row(t.detection.box)) for t in tracks if t.age_s >= WATCHED_S}
    found: list[Observation] = []

    def since_of(seen: Detection) -> float | None:
        """Who was followed until it stopped needs no other witness: a plain side seems at rest."""
        return None if tuple(row(seen.box)) in watched_on else _rest_since(seen, static)

    for zone in camera.zones:
        wanted = violations.watched(zone) - ROAMS - {ObjectClass.OBJECT}
        found += [
            Observation(zone=zone.name, detection=seen, since=since_of(seen))
            for seen in _named(_each_once(still), wanted, heights)
            if seen.kind in wanted and _stands(camera, zone, seen)
        ]
        if ObjectClass.OBJECT in violations.watched(zone):
            found += _still_things(camera, zone, static)
    return found


def _stands(camera: Camera, zone: Zone, seen: Detection) -> bool:
    if not violations.stands_in(zone, seen.box, seen.kind):
        return False
    return not is_allowed(camera.zones, seen.box, seen.kind)


def _named(
    seen: Sequence[Detection], wanted: frozenset[ObjectClass], heights: Heights
) -> list[Detection]:
    """Where two-wheelers are watched and vehicles are not, a small vehicle is a two-wheeler.

    Detectors take electric scooters for cars.
    """
    if ObjectClass.TWO_WHEELER not in wanted or ObjectClass.VEHICLE in wanted:
        return list(seen)
    return [
        replace(one, kind=ObjectClass.TWO_WHEELER)
        if one.kind is ObjectClass.VEHICLE and heights.is_two_wheeler(one.box)
        else one
        for one in seen
    ]


def _each_once(seen: Sequence[Detection]) -> list[Detection]:
    return list({id(one): one for one in seen}.values())


def _wholes(static: StaticView) -> tuple[tuple[Detection, ...], tuple[float, ...]]:
    """Return the pieces as they are and put together: a named thing may be either."""
    things, since = joined(static.objects, static.rest_since, began=static.began)
    return (*static.objects, *things), (*static.rest_since, *since)


def note_backing(places: Sequence[Place], static: StaticView) -> None:
    """Count the looks in which a still thing was found where a detector names one.

    So it is where a thing was seen to come and still differs from the ground.
    """
    things = _wholes(static)[0] if places else ()
    for place in places:
        has_come = place.is_dated and place.shows is Says.THING
        place.backed += has_come or any(iou(thing.box, place.box) >= SAME for thing in things)


def _rest_since(seen: Detection, static: StaticView) -> float | None:
    """Return when the still thing under a detection came to rest, if it was seen to."""
    pairs = zip(*_wholes(static), strict=True)
    return min((since for thing, since in pairs if iou(thing.box, seen.box) >= SAME), default=None)


def _still_things(camera: Camera, zone: Zone, static: StaticView) -> list[Observation]:
    """Return what stands in a zone, its pieces put together; a neighbour's are left alone."""
    pairs = list(zip(static.objects, static.rest_since, strict=True))
    near = [pair for pair in pairs if _belongs_to(zone, camera.zones, pair[0].box)]
    things = joined([thing for thing, _ in near], [since for _, since in near], began=static.began)
    return [
        Observation(zone=zone.name, detection=thing, since=since)
        for thing, since in zip(*things, strict=True)
        if _stands(camera, zone, thing)
    ]


def _belongs_to(zone: Zone, zones: Sequence[Zone], box: Box) -> bool:
    """Tell whether a piece may be part of what stands in a zone: in it, or above it."""
    ground = bounds(zone.polygon)
    if violations.stands_in(zone, box, ObjectClass.OBJECT):
        return True
    across = min(box.right, ground.right) - max(box.x, ground.x)
    if across < ABOVE * box.w or box.bottom > ground.bottom:
        return False
    others = (other for other in zones if other.name != zone.name and other.rules)
    return not any(violations.stands_in(other, box, ObjectClass.OBJECT) for other in others)


def focus_boxes(camera: Camera, static: StaticView, seen: Sequence[Detection]) -> list[Box]:
    """Return still things in zones that want a class only a detector can name, oldest first.

    Where dogs are watched, what nobody has named may move about.
    """
    wanting = [z for z in camera.zones if violations.watched(z) - {ObjectClass.OBJECT}]
    pairs = sorted(zip(static.objects, static.rest_since, strict=True), key=lambda pair: pair[1])
    boxes = [
        thing.box
        for thing, _ in pairs
        if any(
            violations.stands_in(zone, thing.box, ObjectClass.VEHICLE)
            or violations.stands_in(zone, thing.box, ObjectClass.OBJECT)
            for zone in wanting
        )
    ]
    kept: list[Box] = []
    for box in [*_roaming(camera, static, seen)[:MAX_MOVERS], *boxes]:
        if not any(covered(box, by=other) > 0.8 for other in kept):
            kept.append(box)
    return kept[:MAX_FOCUS]


def _roaming(camera: Camera, static: StaticView, seen: Sequence[Detection]) -> list[Box]:
    """Return what is new in zones that watch what roams, and no detector has named."""
    zones = [z for z in camera.zones if violations.watched(z) & ROAMS]
    if not zones:
        return []
    known = [d.box for d in (*seen, *static.objects)]
    found = movers(static, known, camera.limits.static)
    return [
        box for box in found if any(violations.stands_in(z, box, ObjectClass.DOG) for z in zones)
    ]


def people_boxes(seen: Sequence[Detection], *, floor: float) -> list[Box]:
    """Return the boxes of people who are seen surely enough."""
    return [d.box for d in seen if d.kind is ObjectClass.PERSON and d.score >= floor]


def known_boxes(seen: Sequence[Detection], *, floor: float) -> list[Box]:
    """Return the boxes of people, vehicles and cycles, but of none who is surer to be a heap.

    Bags heaped up look like somebody who sits there.
    """
    heaps = [d for d in seen if d.kind in HEAPS]
    return [
        d.box
        for d in seen
        if d.kind in KNOWN and d.score >= floor and not any(_is_rather(d, heap) for heap in heaps)
    ]


def _is_rather(seen: Detection, heap: Detection) -> bool:
    return heap.score > seen.score and covered(seen.box, by=heap.box) >= WITHIN
