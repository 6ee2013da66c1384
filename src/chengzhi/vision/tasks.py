"""What the platform's worker does for cameras every so often."""

from datetime import datetime

from django.conf import settings

from chengzhi.accounts import interface as accounts
from chengzhi.vision import commands
from chengzhi.vision.rules.health import SILENT_AFTER


def tick(now: datetime) -> int:
    """Tell once of every camera that has fallen silent, and add up the verdicts once a day."""
    actor = accounts.system_actor("vision", division=settings.CHENGZHI_COUNTY)
    silent = commands.mark_silent(after=SILENT_AFTER, actor=actor, now=now)
    return silent + commands.recalibrate_if_due(actor=actor, now=now)
