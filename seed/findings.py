"""Findings as the camera worker reports them, and some of garbage and bins with what was said of them."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from chengzhi.accounts.types import Actor
from chengzhi.vision import interface as vision
from chengzhi.vision.types import ExpectedEvidence, FindingKind, IncomingFinding
from chengzhi.workorders.types import PhotoRef
from seed.pictures import Album

ROLES = ("first_seen", "dwell_reached", "confirmation")
HEAP = (449.0, 324.0, 164.0, 54.0)
BINS = (393.0, 231.0, 222.0, 138.0)
#: Camera, kind, matter, box, score, and the reason for which it was rejected.
SAID = (
    ("C003", FindingKind.GARBAGE_EXPOSED, "06010", HEAP, 0.81, ""),
    ("C004", FindingKind.BIN_OVERFLOW, "06042", BINS, 0.77, ""),
    ("C005", FindingKind.GARBAGE_EXPOSED, "06010", (60.0, 340.0, 90.0, 50.0), 0.52, "nothing"),
    ("C006", FindingKind.BIN_OVERFLOW, "06042", (170.0, 268.0, 84.0, 66.0), 0.55, "nothing"),
)


def report(album: Album, *, robot: Actor, now: datetime, **fields: Any) -> int:
    """Report a finding with three stills of its matter, bring them, and return its key."""
    stills = album.seen(fields["matter_code"], by=robot, now=now)
    message = IncomingFinding(
        alarm_at=now, frame_sha256=stills[0].sha256, evidence=_expected(stills), **fields
    )
    receipt = vision.record_finding(message, actor=robot, now=now)
    for sha256 in receipt.evidence_missing:
        vision.store_evidence(album.content(sha256), sha256=sha256, actor=robot, now=now)
    return receipt.id


def settle(*, robot: Actor, reviewer: Actor, now: datetime) -> None:
    """Report garbage and bins as the shipped head sees them; a training set can be made of it."""
    album = Album()
    for number, (camera, kind, matter, box, score, reason) in enumerate(SAID):
        at = now - timedelta(hours=3 - number / 2)
        key = report(
            album, robot=robot, now=at,
            finding_id=hashlib.sha256(f"garbage:{number}".encode()).hexdigest()[:32],
            camera=camera, kind=kind, matter_code=matter, zone="垃圾箱周边",
            started_at=at - timedelta(minutes=12), start_unknown=False, bbox=box, score=score,
            model="chengzhi-garbage", model_version="2",
        )  # fmt: skip
        decided = at + timedelta(minutes=9)
        if reason:
            vision.reject_finding(key, reason=reason, actor=reviewer, now=decided)
        else:
            vision.confirm_finding(key, actor=reviewer, now=decided)


def _expected(stills: Sequence[PhotoRef]) -> tuple[ExpectedEvidence, ...]:
    from chengzhi.evidence import interface as evidence

    files = [evidence.file_of(still.sha256) for still in stills]
    return tuple(
        ExpectedEvidence(
            name=f"{role}.webp",
            role=role,
            media_type=file.media_type,
            sha256=file.sha256,
            size=file.size,
        )  # fmt: skip
        for role, file in zip(ROLES, files, strict=True)
        if file is not None
    )
