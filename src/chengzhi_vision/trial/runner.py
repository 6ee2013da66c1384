"""Do what the platform waits for: trials of drafts, and the newest picture of a camera."""

from __future__ import annotations

import logging
from base64 import b64encode
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from chengzhi_vision.camera_file import read_camera
from chengzhi_vision.detectors.protocol import Detector
from chengzhi_vision.errors import CameraFileInvalid, DeliveryRefused
from chengzhi_vision.evidence.publish import cover
from chengzhi_vision.jpeg import encoded
from chengzhi_vision.pipeline import Paced
from chengzhi_vision.spool.message import moment
from chengzhi_vision.spool.server import Server
from chengzhi_vision.trial.replay import OtherShape, Outcome, TooFewStills, TrialAlarm, replay
from chengzhi_vision.trial.ring import StillRing
from chengzhi_vision.types import Picture

TELL_EVERY_S = 3.0
REST_SHARE = 1.0  # rest as long as it works, so that the street is judged first
STILL_QUALITY = 85
GAPS_TOLD = 500
log = logging.getLogger("chengzhi_vision")


@dataclass(frozen=True, kw_only=True)
class Helper:
    """What it takes to do the platform's tasks."""

    server: Server
    ring: StillRing
    detector: Detector | None
    slow: Sequence[Paced] = ()
    name: str
    watched: Callable[[], Collection[str]]
    newest: Callable[[str], Picture | None]
    clock: Callable[[], float]
    rest: Callable[[float], bool]  # waits so long; true when everything is to end

    FIRST_S: ClassVar[float] = 3.0  # how soon to ask again after a task

    def turn(self) -> int:
        """Do the tasks of the cameras watched here, and return how many were done."""
        tasks = self.server.tasks(self.name)
        mine = set(self.watched())
        pictures = sum(self._bring(code) for code in tasks["stills"] if code in mine)
        trials = [row for row in tasks["trials"] if row["camera"]["camera"]["code"] in mine]
        return pictures + sum(self._try(row) for row in trials)

    def _bring(self, code: str) -> bool:
        picture = self.newest(code)
        if picture is None:
            return False
        shown = picture.copy()
        cover(shown, self.detector)
        self.server.put_still(code, encoded(shown, quality=STILL_QUALITY))
        return True

    def _try(self, task: dict[str, Any]) -> bool:
        trial = int(task["trial"])
        try:
            outcome = self._run(trial, task)
        except (CameraFileInvalid, TooFewStills, OtherShape) as refusal:
            self.server.put_trial_failure(trial, self.name, refusal.sentence)
            return True
        except DeliveryRefused as refusal:
            log.info("trial %s: %s", trial, refusal.sentence)  # another worker took it
            return False
        if outcome is not None:
            self.server.put_trial_result(trial, result_message(outcome, worker=self.name))
        return outcome is not None

    def _run(self, trial: int, task: dict[str, Any]) -> Outcome | None:
        camera = read_camera(task["camera"])
        stills = self.ring.stills(
            camera.code, since=_seconds(task["since"]), until=_seconds(task["until"])
        )
        return replay(
            camera,
            stills,
            every_s=self.ring.every_s,
            detector=self.detector,
            slow=self.slow,
            goes_on=self._telling(trial),
        )

    def _telling(self, trial: int) -> Callable[[int, int], bool]:
        """Tell the platform now and then how far it is, and rest after each still."""
        told_at = float("-inf")
        begun = self.clock()

        def goes_on(done: int, total: int) -> bool:
            nonlocal told_at, begun
            now = self.clock()
            if self.rest(min(max(now - begun, 0.0) * REST_SHARE, 1.0)):
                return False
            begun = self.clock()
            if begun - told_at < TELL_EVERY_S:
                return True
            told_at = begun
            return self.server.tell_trial(trial, worker=self.name, done=done, total=total)

        return goes_on


def _seconds(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def result_message(outcome: Outcome, *, worker: str) -> dict[str, Any]:
    """Return the JSON body of PUT /api/v1/vision/trials/{id}/result."""
    return {
        "worker": worker,
        "first_at": moment(outcome.first_at),
        "last_at": moment(outcome.last_at),
        "stills": outcome.stills,
        "covered_s": round(outcome.covered_s, 1),
        "gaps": [[moment(start), moment(end)] for start, end in outcome.gaps[:GAPS_TOLD]],
        "alarm_count": outcome.alarm_count,
        "alarms": [_alarm(alarm) for alarm in outcome.alarms],
    }


def _alarm(alarm: TrialAlarm) -> dict[str, Any]:
    found = alarm.finding
    return {
        "zone": found.zone,
        "kind": str(found.kind),
        "started_at": moment(found.started_at),
        "alarm_at": moment(found.alarm_at),
        "start_unknown": found.start_unknown,
        "bbox": found.box.rounded(),
        "score": round(min(max(found.score, 0.0), 1.0), 4),
        "pictures": [b64encode(picture).decode("ascii") for picture in alarm.pictures],
    }
