"""Lists of findings and the one finding."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor
from chengzhi.evidence import interface as evidence
from chengzhi.kernel.errors import InvalidInput
from chengzhi.kernel.procedure import StepNotAllowed
from chengzhi.vision.models import CameraHealth, ExpectedFile, Finding, ReceivedFile
from chengzhi.vision.procedure import REVIEW
from chengzhi.vision.queries.access import access_finding, visible_to
from chengzhi.vision.queries.rechecks import looks_of
from chengzhi.vision.queries.state import state_of
from chengzhi.vision.rules.evidence import (
    PUBLISHED,
    is_published,
    is_side,
    role_label,
    still_moments,
)
from chengzhi.vision.rules.verdicts import of_the_detector, reason_label
from chengzhi.vision.rules.wording import clock_text, kind_label
from chengzhi.vision.types import (
    CAMERA_STATE_CHIPS,
    CAMERA_STATE_LABELS,
    FINDING_STATE_CHIPS,
    FINDING_STATE_LABELS,
    REVIEWED_STATES,
    TRUE_STATES,
    EvidenceView,
    FindingDetail,
    FindingFilter,
    FindingPage,
    FindingRow,
    FindingState,
)

PAGE = 50
CODE = re.compile(r"第?(\d{1,18})号?")
GROUPS = {"true": TRUE_STATES, "reviewed": REVIEWED_STATES}


def matching(actor: Actor, wanted: FindingFilter) -> QuerySet[Finding]:
    """Return the visible findings that pass a filter, in no order yet."""
    rows = visible_to(actor)
    if wanted.state:
        rows = rows.filter(state__in=GROUPS.get(wanted.state, (wanted.state,)))
    if wanted.find:
        rows = rows.filter(
            _numbered(wanted.find)
            | Q(finding_id__icontains=wanted.find)
            | Q(camera__name__icontains=wanted.find)
            | Q(camera__address__icontains=wanted.find)
            | Q(work_order_code__icontains=wanted.find)
        )
    rows = learned(rows, wanted.learned) if wanted.learned else rows
    rows = rows.exclude(explored="") if wanted.explored else rows
    return rows.filter(**_exact(wanted), **_spans(wanted), **_scores(wanted))


def _numbered(words: str) -> Q:
    """Return the finding of a short code such as 123号."""
    match = CODE.fullmatch(words.strip())
    return Q(pk=int(match[1])) if match else Q(pk__in=())


def learned(rows: QuerySet[Finding], which: str) -> QuerySet[Finding]:
    """Return the reviewed findings from which a threshold learns, all or the true or false ones.

    A merged one is a duplicate and says nothing new about the score; one that somebody brought
    up from the parked was chosen by hand, so it stands for nobody else.
    """
    true = Q(state=FindingState.CONFIRMED)
    false = Q(state=FindingState.REJECTED, reason__in=of_the_detector())
    if which == "apart":
        counts = (true | false) & Q(was_parked=False)
        return rows.filter(~counts, state__in=REVIEWED_STATES)
    return rows.filter({"true": true, "false": false}.get(which, true | false), was_parked=False)


def _scores(wanted: FindingFilter) -> dict[str, float]:
    """A score lies at the edge of its bin as the bins are cut: a hair below still belongs to it."""
    pairs = {"score__gte": wanted.score_from, "score__lt": wanted.score_to}
    return {name: score - 5e-8 for name, score in pairs.items() if score is not None}


def _exact(wanted: FindingFilter) -> dict[str, str]:
    pairs = {
        "camera__code": wanted.camera,
        "kind": wanted.kind,
        "reason": wanted.reason,
        "camera__division": wanted.town,
    }
    return {name: value for name, value in pairs.items() if value}


def _spans(wanted: FindingFilter) -> dict[str, datetime]:
    pairs = {
        "received_at__gte": wanted.received_from,
        "received_at__lt": _after(wanted.received_to),
        "decided_at__gte": wanted.decided_from,
        "decided_at__lt": _after(wanted.decided_to),
    }
    return {name: midnight(day) for name, day in pairs.items() if day}


def _after(day: date | None) -> date | None:
    return day + timedelta(days=1) if day else None


def midnight(day: date) -> datetime:
    """Return the start of a civil day in the county's zone."""
    return timezone.make_aware(datetime.combine(day, time.min))


