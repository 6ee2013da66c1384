"""Who is told by which medium and when; words and their fields; the table of occasions."""

from datetime import datetime, time
from itertools import product
from zoneinfo import ZoneInfo

import pytest

from chengzhi.kernel.errors import InvalidInput
from chengzhi.kernel.events import REGISTRY
from chengzhi.notifications.models import Delivery, Preference
from chengzhi.notifications.queries.preferences import would_reach
from chengzhi.notifications.rules import sending, templates
from chengzhi.notifications.types import Recipient, Window, Words
from tests.notifications.build import tell

CHINA = ZoneInfo("Asia/Shanghai")
NIGHT = Window(begins=time(22), ends=time(7))


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, 25, hour, minute, tzinfo=CHINA)


@pytest.mark.parametrize(
    ("now", "goes_at"),
    [
        (at(21, 59), at(21, 59)),
        (at(22), at(7).replace(day=26)),
        (at(23, 30), at(7).replace(day=26)),
        (at(0, 10), at(7)),
        (at(6, 59), at(7)),
        (at(7), at(7)),
    ],
)
def test_quiet_hours_run_over_midnight(now, goes_at):
    assert sending.after_quiet(now, NIGHT) == goes_at


def test_quiet_hours_within_a_day_and_none_at_all():
    noon = Window(begins=time(12), ends=time(14))

    assert sending.after_quiet(at(13), noon) == at(14)
    assert sending.after_quiet(at(15), noon) == at(15)
    assert sending.after_quiet(at(13), None) == at(13)


def test_an_urgent_message_breaks_the_quiet_hours(people):
    tell("person:4", template="stage-overdue", key="event:1", now=at(23))
    tell("person:4", template="stage-warned", key="event:2", now=at(23))

    rows = {row.template: row.next_at for row in Delivery.objects.filter(medium="sms")}
    assert rows == {"stage-overdue": at(23), "stage-warned": at(7).replace(day=26)}


def test_a_late_message_keeps_the_quiet_hours_too(people, production):
    from chengzhi.notifications.tasks.send import send_due
    from tests.notifications.build import Gateway

    tell("person:4", now=at(21, 50))
    gateway = Gateway()

    send_due({"sms": gateway}, now=at(22, 30))  # the worker was away

    row = Delivery.objects.get(medium="sms")
    assert gateway.asked == []
    assert (row.state, row.next_at, row.attempts) == ("waiting", at(7).replace(day=26), 0)


def test_page_and_outbox_ask_the_same_question_pain_32(people, now):
    """For every template, preference and person: what is promised is what is written."""
    choices = ["", "sms", "sms mail"]
    for key, media, mutes in product(templates.labels(), choices, (True, False)):
        Delivery.objects.all().delete()
        Preference.objects.update_or_create(
            person="person:4",
            defaults={"media": media, "muted": key if mutes else "", "mail": "z@example.com"},
        )

        promised = {how.medium for how in would_reach(key, "person:4", now=now) if how.goes}
        tell("person:4", template=key, now=now)

        assert set(Delivery.objects.values_list("medium", flat=True)) == promised


def test_nobody_switches_off_what_the_work_needs(people, now):
    Preference.objects.create(person="person:4", media="", muted="task-dispatched stage-warned")

    tell("person:4", now=now)
    tell("person:4", template="stage-warned", key="event:2", now=now)

    assert set(Delivery.objects.values_list("template", "medium")) == {
        ("task-dispatched", "in_app"),
        ("task-dispatched", "sms"),
    }


def test_somebody_who_left_is_not_told(people, now):
    from chengzhi.accounts.models import Person

    Person.objects.filter(pk=4).update(is_active=False)

    assert tell("unit:S01", "person:4", "person:77", now=now) == 1  # 朱建军 alone


def test_a_verdict_says_why_not():
    found = templates.template("stage-warned", on=at(10).date())
    reached = Recipient(ref="person:4", name="周健", reachable=frozenset({"in_app", "sms"}))

    def why(recipient: Recipient, medium: str, media=("in_app", "sms", "mail")) -> str:
        asked = sending.verdict(found, medium, recipient, site_media=media, now=at(10))
        return asked.reason

    assert why(reached, "sms") == ""
    assert why(reached, "mail") == "此类通知不走这种方式"
    assert why(reached, "sms", media=("in_app",)) == "本站没有接入这种方式"
    assert why(Recipient(ref="person:6", name="朱"), "sms") == "没有登记手机号"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{code} 已派给 {phone}", "没有字段“{phone}”"),
        ("{code.__class__}", "没有字段"),
        ("{code!r}", "没有字段"),
        ("{code:>10}", "没有字段"),
        ("{0}", "没有字段"),
        ("{}", "没有字段"),
        ("{code", "花括号不成对"),
        ("", "正文应有"),
        ("字" * 601, "正文应有"),
    ],
)
def test_words_name_only_the_fields_of_their_message(text, said):
    with pytest.raises(InvalidInput, match=said.replace("{", r"\{").replace("}", r"\}")):
        templates.require_sound(Words(title="标题", text=text), known=("code",))


def test_a_missing_fact_is_a_dash_and_numbers_of_people_are_covered():
    words = Words(title="{code}", text="{reason}，{due_text}")

    shown = templates.written(words, {"code": 7, "reason": "请打 13812345678 或 13987654321"})

    assert shown == Words(title="7", text="请打 138****5678 或 139****4321，—")


def test_every_template_is_sound_and_its_example_fills_every_field():
    for row in templates.templates(on=at(10).date()):
        assert set(row.fields) == set(row.example), row.key
        assert row.words, row.key
        for words in row.words.values():
            templates.require_sound(words, known=row.fields)
            assert "—" not in templates.written(words, row.example).text


def test_every_occasion_names_a_registered_event_a_template_and_fields_that_exist():
    for row in templates.occasions():
        shape = REGISTRY[row.event].shape
        assert row.template in templates.labels()
        assert row.to
        fields = {one.partition(":")[2] for one in row.to if one.startswith(("unit:", "person:"))}
        fields |= {row.when.partition("=")[0]} - {""}
        assert fields <= set(shape.__dataclass_fields__), row


def test_every_event_for_machines_is_registered_and_tells_no_free_text():
    from chengzhi.kernel.privacy import FREE_TEXT

    for event, fields in templates.webhook_fields().items():
        assert set(fields) <= set(REGISTRY[event].shape.__dataclass_fields__), event
        assert not set(fields) & FREE_TEXT, event
        assert not [name for name in fields if name in {"assignee", "assignee_name", "actor"}]
