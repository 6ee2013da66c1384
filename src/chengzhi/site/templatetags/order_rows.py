"""The rows of the list of work orders: `{% load order_rows %}{% order_rows rows show starred %}`.

Written in Python and not in a template because it is what the platform draws most: thirty rows of
twelve cells were a third of the time of a page, and are a tenth so.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from html import escape
from typing import Any

from django import template
from django.template.context import Context
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from chengzhi.site import reading
from chengzhi.site.templatetags.site_tags import chip, clock

register = template.Library()
Fill = Callable[[Any, Context, datetime], str]
PLAIN = frozenset({"rejected", "voided", "merged"})  # over, and nothing came of it
NOTHING = "—"


@register.simple_tag(takes_context=True)
def order_rows(
    context: Context, rows: Iterable[Any], show: Mapping[str, bool], starred: Collection[int]
) -> SafeString:
    """Return a table row for each work order, with the columns that the reader chose."""
    now: datetime = context.get("now") or timezone.now()
    words, address, columns = _words(), reverse("workorder-list"), _heads(show)
    drawn = [
        f"<tr data-row>{_first(row, words, address, row.id in starred)}"
        + "".join([f"{opening}{fill(row, context, now)}</td>" for opening, fill in columns])
        + "</tr>"
        for row in rows
    ]
    return mark_safe("\n".join(drawn))


def _words() -> dict[str, str]:
    """Return what is said of every row, in the reader's language."""
    words = {"pick": gettext("选中"), "code": gettext("编号"), "star": gettext("已收藏")}
    return {name: escape(word) for name, word in words.items()}


def _first(row: Any, words: Mapping[str, str], address: str, is_starred: bool) -> str:
    star = (
        f' <i class="ti ti-star star-on" role="img" aria-label="{words["star"]}"></i>'
        if is_starred
        else ""
    )
    return (
        f'<td class="pick"><input type="checkbox" form="bulk" name="id" value="{row.id}"'
        f' aria-label="{words["pick"]} {row.serial}"></td>'
        f'<td class="nowrap" data-label="{words["code"]}"><a data-open href="{address}{row.id}/"'
        f' title="{escape(row.code)}">{row.serial}</a>{star}</td>'
        f'<td class="nowrap strong">{escape(row.matter_name)}</td>'
    )


def _moment(field: str) -> Fill:
    return lambda row, context, now: escape(reading.table_time(getattr(row, field), now=now))


def _value(field: str) -> Fill:
    return lambda row, context, now: escape(str(getattr(row, field) or NOTHING))


def _left(row: Any, context: Context, now: datetime) -> str:
    return clock(context, row.stage_due_at, row.stage_warn_at) if row.stage_due_at else NOTHING


def _state(row: Any) -> SafeString:
    """Return the state as a chip; how it was closed says more than that it was."""
    if row.state == "closed" and row.closing_result != "resolved":
        return chip(row.closing_result_label, "warn")
    if row.state == "closed":
        return chip(row.state_label, "ok")
    return chip(row.state_label, "" if row.state in PLAIN else "live")


# name of the column (empty: always shown), look, what stands beside it on a phone, content
COLUMNS: tuple[tuple[str, str, str, Fill], ...] = (
    ("place", "wide", "", lambda row, *_: escape(f"{row.town_name} {row.address}")),
    ("channel", "nowrap soft", "来源", lambda row, *_: escape(gettext(row.channel_label))),
    ("handler", "nowrap", "处置单位", _value("handler_name")),
    ("grid", "nowrap mono soft", "责任网格", _value("grid")),
    ("", "", "", lambda row, *_: _state(row)),
    ("left", "num", "", _left),
    ("due", "nowrap soft", "截止", _moment("stage_due_at")),
    ("handling_due", "nowrap soft", "处置截止", _moment("handling_due_at")),
    ("rework", "num soft", "返工", lambda row, *_: str(row.rework_count)),
    ("returned", "num soft", "回退", lambda row, *_: str(row.return_count)),
    ("reported", "nowrap soft", "上报", _moment("reported_at")),
    ("ended", "nowrap soft", "办结", _moment("closed_at")),
)


def _heads(show: Mapping[str, bool]) -> list[tuple[str, Fill]]:
    """Return the opening tag and the content of each column that is shown."""
    return [
        (_opening(look, gettext(label) if label else ""), fill)
        for name, look, label, fill in COLUMNS
        if not name or show[name]
    ]


def _opening(look: str, label: str) -> str:
    kind = f' class="{look}"' if look else ""
    beside = f' data-label="{escape(label)}"' if label else ""
    return f"<td{kind}{beside}>"
