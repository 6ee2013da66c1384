"""What a record shows beside the loop: requests, appeals, notices, and what their forms offer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext

from chengzhi.accounts.types import Actor
from chengzhi.workorders.procedure import ADJUSTMENT, APPEAL, NOTICE
from chengzhi.workorders.queries.adjustments import adjustments_of
from chengzhi.workorders.queries.appeals import appeals_of, late_stages_of
from chengzhi.workorders.queries.marks import marks_of
from chengzhi.workorders.queries.notices import answers, notices_of
from chengzhi.workorders.queries.remedy_record import remedies_of
from chengzhi.workorders.queries.whistle_record import whistles_of
from chengzhi.workorders.rules.adjusting import adjustment_rules
from chengzhi.workorders.rules.limits import civil_date
from chengzhi.workorders.rules.noticing import notice_rules
from chengzhi.workorders.types import Hanging, Record
from chengzhi.workorders.types.adjustments import ADJUSTMENT_LABELS
from chengzhi.workorders.types.notices import NoticeKind

STEP_LABELS: dict[str, str] = {
    step.name: step.label for procedure in (ADJUSTMENT, APPEAL, NOTICE) for step in procedure.steps
}


@dataclass(frozen=True, kw_only=True)
class Offer:
    """What the forms beside the loop let a person choose from."""

    causes: list[tuple[str, list[tuple[str, str]]]]
    levels: list[tuple[str, str]]
    first_day: date
    last_day: date


NEEDS_TEXT = {
    "refuse": "不批准的理由",
    "dismiss": "不成立的理由",
    "reply": "回复内容",
    "revoke": "撤销的原因",
}
SHORT = {"uphold": "成立", "first_approve": "同意", "support": "通过"}
FORWARD = frozenset({"first_approve", "grant", "support", "uphold", "acknowledge", "reply"})


@dataclass(frozen=True, kw_only=True)
class RowDeed:
    """One button of a line: what it says, where it posts, what must be written."""

    slug: str
    label: str
    asks: str  # empty: nothing has to be written
    is_forward: bool


def deeds_of(actions: Iterable[str]) -> list[RowDeed]:
    """Return the buttons of a request, an appeal or a notice."""
    return [
        RowDeed(
            slug=name.replace("_", "-"),
            label=gettext(SHORT.get(name, STEP_LABELS[name])),
            asks=gettext(NEEDS_TEXT[name]) if name in NEEDS_TEXT else "",
            is_forward=name in FORWARD,
        )
        for name in actions
    ]


def offer_of(actor: Actor, *, now: datetime) -> Offer:
    """Return the choices of the forms for a person."""
    rules = adjustment_rules()
    levels = notice_rules().levels.values()
    today = civil_date(now)
    return Offer(
        causes=[
            (
                gettext(ADJUSTMENT_LABELS[kind]),
                [(f"{kind}:{code}", gettext(label)) for code, label in causes.items()],
            )
            for kind, causes in rules.causes.items()
        ],
        levels=[
            (level.code, gettext(level.label))
            for level in levels
            if level.kind is NoticeKind.SUPERVISION and not actor.roles.isdisjoint(level.roles)
        ],
        first_day=today + timedelta(days=1),
        last_day=today + timedelta(days=max(rules.longest_days.values())),
    )


def beside(actor: Actor, found: Record, *, now: datetime) -> dict[str, Any]:
    """Return the requests, appeals, late stages and notices of one work order.

    Most orders have none of them: only what hangs on this one is asked for.
    """
    pk, hanging = found.row.id, found.hanging
    late = late_stages_of(actor, pk, now=now) if Hanging.LATE_STAGE in hanging else ()
    asked = adjustments_of(actor, pk, now=now) if Hanging.ADJUSTMENT in hanging else ()
    appeals = appeals_of(actor, pk, now=now) if Hanging.APPEAL in hanging else ()
    notices = notices_of(actor, pk, now=now) if Hanging.NOTICE in hanging else ()
    return {
        "asked": [(row, deeds_of(row.actions)) for row in asked],
        "appeals": [(row, deeds_of(row.actions)) for row in appeals],
        "late_stages": late,
        "appealable": [
            stage
            for stage in late
            if stage.appeal_until and stage.unit == actor.unit and answers(actor)
        ],
        "notices": [(row, deeds_of(row.actions)) for row in notices],
        "whistles": whistles_of(actor, pk) if Hanging.WHISTLE in hanging else (),
        "remedies": remedies_of(actor, pk) if Hanging.REMEDY in hanging else (),
        "marks": marks_of(actor, pk) if Hanging.MARK in hanging else frozenset(),
    }
