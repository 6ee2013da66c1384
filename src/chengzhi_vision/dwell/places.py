"""All places of one camera: which observation stands where, and what came, stayed or left."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import linear_sum_assignment

from chengzhi_vision.dwell.dating import (
    AT_ONCE_S,
    arrival,
    date,
    heed_names,
    holds,
    left_there,
    shows_ground,
    vouched,
)
from chengzhi_vision.dwell.doubles import without_doubles
from chengzhi_vision.dwell.following import STEADY_BOX, follow
from chengzhi_vision.dwell.growing import (
    elders_within,
    grow_to,
    is_piece_of,
    join,
    stands_apart,
    take_what_is_left,
)
from chengzhi_vision.dwell.look import Look, is_ground, look_at, similarity
from chengzhi_vision.dwell.place import (
    LATER_S,
    MOST_EARLIER_S,
    NAMED,
    OCCLUDED_S,
    SELDOM,
    Place,
    Presence,
    is_other,
    is_over,
    judge,
    note_absent,
    note_hidden,
    note_present,
    note_rest,
    note_seen,
)
from chengzhi_vision.dwell.veil import is_veiled, note_beside
from chengzhi_vision.dwell.view import Observation, View
from chengzhi_vision.geometry import covered, iou, is_about
from chengzhi_vision.thresholds import DwellLimits
from chengzhi_vision.types import Box, Detection, ObjectClass

MAX_PLACES = 200
NESTED = 0.7
TWICE = 2
UNDER = 0.3  # overlap of a thing and what a detector names there
BARE, BACKED = 0.06, 0.5
UNLIKE = 0.2  # of a look and the thing: whatever the ground was taken for, it is not there
FRAGMENT = 0.4  # of a place: a smaller piece is no new outline
SAME_OUTLINE = 0.5  # overlap of a thing that left and the same thing when it is back
GROWN = 0.75  # overlap below which the outline of a still thing has changed
BEFORE_S = 10.0  # so long before a named thing is seen at rest, the ground is bare
MAX_STEP_S = 2.5  # a longer silence of the source says nothing about the place


@dataclass
class Places:
    """The places of one camera."""

    limits: DwellLimits
    grace: dict[str, float] = field(default_factory=dict)
    items: list[Place] = field(default_factory=list)
    resumed_at: float | None = None

    def update(self, view: View, observations: Sequence[Observation]) -> None:
        """Take in one frame."""
        matched = self._match(observations)
        for place in take_what_is_left(self.items, matched, observations, view):
            self._renew_before(place, view)
        for place in list(self.items):
            found = matched.get(id(place))
            self._look(place, view, found)
        used = {id(found) for found in matched.values()}
        for observation in observations:
            if id(observation) not in used and not is_piece_of(self.items, observation, at=view.at):
                self._open(observation, view)
        heed_names(self.items)
        self._forget(view.at)

    def reset(self) -> None:
        self.items.clear()

    def _match(self, observations: Sequence[Observation]) -> dict[int, Observation]:
        if not self.items or not observations:
            return {}
        gain = np.array([[self._fit(p, o) for o in observations] for p in self.items])
        rows, columns = linear_sum_assignment(-gain)
        return {
            id(self.items[i]): observations[j]
            for i, j in zip(rows.tolist(), columns.tolist(), strict=True)
            if gain[i, j] > 0
        }

    def _fit(self, place: Place, seen: Observation) -> float:
        if place.zone != seen.zone or place.kind is not seen.detection.kind:
            return 0.0
        overlap = iou(place.box, seen.detection.box)
        if overlap >= self.limits.same_place_iou:
            return overlap
        if place.kind is not ObjectClass.OBJECT:
            return 0.0
        one, other = place.box, seen.detection.box
        if other.area < FRAGMENT * one.area:
            return 0.0  # what is left of it, or something small before it
        nested = max(covered(one, by=other), covered(other, by=one))
        if nested < NESTED:
            return 0.0
        if place.hidden or not place.is_believed:
            return nested / 40  # what grows is rather seen
        elders = [elder for elder in elders_within(place, other, self.items) if not elder.hidden]
        return nested / (20 if elders else 10)  # the eldest grows

    def _look(self, place: Place, view: View, found: Observation | None) -> None:
        seen = found.detection if found else None
        elapsed = min(max(view.at - place.checked_at, 0.0), MAX_STEP_S)
        place.checked_at = view.at
        place.samples += 1
        vetoed = is_veiled(place, view.vetoes)
        look = look_at(view.luma, place.box, scale=view.scale)
        if found is not None and self._is_other(place, look, view, found, vetoed):
            self._restart(place, view, found)
            return
        presence = judge(
            place,
            look,
            seen=seen,
            limits=self.limits,
            is_veiled=vetoed,
            is_bare=self._is_bare(place, view, look),
            is_ground=shows_ground(place, view, seen),
        )
        if presence is Presence.HIDDEN:
            seen = None
        if place.kind in view.looked and not self._says_nothing(place, seen, presence, view):
            is_known = any(is_about(place.box, seen=box) for box in view.vetoes)
            note_seen(place, seen or vouched(place, view, presence), vetoed=is_known)
        if presence is Presence.PRESENT and look is not None:
            is_seen = seen is not None and iou(place.box, seen.box) >= STEADY_BOX
            note_present(place, look, at=view.at, limits=self.limits, is_seen=is_seen)
            note_beside(place, view.wheeled)
            self._follow(place, view, found, is_seen=seen is not None)
        if presence is Presence.HIDDEN:
            note_hidden(place, elapsed=elapsed)
        if presence is Presence.ABSENT:
            note_absent(place, elapsed=elapsed)
        if presence is Presence.CHANGED and found is not None:
            self._changed(place, view, found)

    def _follow(
        self, place: Place, view: View, found: Observation | None, *, is_seen: bool
    ) -> None:
        """Take in what a generator tells of a thing that is there: its outline, when it came."""
        if found is None:
            return
        if is_seen and place.kind is ObjectClass.OBJECT:
            self._grow(place, view, found)
        elif is_seen and follow(place, found.detection.box, view):
            self._renew_before(place, view)
        if place.is_undated:
            date(place, view)
        note_rest(place, self._rested(found, view), at=view.at)
        self._note_swap(place, found)

    def _grow(self, place: Place, view: View, found: Observation) -> None:
        """A still thing grows as more is put down: the place follows, its clock goes on."""
        box = found.detection.box
        place.steady = min(place.steady + 1, place.samples)
        if iou(place.box, box) >= GROWN or box.area < FRAGMENT * place.box.area:
            return
        elders = elders_within(place, box, self.items)
        anchor = look_at(view.luma, box, scale=view.scale)
        if anchor is None or any(stands_apart(place, elder) for elder in elders):
            return
        grow_to(place, box, view, rested=found.since)
        place.anchor = anchor
        self._renew_before(place, view)
        parts = [elder for elder in sorted(elders, key=lambda one: one.since) if join(place, elder)]
        self.items = [item for item in self.items if not any(item is part for part in parts)]

    def _is_bare(self, place: Place, view: View, look: Look | None) -> bool:
        """Tell whether the empty ground is seen where the static generator saw a thing before."""
        was_new = place.kind is ObjectClass.OBJECT or place.backed >= BACKED * place.looks > 0
        if not was_new or place.start_unknown or self._is_before_reset(place):
            return False
        share = view.new_in(place.box)
        if share is None or share >= BARE or look is None or place.before is None:
            return False
        is_unlike = similarity(place.anchor, look) < UNLIKE
        return is_unlike or is_ground(place.before, look)

    def _says_nothing(
        self, place: Place, seen: Detection | None, presence: Presence, view: View
    ) -> bool:
        """Tell whether it means nothing that a generator did not propose the thing this time."""
        if seen is not None:
            return False
        if place.kind in NAMED and place.seen >= TWICE and presence is Presence.PRESENT:
            # it has been named, and looks as it did, if it is not a part of what is named now
            return not any(holds(whole, place.box) for whole in view.wheeled)
        return self._is_beyond_memory(place)

    def _is_beyond_memory(self, place: Place) -> bool:
        """Tell whether a thing stood before the static generator began anew.

        After a restart or a light step it is part of the background that is learned: that it is
        not proposed says nothing, only its look counts.
        """
        return place.kind is ObjectClass.OBJECT and self._is_before_reset(place)

    def _is_before_reset(self, place: Place) -> bool:
        return self.resumed_at is not None and place.since < self.resumed_at

    def _is_other(
        self, place: Place, look: Look | None, view: View, found: Observation, vetoed: bool
    ) -> bool:
        if vetoed and place.kind not in NAMED:
            return False
        if place.is_street and look is not None:
            return similarity(place.anchor, look) < self.limits.same_look
        if place.kind is ObjectClass.OBJECT and self._came_later(place, view, found):
            return True
        is_back = iou(place.box, found.detection.box) >= SAME_OUTLINE
        if place.has_left and place.kind is ObjectClass.OBJECT and not is_back:
            return True
        since = self._rested(found, view)
        return is_other(place, look, since=since, at=view.at, limits=self.limits)

    def _came_later(self, place: Place, view: View, found: Observation) -> bool:
        """Tell whether the bare ground was seen after a thing had been there last, then this came."""
        if view.at - place.last_present < OCCLUDED_S:
            return False
        came = arrival(found.detection.box, view)[1]
        return came is not None and came.is_seen and came.at > place.last_present + LATER_S

    def _restart(self, place: Place, view: View, found: Observation) -> None:
        """Another thing stands where one has left: its stay is its own, and began after that."""
        box = found.detection.box
        anchor = look_at(view.luma, box, scale=view.scale)
        if anchor is None:
            return
        since, left = self._since(found, view), place.last_present
        place.restart(since=since, at=view.at, box=box, anchor=anchor, first=view.still())
        place.not_before = left
        place.last_present, place.before = view.at, self._before(view, box, place.kind)
        date(place, view)
        note_seen(place, found.detection, vetoed=False)
        place.samples = place.steady = 1

    def _changed(self, place: Place, view: View, found: Observation) -> None:
        """A generator sees the class here, but it looks different: moved, or another one."""
        seen = found.detection
        changed = view.at if place.changed_since is None else place.changed_since
        place.changed_since = changed
        anchor = look_at(view.luma, seen.box, scale=view.scale)
        if anchor is None:
            return
        if place.dwell_s < self.limits.gone_s or view.at - changed >= self.limits.gone_s:
            first = view.still()
            place.restart(since=changed, at=view.at, box=seen.box, anchor=anchor, first=first)
            place.before = self._before(view, seen.box, place.kind)

    def _open(self, observation: Observation, view: View) -> None:
        box = observation.detection.box
        anchor = look_at(view.luma, box, scale=view.scale)
        if anchor is None or min(box.w, box.h) < self.limits.min_side_px:
            return
        if len(self.items) >= MAX_PLACES:
            return
        left = left_there(self.items, observation.detection)
        since = max(self._since(observation, view), left)
        before = self._before(view, box, observation.detection.kind)
        place = Place(
            kind=observation.detection.kind,
            zone=observation.zone,
            box=box,
            anchor=anchor,
            since=since,
            last_present=view.at,
            before=before,
            first=view.still(),
            checked_at=view.at,
            found_at=view.at,
            not_before=left,
        )
        date(place, view)
        is_watched = since < view.at and self._is_watched(since, view)
        if not place.is_dated and not is_watched and self._was_there(place, view):
            place.start_unknown, place.before, place.witness = True, None, None
        note_seen(place, observation.detection, vetoed=False)
        place.samples = place.steady = 1
        self.items.append(place)

    def _since(self, seen: Observation, view: View) -> float:
        """Return when a thing came to rest: the still thing at its place knows, named or not."""
        known = self._rested(seen, view)
        return view.at if known is None else known

    def _rested(self, seen: Observation, view: View) -> float | None:
        known = [] if seen.since is None else [seen.since]
        if seen.detection.kind is not ObjectClass.OBJECT:
            under = [p.since for p in self._under(seen)]
            known += [since for since in under if view.at - since <= MOST_EARLIER_S]
        return min(known, default=None)

    def _note_swap(self, place: Place, found: Observation) -> None:
        """A clean bin is full now, a heap carried past lies now: the still thing knows since when.

        What is looked for every few seconds only cannot tell when it changed.
        """
        if place.kind not in SELDOM or place.alert_count:
            return
        under = [p for p in self._under(found) if p.is_dated or not place.is_dated]
        since = max((p.since for p in under), default=place.since)
        if since > place.since:
            place.since, place.asked = since, {}

    def _under(self, seen: Observation) -> list[Place]:
        return [p for p in self.items if _is_under(p, seen) and not p.start_unknown]

    def _is_watched(self, since: float, view: View) -> bool:
        """Tell whether the static generator was awake when the thing came to rest."""
        return since > view.at - view.stream_age_s + self.limits.start_window_s

    def _before(self, view: View, box: Box, kind: ObjectClass) -> Look | None:
        """Return the place without the thing: the background, or the picture some seconds ago."""
        if kind is ObjectClass.OBJECT and view.ground is not None:
            return look_at(view.ground, box, scale=view.small_scale)
        before = view.past.before(view.at - BEFORE_S)
        return None if before is None else look_at(before, box, scale=view.small_scale)

    def _renew_before(self, place: Place, view: View) -> None:
        """Take the place without the thing again, in its present outline."""
        if place.before is not None:
            place.before = self._before(view, place.box, place.kind)

    def _was_there(self, place: Place, view: View) -> bool:
        """Tell whether nobody saw it come: there at the start, or already some time ago."""
        if place.kind is ObjectClass.OBJECT:  # only against a ground known from before
            return place.since <= view.at - view.stream_age_s + AT_ONCE_S
        if view.stream_age_s <= self.limits.start_window_s or place.before is None:
            return True
        before = place.before
        return judge(place, before, seen=None, limits=self.limits) is Presence.PRESENT

    def _forget(self, at: float) -> None:
        for place in self.items:
            grace = self.grace.get(place.zone, self.limits.grace_s)
            if self._was_away(place, at=at, grace_s=grace):
                grace = math.inf
            gone = is_over(place, at=at, limits=self.limits, grace_s=grace)
            place.is_lost = place.is_lost or gone
        kept = [p for p in self.items if not self._is_done(p, at)]
        self.items = without_doubles(kept)

    def _was_away(self, place: Place, *, at: float, grace_s: float) -> bool:
        """Tell whether the worker, not the thing, was away: give the picture time to speak."""
        resumed = self.resumed_at
        return resumed is not None and place.last_present < resumed and at - resumed <= grace_s

    def _is_done(self, place: Place, at: float) -> bool:
        if not place.is_lost:
            return False
        return place.alert_count == 0 or at - place.last_present > self.limits.bridge_s


def _is_under(place: Place, seen: Observation) -> bool:
    """Tell whether a still thing nobody has named stands where a named one is seen now."""
    if place.kind is not ObjectClass.OBJECT or place.zone != seen.zone or place.is_lost:
        return False
    return iou(place.box, seen.detection.box) >= UNDER
