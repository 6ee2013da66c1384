"""The door for trials of rules, and for the pictures that somebody waits for."""

from base64 import b64decode
from binascii import Error
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Schema

from chengzhi.kernel.errors import InvalidInput
from chengzhi.vision import commands
from chengzhi.vision.api.worker import aware, body_of, caller, router
from chengzhi.vision.queries.trials import open_trials, stills_wanted
from chengzhi.vision.types import TrialAlarm, TrialResult


class TrialOut(Schema):
    """A draft to run over the stills between two moments."""

    trial: int
    since: datetime
    until: datetime
    camera: dict[str, Any] = Field(description="the draft in the structure of the camera file")


class TasksOut(Schema):
    """What the platform waits for."""

    trials: list[TrialOut]
    stills: list[str] = Field(description="codes of cameras whose newest picture is wanted")


class ProgressIn(Schema):
    """How far a worker is; the first one takes the trial on."""

    worker: str = Field(max_length=60)
    done: int = Field(ge=0, le=1_000_000)
    total: int = Field(ge=0, le=1_000_000)


class ProgressOut(Schema):
    """Whether somebody still wants the trial."""

    is_wanted: bool


class TrialAlarmIn(Schema):
    """One alarm that the draft would have made."""

    zone: str = Field(max_length=60)
    kind: str = Field(max_length=30)
    started_at: datetime
    alarm_at: datetime
    start_unknown: bool = False
    bbox: tuple[float, float, float, float] = Field(description="left, top, width, height; pixels")
    score: float = Field(ge=0, le=1)
    pictures: list[str] = Field(default=[], description="base64 of WebP or JPEG, three at most")


class TrialResultIn(Schema):
    """What the draft would have reported."""

    worker: str = Field(max_length=60)
    first_at: datetime
    last_at: datetime
    stills: int = Field(ge=0, le=1_000_000)
    covered_s: float = Field(ge=0, le=200_000)
    gaps: list[tuple[datetime, datetime]] = Field(default=[], max_length=500)
    alarm_count: int = Field(ge=0, le=1_000_000)
    alarms: list[TrialAlarmIn] = []


class TrialFailureIn(Schema):
    """Why a trial cannot be run, in a sentence for people."""

    worker: str = Field(max_length=60)
    sentence: str = Field(min_length=1, max_length=300)


class KeptOut(Schema):
    """Whether the answer was kept; a known or unwanted one changes nothing."""

    is_kept: bool


class StillOut(Schema):
    """The picture that the camera's page shows now."""

    sha256: str


@router.get("/tasks", response={200: TasksOut}, summary="What the platform waits for")
def tasks(request: HttpRequest, worker: str = "") -> dict[str, Any]:
    """Give the trials that this worker may take, and the cameras whose picture is wanted."""
    actor = caller(request)
    trials = open_trials(actor, worker=worker, now=timezone.now())
    return {"trials": trials, "stills": stills_wanted(actor)}


@router.post(
    "/trials/{trial}/progress", response={200: ProgressOut}, summary="Take a trial on, go on"
)
def note_progress(request: HttpRequest, trial: int, body: ProgressIn) -> dict[str, bool]:
    """Answer 409 while another worker is at it."""
    is_wanted = commands.note_progress(
        trial,
        **body.dict(),
        actor=caller(request),
        now=timezone.now(),
    )
    return {"is_wanted": is_wanted}


@router.put(
    "/trials/{trial}/result",
    response={200: KeptOut},
    summary="Say what a draft would have reported; saying it again changes nothing",
)
def put_result(request: HttpRequest, trial: int, body: TrialResultIn) -> dict[str, bool]:
    """Answer 422 for less than half an hour of stills."""
    result = TrialResult(
        **{
            **body.dict(),
            "first_at": aware(body.first_at, "first_at"),
            "last_at": aware(body.last_at, "last_at"),
            "gaps": tuple((aware(a, "gaps"), aware(b, "gaps")) for a, b in body.gaps),
            "alarms": tuple(_alarm(alarm, i) for i, alarm in enumerate(body.alarms)),
        }
    )
    is_kept = commands.finish_trial(
        trial,
        result,
        actor=caller(request),
        now=timezone.now(),
    )
    return {"is_kept": is_kept}


def _alarm(alarm: TrialAlarmIn, index: int) -> TrialAlarm:
    where = f"alarms[{index}]"
    return TrialAlarm(
        **{
            **alarm.dict(),
            "started_at": aware(alarm.started_at, f"{where}.started_at"),
            "alarm_at": aware(alarm.alarm_at, f"{where}.alarm_at"),
            "pictures": tuple(_bytes(text, where) for text in alarm.pictures),
        }
    )


def _bytes(text: str, where: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except (Error, ValueError) as error:
        raise InvalidInput(f"{where}.pictures：不是 base64，请核对。", field=where) from error


@router.put(
    "/trials/{trial}/failure", response={200: KeptOut}, summary="Say why a trial cannot be run"
)
def put_failure(request: HttpRequest, trial: int, body: TrialFailureIn) -> dict[str, bool]:
    """Keep the sentence; the page shows it."""
    is_kept = commands.fail_trial(
        trial,
        **body.dict(),
        actor=caller(request),
        now=timezone.now(),
    )
    return {"is_kept": is_kept}


@router.put(
    "/cameras/{code}/still",
    response={200: StillOut},
    summary="Bring the camera's newest picture, where somebody asked for it",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/octet-stream": {"schema": {"type": "string", "format": "binary"}}
            },
        }
    },
)
def put_still(request: HttpRequest, code: str) -> dict[str, str]:
    """Answer with the picture shown from now on; one that nobody asked for is let go."""
    sha256 = commands.bring_still(
        code,
        body_of(request),
        actor=caller(request),
        now=timezone.now(),
    )
    return {"sha256": sha256}
