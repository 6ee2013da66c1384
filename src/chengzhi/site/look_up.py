"""Search and the standards over the API: what a client must know before it reports or files."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema

from chengzhi import standards
from chengzhi.accounts.types import Actor
from chengzhi.site.web.search import groups_for
from chengzhi.standards.types import HandlingRow, StandardMissing

router = Router()


class HitOut(Schema):
    """One thing found; `url` is its page in the console."""

    title: str
    detail: str
    url: str
    status: str


class FoundOut(Schema):
    """What was found of one kind, the first eight of `count`."""

    label: str
    count: int
    hits: list[HitOut]


class ConditionOut(Schema):
    """One row of the handling standard: when to file, when to close, how long (GB/T 30428.8)."""

    number: int = Field(description="`condition_number` of the step `file`")
    filing_condition: str
    closing_condition: str
    limit_text: str
    limit_amount: int
    limit_unit: str
    handler_kind: str
    source: str


class MatterOut(Schema):
    """A matter (事项) in force."""

    code: str
    name: str
    major: str
    major_name: str
    source: str
    hint: str = Field(description="how to tell it from its neighbours; often empty")


class MatterDetailOut(MatterOut):
    """A matter with its condition rows."""

    conditions: list[ConditionOut]


@router.get("/search", response={200: list[FoundOut]}, tags=["search"])
def search(request: HttpRequest, q: str) -> list[Any]:
    """Find records by number, place or person, of what the caller may see."""
    text = q.strip()[:60]
    return groups_for(_actor(request), text, now=timezone.now()) if text else []


@router.get("/standards/matters", response={200: list[MatterOut]}, tags=["standards"])
def matters(request: HttpRequest, text: str = "", on: date | None = None) -> list[Any]:
    """Return the matters in force on a day, today unless told; `text` in the name or the code."""
    day = on or timezone.localdate()
    rows = standards.current().matters(on=day)
    return [_matter(row, day) for row in rows if text in row.name or row.code.startswith(text)]


@router.get("/standards/matters/{code}", response={200: MatterDetailOut}, tags=["standards"])
def matter(request: HttpRequest, code: str, on: date | None = None) -> dict[str, Any]:
    """Return one matter with its filing and closing conditions and limits on a day."""
    day = on or timezone.localdate()
    try:
        row = standards.current().matter(code, on=day)
    except StandardMissing as error:
        raise MatterUnknown(error.sentence, field="code") from error
    conditions = standards.current().handling_rows(code, on=day)
    return {**_matter(row, day), "conditions": [_condition(line) for line in conditions]}


class MatterUnknown(StandardMissing):
    """No such matter is in force on the day."""

    status = 404


def _matter(row: Any, on: date) -> dict[str, Any]:
    hint = standards.current().hint(row.code, on=on)
    return {**vars(row), "hint": hint.hint if hint else ""}


def _condition(row: HandlingRow) -> dict[str, Any]:
    return {
        "number": row.condition_no,
        "filing_condition": row.filing_condition,
        "closing_condition": row.closing_condition,
        "limit_text": str(row.limit),
        "limit_amount": row.limit.amount,
        "limit_unit": row.limit.unit.value,
        "handler_kind": row.handler,
        "source": row.source,
    }


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.auth  # type: ignore[attr-defined]
    return actor
