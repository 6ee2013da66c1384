"""What administrators set up about messages and retention: invented, and said to be so."""

from datetime import datetime, time

from chengzhi.accounts.types import Actor
from chengzhi.notifications.commands.preferences import set_preferences
from chengzhi.notifications.commands.texts import override_text
from chengzhi.notifications.commands.webhooks import open_webhook
from chengzhi.notifications.types import Window
from chengzhi.workorders.commands.retention import place_hold
from chengzhi.workorders.models import WorkOrder
from chengzhi.workorders.types import State

EVENTS = ("workorders.filed", "workorders.closed", "workorders.stage-overdue")


def settle(actors: dict[str, Actor], *, now: datetime) -> None:
    """Open a webhook, write the county's own words, choose quiet hours, when all begins."""
    admin = actors["admin"]
    open_webhook(
        name="县数据局（虚构）", url="https://data.example.org/city", events=EVENTS,
        actor=admin, now=now,
    )  # fmt: skip
    override_text(
        "reporter-closed", medium="sms", title="已办结",
        text="【象山城管】您反映的“{matter_name}”（{code}）已办结，感谢您的支持。",
        actor=admin, now=now,
    )  # fmt: skip
    set_preferences(
        media=["sms"], muted=["stage-warned"], quiet=Window(begins=time(20), ends=time(6, 30)),
        mail="", actor=actors["haibo"], now=now,
    )  # fmt: skip


def hold_one(actors: dict[str, Actor], *, now: datetime) -> None:
    """Put the oldest closed work order on hold, as a dispute would."""
    oldest = WorkOrder.objects.filter(state=State.CLOSED).order_by("ended_at").first()
    if oldest is not None:
        reason = "当事人已申请行政复议（演示）"
        place_hold(oldest.pk, reason=reason, actor=actors["haiyan"], now=now)
