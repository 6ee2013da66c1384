"""Tags and filters that every page of the console may use: `{% load site_tags %}`."""

from datetime import datetime
from functools import lru_cache
from html import escape
from typing import Any
from urllib.parse import urlencode

from django import template
from django.http import QueryDict
from django.template.context import Context
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from chengzhi.site import reading
from chengzhi.site.rail import RailItem

register = template.Library()
WIDE = 220  # drawing units of an interval
PAGE_KEYS = ("after", "before")
ALARM = mark_safe(' class="bad"')
CURRENT = mark_safe(' aria-current="true"')


@register.filter
def html_lang(code: str) -> str:
    """Return Django's language code as HTML writes it."""
    return "zh-Hans" if code.startswith("zh") else code


@register.simple_tag
def chip(word: str, tone: str = "") -> SafeString:
    """Return a status: a word, a colour and a shape (ok, warn, bad, hold, live or none).

    The word may be a label of a table (`…_LABELS`): the catalogue holds its English too.
    """
    return _chip(get_language(), str(word or ""), tone)


@lru_cache(maxsize=4096)
def _chip(language: str, word: str, tone: str) -> SafeString:
    """Return a chip, drawn once for each language: a list has one in every row."""
    shown = gettext(word) if word else reading.NOTHING
    return format_html('<span class="chip {}">{}</span>', tone, shown)


@register.simple_tag(takes_context=True)
def clock(
    context: Context,
    due: datetime | None,
    warn: datetime | None = None,
    stopped: bool = False,
    words: str = "",
    label: str = "",
) -> SafeString:
    """Return a countdown; `words` ("1 工作日") replaces the ticking time while in limit.

    Written here and not in a template: a list has one in every row.
    """
    face = reading.clock_face(due, now=_now(context), warn=warn, stopped=stopped)
    if words and face.tone in ("ok", "warn"):
        face = reading.ClockFace(tone=face.tone, word="", time=words)
    ticking = format_html(
        ' data-due="{}" data-warn="{}" data-left="{}" data-over="{}"',
        face.due, face.warn, face.left_word, face.over_word,
    ) if face.due else ""  # fmt: skip
    if not (face.due or face.word):
        return format_html('<span class="clock {}">{}</span>', face.tone, face.time)
    return format_html(
        '<span class="clock {}"{}><span data-word>{}</span> <b data-time>{}</b></span>',
        face.tone, ticking, face.word, face.time,
    )  # fmt: skip


@register.simple_tag
def rail_badge(item: RailItem) -> SafeString | str:
    """Return how many things wait at a place of the rail, red where one of them is overdue."""
    if not item.count:
        return ""
    return format_html(
        '<b{}><span aria-hidden="true">{}</span><span class="sr">{}</span></b>',
        ALARM if item.alarm else "",
        item.count_short,
        gettext("%(count)s 件待办") % {"count": item.count},
    )


@register.filter
def official_number(value: float | None, digits: int = 0) -> str:
    """Return 45,248; a null is “—”."""
    return reading.thousands(value, digits=digits)


register.filter("thousands", official_number)


@register.filter
def percent(value: float | None, digits: int = 1) -> str:
    """Return 76.0% from 0.76; a null is “—”."""
    return reading.percent(value, digits=digits)


@register.filter
def official_date(moment: datetime | None, form: str = "day") -> str:
    """Return 2026年11月25日; `:"short"` 11月25日 10:30; `:"full"` both."""
    return reading.official_date(moment, form=form)


@register.filter
def official_time(moment: datetime | None) -> str:
    """Return the time as tables show it: 今天 16:51, 11-25 09:40, 2025-11-25 09:40."""
    return reading.table_time(moment, now=timezone.now())


@register.filter
def masked(value: str, kind: str = "name") -> str:
    """Return personal data masked as `name`, `mobile` or `id`."""
    return reading.masked(value, kind=kind)


@register.filter
def short_hash(value: str) -> str:
    """Return 9f3c⋯71 for a long hash."""
    return f"{value[:4]}⋯{value[-2:]}" if len(value) > 8 else value


@register.filter
def first_sentence(text: str) -> str:
    """Return what is wrong; the cure follows in `other_sentences`."""
    return reading.sentences(str(text))[0]


@register.filter
def other_sentences(text: str) -> str:
    """Return what follows the first sentence."""
    return reading.sentences(str(text))[1]


