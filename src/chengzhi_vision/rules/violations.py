"""When a stay becomes a violation: dwell, size, score, vetoes, and one open alarm per place."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from chengzhi_vision.config import Camera, Rule, Zone
from chengzhi_vision.dwell.place import Place
from chengzhi_vision.findings import KindRow, Person, kind_table
from chengzhi_vision.geometry import foot as foot_of
from chengzhi_vision.geometry import grown, intersection, share_inside
from chengzhi_vision.rules import company
from chengzhi_vision.rules.calendar import in_force_since
from chengzhi_vision.rules.exploring import scores_enough
from chengzhi_vision.scene.pieces import TOGETHER_S, are_near
from chengzhi_vision.thresholds import Thresholds
from chengzhi_vision.types import WHEELED, Box, FindingKind, ObjectClass, ZoneKind

FOOT_INSIDE = 0.5
LOOSE_INSIDE = 0.3
THING_FOOT = 0.25  # goods under a parasol: what touches the ground is little of the whole
MIN_STEADY_SHARE = 0.4
NEAR = 1.5
NEXT_TO = 0.3
BACKED = 0.65
ALWAYS, FAINT = 0.9, 0.75  # of the looks at a faint thing; of the score it needs else
PIECES = 1.0  # of the larger side between two pieces of one report
#: Boxes that are larger or higher than what they stand on: litter around a bin, a parasol.
LOOSE = frozenset(
    [ObjectClass.GARBAGE, ObjectClass.BIN, ObjectClass.OVERFLOW, ObjectClass.UMBRELLA]
)


def stands_in(zone: Zone, box: Box, kind: ObjectClass) -> bool:
    """Tell whether a thing stands in a zone: its foot, or the whole of a thing without a name."""
    if kind in LOOSE and share_inside(box, polygon=zone.polygon) >= LOOSE_INSIDE:
        return True
    if kind in LOOSE:
        ground = foot_of(box, share=THING_FOOT)
        return share_inside(ground, polygon=zone.polygon) >= FOOT_INSIDE
    if kind is not ObjectClass.OBJECT:
        return share_inside(foot_of(box), polygon=zone.polygon) >= FOOT_INSIDE
    if share_inside(box, polygon=zone.polygon) >= FOOT_INSIDE:
        return True
    if zone.kind is ZoneKind.FACADE_CLEAR:
        return False
    return share_inside(foot_of(box, share=THING_FOOT), polygon=zone.polygon) >= FOOT_INSIDE


def watched(zone: Zone) -> frozenset[ObjectClass]:
    """Return the classes whose generator exists and that some rule of the zone asks for."""
    return _watched(tuple(rule.finding for rule in zone.rules))


@cache
def _watched(findings: tuple[FindingKind, ...]) -> frozenset[ObjectClass]:
    rows = [kind_table()[finding] for finding in findings]
    return frozenset().union(*(row.classes for row in rows if row.is_ready))


def overstayed_at(place: Place, rule: Rule, *, camera: Camera) -> float | None:
    """Return when the place's stay reached the rule's dwell, or None while it has not."""
    since = in_force_since(rule, at=place.last_present, zone=camera.timezone)
    if since is None or place.is_lost:
        return None
    reached = max(place.since, since) + rule.dwell_s
    return reached if place.last_present >= reached else None


def is_believable(place: Place, rule: Rule, limits: Thresholds) -> bool:
    """Tell whether enough looks agree that a thing of the rule's class stands there."""
    row = kind_table()[rule.finding]
    exempt = rule.exempt | row.exempt
    if (
        place.is_street
        or place.kind not in row.classes
        or place.label in exempt
        or place.kind in exempt
    ):
        return False
    if not scores_enough(place, rule, floor=_floor_of(place, limits)):
        return False
    if place.steady_share < MIN_STEADY_SHARE or place.seen_share < _seen_floor(place, limits):
        return False
    if not company.fits(place, row.person, limits.company):
        return False
    return _size_fits(place.box, rule)


def looks_like_people(place: Place, row: KindRow, limits: Thresholds) -> bool:
    """Tell whether what looked like a thing may be people; a vendor may stand before the stall."""
    if place.kind is not ObjectClass.OBJECT or row.proof is not None:
        return False  # what must be proven is asked for by name before an alarm
    if row.person is Person.NEAR:
        return place.looks > 0 and place.covered / place.looks >= limits.company.hidden_share
    return place.veto_share >= limits.static.person_share


def _seen_floor(place: Place, limits: Thresholds) -> float:
    is_object = place.kind is ObjectClass.OBJECT
    return limits.static.min_seen_share if is_object else limits.dwell.min_seen_share


def score_floor(kind: ObjectClass, limits: Thresholds) -> float:
    """Return the score a box of a class needs."""
    return float(getattr(limits.score, str(kind), 1.0))


def _floor_of(place: Place, limits: Thresholds) -> float:
    """Two weak witnesses agree: a faint name on what the static generator sees stand there.

    Vehicles and cycles are asked for by name in closer looks where they are faint. What has no
    name may be faint if it was seen to come and then seen at nearly every look.
    """
    floor = score_floor(place.kind, limits)
    if place.kind is ObjectClass.OBJECT:
        always = min(place.steady_share, place.seen_share) >= ALWAYS
        return floor * FAINT if place.is_dated and always else floor
    backed = place.backed / place.looks if place.looks else 0.0
    is_backed = backed >= limits.static.min_seen_share
    return floor * BACKED if is_backed or place.kind in WHEELED else floor


def _size_fits(box: Box, rule: Rule) -> bool:
    if box.w < rule.min_size[0] or box.h < rule.min_size[1]:
        return False
    return rule.max_size is None or (box.w <= rule.max_size[0] and box.h <= rule.max_size[1])


def is_new(
    place: Place, rule: Rule, others: Sequence[Place], pending: Sequence[Place] = ()
) -> bool:
    """Tell whether no open violation of this finding stands at or next to this place."""
    near = grown(place.box, factor=NEAR if place.kind is ObjectClass.OBJECT else 1.0)
    opened = [
        other
        for other in others
        if other.alert_count > 0 and not other.has_left and not _came_after(place, other)
    ]
    opened += pending
    classes = kind_table()[rule.finding].classes | {place.kind}
    return not any(
        other is not place
        and other.zone == place.zone
        and other.kind in classes
        and (
            intersection(near, other.box) > NEXT_TO * min(near.area, other.box.area)
            or _are_pieces(place, other)
        )
        for other in opened
    )


def _came_after(place: Place, other: Place) -> bool:
    """Tell whether a thing was seen to come to bare ground where another had been: that has left.

    Of one without a name what came in its stead may be taken for it.
    """
    is_named = place.kind is not ObjectClass.OBJECT is other.kind
    gone_by = other.alerted_at if is_named else other.last_present
    return place.is_dated and gone_by < place.since


def _are_pieces(place: Place, other: Place) -> bool:
    """Tell whether two unnamed things lie side by side, or came together and lie close by."""
    if not place.kind is other.kind is ObjectClass.OBJECT:
        return False
    if are_near(place.box, other.box):
        return True  # more was put down beside it
    is_near = are_near(place.box, other.box, gap=PIECES)
    return is_near and abs(place.since - other.since) <= TOGETHER_S


def alert_due(place: Place, rule: Rule, *, at: float) -> bool:
    """Tell whether this stay has not been reported, or is to be reported again."""
    if place.alert_count == 0:
        return True
    return rule.re_alert_s is not None and at - place.alerted_at >= rule.re_alert_s
