"""Reading what a client asks: every parameter the specification names, and what is wrong with it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

WINDOW = timedelta(days=90)
MOST = 1000
LAST_PAGE = 10_000
NUMBER = re.compile(r"\d{1,18}")
DATE = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One entry of an error answer; the code tells more than the HTTP status."""

    code: int
    description: str


class Refused(Exception):
    """The request cannot be fulfilled; `faults` may name more than one cause."""

    def __init__(self, status: int, *faults: Fault) -> None:
        super().__init__(status)
        self.status, self.faults = status, faults


def refused(status: int, description: str, *, code: int | None = None) -> Refused:
    """Return a refusal with one cause."""
    return Refused(status, Fault(code=code or status, description=description))


def require_jurisdiction(given: Mapping[str, str]) -> None:
    """Refuse another jurisdiction; ours may be left out, because there is only one."""
    named = given.get("jurisdiction_id", "").strip()
    if named and named not in settings.CHENGZHI_OPEN311_JURISDICTIONS:
        ours = settings.CHENGZHI_OPEN311_JURISDICTIONS[0]
        raise refused(404, f"没有找到 jurisdiction_id“{named}”，本接口只服务 {ours}，也可不填。")


def listed(given: Mapping[str, str], name: str) -> tuple[str, ...]:
    """Return the values of a comma-separated parameter."""
    return tuple(part.strip() for part in given.get(name, "").split(",") if part.strip())


def numbers(given: Mapping[str, str], name: str) -> tuple[int, ...] | None:
    """Return the numbers of a comma-separated parameter; what is no number is nobody's."""
    if not given.get(name, "").strip():
        return None
    return tuple(int(part) for part in listed(given, name)[:MOST] if NUMBER.fullmatch(part))


def number(text: str, name: str) -> int:
    """Return a number from an address; what is no number is nobody's."""
    if not NUMBER.fullmatch(text):
        raise refused(404, f"没有编号为“{text}”的案件，请核对 {name}。")
    return int(text)


def moment(given: Mapping[str, str], name: str) -> datetime | None:
    """Return a W3C moment with its zone, or the midnight of a day in the city's zone."""
    text = given.get(name, "").strip()
    if not text:
        return None
    try:
        return _moment(text.replace(" ", "+"))  # a plus sign that was not escaped
    except ValueError:
        raise refused(
            400, f"{name}“{text}”读不懂，应为带时区的 W3C 时间，例如 2026-11-25T10:30:00+08:00。"
        ) from None


def _moment(text: str) -> datetime:
    if DATE.fullmatch(text):
        day = parse_date(text)
        return timezone.make_aware(datetime.combine(day, time())) if day else _unread(text)
    found = parse_datetime(text)
    if found is None or found.tzinfo is None or not 1990 <= found.year <= 2099:
        return _unread(text)
    return found


def _unread(text: str) -> datetime:
    raise ValueError(text)


def period(given: Mapping[str, str], *, now: datetime) -> tuple[datetime, datetime]:
    """Return the stretch of time asked for: 90 days at most, the last 90 unless told."""
    since, until = moment(given, "start_date"), moment(given, "end_date")
    if since is None and until is None:
        return now - WINDOW, now
    since = since if since is not None else (until or now) - WINDOW
    until = until if until is not None else min(since + WINDOW, max(now, since))
    if since > until:
        raise refused(400, "start_date 晚于 end_date，请对调后再查。")
    if until - since > WINDOW:
        raise refused(400, "start_date 与 end_date 相距超过 90 天，请分段查询。")
    return since, until


def paging(given: Mapping[str, str]) -> tuple[int, int]:
    """Return where a page starts and how long it is (extension `page`, `page_size`)."""
    size = _whole(given, "page_size", most=MOST) or MOST
    page = _whole(given, "page", most=LAST_PAGE) or 1
    return (page - 1) * size, size


def _whole(given: Mapping[str, str], name: str, *, most: int) -> int | None:
    text = given.get(name, "").strip()
    if not text:
        return None
    if not (NUMBER.fullmatch(text) and 1 <= int(text) <= most):
        raise refused(400, f"{name} 应为 1 至 {most} 的整数。")
    return int(text)


def is_extended(given: Mapping[str, str]) -> bool:
    """Return whether the client asks for more than the specification gives."""
    return any(given.get(name, "").lower() == "true" for name in ("extended", "extensions"))
