"""GET requests, one request, and the number behind a token."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse

from chengzhi.evidence import interface as evidence
from chengzhi.workorders.api.open311 import asking
from chengzhi.workorders.api.open311.door import Asked
from chengzhi.workorders.api.open311.formats import answer, moment
from chengzhi.workorders.queries.public_pictures import NAME, pictures_of, public_picture
from chengzhi.workorders.queries.published import (
    public_request,
    public_requests,
    public_updates,
    request_of_token,
)
from chengzhi.workorders.types.outside import (
    EXTENDED_LABELS,
    ExtendedStatus,
    PublicAsked,
    PublicRequest,
    PublicStatus,
)

KNOWN = tuple(PublicStatus)
PICTURE_AGE_S = 600  # a picture that somebody covers better is gone from caches soon


def many(asked: Asked) -> HttpResponse:
    """List requests: by number, or those of at most 90 days, the newest 1000 first."""
    wanted = _wanted(asked)
    found = public_requests(asked.actor, wanted, county=asked.county, now=asked.now)
    body = [shown(row, asked) for row in _with_pictures(found)]
    response = answer("service_requests", body, to=asked.to)
    if len(found) == wanted.limit:
        response.headers["Link"] = f'<{_following(asked)}>; rel="next"'
    return response


def _wanted(asked: Asked) -> PublicAsked:
    start, limit = asking.paging(asked.given)
    ids = asking.numbers(asked.given, "service_request_id")
    if ids is not None:  # overrides all other arguments
        return PublicAsked(ids=ids, start=start, limit=limit)
    since, until = asking.period(asked.given, now=asked.now)
    statuses = asking.listed(asked.given, "status")
    if wrong := [status for status in statuses if status.lower() not in KNOWN]:
        raise asking.refused(400, f"status“{wrong[0]}”不对，只有 open 和 closed。")
    return PublicAsked(
        service_codes=asking.listed(asked.given, "service_code"),
        statuses=tuple(status.lower() for status in statuses),
        since=since,
        until=until,
        start=start,
        limit=limit,
    )


def _following(asked: Asked) -> str:
    query = {name: str(asked.given[name]) for name in asked.given if name != "api_key"}
    query["page"] = str(int(query.get("page") or 1) + 1)
    return asked.request.build_absolute_uri(f"{asked.request.path}?{urlencode(query)}")


def one(asked: Asked, name: str) -> HttpResponse:
    """Return one request, as a list of one."""
    pk = asking.number(name, "service_request_id")
    found = public_request(asked.actor, pk, county=asked.county, now=asked.now)
    body = shown(_with_pictures([found])[0], asked)
    if asking.is_extended(asked.given):
        body["notes"] = _notes(asked, found)
    return answer("service_requests", [body], to=asked.to)


def of_token(asked: Asked, name: str) -> HttpResponse:
    """Return the number that a token stands for; it is empty until somebody accepts the report."""
    if not name:
        raise asking.refused(400, "没有填写 token。")
    pk = request_of_token(name, county=asked.county)
    body = {"service_request_id": str(pk) if pk else None, "token": name}
    return answer("service_requests", [body], to=asked.to)


def picture(asked: Asked, name: str) -> HttpResponse:
    """Send one picture of a request: the copy in which faces and plates are hidden."""
    number, _, beginning = name.partition("-")
    pk = asking.number(number, "media_url")
    sha256 = public_picture(asked.actor, pk, beginning, county=asked.county)
    content, media_type = evidence.public_copy(sha256)
    response = HttpResponse(content, content_type=media_type)
    response.headers["Cache-Control"] = f"public, max-age={PICTURE_AGE_S}"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _with_pictures(rows: list[PublicRequest]) -> list[PublicRequest]:
    found = pictures_of([row.id for row in rows])
    return [replace(row, pictures=tuple(found.get(row.id, ()))) for row in rows]


def _picture_urls(row: PublicRequest, asked: Asked) -> list[str]:
    stems = [f"{row.id}-{sha256[:NAME]}" for sha256 in row.pictures]
    paths = [reverse("open311-picture", kwargs={"stem": stem}) for stem in stems]
    return [asked.request.build_absolute_uri(path) for path in paths]


def shown(row: PublicRequest, asked: Asked) -> dict[str, Any]:
    """Return a request as it is sent, in the order of the specification."""
    urls = _picture_urls(row, asked)
    body: dict[str, Any] = {
        "service_request_id": str(row.id),
        "status": row.status.value,
        "status_notes": row.note,
        "service_name": row.service_name,
        "service_code": row.service_code,
        "description": row.description,
        "agency_responsible": row.agency or None,
        "service_notice": row.notice or None,
        "requested_datetime": moment(row.requested_at),
        "updated_datetime": moment(row.updated_at),
        "expected_datetime": moment(row.expected_at),
        "address": row.address,
        "address_id": row.address_id or None,
        "zipcode": None,
        "lat": row.lat,
        "long": row.lon,
        "media_url": row.media_url or (urls[0] if urls else None),
    }
    if asking.is_extended(asked.given):
        body["extended_attributes"] = {**_extended(row), "media_urls": urls}
    return body


def _extended(row: PublicRequest) -> dict[str, Any]:
    return {
        "extended_status": row.extended.value,
        "extended_status_name": EXTENDED_LABELS[row.extended],
        "is_fixed": row.extended is ExtendedStatus.FIXED,
        "duplicate_of": str(row.duplicate_of) if row.duplicate_of else None,
        "handled_datetime": moment(row.handled_at),
        "town": row.town_name or None,
    }


def _notes(asked: Asked, row: PublicRequest) -> list[dict[str, Any]]:
    updates = public_updates(
        asked.actor, county=asked.county, since=row.requested_at, until=asked.now, ids=(row.id,)
    )
    return [
        {"datetime": moment(u.at), "description": u.description, "type": u.extended.value}
        for u in updates
    ]
