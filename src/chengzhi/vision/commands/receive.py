"""Take in what a worker found, and the files that show it."""

import hashlib
from datetime import datetime

from django.db import transaction

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Role
from chengzhi.audit import interface as audit
from chengzhi.evidence import interface as evidence
from chengzhi.kernel.errors import InvalidInput
from chengzhi.vision.commands.incidents import open_blind
from chengzhi.vision.commands.leases import StaleEpoch, refuse_stale
from chengzhi.vision.commands.manifests import STALE, note_again, note_unkept
from chengzhi.vision.commands.park import meet_threshold
from chengzhi.vision.events import EvidenceCompleted, FindingReceived
from chengzhi.vision.models import Camera, ExpectedFile, Finding, ReceivedFile, Rule, Zone
from chengzhi.vision.procedure import REVIEW
from chengzhi.vision.queries.access import camera_of_message
from chengzhi.vision.rules.evidence import attached_as, is_side, sent_regions, side_text
from chengzhi.vision.rules.message import check_finding, check_sha256
from chengzhi.vision.rules.review import is_equipment, priority_of, reviewable_at
from chengzhi.vision.rules.space import resized
from chengzhi.vision.rules.wording import kind_label, rule_text
from chengzhi.vision.types import IncomingFinding, Receipt


def record_finding(message: IncomingFinding, *, actor: Actor, now: datetime) -> Receipt:
    """Record a finding once, however often it is sent, and say which files are missing.

    :raises UnknownCamera: the camera is not registered in the worker's county.
    :raises InvalidInput: the message contradicts itself, or its id belongs to another camera.
    :raises StaleEpoch: another worker watched the camera when it was observed.
    """
    try:
        return _record(message, actor=actor, now=now)
    except StaleEpoch:
        note_unkept(message, reason=STALE, actor=actor, now=now)
        raise


@transaction.atomic
def _record(message: IncomingFinding, *, actor: Actor, now: datetime) -> Receipt:
    accounts.require(actor, Role.SYSTEM)
    check_finding(message)
    camera = camera_of_message(actor, message.camera)
    if not Finding.objects.filter(finding_id=message.finding_id).exists():
        refuse_stale(camera, message.epoch, alarm_at=message.alarm_at, actor=actor, now=now)
    finding, is_new = Finding.objects.get_or_create(
        finding_id=message.finding_id, defaults=_fields(message, camera, now)
    )
    if finding.camera_id != camera.pk:
        raise InvalidInput("finding_id：已被另一路摄像头使用，请换一个。", field="finding_id")
    if is_new:
        _expect(finding, message, actor=actor, now=now)
        meet_threshold(finding, by_worker=message.explored, actor=actor, now=now)
    else:
        note_again(finding, message, actor=actor, now=now)
    return Receipt(
        id=finding.pk,
        finding_id=finding.finding_id,
        is_new=is_new,
        evidence_missing=_missing(finding),
    )


def _fields(message: IncomingFinding, camera: Camera, now: datetime) -> dict[str, object]:
    return {
        "camera": camera,
        "kind": message.kind,
        "matter_code": message.matter_code,
        "lon": camera.lon,
        "lat": camera.lat,
        "started_at": message.started_at,
        "alarm_at": message.alarm_at,
        "start_unknown": message.start_unknown,
        "bbox": list(message.bbox),
        "score": message.score,
        "model": message.model,
        "model_version": message.model_version,
        "frame_sha256": message.frame_sha256,
        "shop_names": list(message.shop_names),
        "priority": priority_of(message.kind),
        "received_at": now,
        "reviewable_at": reviewable_at(received_at=now, now=now, is_complete=False),
        **_zone_fields(message, camera),
    }


def _zone_fields(message: IncomingFinding, camera: Camera) -> dict[str, object]:
    """Copy zone and rule in, the zone in pixels of the frame in which the box is told."""
    zone = Zone.objects.filter(camera=camera, name=message.zone).first()
    drawn = _size_of(zone) or _size_of(camera) or (0, 0)
    size = message.frame or drawn
    frame = {"frame_width": size[0], "frame_height": size[1]}
    if zone is None:
        return {"zone": message.zone, **frame}
    rule = Rule.objects.filter(zone=zone, finding=message.kind).first()
    return {
        "zone": zone.name,
        "polygon": [list(point) for point in resized(zone.corners, drawn, size)],
        **frame,
        "rule_text": rule_text(rule.spec(), zone=zone.name) if rule else "",
        "rule_version": rule.version if rule else 0,
    }


def _size_of(drawn: Camera | Zone | None) -> tuple[int, int] | None:
    if drawn is None or not drawn.frame_width:
        return None
    return drawn.frame_width, drawn.frame_height


def _expect(finding: Finding, message: IncomingFinding, *, actor: Actor, now: datetime) -> None:
    audit.record(
        _received(finding, message), subject=finding.subject, actor=actor.ref, at=now, first=True
    )
    here = set(
        ReceivedFile.objects.filter(
            sha256__in=[file.sha256 for file in message.evidence]
        ).values_list("sha256", flat=True)
    )
    ExpectedFile.objects.bulk_create(
        ExpectedFile(finding=finding, position=position, **vars(file))
        for position, file in enumerate(message.evidence)
    )
    if is_equipment(finding.kind):
        _note(finding, actor=actor, now=now)
    for sha256 in sorted(here):
        _arrive(finding, sha256, actor=actor, now=now)
    _complete(finding, actor=actor, now=now)


