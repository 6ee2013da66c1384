"""What the worker does for whistles: say overdue once a stage, and to whom it is escalated."""

from datetime import datetime
from functools import partial

from django.db import transaction

from chengzhi.accounts.types import ROLE_LABELS, Actor
from chengzhi.workorders.commands.each import mark_each
from chengzhi.workorders.commands.whistle_taking import tell_whistle
from chengzhi.workorders.events.whistle import WhistleOverdue
from chengzhi.workorders.models import Whistle, WhistleAnswer
from chengzhi.workorders.queries.whistle_access import askable, due_answers, due_whistles
from chengzhi.workorders.rules.limits import civil_date
from chengzhi.workorders.rules.whistle_limits import whistle_limits
from chengzhi.workorders.rules.words import moment_text
from chengzhi.workorders.types.whistles import STAGE_LABELS, WhistleState

OWN_STAGES = {
    WhistleState.ISSUED: ("指挥中心", "dispatch", "派发"),
    WhistleState.HANDLED: ("发起镇街", "confirm", "确认"),
}


def mark_whistles(*, actor: Actor, now: datetime, most: int = 500) -> int:
    """Mark every whistle and answer with a limit that has run out, each once, in its own
    transaction; return how many.
    """
    answers, whistles = due_answers(now=now, most=most), due_whistles(now=now, most=most)
    return mark_each(answers, partial(_mark_answer, actor=actor, now=now)) + mark_each(
        whistles, partial(_mark_whistle, actor=actor, now=now)
    )


@transaction.atomic
def _mark_answer(pk: int, actor: Actor, now: datetime) -> int:
    rows = WhistleAnswer.objects.select_for_update().filter(pk=pk, alert_at__lte=now)
    answer = rows.first()
    if answer is None:
        return 0
    told = answer.overdue_stages.split()
    over = [(s, due) for s, due in answer.dues().items() if due <= now and s not in told]
    whistle = answer.whistle
    for stage, due in over:
        event = _overdue(whistle, stage, STAGE_LABELS[stage], due, now=now, answer=answer)
        answer.escalated_to = event.escalated_to
        tell_whistle(whistle, event, actor=actor, now=now)
    answer.overdue_stages = " ".join([*told, *(stage for stage, _ in over)])
    answer.set_alert()
    answer.save(update_fields=["overdue_stages", "escalated_to", "alert_at"])
    return len(over)


@transaction.atomic
def _mark_whistle(pk: int, actor: Actor, now: datetime) -> int:
    rows = Whistle.objects.select_for_update().filter(pk=pk, alert_at__lte=now)
    whistle = rows.first()
    if whistle is None or whistle.stage_due_at is None:
        return 0
    who, stage, label = OWN_STAGES[WhistleState(whistle.state)]
    event = _overdue(whistle, stage, label, whistle.stage_due_at, now=now, who=who)
    whistle.alert_at = None
    whistle.save(update_fields=["alert_at"])
    tell_whistle(whistle, event, actor=actor, now=now)
    return 1


def _overdue(
    whistle: Whistle,
    stage: str,
    label: str,
    due: datetime,
    *,
    now: datetime,
    answer: WhistleAnswer | None = None,
    who: str = "",
) -> WhistleOverdue:
    unit = answer.unit if answer else ""
    names = askable(whistle.county, now=now)
    role = whistle_limits(whistle.urgency, on=civil_date(now)).escalate
    return WhistleOverdue(
        code=whistle.code,
        urgency=whistle.urgency,
        unit=unit,
        who_name=who or names.get(unit, unit),
        stage=stage,
        stage_label=label,
        due_text=moment_text(due),
        escalated_to=role,
        escalated_label=ROLE_LABELS[role],
    )
