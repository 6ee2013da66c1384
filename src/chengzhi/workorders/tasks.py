"""What runs by itself: the deadline clock of the stages, the counters of the map."""

from datetime import datetime

from django.conf import settings

from chengzhi.accounts import interface as accounts
from chengzhi.workorders.commands.clock import mark_due, mark_requests
from chengzhi.workorders.commands.map import refresh_map
from chengzhi.workorders.commands.remedy_clock import mark_remedies
from chengzhi.workorders.commands.whistle_clock import mark_whistles

BATCH = 500


def tick(now: datetime) -> int:
    """Mark stages that reached 80 % or their end, and return how many; run it every few seconds."""
    actor = accounts.system_actor("deadlines", division="")
    marked = count = mark_due(actor=actor, now=now, most=BATCH)
    while count == BATCH:
        count = mark_due(actor=actor, now=now, most=BATCH)
        marked += count
    marked += mark_requests(actor=actor, now=now, most=BATCH)
    marked += mark_whistles(actor=actor, now=now, most=BATCH)
    return marked + mark_remedies(actor=actor, now=now, most=BATCH)


def count_map(now: datetime) -> bool:
    """Bring the map's counters up to date; of several workers one does it."""
    return refresh_map(settings.CHENGZHI_COUNTY, now=now)
