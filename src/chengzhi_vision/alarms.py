"""From an overstay to an alarm: wait, look again, keep three stills."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from chengzhi_vision.config import Camera, Rule, Zone
from chengzhi_vision.dwell.asked import Tries
from chengzhi_vision.dwell.place import Place
from chengzhi_vision.findings import kind_table
from chengzhi_vision.rules.exploring import is_explored
from chengzhi_vision.stills import sha256
from chengzhi_vision.types import Box, Finding, FindingKind, Frame, ModelRef, Size, Still

CELL = 16.0


@dataclass(frozen=True, kw_only=True)
class Alarm:
    """A finding with its stills, before files are written."""

    finding: Finding
    first: Still
    reached: Still
    confirmed: Still


@dataclass
class Candidate:
    """A stay that has reached the dwell of a rule and waits to be confirmed."""

    place: Place
    rule: Rule
    zone: Zone
    reached_at: float
    seen_at: float
    reached: Still
    confirmed: Still | None = None
    tries: Tries = field(default_factory=Tries)
    is_sure: bool = False  # closer looks before the dwell was reached said yes

    @property
    def is_doubted(self) -> bool:
        """Tell whether a closer look said no: then another name for the same thing may be asked."""
        return self.tries.count > 0 and not self.is_sure


def finding_id(
    *, camera: str, zone: str, kind: FindingKind, started_at: float, box: Box, number: int
) -> str:
    """Return the same id for the same stay, however often it is worked out."""
    x, y = box.center
    parts = [camera, zone, kind, f"{started_at:.1f}", int(x // CELL), int(y // CELL), number]
    text = "|".join(str(part) for part in parts)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def make_alarm(
    candidate: Candidate, *, camera: Camera, model: ModelRef, frame: Frame, reason: str = ""
) -> Alarm:
    """Return the alarm of a confirmed candidate; `frame` ties stream time to wall time."""
    place = candidate.place
    offset = frame.at - frame.pts
    number = place.alert_count + 1
    kind = candidate.rule.finding
    finding = Finding(
        finding_id=finding_id(
            camera=camera.code,
            zone=candidate.zone.name,
            kind=kind,
            started_at=place.since,
            box=place.box,
            number=number,
        ),
        camera=camera.code,
        kind=kind,
        matter_code=kind_table()[kind].matter_code,
        zone=candidate.zone.name,
        start_pts=place.since - offset,
        alarm_pts=candidate.reached_at - offset,
        started_at=place.since,
        alarm_at=candidate.reached_at,
        start_unknown=place.start_unknown,
        box=place.box,
        frame=frame.size,
        score=place.score,
        model=model,
        frame_sha256=sha256(candidate.reached.jpeg),
        alert_number=number,
        reason=reason,
        explored=is_explored(place, candidate.rule),
    )
    assert candidate.confirmed is not None, "an alarm is made of a confirmed candidate"
    first = place.first or candidate.reached
    return Alarm(
        finding=finding, first=first, reached=candidate.reached, confirmed=candidate.confirmed
    )


def make_blind_alarm(
    *, camera: Camera, since: float, at: float, reason: str, still: Still, frame: Frame
) -> Alarm:
    """Return the alarm of a camera that cannot see (camera_blind); `frame` is its last one."""
    finding = blind_finding(
        camera=camera,
        since=since,
        at=at,
        reason=reason,
        offset=frame.at - frame.pts,
        frame=frame.size,
        picture=still.jpeg,
    )
    return Alarm(finding=finding, first=still, reached=still, confirmed=still)


def blind_finding(
    *,
    camera: Camera,
    since: float,
    at: float,
    reason: str,
    offset: float,
    frame: Size = (0, 0),
    picture: bytes = b"",
) -> Finding:
    """Return the finding that a camera cannot see; without a picture where there never was one."""
    kind = FindingKind.CAMERA_BLIND
    box = Box(x=0, y=0, w=0, h=0)
    return Finding(
        finding_id=finding_id(
            camera=camera.code, zone="", kind=kind, started_at=since, box=box, number=1
        ),
        camera=camera.code,
        kind=kind,
        matter_code=kind_table()[kind].matter_code,
        zone="",
        start_pts=since - offset,
        alarm_pts=at - offset,
        started_at=since,
        alarm_at=at,
        start_unknown=False,
        box=box,
        frame=frame,
        score=1.0,
        model=ModelRef(name="scene-health", version=camera.limits.version),
        frame_sha256=sha256(picture),
        reason=reason,
    )
