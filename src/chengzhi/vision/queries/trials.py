"""Trials of rules: those that wait for a worker, and the one that a page shows."""

from datetime import datetime
from typing import Any

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Permission, Role
from chengzhi.audit import interface as audit
from chengzhi.kernel.errors import NotVisible
from chengzhi.vision.models import RuleTrial, TrialPicture
from chengzhi.vision.queries.access import access_camera, visible_cameras
from chengzhi.vision.queries.presets import live_presets, preset_specs
from chengzhi.vision.rules.camera_file import as_table, read_plan
from chengzhi.vision.rules.trials import STALE_AFTER, UNHEARD_AFTER, along, per_day
from chengzhi.vision.rules.wording import clock_text, kind_label, rule_text
from chengzhi.vision.types import (
    OPEN_TRIALS,
    TRIAL_STATE_CHIPS,
    TRIAL_STATE_LABELS,
    CameraFile,
    TrialAlarmView,
    TrialState,
    TrialView,
)

LISTED = 5


def _visible(actor: Actor) -> Any:
    return RuleTrial.objects.filter(camera__in=visible_cameras(actor)).select_related("camera")


def access_trial(actor: Actor, trial: int) -> RuleTrial:
    """Return a trial by its key.

    :raises NotVisible: there is none, or not for this person.
    """
    return _the_trial(_visible(actor), trial)


def lock_trial(actor: Actor, trial: int) -> RuleTrial:
    """Return a trial by its key with its row locked; call it inside a transaction."""
    return _the_trial(_visible(actor).select_for_update(of=("self",)), trial)


def _the_trial(rows: Any, trial: int) -> RuleTrial:
    row: RuleTrial | None = rows.filter(pk=trial).first()
    if row is None:
        raise NotVisible("没有这次试跑，或不在您的范围内，请从摄像头页进入。")
    return row


def open_trials(actor: Actor, *, worker: str, now: datetime) -> list[dict[str, Any]]:
    """Return the trials a worker may take: new ones, its own, and those whose worker has gone.

    :raises NotPermitted: only a worker's token may ask.
    """
    accounts.require(actor, Role.SYSTEM)
    rows = _visible(actor).filter(state__in=OPEN_TRIALS).order_by("pk")
    return [_task(row) for row in rows if _is_free(row, worker, now)]


def _is_free(row: RuleTrial, worker: str, now: datetime) -> bool:
    if row.state == TrialState.WAITING or row.worker == worker:
        return True
    return row.heard_at is None or now - row.heard_at > STALE_AFTER


def _task(row: RuleTrial) -> dict[str, Any]:
    camera = row.camera
    options = {name: value for name, value in camera.options.items() if name != "perspective"}
    if row.plan["perspective"]:
        options["perspective"] = row.plan["perspective"]
    width, height = row.plan["size"]
    zones = read_plan(row.plan["zones"])
    file = CameraFile(
        code=camera.code,
        name=camera.name,
        picture=(width, height) if width and height else None,
        options=options,
        zones=zones,
        presets=preset_specs(live_presets(camera), zones),
    )
    return {
        "trial": row.pk,
        "since": row.since.isoformat(),
        "until": row.until.isoformat(),
        "camera": as_table(file),
    }


def stills_wanted(actor: Actor) -> list[str]:
    """Return the codes of the cameras of which somebody waits for a new picture."""
    accounts.require(actor, Role.SYSTEM)
    rows = visible_cameras(actor).filter(still_asked_at__isnull=False).order_by("code")
    return list(rows.values_list("code", flat=True))


def trial_rows(actor: Actor, code: str, *, now: datetime) -> list[TrialView]:
    """Return the latest trials of a camera, newest first."""
    accounts.permit(actor, Permission.MANAGE_CAMERAS)
    rows = _visible(actor).filter(camera=access_camera(actor, code)).order_by("-pk")[:LISTED]
    return _views(list(rows), now=now)


def trial_view(actor: Actor, trial: int, *, now: datetime) -> TrialView:
    """Return a trial with everything its page shows."""
    accounts.permit(actor, Permission.MANAGE_CAMERAS)
    return _views([access_trial(actor, trial)], now=now)[0]


