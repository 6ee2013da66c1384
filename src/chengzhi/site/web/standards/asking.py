"""What the standards pages are asked for: a day, a year, and the frame that all of them share."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Permission
from chengzhi.kernel.errors import InvalidInput
from chengzhi.standards import store
from chengzhi.standards.store import Standards
from chengzhi.workorders.interface import may_read_routing

YEARS = range(1990, 2100)


@dataclass(frozen=True, kw_only=True)
class Tab:
    """One page of the standards in the row of tabs."""

    label: str
    url: str
    is_current: bool


def day_asked(request: HttpRequest) -> date:
    """Return the day on which the tables are read; today when none is named.

    :raises InvalidInput: it is not a day.
    """
    text = request.GET.get("on", "").strip()
    if not text:
        return timezone.localdate()
    try:
        on = date.fromisoformat(text)
    except ValueError as error:
        sentence = f"日期“{text[:20]}”应写成 2026-11-25，请改正。"
        raise InvalidInput(sentence, field="on") from error
    if on.year not in YEARS:
        raise InvalidInput(f"日期“{text[:20]}”应在 1990 年至 2099 年之间，请改正。", field="on")
    return on


def year_asked(request: HttpRequest, standards: Standards, *, on: date) -> int:
    """Return the year of the calendar; the day's when none is named.

    :raises InvalidInput: it is not a year of the working calendar.
    """
    first, last = standards.calendar.first.year, standards.calendar.last.year
    text = request.GET.get("year", "").strip() or str(min(max(on.year, first), last))
    if not text.isdecimal() or len(text) != 4 or not first <= int(text) <= last:
        sentence = f"工作日历只有 {first} 年至 {last} 年，没有“{text[:20]}”，请另选。"
        raise InvalidInput(sentence, field="year")
    return int(text)


def frame(request: HttpRequest, here: str, *, on: date) -> dict[str, Any]:
    """Return what every page of the standards needs."""
    actor = accounts.acting(request)
    now = timezone.now()
    return {
        "now": now,
        "on": on,
        "is_today": on == timezone.localdate(now),
        "tabs": _tabs(request, here),
        "may_export": accounts.may(actor, Permission.EXPORT),
        "may_read_routing": may_read_routing(actor),
        "overlay": store.current().overlay is not None,
    }


def _tabs(request: HttpRequest, here: str) -> list[Tab]:
    on = request.GET.get("on", "")
    kept = f"?{urlencode({'on': on})}" if on else ""
    pages = [
        ("standards", gettext("事项")),
        ("standards-stages", gettext("环节时限")),
        ("standards-limits", gettext("法定期限")),
        ("standards-calendar", gettext("工作日历")),
        ("standards-findings", gettext("抓拍与误报")),
        ("standards-check", gettext("检查")),
    ]
    if accounts.may(accounts.acting(request), Permission.MANAGE_STANDARDS):
        pages.append(("standards-import", gettext("导入")))
    return [
        Tab(label=label, url=reverse(name) + kept, is_current=name == here) for name, label in pages
    ]