def page(
    actor: Actor, wanted: FindingFilter, *, after: int | None = None, before: int | None = None
) -> FindingPage:
    """Return one page, newest first: what follows the key `after`, or what precedes `before`."""
    found = matching(actor, wanted)
    rows = found.select_related("camera")
    if before is not None:
        listed = list(rows.filter(pk__gt=before).order_by("pk")[:PAGE])[::-1]
    else:
        older = rows.filter(pk__lt=after) if after is not None else rows
        listed = list(older.order_by("-pk")[:PAGE])
    return FindingPage(
        rows=as_rows(listed),
        count=found.count(),
        next_key=_edge(found.filter(pk__lt=listed[-1].pk), listed[-1].pk) if listed else None,
        previous_key=_edge(found.filter(pk__gt=listed[0].pk), listed[0].pk) if listed else None,
    )


def _edge(beyond: QuerySet[Finding], key: int) -> int | None:
    return key if beyond.exists() else None


def every(actor: Actor, wanted: FindingFilter, *, limit: int) -> Iterator[FindingRow]:
    """Return the rows of an export, newest first.

    :raises InvalidInput: there are more than `limit`; a file that leaves some out would lie.
    """
    rows = matching(actor, wanted)
    if (count := rows.count()) > limit:
        raise InvalidInput(
            f"共{count}件，一次最多导出{limit}件，请用日期或状态缩小范围。", field="export"
        )
    names = accounts.names_of(set(rows.values_list("decided_by", flat=True).distinct()) - {""})
    newest = rows.select_related("camera").order_by("-pk")
    return (as_row(finding, names) for finding in newest.iterator(chunk_size=1000))


def as_rows(findings: list[Finding]) -> list[FindingRow]:
    """Return findings as list rows, with the names of those who decided and a small picture."""
    names = accounts.names_of({finding.decided_by for finding in findings} - {""})
    pictures = _pictures([finding.pk for finding in findings])
    return [as_row(finding, names, pictures.get(finding.pk, "")) for finding in findings]


def _pictures(keys: list[int]) -> dict[int, str]:
    files = ExpectedFile.objects.filter(
        finding__in=keys, arrived_at__isnull=False, media_type__startswith="image/"
    )
    return dict(files.order_by("position").values_list("finding_id", "sha256"))


def as_row(finding: Finding, names: dict[str, str], thumbnail: str = "") -> FindingRow:
    """Return one finding as a list row."""
    return FindingRow(
        id=finding.pk,
        finding_id=finding.finding_id,
        camera=finding.camera.code,
        camera_name=finding.camera.name,
        kind=finding.kind,
        kind_label=kind_label(finding.kind),
        matter_code=finding.matter_code,
        zone=finding.zone,
        state=finding.state,
        state_label=FINDING_STATE_LABELS[finding.state],
        chip=FINDING_STATE_CHIPS[finding.state],
        started_at=finding.started_at,
        alarm_at=finding.alarm_at,
        received_at=finding.received_at,
        decided_at=finding.decided_at,
        decided_by=names.get(finding.decided_by, finding.decided_by),
        reason=finding.reason,
        reason_label=reason_label(finding.reason),
        note=finding.note,
        score=finding.score,
        priority=finding.priority,
        is_evidence_complete=finding.is_evidence_complete,
        start_unknown=finding.start_unknown,
        work_order=finding.work_order,
        work_order_code=finding.work_order_code,
        thumbnail=thumbnail,
        is_explored=bool(finding.explored),
        threshold=finding.threshold,
    )


