"""Perspective on the rendered cameras, and one finished trial of a rule to look at."""

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor
from chengzhi.vision import interface as vision
from chengzhi.vision.types import TrialAlarm, TrialResult, ZoneKind, ZoneSpec
from seed.cameras import FOOTAGE

#: Feet and height of a person of 1.7 m far and near, by the lens that rendered each clip.
PERSONS = {
    "C001": [[586, 170, 71], [465, 533, 176]],
    "C002": [[568, 170, 68], [129, 535, 174]],
    "C003": [[587, 181, 72], [464, 533, 187]],
    "C004": [[586, 174, 70], [463, 528, 174]],
    "C005": [[594, 187, 69], [450, 532, 187]],
    "C006": [[608, 186, 73], [440, 535, 193]],
}
TRIED = "C002"
WORKER = "vision-1"
STEP_S = 20
FIRST = 15.5  # hours before now from which there are stills
GAP = (6.0, 4.5)  # hours before now without any
#: Hours before now at which the draft would have alarmed, and the seconds stood by then.
ALARMS = ((14.2, 185), (9.6, 240), (8.8, 181), (3.4, 600), (1.1, 200))
SHOTS_S = (2.0, 30.0, 60.0)  # moments of the clip, standing for the three stills of an alarm
SMALL = (320, 180)


def mark_heights(*, actor: Actor, now: datetime) -> None:
    """Mark the two persons on every rendered camera; the zones stay as they are."""
    for code, persons in PERSONS.items():
        vision.save_plan(
            code, _zones(code, actor), perspective={"person": persons}, size=None, actor=actor,
            now=now,
        )  # fmt: skip


def try_one(*, actor: Actor, now: datetime) -> int:
    """Ask for a trial of a stricter rule and answer it as the camera worker does."""
    worker = accounts.system_actor(WORKER, division=actor.county)
    draft = tuple(
        replace(zone, rules=tuple(replace(rule, dwell_s=180) for rule in zone.rules))
        for zone in _zones(TRIED, actor)
    )
    perspective: dict[str, object] = {"person": PERSONS[TRIED]}
    trial = vision.ask_trial(TRIED, draft, perspective=perspective, size=None, actor=actor, now=now)
    vision.note_progress(trial, worker=WORKER, done=0, total=2500, actor=worker, now=now)
    vision.finish_trial(trial, _result(_kerb(draft), now), actor=worker, now=now)
    return trial


def _zones(code: str, actor: Actor) -> tuple[ZoneSpec, ...]:
    return vision.camera_zones(actor, code)


def _kerb(zones: tuple[ZoneSpec, ...]) -> ZoneSpec:
    return next(zone for zone in zones if zone.kind == ZoneKind.NO_PARKING)


def _result(zone: ZoneSpec, now: datetime) -> TrialResult:
    hour = timedelta(hours=1)
    gap = (now - GAP[0] * hour, now - GAP[1] * hour)
    covered = (FIRST - GAP[0] + GAP[1]) * 3600
    shots = tuple(_shots())
    alarms = tuple(
        TrialAlarm(
            zone=zone.name,
            kind=str(zone.rules[0].finding),
            started_at=now - before * hour - timedelta(seconds=stood),
            alarm_at=now - before * hour,
            start_unknown=False,
            bbox=(117.0, 226.0, 386.0, 214.0),
            score=0.71,
            pictures=shots,
        )
        for before, stood in ALARMS
    )
    return TrialResult(
        worker=WORKER,
        first_at=now - FIRST * hour,
        last_at=now,
        stills=round(covered / STEP_S),
        covered_s=covered,
        gaps=(gap,),
        alarm_count=len(alarms),
        alarms=alarms,
    )


def _shots() -> Iterator[bytes]:
    """Yield three small pictures of the clip; it is a rendering, so nobody is to be hidden."""
    import av

    clips = json.loads((FOOTAGE / "index.json").read_text(encoding="utf-8"))["clips"]
    number = int(TRIED.removeprefix("C"))
    with av.open(str(FOOTAGE / Path(clips[number - 1]["file"]))) as container:
        for moment in SHOTS_S:
            container.seek(int(moment * av.time_base))
            image = next(iter(container.decode(video=0))).to_image()
            out = io.BytesIO()
            image.resize(SMALL).save(out, "JPEG", quality=70)
            yield out.getvalue()
