"""Updates of requests (extension `servicerequestupdates`): read what happened, add what is new."""

from typing import Any

from django.http import HttpResponse

from chengzhi.workorders.api.open311 import asking
from chengzhi.workorders.api.open311.asking import refused
from chengzhi.workorders.api.open311.door import Asked, door
from chengzhi.workorders.api.open311.formats import answer, moment
from chengzhi.workorders.api.open311.sending import require_short
from chengzhi.workorders.commands.outside import add_update
from chengzhi.workorders.queries.published import public_updates
from chengzhi.workorders.types.outside import PublicUpdate

LONGEST_ID = 60


@door("GET", "POST", reads_requests=True)
def updates(asked: Asked) -> HttpResponse:
    """List updates of a stretch of time, or add one to an open request."""
    return _add(asked) if asked.request.method == "POST" else _list(asked)


def _list(asked: Asked) -> HttpResponse:
    start, limit = asking.paging(asked.given)
    since, until = asking.period(asked.given, now=asked.now)
    found = public_updates(
        asked.actor,
        county=asked.county,
        since=since,
        until=until,
        ids=asking.numbers(asked.given, "service_request_id"),
        start=start,
        limit=limit,
    )
    extended = asking.is_extended(asked.given)
    body = [_shown(update, extended=extended) for update in found]
    return answer("service_request_updates", body, to=asked.to)


def _shown(update: PublicUpdate, *, extended: bool) -> dict[str, Any]:
    body: dict[str, Any] = {
        "update_id": update.id,
        "service_request_id": str(update.request),
        "status": update.status.value,
        "updated_datetime": moment(update.at),
        "description": update.description,
        "media_url": None,
    }
    return {**body, "extended_status": update.extended.value} if extended else body


def _add(asked: Asked) -> HttpResponse:
    require_short(asked.given)
    actor = asked.actor
    assert actor, "the door asks for a key before a POST"
    text = asked.given.get("service_request_id", "").strip()
    if not text:
        raise refused(400, "没有填写 service_request_id。")
    own = asked.given.get("update_id", "").strip()
    if len(own) > LONGEST_ID:
        raise refused(400, f"update_id 最多 {LONGEST_ID} 个字符。")
    number = add_update(
        asking.number(text, "service_request_id"),
        text=asked.given.get("description", ""),
        client_ref=own,
        actor=actor,
        now=asked.now,
    )
    return answer("service_request_updates", [{"update_id": number}], to=asked.to, status=201)
