"""What an address or a form says, as the values that queries and commands take."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from chengzhi.accounts.types import Actor
from chengzhi.evidence import interface as evidence
from chengzhi.kernel.errors import InvalidInput
from chengzhi.workorders.types import Filters, Mark, PhotoRef

MOST_PHOTOS = 20
YEARS = range(2000, 2100)


def is_htmx(request: HttpRequest) -> bool:
    """Return whether a part of a page is asked for."""
    return bool(request.htmx)  # type: ignore[attr-defined]


def filters_of(query: QueryDict) -> Filters:
    """Return the filters that an address carries; unknown parameters are left alone.

    :raises InvalidInput: a day or a number is malformed.
    """
    since, until = period(query)
    return Filters(
        states=many(query, "state"),
        channels=many(query, "channel"),
        towns=many(query, "town"),
        matter=query.get("matter", "").strip(),
        handler=query.get("handler", "").strip(),
        grid=query.get("grid", "").strip(),
        overdue=query.get("due") == "over",
        due_soon=query.get("due") == "soon",
        open_only=query.get("open") == "1",
        rework_from=number_in(query, "rework"),
        since=since,
        until=until,
        text=query.get("text", "").strip()[:100],
        results=many(query, "result"),
        mine=query.get("mine") == "1",
        marked=_mark(query),
        keys=keys_in(query),
        measure=query.get("measure", ""),
    )


def _mark(query: QueryDict) -> str:
    return next((mark for mark in Mark if query.get(mark) == "1"), "")


def keys_in(query: QueryDict) -> tuple[int, ...]:
    """Return the keys of the rows that were chosen.

    :raises InvalidInput: one of them is not a number.
    """
    values = [value for value in query.getlist("id") if value]
    if not all(value.isdecimal() and len(value) < 19 for value in values):
        raise InvalidInput("选中的案件编号无法识别，请重新勾选。", field="id")
    return tuple(dict.fromkeys(int(value) for value in values))


def many(query: QueryDict, name: str, known: Iterable[str] | None = None) -> tuple[str, ...]:
    """Return the values of a filter; unknown ones are dropped where the known are given."""
    allowed = None if known is None else set(known)
    values = query.getlist(name)
    return tuple(v for v in values if v and (allowed is None or v in allowed))


def period(query: QueryDict) -> tuple[datetime | None, datetime | None]:
    """Return the half-open period that `since` and `until` (a last day) say.

    :raises InvalidInput: one of them is not a date of this century.
    """
    since, until = day_in(query, "since"), day_in(query, "until")
    return _midnight(since), _midnight(until + timedelta(days=1) if until else None)


def day_in(query: QueryDict, name: str) -> date | None:
    """Return a day; none when it is absent.

    :raises InvalidInput: it is not a date of this century.
    """
    text = query.get(name, "").strip()
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise InvalidInput(f"日期“{text}”应写成 2026-11-25，请改正。", field=name) from error
    if day.year not in YEARS:
        raise InvalidInput(f"日期“{text}”应在 2000 年至 2099 年之间，请改正。", field=name)
    return day


def number_in(query: QueryDict, name: str, default: int = 0) -> int:
    """Return a whole number; the default when it is absent.

    :raises InvalidInput: it is not a number.
    """
    text = query.get(name, "").strip()
    if not text:
        return default
    if not text.isdecimal() or len(text) > 15:
        raise InvalidInput(f"“{text}”应是数字，请改正。", field=name)
    return int(text)


def float_in(query: QueryDict, name: str) -> float:
    """Return a number of degrees.

    :raises InvalidInput: it is absent or not a number.
    """
    try:
        return float(query.get(name, ""))
    except ValueError as error:
        raise InvalidInput("没有选定位置，请在地图上点选。", field=name) from error


def _midnight(day: date | None) -> datetime | None:
    return timezone.make_aware(datetime.combine(day, time())) if day else None


def photos_from(
    request: HttpRequest, role: str, *, actor: Actor, now: datetime, name: str = "photos"
) -> tuple[PhotoRef, ...]:
    """Store the pictures of a form and return them in a role.

    :raises UploadRefused: a file is not what may be stored.
    :raises InvalidInput: there are too many.
    """
    files: list[UploadedFile[Any]] = request.FILES.getlist(name)
    if len(files) > MOST_PHOTOS:
        raise InvalidInput(f"一次最多上传 {MOST_PHOTOS} 个文件，请分次上传。", field=name)
    stored = [
        evidence.store(file.read(), name=file.name or "", actor=actor, now=now) for file in files
    ]
    return photo_refs((file.sha256 for file in stored), role)


def photo_refs(hashes: Iterable[str], role: str) -> tuple[PhotoRef, ...]:
    """Return stored files in a role."""
    return tuple(PhotoRef(sha256=sha256, role=role) for sha256 in hashes)


def done(request: HttpRequest, message: str, *, to: str) -> HttpResponse:
    """Say what was done and go on: where the form asks to, else to the given page."""
    messages.success(request, message)
    wanted = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    target = wanted if ours else to
    if is_htmx(request):
        return HttpResponse(status=204, headers={"HX-Redirect": target})
    return redirect(target)
