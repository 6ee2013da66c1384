"""The rows of the list of work orders: `{% load order_rows %}{% order_rows rows show starred %}`.

Written in Python and not in a template because it is what the platform draws most. All cells but the
countdown say what the order says, so they are drawn once and kept while nothing of it changes: the
same open orders are looked at again and again.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from html import escape
from typing import Any, NamedTuple

from django import template
from django.template.context import Context
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from chengzhi.site import reading
from chengzhi.site.templatetags.site_tags import chip, clock

register = template.Library()
Fill = Callable[[Any, datetime], str]
PLAIN = frozenset({"rejected", "voided", "merged"})  # over, and nothing came of it
NOTHING = "—"


@register.simple_tag(takes_context=True)
def order_rows(
    context: Context, rows: Iterable[Any], show: Mapping[str, bool], starred: Collection[int]
) -> SafeString:
    """Return a table row for each work order, with the columns that the reader chose."""
    now: datetime = context.get("now") or timezone.now()
    style = _Style(
        language=get_language(),
        columns=tuple(name for name, is_shown in show.items() if is_shown),
        day=timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0),
    )
    drawn = []
    for row in rows:
        before, after = _cells(row, row.id in starred, style)
        drawn.append(before + (_left(row, context) if show["left"] else "") + after)
    return mark_safe("\n".join(drawn))


class _Style(NamedTuple):
    """What decides how any row is drawn."""

    language: str
    columns: tuple[str, ...]
    day: datetime  # the reader's: a time of today is said shorter


@lru_cache(maxsize=4096)
def _cells(row: Any, is_starred: bool, style: _Style) -> tuple[str, str]:
    """Return the HTML of a row before its countdown, and after it."""
    before = f"<tr data-row>{_first(row, is_starred)}{_drawn(BEFORE, row, style)}"
    return before, f"{_drawn(AFTER, row, style)}</tr>"


def _first(row: Any, is_starred: bool) -> str:
    star = (
        f' <i class="ti ti-star star-on" role="img" aria-label="{escape(gettext("已收藏"))}"></i>'
        if is_starred
        else ""
    )
    return (
        f'<td class="pick"><input type="checkbox" form="bulk" name="id" value="{row.id}"'
        f' aria-label="{escape(gettext("选中"))} {row.serial}"></td>'
        f'<td class="nowrap" data-label="{escape(gettext("编号"))}">'
        f'<a data-open href="{reverse("workorder-list")}{row.id}/"'
        f' title="{escape(row.code)}">{row.serial}</a>{star}</td>'
        f'<td class="nowrap strong">{escape(row.matter_name)}</td>'
    )


def _moment(field: str) -> Fill:
    return lambda row, day: escape(reading.table_time(getattr(row, field), now=day))


def _value(field: str) -> Fill:
    return lambda row, day: escape(str(getattr(row, field) or NOTHING))


def _left(row: Any, context: Context) -> str:
    face = clock(context, row.stage_due_at, row.stage_warn_at) if row.stage_due_at else NOTHING
    return f'<td class="num">{face}</td>'


def _state(row: Any) -> SafeString:
    """Return the state as a chip; how it was closed says more than that it was."""
    if row.state == "closed" and row.closing_result != "resolved":
        return chip(row.closing_result_label, "warn")
    if row.state == "closed":
        return chip(row.state_label, "ok")
    return chip(row.state_label, "" if row.state in PLAIN else "live")


class _Column(NamedTuple):
    name: str  # empty: always shown
    look: str
    label: str  # what stands beside it on a phone
    fill: Fill


BEFORE = (
    _Column("place", "wide", "", lambda row, _: escape(f"{row.town_name} {row.address}")),
    _Column("channel", "nowrap soft", "来源", lambda row, _: escape(gettext(row.channel_label))),
    _Column("handler", "nowrap", "处置单位", _value("handler_name")),
    _Column("grid", "nowrap mono soft", "责任网格", _value("grid")),
    _Column("", "", "", lambda row, _: _state(row)),
)
AFTER = (
    _Column("due", "nowrap soft", "截止", _moment("stage_due_at")),
    _Column("handling_due", "nowrap soft", "处置截止", _moment("handling_due_at")),
    _Column("rework", "num soft", "返工", lambda row, _: str(row.rework_count)),
    _Column("returned", "num soft", "回退", lambda row, _: str(row.return_count)),
    _Column("reported", "nowrap soft", "上报", _moment("reported_at")),
    _Column("ended", "nowrap soft", "办结", _moment("closed_at")),
)


def _drawn(columns: Iterable[_Column], row: Any, style: _Style) -> str:
    return "".join(
        f"{_opening(column)}{column.fill(row, style.day)}</td>"
        for column in columns
        if not column.name or column.name in style.columns
    )


def _opening(column: _Column) -> str:
    kind = f' class="{column.look}"' if column.look else ""
    beside = f' data-label="{escape(gettext(column.label))}"' if column.label else ""
    return f"<td{kind}{beside}>"
