"""The demo county's open door: a key for apps of other makers, what they sent, an old list."""

from datetime import datetime, timedelta
from pathlib import Path

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, TokenScope
from chengzhi.places.models import Cell
from chengzhi.workorders.commands import outside
from chengzhi.workorders.commands.imports import import_list
from chengzhi.workorders.types.outside import OutsideReport
from seed.lives import centre

IMPORTS = Path(__file__).parent / "imports"
APP = "随手拍（演示）"
SENT = (
    ("06010", "垃圾桶满了，袋子堆在人行道上", "林小满"),
    ("09005", "水果筐摆到盲道上", "郑一鸣"),
    ("09009", "车停在消防通道口", "赖可心"),
    ("01037", "两盏路灯不亮", "孔令宜"),
    ("06013", "路面破了一块，下雨积水", "史文博"),
    ("07001", "电线杆上贴满小广告", "倪思远"),
)


def settle(*, actor: Actor, now: datetime) -> str:
    """Issue a key, send requests with it, bring an old list in; return the key."""
    key = accounts.issue_token(
        name=APP,
        scopes=[TokenScope.OPEN311],
        expires_at=now + timedelta(days=360),
        actor=actor,
        now=now,
    )
    app = accounts.system_actor(APP, division=actor.county)
    _send(app, now)
    content = (IMPORTS / "hotline.csv").read_bytes()
    mapping = (IMPORTS / "hotline.toml").read_text(encoding="utf-8")
    import_list(content, file_name="hotline.csv", mapping=mapping, actor=actor, now=now)
    return key.plain


def _send(app: Actor, now: datetime) -> None:
    cells = Cell.objects.order_by("code")[: len(SENT)]
    for number, (cell, (matter, text, name)) in enumerate(zip(cells, SENT, strict=False)):
        point, at = centre(cell.polygon), now - timedelta(minutes=40 * number + 5)
        received = OutsideReport(
            service_code=matter,
            lon=point.lon,
            lat=point.lat,
            address=f"{cell.code[9:]} 单元网格内路边",
            description=text,
            name=name,
            phone=f"1380000{1000 + number}",
            account_id=f"demo-{number}",
        )
        receipt = outside.receive(received, actor=app, now=at)
        if number == 0:
            outside.add_update(receipt.id, text="今天早上又多了两袋", actor=app, now=now)
