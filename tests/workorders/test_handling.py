"""派遣 to 结案: success, refusal, deadlines to the minute, and what the log says."""

from datetime import UTC, datetime, timedelta

import pytest

from chengzhi.accounts.types import Role
from chengzhi.audit.models import Event
from chengzhi.kernel.procedure import StepNotAllowed
from chengzhi.workorders.commands import check, file, handle
from chengzhi.workorders.models import WorkOrder
from chengzhi.workorders.types import Check, State
from tests.conftest import actor
from tests.workorders.conftest import MANHOLE

pytestmark = pytest.mark.django_db


def fresh(order: WorkOrder) -> WorkOrder:
    return WorkOrder.objects.get(pk=order.pk)


def test_dispatch_starts_the_handling_clock(bring, wang_fang, now):
    """店外经营, 2 urgent hours: from 10:30 to 12:30 through the lunch break, warned at 12:06."""
    order = bring(State.FILED)

    order = handle.dispatch(order.pk, unit="S01", actor=wang_fang, now=now)

    assert (order.state, order.handler, order.dispatched_at) == (State.DISPATCHED, "S01", now)
    assert order.handling_due_at == now + timedelta(hours=2)
    assert order.handling_warn_at == now + timedelta(minutes=96)
    assert order.stage_due_at == now + timedelta(minutes=30)  # to accept the task


@pytest.mark.parametrize(
    ("matter", "row", "due"),
    [
        (MANHOLE, 1, datetime(2026, 11, 25, 4, 30, tzinfo=UTC)),  # 2 urgent hours: 12:30
        (MANHOLE, 2, datetime(2026, 11, 25, 8, 30, tzinfo=UTC)),  # 4 work hours: 16:30
        (MANHOLE, 3, datetime(2026, 11, 27, 2, 30, tzinfo=UTC)),  # 2 work days: Friday 10:30
        (MANHOLE, 4, datetime(2026, 12, 2, 2, 30, tzinfo=UTC)),  # 5: over the weekend, Wednesday
        ("06001", 1, datetime(2026, 11, 27, 2, 30, tzinfo=UTC)),  # 2 urgent days
    ],
    ids=["urgent_hour", "work_hour", "work_day", "over the weekend", "urgent_day"],
)
def test_the_handling_deadline_is_exact_for_each_unit(bring, wang_fang, now, matter, row, due):
    """domain.md 1.4: Wednesday 10:30, office hours 8–12 and 14–18."""
    order = bring(State.ACCEPTED, matter_code=matter)
    file.file(order.pk, condition_number=row, actor=wang_fang, now=now)

    order = handle.dispatch(order.pk, unit="S01", actor=wang_fang, now=now)

    assert order.handling_due_at == due


def test_accepting_late_does_not_move_the_handling_deadline(bring, zhou_jian, now):
    order = bring(State.DISPATCHED)

    order = handle.accept_task(order.pk, actor=zhou_jian, now=now + timedelta(minutes=50))

    assert order.state == State.HANDLING
    assert order.stage_due_at == order.handling_due_at == now + timedelta(hours=2)


@pytest.mark.parametrize("unit", ["", "C01", "S99", "X01"])
def test_a_dispatch_names_a_unit_that_handles_here(bring, wang_fang, now, snapshot, unit):
    order = bring(State.FILED)
    before = snapshot()

    with pytest.raises(StepNotAllowed, match="不能派遣"):
        handle.dispatch(order.pk, unit=unit, actor=wang_fang, now=now)

    assert snapshot() == before


def test_a_returned_task_goes_to_the_dispatcher_with_its_reason(bring, zhou_jian, now, events):
    order = bring(State.DISPATCHED)

    handle.return_task(order.pk, reason="属石浦镇辖区", actor=zhou_jian, now=now)

    order = fresh(order)
    assert (order.state, order.handler, order.returned_by) == (State.FILED, "", "S01")
    assert (order.return_count, order.last_reason) == (1, "属石浦镇辖区")
    assert order.handling_due_at is None
    assert events(order)[-1] == "task-returned"


def test_a_return_says_why(bring, zhou_jian, now, snapshot):
    order = bring(State.DISPATCHED)
    before = snapshot()

    with pytest.raises(StepNotAllowed, match="不能回退：没有写理由，请写明原因。"):
        handle.return_task(order.pk, reason="", actor=zhou_jian, now=now)

    assert snapshot() == before


def test_a_unit_returns_a_work_order_only_once(bring, zhou_jian, wang_fang, now, snapshot):
    order = bring(State.DISPATCHED)
    handle.return_task(order.pk, reason="不属本队", actor=zhou_jian, now=now)
    handle.dispatch(order.pk, unit="S01", reason="确属本队辖区", actor=wang_fang, now=now)
    before = snapshot()

    with pytest.raises(StepNotAllowed, match="本单位已回退过一次"):
        handle.return_task(order.pk, reason="还是不属本队", actor=zhou_jian, now=now)

    assert snapshot() == before


def test_another_unit_gets_a_new_clock(bring, wang_fang, now):
    order = bring(State.HANDLING)
    later = now + timedelta(hours=1)

    order = handle.change_handler(
        order.pk, unit="D01", reason="属环卫作业", actor=wang_fang, now=later
    )

    assert (order.state, order.handler, order.task_accepted_at) == (State.DISPATCHED, "D01", None)
    assert order.handling_due_at == later + timedelta(hours=2)


