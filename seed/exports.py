"""Two exports of the demo county: one written, one that somebody called off."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.models import Person
from chengzhi.evidence.interface import open_store
from chengzhi.workorders.commands.exports import ask_export, cancel_export, run_export
from chengzhi.workorders.types import Filters

ZONE = ZoneInfo("Asia/Shanghai")


def settle(*, now: datetime) -> None:
    """Let the duty manager export what was closed, and think better of exporting everything."""
    person = Person.objects.get(username="haiyan")
    actor = accounts.actor_of(person, on=now.astimezone(ZONE).date())
    closed = Filters(states=("closed",), towns=("330225101",))
    ask_export(closed, kind="xlsx", query="state=closed&town=330225101", actor=actor, now=now)
    run_export(
        store=open_store(settings.CHENGZHI_EXPORTS),
        clock=lambda: now,
        zone=ZONE,
        should_stop=lambda: False,
    )
    everything = ask_export(Filters(), kind="csv", query="", actor=actor, now=now)
    cancel_export(everything, actor=actor, now=now)
