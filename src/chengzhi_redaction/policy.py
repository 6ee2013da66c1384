"""What is hidden of a picture: every face and plate that was found, and where one should be."""

from __future__ import annotations

from collections.abc import Sequence

from chengzhi_redaction.types import Area, Found, Region, RegionKind, Seen, ThingKind

#: From this size on (pixels of the original) a face or a plate could be told.
PERSON_H, VEHICLE_W, WHEELER_W = 30.0, 56.0, 40.0
HEAD_SHARE, CLOSE_SHARE, RIDER_SHARE = 0.28, 0.6, 0.35
CLOSE_BELOW = 1.6  # a box lower than so many widths shows the upper body only
BAND_FROM = 0.42
SURE_PLATE = 0.6  # from this score on a plate is sure enough to leave the rest of the car visible
OWN_PLATE = (0.1, 0.6)  # share of a vehicle's width that its own plate takes; others' look smaller
FACE_MARGIN, PLATE_MARGIN = 0.3, 0.25


def regions_of(
    seen: Sequence[Seen],
    *,
    faces: Sequence[Found],
    plates: Sequence[Found],
    spares_bodies: bool = True,
) -> tuple[Region, ...]:
    """Return what to hide. Of a near person the head goes, of a close-up the face if there is one; where a near
    vehicle shows no sure plate, its lower band goes (privacy before prettiness). Unless the copy `spares_bodies`
    every near vehicle's band goes."""
    found = [_part(RegionKind.FACE, one, FACE_MARGIN) for one in faces]
    found += [_part(RegionKind.PLATE, one, PLATE_MARGIN) for one in plates]
    for thing in seen:
        found += _heads(thing, faces)
        found += _bands(thing, plates if spares_bodies else ())
    return _without_twins(found)


def _without_twins(regions: Sequence[Region]) -> tuple[Region, ...]:
    """Leave out what a larger region hides anyway: a large picture is looked at several times."""
    kept: list[Region] = []
    for one in sorted(regions, key=lambda region: -region.area.w * region.area.h):
        if not any(one.area.lies_in(other.area) for other in kept):
            kept.append(one)
    return tuple(kept)


def head_of(person: Area) -> Area:
    """Return where the head of a person is; of a close-up, where it may be."""
    share = CLOSE_SHARE if is_close_up(person) else HEAD_SHARE
    head = Area(x=person.x, y=person.y, w=person.w, h=person.h * share)
    return head.grown(0.08, 0.12)


def is_close_up(person: Area) -> bool:
    """Tell whether a box shows the upper body only."""
    return person.h < CLOSE_BELOW * person.w


def band_of(vehicle: Area) -> Area:
    """Return the lower band of a vehicle, where plates are mounted."""
    top = vehicle.h * BAND_FROM
    return Area(x=vehicle.x, y=vehicle.y + top, w=vehicle.w, h=vehicle.h - top).grown(0.03, 0.05)


def _part(kind: RegionKind, one: Found, margin: float) -> Region:
    return Region(kind=kind, area=one.area.grown(margin, margin), score=one.score)


def _heads(thing: Seen, faces: Sequence[Found]) -> list[Region]:
    area = thing.area
    if thing.kind is ThingKind.PERSON and area.h >= PERSON_H:
        head = head_of(area)
        if is_close_up(area) and any(_is_its_face(face.area, head) for face in faces):
            return []
        return [Region(kind=RegionKind.HEAD, area=head, score=thing.score)]
    if thing.kind is ThingKind.TWO_WHEELER and area.h >= PERSON_H:
        rider = Area(x=area.x, y=area.y, w=area.w, h=area.h * RIDER_SHARE).grown(0.05, 0.1)
        return [Region(kind=RegionKind.HEAD, area=rider, score=thing.score)]
    return []


def _is_its_face(face: Area, head: Area) -> bool:
    """Tell whether a face lies in a head and is large enough to be its face, not a logo."""
    return head.holds(face.center) and face.w >= 0.25 * head.w


def can_carry(thing: Seen) -> bool:
    """Tell whether a thing is near enough for a plate on it to be read."""
    least = VEHICLE_W if thing.kind is ThingKind.VEHICLE else WHEELER_W
    return thing.kind is not ThingKind.PERSON and thing.area.w >= least


def _bands(thing: Seen, plates: Sequence[Found]) -> list[Region]:
    if not can_carry(thing):
        return []
    band = band_of(thing.area)
    sure = thing.kind is ThingKind.VEHICLE and any(
        _is_its_plate(one, thing, band) for one in plates
    )
    return [] if sure else [Region(kind=RegionKind.BAND, area=band, score=thing.score)]


def _is_its_plate(plate: Found, vehicle: Seen, band: Area) -> bool:
    """Tell whether a plate is surely one, hangs where plates do and is as large as the vehicle's own."""
    least, most = (share * vehicle.area.w for share in OWN_PLATE)
    return (
        plate.score >= SURE_PLATE
        and band.holds(plate.area.center)
        and least <= plate.area.w <= most
    )