def _views(rows: list[RuleTrial], *, now: datetime) -> list[TrialView]:
    names = audit.names_of({row.asked_by for row in rows})
    pictures: dict[int, dict[int, list[int]]] = {row.pk: {} for row in rows}
    kept = TrialPicture.objects.filter(trial__in=rows).order_by("alarm", "position")
    for key, trial, alarm in kept.values_list("pk", "trial", "alarm"):
        pictures[trial].setdefault(alarm, []).append(key)
    return [_view(row, names, pictures[row.pk], now=now) for row in rows]


def _view(
    row: RuleTrial, names: dict[str, str], pictures: dict[int, list[int]], *, now: datetime
) -> TrialView:
    zones = read_plan(row.plan["zones"])
    result: dict[str, Any] = row.result or {}
    count, covered = result.get("alarm_count", 0), result.get("covered_s", 0.0)
    return TrialView(
        id=row.pk,
        camera=row.camera.code,
        camera_name=row.camera.name,
        state=row.state,
        state_label=TRIAL_STATE_LABELS[row.state],
        chip=TRIAL_STATE_CHIPS[row.state],
        asked_at=row.asked_at,
        asked_by=names[row.asked_by],
        since=row.since,
        until=row.until,
        base=row.base,
        zones=[zone.name for zone in zones],
        rule_texts=[
            f"{kind_label(rule.finding)}：{rule_text(rule, zone=zone.name)}"
            for zone in zones
            for rule in zone.rules
            if rule.enabled
        ],
        worker=row.worker,
        stills_done=row.stills_done,
        stills_total=row.stills_total,
        refusal=row.refusal,
        covered_s=covered,
        stills=result.get("stills", 0),
        alarm_count=count,
        per_day=per_day(count, covered_s=covered),
        alarms=_alarms(row, result, pictures),
        gaps=_gaps(row, result),
        by_rule=_by_rule(result),
        is_open=row.state in OPEN_TRIALS,
        is_unheard=row.state == TrialState.WAITING and now - row.asked_at > UNHEARD_AFTER,
    )


def _alarms(
    row: RuleTrial, result: dict[str, Any], pictures: dict[int, list[int]]
) -> list[TrialAlarmView]:
    return [
        _alarm(row, number, alarm, pictures.get(number, []))
        for number, alarm in enumerate(result.get("alarms", []))
    ]


def _alarm(
    row: RuleTrial, number: int, alarm: dict[str, Any], pictures: list[int]
) -> TrialAlarmView:
    started = datetime.fromisoformat(alarm["started_at"])
    at = datetime.fromisoformat(alarm["alarm_at"])
    return TrialAlarmView(
        number=number + 1,
        zone=alarm["zone"],
        kind_label=kind_label(alarm["kind"]),
        started_at=started,
        alarm_at=at,
        dwell=clock_text((at - started).total_seconds()),
        start_unknown=alarm["start_unknown"],
        score=alarm["score"],
        pictures=pictures,
        x=along(at, since=row.since, until=row.until),
    )


def _gaps(row: RuleTrial, result: dict[str, Any]) -> list[dict[str, Any]]:
    """Return where there are no stills, as bars on the day's line."""
    pairs = [[datetime.fromisoformat(end) for end in pair] for pair in result.get("gaps", [])]
    if result:
        first = datetime.fromisoformat(result["first_at"])
        last = datetime.fromisoformat(result["last_at"])
        pairs = [[row.since, first], *pairs, [last, row.until]]
    bars = []
    for start, end in pairs:
        x = along(start, since=row.since, until=row.until)
        width = round(along(end, since=row.since, until=row.until) - x, 1)
        if width >= 1:
            bars.append({"x": x, "width": width, "start": start, "end": end})
    return bars


def _by_rule(result: dict[str, Any]) -> list[tuple[str, int]]:
    counts: dict[str, int] = {}
    for alarm in result.get("alarms", []):
        name = f"{alarm['zone']} · {kind_label(alarm['kind'])}"
        counts[name] = counts.get(name, 0) + 1
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def trial_picture(actor: Actor, trial: int, picture: int) -> bytes:
    """Return one small picture of a trial.

    :raises NotVisible: there is none, or not for this person.
    """
    accounts.permit(actor, Permission.MANAGE_CAMERAS)
    row = TrialPicture.objects.filter(trial=access_trial(actor, trial), pk=picture).first()
    if row is None:
        raise NotVisible("这张小图已不在，试跑放弃或过了三次就删去。")
    return bytes(row.content)
