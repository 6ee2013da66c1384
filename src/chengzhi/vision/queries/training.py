"""Which reviewed findings a training set holds, and which picture shows each."""

from collections.abc import Iterable

from django.db.models import QuerySet

from chengzhi.accounts.types import Actor
from chengzhi.evidence import interface as evidence
from chengzhi.vision.models import ExpectedFile, Finding
from chengzhi.vision.queries.findings import matching
from chengzhi.vision.rules.evidence import is_published
from chengzhi.vision.rules.verdicts import blames
from chengzhi.vision.types import REVIEWED_STATES, FindingFilter, FindingState, TrainingRow

VERDICTS = {
    FindingState.CONFIRMED: "true",
    FindingState.MERGED: "duplicate",
    FindingState.REJECTED: "false",
}


def training_findings(actor: Actor, wanted: FindingFilter) -> QuerySet[Finding]:
    """Return the reviewed findings that pass a filter, oldest first."""
    return matching(actor, wanted).filter(state__in=REVIEWED_STATES).order_by("pk")


def training_rows(findings: Iterable[Finding]) -> list[TrainingRow]:
    """Return findings as a training set holds them."""
    listed = list(findings)
    pictures, speaks = _pictures([row.pk for row in listed]), blames()
    return [_row(row, pictures.get(row.pk, ""), speaks.get(row.reason, "")) for row in listed]


def _pictures(keys: list[int]) -> dict[int, str]:
    """Return the picture on which the box was drawn: the one at the dwell, else the last still."""
    files = ExpectedFile.objects.filter(
        finding__in=keys, arrived_at__isnull=False, media_type__startswith="image/"
    )
    found: dict[int, str] = {}
    for file in files.order_by("position"):
        if is_published(file.role) or file.role == "overlay_drawing":
            continue
        if file.role == "dwell_reached" or file.finding_id not in found:
            found[file.finding_id] = file.sha256
    return found


def _row(row: Finding, picture: str, speaks: str) -> TrainingRow:
    file = evidence.file_of(picture) if picture else None
    return TrainingRow(
        id=row.pk,
        finding_id=row.finding_id,
        camera=row.camera.code,
        kind=row.kind,
        matter_code=row.confirmed_matter_code or row.matter_code,
        zone=row.zone,
        bbox=tuple(row.bbox),
        score=row.score,
        model=row.model,
        model_version=row.model_version,
        verdict=VERDICTS[FindingState(row.state)],
        reason=row.reason,
        blames=speaks,
        note=row.note,
        alarm_at=row.alarm_at.isoformat(),
        explored=bool(row.explored),
        shown_share=row.shown_share,
        original=picture,
        width=(file.width if file else 0) or row.frame_width,
        height=(file.height if file else 0) or row.frame_height,
    )
