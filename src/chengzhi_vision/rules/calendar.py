"""When a rule is in force: hours of the day, weekdays and excepted dates."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from chengzhi_vision.config import Rule, Span

ALWAYS = float("-inf")
LOOK_BACK_DAYS = 8


def in_force_since(rule: Rule, *, at: float, zone: str) -> float | None:
    """Return since when (epoch seconds) the rule is in force at `at`; None when it is not."""
    local = datetime.fromtimestamp(at, UTC).astimezone(ZoneInfo(zone))
    if not rule.hours:
        return _days_since(rule, local)
    starts = [_span_since(rule, span, local) for span in rule.hours]
    known = [start for start in starts if start is not None]
    return min(known) if known else None


def _is_day(rule: Rule, day: date) -> bool:
    return day.isoweekday() in rule.weekdays and day not in rule.except_dates


def _days_since(rule: Rule, local: datetime) -> float | None:
    if not _is_day(rule, local.date()):
        return None
    for back in range(1, LOOK_BACK_DAYS):
        if not _is_day(rule, local.date() - timedelta(days=back)):
            return _at(local, local.date() - timedelta(days=back - 1)).timestamp()
    return ALWAYS


def _span_since(rule: Rule, span: Span, local: datetime) -> float | None:
    if not span.covers(local.time()):
        return None
    is_after_midnight = span.start >= span.end and local.time() < span.end
    day = local.date() - timedelta(days=1 if is_after_midnight else 0)
    if not _is_day(rule, day) or day.isoweekday() not in span.days:
        return None
    start = _at(local, day).replace(hour=span.start.hour, minute=span.start.minute)
    return start.timestamp()


def _at(local: datetime, day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=local.tzinfo)
