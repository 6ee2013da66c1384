"""Two exports of the demo county: one written, one that somebody called off."""

from datetime import datetime

from django.conf import settings
from django.utils import timezone

from chengzhi.evidence.interface import open_store
from chengzhi.workorders.commands.exports import ask_export, cancel_export, run_export
from chengzhi.workorders.types import Filters
from seed import people


def settle(*, now: datetime) -> None:
    """Let the duty manager export what was closed, and think better of exporting everything."""
    actor = people.actor("haiyan", now=now)
    closed = Filters(states=("closed",), towns=("330225101",))
    ask_export(closed, kind="xlsx", query="state=closed&town=330225101", actor=actor, now=now)
    run_export(
        store=open_store(settings.CHENGZHI_EXPORTS),
        clock=lambda: now,
        zone=timezone.get_current_timezone(),
        should_stop=lambda: False,
    )
    everything = ask_export(Filters(), kind="csv", query="", actor=actor, now=now)
    cancel_export(everything, actor=actor, now=now)
