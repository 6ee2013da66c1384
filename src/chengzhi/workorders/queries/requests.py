"""What waits for a person beside the loop: requests, appeals, notices (the number on the rail)."""

from datetime import datetime

from chengzhi.accounts.types import Actor
from chengzhi.workorders.queries import adjustments, appeals, notices
from chengzhi.workorders.types.notices import UNANSWERED


def requests_waiting(actor: Actor, *, now: datetime) -> tuple[int, bool]:
    """Return how many wait for the actor, and whether one of them is overdue."""
    asked = adjustments.visible_adjustments(actor).filter(adjustments.may_decide(actor))
    late = appeals.visible_appeals(actor).filter(appeals.may_review(actor))
    own = notices.visible_notices(actor).filter(state__in=UNANSWERED, unit=actor.unit)
    waiting = [asked, late, *([own] if notices.answers(actor) else [])]
    count = sum(rows.count() for rows in waiting)
    return count, count > 0 and any(rows.filter(due_at__lt=now).exists() for rows in waiting)
