"""What other contexts may ask of work orders: report, look near, read the numbers."""

from datetime import datetime

from chengzhi.accounts.types import Actor
from chengzhi.places.types import Point
from chengzhi.workorders.commands.file import withdraw
from chengzhi.workorders.commands.intake import report
from chengzhi.workorders.commands.looks import note_camera_look
from chengzhi.workorders.commands.notes import attach
from chengzhi.workorders.commands.refer import note_referral_answer
from chengzhi.workorders.commands.routing import flag_routing_rules
from chengzhi.workorders.queries import here
from chengzhi.workorders.queries.access import access_work_order, is_visible
from chengzhi.workorders.queries.desk import Desk, desk, waiting_signal
from chengzhi.workorders.queries.directory import forget_directory
from chengzhi.workorders.queries.grouped import DayCount, GroupCount, per_day, totals_by
from chengzhi.workorders.queries.lists import count, page
from chengzhi.workorders.queries.marks import watchers_of
from chengzhi.workorders.queries.measures import MEASURE_LABELS, totals
from chengzhi.workorders.queries.remedies import remedies_waiting, remedy_rates
from chengzhi.workorders.queries.remedy_access import sees_remedy
from chengzhi.workorders.queries.requests import requests_waiting
from chengzhi.workorders.queries.routing import may_read_routing
from chengzhi.workorders.queries.whistle_access import sees_whistle
from chengzhi.workorders.queries.whistle_measures import whistle_rates
from chengzhi.workorders.queries.whistles import whistles_waiting
from chengzhi.workorders.types import Nearby, PhotoRef, Reported


def nearby(
    actor: Actor,
    point: Point,
    *,
    now: datetime,
    matter: str | None = None,
    metres: float | None = None,
    hours: float | None = None,
) -> tuple[Nearby, ...]:
    """Return the work orders that the actor may see close to a point, nearest first."""
    return here.nearby(
        actor, point.lon, point.lat, now=now, matter=matter, metres=metres, hours=hours
    )


def attach_finding(
    work_order: int, *, photos: tuple[PhotoRef, ...], actor: Actor, now: datetime
) -> None:
    """Attach a finding's pictures to a work order that had been reported before it."""
    attach(work_order, photos=photos, actor=actor, now=now)


def find(actor: Actor, work_order: int) -> Reported:
    """Return the number and state of one work order.

    :raises NotVisible: there is none of that number, or not for this actor.
    """
    order = access_work_order(actor, work_order)
    return Reported(id=order.pk, code=order.code, state=order.state, created=False)


def can_see(actor: Actor, subject: str) -> bool:
    """Return whether an actor may see a subject of this context ("workorder:12").

    The evidence store asks before it shows a file that is attached to it.
    """
    kind, _, number = subject.partition(":")
    if kind != "workorder" or not number.isdecimal():
        return False
    return is_visible(actor, int(number))


__all__ = [
    "DayCount",
    "Desk",
    "GroupCount",
    "MEASURE_LABELS",
    "attach_finding",
    "can_see",
    "count",
    "desk",
    "find",
    "flag_routing_rules",
    "forget_directory",
    "may_read_routing",
    "nearby",
    "note_camera_look",
    "note_referral_answer",
    "page",
    "per_day",
    "remedies_waiting",
    "remedy_rates",
    "report",
    "requests_waiting",
    "sees_remedy",
    "sees_whistle",
    "totals",
    "totals_by",
    "waiting_signal",
    "whistle_rates",
    "whistles_waiting",
    "watchers_of",
    "withdraw",
]
