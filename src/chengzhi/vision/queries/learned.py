"""What was seen and said, added up by category, camera and score for the calibration."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, F, QuerySet
from django.db.models.functions import Floor
from django.utils import timezone

from chengzhi.vision.models import Finding
from chengzhi.vision.queries.findings import learned, midnight
from chengzhi.vision.rules.calibration import Tally, choose, curve, tallies
from chengzhi.vision.rules.calibration_settings import CalibrationSettings
from chengzhi.vision.rules.verdicts import blames
from chengzhi.vision.types import (
    Blame,
    Choice,
    Curve,
    Explored,
    FindingKind,
    FindingState,
    Limits,
    ScoredVerdict,
)

Key = tuple[str, int | None]  # kind and camera; no camera is the county
STREET = [kind.value for kind in FindingKind if kind is not FindingKind.CAMERA_BLIND]


@dataclass
class Pool:
    """The verdicts and the volume of one category in one place."""

    verdicts: list[ScoredVerdict] = field(default_factory=list)
    volumes: list[tuple[float, float]] = field(default_factory=list)
    received: int = 0
    apart: int = 0
    parked: int = 0
    explored: int = 0

    @property
    def true(self) -> int:
        """Verdicts that count and say yes."""
        return sum(v.count for v in self.verdicts if v.is_true)

    @property
    def false(self) -> int:
        """Verdicts that count and say no."""
        return sum(v.count for v in self.verdicts if not v.is_true)

    def tallies(self, settings: CalibrationSettings) -> tuple[Tally, ...]:
        """Return the pool by bins of the grid."""
        return tallies(self.verdicts, self.volumes, grid=settings.grid, days=settings.window_days)


def window(settings: CalibrationSettings, *, now: datetime) -> tuple[date, date]:
    """Return the first and the last day of what is looked at, both included."""
    today = timezone.localdate(now)
    return today - timedelta(days=settings.window_days - 1), today


def pools(
    rows: QuerySet[Finding], settings: CalibrationSettings, *, now: datetime
) -> dict[Key, Pool]:
    """Add up the findings of some cameras: each camera's category, and the county's."""
    first, last = window(settings, now=now)
    span = (midnight(first), midnight(last + timedelta(days=1)))
    found: dict[Key, Pool] = defaultdict(Pool)
    for row in _grouped(rows.filter(received_at__gte=span[0], received_at__lt=span[1]), settings):
        for key in ((row["kind"], row["camera"]), (row["kind"], None)):
            _add_volume(found[key], row, settings)
    decided = rows.filter(decided_at__gte=span[0], decided_at__lt=span[1])
    reasons = blames()
    for row in _grouped(decided, settings):
        for key in ((row["kind"], row["camera"]), (row["kind"], None)):
            _add_verdicts(found[key], row, settings, reasons)
    return found


def _grouped(rows: QuerySet[Finding], settings: CalibrationSettings) -> Iterable[dict[str, Any]]:
    place = Floor((F("score") - settings.grid_from) / settings.grid_step + 1e-6)
    named = rows.filter(kind__in=STREET).annotate(place=place)
    groups = ("kind", "camera", "place", "state", "reason", "explored", "shown_share", "was_parked")
    found: Iterable[dict[str, Any]] = named.values(*groups).annotate(count=Count("pk"))
    return found


def _score(row: Mapping[str, Any], settings: CalibrationSettings) -> float:
    return settings.grid_from + float(row["place"]) * settings.grid_step


def _add_volume(pool: Pool, row: Mapping[str, Any], settings: CalibrationSettings) -> None:
    count = int(row["count"])
    by_worker = row["explored"] == Explored.WORKER
    stands_for = count / float(row["shown_share"]) if by_worker else count
    pool.volumes.append((_score(row, settings), stands_for))
    pool.received += count
    pool.parked += count if row["state"] == FindingState.PARKED else 0
    pool.explored += count if row["explored"] else 0


def _add_verdicts(
    pool: Pool,
    row: Mapping[str, Any],
    settings: CalibrationSettings,
    reasons: Mapping[str, str],
) -> None:
    count = int(row["count"])
    is_true = row["state"] == FindingState.CONFIRMED
    is_false = (
        row["state"] == FindingState.REJECTED and reasons.get(str(row["reason"])) == Blame.DETECTOR
    )
    if row["was_parked"] or not (is_true or is_false):
        pool.apart += count
        return
    weight = 1 / float(row["shown_share"]) if row["explored"] else 1.0
    pool.verdicts.append(
        ScoredVerdict(score=_score(row, settings), is_true=is_true, weight=weight, count=count)
    )


def curve_of(found: Mapping[Key, Pool], key: Key, settings: CalibrationSettings) -> Curve:
    """Return what is expected at each threshold in one place, drawn to the county where few."""
    return curve(
        found[key].tallies(settings),
        found[(key[0], None)].tallies(settings),
        grid=settings.grid,
        prior_verdicts=settings.prior_verdicts,
        is_county=key[1] is None,
    )


def choice_of(
    found: Mapping[Key, Pool],
    key: Key,
    limits: Limits,
    *,
    current: float | None,
    settings: CalibrationSettings,
) -> Choice:
    """Return which threshold the verdicts of one place speak for."""
    least = settings.least_verdicts if key[1] is None else settings.least_of_camera
    return choose(curve_of(found, key, settings), limits, current=current, least=least)


def last_verdicts(rows: QuerySet[Finding], *, most: int) -> list[bool]:
    """Return the latest plain verdicts of a camera's category, oldest first."""
    said = learned(rows, "yes").filter(explored="").order_by("-decided_at", "-pk")[:most]
    return [state == FindingState.CONFIRMED for state in said.values_list("state", flat=True)][::-1]


def volume_since(
    rows: QuerySet[Finding], settings: CalibrationSettings, *, now: datetime
) -> tuple[int, int]:
    """Return how many findings came in the recent days, and in the four times as many before."""
    recent = now - timedelta(days=settings.volume_days)
    before = recent - timedelta(days=4 * settings.volume_days)
    late = rows.filter(received_at__gte=recent, received_at__lte=now).count()
    return late, rows.filter(received_at__gte=before, received_at__lt=recent).count()
