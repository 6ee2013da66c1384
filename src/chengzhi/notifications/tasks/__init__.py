"""What runs by itself: the sender, and the daily digest of what is stuck."""

from datetime import datetime

from django.conf import settings

from chengzhi.notifications.commands.digest import tell_of_stuck
from chengzhi.notifications.tasks.adapters import outside_adapters
from chengzhi.notifications.tasks.send import send_due


def tick(now: datetime) -> int:
    """Send what is due, tell the administrators once a day what is stuck; return how many sent."""
    adapters = outside_adapters() if settings.CHENGZHI_OUTSIDE else None
    dealt = send_due(adapters, now=now)
    tell_of_stuck(county=settings.CHENGZHI_COUNTY, now=now)
    return dealt
