"""A year of the working calendar as twelve months, with its stretches off and make-up days."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from django.utils.formats import date_format
from django.utils.translation import gettext

from chengzhi.site.web.standards.tables import Cell, Column, Table, table
from chengzhi.standards.store import Standards
from chengzhi.standards.work_calendar import holiday_names

ONE_DAY = timedelta(days=1)
MONDAY = date(2026, 11, 23)
DAY_LABELS = {
    "work": "工作日",
    "rest": "周末",
    "off": "放假",
    "make-up": "调休上班",
    "short": "缩短工时",
}
MARK_LABELS = {"off": "休", "make-up": "班", "short": "短"}


@dataclass(frozen=True, kw_only=True)
class Day:
    """One day: what kind it is, and the holiday's name."""

    on: date
    kind: str
    name: str = ""
    is_today: bool = False

    @property
    def mark(self) -> str:
        """The one sign that the small month shows beside the number."""
        return gettext(MARK_LABELS[self.kind]) if self.kind in MARK_LABELS else ""

    @property
    def said(self) -> str:
        """The day in words, for a pointer and a screen reader."""
        kind = gettext(DAY_LABELS[self.kind])
        return " ".join(part for part in (self.on.isoformat(), kind, gettext(self.name)) if part)


@dataclass(frozen=True, kw_only=True)
class Month:
    """One month as weeks of seven; a day of another month is None."""

    first: date
    weeks: tuple[tuple[Day | None, ...], ...]
    working_days: int


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """Days of one kind that follow each other."""

    kind: str
    name: str
    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days it lasts."""
        return (self.last - self.first).days + 1


def weekdays() -> list[tuple[str, str]]:
    """Return the short and the whole names of a week's days, from Monday."""
    week = [date_format(MONDAY + ONE_DAY * n, "D") for n in range(7)]
    return [(name.removeprefix("星期"), name) for name in week]


def days_of(standards: Standards, year: int, *, today: date) -> list[Day]:
    """Return every day of a year."""
    names = holiday_names(standards.overlay)
    first = date(year, 1, 1)
    count = (date(year + 1, 1, 1) - first).days
    return [
        Day(on=on, kind=_kind(standards, on), name=names.get(on, ""), is_today=on == today)
        for on in (first + ONE_DAY * n for n in range(count))
    ]


def _kind(standards: Standards, on: date) -> str:
    plan = standards.plan
    if on in plan.holidays:
        return "off"
    if on in plan.make_up_days:
        return "make-up"
    if on.weekday() not in plan.weekly:
        return "rest"
    return "short" if on in plan.short_days else "work"


def months(days: Iterable[Day], standards: Standards) -> list[Month]:
    """Return the months of a year."""
    grouped = groupby(days, key=lambda day: day.on.month)
    return [_month(list(group), standards) for _, group in grouped]


def _month(days: list[Day], standards: Standards) -> Month:
    cells: list[Day | None] = [*[None] * days[0].on.weekday(), *days]
    cells += [None] * (-len(cells) % 7)
    worked = sum(standards.calendar.is_working_day(day.on) for day in days)
    weeks = tuple(tuple(cells[start : start + 7]) for start in range(0, len(cells), 7))
    return Month(first=days[0].on, weeks=weeks, working_days=worked)


def stretches(days: Iterable[Day]) -> Iterator[Stretch]:
    """Yield the stretches off and the make-up days of a year, in order."""
    for (kind, name), group in groupby(days, key=lambda day: (day.kind, day.name)):
        run = list(group)
        if kind in MARK_LABELS:
            yield Stretch(kind=kind, name=name, first=run[0].on, last=run[-1].on)


def calendar_table(days: Iterable[Day], year: int) -> Table:
    """Return the days that differ from a plain week."""
    columns = [
        Column[Stretch](label=gettext("日期"), look="strong", fill=_dates),
        Column[Stretch](label=gettext("安排"), fill=_arrangement),
        Column[Stretch](label=gettext("节日"), fill=lambda r: gettext(r.name) if r.name else "—"),
        Column[Stretch](label=gettext("天数"), look="num", fill=lambda r: str(r.days)),
    ]
    title = gettext("%(year)s 年放假与调休") % {"year": year}
    return table("calendar", title, columns, stretches(days))


def _dates(row: Stretch) -> str:
    first = f"{row.first.isoformat()} {date_format(row.first, 'D')}"
    if row.days == 1:
        return first
    return f"{first} – {row.last.isoformat()} {date_format(row.last, 'D')}"


def _arrangement(row: Stretch) -> Cell:
    tones = {"off": "ok", "make-up": "warn", "short": "live"}
    return Cell(status=gettext(DAY_LABELS[row.kind]), tone=tones[row.kind])


def hours_of(standards: Standards, year: int) -> list[tuple[date, str]]:
    """Return the office hours that hold in a year, each with the day from which it holds."""
    end = date(year, 12, 31)
    known = [hours for hours in standards.plan.hours if hours.valid_from <= end]
    begun = [hours for hours in known if hours.valid_from <= date(year, 1, 1)]
    first = max((hours.valid_from for hours in begun), default=date(year, 1, 1))
    shown = sorted((h for h in known if h.valid_from >= first), key=lambda h: h.valid_from)
    return [
        (
            hours.valid_from,
            "、".join(f"{span.opens:%H:%M}–{span.closes:%H:%M}" for span in hours.spans),
        )
        for hours in shown
    ]