def test_the_same_unit_is_no_change(bring, wang_fang, now, snapshot):
    order = bring(State.HANDLING)
    before = snapshot()

    with pytest.raises(StepNotAllowed, match="就是现在的处置单位"):
        handle.change_handler(order.pk, unit="S01", reason="改派", actor=wang_fang, now=now)

    assert snapshot() == before


def test_handling_needs_a_picture_taken_afterwards(bring, zhou_jian, now, photograph, snapshot):
    order = bring(State.HANDLING)
    photos = (photograph(zhou_jian, "before"),)
    before = snapshot()

    with pytest.raises(StepNotAllowed, match="缺处置后照片"):
        handle.record_handling(order.pk, photos=photos, actor=zhou_jian, now=now)

    assert snapshot() == before


def test_the_collector_who_found_it_goes_back_to_check(bring):
    assert bring(State.TO_CHECK).checker == "person:1"


def test_late_handling_says_by_how_much(bring, zhou_jian, now, photograph):
    order = bring(State.HANDLING)
    photos = (photograph(zhou_jian, "after"),)

    order = handle.record_handling(
        order.pk, photos=photos, actor=zhou_jian, now=now + timedelta(hours=3, minutes=5)
    )

    assert not order.handled_on_time
    assert '"late_text":"，超期 1:05"' in Event.objects.get(name="workorders.handled").data


def test_a_failed_check_is_rework(bring, li_ming, now, events):
    order = bring(State.TO_CHECK)
    later = now + timedelta(hours=1)

    order = check.record_check(
        order.pk, result=Check.FAIL, reason="果筐仍在人行道", actor=li_ming, now=later
    )

    assert (order.state, order.rework_count) == (State.HANDLING, 1)
    assert order.stage_due_at == later + timedelta(hours=2)
    assert order.handling_due_at == later + timedelta(hours=2)  # an hour of it was the check's
    assert events(order)[-1] == "checked"


def test_a_rework_goes_on_with_what_was_left_of_the_limit(
    bring, zhou_jian, li_ming, now, photograph
):
    """2 urgent hours, 50 minutes used: the check takes three hours, 70 minutes are left."""
    order = bring(State.HANDLING)
    handled, checked = now + timedelta(minutes=50), now + timedelta(minutes=230)
    photos = (photograph(zhou_jian, "after"),)
    handle.record_handling(order.pk, photos=photos, actor=zhou_jian, now=handled)

    order = check.record_check(
        order.pk, result=Check.FAIL, reason="仍有果筐", actor=li_ming, now=checked
    )

    assert order.handling_due_at == checked + timedelta(minutes=70)
    assert order.stage_due_at == order.handling_due_at


def test_a_rework_has_half_its_limit_but_cannot_buy_time(
    bring, zhou_jian, li_ming, now, photograph
):
    """Ten minutes were left: the stage has an hour, the handling limit still ends in ten minutes."""
    order = bring(State.HANDLING)
    handled, checked = now + timedelta(minutes=110), now + timedelta(minutes=120)
    photos = (photograph(zhou_jian, "after"),)
    handle.record_handling(order.pk, photos=photos, actor=zhou_jian, now=handled)

    order = check.record_check(
        order.pk, result=Check.FAIL, reason="仍有果筐", actor=li_ming, now=checked
    )

    assert order.stage_due_at == checked + timedelta(hours=1)
    assert order.handling_due_at == checked + timedelta(minutes=10)


def test_a_failed_check_says_what_is_wrong(bring, li_ming, now, snapshot):
    order = bring(State.TO_CHECK)
    before = snapshot()

    with pytest.raises(StepNotAllowed, match="核查不通过须写明问题"):
        check.record_check(order.pk, result=Check.FAIL, actor=li_ming, now=now)

    assert snapshot() == before


def test_a_check_that_cannot_be_made_waits_to_be_given_again(bring, li_ming, wang_fang, now):
    order = bring(State.TO_CHECK)

    check.record_check(
        order.pk, result=Check.UNABLE, reason="施工围挡，无法进入", actor=li_ming, now=now
    )
    check.assign_check(order.pk, assignee="person:5", actor=wang_fang, now=now)

    again = fresh(order)
    assert (again.state, again.checker) == (State.TO_CHECK, "person:5")
    assert again.stage_due_at == order.stage_due_at


def test_the_squad_does_not_check_its_own_work(bring, now, snapshot):
    order = bring(State.TO_CHECK)
    both = actor("person:4", "周健", Role.HANDLER, Role.COLLECTOR, unit="S01")
    WorkOrder.objects.filter(pk=order.pk).update(checker="person:4")
    before = snapshot()

    with pytest.raises(StepNotAllowed, match="处置单位不能核查自己的处置结果"):
        check.record_check(order.pk, result=Check.PASS, actor=both, now=now)

    assert snapshot() == before


@pytest.mark.parametrize("state", [State.REPORTED, State.HANDLING, State.TO_CHECK, State.CLOSED])
def test_nothing_is_closed_before_its_check(bring, wang_fang, now, snapshot, state):
    order = bring(state)
    before = snapshot()

    with pytest.raises(StepNotAllowed):
        check.close(order.pk, actor=wang_fang, now=now)

    assert snapshot() == before
