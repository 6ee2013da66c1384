"""POST requests: form-encoded, answered with a number or a token."""

import re
from typing import Any

from django.http import HttpResponse
from django.utils import timezone

from chengzhi.evidence import interface as evidence
from chengzhi.places import interface as places
from chengzhi.places.types import Point
from chengzhi.workorders.api.open311 import asking
from chengzhi.workorders.api.open311.asking import refused
from chengzhi.workorders.api.open311.door import Asked
from chengzhi.workorders.api.open311.formats import answer
from chengzhi.workorders.api.open311.services import check_attributes, known_service
from chengzhi.workorders.commands.outside import receive
from chengzhi.workorders.types import PhotoRef
from chengzhi.workorders.types.outside import OutsideReceipt, OutsideReport

ATTRIBUTE = re.compile(r"attribute\[([^\[\]]{1,100})\](?:\[\d*\])?")
LINK = re.compile(r"https?://[^\s<>\"']+")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
MOST_FILES = 5
LIMITS = {
    "description": 4000, "email": 254, "account_id": 100, "first_name": 30, "last_name": 30,
    "phone": 30, "media_url": 500, "address_string": 256, "device_id": 200,
}  # fmt: skip


def send(asked: Asked) -> HttpResponse:
    """Take a request in; 201 with its number, or with a token where a person looks first."""
    actor = asked.actor
    assert actor, "the door asks for a key before a POST"
    received = _report(asked)
    receipt = receive(received, actor=actor, now=asked.now)
    return answer("service_requests", [_body(receipt)], to=asked.to, status=201)


def _body(receipt: OutsideReceipt) -> dict[str, Any]:
    number = {"token": receipt.token} if receipt.token else {"service_request_id": str(receipt.id)}
    return {
        **number,
        "service_notice": receipt.notice,
        "account_id": receipt.account_id or None,
    }


def _report(asked: Asked) -> OutsideReport:
    given = asked.given
    on = timezone.localdate(asked.now)
    service = known_service(given.get("service_code", "").strip(), on=on)
    require_short(given)
    attributes = _attributes(asked)
    check_attributes(service.code, attributes, on=on)
    point, address, note = _place(asked)
    return OutsideReport(
        service_code=service.code,
        lon=point.lon,
        lat=point.lat,
        address=address,
        place_note=note,
        description=_text(given, "description"),
        name=_name(given),
        phone=_text(given, "phone"),
        email=_matching(given, "email", EMAIL, "name@example.com"),
        account_id=_text(given, "account_id"),
        media_url=_matching(given, "media_url", LINK, "https://example.com/photo.jpg"),
        attributes=attributes,
        occurred_at=asking.moment(attributes, "occurred_at"),
        component_code=attributes.get("component_code", ""),
        photos=_photos(asked),
        client_ref=_client_ref(asked),
    )


def require_short(given: Any) -> None:
    """Refuse values longer than can be kept, all of them at once."""
    long = [
        asking.Fault(code=400, description=f"{name} 最多 {most} 字，请删减。")
        for name, most in LIMITS.items()
        if len(given.get(name, "")) > most
    ]
    if long:
        raise asking.Refused(400, *long)


def _text(given: Any, name: str) -> str:
    return str(given.get(name, "")).strip()


def _name(given: Any) -> str:
    """Return the whole name: the family name first where it is written in characters."""
    first, last = _text(given, "first_name"), _text(given, "last_name")
    return f"{last}{first}" if not f"{first}{last}".isascii() else f"{first} {last}".strip()


def _matching(given: Any, name: str, pattern: re.Pattern[str], example: str) -> str:
    value = _text(given, name)
    if value and not pattern.fullmatch(value):
        raise refused(400, f"{name}“{value}”格式不对，例如 {example}。")
    return value


def _attributes(asked: Asked) -> dict[str, str]:
    """Return attribute[code]=value pairs; several values of one code are joined by commas."""
    found: dict[str, list[str]] = {}
    for name, values in asked.given.lists():
        if match := ATTRIBUTE.fullmatch(name):
            found.setdefault(match.group(1), []).extend(v.strip() for v in values)
    return {code: ",".join(v for v in values if v) for code, values in found.items()}


def _place(asked: Asked) -> tuple[Point, str, str]:
    """Return the point, the address and how the point was found: by lat and long first."""
    given = asked.given
    written = _text(given, "address_string")
    if _text(given, "lat") or _text(given, "long"):
        point = Point(lon=_degrees(given, "long", 180), lat=_degrees(given, "lat", 90))
        return point, written or _described(point, asked), ""
    if code := _text(given, "address_id"):
        found = places.point_of(code, county=asked.county)
        if found is None:
            raise refused(400, f"address_id“{code}”不是本地的部件、网格或区划编码。")
        return found, written or _described(found, asked), f"点位取自编码 {code}；"
    if written:
        named = places.place_named_in(written, county=asked.county)
        if named is None:
            raise refused(
                400, "address_string 中没有本地的道路、社区或镇街名，请补充，或改发 lat 和 long。"
            )
        return named.point, written, f"只有地址，点位按“{named.name}”估计，请核对；"
    raise refused(400, "没有位置。请填写 lat 和 long、address_string 或 address_id 之一。")


def _degrees(given: Any, name: str, most: int) -> float:
    text = _text(given, name)
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not -most <= value <= most:
        raise refused(
            400, f"{name}“{text}”应为 −{most} 至 {most} 的 WGS-84 度数，lat 和 long 须同时填写。"
        )
    return value


def _described(point: Point, asked: Asked) -> str:
    """Return an address for a bare point: town, community and road, as far as they are known."""
    found = places.locate(point, now=asked.now)
    names = places.division_names({found.town, found.community})
    road = places.road_names({found.road}).get(found.road, "")
    parts = (names.get(found.town, ""), names.get(found.community, ""), road)
    told = "".join(parts)
    return f"{told}附近" if told else f"东经 {point.lon:.5f}°，北纬 {point.lat:.5f}°"


def _photos(asked: Asked) -> tuple[PhotoRef, ...]:
    """Keep the pictures that came in the same form (extension `media`)."""
    files = asked.request.FILES.getlist("media")
    if len(files) > MOST_FILES:
        raise refused(400, f"media 最多 {MOST_FILES} 个文件。")
    assert asked.actor, "the door asks for a key before a POST"
    return tuple(_stored(file, asked) for file in files)


def _stored(file: Any, asked: Asked) -> PhotoRef:
    evidence.refuse_size(file.size or 0)
    assert asked.actor, "the door asks for a key before a POST"
    kept = evidence.store(file.read(), name=file.name or "", actor=asked.actor, now=asked.now)
    return PhotoRef(sha256=kept.sha256, role="near")


def _client_ref(asked: Asked) -> str:
    """Return the sender's own id of this POST, so that it may be sent again (Idempotency-Key)."""
    key = asked.request.headers.get("Idempotency-Key", "").strip()
    if len(key) > 60:
        raise refused(400, "Idempotency-Key 最多 60 个字符。")
    assert asked.actor, "the door asks for a key before a POST"
    return f"open311:{asked.actor.ref}:{key}"[:100] if key else ""
