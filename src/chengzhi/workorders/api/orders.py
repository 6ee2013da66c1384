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
from chengzhi.workorders.api.versions import etag, is_known
from chengzhi.workorders.commands import intake
from chengzhi.workorders.queries.access import access_work_order
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
        filters_of(asked),
        now=timezone.now(),
        order=asked.sort,
        after=asked.after,
        before=asked.before,
        size=asked.limit,
        counted=asked.count,
    )
    return {
        "items": found.rows,
        "count": found.count,
        "after": found.after,
        "before": found.before,
        "next": _turned(request, after=found.after),
        "prev": _turned(request, before=found.before),
    }


def _turned(request: HttpRequest, **cursor: str) -> str | None:
    """Return the address of another page of the same list."""
    if not any(cursor.values()):
        return None
    query = request.GET.copy()
    query.pop("after", None)
    query.pop("before", None)
    query.update(cursor)
    return f"{request.path}?{query.urlencode()}"


def filters_of(asked: ListIn) -> Filters:
    return Filters(
        states=tuple(asked.state),
        channels=tuple(asked.channel),
        towns=tuple(asked.town),
        matter=asked.matter,
        handler=asked.handler,
        grid=asked.grid,
        results=tuple(asked.result),
        standing=tuple(asked.standing),
        overdue=asked.overdue,
        due_soon=asked.due_soon,
        open_only=asked.open_only,
        mine=asked.mine,
        marked=asked.marked or "",
        keys=tuple(asked.keys),
        rework_from=asked.rework_from,
        measure=asked.measure,
        since=_midnight(asked.since),
        until=_midnight(asked.until + timedelta(days=1) if asked.until else None),
        text=asked.text.strip(),
    )


def _midnight(day: Any) -> datetime | None:
    return timezone.make_aware(datetime.combine(day, time())) if day else None


@router.get("/{int:work_order_id}", response={200: WorkOrderOut, 304: None})
def work_order(request: HttpRequest, work_order_id: int, response: HttpResponse) -> Any:
    """Return one work order, with what may be done next; its ETag is its version."""
    found = record(acting(request), work_order_id, now=timezone.now())
    version = audit.last_seq(found.subject)
    response.headers["ETag"] = etag(version)
    if is_known(request, version):
        return HttpResponse(status=304, headers={"ETag": etag(version)})
    return {**vars(found), "version": version}


@router.get("/{int:work_order_id}/history", response={200: list[EntryOut]})
def history(request: HttpRequest, work_order_id: int, after: int = 0) -> Any:
    """Return the timeline, oldest first, with the hash of every event; `after`: only later ones."""
    order = access_work_order(acting(request), work_order_id)
    return [entry for entry in audit.history(order.subject) if entry.seq > after]


@router.get("/{int:work_order_id}/files", response={200: list[FileOut]})
def files(request: HttpRequest, work_order_id: int) -> Any:
    """Return the files of the record."""
    return evidence.files_of(access_work_order(acting(request), work_order_id).subject)
