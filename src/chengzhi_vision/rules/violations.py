"""When a stay becomes a violation: dwell, size, score, vetoes, and one open alarm per place."""

from __future__ import annotations

from collections.abc import Sequence

from chengzhi_vision.config import Camera, Rule, Zone
from chengzhi_vision.dwell.place import Place
from chengzhi_vision.findings import kind_table
from chengzhi_vision.geometry import foot as foot_of
from chengzhi_vision.geometry import grown, intersection, share_inside
from chengzhi_vision.rules.calendar import in_force_since
from chengzhi_vision.thresholds import Thresholds
from chengzhi_vision.types import Box, ObjectClass

FOOT_INSIDE = 0.5
MIN_STEADY_SHARE = 0.4
NEAR = 1.5
NEXT_TO = 0.3


def stands_in(zone: Zone, box: Box, kind: ObjectClass) -> bool:
    """Tell whether a thing stands in a zone: its foot, or for a left object its whole."""
    part = box if kind is ObjectClass.OBJECT else foot_of(box)
    return share_inside(part, polygon=zone.polygon) >= FOOT_INSIDE


def watched(zone: Zone) -> frozenset[ObjectClass]:
    """Return the classes whose generator exists and that some rule of the zone asks for."""
    rows = [kind_table()[rule.finding] for rule in zone.rules]
    return frozenset(row.object_class for row in rows if row.is_ready and row.object_class)


def overstayed_at(place: Place, rule: Rule, *, camera: Camera) -> float | None:
    """Return when the place's stay reached the rule's dwell, or None while it has not."""
    since = in_force_since(rule, at=place.last_present, zone=camera.timezone)
    if since is None or place.is_lost:
        return None
    reached = max(place.since, since) + rule.dwell_s
    return reached if place.last_present >= reached else None


def is_believable(place: Place, rule: Rule, limits: Thresholds) -> bool:
    """Tell whether enough looks agree that a thing of the rule's class stands there."""
    if kind_table()[rule.finding].object_class is not place.kind:
        return False
    if place.label in rule.exempt or place.kind in rule.exempt:
        return False
    if place.score < (rule.min_score or score_floor(place.kind, limits)):
        return False
    if place.steady_share < MIN_STEADY_SHARE or place.seen_share < _seen_floor(place, limits):
        return False
    if place.kind is ObjectClass.OBJECT and place.veto_share >= limits.static.person_share:
        return False
    return _size_fits(place.box, rule)


def _seen_floor(place: Place, limits: Thresholds) -> float:
    is_object = place.kind is ObjectClass.OBJECT
    return limits.static.min_seen_share if is_object else limits.dwell.min_seen_share


def score_floor(kind: ObjectClass, limits: Thresholds) -> float:
    """Return the score a box of a class needs."""
    return float(getattr(limits.score, str(kind), 1.0))


def _size_fits(box: Box, rule: Rule) -> bool:
    if box.w < rule.min_size[0] or box.h < rule.min_size[1]:
        return False
    return rule.max_size is None or (box.w <= rule.max_size[0] and box.h <= rule.max_size[1])


def is_new(place: Place, others: Sequence[Place], pending: Sequence[Place] = ()) -> bool:
    """Tell whether no open violation of the same class stands at or next to this place."""
    near = grown(place.box, factor=NEAR if place.kind is ObjectClass.OBJECT else 1.0)
    opened = [other for other in others if other.alert_count > 0] + list(pending)
    return not any(
        other is not place
        and other.zone == place.zone
        and other.kind is place.kind
        and intersection(near, other.box) > NEXT_TO * min(near.area, other.box.area)
        for other in opened
    )


def alert_due(place: Place, rule: Rule, *, at: float) -> bool:
    """Tell whether this stay has not been reported, or is to be reported again."""
    if place.alert_count == 0:
        return True
    return rule.re_alert_s is not None and at - place.alerted_at >= rule.re_alert_s
