"""The live numbers, composed from the doors of work orders and cameras."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from chengzhi.accounts.types import Actor
from chengzhi.reports import rules
from chengzhi.reports.types import (
    Capture,
    Counts,
    Live,
    Number,
    Period,
    Source,
    Step,
)
from chengzhi.vision import interface as vision
from chengzhi.vision.types import Accuracy
from chengzhi.workorders import interface as workorders
from chengzhi.workorders.types import CHANNEL_LABELS, Channel

MEASURES = ("reported", "filed", "closed", "on_time", "late", "exempted", "open", "overdue")
UNLOCATED = "-"  # as a town in a list's address: what lies in none
AS_OF_NOW = ("open", "overdue")
FILTER_OF = {"channel": "channel", "town": "town", "matter": "matter", "unit": "handler"}


def live(actor: Actor, *, period: str, now: datetime, zone: ZoneInfo) -> Live:
    """Return the numbers of a period over what the actor may see."""
    current = rules.period(period, now=now, zone=zone)
    previous = rules.before(current, zone=zone)
    sources = _grouped(actor, "channel", current, now=now)
    return Live(
        period=current,
        total=_sum(sources, current),
        before=_sum(_grouped(actor, "channel", previous, now=now), previous),
        sources=tuple(sources),
        towns=tuple(_grouped(actor, "town", current, now=now)),
        matters=tuple(_grouped(actor, "matter", current, now=now)),
        units=tuple(_grouped(actor, "unit", current, now=now)),
        capture=_capture(_accuracy(actor, current)),
        cameras=tuple(_captures(actor, current)),
        steps=tuple(_steps(actor, current, zone=zone)),
    )


def _grouped(actor: Actor, by: str, span: Period, *, now: datetime) -> list[Counts]:
    groups = workorders.totals_by(actor, by=by, since=span.since, until=span.until, now=now)
    lines = [
        _counts(
            group.key,
            group.label,
            {name: getattr(group, name) for name in MEASURES},
            span,
            more={FILTER_OF[by]: group.key or UNLOCATED},
            mean_close=group.mean_close,
        )
        for group in groups
    ]
    return _all_channels(lines, span) if by == "channel" else lines


def _all_channels(lines: list[Counts], span: Period) -> list[Counts]:
    """Every channel has its line, in the order people know; an empty one shows zero."""
    known = {line.key: line for line in lines}
    nothing = dict.fromkeys(MEASURES, 0)
    return [
        known.get(
            channel, _counts(channel, CHANNEL_LABELS[channel], nothing, span, {"channel": channel})
        )
        for channel in Channel
    ]


def _counts(
    key: str,
    label: str,
    values: Mapping[str, int],
    span: Period,
    more: dict[str, str],
    mean_close: timedelta | None = None,
) -> Counts:
    numbers = {
        name: Number(value=values[name], filters={**_filters(name, span), **more})
        for name in MEASURES
    }
    return Counts(key=key, label=label, mean_close=mean_close, **numbers)


def _filters(measure: str, span: Period) -> dict[str, str]:
    """The query of the list that the same measure gives; what is open is so whatever the period."""
    if measure in AS_OF_NOW:
        return {"measure": measure}
    return {"measure": measure, "since": span.first.isoformat(), "until": span.last.isoformat()}


def _sum(lines: list[Counts], span: Period) -> Counts:
    values = {name: sum(getattr(line, name).value for line in lines) for name in MEASURES}
    return _counts("", "", values, span, {})


def _accuracy(actor: Actor, span: Period) -> Accuracy:
    return vision.capture_accuracy(actor, first=span.first, last=span.last)


def _captures(actor: Actor, span: Period) -> list[Capture]:
    rows = vision.capture_accuracy_by(actor, by="camera", first=span.first, last=span.last)
    return [_capture(row) for row in rows]


def _capture(row: Accuracy) -> Capture:
    waiting = {key: value for key, value in row.drill.items() if not key.startswith("decided_")}
    return Capture(
        key=row.key,
        label=row.label,
        true=_findings(row.true, {**row.drill, "state": "true"}),
        reviewed=_findings(row.reviewed, row.drill),
        backlog=_findings(row.backlog, {**waiting, "state": "pending"}),
        low=row.low,
        high=row.high,
    )


def _findings(value: int, filters: dict[str, str]) -> Number:
    return Number(value=value, source=Source.FINDINGS, filters=filters)


def _steps(actor: Actor, span: Period, *, zone: ZoneInfo) -> list[Step]:
    days = workorders.per_day(actor, since=span.since, until=span.until)
    return [
        _step(label, first, last, [day for day in days if first <= day.day <= last], span, zone)
        for label, first, last in rules.steps(span)
    ]


def _step(
    label: str,
    first: date,
    last: date,
    days: list[workorders.DayCount],
    whole: Period,
    zone: ZoneInfo,
) -> Step:
    part = rules.span(whole.name, first=first, last=last, zone=zone)
    camera = {**_filters("reported", part), "channel": Channel.CAMERA.value}
    return Step(
        label=label,
        by_camera=Number(value=sum(day.by_camera for day in days), filters=camera),
        by_others=sum(day.by_others for day in days),
        closed=Number(value=sum(day.closed for day in days), filters=_filters("closed", part)),
    )
