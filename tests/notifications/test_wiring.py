"""What the work orders' events tell people and machines, through the worker's own loop."""

from datetime import timedelta

import pytest

from chengzhi.accounts.interface import system_actor
from chengzhi.accounts.models import Person
from chengzhi.audit.models import Event
from chengzhi.audit.tasks import drain
from chengzhi.notifications.commands.webhooks import open_webhook
from chengzhi.notifications.models import Delivery
from chengzhi.notifications.tasks.send import send_due
from chengzhi.wiring import REACTIONS
from chengzhi.workorders.commands import clock, handle, notes, verify
from chengzhi.workorders.models import OrderMark, WorkOrder
from chengzhi.workorders.types import Channel, Mark, State, Wish
from tests.notifications.build import Gateway
from tests.notifications.conftest import production  # noqa: F401
from tests.workorders.conftest import *  # noqa: F403

PHONE = "13700001234"


@pytest.fixture
def tell(now):
    """Deliver every event, as the worker does."""

    def deliver(at=now) -> None:
        assert drain(REACTIONS, now=at, limit=5000).given_up == 0
        assert not Event.objects.filter(handled_at=None).exists()

    return deliver


def told() -> set[tuple[str, str, str]]:
    return set(Delivery.objects.values_list("template", "recipient", "medium"))


def test_a_dispatch_tells_those_who_handle_in_the_unit(bring, tell):
    order = bring(State.DISPATCHED)

    tell()

    rows = Delivery.objects.filter(template="task-dispatched").order_by("recipient")
    row = rows.first()
    assert [one.recipient for one in rows] == ["person:4", "person:6"]
    assert row.subject == order.subject
    assert row.text.startswith(f"{order.code} 已派给丹东中队，靖南大街126号，请于 ")


def test_a_verify_task_and_a_check_task_tell_the_collector(bring, tell):
    bring(State.TO_VERIFY)
    bring(State.TO_CHECK)

    tell()

    assert ("verify-task", "person:1", "in_app") in told()
    assert ("check-task", "person:1", "in_app") in told()


def test_a_returned_task_tells_the_dispatchers_with_its_reason(bring, tell, now):
    order = bring(State.DISPATCHED)
    handle.return_task(order.pk, reason="不在本中队辖区", actor=bring_zhou(), now=now)

    tell()

    row = Delivery.objects.get(template="task-returned")
    assert (row.recipient, "不在本中队辖区" in row.text) == ("person:2", True)


def bring_zhou():
    from chengzhi.accounts.types import Role
    from tests.conftest import DANDONG, actor

    return actor("person:4", "周健", Role.HANDLER, unit="S01", division=DANDONG)


def test_warning_and_overdue_tell_the_unit_and_the_duty_manager(bring, tell, now):
    bring(State.HANDLING)
    robot = system_actor("deadlines", division="")
    clock.mark_due(actor=robot, now=now + timedelta(hours=1, minutes=50))
    clock.mark_due(actor=robot, now=now + timedelta(hours=3))

    tell(now + timedelta(hours=3))

    found = {(template, ref) for template, ref, _ in told() if template.startswith("stage")}
    assert found == {
        (template, ref)
        for template in ("stage-warned", "stage-overdue")
        for ref in ("person:2", "person:4", "person:6")
    }


@pytest.fixture
def closed(bring, wang_fang, li_ming, zhou_jian, photograph, now):
    """Close a hotline report; a hotline report is verified first and checked by a collector."""
    from chengzhi.workorders.commands import check, file, intake
    from chengzhi.workorders.types import Check, Report, Verification

    def make(wish: str, phone: str = PHONE) -> WorkOrder:
        said = Report(
            channel=Channel.HOTLINE, matter_code="09005", lon=121.8790, lat=29.4772,
            address="靖南大街126号", reporter_name="王女士", reporter_phone=phone,
            reporter_wish=wish,
        )  # fmt: skip
        pk = intake.report(said, actor=wang_fang, now=now).id
        verify.ask_verify(pk, assignee=li_ming.ref, actor=wang_fang, now=now)
        verify.record_verification(pk, result=Verification.EXISTS, actor=li_ming, now=now)
        file.file(pk, condition_number=1, actor=wang_fang, now=now)
        handle.dispatch(pk, unit="S01", actor=wang_fang, now=now)
        handle.accept_task(pk, actor=zhou_jian, now=now)
        photos = (photograph(zhou_jian, "after"),)
        handle.record_handling(pk, photos=photos, actor=zhou_jian, now=now)
        check.record_check(pk, result=Check.PASS, actor=li_ming, now=now)
        check.close(pk, actor=wang_fang, now=now)
        return WorkOrder.objects.get(pk=pk)

    return make


