"""Reporting and reading."""

from datetime import datetime, time, timedelta
from typing import Any, cast

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from ninja import Query, Router

from chengzhi.accounts.types import Actor
from chengzhi.audit import interface as audit
from chengzhi.evidence import interface as evidence
from chengzhi.workorders.api.schemas import (
    EntryOut,
    FileOut,
    ListIn,
    NearbyOut,
    PageOut,
    PhotoIn,
    ReportedOut,
    ReportIn,
    WorkOrderOut,
)
from chengzhi.workorders.commands import intake
from chengzhi.workorders.queries.lists import page
from chengzhi.workorders.queries.record import record
from chengzhi.workorders.types import Filters, PhotoRef, Report, Reported

router = Router()
JSON = "application/json; charset=utf-8"


def acting(request: HttpRequest) -> Actor:
    """Return who calls, as the token or the session says."""
    return cast(Actor, request.auth)  # type: ignore[attr-defined]


def photos_of(photos: list[PhotoIn]) -> tuple[PhotoRef, ...]:
    """Return the pictures as the commands take them."""
    return tuple(PhotoRef(sha256=photo.sha256, role=photo.role) for photo in photos)


@router.post("", response={201: ReportedOut, 200: ReportedOut})
def report(request: HttpRequest, body: ReportIn) -> HttpResponse:
    """Report a problem: 201 for a new work order, 200 when the reference came before."""
    received = Report(**{**dict(body), "photos": photos_of(body.photos)})
    answer = intake.report(received, actor=acting(request), now=timezone.now())
    status = 201 if answer.created else 200
    return JsonResponse(_reported(answer), status=status, content_type=JSON)


def _reported(answer: Reported) -> dict[str, Any]:
    """Return a `ReportedOut` as it is sent; to validate our own answer costs 0.05 ms a report."""
    return {
        "id": answer.id,
        "code": answer.code,
        "state": answer.state,
        "created": answer.created,
        "duplicates": [NearbyOut.model_validate(near).model_dump() for near in answer.duplicates],
    }


@router.get("", response={200: PageOut})
def work_orders(request: HttpRequest, asked: Query[ListIn]) -> dict[str, Any]:
    """List what you may see, newest first, by pages."""
    found = page(
        acting(request),
        _filters(asked),
        now=timezone.now(),
        order=asked.sort,
        after=asked.after,
        before=asked.before,
        size=asked.size,
    )
    return {
        "items": found.rows,
        "count": found.count,
        "after": found.after,
        "before": found.before,
    }


def _filters(asked: ListIn) -> Filters:
    return Filters(
        states=tuple(asked.state),
        channels=tuple(asked.channel),
        towns=tuple(asked.town),
        matter=asked.matter,
        handler=asked.handler,
        grid=asked.grid,
        overdue=asked.overdue,
        due_soon=asked.due_soon,
        open_only=asked.open_only,
        mine=asked.mine,
        measure=asked.measure,
        since=_midnight(asked.since),
        until=_midnight(asked.until + timedelta(days=1) if asked.until else None),
        text=asked.text.strip(),
    )


def _midnight(day: Any) -> datetime | None:
    return timezone.make_aware(datetime.combine(day, time())) if day else None


@router.get("/{int:work_order_id}", response={200: WorkOrderOut})
def work_order(request: HttpRequest, work_order_id: int) -> Any:
    """Return one work order, with what may be done next."""
    return record(acting(request), work_order_id, now=timezone.now())


@router.get("/{int:work_order_id}/history", response={200: list[EntryOut]})
def history(request: HttpRequest, work_order_id: int) -> Any:
    """Return the timeline, oldest first, with the hash of every event."""
    found = record(acting(request), work_order_id, now=timezone.now())
    return audit.history(found.subject)


@router.get("/{int:work_order_id}/files", response={200: list[FileOut]})
def files(request: HttpRequest, work_order_id: int) -> Any:
    """Return the files of the record."""
    found = record(acting(request), work_order_id, now=timezone.now())
    return evidence.files_of(found.subject)
