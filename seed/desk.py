"""What people of the demo county keep: shared views, stars and watches, remarks to each other."""

from datetime import datetime

from chengzhi.workorders.commands import marks, notes, settings, views
from chengzhi.workorders.commands.map import refresh_map
from chengzhi.workorders.models import WorkOrder
from chengzhi.workorders.types import Mark
from seed import people

VIEWS = (
    ("丹东、丹西在办", "open=1&town=330225001&town=330225002", True),
    ("返工两次以上", "rework=2", True),
    ("我的抓拍案件", "channel=camera&mine=1", False),
)
REMARKS = (
    "@任海波 这处上周也报过，请看是不是同一家店。",
    "@赵强 已连续三天反复，建议列入专项整治。",
    "@朱建军 现场有学生放学，请错开时段。",
)


def settle(*, now: datetime) -> None:
    """Save views, mark and remark on the newest open work orders, and count the map once."""
    duty, leader = (people.actor(name, now=now) for name in ("haiyan", "zhaoqiang"))
    for name, query, is_shared in VIEWS:
        pk = settings.save_view(name=name, query=query, actor=duty, now=now)
        views.share_view(pk, is_shared=is_shared, actor=duty, now=now)
    newest = WorkOrder.objects.filter(ended_at__isnull=True, handler="S01").order_by("-pk")
    for order, text in zip(newest[: len(REMARKS)], REMARKS, strict=False):
        notes.comment(order.pk, text=text, actor=duty, now=now)
        marks.set_mark(order.pk, Mark.WATCH, on=True, actor=duty, now=now)
        marks.set_mark(order.pk, Mark.STAR, on=True, actor=leader, now=now)
    refresh_map(duty.county, now=now)
