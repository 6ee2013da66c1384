"""Once a day the verdicts are added up: thresholds move or are proposed, drift is told."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from chengzhi.accounts.types import Actor
from chengzhi.audit import interface as audit
from chengzhi.vision.commands.calibrate import put_forward, require_system
from chengzhi.vision.events import DriftEnded, DriftRaised, DriftsRaised
from chengzhi.vision.models import CalibrationRun, Camera, DriftAlarm, ScorePolicy, Threshold
from chengzhi.vision.queries.access import visible_cameras, visible_to
from chengzhi.vision.queries.learned import (
    Key,
    Pool,
    choice_of,
    last_verdicts,
    pools,
    volume_since,
)
from chengzhi.vision.queries.thresholds import Held, held, limits_of, policies_in_force
from chengzhi.vision.rules.calibration_settings import CalibrationSettings, calibration_settings
from chengzhi.vision.rules.drift import drifts
from chengzhi.vision.rules.outages import named, outage_settings
from chengzhi.vision.rules.wording import kind_label
from chengzhi.vision.types import (
    DRIFT_LABELS,
    Choice,
    Drift,
    DriftKind,
    Limits,
    ThresholdState,
)

EVERY = timedelta(hours=24)
FEW = 16  # findings in the window; fewer can be no jump in number


@dataclass(frozen=True, kw_only=True)
class _Round:
    """What one round looks at."""

    actor: Actor
    now: datetime
    settings: CalibrationSettings
    pools: dict[Key, Pool]
    policies: dict[str, ScorePolicy]
    thresholds: Held
    cameras: dict[int, Camera]
    alarmed: frozenset[Key]

    @property
    def on(self) -> date:
        return timezone.localdate(self.now)


def recalibrate_if_due(*, actor: Actor, now: datetime) -> int:
    """Add the verdicts up if a day has passed since the last time; return what came of it."""
    last = CalibrationRun.objects.filter(county=actor.county).order_by("-at").first()
    if last is not None and now - last.at < EVERY:
        return 0
    return recalibrate(actor=actor, now=now)


@transaction.atomic
def recalibrate(*, actor: Actor, now: datetime) -> int:
    """Move or propose thresholds, raise and end alarms; return how many changed.

    The machine moves a threshold only under a published automatic policy, which names the person
    answerable (docs/adr/0009); otherwise it proposes.
    """
    require_system(actor)
    settings = calibration_settings(on=timezone.localdate(now))
    rows = visible_to(actor)
    found = _Round(
        actor=actor,
        now=now,
        settings=settings,
        pools=pools(rows, settings, now=now),
        policies={p.kind: p for p in policies_in_force(actor.county, on=timezone.localdate(now))},
        thresholds=held(actor.county),
        cameras={camera.pk: camera for camera in visible_cameras(actor).order_by("pk")},
        alarmed=frozenset(
            DriftAlarm.objects.filter(county=actor.county, ended_at__isnull=True).values_list(
                "kind", "camera"
            )
        ),
    )
    made = [row for key in sorted(found.pools, key=str) if (row := _consider(found, key))]
    alarms = sum(_watch(found, key) for key in sorted(found.pools, key=str))
    _tell_of_drift(found)
    changed = sum(row.state == ThresholdState.PUBLISHED for row in made)
    CalibrationRun.objects.create(
        county=actor.county, at=now, changed=changed, proposed=len(made) - changed, alarms=alarms
    )
    return len(made) + alarms


def _consider(found: _Round, key: Key) -> Threshold | None:
    """Put forward a threshold for one category in one place, if the verdicts ask for another."""
    kind, camera = key
    own, settings = found.pools[key], found.settings
    if camera is not None and own.true + own.false < settings.least_of_camera:
        return None
    policy = found.policies.get(kind)
    limits = limits_of(policy, kind, on=found.on)
    before = found.thresholds.get(key) or found.thresholds.get((kind, None))
    current = before.value if before else None
    choice = choice_of(found.pools, key, limits, current=current, settings=settings)
    if choice.value is None or _is_no_change(choice, current, limits, settings):
        return None
    if _is_on_the_table(found, key, choice):
        return None
    return put_forward(
        choice,
        kind=kind,
        camera=found.cameras[camera] if camera is not None else None,
        limits=limits,
        policy=policy,
        verdicts=own.true + own.false,
        actor=found.actor,
        now=found.now,
    )


def _is_no_change(
    choice: Choice, current: float | None, limits: Limits, settings: CalibrationSettings
) -> bool:
    """A threshold at the floor that nobody set before says no more than none at all."""
    value = choice.value or 0.0
    if current is None:
        return value <= limits.floor
    return abs(value - current) < settings.least_change - 1e-9


def _is_on_the_table(found: _Round, key: Key, choice: Choice) -> bool:
    """Whether just this is proposed already, or was declined since the verdicts were last new."""
    rows = Threshold.objects.filter(county=found.actor.county, kind=key[0], camera=key[1])
    last = rows.order_by("-version").first()
    open_or_declined = (ThresholdState.PROPOSED, ThresholdState.DECLINED)
    same = last is not None and abs(last.value - (choice.value or 0.0)) < 1e-9
    return bool(last and same and last.state in open_or_declined)


def _watch(found: _Round, key: Key) -> int:
    """Raise and end the drift alarms of one camera's category; return how many were raised."""
    kind, camera = key
    if camera is None or not _is_busy(found, key):
        return 0
    rows = visible_to(found.actor).filter(kind=kind, camera=camera)
    recent, before = volume_since(rows, found.settings, now=found.now)
    alarms = drifts(
        last_verdicts(rows, most=found.settings.drift_last),
        recent=recent,
        before=before,
        target=limits_of(found.policies.get(kind), kind, on=found.on).target,
        settings=found.settings,
    )
    now_on = {alarm.kind: alarm for alarm in alarms}
    before_on = {
        row.what: row
        for row in DriftAlarm.objects.filter(camera=camera, kind=kind, ended_at__isnull=True)
    }
    for what in sorted(before_on.keys() - now_on.keys()):
        _end(found, before_on[what])
    fresh = [alarm for what, alarm in now_on.items() if what not in before_on]
    for alarm in fresh:
        _raise(found, key, alarm)
    return len(fresh)


