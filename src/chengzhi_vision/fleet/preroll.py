"""When the last seconds of compressed video have to be kept for a clip, and when they need not.

At 2 Mbit/s the ring of a camera holds 5 MB. An alarm is foreseen: it comes when a stay reaches its
dwell. So the ring rests while no stay is near it, and is filled again in time for the pre-roll. A
stay that no rule could believe even if all coming looks spoke for it wakes nobody: people who stand
and talk stay there for longer than any dwell. Nor does one that looks by name have refused: should
they believe it later, its dwell lies further back than any ring reaches, and the clip begins where it
was looked at again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from chengzhi_vision.config import Camera, Rule
from chengzhi_vision.dwell.place import Place
from chengzhi_vision.findings import Person, kind_table
from chengzhi_vision.pipeline import Pipeline
from chengzhi_vision.rules.violations import is_believable, looks_like_people
from chengzhi_vision.types import ObjectClass

SLACK_S = 15.0  # a group of pictures, and frames judged seldom
Refused = Callable[[Place, Rule], bool]


def lead_s(camera: Camera) -> float:
    """Return how long before an alarm the ring has to be awake."""
    return camera.limits.evidence.pre_roll_s + SLACK_S


def never(_place: Place, _rule: Rule) -> bool:
    return False


def is_near(pipeline: Pipeline, *, at: float) -> bool:
    """Tell whether the clip of an alarm of a camera may have to begin now."""
    if pipeline.candidates or pipeline.trouble is not None:
        return True
    places = [*pipeline.places.items, *pipeline.roaming.places]
    return is_wanted(pipeline.camera, places, at=at, was_refused=pipeline.docket.was_refused)


def is_wanted(
    camera: Camera, places: Iterable[Place], *, at: float, was_refused: Refused = never
) -> bool:
    """Tell whether an alarm may come so soon that its clip has to begin now."""
    lead = lead_s(camera)
    dwells = [rule.dwell_s for zone in camera.zones for rule in zone.rules]
    if not dwells:
        return False
    if min(dwells) <= 2 * lead:
        return True
    by_zone = {zone.name: zone.rules for zone in camera.zones}
    return any(
        _is_near(place, rule, lead, at)
        and not was_refused(place, rule)
        and _may_be_believed(place, rule, camera, lead)
        for place in places
        for rule in by_zone.get(place.zone, ())
    )


def _is_near(place: Place, rule: Rule, lead: float, at: float) -> bool:
    if place.alert_count == 0:
        return at - place.since >= rule.dwell_s - lead
    return rule.re_alert_s is not None and at - place.alerted_at >= rule.re_alert_s - lead


def _may_be_believed(place: Place, rule: Rule, camera: Camera, lead: float) -> bool:
    """Tell whether the looks before the alarm could still make this stay believable.

    What was counted while something stood in front may be taken back at any time.
    """
    more = int(lead * camera.limits.detector.per_second)
    steady = max(int(lead * camera.sample_fps), more)
    wants_company = kind_table()[rule.finding].person is Person.NEAR
    best = replace(
        place,
        looks=max(place.looks - place.hidden_looks, place.seen) + more,
        seen=place.seen + more,
        backed=place.backed + more,
        score_sum=place.score_sum + more,
        vetoes=max(place.vetoes - place.hidden_vetoes, 0),
        company=place.company + more * wants_company,
        samples=max(place.samples - place.hidden, place.steady) + steady,
        steady=place.steady + steady,
    )
    return is_believable(best, rule, camera.limits) and not _is_people(best, rule, camera)


def _is_people(place: Place, rule: Rule, camera: Camera) -> bool:
    """Tell whether people stand there most of the time: looks by name refuse such a thing at last.

    Where a closer look has said otherwise, it is a heap that only looks like somebody.
    """
    asked, row = place.asked.get(rule.finding), kind_table()[rule.finding]
    if asked is not None and asked.sure_of is not None:
        return False
    if looks_like_people(place, row, camera.limits):
        return True
    is_unproven = place.kind is ObjectClass.OBJECT and row.proof is not None
    return is_unproven and place.veto_share >= camera.limits.static.person_share
