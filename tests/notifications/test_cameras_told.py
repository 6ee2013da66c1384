"""Who is told when cameras go dark, see again, or their findings go astray; and which machines."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from chengzhi.accounts.interface import system_actor
from chengzhi.accounts.models import Person, Post, Unit
from chengzhi.accounts.types import ROLE_PERMISSIONS, Permission, Role
from chengzhi.audit import interface as audit
from chengzhi.audit.tasks import drain
from chengzhi.notifications.commands.webhooks import open_webhook
from chengzhi.notifications.models import Delivery
from chengzhi.notifications.rules.templates import meets, occasions_of, webhook_fields
from chengzhi.notifications.types import Occasion
from chengzhi.vision import commands
from chengzhi.vision.events import DriftsRaised
from chengzhi.vision.models import Camera
from chengzhi.vision.tasks import tick
from chengzhi.wiring import REACTIONS
from tests.conftest import COUNTY
from tests.notifications.conftest import SINCE, signed_in
from tests.vision.conftest import administrator, camera, draft, worker, zone  # noqa: F401
from tests.vision.test_health import beat

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
WANG, ZHOU, ZHU, ADMIN, STRANGER = (f"person:{pk}" for pk in (2, 4, 6, 8, 9))


@pytest.fixture
def fleet(people, camera, draft, administrator, now):  # noqa: F811
    """Twelve cameras; the first two in the district of squad S01."""
    codes = [f"C{number:03d}" for number in range(1, 13)]
    for code in codes[1:]:
        commands.register_camera(code, draft, actor=administrator, now=now)
    Camera.objects.filter(code__in=codes[:2]).update(squad="S01")
    return codes


@pytest.fixture
def hear(worker):  # noqa: F811
    def heartbeat(codes, at, state="ok"):
        beats = tuple(beat(code=code, state=state) for code in codes)
        commands.record_heartbeat("一号识别机", beats, actor=worker, now=at)

    return heartbeat


def live(*, since, until) -> None:
    """Tick and deliver every minute, as the platform's worker does."""
    while since <= until:
        tick(since)
        assert drain(REACTIONS, now=since, limit=5000).given_up == 0
        since += MINUTE


def inbox(ref: str) -> list[str]:
    rows = Delivery.objects.filter(recipient=ref, medium="in_app").order_by("pk")
    return list(rows.values_list("title", flat=True))


def test_a_dead_worker_is_one_message_to_each_who_answers_for_it(fleet, hear, now):
    hear(fleet, now)

    live(since=now, until=now + 30 * MINUTE)

    assert inbox(WANG) == inbox(ADMIN) == ["12 路摄像头同时看不到画面"]
    assert inbox(ZHU) == ["2 路摄像头看不到画面"]  # of his own district
    assert inbox(ZHOU) == inbox(STRANGER) == []
    text = Delivery.objects.get(recipient=WANG, medium="in_app").text
    assert "C001 靖南大街天安路口北、C002 " in text
    assert text.endswith("都由识别程序“一号识别机”看守，请先看它是否在运行。")


def test_many_at_once_break_the_night_and_one_does_not(fleet, hear, now):
    night = now + timedelta(hours=12)  # 22:30
    hear(fleet, night)
    live(since=night, until=night + 13 * MINUTE)

    row = Delivery.objects.get(recipient=WANG, medium="sms")
    assert row.urgent
    assert row.next_at < night + 15 * MINUTE
    assert not Delivery.objects.filter(recipient=ZHU, medium="sms").exists()


def test_one_camera_is_told_of_by_name_and_again_when_it_sees(fleet, hear, now):
    for minute in range(42):
        at = now + minute * MINUTE
        is_dark = 10 <= minute < 30
        hear(fleet[1:], at)
        hear(fleet[:1], at, "covered" if is_dark else "ok")
        live(since=at, until=at)

    assert inbox(WANG) == inbox(ZHU) == ["1 路摄像头看不到画面", "1 路摄像头恢复画面"]
    first, second = Delivery.objects.filter(recipient=ZHU).order_by("pk")
    assert first.text.startswith("C001 靖南大街天安路口北（看不清），最早自 11-25 10:40 起。")
    assert second.text == "C001 靖南大街天安路口北已恢复，最长看不到 20分。"


def test_the_message_opens_the_page_of_the_equipments_health(fleet, hear, now):
    hear(fleet, now)
    live(since=now, until=now + 13 * MINUTE)
    client = signed_in(2)
    message = Delivery.objects.get(recipient=WANG, medium="in_app")

    answer = client.post(f"/notifications/{message.pk}/open", follow=True)

    assert answer.redirect_chain[-1][0] == "/vision/health/"
    assert client.get("/records/thresholds:330225").url == "/vision/thresholds/"


def test_drift_is_told_to_those_who_may_change_thresholds(people, now):
    Person.objects.create(
        pk=3, username="u3", name="赵强", unit=Unit.objects.get(code="C01"),
        created_at=now, password_changed_at=now,
    )  # fmt: skip
    Post.objects.create(person_id=3, role=Role.LEADER, valid_from=SINCE)
    robot = system_actor("vision", division=COUNTY)
    event = DriftsRaised(count=4, text="C001 店外经营准确率低于目标等")
    audit.record(event, subject=f"thresholds:{COUNTY}", actor=robot.ref, at=now)

    drain(REACTIONS, now=now)

    assert inbox("person:3") == inbox(WANG) == ["4 处识别漂移"]
    assert inbox(ADMIN) == inbox(ZHU) == []


def test_the_table_names_exactly_the_posts_that_may_change_thresholds():
    (row,) = occasions_of("vision.drifts-raised")
    may = {role for role, has in ROLE_PERMISSIONS.items() if Permission.CALIBRATE in has}

    assert {Role(one.removeprefix("role:")) for one in row.to} == may - {Role.SYSTEM}


def test_a_row_may_ask_for_several_fields_at_once():
    row = Occasion(event="e", template="t", to=(), when="scope=county size=many")

    assert meets(row, {"scope": "county", "size": "many"})
    assert not meets(row, {"scope": "county", "size": "few"})
    assert not meets(row, {"scope": "squad", "size": "many"})


def test_machines_are_told_of_cameras_without_their_addresses(fleet, hear, admin, production, now):
    events = [event for event in webhook_fields() if event.startswith("vision.")]
    open_webhook(
        name="运维", url="https://hooks.example.com/", events=events, actor=admin,
        now=now - MINUTE,
    )  # fmt: skip
    hear(fleet, now)

    live(since=now, until=now + 13 * MINUTE)

    rows = Delivery.objects.filter(medium="webhook")
    assert rows.filter(template="vision.camera-silent").count() == 12
    (row,) = rows.filter(template="vision.cameras-dark", subject=f"fleet:{COUNTY}")
    said = json.loads(row.text)["data"]
    assert (said["count"], said["cameras"], said["size"]) == (12, fleet, "many")
    assert said["started_at"] == now.isoformat()
    assert "rtsp" not in " ".join(rows.values_list("text", flat=True))


def test_the_how_to_names_every_camera_event_and_its_fields():
    page = (Path(__file__).parents[2] / "docs" / "howto" / "webhooks.md").read_text("utf-8")
    for event, fields in webhook_fields().items():
        if event.startswith("vision."):
            (line,) = [
                row for row in page.splitlines() if row.startswith("|") and f"`{event}`" in row
            ]
            assert [name for name in fields if f"`{name}`" not in line and name != "camera"] == []
