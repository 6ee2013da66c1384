"""What runs by itself: the deadline clock of the stages, the counters of the map."""

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from chengzhi.accounts import interface as accounts
from chengzhi.evidence.interface import open_store
from chengzhi.workorders.commands.clock import mark_due, mark_requests
from chengzhi.workorders.commands.exports import expire_exports, run_export
from chengzhi.workorders.commands.map import refresh_map
from chengzhi.workorders.commands.remedy_clock import mark_remedies
from chengzhi.workorders.commands.whistle_clock import mark_whistles

BATCH = 500


def tick(now: datetime) -> int:
    """Say all that the clocks have to say by now, and return how much; run it every few seconds."""
    actor = accounts.system_actor("deadlines", division="")
    marked = 0
    # Until nothing is left: after a stop a stage may be overdue and badly late at once.
    while count := mark_due(actor=actor, now=now, most=BATCH):
        marked += count
    marked += mark_requests(actor=actor, now=now, most=BATCH)
    marked += mark_whistles(actor=actor, now=now, most=BATCH)
    return marked + mark_remedies(actor=actor, now=now, most=BATCH)


def count_map(now: datetime) -> bool:
    """Bring the map's counters up to date; of several workers one does it."""
    return refresh_map(settings.CHENGZHI_COUNTY, now=now)


def write_export(should_stop: Callable[[], bool]) -> bool:
    """Write one list that somebody asked for as a file; return whether there was one."""
    return run_export(
        store=open_store(settings.CHENGZHI_EXPORTS),
        clock=timezone.now,
        zone=timezone.get_default_timezone(),
        should_stop=should_stop,
    )


def drop_old_exports(now: datetime) -> int:
    """Delete the files whose time is over."""
    return expire_exports(store=open_store(settings.CHENGZHI_EXPORTS), now=now)
