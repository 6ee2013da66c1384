"""The worker's second looks: gone by itself, questions to answer, answers."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Schema, Status

from chengzhi.vision import commands
from chengzhi.vision.api.worker import aware, caller, router
from chengzhi.vision.queries.rechecks import open_questions
from chengzhi.vision.types import RecheckAnswer, RecheckMessage, RecheckReceipt


class GoneIn(Schema):
    """When the ground was seen as before; pictures are brought first, under their hashes."""

    gone_at: datetime
    still: str = ""
    reason: str = Field(default="", max_length=100)
    model: str = Field(default="", max_length=80)


class AnswerIn(Schema):
    """What the camera sees there now; unknown where it is blind, shifted or hindered."""

    answer: RecheckAnswer
    looked_at: datetime
    still: str = ""
    reason: str = Field(default="", max_length=100)
    model: str = Field(default="", max_length=80)


class RecheckOut(Schema):
    """Which pictures must be brought before it is recorded; none: it is."""

    evidence_missing: list[str]


class QuestionOut(Schema):
    """A place to look at again."""

    id: int
    finding_id: str
    camera: str
    kind: str
    zone: str
    bbox: tuple[float, float, float, float]
    frame: tuple[int, int] | None = Field(description="width, height: in its pixels bbox is told")
    asked_at: datetime


@router.post(
    "/findings/{finding_id}/gone",
    response={200: RecheckOut, 201: RecheckOut},
    summary="Say that the thing is gone; saying it again changes nothing",
)
def receive_gone(request: HttpRequest, finding_id: str, body: GoneIn) -> Status[Any]:
    """Answer 404 while the finding itself has not come."""
    message = RecheckMessage(
        answer=RecheckAnswer.ABSENT,
        looked_at=aware(body.gone_at, "gone_at"),
        **body.dict(exclude={"gone_at"}),
    )
    receipt = commands.record_gone(
        finding_id,
        message,
        actor=caller(request),
        now=timezone.now(),
    )
    return _answer(receipt)


@router.get(
    "/rechecks", response={200: list[QuestionOut]}, summary="The places to look at again, now"
)
def questions(request: HttpRequest, worker: str = "") -> list[dict[str, Any]]:
    """Return the questions of the last ten minutes that nobody answered."""
    asked = open_questions(caller(request), now=timezone.now(), worker=worker)
    return [vars(row) for row in asked]


@router.post(
    "/rechecks/{pk}",
    response={200: RecheckOut, 201: RecheckOut},
    summary="Answer a question; answering it again changes nothing",
)
def receive_answer(request: HttpRequest, pk: int, body: AnswerIn) -> Status[Any]:
    """Answer 404 for a question that was never asked."""
    message = RecheckMessage(**{**body.dict(), "looked_at": aware(body.looked_at, "looked_at")})
    receipt = commands.answer_recheck(
        pk,
        message,
        actor=caller(request),
        now=timezone.now(),
    )
    return _answer(receipt)


def _answer(receipt: RecheckReceipt) -> Status[Any]:
    body = {"evidence_missing": list(receipt.evidence_missing)}
    return Status(201 if receipt.is_new else 200, body)
