"""The page of live numbers: each opens exactly the list behind it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from chengzhi.accounts import interface as accounts
from chengzhi.reports import queries, rules
from chengzhi.reports.types import (
    PERIOD_LABELS,
    Capture,
    Counts,
    Live,
    Number,
    PeriodName,
    Rate,
    Source,
    Step,
)

LISTS = {Source.WORK_ORDERS: "workorder-list", Source.FINDINGS: "finding-list"}
MATTERS_SHOWN = 30
TARGET = 0.95  # design.md 4: capture precision


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A number as the page shows it, with the address of its list."""

    value: int
    url: str


@require_GET
@login_required
def live(request: HttpRequest) -> HttpResponse:
    """Show the numbers of a period over what the person may see."""
    now = timezone.now()
    page = queries.live(
        accounts.acting(request),
        period=request.GET.get("period", PeriodName.MONTH_BACK),
        now=now,
        zone=timezone.get_default_timezone(),
    )
    return render(request, "reports/live.html", _context(page, now=now))


def _context(page: Live, *, now: datetime) -> dict[str, Any]:
    return {
        "now": now,
        "page": page,
        "periods": [
            (name, label, name == page.period.name) for name, label in PERIOD_LABELS.items()
        ],
        "cards": _cards(page),
        "capture": _capture(page.capture),
        "punctuality": _punctuality(page.total),
        "target": TARGET,
        "sources": [_line(line) for line in page.sources],
        "towns": [_line(line) for line in page.towns],
        "matters": [_line(line) for line in page.matters[:MATTERS_SHOWN]],
        "units": [_line(line, nobody=gettext("尚未派遣")) for line in page.units],
        "matters_left": max(0, len(page.matters) - MATTERS_SHOWN),
        "cameras": [_capture(row) for row in page.cameras],
        "chart": _chart(page.steps),
        "empty_title": gettext("此周期还没有数字"),
        "empty_text": gettext("有案件上报或抓拍复核后，这里自动更新。可以换一个周期。"),
        "is_empty": not any(line.reported.value or line.open.value for line in page.sources),
    }


def _cards(page: Live) -> list[dict[str, Any]]:
    total, was = page.total, page.before
    camera = next(line for line in page.sources if line.key == "camera").reported
    share = Rate(part=camera, whole=total.reported.value).value
    part = gettext("占上报 %(share)s") % {"share": "—" if share is None else f"{share:.1%}"}
    until_now = gettext("截至现在")
    return [
        _card(gettext("上报"), total.reported, was.reported.value),
        _card(gettext("摄像头发现"), camera, note=part),
        _card(gettext("立案"), total.filed, was.filed.value),
        _card(gettext("结案"), total.closed, was.closed.value),
        _card(gettext("在办"), total.open, note=until_now),
        _card(gettext("在办超期"), total.overdue, note=until_now, is_alarm=True),
    ]


def _card(
    label: str,
    number: Number,
    previous: int | None = None,
    *,
    note: str = "",
    is_alarm: bool = False,
) -> dict[str, Any]:
    return {
        "label": label,
        "cell": cell(number),
        "change": rules.change(number.value, previous) if previous is not None else "",
        "previous": previous,
        "note": note,
        "tone": "bad" if is_alarm and number.value else "",
    }


def cell(number: Number) -> Cell:
    """Return a number with the address of exactly the rows it counts."""
    address = reverse(LISTS[number.source])
    return Cell(value=number.value, url=f"{address}?{urlencode(number.filters)}")


def _line(line: Counts, *, nobody: str = "") -> dict[str, Any]:
    return {
        "key": line.key,
        "label": gettext(line.label) if line.label else nobody or gettext("未定位"),
        "mean_close": rules.length_text(line.mean_close),
        "reported": cell(line.reported),
        "filed": cell(line.filed),
        "closed": cell(line.closed),
        "open": cell(line.open),
        "overdue": cell(line.overdue),
        **_punctuality(line),
    }


def _punctuality(line: Counts) -> dict[str, Any]:
    return {
        "rate": line.punctuality.value,
        "on_time": cell(line.on_time),
        "late": cell(line.late),
        "exempted": cell(line.exempted),
        "limited": line.punctuality.whole,
    }


def _capture(row: Capture) -> dict[str, Any]:
    return {
        "key": row.key,
        "label": row.label or row.key,
        "rate": row.rate.value,
        "low": row.low,
        "high": row.high,
        "true": cell(row.true),
        "reviewed": cell(row.reviewed),
        "backlog": cell(row.backlog),
    }


def _chart(steps: tuple[Step, ...]) -> dict[str, Any]:
    came = gettext("上报")
    return {
        "labels": [step.label for step in steps],
        "series": [
            _series(gettext("其他来源"), [step.by_others for step in steps], stack=came),
            _series(
                gettext("摄像头抓拍"),
                [step.by_camera.value for step in steps],
                stack=came,
                urls=[cell(step.by_camera).url for step in steps],
            ),
            _series(
                gettext("结案"),
                [step.closed.value for step in steps],
                kind="line",
                urls=[cell(step.closed).url for step in steps],
            ),
        ],
    }


def _series(name: str, values: list[int], **more: Any) -> dict[str, Any]:
    return {"name": name, "values": values, **more}
