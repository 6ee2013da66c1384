"""Pages of messages: one's own inbox, preferences, templates, sending, webhooks."""

import re
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from chengzhi.audit.models import Event
from chengzhi.notifications.models import Delivery, Preference, Subscription, TemplateText
from chengzhi.notifications.tasks.send import send_due
from tests.notifications.build import Gateway, tell
from tests.notifications.conftest import signed_in

MANAGED = ("notification-deliveries", "notification-templates", "webhooks")
HOOK = {"name": "县大数据局", "url": "https://hooks.example.com/in", "events": "workorders.closed"}


@pytest.fixture
def console(people):
    return signed_in(8)


@pytest.fixture
def handler(people):
    return signed_in(4)


def test_the_inbox_shows_ones_own_messages_only(handler, now):
    tell("person:4", now=now)
    tell("person:2", template="stage-warned", key="event:2", now=now)

    page = handler.get("/notifications/").content.decode()

    assert "新任务：暴露垃圾" in page
    assert "即将到期" not in page
    assert "1 条未读" in page


def test_the_rail_counts_what_is_unread(handler, now):
    tell("person:4", now=now)
    tell("person:4", template="stage-overdue", key="event:2", now=now)

    page = handler.get("/notifications/preferences/").content.decode()

    bell = re.search(r'href="/notifications/".*?</a>', page, re.S).group()
    assert '<b class="bad"><span aria-hidden="true">2</span>' in bell


def test_opening_a_message_marks_it_read_and_leads_to_its_record(handler, now):
    tell("person:4", now=now)
    row = Delivery.objects.get(medium="in_app")

    answer = handler.post(reverse("notification-open", args=[row.pk]))

    row.refresh_from_db()
    assert answer["Location"] == "/records/workorder:12"
    assert row.read_at is not None
    assert "1 条未读" not in handler.get("/notifications/?show=unread").content.decode()


def test_somebody_elses_message_does_not_exist(handler, now):
    tell("person:2", now=now)
    row = Delivery.objects.get(medium="in_app")

    answer = handler.post(reverse("notification-open", args=[row.pk]))

    row.refresh_from_db()
    assert answer.status_code == 404
    assert row.read_at is None


def test_all_messages_are_read_at_once_and_exported(handler, now):
    for number in range(3):
        tell("person:4", key=f"event:{number}", now=now)

    book = load_workbook(BytesIO(handler.get("/notifications/?export=xlsx").content))
    handler.post("/notifications/read")

    assert book.active.max_row == 4
    assert not Delivery.objects.filter(medium="in_app", read_at=None).exists()


def test_the_inbox_pages_by_key(handler, now):
    for number in range(55):
        tell("person:4", key=f"event:{number}", now=now)

    first = handler.get("/notifications/").content.decode()
    after = re.search(r"after=(\d+)", first).group(1)
    second = handler.get(f"/notifications/?after={after}").content.decode()

    assert (first.count("<tr data-row>"), second.count("<tr data-row>")) == (50, 5)


def test_preferences_are_kept_as_an_event_without_the_address(handler):
    said = {"media": ["sms"], "muted": ["stage-warned"], "quiet_from": "21:00",
            "quiet_until": "08:00", "mail": "zhou@example.com"}  # fmt: skip

    answer = handler.post("/notifications/preferences/", said)

    row, event = Preference.objects.get(), Event.objects.get()
    assert answer.status_code == 302
    assert (row.media, row.muted, row.mail) == ("sms", "stage-warned", "zhou@example.com")
    assert "21:00–08:00" in event.data
    assert "zhou@example.com" not in event.data


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"muted": ["task-dispatched"]}, "task-dispatched"),
        ({"quiet_from": "21:00"}, "要么都填，要么都不填"),
        ({"mail": "nobody"}, 'class="err"'),
    ],
)
def test_what_cannot_be_preferred_is_refused(handler, changes, said):
    answer = handler.post("/notifications/preferences/", {"media": ["sms"], **changes})

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Preference.objects.exists()


@pytest.mark.parametrize("name", MANAGED)
def test_only_those_who_manage_messages_see_how_they_are_sent(handler, console, name):
    assert handler.get(reverse(name)).status_code == 403
    assert console.get(reverse(name)).status_code == 200


