"""Second looks: what waits for a worker, and what a page shows."""

from datetime import datetime

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Role
from chengzhi.vision.models import Recheck
from chengzhi.vision.queries.access import visible_to
from chengzhi.vision.rules.recheck import ASKED_FOR, reason_text
from chengzhi.vision.types import RECHECK_ANSWER_LABELS, RecheckAsk, RecheckCard

MOST = 100


def open_questions(actor: Actor, *, now: datetime, worker: str = "") -> list[RecheckAsk]:
    """Return the questions of the last minutes that wait for an answer, oldest first."""
    accounts.require(actor, Role.SYSTEM)
    rows = Recheck.objects.filter(
        finding__in=visible_to(actor),
        answer="",
        asked_at__gte=now - ASKED_FOR,
        finding__camera__enabled=True,
    )
    if worker:
        rows = rows.filter(finding__camera__worker__in=("", worker))
    listed = rows.select_related("finding__camera").order_by("asked_at", "pk")[:MOST]
    return [_ask(row) for row in listed]


def _ask(row: Recheck) -> RecheckAsk:
    finding = row.finding
    size = (finding.frame_width, finding.frame_height)
    assert row.asked_at is not None, "only asked rows are listed"
    return RecheckAsk(
        id=row.pk,
        finding_id=finding.finding_id,
        camera=finding.camera.code,
        kind=finding.kind,
        zone=finding.zone,
        bbox=tuple(finding.bbox),
        frame=size if all(size) else None,
        asked_at=row.asked_at,
    )


def looks_of(finding: int) -> list[RecheckCard]:
    """Return the looks at a finding's place, newest first; the caller may see the finding."""
    rows = list(Recheck.objects.filter(finding=finding).order_by("-pk"))
    names = accounts.names_of({row.asked_by for row in rows} - {""})
    return [
        RecheckCard(
            id=row.pk,
            is_asked=row.asked_at is not None,
            asked_at=row.asked_at,
            asked_by=names.get(row.asked_by, "系统" if row.asked_by else ""),
            answer=row.answer,
            answer_label=RECHECK_ANSWER_LABELS.get(row.answer, "等待回答"),
            looked_at=row.looked_at,
            reason=reason_text(row.reason),
            shown=row.still,
        )
        for row in rows
    ]
