"""When the last seconds of compressed video have to be kept for a clip, and when they need not.

At 2 Mbit/s the ring of a camera holds 7 MB. An alarm is foreseen: it comes when a stay reaches its
dwell. So the ring rests while no stay is near it, and is filled again in time for the pre-roll.
"""

from __future__ import annotations

from collections.abc import Iterable

from chengzhi_vision.config import Camera
from chengzhi_vision.dwell.place import Place

SLACK_S = 15.0  # a group of pictures, and frames judged seldom


def lead_s(camera: Camera) -> float:
    """Return how long before an alarm the ring has to be awake."""
    return camera.limits.evidence.pre_roll_s + SLACK_S


def is_wanted(camera: Camera, places: Iterable[Place], *, at: float) -> bool:
    """Tell whether an alarm may come so soon that its clip has to begin now."""
    rules = [rule for zone in camera.zones for rule in zone.rules]
    lead = lead_s(camera)
    shortest = min((rule.dwell_s for rule in rules), default=None)
    if shortest is None:
        return False
    if shortest <= 2 * lead:
        return True
    again = [rule.re_alert_s for rule in rules if rule.re_alert_s is not None]
    return any(_is_near(place, shortest - lead, again, lead, at) for place in places)


def _is_near(place: Place, dwell_s: float, again: list[float], lead: float, at: float) -> bool:
    if place.alert_count == 0:
        return at - place.since >= dwell_s
    return any(at - place.alerted_at >= wait - lead for wait in again)