def _received(finding: Finding, message: IncomingFinding) -> FindingReceived:
    return FindingReceived(
        finding_id=finding.finding_id,
        camera=message.camera,
        kind=message.kind,
        kind_label=kind_label(message.kind),
        matter_code=message.matter_code,
        zone=message.zone,
        started_at=message.started_at.isoformat(),
        alarm_at=message.alarm_at.isoformat(),
        start_unknown=message.start_unknown,
        score=message.score,
        model=message.model,
        model_version=message.model_version,
        frame_sha256=message.frame_sha256,
        evidence=len(message.evidence),
    )


def _note(finding: Finding, *, actor: Actor, now: datetime) -> None:
    """A camera that reports itself blind is an incident of the equipment, not of the street."""
    step = REVIEW.take("note", state=finding.state, facts=finding.facts(now))
    finding.state = step.target
    finding.save(update_fields=["state"])
    open_blind(finding.camera, finding=finding, actor=actor, now=now)


@transaction.atomic
def store_evidence(content: bytes, *, sha256: str, actor: Actor, now: datetime) -> tuple[str, ...]:
    """Store one file under its hash, and return the findings that were waiting for it.

    It may come before the finding that names it, and it may come twice.

    :raises InvalidInput: the content does not have this hash.
    """
    accounts.require(actor, Role.SYSTEM)
    check_sha256(sha256, field="sha256")
    if hashlib.sha256(content).hexdigest() != sha256:
        raise InvalidInput(
            "sha256：内容与地址中的散列不符，传输可能损坏，请重新上传。", field="sha256"
        )
    if not ReceivedFile.objects.filter(sha256=sha256).exists():
        _keep(content, sha256, actor=actor, now=now)
    return _deliver(sha256, actor=actor, now=now)


def _keep(content: bytes, sha256: str, *, actor: Actor, now: datetime) -> None:
    side = side_text(content)
    if side is None:
        files = ExpectedFile.objects.filter(sha256=sha256).values_list("name", flat=True)
        stored = evidence.store(content, name=files.first() or sha256, actor=actor, now=now)
        text, media_type = "", stored.media_type
    else:
        text, media_type = side
    ReceivedFile.objects.get_or_create(
        sha256=sha256,
        defaults={
            "media_type": media_type,
            "size": len(content),
            "text": text,
            "received_at": now,
        },
    )


def _deliver(sha256: str, *, actor: Actor, now: datetime) -> tuple[str, ...]:
    waiting = ExpectedFile.objects.filter(
        sha256=sha256,
        arrived_at__isnull=True,
        finding__camera__division__startswith=actor.county,
    )
    keys = set(waiting.values_list("finding", flat=True))
    rows = Finding.objects.filter(pk__in=keys).select_for_update().order_by("pk")
    findings = list(rows)
    for finding in findings:
        _arrive(finding, sha256, actor=actor, now=now)
        _complete(finding, actor=actor, now=now)
    return tuple(finding.finding_id for finding in findings)


def _arrive(finding: Finding, sha256: str, *, actor: Actor, now: datetime) -> None:
    files = ExpectedFile.objects.filter(finding=finding, sha256=sha256, arrived_at__isnull=True)
    for role in sorted({attached_as(file.role) for file in files if not _is_side(file)}):
        evidence.attach(sha256, subject=finding.subject, role=role, actor=actor, now=now)
    files.update(arrived_at=now)
    _hide(finding, actor=actor, now=now)


def _hide(finding: Finding, *, actor: Actor, now: datetime) -> None:
    """Take over where the worker saw faces and plates, once manifest and stills are here."""
    here = list(ExpectedFile.objects.filter(finding=finding, arrived_at__isnull=False))
    hashes = [file.sha256 for file in here if file.role == "manifest"]
    manifest = ReceivedFile.objects.filter(sha256__in=hashes).first()
    told = sent_regions(manifest.text) if manifest else None
    if told is None:
        return
    for file in here:
        if file.role in told.rows:
            regions = evidence.sent_regions(told.rows[file.role])
            evidence.note_regions(file.sha256, regions, method=told.method, actor=actor, now=now)


def _is_side(file: ExpectedFile) -> bool:
    return is_side(role=file.role, media_type=file.media_type)


def _complete(finding: Finding, *, actor: Actor, now: datetime) -> None:
    if finding.is_evidence_complete or _missing(finding):
        return
    finding.is_evidence_complete = True
    finding.reviewable_at = reviewable_at(
        received_at=finding.received_at, now=now, is_complete=True
    )
    finding.save(update_fields=["is_evidence_complete", "reviewable_at"])
    files = ExpectedFile.objects.filter(finding=finding).count()
    event = EvidenceCompleted(finding_id=finding.finding_id, files=files)
    audit.record(event, subject=finding.subject, actor=actor.ref, at=now)


def _missing(finding: Finding) -> tuple[str, ...]:
    files = ExpectedFile.objects.filter(finding=finding, arrived_at__isnull=True)
    return tuple(dict.fromkeys(files.order_by("position").values_list("sha256", flat=True)))
