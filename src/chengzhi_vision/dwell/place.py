"""One place where something of one class stands, and what each look at it tells.

Dwell belongs to the place, not to a track: it survives missed detections, a new track id and
a passer-by in front, because the anchor crop says whether the same thing is still there.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import StrEnum

from chengzhi_vision.dwell.asked import Asked
from chengzhi_vision.dwell.look import Look, blended, similarity
from chengzhi_vision.dwell.witness import Says, Witness
from chengzhi_vision.thresholds import DwellLimits
from chengzhi_vision.types import WHEELED, Box, Detection, FindingKind, ObjectClass, Still

ANCHOR_WEIGHT = 0.02
SEEN_WEIGHT = 0.2
LATER_S = 1.0
NAMED = WHEELED | {ObjectClass.DOG}
SELDOM = frozenset([ObjectClass.GARBAGE, ObjectClass.OVERFLOW])  # looked for every few seconds
OCCLUDED_S = 4.0  # unseen for so long and then there again: something stood in front
SETTLED_S = 3.0
FRESH_S, EARLIER_S, MOST_EARLIER_S = 10.0, 1.0, 20.0
LEFT_S, SURELY_S = 3.0, 2.0  # the bare ground seen for so long; where one was followed there
YOUNG_GRACE_S = 6.0
DATINGS = 6  # so often the last pictures are asked when a thing came
FORGET = 0.25  # of the bare ground seen, per second in which nothing can be seen
SURELY_SAME = 0.9
BELIEVED, PEOPLE = 0.5, 0.3  # of the looks: it was seen, it was rather somebody who stood there
LEFT_BEFORE = 0.8  # the ground as it was before the thing came


class Presence(StrEnum):
    """What one look at a place says."""

    PRESENT = "present"
    HIDDEN = "hidden"
    ABSENT = "absent"
    CHANGED = "changed"


@dataclass
class Place:
    """The running state of one place; times are seconds of the wall clock."""

    kind: ObjectClass
    zone: str
    box: Box
    anchor: Look
    since: float
    last_present: float
    start_unknown: bool = False
    before: Look | None = None
    witness: Witness | None = field(default=None, repr=False)
    shows: Says | None = field(default=None, repr=False)
    is_dated: bool = False  # it was seen to come
    is_old: bool = False  # the first pictures show it already: part of the street
    dating: int = 0
    label: str = ""
    first: Still | None = field(default=None, repr=False)
    score_sum: float = 0.0
    seen: int = 0
    looks: int = 0
    steady: int = 0
    samples: int = 0
    vetoes: int = 0
    company: int = 0
    covered: float = 0.0
    hidden: int = 0
    hidden_looks: int = 0
    hidden_vetoes: int = 0
    backed: int = 0
    absent_s: float = 0.0
    bare_s: float = 0.0  # of it, not forgotten yet
    changed_since: float | None = None
    checked_at: float = 0.0
    found_at: float = 0.0  # when the first of it was noticed
    not_before: float = 0.0  # what stood there before was still seen then
    elsewhere: Box | None = (
        None  # where a detector sees a named thing that does not lie where noted
    )
    beside: tuple[Box, ...] = ()  # vehicles whose boxes lay over it when it was seen last
    is_lost: bool = False
    alert_count: int = 0
    alerted_at: float = 0.0
    asked: dict[FindingKind, Asked] = field(default_factory=dict)

    def asked_about(self, kind: FindingKind) -> Asked:
        """Return what closer looks have said of this stay under one kind of finding."""
        return self.asked.setdefault(kind, Asked())

    @property
    def is_street(self) -> bool:
        """Tell whether it is part of the street: the first pictures show it, and none without it."""
        return self.is_old and not self.is_dated

    @property
    def is_undated(self) -> bool:
        """Tell whether it is worth asking the last pictures when the thing came."""
        return not self.is_dated and not self.start_unknown and self.dating < DATINGS

    @property
    def dwell_s(self) -> float:
        return self.last_present - self.since

    @property
    def has_left(self) -> bool:
        """Tell whether the empty ground was seen: what comes now is something new."""
        return self.is_lost and self.absent_s >= LEFT_S

    @property
    def score(self) -> float:
        return self.score_sum / self.seen if self.seen else 0.0

    @property
    def seen_share(self) -> float:
        return self.seen / self.looks if self.looks else 0.0

    @property
    def steady_share(self) -> float:
        return self.steady / self.samples if self.samples else 0.0

    @property
    def veto_share(self) -> float:
        return self.vetoes / self.looks if self.looks else 0.0

    @property
    def is_believed(self) -> bool:
        """Tell whether it was seen there, and nobody in its stead; what hides it says nothing."""
        looks, vetoes = self.looks - self.hidden_looks, self.vetoes - self.hidden_vetoes
        return looks > 0 and self.seen >= BELIEVED * looks and vetoes < PEOPLE * looks

    def restart(
        self, *, since: float, at: float, box: Box, anchor: Look, first: Still | None
    ) -> None:
        """Begin anew: something else stands here, or the same thing moved."""
        self.box, self.anchor, self.first = box, anchor, first
        self.since = self.last_present = since
        self.found_at, self.not_before = at, 0.0
        self.witness, self.is_dated, self.is_old, self.dating = None, False, False, 0
        self.seen = self.looks = self.steady = self.samples = self.vetoes = self.company = 0
        self.score_sum = self.absent_s = self.bare_s = self.covered = 0.0
        self.hidden = self.hidden_looks = self.hidden_vetoes = 0
        self.backed = 0
        self.changed_since = None
        self.start_unknown, self.is_lost, self.alert_count = False, False, 0
        self.asked = {}


def judge(
    place: Place,
    look: Look | None,
    *,
    seen: Detection | None,
    limits: DwellLimits,
    is_veiled: bool = False,
    is_bare: bool = False,
    is_ground: bool = False,
) -> Presence:
    """Return what this look and this detection say about the place.

    Behind somebody who passes or a vehicle that stops, a thing that has no name of its own
    cannot be told: it is hidden, whatever a generator says. So it is when something else that
    has no name is seen there: it may stand in front. What was reported by its name, looks
    unlike itself and has nobody before it that could be named has left: else it would stand in
    the way of the next one.
    """
    if look is None:
        return Presence.HIDDEN
    is_behind = is_veiled and place.kind not in NAMED
    if is_ground:  # a grey car in front looks like the ground
        return Presence.HIDDEN if is_behind else Presence.ABSENT
    likeness = similarity(place.anchor, look)
    if likeness >= limits.same_look:
        is_there = seen is not None or _is_back(place, likeness)
        return Presence.PRESENT if is_there else Presence.HIDDEN
    if is_behind:
        return Presence.HIDDEN
    if is_bare:
        return Presence.ABSENT
    if seen is not None:
        if likeness >= limits.other_look:
            return Presence.PRESENT
        return Presence.HIDDEN if place.kind is ObjectClass.OBJECT else Presence.CHANGED
    if place.before is not None and similarity(place.before, look) >= LEFT_BEFORE:
        return Presence.ABSENT
    is_unlike = likeness < limits.other_look and not is_veiled
    if is_unlike and place.alert_count and place.kind is not ObjectClass.OBJECT:
        return Presence.ABSENT
    return Presence.HIDDEN


def _is_back(place: Place, likeness: float) -> bool:
    """Tell whether what was hidden is seen again: of what passes in front, some looks like it."""
    return not place.hidden or place.shows is not Says.OTHER or likeness >= SURELY_SAME


def is_other(
    place: Place, look: Look | None, *, since: float | None, at: float, limits: DwellLimits
) -> bool:
    """Tell whether something else stands here now: the ground was seen bare, then this came.

    What only stands in front of the old thing shows no bare ground first.
    """
    if look is None or similarity(place.anchor, look) >= limits.same_look:
        return False
    if place.has_left:
        return True
    if at - place.last_present < OCCLUDED_S:
        return False
    if since is None:  # who was followed until it stopped needs no other witness
        return place.kind in WHEELED and place.absent_s >= SURELY_S
    return since > place.last_present + LATER_S and place.absent_s >= LATER_S


def note_present(
    place: Place, look: Look, *, at: float, limits: DwellLimits, is_seen: bool = False
) -> None:
    """Take in that the thing is still there."""
    if at - place.last_present >= OCCLUDED_S:
        _forgive(place)
    place.hidden = place.hidden_looks = place.hidden_vetoes = 0
    place.bare_s = 0.0
    place.is_lost, place.last_present = False, at
    if similarity(place.anchor, look) >= limits.same_look:
        place.steady += 1
        place.changed_since = None
        place.absent_s = 0.0
        place.anchor = blended(place.anchor, look, weight=ANCHOR_WEIGHT)
    elif is_seen and (place.kind is not ObjectClass.OBJECT or place.shows is Says.THING):
        # a detector or its own pixels vouch for it: the light has changed, or more was put down
        place.steady += 1
        place.absent_s = 0.0
        place.anchor = blended(place.anchor, look, weight=SEEN_WEIGHT)


def note_rest(place: Place, since: float | None, *, at: float) -> None:
    """Believe a generator that saw a fresh stay come to rest earlier than we did."""
    if since is None or place.start_unknown or place.is_dated:
        return
    earlier = place.since - since
    if at - place.since < FRESH_S and EARLIER_S < earlier <= MOST_EARLIER_S:
        place.since = since


def note_hidden(place: Place, *, elapsed: float) -> None:
    """Count a frame in which the thing cannot be seen."""
    place.hidden += 1
    place.bare_s = max(place.bare_s - FORGET * elapsed, 0.0)


def note_absent(place: Place, *, elapsed: float) -> None:
    """Count bare ground, seen for long or in glimpses that follow one another.

    Of what stands or passes in front, now and then something looks like the ground.
    """
    place.bare_s += elapsed
    place.absent_s = max(place.absent_s, place.bare_s)


def _forgive(place: Place) -> None:
    """Take back what was counted while something stood in front: it said nothing."""
    place.samples = max(place.samples - place.hidden, place.steady)
    place.looks = max(place.looks - place.hidden_looks, place.seen)
    place.vetoes = max(place.vetoes - place.hidden_vetoes, 0)


def note_seen(place: Place, detection: Detection | None, *, vetoed: bool) -> None:
    """Count one look of the generator that owns this class."""
    place.looks += 1
    place.vetoes += vetoed
    place.hidden_looks += 1
    place.hidden_vetoes += vetoed
    if detection is not None:
        place.seen += 1
        place.score_sum += detection.score
        place.label = detection.label or place.label


def is_over(place: Place, *, at: float, limits: DwellLimits, grace_s: float) -> bool:
    """Tell whether the thing is no longer there: empty ground, or hidden too long.

    What only just stopped gets little grace: a car that rolled on leaves no trace for long.
    """
    if place.dwell_s < SETTLED_S and math.isfinite(grace_s):
        grace_s = min(grace_s, YOUNG_GRACE_S)
    return place.absent_s >= limits.gone_s or at - place.last_present > grace_s