def _is_busy(found: _Round, key: Key) -> bool:
    """Whether there is enough to judge, or an alarm to end; most cameras are quiet."""
    pool = found.pools[key]
    if pool.true + pool.false >= found.settings.drift_least or pool.received >= FEW:
        return True
    return key in found.alarmed


def _raise(found: _Round, key: Key, alarm: Drift) -> None:
    kind, number = key
    camera = found.cameras[number or 0]
    DriftAlarm.objects.create(
        county=found.actor.county,
        camera=camera,
        kind=kind,
        what=alarm.kind,
        text=alarm.text,
        raised_at=found.now,
    )
    event = DriftRaised(**_said(camera, kind, alarm.kind), text=alarm.text)
    audit.record(event, subject=camera.subject, actor=found.actor.ref, at=found.now)


def _tell_of_drift(found: _Round) -> None:
    """Tell at once of everything that this round raised: a bad night is one notice."""
    rows = DriftAlarm.objects.filter(county=found.actor.county, raised_at=found.now)
    said = [
        f"{row.camera.code} {kind_label(row.kind)}{DRIFT_LABELS[row.what]}"
        for row in rows.select_related("camera").order_by("camera__code", "kind", "pk")
    ]
    if not said:
        return
    most = outage_settings(on=found.on).names
    event = DriftsRaised(count=len(said), text=named(said, most=most))
    subject = f"thresholds:{found.actor.county}"
    audit.record(event, subject=subject, actor=found.actor.ref, at=found.now)


def _end(found: _Round, row: DriftAlarm) -> None:
    row.ended_at = found.now
    row.save(update_fields=["ended_at"])
    camera = found.cameras[row.camera_id]
    event = DriftEnded(**_said(camera, row.kind, DriftKind(row.what)))
    audit.record(event, subject=camera.subject, actor=found.actor.ref, at=found.now)


def _said(camera: Camera, kind: str, what: DriftKind) -> dict[str, str]:
    return {
        "camera": camera.code,
        "kind": kind,
        "kind_label": kind_label(kind),
        "what": what,
        "what_label": DRIFT_LABELS[what],
    }
