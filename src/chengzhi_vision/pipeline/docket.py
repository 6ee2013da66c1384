"""Candidates: stays that reached their dwell, looked at again and again until sure or refused."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from chengzhi_vision.alarms import Alarm, Candidate, make_alarm
from chengzhi_vision.config import Camera, Rule, Zone
from chengzhi_vision.dwell.asked import Tries
from chengzhi_vision.dwell.place import SELDOM, Place
from chengzhi_vision.dwell.places import Places
from chengzhi_vision.findings import kind_table
from chengzhi_vision.pipeline.second_look import Opinion, SecondLook
from chengzhi_vision.rules import violations
from chengzhi_vision.rules.lanes import Lanes
from chengzhi_vision.rules.naming import is_named
from chengzhi_vision.rules.roaming import Roaming
from chengzhi_vision.rules.size import fits
from chengzhi_vision.stills import StillMaker
from chengzhi_vision.types import FindingKind, Frame, ModelRef, ObjectClass

TRIES = 4
AGAIN_S = 1.5
LEAD_S, EARLY_TRIES = 4.0, 2  # so long before the dwell is reached the first looks are taken
OFTEN = 3  # times named alike: somebody who rides past is gone by then
NEAR_S = 10.0
AGREED = 2  # looks one after the other, where one has seen people or others have refused
STALE_S = 5.0  # a candidate unseen for so long stands in nobody's way
FOR_GOOD = 30  # times: a cycle stays one for as long as it stands


@dataclass
class Docket:
    """The open candidates of one camera."""

    camera: Camera
    places: Places
    roaming: Roaming
    lanes: Lanes
    second_look: SecondLook
    candidates: list[Candidate] = field(default_factory=list)
    emitted: dict[str, Place] = field(default_factory=dict)
    note: str = ""

    def ripe(self, frame: Frame, still: StillMaker, *, is_end: bool = False) -> list[Alarm]:
        """Propose what has reached its dwell and return what is confirmed."""
        self._propose(frame, still)
        post_roll = self.camera.limits.evidence.post_roll_s
        alarms = []
        for candidate in list(self.candidates):
            if not self._still_holds(candidate):
                self.candidates.remove(candidate)
            elif self._confirm(candidate, frame, still, is_end=is_end) and (
                is_end or frame.at >= candidate.seen_at + post_roll
            ):
                self.candidates.remove(candidate)
                if not self._is_told(candidate):
                    alarms.append(self._emit(candidate, frame))
        return alarms

    def mark_reported(self, alarm: Alarm) -> None:
        """Remember that an alarm lies safely in the spool."""
        place = self.emitted.pop(alarm.finding.finding_id, None)
        if place is not None:
            place.alert_count, place.alerted_at = alarm.finding.alert_number, alarm.finding.alarm_at

    def is_near(self, *, at: float) -> bool:
        """Tell whether a stay of a class that is looked for seldom is about to be due."""
        if self.candidates:
            return True
        return any(
            place.zone == zone.name and 0 <= at - place.since - rule.dwell_s + NEAR_S <= 2 * NEAR_S
            for zone in self.camera.zones
            for rule in zone.rules
            if kind_table()[rule.finding].classes & SELDOM
            for place in self.places.items
            if place.alert_count == 0
        )

    def forget(self) -> None:
        """Begin with another view: neither candidates nor moved zones belong to it."""
        self.candidates.clear()
        self.note = ""

    @property
    def _stays(self) -> list[Place]:
        return [*self.places.items, *self.roaming.places]

    def _propose(self, frame: Frame, still: StillMaker) -> None:
        stays = self._stays
        taken = {id(candidate.place) for candidate in self.candidates}
        taken |= {id(place) for place in self.emitted.values()}
        for zone in self.camera.zones:
            for place in stays:
                if place.zone == zone.name and id(place) not in taken:
                    candidate = self._candidate(place, zone, frame, still)
                    if candidate is not None:
                        self.candidates.append(candidate)
                        taken.add(id(place))
                    elif place.alert_count == 0:
                        self._foresee(place, zone, frame)

    def _foresee(self, place: Place, zone: Zone, frame: Frame) -> None:
        """Look closer shortly before the dwell is reached: then the alarm need not wait for it."""
        for rule in zone.rules:
            if not 0 < place.since + rule.dwell_s - frame.at <= LEAD_S:
                continue
            asked = place.asked_about(rule.finding)
            known = asked.early
            is_done = asked.is_sure(place.box, at=frame.at) or known.count >= EARLY_TRIES
            if is_done or frame.at < known.asked_at + AGAIN_S:
                continue
            is_worth = self._is_worth(place, rule, at=frame.at)
            if is_worth and self.second_look.eyes.may_look_closer(frame.at):
                opinion = self.second_look.judge(place, rule, frame)
                _note(known, opinion, at=frame.at)
                is_sure = opinion is Opinion.YES and not known.is_disputed
                asked.sure_of = place.box if is_sure else None

    def _candidate(
        self, place: Place, zone: Zone, frame: Frame, still: StillMaker
    ) -> Candidate | None:
        for rule in zone.rules:
            reached = self._due(place, rule, at=frame.at)
            if reached is not None:
                asked = place.asked_about(rule.finding)
                tries = replace(asked.late or asked.early)
                tries.is_disputed |= asked.refusals > 0
                return Candidate(
                    place=place,
                    rule=rule,
                    zone=zone,
                    reached_at=reached,
                    seen_at=frame.at,
                    reached=still(),
                    tries=tries,
                    is_sure=asked.is_sure(place.box, at=frame.at),
                )
        return None

    def _due(self, place: Place, rule: Rule, *, at: float) -> float | None:
        reached = violations.overstayed_at(place, rule, camera=self.camera)
        if reached is None or not self._is_worth(place, rule, at=at):
            return None
        return reached if place.alert_count == 0 else at

    def _is_worth(self, place: Place, rule: Rule, *, at: float) -> bool:
        """Tell whether all but the dwell and a closer look speaks for an alarm."""
        if not violations.is_believable(place, rule, self.camera.limits):
            return False
        if not fits(place.box, place.kind, self.camera.perspective):
            return False
        if is_named(place, kind_table()[rule.finding], self._stays):
            return False
        if place.last_present < at or not violations.alert_due(place, rule, at=at):
            return False
        return not self.is_resting(place, rule, at) and not self._is_parted(place, rule, at)

    def _is_parted(self, place: Place, rule: Rule, at: float) -> bool:
        """Tell whether the stay is no violation of its own: reported already, or a queue."""
        if rule.finding is FindingKind.MOTOR_VEHICLE_PARKED and self.lanes.is_waiting(
            place, self.camera.zones, at=at
        ):
            return True
        pending = [
            c.place
            for c in self.candidates
            if c.place is not place and not c.is_doubted and at - c.place.last_present <= STALE_S
        ]
        return place.alert_count == 0 and not violations.is_new(place, rule, self._stays, pending)

    def is_resting(self, place: Place, rule: Rule, at: float) -> bool:
        asked = place.asked.get(rule.finding)
        return asked is not None and asked.is_resting(at)

    def _is_told(self, candidate: Candidate) -> bool:
        """Tell whether the same was reported under another name while this one was doubted."""
        place, told = candidate.place, list(self.emitted.values())
        others = [one for one in self._stays if one is not place]
        is_new = violations.is_new(place, candidate.rule, others, told)
        return place.alert_count == 0 and not is_new

    def was_refused(self, place: Place, rule: Rule) -> bool:
        """Tell whether looks by name have refused this stay before."""
        asked = place.asked.get(rule.finding)
        return asked is not None and asked.refusals > 0

    def _still_holds(self, candidate: Candidate) -> bool:
        """Tell whether the same stay goes on: another thing at the place has its own clock."""
        place, rule = candidate.place, candidate.rule
        if violations.overstayed_at(place, rule, camera=self.camera) is None:
            return False
        return any(place is item for item in self._stays)

    def _confirm(
        self, candidate: Candidate, frame: Frame, still: StillMaker, *, is_end: bool
    ) -> bool:
        if candidate.confirmed is not None:
            return True
        place = candidate.place
        confirm_s = self.camera.limits.dwell.confirm_s
        is_again = candidate.tries.count > 0 and not candidate.is_sure
        ready = candidate.tries.asked_at + AGAIN_S if is_again else candidate.seen_at + confirm_s
        if place.last_present < candidate.seen_at or (not is_end and frame.at < ready):
            return False
        if not is_end and place.last_present < frame.at:
            return False
        if not candidate.is_sure:
            if not is_end and not self.second_look.eyes.may_look_closer(frame.at):
                return False
            opinion = self.second_look.judge(place, candidate.rule, frame)
            _note(candidate.tries, opinion, at=frame.at)
            if opinion is not Opinion.YES:
                self._refuse(candidate, frame.at)
                return False
            if candidate.tries.is_disputed and candidate.tries.agreed < AGREED and not is_end:
                return False
        candidate.confirmed = still()
        return True

    def _refuse(self, candidate: Candidate, at: float) -> None:
        """Look again soon, when somebody may have passed; then let the place rest."""
        tries, asked = candidate.tries, candidate.place.asked_about(candidate.rule.finding)
        if tries.count < TRIES and tries.named < OFTEN:
            asked.late = replace(tries)
            return
        self.candidates.remove(candidate)
        is_named = tries.named >= OFTEN
        asked.refuse(at=at, refusals=FOR_GOOD if is_named else asked.refusals + 1)

    def _emit(self, candidate: Candidate, frame: Frame) -> Alarm:
        alarm = make_alarm(
            candidate,
            camera=self.camera,
            model=self._model(candidate.place.kind),
            frame=frame,
            reason=self.note,
        )
        self.emitted[alarm.finding.finding_id] = candidate.place
        return alarm

    def _model(self, kind: ObjectClass) -> ModelRef:
        version = f"t{self.camera.limits.version}"
        model = self.second_look.eyes.model_for(kind)
        if kind is ObjectClass.OBJECT or model is None:
            return ModelRef(name="static-object-knn", version=f"5/{version}")
        return ModelRef(name=model.name, version=f"{model.version}/{version}")


def _note(tries: Tries, opinion: Opinion, *, at: float) -> None:
    tries.note(
        at=at,
        is_yes=opinion is Opinion.YES,
        is_named=opinion is Opinion.NAMED,
        sees_people=opinion is Opinion.PEOPLE,
    )