def detail(actor: Actor, finding: int, *, now: datetime) -> FindingDetail:
    """Return a finding with its evidence and with what may be done about it now."""
    return as_detail(access_finding(actor, finding), now=now)


def as_detail(finding: Finding, *, now: datetime) -> FindingDetail:
    """Return a finding as its page shows it."""
    camera = finding.camera
    state = state_of(camera, CameraHealth.objects.filter(camera=camera).first(), now=now)
    return FindingDetail(
        row=as_rows([finding])[0],
        camera_id=camera.pk,
        camera_state_label=CAMERA_STATE_LABELS[state],
        camera_chip=CAMERA_STATE_CHIPS[state],
        address=camera.address,
        lon=finding.lon,
        lat=finding.lat,
        heading=camera.heading,
        bbox=tuple(finding.bbox),
        polygon=tuple((x, y) for x, y in finding.polygon),
        frame_width=finding.frame_width,
        frame_height=finding.frame_height,
        rule_text=finding.rule_text,
        shop_names=tuple(finding.shop_names),
        model=finding.model,
        model_version=finding.model_version,
        frame_sha256=finding.frame_sha256,
        dwell_s=(finding.alarm_at - finding.started_at).total_seconds(),
        confirmed_matter_code=finding.confirmed_matter_code,
        evidence=evidence_of(finding.pk),
        looks=looks_of(finding.pk),
        can_reopen=not _refusal(finding, "reopen", now=now),
        refusal=_refusal(finding, "confirm", now=now),
    )


def _refusal(finding: Finding, step: str, *, now: datetime) -> str:
    try:
        REVIEW.take(step, state=finding.state, facts=finding.facts(now))
    except StepNotAllowed as refused:
        return refused.sentence
    return ""


def evidence_of(finding: int) -> list[EvidenceView]:
    """Return a finding's files in the order in which the worker listed them."""
    files = list(
        ExpectedFile.objects.filter(finding=finding).select_related("finding").order_by("position")
    )
    moments = _moments(files)
    covered = {
        file.role.removeprefix(PUBLISHED): file.sha256
        for file in files
        if is_published(file.role) and file.arrived_at
    }
    looked = evidence.redacted_among({file.sha256 for file in files} | set(covered.values()))
    return [
        EvidenceView(
            is_sketch=covered.get(file.role, file.sha256) not in looked,
            sha256=file.sha256,
            name=file.name,
            role=file.role,
            role_label=role_label(file.role),
            media_type=file.media_type,
            size=file.size,
            has_arrived=file.arrived_at is not None,
            shown=covered.get(file.role, file.sha256),
            is_published=is_published(file.role),
            is_side=is_side(role=file.role, media_type=file.media_type),
            at=moments.get(file.role),
            dwell=_dwell(file, moments),
        )
        for file in files
    ]


def _moments(files: list[ExpectedFile]) -> dict[str, datetime]:
    """Return what the manifest says of when each still was taken."""
    manifest = next((file for file in files if file.role == "manifest"), None)
    if manifest is None:
        return {}
    rows = ReceivedFile.objects.filter(sha256=manifest.sha256)
    text = rows.values_list("text", flat=True).first() or ""
    return still_moments(text, alarm_at=manifest.finding.alarm_at)


def _dwell(file: ExpectedFile, moments: dict[str, datetime]) -> str:
    at = moments.get(file.role)
    return "" if at is None else clock_text((at - file.finding.started_at).total_seconds())


def finding_by_id(finding_id: str) -> Finding | None:
    """Return a finding by the worker's own name for it; for reactions, which see all."""
    return Finding.objects.filter(finding_id=finding_id).first()


def is_confirmed(finding_id: str) -> bool:
    """Return whether the finding stands confirmed at this moment."""
    rows = Finding.objects.filter(finding_id=finding_id, state=FindingState.CONFIRMED)
    return rows.exists()
