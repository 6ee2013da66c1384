"""Areas that tell the rules of other zones what is no violation: bays, permitted, ignored areas."""

from __future__ import annotations

from collections.abc import Sequence

from chengzhi_vision.config import Zone
from chengzhi_vision.geometry import foot, share_inside
from chengzhi_vision.types import Box, ObjectClass, ZoneKind

ALLOWS: dict[ZoneKind, frozenset[ObjectClass]] = {
    ZoneKind.BAY: frozenset([ObjectClass.VEHICLE]),
    ZoneKind.CYCLE_BAY: frozenset([ObjectClass.TWO_WHEELER]),
    ZoneKind.PERMITTED: frozenset([ObjectClass.OBJECT, ObjectClass.UMBRELLA]),
}
MOSTLY = 0.5


def is_allowed(zones: Sequence[Zone], box: Box, kind: ObjectClass) -> bool:
    """Tell whether a thing stands where things of its class may stand.

    A still thing that nobody has named may be the vehicle or cycle of the bay it stands in.
    """
    ground = foot(box)
    return any(
        share_inside(ground, polygon=zone.polygon) >= MOSTLY
        for zone in zones
        if zone.kind is ZoneKind.IGNORE
        or kind in ALLOWS.get(zone.kind, ())
        or (kind is ObjectClass.OBJECT and zone.kind in ALLOWS)
    )
