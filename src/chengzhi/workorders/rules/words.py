"""How a work order is written for people: its number, what is left, masked names."""

import re
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from chengzhi import standards

CHINA = ZoneInfo("Asia/Shanghai")
CODE = re.compile(r"^\D*[〔\[(（]?(\d{4})[〕\])）](\d+)$")
DAY = timedelta(days=1)


class Left(NamedTuple):
    """What is left of a limit: the words, and the tone they are shown in."""

    text: str
    tone: str  # ok | warn | bad | idle


def code_text(year: int, serial: int) -> str:
    """Return the number of a work order as it is printed: 城案〔2026〕41732."""
    return standards.current().work_order_code(serial, on=date(year, 12, 31))


def serial_in(text: str) -> int | None:
    """Return the serial that a typed number names: the whole number, or its digits alone."""
    stripped = text.strip()
    if stripped.isdecimal():
        return int(stripped)
    found = CODE.match(stripped)
    return int(found.group(2)) if found else None


def left(due_at: datetime | None, warn_at: datetime | None, *, now: datetime) -> Left:
    """Return what is left of a limit in words; overdue counts up."""
    if due_at is None:
        return Left("—", "idle")
    if now >= due_at:
        return Left(f"超期 {span(now - due_at)}", "bad")
    tone = "warn" if warn_at is not None and now >= warn_at else "ok"
    return Left(f"剩 {span(due_at - now)}", tone)


def span(length: timedelta) -> str:
    """Return a length of time: hours and minutes below a day, else days and hours."""
    minutes = int(length.total_seconds()) // 60
    if length < DAY:
        return f"{minutes // 60}:{minutes % 60:02d}"
    return f"{minutes // 1440} 天 {minutes % 1440 // 60} 小时"


def moment_text(at: datetime | None) -> str:
    """Return a moment in the city's time: 11-25 10:30, with the year if none is meant."""
    return at.astimezone(CHINA).strftime("%m-%d %H:%M") if at else "—"


def masked_phone(phone: str) -> str:
    """Return a phone number with the middle hidden: 138****5678."""
    if len(phone) < 7:
        return "*" * len(phone)
    return f"{phone[:3]}{'*' * (len(phone) - 7)}{phone[-4:]}"


def masked_name(name: str) -> str:
    """Return a name with everything but the family name hidden: 王**."""
    return name[:1] + "*" * (len(name) - 1)
