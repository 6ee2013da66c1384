"""Filters, periods and files that the lists of whistles, remedies and coverage share."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.http import HttpResponse, QueryDict
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext

from chengzhi.kernel.sheets import Cell, as_file
from chengzhi.workorders.web.parsing import day_in


@dataclass(frozen=True, kw_only=True)
class Pill:
    """One filter as a list shows it."""

    label: str
    name: str
    word: str
    options: list[tuple[str, str, None]]
    chosen: list[str]


@dataclass(frozen=True, kw_only=True)
class Tab:
    """One fixed view above a list."""

    label: str
    url: str
    is_current: bool
    count: int | None = None


def pill(query: QueryDict, name: str, label: str, names: Mapping[str, str]) -> Pill:
    """Return a filter of many values, with those that the address chose."""
    chosen = [value for value in query.getlist(name) if value]
    return Pill(
        label=label,
        name=name,
        word="、".join(gettext(names.get(value, value)) for value in chosen),
        options=[(str(value), gettext(word), None) for value, word in names.items()],
        chosen=chosen,
    )


def many(query: QueryDict, name: str, known: Iterable[str] | None = None) -> tuple[str, ...]:
    """Return the values of a filter; unknown ones are dropped where the known are given."""
    allowed = None if known is None else set(known)
    values = query.getlist(name)
    return tuple(v for v in values if v and (allowed is None or v in allowed))


def period(query: QueryDict) -> tuple[datetime | None, datetime | None]:
    """Return the half-open period that `since` and `until` (a last day) say."""
    since, until = day_in(query, "since"), day_in(query, "until")
    return _midnight(since), _midnight(until + timedelta(days=1) if until else None)


def _midnight(day: object) -> datetime | None:
    return timezone.make_aware(datetime.combine(day, time())) if day else None  # type: ignore[arg-type]


def file_of(
    kind: str, title: str, head: Sequence[str], rows: Iterable[Sequence[Cell]]
) -> HttpResponse:
    """Return a list as an xlsx or csv file with today's date in its name."""
    zone = timezone.get_current_timezone()
    content, media_type = as_file(kind, head, rows, zone=zone)
    answer = HttpResponse(content, content_type=media_type)
    name = f"{title}-{timezone.localdate():%Y%m%d}.{kind}"
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return answer
