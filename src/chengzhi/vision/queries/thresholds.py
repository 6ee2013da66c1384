"""Which threshold holds where: the camera's own, else the county's, else none."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from chengzhi.vision.models import ScorePolicy, Threshold
from chengzhi.vision.rules.calibration_settings import calibration_settings
from chengzhi.vision.types import Limits, ThresholdState

Held = dict[tuple[str, int | None], Threshold]


@dataclass(frozen=True, kw_only=True)
class Floor:
    """What a finding's score must reach, and the share of the others that is shown."""

    value: float
    exploration_share: float


def held(county: str, *, kind: str = "", camera: int | None = None) -> Held:
    """Return the published threshold of every category and camera that has one.

    With `camera` only its own and the county's, as `floor_of` asks for one finding.
    """
    rows = Threshold.objects.filter(county=county, state=ThresholdState.PUBLISHED)
    rows = rows.filter(kind=kind) if kind else rows
    rows = rows.filter(Q(camera=camera) | Q(camera=None)) if camera else rows
    return {(row.kind, row.camera_id): row for row in rows.order_by("version")}


def floor_of(thresholds: Held, kind: str, camera: int | None) -> Floor | None:
    """Return what holds for a camera, or none where everything is shown."""
    row = thresholds.get((kind, camera)) or thresholds.get((kind, None))
    if row is None or row.value <= 0:
        return None
    return Floor(value=row.value, exploration_share=row.exploration_share)


def policy_in_force(county: str, kind: str, *, on: date) -> ScorePolicy | None:
    """Return the published policy of a category."""
    return policies_in_force(county, on=on).filter(kind=kind).order_by("-pk").first()


def policies_in_force(county: str, *, on: date) -> QuerySet[ScorePolicy]:
    """Return the published policies of a county."""
    now = Q(valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gt=on))
    return ScorePolicy.objects.filter(now, county=county)


def limits_of(policy: ScorePolicy | None, kind: str, *, on: date) -> Limits:
    """Return within what a category's thresholds may move: the policy's, or the defaults'."""
    if policy is not None:
        return policy.limits()
    settings = calibration_settings(on=on)
    return Limits(
        target=settings.target_of(kind),
        floor=settings.limits["floor"],
        ceiling=settings.limits["ceiling"],
        most_step=settings.limits["most_step"],
        exploration_share=settings.limits["exploration_share"],
    )


def with_thresholds(table: dict[str, Any], camera: int, thresholds: Held) -> dict[str, Any]:
    """Return a camera file with the published thresholds in its rules, as the worker reads it.

    A person's own `min_score` stays: the draw reaches down to it and no further.
    """
    for zone in table["zones"]:
        for rule in zone["rules"]:
            floor = floor_of(thresholds, rule["finding"], camera)
            own = float(rule.get("min_score", 0.0))
            if floor is None or floor.value <= own:
                continue
            rule["min_score"] = floor.value
            rule["explore_share"] = floor.exploration_share
            rule["explore_from"] = own
    return table


def next_version(county: str, kind: str, camera: int | None) -> int:
    """Return the number of the next version of a threshold."""
    rows = Threshold.objects.filter(county=county, kind=kind, camera=camera)
    versions: Iterable[int] = rows.values_list("version", flat=True)
    return max(versions, default=0) + 1
