"""The calibration pages: what is expected at each threshold, and the lists behind the numbers."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Count, QuerySet
from django.utils import timezone

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Role
from chengzhi.kernel.errors import NotVisible
from chengzhi.vision.models import CalibrationRun, Camera, DriftAlarm, ScorePolicy, Threshold
from chengzhi.vision.queries.access import access_camera, visible_cameras, visible_to
from chengzhi.vision.queries.findings import matching
from chengzhi.vision.queries.learned import STREET, Key, Pool, choice_of, curve_of, pools, window
from chengzhi.vision.queries.thresholds import (
    Held,
    floor_of,
    held,
    limits_of,
    policies_in_force,
    policy_in_force,
)
from chengzhi.vision.rules.accuracy import wilson
from chengzhi.vision.rules.calibration_settings import CalibrationSettings, calibration_settings
from chengzhi.vision.rules.drill import as_query
from chengzhi.vision.rules.verdicts import blames, reason_label
from chengzhi.vision.rules.wording import kind_label
from chengzhi.vision.types import (
    BLAME_LABELS,
    DRIFT_LABELS,
    THRESHOLD_STATE_CHIPS,
    THRESHOLD_STATE_LABELS,
    AlarmView,
    Blame,
    CalibrationDetail,
    CalibrationPoint,
    CalibrationRow,
    FindingFilter,
    FindingState,
    PolicyView,
    ReasonCount,
    ThresholdState,
    ThresholdView,
)

READERS = (
    Role.REVIEWER,
    Role.DUTY_MANAGER,
    Role.LEADER,
    Role.EVALUATOR,
    Role.ADMINISTRATOR,
    Role.AUDITOR,
)
PAGE = 50
VERSIONS = 20


@dataclass(frozen=True, kw_only=True)
class CalibrationPage:
    """One page of the list and the key behind its last row."""

    rows: list[CalibrationRow]
    count: int
    next_key: str
    last_run: datetime | None


@dataclass(frozen=True, kw_only=True)
class _Sight:
    """What one look at a county needs."""

    actor: Actor
    on: date
    settings: CalibrationSettings
    pools: dict[Key, Pool]
    thresholds: Held
    policies: dict[str, ScorePolicy]
    proposals: dict[Key, Threshold]
    alarms: dict[Key, list[AlarmView]]
    cameras: dict[int, Camera]
    days: tuple[date, date]


def _sight(actor: Actor, *, now: datetime, kind: str = "") -> _Sight:
    accounts.require(actor, *READERS)
    on = timezone.localdate(now)
    settings = calibration_settings(on=on)
    rows = visible_to(actor)
    rows = rows.filter(kind=kind) if kind else rows
    proposed = Threshold.objects.filter(county=actor.county, state=ThresholdState.PROPOSED)
    return _Sight(
        actor=actor,
        on=on,
        settings=settings,
        pools=pools(rows, settings, now=now),
        thresholds=held(actor.county),
        policies={p.kind: p for p in policies_in_force(actor.county, on=on).order_by("pk")},
        proposals={(row.kind, row.camera_id): row for row in proposed.order_by("version")},
        alarms=_open_alarms(actor.county),
        cameras={camera.pk: camera for camera in visible_cameras(actor)},
        days=window(settings, now=now),
    )


def _open_alarms(county: str) -> dict[Key, list[AlarmView]]:
    found: dict[Key, list[AlarmView]] = {}
    rows = DriftAlarm.objects.filter(county=county, ended_at__isnull=True)
    for row in rows.select_related("camera").order_by("pk"):
        found.setdefault((row.kind, row.camera_id), []).append(_alarm(row))
    return found


def _alarm(row: DriftAlarm) -> AlarmView:
    return AlarmView(
        id=row.pk,
        kind=row.what,
        label=DRIFT_LABELS[row.what],
        camera=row.camera.code,
        text=row.text,
        raised_at=row.raised_at,
        ended_at=row.ended_at,
    )


def calibration_page(
    actor: Actor, *, now: datetime, kind: str = "", show: str = "", after: str = ""
) -> CalibrationPage:
    """Return one page of categories: the county's first, then the cameras of each.

    `show` narrows to the open proposals, to what went astray, or to the county.
    """
    sight = _sight(actor, now=now, kind=kind)
    keys = _keys(sight, show)
    names = [_name(sight, key) for key in keys]
    start = names.index(after) + 1 if after in names else 0
    more = len(keys) > start + PAGE
    last = CalibrationRun.objects.filter(county=actor.county).order_by("-at").first()
    return CalibrationPage(
        rows=[_row(sight, key) for key in keys[start : start + PAGE]],
        count=len(keys),
        next_key=names[start + PAGE - 1] if more else "",
        last_run=last.at if last else None,
    )


def every_row(
    actor: Actor, *, now: datetime, kind: str = "", show: str = ""
) -> list[CalibrationRow]:
    """Return all rows, as the export needs them."""
    sight = _sight(actor, now=now, kind=kind)
    return [_row(sight, key) for key in _keys(sight, show)]


def _keys(sight: _Sight, show: str) -> list[Key]:
    """Return which categories are listed, in order; what a curve costs is paid for shown rows."""
    known = [key for key in sight.pools if key[1] is None or key[1] in sight.cameras]
    wanted = {
        "proposals": lambda key: key in sight.proposals,
        "alarms": lambda key: key in sight.alarms,
        "county": lambda key: key[1] is None,
    }.get(show, lambda key: True)
    return sorted(filter(wanted, known), key=lambda key: (STREET.index(key[0]), _code(sight, key)))


def _code(sight: _Sight, key: Key) -> str:
    return sight.cameras[key[1]].code if key[1] is not None else ""


def _name(sight: _Sight, key: Key) -> str:
    return f"{key[0]}|{_code(sight, key)}"


def _row(sight: _Sight, key: Key) -> CalibrationRow:
    kind, number = key
    pool, camera = sight.pools[key], sight.cameras.get(number or 0)
    limits = limits_of(sight.policies.get(kind), kind, on=sight.on)
    floor = floor_of(sight.thresholds, kind, number)
    point = curve_of(sight.pools, key, sight.settings).at(floor.value if floor else 0.0)
    proposal = sight.proposals.get(key)
    code = camera.code if camera else ""
    low, high = wilson(pool.true, pool.true + pool.false) or (None, None)
    return CalibrationRow(
        kind=kind,
        kind_label=kind_label(kind),
        camera=code,
        camera_name=camera.name if camera else "",
        target=limits.target,
        threshold=floor.value if floor else None,
        is_own=key in sight.thresholds,
        true=pool.true,
        false=pool.false,
        apart=pool.apart,
        precision=point.precision if pool.true + pool.false else None,
        low=low,
        high=high,
        per_day=point.per_day,
        parked=pool.parked,
        explored=pool.explored,
        proposal=proposal.value if proposal else None,
        proposal_id=proposal.pk if proposal else None,
        alarms=tuple(sight.alarms.get(key, ())),
        drill=as_query(_decided(sight, kind, code)),
        drill_received=as_query(_received(sight, kind, code)),
    )


def _decided(sight: _Sight, kind: str, camera: str) -> FindingFilter:
    first, last = sight.days
    return FindingFilter(kind=kind, camera=camera, decided_from=first, decided_to=last)


def _received(sight: _Sight, kind: str, camera: str) -> FindingFilter:
    first, last = sight.days
    return FindingFilter(kind=kind, camera=camera, received_from=first, received_to=last)


def calibration_detail(
    actor: Actor, kind: str, *, now: datetime, camera: str = ""
) -> CalibrationDetail:
    """Return one category, in the county or at one camera.

    :raises NotVisible: there is no such category, or no such camera for this person.
    """
    if kind not in STREET:
        raise NotVisible(f"没有抓拍类型“{kind[:30]}”。请从识别阈值页进入。")
    sight = _sight(actor, now=now, kind=kind)
    number = access_camera(actor, camera).pk if camera else None
    key = (kind, number)
    for known in (key, (kind, None)):
        sight.pools.setdefault(known, Pool())
    policy = policy_in_force(actor.county, kind, on=sight.on)
    limits = limits_of(policy, kind, on=sight.on)
    row, seen = _row(sight, key), curve_of(sight.pools, key, sight.settings)
    choice = choice_of(sight.pools, key, limits, current=row.threshold, settings=sight.settings)
    decided = _decided(sight, kind, camera)
    points = tuple(
        CalibrationPoint(
            point=point,
            is_current=row.threshold is not None and seen.at(row.threshold) is point,
            is_chosen=choice.value is not None and seen.at(choice.value) is point,
            is_allowed=limits.floor - 1e-9 <= point.threshold <= limits.ceiling + 1e-9,
            drill=as_query(replace(decided, learned="yes", score_from=point.threshold)),
            drill_true=as_query(replace(decided, learned="true", score_from=point.threshold)),
        )
        for point in seen.points
    )
    return CalibrationDetail(
        row=row,
        subject=f"threshold:{kind}:{f'c{number}' if number else actor.county}",
        limits=limits,
        policy=policy_views([policy])[0] if policy else None,
        points=points,
        choice=choice,
        reasons=_reasons(actor, decided),
        versions=versions_of(actor, kind, number),
        alarms=_alarms_of(actor, kind, number),
        window_from=sight.days[0],
        window_to=sight.days[1],
    )


def _reasons(actor: Actor, decided: FindingFilter) -> tuple[ReasonCount, ...]:
    """Count the verdicts of the window by what was said; each count opens its list."""
    said = matching(actor, replace(decided, state="reviewed"))
    counts = said.values_list("state", "reason").annotate(Count("pk")).order_by("state", "reason")
    speaks = blames()
    rows = [
        _reason(state, reason, count, speaks.get(reason, Blame.NOBODY), decided)
        for state, reason, count in counts
    ]
    return tuple(sorted(rows, key=lambda row: -row.count))


def _reason(state: str, reason: str, count: int, blame: str, decided: FindingFilter) -> ReasonCount:
    if state == FindingState.CONFIRMED:
        label, speaks = "属实", "识别正确，计入阈值"
    elif state == FindingState.MERGED:
        label, speaks = "重复，已并入", "同一问题，不计入"
    else:
        label, speaks = reason_label(reason), BLAME_LABELS[blame]
    drill = as_query(replace(decided, state=state, reason=reason))
    return ReasonCount(code=reason or state, label=label, count=count, blame=speaks, drill=drill)


def versions_of(actor: Actor, kind: str, camera: int | None) -> tuple[ThresholdView, ...]:
    """Return the versions of a threshold, newest first."""
    rows = Threshold.objects.filter(county=actor.county, kind=kind, camera=camera)
    listed = list(rows.select_related("camera", "policy").order_by("-version")[:VERSIONS])
    names = accounts.names_of({row.decided_by for row in listed} - {""})
    return tuple(_version(row, names) for row in listed)


def _version(row: Threshold, names: dict[str, str]) -> ThresholdView:
    return ThresholdView(
        id=row.pk,
        kind=row.kind,
        kind_label=kind_label(row.kind),
        camera=row.camera.code if row.camera else "",
        camera_name=row.camera.name if row.camera else "",
        version=row.version,
        value=row.value,
        previous=row.previous,
        state=row.state,
        state_label=THRESHOLD_STATE_LABELS[row.state],
        chip=THRESHOLD_STATE_CHIPS[row.state],
        why=row.why,
        is_automatic=row.is_automatic,
        proposed_at=row.proposed_at,
        decided_at=row.decided_at,
        decided_by=names.get(row.decided_by, row.decided_by),
        policy=row.policy.title if row.policy else "",
        precision=row.precision,
        per_day=row.per_day,
        verdicts=row.verdicts,
    )


def _alarms_of(actor: Actor, kind: str, camera: int | None) -> tuple[AlarmView, ...]:
    rows = DriftAlarm.objects.filter(county=actor.county, kind=kind)
    rows = rows.select_related("camera")
    rows = rows.filter(camera=camera) if camera else rows.filter(ended_at__isnull=True)
    return tuple(_alarm(row) for row in rows.order_by("-raised_at", "-pk")[:VERSIONS])


def policy_page(
    actor: Actor, *, ended: bool = False, after: int | None = None
) -> tuple[list[PolicyView], int, int | None]:
    """Return a page of policies in force or ended, newest first, how many, and the next key."""
    rows = _policies(actor, ended=ended)
    older = rows.filter(pk__lt=after) if after else rows
    listed = list(older.order_by("-pk")[: PAGE + 1])
    shown = listed[:PAGE]
    return policy_views(shown), rows.count(), shown[-1].pk if len(listed) > PAGE else None


def every_policy(actor: Actor, *, ended: bool = False) -> list[PolicyView]:
    """Return all policies in force or ended, as the export needs them."""
    return policy_views(_policies(actor, ended=ended).order_by("-pk"))


def _policies(actor: Actor, *, ended: bool) -> QuerySet[ScorePolicy]:
    accounts.require(actor, *READERS)
    return ScorePolicy.objects.filter(county=actor.county, valid_to__isnull=not ended)


def policy_views(rows: Iterable[ScorePolicy]) -> list[PolicyView]:
    """Return policies as their page shows them, with the names of who answers for them."""
    listed = list(rows)
    names = accounts.names_of({row.answerable for row in listed})
    return [
        PolicyView(
            id=row.pk,
            title=row.title,
            document=row.document,
            kind=row.kind,
            kind_label=kind_label(row.kind),
            target=row.target,
            floor=row.floor,
            ceiling=row.ceiling,
            most_step=row.most_step,
            exploration_share=row.exploration_share,
            is_automatic=row.is_automatic,
            answerable=row.answerable,
            answerable_name=names.get(row.answerable, row.answerable),
            valid_from=row.valid_from,
            valid_to=row.valid_to,
        )
        for row in listed
    ]
