"""Once a day the administrators are told what is stuck, every day until it is dealt with."""

from datetime import datetime

from django.db.models import Min, Q

from chengzhi.audit import interface as audit
from chengzhi.kernel.calendar import CHINA
from chengzhi.notifications.commands.notify import notify
from chengzhi.notifications.commands.outbox import late
from chengzhi.notifications.models import Delivery
from chengzhi.notifications.rules.templates import sending
from chengzhi.notifications.types import DeliveryState

TEMPLATE = "stuck-digest"


def tell_of_stuck(*, county: str, now: datetime) -> int:
    """Write the day's digest to the county's administrators; return how many were told.

    The key holds the day, so it is written once a day however many senders run; what stays
    unresolved is in tomorrow's digest again.
    """
    local = now.astimezone(CHINA)
    if local.time() < sending().digest_at:
        return 0
    key = f"digest:{county}:{local.date().isoformat()}"
    if Delivery.objects.filter(key=key).exists():
        return 0
    facts = stuck(county=county, now=now)
    if not any(facts[name] for name in ("gave_up", "stuck", "dead")):
        return 0
    return notify(
        template=TEMPLATE,
        to=["role:administrator"],
        facts={name: str(value) for name, value in facts.items()},
        subject=f"outbox:{county}",
        key=key,
        county=county,
        now=now,
    )


def stuck(*, county: str, now: datetime) -> dict[str, int | str]:
    """Return what waits for somebody: given up, late, and events whose reactions failed."""
    mine = Delivery.objects.filter(county=county)
    gave_up = Q(state=DeliveryState.GAVE_UP.value)
    is_late = late(now, by=sending().stuck_after)
    oldest = mine.filter(gave_up | is_late).aggregate(at=Min("created_at"))["at"]
    return {
        "gave_up": mine.filter(gave_up).count(),
        "stuck": mine.filter(is_late).count(),
        "dead": audit.dead_letter_count(),
        "oldest": oldest.astimezone(CHINA).strftime("%m-%d %H:%M") if oldest else "—",
    }
