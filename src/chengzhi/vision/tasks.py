"""What the platform's worker does for cameras every so often."""

from datetime import datetime

from django.conf import settings

from chengzhi.accounts import interface as accounts
from chengzhi.vision import commands
from chengzhi.vision.rules.health import SILENT_AFTER


def tick(now: datetime) -> int:
    """Notice once every camera that has fallen silent, tell people of those that stay dark, add up
    the verdicts once a day, and forget what no worker will resume from."""
    actor = accounts.system_actor("vision", division=settings.CHENGZHI_COUNTY)
    silent = commands.mark_silent(after=SILENT_AFTER, actor=actor, now=now)
    told = commands.tell_of_outages(actor=actor, now=now)
    forgotten = commands.forget_memories(actor=actor, now=now)
    return silent + told + forgotten + commands.recalibrate_if_due(actor=actor, now=now)