def test_a_template_is_previewed_overridden_and_restored(console, now):
    url = reverse("notification-template", args=["task-dispatched"])
    said = {"medium": "sms", "title": "新任务", "text": "【象山城管】{code}，{address}"}

    draft = console.post(url, {**said, "preview": "1"}).content.decode()
    assert "【象山城管】象城案〔2026〕41732，靖南大街126号" in draft
    assert not TemplateText.objects.exists()

    console.post(url, said)
    tell("person:4", now=now)
    assert Delivery.objects.get(medium="sms").text == "【象山城管】象城案〔2026〕12，靖南大街126号"

    console.post(url, {**said, "text": "{code}"})
    console.post(reverse("notification-template-restore", args=["task-dispatched"]), said)
    tell("person:4", key="event:2", now=now)
    assert Delivery.objects.get(medium="sms", key="event:2").text.startswith("【城治】")
    assert list(TemplateText.objects.order_by("version").values_list("version", "title")) == [
        (1, "新任务"),
        (2, "新任务"),
    ]
    assert [event.name for event in Event.objects.order_by("pk")] == [
        "notifications.template-changed",
        "notifications.template-changed",
        "notifications.template-restored",
    ]


def test_an_unknown_field_is_refused_at_save(console):
    url = reverse("notification-template", args=["task-dispatched"])

    answer = console.post(url, {"medium": "sms", "title": "新任务", "text": "{reporter_phone}"})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "没有字段“{reporter_phone}”，可用：{code}" in page
    assert not TemplateText.objects.exists()


def test_failed_messages_are_listed_sent_again_and_dismissed(console, now, production):
    tell("person:4", "person:2", now=now)
    send_due({"sms": Gateway(refusing=("13800000004", "13800000002"))}, now=now)
    first, second = Delivery.objects.filter(state="gave_up").order_by("pk")

    page = console.get("/notifications/deliveries/?state=gave_up").content.decode()
    assert page.count("<tr data-row>") == 2
    assert "发送失败 2 条" in page
    assert "13800000004" not in page

    console.post(reverse("delivery-resend", args=[first.pk]))
    console.post(reverse("delivery-dismiss", args=[second.pk]), {"reason": "已当面告知"})
    states = list(
        Delivery.objects.filter(medium="sms").order_by("pk").values_list("state", flat=True)
    )
    assert states == ["waiting", "dismissed"]


def test_deliveries_are_exported_without_addresses(console, now):
    tell("person:4", now=now)

    text = console.get("/notifications/deliveries/?export=csv").content.decode("utf-8-sig")

    assert text.count("\r\n") == 3
    assert "周健" in text
    assert not re.search(r"138[\d*]{4}", text)


def test_a_webhook_is_opened_its_secret_shown_once_and_ended(console, people):
    page = console.post("/notifications/webhooks/", HOOK).content.decode()
    hook = Subscription.objects.get()
    secret = re.search(r"whsec_[0-9a-f]{64}", page).group()
    own = reverse("webhook", args=[hook.pk])

    assert secret not in console.get("/notifications/webhooks/").content.decode()
    assert secret not in console.get(own).content.decode()
    again = console.post(reverse("webhook-secret", args=[hook.pk])).content.decode()
    assert re.search(r"whsec_[0-9a-f]{64}", again).group() != secret
    console.post(reverse("webhook-end", args=[hook.pk]))
    hook.refresh_from_db()
    assert hook.ended_at is not None
    assert console.post(reverse("webhook-end", args=[hook.pk])).status_code == 409
    assert not Event.objects.filter(data__contains="whsec_").exists()


def test_another_countys_webhook_does_not_exist(console, people):
    console.post("/notifications/webhooks/", HOOK)
    hook = Subscription.objects.get()
    stranger = signed_in(9)

    answers = [
        stranger.get(reverse("webhook", args=[hook.pk])),
        stranger.post(reverse("webhook-end", args=[hook.pk])),
        stranger.post(reverse("webhook-secret", args=[hook.pk])),
    ]

    hook.refresh_from_db()
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert hook.ended_at is None


@pytest.mark.parametrize("address", ["/login/", "/notifications/", "/"])
def test_a_rehearsal_site_says_so_on_every_page(console, client, address, settings):
    asked = client if address == "/login/" else console
    strip = "演练环境：不会发出短信和邮件"

    assert strip in asked.get(address).content.decode()
    settings.CHENGZHI_OUTSIDE = True
    assert strip not in asked.get(address).content.decode()
