"""Who stands beside a thing: a vendor at a stall, an owner with a dog, people who hide it."""

from __future__ import annotations

from collections.abc import Sequence

from chengzhi_vision.dwell.place import Place
from chengzhi_vision.findings import Person
from chengzhi_vision.geometry import covered, grown, intersection
from chengzhi_vision.thresholds import CompanyLimits
from chengzhi_vision.types import Box

ROW_PEOPLE = 2
ROW_HEIGHTS = 1.5
UPRIGHT = 1.3
TOGETHER, WITHIN, MOSTLY = 2, 0.8, 0.5  # people, the share of each in a box, and of it under them


def is_near(thing: Box, person: Box, *, reach: float) -> bool:
    """Tell whether a person stands within `reach` of its own height of a thing."""
    gap_x = max(person.x - thing.right, thing.x - person.right, 0.0)
    gap_y = max(person.y - thing.bottom, thing.y - person.bottom, 0.0)
    feet = abs(person.bottom - thing.bottom)
    return max(gap_x, gap_y) <= reach * person.h and feet <= (reach + 0.5) * person.h


def note_company(place: Place, people: Sequence[Box], limits: CompanyLimits) -> None:
    """Count one look at the people around a place."""
    place.company += any(is_near(place.box, person, reach=limits.near) for person in people)
    place.covered += _share_under(place.box, people)


def fits(place: Place, person: Person | None, limits: CompanyLimits) -> bool:
    """Tell whether people were where this kind of finding wants them."""
    share = place.company / place.looks if place.looks else 0.0
    if person is Person.NEAR:
        return share >= limits.near_share
    return person is None or share <= limits.away_share


def stands_in_a_row(box: Box, people: Sequence[Box]) -> bool:
    """Tell whether an upright thing stands among people as one more of them (a queue)."""
    if box.h < UPRIGHT * box.w:
        return False
    row = [
        person
        for person in people
        if intersection(box, person) < 0.5 * box.area
        and 0.6 <= box.h / max(person.h, 1.0) <= 1.6
        and abs(person.bottom - box.bottom) <= 0.5 * box.h
        and intersection(grown(box, factor=2 * ROW_HEIGHTS + 1), person) > 0
    ]
    return len(row) >= ROW_PEOPLE


def consists_of(box: Box, people: Sequence[Box]) -> bool:
    """Tell whether several people who stand together are all that a box holds."""
    within = [person for person in people if covered(person, by=box) >= WITHIN]
    return len(within) >= TOGETHER and _share_under(box, within) >= MOSTLY


def _share_under(box: Box, people: Sequence[Box]) -> float:
    return min(sum(covered(box, by=person) for person in people), 1.0)