def test_a_reporter_who_asked_is_told_when_it_is_closed(closed, tell, now, production):  # noqa: F811
    order = closed(Wish.ANSWER)
    tell()
    gateway = Gateway()

    send_due({"sms": gateway}, now=now)

    (message,) = [one for one in gateway.taken if one.address == PHONE]
    assert message.text == f"【城治】您反映的“店外经营”（{order.code}）已办结，感谢您的反映。"


@pytest.mark.parametrize("wish", [Wish.ANONYMOUS, Wish.UNSAID])
def test_anonymous_reporters_are_never_contacted_pain_21(closed, tell, now, production, wish):  # noqa: F811
    closed(wish)
    tell()
    gateway = Gateway()

    send_due({"sms": gateway}, now=now)

    assert not Delivery.objects.filter(recipient__startswith="reporter:").exists()
    assert PHONE not in gateway.asked


def test_who_turns_anonymous_before_the_message_goes_is_not_contacted_pain_21(
    closed, tell, now, production  # noqa: F811
):  # fmt: skip
    order = closed(Wish.ANSWER)
    tell()
    WorkOrder.objects.filter(pk=order.pk).update(reporter_wish=Wish.ANONYMOUS)
    gateway = Gateway()

    send_due({"sms": gateway}, now=now)

    row = Delivery.objects.get(recipient=f"reporter:{order.pk}")
    assert (row.state, PHONE in gateway.asked) == ("gave_up", False)


def test_no_delivery_keeps_the_reporters_number_or_name_pain_21(closed, tell):
    closed(Wish.ANSWER)

    tell()

    kept = " ".join(str(value) for row in Delivery.objects.values() for value in row.values())
    assert "reporter:" in kept
    assert PHONE not in kept
    assert "王女士" not in kept


def test_machines_are_told_through_the_same_loop(bring, tell, now, production):  # noqa: F811
    from chengzhi.accounts.types import Role
    from tests.conftest import actor

    admin = actor("person:3", "赵强", Role.ADMINISTRATOR)
    open_webhook(
        name="数据局", url="https://hooks.example.com/", events=["workorders.closed"],
        actor=admin, now=now,
    )  # fmt: skip
    order = bring(State.CLOSED)

    tell()

    row = Delivery.objects.get(medium="webhook")
    assert (row.template, row.subject, row.state) == ("workorders.closed", order.subject, "waiting")
    assert "李明" not in row.text


def test_delivering_twice_tells_nobody_twice(bring, tell):
    bring(State.CLOSED)
    tell()
    count = Delivery.objects.count()
    Event.objects.update(handled_at=None)

    tell()

    assert Delivery.objects.count() == count


def test_nobody_is_told_of_what_they_did_themselves(bring, tell):
    Person.objects.filter(pk=2).update(mobile="13800000002")
    bring(State.REJECTED)

    tell()

    assert not [one for one in told() if one[1] == "person:2"]


def test_who_is_mentioned_is_told_with_the_words_and_by_whom(bring, tell, wang_fang, now):
    order = bring(State.REPORTED)
    notes.comment(order.pk, text="@李明 请补一张远景照片", actor=wang_fang, now=now)

    tell()

    (row,) = Delivery.objects.filter(template="mentioned")
    assert (row.recipient, row.title) == ("person:1", f"王芳在 {order.code} 中提到您")
    assert "请补一张远景照片" in row.text


def test_who_watches_is_told_while_they_may_see_it(bring, tell, now):
    order = bring(State.FILED)
    for ref in ("person:3", "person:5", "person:9"):
        OrderMark.objects.create(order=order, person=ref, kind=Mark.WATCH, created_at=now)
    handle.dispatch(order.pk, unit="S01", actor=bring_wang(), now=now)

    tell()

    found = Delivery.objects.filter(template="watched")
    assert [row.recipient for row in found] == ["person:3"]  # 赵强 leads; 周小燕 sees only her own
    assert found.get().text.startswith(f"{order.code}：派给 丹东中队")


def bring_wang():
    from chengzhi.accounts.types import Role
    from tests.conftest import actor

    return actor("person:2", "王芳", Role.DUTY_MANAGER, Role.DISPATCHER)
