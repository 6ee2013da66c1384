"""The one door of the camera worker: findings, their files, heartbeats, and what to watch."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema, Status

from chengzhi.accounts.types import Actor
from chengzhi.kernel.errors import InvalidInput
from chengzhi.vision import commands
from chengzhi.vision.queries.cameras import worker_cameras
from chengzhi.vision.rules.message import EVIDENCE_LIMIT
from chengzhi.vision.types import (
    CameraBeat,
    ExpectedEvidence,
    FindingKind,
    IncomingFinding,
    ManifestLink,
)

router = Router(tags=["vision"])


class EvidenceIn(Schema):
    """One file that will follow."""

    name: str = Field(max_length=200)
    role: str = Field(max_length=40, description="first_seen, dwell_reached, confirmation, clip")
    media_type: str = Field(max_length=100)
    sha256: str
    size: int


class HintsIn(Schema):
    """What a machine read beside the finding: shown to the reviewer, judged by nobody."""

    shop_names: list[Annotated[str, Field(min_length=1, max_length=40)]] = Field(
        default=[], max_length=5
    )


class ChainIn(Schema):
    """The place of the manifest in the chain of its camera's day."""

    day: str
    stretch: int = Field(default=0, description="epoch of the lease under which it was written")
    number: int
    previous: str = Field(default="", description="SHA-256 of the manifest before")


class FindingIn(Schema):
    """What the worker found."""

    finding_id: str
    camera: str
    kind: FindingKind
    matter_code: str = Field(max_length=10)
    zone: str = Field(default="", max_length=60)
    started_at: datetime
    alarm_at: datetime
    start_unknown: bool = False
    bbox: tuple[float, float, float, float] = Field(description="left, top, width, height; pixels")
    frame: tuple[int, int] | None = Field(
        default=None, description="width, height of the frames that were judged: of bbox and stills"
    )
    score: float
    model: str = Field(max_length=80)
    model_version: str = Field(max_length=80)
    frame_sha256: str
    evidence: list[EvidenceIn] = []
    hints: HintsIn = HintsIn()
    explored: bool = Field(default=False, description="drawn from below the published threshold")
    epoch: int | None = Field(default=None, description="of the lease under which it was found")
    chain: ChainIn | None = None


class FindingOut(Schema):
    """What is known, and which files are still to be brought."""

    finding_id: str
    evidence_missing: list[str]


class EvidenceOut(Schema):
    """A stored file, and the findings that were waiting for it."""

    sha256: str
    findings: list[str]


class BeatIn(Schema):
    """One camera's line in a heartbeat."""

    code: str
    frames: int = 0
    dropped: int = 0
    fps: float = 0
    blind_s: float = 0
    lag_s: float = 0
    state: str = "running"
    restarts: int = 0
    cost_ms: float = Field(default=0, description="CPU milliseconds a second")
    note: str = Field(default="", max_length=300, description="why it is not watched")
    epoch: int | None = Field(default=None, description="of the lease, where there is one")
    preset: str = Field(
        default="", max_length=40, description="at which preset a moving camera stands"
    )


class HeartbeatIn(Schema):
    """What a worker says of its cameras, every ten seconds or so."""

    worker: str
    cameras: list[BeatIn] = []
    note: str = Field(
        default="", max_length=300, description="what the worker lacks, such as room on its disk"
    )


class HeartbeatOut(Schema):
    """How many cameras are known here, which codes are not, and which another worker watches."""

    known: int
    unknown: list[str]
    stop: list[str] = []


@router.post(
    "/findings",
    response={200: FindingOut, 201: FindingOut},
    summary="Report a finding; sending it again changes nothing",
)
def receive_finding(request: HttpRequest, body: FindingIn) -> Status[Any]:
    """Answer 201 for a new finding and 200 for a known one, with the files still missing."""
    message = IncomingFinding(
        **{
            **body.dict(exclude={"evidence", "hints", "chain"}),
            "chain": None if body.chain is None else ManifestLink(**body.chain.dict()),
            "shop_names": tuple(body.hints.shop_names),
            "started_at": aware(body.started_at, "started_at"),
            "alarm_at": aware(body.alarm_at, "alarm_at"),
            "evidence": tuple(ExpectedEvidence(**file.dict()) for file in body.evidence),
        }
    )
    receipt = commands.record_finding(message, actor=caller(request), now=timezone.now())
    answer = {
        "finding_id": receipt.finding_id,
        "evidence_missing": list(receipt.evidence_missing),
    }
    return Status(201 if receipt.is_new else 200, answer)


def caller(request: HttpRequest) -> Actor:
    """Return whose token the request carries."""
    return request.auth  # type: ignore[attr-defined, no-any-return]


def aware(moment: datetime, field: str) -> datetime:
    """Return a moment that carries its zone.

    :raises InvalidInput: it has none.
    """
    if moment.tzinfo is None:
        raise InvalidInput(
            f"{field}：时间缺少时区，请写成 2026-11-25T10:30:00+08:00。", field=field
        )
    return moment


@router.put(
    "/evidence/{sha256}",
    response={200: EvidenceOut},
    summary="Bring one file, raw, under its own hash; bringing it again changes nothing",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/octet-stream": {"schema": {"type": "string", "format": "binary"}}
            },
        }
    },
)
def receive_evidence(request: HttpRequest, sha256: str) -> dict[str, Any]:
    """Answer 422 when the bytes do not have the hash of the address."""
    content = body_of(request)
    findings = commands.store_evidence(
        content,
        sha256=sha256,
        actor=caller(request),
        now=timezone.now(),
    )
    return {"sha256": sha256, "findings": list(findings)}


def body_of(request: HttpRequest) -> bytes:
    """Read past Django's limit for form bodies, but not past ours."""
    content = request.read(EVIDENCE_LIMIT + 1)
    if not content:
        raise InvalidInput("请求体为空，请上传文件内容。", field="body")
    if len(content) > EVIDENCE_LIMIT:
        raise InvalidInput(f"文件超过{EVIDENCE_LIMIT // 2**20} MB，请缩短录像。", field="body")
    return content


@router.post("/heartbeat", response={200: HeartbeatOut}, summary="Say how the cameras are")
def receive_heartbeat(request: HttpRequest, body: HeartbeatIn) -> dict[str, Any]:
    """Answer which codes are unknown here; they do not fail the rest."""
    beats = tuple(CameraBeat(**beat.dict()) for beat in body.cameras)
    receipt = commands.record_heartbeat(
        body.worker,
        beats,
        note=body.note,
        actor=caller(request),
        now=timezone.now(),
    )
    return {
        "known": receipt.known,
        "unknown": list(receipt.unknown),
        "stop": list(receipt.stop),
    }


@router.get(
    "/cameras",
    response={200: list[dict[str, Any]]},
    summary="The cameras to watch, each in the structure of the camera file",
)
def cameras_to_watch(
    request: HttpRequest, worker: str = "", can: str = ""
) -> list[dict[str, object]]:
    """`worker` narrows to the cameras given to one worker and those given to nobody.

    A worker that says `can=explore` is given the published thresholds in its rules and holds its
    findings against them itself; what an older one sends is held against them here.
    """
    explores = "explore" in can.split(",")
    return worker_cameras(caller(request), worker=worker, explores=explores)
