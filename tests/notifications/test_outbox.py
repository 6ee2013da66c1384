"""Per-recipient outbox: nobody stops or repeats another, nothing loops, nothing dies in silence."""

from datetime import timedelta

import pytest

from chengzhi.audit.models import Event
from chengzhi.notifications.commands import outbox
from chengzhi.notifications.commands.digest import tell_of_stuck
from chengzhi.notifications.models import Delivery
from chengzhi.notifications.rules.sending import wait_after
from chengzhi.notifications.rules.templates import sending
from chengzhi.notifications.tasks.send import send_due
from tests.notifications.build import Gateway, tell, written

DAY = timedelta(days=1)
WANG, ZHOU = "13800000002", "13800000004"


def test_one_message_becomes_a_delivery_per_recipient_and_medium(people, now):
    count = tell("unit:S01", "person:2", now=now)

    assert count == 5
    assert written() == [
        ("person:2", "in_app", "sent"),
        ("person:2", "sms", "waiting"),
        ("person:4", "in_app", "sent"),
        ("person:4", "sms", "waiting"),
        ("person:6", "in_app", "sent"),  # no number, no SMS
    ]


def test_the_same_key_tells_nobody_twice(people, now):
    tell("person:2", now=now)

    count = tell("person:2", "person:4", now=now)

    assert count == 2
    assert len(written()) == 4


def test_a_failing_recipient_neither_stops_nor_repeats_another_pain_16(people, now, production):
    tell("person:2", "person:4", now=now)
    gateway = Gateway(failing=(ZHOU,))

    send_due({"sms": gateway}, now=now)
    send_due({"sms": gateway}, now=now + timedelta(hours=1))

    assert [message.address for message in gateway.taken] == [WANG]
    assert gateway.asked.count(WANG) == 1
    assert gateway.asked.count(ZHOU) == 2
    assert ("person:4", "sms", "waiting") in written()


def test_a_bad_row_never_loops_and_ends_where_people_see_it_pain_17(people, now, production):
    tell("person:4", now=now)
    gateway, at = Gateway(failing=(ZHOU,)), now
    for _ in range(20):
        send_due({"sms": gateway}, now=at)
        at += timedelta(hours=8)

    row = Delivery.objects.get(medium="sms")
    assert len(gateway.asked) == sending().most_attempts == 6
    assert (row.state, row.attempts) == ("gave_up", 6)
    assert row.failure == "ConnectionError: no answer for 138****0004"
    assert Event.objects.filter(name="notifications.delivery-failed").count() == 1


def test_a_row_that_kills_its_sender_each_time_is_given_up_pain_17(people, now, production):
    tell("person:4", now=now)
    at = now
    for _ in range(sending().most_attempts):
        assert len(outbox.claim_due(now=at, most=50)) == 1
        at += sending().lease

    assert outbox.claim_due(now=at, most=50) == []
    assert outbox.bury(now=at) == 1
    assert Delivery.objects.get(medium="sms").failure == "发送进程多次在发送途中退出"


def test_what_will_never_work_is_given_up_at_once(people, now, production):
    tell("person:4", now=now)

    send_due({"sms": Gateway(refusing=(ZHOU,))}, now=now)

    row = Delivery.objects.get(medium="sms")
    assert (row.state, row.attempts, row.failure) == ("gave_up", 1, "空号")


def test_a_claimed_row_is_nobody_elses_until_its_lease_ends(people, now):
    tell("person:4", now=now)

    first = outbox.claim_due(now=now, most=50)
    second = outbox.claim_due(now=now, most=50)
    later = outbox.claim_due(now=now + sending().lease, most=50)

    assert (len(first), len(second), len(later)) == (1, 0, 1)
    assert outbox.settle(first[0], state="sent", now=now) is False


def test_waits_grow_stray_by_the_id_and_end():
    waits = [wait_after(attempt, seed=7) for attempt in range(1, 6)]

    assert waits == sorted(waits)
    assert all(
        abs(wait / (30 * 4**n * timedelta(seconds=1)) - 1) <= 0.2
        for n, wait in enumerate(waits[:5])
        if wait < timedelta(hours=4)
    )
    assert wait_after(1, seed=7) != wait_after(1, seed=8)
    assert wait_after(1, seed=7) == wait_after(1, seed=7)
    assert wait_after(6, seed=7) is None


def test_the_round_ends_with_its_budget_and_gives_the_rest_back(people, now, production):
    tell("person:2", "person:4", now=now)
    seconds = iter([0, 0, 0, 30, 30])

    dealt = send_due({"sms": Gateway()}, now=now, stopwatch=lambda: next(seconds))

    rest = Delivery.objects.get(medium="sms", state="waiting")
    assert dealt == 1
    assert (rest.attempts, rest.claimed_by) == (0, "")


def given_up(now) -> Delivery:
    tell("person:4", now=now)
    send_due({"sms": Gateway(refusing=(ZHOU,))}, now=now)
    return Delivery.objects.get(medium="sms")


def digests() -> list[str]:
    rows = Delivery.objects.filter(template="stuck-digest", medium="in_app").order_by("pk")
    return [f"{row.key} {row.recipient} {row.title}" for row in rows]


def test_failures_complain_every_day_until_dealt_with_pain_18(people, now, production, admin):
    row = given_up(now)
    for day in range(3):
        for hour in (0, 1):
            tell_of_stuck(county="330225", now=now + day * DAY + timedelta(hours=hour))

    assert digests() == [
        "digest:330225:2026-11-25 person:8 有 1 条通知没有发出",
        "digest:330225:2026-11-26 person:8 有 1 条通知没有发出",
        "digest:330225:2026-11-27 person:8 有 1 条通知没有发出",
    ]
    outbox.dismiss(row.pk, reason="已电话告知", actor=admin, now=now + 3 * DAY)
    assert tell_of_stuck(county="330225", now=now + 3 * DAY) == 0


def test_the_digest_waits_for_the_morning(people, now, production):
    given_up(now)

    assert tell_of_stuck(county="330225", now=now.replace(hour=23)) == 0  # 07:00 in China
    assert digests() == []


def test_what_was_given_up_is_sent_again_on_request(people, now, production, admin):
    row = given_up(now)
    gateway = Gateway()

    outbox.resend(row.pk, actor=admin, now=now + DAY)
    send_due({"sms": gateway}, now=now + DAY)

    row.refresh_from_db()
    assert (row.state, row.attempts) == ("sent", 1)
    assert len(gateway.taken) == 1
    assert [event.name for event in Event.objects.filter(subject=row.ref).order_by("seq")] == [
        "notifications.delivery-failed",
        "notifications.delivery-resent",
    ]


def test_what_was_sent_is_not_sent_again(people, now, production, admin):
    tell("person:4", now=now)
    send_due({"sms": Gateway()}, now=now)
    row = Delivery.objects.get(medium="sms")
    before = Event.objects.count()

    with pytest.raises(outbox.NotResendable):
        outbox.resend(row.pk, actor=admin, now=now)

    row.refresh_from_db()
    assert (row.state, Event.objects.count()) == ("sent", before)


def test_another_county_sees_none_of_it(people, now, production, stranger):
    from chengzhi.kernel.errors import NotVisible

    row = given_up(now)

    with pytest.raises(NotVisible):
        outbox.resend(row.pk, actor=stranger, now=now)
    row.refresh_from_db()
    assert row.state == "gave_up"
