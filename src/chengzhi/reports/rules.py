"""Periods and comparisons of the live numbers, as pure arithmetic."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from chengzhi.kernel.errors import InvalidInput
from chengzhi.reports.types import PERIOD_LABELS, Period, PeriodName

FIRST_DAYS: dict[PeriodName, Callable[[date], date]] = {
    PeriodName.TODAY: lambda today: today,
    PeriodName.WEEK: lambda today: today - timedelta(days=6),
    PeriodName.MONTH_BACK: lambda today: today - timedelta(days=29),
    PeriodName.MONTH: lambda today: today.replace(day=1),
    PeriodName.YEAR: lambda today: today.replace(month=1, day=1),
}
DAYS_IN_CHART = 31


def period(name: str, *, now: datetime, zone: ZoneInfo) -> Period:
    """Return the span that a name means at a moment; it ends with the end of today.

    :raises InvalidInput: the page does not offer this period.
    """
    if name not in FIRST_DAYS:
        offered = "、".join(f"{key}（{label}）" for key, label in PERIOD_LABELS.items())
        raise InvalidInput(f"没有周期“{name}”，可用：{offered}。", field="period")
    today = now.astimezone(zone).date()
    first = FIRST_DAYS[PeriodName(name)](today)
    return span(PeriodName(name), first=first, last=today, zone=zone)


def span(name: PeriodName, *, first: date, last: date, zone: ZoneInfo) -> Period:
    """Return the half-open span of whole days from one day to another, both included."""
    return Period(
        name=name,
        first=first,
        last=last,
        since=midnight(first, zone=zone),
        until=midnight(last + timedelta(days=1), zone=zone),
    )


def before(current: Period, *, zone: ZoneInfo) -> Period:
    """Return the span of as many days just before (环比)."""
    last = current.first - timedelta(days=1)
    first = last - timedelta(days=current.days - 1)
    return span(current.name, first=first, last=last, zone=zone)


def midnight(day: date, *, zone: ZoneInfo) -> datetime:
    """Return the moment at which a civil day begins."""
    return datetime.combine(day, time.min, tzinfo=zone)


def steps(current: Period) -> list[tuple[str, date, date]]:
    """Return the columns of the chart, label and both days: days, or months beyond 31 days."""
    if current.days <= DAYS_IN_CHART:
        days = [current.first + timedelta(days=n) for n in range(current.days)]
        return [(f"{day.month}-{day.day}", day, day) for day in days]
    return [_month(month, current) for month in range(current.first.month, current.last.month + 1)]


def _month(month: int, current: Period) -> tuple[str, date, date]:
    first = date(current.first.year, month, 1)
    following = (first + timedelta(days=31)).replace(day=1)
    return f"{month}月", first, min(following - timedelta(days=1), current.last)


def change(value: int, previous: int) -> str:
    """Return a comparison as official reports word it: 增长 3.91 倍, 下降 16.31%.

    From a doubling on, growth is told in times. Nothing can be said against zero.
    """
    if previous == 0:
        return ""
    share = (value - previous) / previous
    if share == 0:
        return "持平"
    if share >= 1:
        return f"增长 {share:.2f} 倍"
    return f"{'增长' if share > 0 else '下降'} {abs(share) * 100:.2f}%"


def length_text(length: timedelta | None) -> str:
    """Return an average length as a table shows it: hours below two days, else days."""
    if length is None:
        return "—"
    hours = length / timedelta(hours=1)
    return f"{hours:.1f} 小时" if hours < 48 else f"{hours / 24:.1f} 天"
