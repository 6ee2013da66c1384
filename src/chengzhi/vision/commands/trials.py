"""Try rules on the stills of the last day; switch on what was tried, or let it go."""

from datetime import datetime
from typing import Any

from django.db import transaction

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Permission, Role
from chengzhi.audit import interface as audit
from chengzhi.kernel.procedure import Step
from chengzhi.vision.commands.zones import check_inside, save_plan
from chengzhi.vision.events import (
    TrialAsked,
    TrialBegun,
    TrialDiscarded,
    TrialFailed,
    TrialFinished,
    TrialSwitchedOn,
)
from chengzhi.vision.models import Camera, RuleTrial, TrialPicture
from chengzhi.vision.procedure import TRIAL
from chengzhi.vision.queries.access import lock_camera
from chengzhi.vision.queries.plans import latest_plan
from chengzhi.vision.queries.presets import preset_keys
from chengzhi.vision.queries.trials import lock_trial
from chengzhi.vision.rules.camera_file import plan_zones, read_plan
from chengzhi.vision.rules.plan import check_base
from chengzhi.vision.rules.presets import check_perspective, check_preset_zones
from chengzhi.vision.rules.trials import DAY, KEPT, TrialRunning, check_result, check_zones
from chengzhi.vision.types import (
    OPEN_TRIALS,
    TrialAlarm,
    TrialResult,
    TrialState,
    ZoneSpec,
)

REFUSAL_LENGTH = 300


@transaction.atomic
def ask_trial(
    code: str,
    zones: tuple[ZoneSpec, ...],
    *,
    perspective: dict[str, Any] | None,
    size: tuple[int, int] | None,
    actor: Actor,
    now: datetime,
    base: int | None = None,
) -> int:
    """Ask for a draft to be run over the stills of the 24 hours up to now; return its key.

    `base` is the plan's version the draft began from; none means the newest.

    :raises PlanChanged: somebody saved another version meanwhile.
    :raises TrialRunning: another trial of this camera is not over.
    :raises InvalidInput: no rule is switched on, or an area leaves the picture.
    """
    accounts.permit(actor, Permission.MANAGE_CAMERAS)
    camera = lock_camera(actor, code)
    check_zones(zones)
    plan = _draft(camera, zones, perspective, size)
    if RuleTrial.objects.filter(camera=camera, state__in=OPEN_TRIALS).exists():
        raise TrialRunning("这一路正在试跑，请等它跑完，或先放弃那一次。", field="trial")
    latest = latest_plan(camera)
    newest = latest.version if latest else 0
    check_base(base, newest)
    trial = RuleTrial.objects.create(
        camera=camera,
        plan=plan,
        base=newest,
        since=now - DAY,
        until=now,
        asked_by=actor.ref,
        asked_at=now,
    )
    _forget_pictures(camera)
    event = TrialAsked(
        camera=code,
        trial=trial.pk,
        zones="、".join(zone.name for zone in zones),
        rules=sum(rule.enabled for zone in zones for rule in zone.rules),
    )
    _tell(event, camera, actor=actor, now=now)
    return trial.pk


def _draft(
    camera: Camera,
    zones: tuple[ZoneSpec, ...],
    perspective: dict[str, Any] | None,
    size: tuple[int, int] | None,
) -> dict[str, Any]:
    width, height = size or (camera.frame_width, camera.frame_height)
    check_inside(zones, width, height)
    presets = preset_keys(camera)
    check_preset_zones(zones, presets)
    check_perspective(perspective, presets=len(presets))
    return {"zones": plan_zones(zones), "perspective": perspective, "size": [width, height]}


def _forget_pictures(camera: Camera) -> None:
    rows = RuleTrial.objects.filter(camera=camera).order_by("-pk")
    kept = list(rows.values_list("pk", flat=True)[:KEPT])
    TrialPicture.objects.filter(trial__camera=camera).exclude(trial__in=kept).delete()


@transaction.atomic
def note_progress(
    trial: int, *, worker: str, done: int, total: int, actor: Actor, now: datetime
) -> bool:
    """Take a trial on, or say how far it is; return False once nobody wants it any more.

    :raises StepNotAllowed: another worker is at it.
    """
    accounts.require(actor, Role.SYSTEM)
    row = lock_trial(actor, trial)
    if row.state not in OPEN_TRIALS:
        return False
    is_new = row.state == TrialState.WAITING
    name = "begin-trial" if is_new else "go-on-with-trial"
    step = TRIAL.take(name, state=row.state, facts=row.facts(now=now, asking=worker))
    row.worker, row.heard_at = worker, now
    row.state, row.stills_done, row.stills_total = step.target, done, total
    row.save(update_fields=["worker", "heard_at", "state", "stills_done", "stills_total"])
    if is_new:
        event = TrialBegun(camera=row.camera.code, trial=row.pk, worker=worker)
        _tell(event, row.camera, actor=actor, now=now)
    return True


