"""Capture accuracy and the backlog beside it; each figure names the list behind it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from django.db.models import Count, Q

from chengzhi.accounts.types import Actor
from chengzhi.vision.models import Camera
from chengzhi.vision.queries.findings import matching
from chengzhi.vision.rules.accuracy import wilson
from chengzhi.vision.rules.drill import as_query
from chengzhi.vision.rules.wording import kind_label
from chengzhi.vision.types import TRUE_STATES, Accuracy, FindingFilter, FindingState

TRUE = Count("pk", filter=Q(state__in=[state.value for state in TRUE_STATES]))
FALSE = Count("pk", filter=Q(state=FindingState.REJECTED))
BY = {"camera": "camera__code", "kind": "kind", "town": "camera__division"}


def accuracy(actor: Actor, wanted: FindingFilter) -> Accuracy:
    """Return the capture accuracy of the findings decided as `wanted` says (domain.md 1.8).

    Confirmed and merged captures are true, rejected ones false. What nobody has reviewed is in
    neither; it is counted as backlog whatever the period.
    """
    reviewed = replace(wanted, state="reviewed")
    counts = matching(actor, reviewed).aggregate(true=TRUE, false=FALSE)
    waiting = replace(wanted, state="pending", decided_from=None, decided_to=None)
    backlog = matching(actor, waiting).count()
    return measured(counts["true"], counts["false"], backlog, wanted=reviewed)


def accuracy_by(actor: Actor, wanted: FindingFilter, *, by: str) -> list[Accuracy]:
    """Return the accuracy of each camera, kind or town that was reviewed or waits."""
    column = BY[by]
    reviewed = replace(wanted, state="reviewed")
    waiting = replace(wanted, state="pending", decided_from=None, decided_to=None)
    decided = matching(actor, reviewed).values(column).annotate(true=TRUE, false=FALSE)
    counts = {row[column]: (row["true"], row["false"]) for row in decided}
    backlog = dict(matching(actor, waiting).values_list(column).annotate(Count("pk")))
    keys = sorted(counts.keys() | backlog.keys())
    labels = _labels(by, keys)
    return [
        measured(
            *counts.get(key, (0, 0)),
            backlog.get(key, 0),
            wanted=replace(reviewed, **{by: key}),
            key=key,
            label=labels.get(key, key),
        )
        for key in keys
    ]


def _labels(by: str, keys: Iterable[str]) -> dict[str, str]:
    if by == "kind":
        return {key: kind_label(key) for key in keys}
    if by == "camera":
        return dict(Camera.objects.filter(code__in=list(keys)).values_list("code", "name"))
    return {}


def measured(
    true: int, false: int, backlog: int, *, wanted: FindingFilter, key: str = "", label: str = ""
) -> Accuracy:
    """Return counts as an accuracy with its Wilson interval and its drill-down."""
    low, high = wilson(true, true + false) or (None, None)
    return Accuracy(
        true=true,
        false=false,
        backlog=backlog,
        low=low,
        high=high,
        key=key,
        label=label,
        drill=as_query(wanted),
    )


def decided_between(first: date, last: date, *, camera: str = "", kind: str = "") -> FindingFilter:
    """Return the filter of what was decided from one day to another, both included."""
    return FindingFilter(decided_from=first, decided_to=last, camera=camera, kind=kind)


def oldest_wait(actor: Actor, *, now: datetime) -> float | None:
    """Return for how many seconds the oldest pending finding has waited, or none."""
    rows = matching(actor, FindingFilter(state="pending")).filter(reviewable_at__lte=now)
    first = rows.order_by("received_at").values_list("received_at", flat=True).first()
    return None if first is None else (now - first).total_seconds()
