"""Which stays below the published threshold are reported all the same: a draw that repeats.

The platform learns its thresholds from verdicts; without a share from below, it would never
learn that a threshold has become too high.
"""

from __future__ import annotations

import hashlib

from chengzhi_vision.config import Rule
from chengzhi_vision.dwell.place import Place


def scores_enough(place: Place, rule: Rule, *, floor: float) -> bool:
    """Tell whether a stay reaches the rule's threshold, or is drawn from below it.

    `floor` is what a box of the class needs where the rule says nothing.
    """
    if place.score >= (rule.min_score or floor):
        return True
    return place.score >= (rule.explore_from or floor) and is_drawn(place, rule)


def is_drawn(place: Place, rule: Rule) -> bool:
    """Tell whether a stay belongs to the share that is explored; the same stay always answers so."""
    if rule.explore_share <= 0:
        return False
    key = f"{place.zone}|{rule.finding}|{place.since:.1f}|{place.alert_count}"
    digest = hashlib.sha256(key.encode()).digest()
    return int.from_bytes(digest[:8]) / 2**64 < rule.explore_share


def is_explored(place: Place, rule: Rule) -> bool:
    """Tell whether a stay is reported only because it was drawn."""
    return rule.min_score is not None and place.score < rule.min_score and is_drawn(place, rule)