@transaction.atomic
def finish_trial(trial: int, result: TrialResult, *, actor: Actor, now: datetime) -> bool:
    """Keep what a worker found; sent again it changes nothing. Return whether it was kept.

    :raises InvalidInput: the answer contradicts itself or speaks of less than half an hour.
    """
    accounts.require(actor, Role.SYSTEM)
    row = lock_trial(actor, trial)
    if row.state not in OPEN_TRIALS:
        return False
    check_result(result)
    if row.state == TrialState.WAITING:
        note_progress(trial, worker=result.worker, done=0, total=0, actor=actor, now=now)
        row.refresh_from_db()
    facts = row.facts(now=now, asking=result.worker)
    TRIAL.take("go-on-with-trial", state=row.state, facts=facts)
    _end(row, TRIAL.take("finish-trial", state=row.state, facts=facts), now=now)
    row.result = _result_table(result)
    row.stills_done = row.stills_total = result.stills
    row.save(update_fields=["state", "ended_at", "result", "stills_done", "stills_total"])
    _keep_pictures(row, result.alarms)
    event = TrialFinished(
        camera=row.camera.code,
        trial=row.pk,
        stills=result.stills,
        covered_s=result.covered_s,
        alarms=result.alarm_count,
    )
    _tell(event, row.camera, actor=actor, now=now)
    return True


def _result_table(result: TrialResult) -> dict[str, Any]:
    return {
        "first_at": result.first_at.isoformat(),
        "last_at": result.last_at.isoformat(),
        "stills": result.stills,
        "covered_s": result.covered_s,
        "gaps": [[start.isoformat(), end.isoformat()] for start, end in result.gaps],
        "alarm_count": result.alarm_count,
        "alarms": [_alarm_table(alarm) for alarm in result.alarms],
    }


def _alarm_table(alarm: TrialAlarm) -> dict[str, Any]:
    return {
        "zone": alarm.zone,
        "kind": alarm.kind,
        "started_at": alarm.started_at.isoformat(),
        "alarm_at": alarm.alarm_at.isoformat(),
        "start_unknown": alarm.start_unknown,
        "bbox": list(alarm.bbox),
        "score": alarm.score,
        "pictures": len(alarm.pictures),
    }


def _keep_pictures(row: RuleTrial, alarms: tuple[TrialAlarm, ...]) -> None:
    TrialPicture.objects.bulk_create(
        TrialPicture(trial=row, alarm=number, position=position, content=content)
        for number, alarm in enumerate(alarms)
        for position, content in enumerate(alarm.pictures)
    )


@transaction.atomic
def fail_trial(trial: int, *, worker: str, sentence: str, actor: Actor, now: datetime) -> bool:
    """Keep why a trial cannot be run; sent again it changes nothing."""
    accounts.require(actor, Role.SYSTEM)
    row = lock_trial(actor, trial)
    if row.state not in OPEN_TRIALS:
        return False
    facts = row.facts(now=now, asking=worker)
    if row.state == TrialState.RUNNING:
        TRIAL.take("go-on-with-trial", state=row.state, facts=facts)
    _end(row, TRIAL.take("fail-trial", state=row.state, facts=facts), now=now)
    row.worker, row.refusal = worker, sentence[:REFUSAL_LENGTH]
    row.save(update_fields=["state", "ended_at", "worker", "refusal"])
    event = TrialFailed(camera=row.camera.code, trial=row.pk, refusal=row.refusal)
    _tell(event, row.camera, actor=actor, now=now)
    return True


@transaction.atomic
def discard_trial(trial: int, *, actor: Actor, now: datetime) -> None:
    """Let a trial go, with its pictures; a worker at it stops at its next word."""
    accounts.permit(actor, Permission.MANAGE_CAMERAS)
    row = lock_trial(actor, trial)
    _end(row, TRIAL.take("discard-trial", state=row.state, facts=row.facts(now=now)), now=now)
    row.save(update_fields=["state", "ended_at"])
    TrialPicture.objects.filter(trial=row).delete()
    event = TrialDiscarded(camera=row.camera.code, trial=row.pk)
    _tell(event, row.camera, actor=actor, now=now)


@transaction.atomic
def switch_on_trial(trial: int, *, actor: Actor, now: datetime) -> int:
    """Make the tried draft the camera's plan and return its version.

    :raises StepNotAllowed: it is not finished, or the plan was changed since.
    """
    accounts.permit(actor, Permission.MANAGE_CAMERAS)
    row = lock_trial(actor, trial)
    camera = lock_camera(actor, row.camera.code)
    latest = latest_plan(camera)
    newest = latest.version if latest else 0
    facts = row.facts(now=now, newest=newest)
    _end(row, TRIAL.take("switch-on", state=row.state, facts=facts), now=now)
    row.save(update_fields=["state", "ended_at"])
    width, height = row.plan["size"]
    version = save_plan(
        camera.code,
        read_plan(row.plan["zones"]),
        perspective=row.plan["perspective"],
        size=(width, height) if width and height else None,
        actor=actor,
        now=now,
    )
    event = TrialSwitchedOn(camera=camera.code, trial=row.pk, version=version)
    _tell(event, camera, actor=actor, now=now)
    return version


def _end(row: RuleTrial, step: Step, *, now: datetime) -> None:
    row.state, row.ended_at = step.target, now


def _tell(event: object, camera: Camera, *, actor: Actor, now: datetime) -> None:
    audit.record(event, subject=camera.subject, actor=actor.ref, at=now)