@register.inclusion_tag("site/parts/interval.html")
def interval(
    low: float | None, at: float | None, high: float | None, goal: float | None = None
) -> dict[str, Any]:
    """Draw a share with its confidence interval, and a goal as a dashed line."""
    if low is None or high is None or at is None:
        return {"low": None}
    return {
        "low": low,
        "high": high,
        "x_low": f"{low * WIDE:.1f}",
        "x_at": f"{at * WIDE - 1:.1f}",
        "width": f"{(high - low) * WIDE:.1f}",
        "x_goal": None if goal is None else f"{goal * WIDE:.1f}",
    }


@register.filter
def refusal_title(status: int) -> str:
    """Return the heading of a refusal page."""
    return {
        403: gettext("无权办理"),
        404: gettext("看不到这条记录"),
        422: gettext("填写有误"),
        429: gettext("操作太频繁"),
    }.get(status, gettext("现在不能办理"))


@register.filter
def refusal_icon(status: int) -> str:
    """Return the icon of a refusal page."""
    icons = {403: "lock", 404: "file-unknown", 422: "alert-circle", 429: "hourglass"}
    return icons.get(status, "hand-stop")


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: object) -> str:
    """Return this page's query string with some keys changed; None removes a key."""
    return _text(_changed(context, changes))


@register.simple_tag(takes_context=True)
def query_without(context: Context, *names: str) -> str:
    """Return the query string without some filters, from the first page on."""
    return _text(_changed(context, dict.fromkeys((*names, *PAGE_KEYS))))


@register.simple_tag(takes_context=True)
def query_toggle(context: Context, name: str, value: str) -> str:
    """Return the query string with one value of a many-valued filter put in or taken out."""
    params = _changed(context, dict.fromkeys(PAGE_KEYS))
    chosen = params.getlist(name)
    params.setlist(name, _toggled(chosen, str(value)))
    return _text(params)


@register.simple_tag(takes_context=True)
def menu_items(
    context: Context, name: str, options: list[tuple[str, str, int | None]], chosen: list[str]
) -> SafeString:
    """Return the values of a many-valued filter, each with the address that puts it in or takes it out.

    Written here and not in a template: a list offers some sixty of them.
    """
    others = _changed(context, dict.fromkeys((*PAGE_KEYS, name))).urlencode()
    return _menu(name, tuple(options), tuple(chosen), others)


@lru_cache(maxsize=2048)
def _menu(
    name: str,
    options: tuple[tuple[str, str, int | None], ...],
    chosen: tuple[str, ...],
    others: str,
) -> SafeString:
    before = f"{others}&" if others else ""
    items = []
    for value, word, count in options:
        is_on = value in chosen
        kept = urlencode([(name, one) for one in _toggled(list(chosen), str(value))])
        items.append(
            f'<a class="item" href="?{escape(before + kept)}"{CURRENT if is_on else ""}>'
            f'<i class="ti ti-{"square-check" if is_on else "square"}" aria-hidden="true"></i>'
            f'<span class="grow">{escape(word)}</span>{_muted(count)}</a>'
        )
    return mark_safe("\n".join(items))


def _muted(count: int | None) -> str:
    return "" if count is None else f'<span class="muted">{reading.thousands(count)}</span>'


@register.simple_tag(takes_context=True)
def sort_th(context: Context, key: str, label: str, classes: str = "") -> SafeString:
    """Return a table head that sorts by `key`; `?sort=-key` is the other way."""
    current = context["request"].GET.get("sort", "")
    target = f"-{key}" if current == key else key
    order = {key: "ascending", f"-{key}": "descending"}.get(current, "none")
    mark = {"ascending": " ↑", "descending": " ↓"}.get(order, "")
    address = _text(_changed(context, {"sort": target, **dict.fromkeys(PAGE_KEYS)}))
    return format_html(
        '<th scope="col" class="{}" aria-sort="{}"><a class="{}" href="{}">{}{}</a></th>',
        classes, order, "sort" if mark else "", address, label, mark,
    )  # fmt: skip


def _toggled(chosen: list[str], value: str) -> list[str]:
    return [v for v in chosen if v != value] if value in chosen else [*chosen, value]


def _changed(context: Context, changes: dict[str, object]) -> QueryDict:
    params: QueryDict = context["request"].GET.copy()
    for name, value in changes.items():
        params.pop(name, None)
        if value is not None and value != "":
            params[name] = str(value)
    return params


def _text(params: QueryDict) -> str:
    return "?" + params.urlencode()


def _now(context: Context) -> datetime:
    return context.get("now") or timezone.now()
