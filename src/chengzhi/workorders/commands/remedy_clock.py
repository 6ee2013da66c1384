"""What the worker does for remedies: say overdue once a stage."""

from datetime import datetime
from functools import partial

from django.db import transaction

from chengzhi.accounts.types import Actor
from chengzhi.workorders.commands.each import mark_each
from chengzhi.workorders.commands.remedy_taking import tell_remedy
from chengzhi.workorders.events.remedy import RemedyOverdue
from chengzhi.workorders.models import Remedy
from chengzhi.workorders.queries.remedy_access import due_remedies
from chengzhi.workorders.rules.words import moment_text
from chengzhi.workorders.types.remedies import REMEDY_STAGE_LABELS


def mark_remedies(*, actor: Actor, now: datetime, most: int = 500) -> int:
    """Mark every limit that has run out, each once, in its own transaction; return how many."""
    return mark_each(due_remedies(now=now, most=most), partial(_mark, actor=actor, now=now))


@transaction.atomic
def _mark(pk: int, actor: Actor, now: datetime) -> int:
    remedy = Remedy.objects.select_for_update().filter(pk=pk, alert_at__lte=now).first()
    if remedy is None:
        return 0
    told = remedy.overdue_stages.split()
    over = [(s, due) for s, due in remedy.dues().items() if due <= now and s not in told]
    for stage, due in over:
        event = RemedyOverdue(
            code=remedy.code,
            stage=stage,
            stage_label=REMEDY_STAGE_LABELS[stage],
            due_text=moment_text(due),
        )
        tell_remedy(remedy, event, actor=actor, now=now)
    remedy.overdue_stages = " ".join([*told, *(stage for stage, _ in over)])
    remedy.set_alert()
    remedy.save(update_fields=["overdue_stages", "alert_at"])
    return len(over)
