"""What runs by itself: the deadline clock of the stages."""

from datetime import datetime

from chengzhi.accounts import interface as accounts
from chengzhi.workorders.commands.clock import mark_due


def tick(now: datetime, *, county: str) -> int:
    """Mark stages that reached 80 % or their end, and return how many; run it every few seconds."""
    return mark_due(actor=accounts.system_actor("deadlines", division=county), now=now)
