"""The deadline worker: warn once, say overdue once; and what must always hold."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from chengzhi.audit.models import Event
from chengzhi.workorders import invariants, tasks
from chengzhi.workorders.commands import verify
from chengzhi.workorders.models import WorkOrder
from chengzhi.workorders.types import State

pytestmark = pytest.mark.django_db


def said(order: WorkOrder) -> list[str]:
    rows = Event.objects.filter(subject=order.subject, name__startswith="workorders.stage")
    return [name.removeprefix("workorders.") for name in rows.values_list("name", flat=True)]


def test_pain_12_a_stage_is_warned_once_overdue_once_and_badly_late_once(bring, now):
    """anchors_civic.md pain 12: the limit is shown, and a second mark at three times of it."""
    order = bring()  # 15 urgent minutes
    minutes = (11, 12, 13, 15, 16, 44, 45, 46, 600)

    counts = [tasks.tick(now + timedelta(minutes=minute)) for minute in minutes]

    assert counts == [0, 1, 0, 1, 0, 0, 1, 0, 0]
    assert said(order) == ["stage-warned", "stage-overdue", "stage-badly-late"]


def test_the_second_mark_is_known_as_soon_as_the_stage_is_overdue(bring, now):
    order = bring(State.HANDLING)  # 2 urgent hours

    tasks.tick(now + timedelta(hours=2))

    assert WorkOrder.objects.get(pk=order.pk).badly_late_at == now + timedelta(hours=6)


def test_a_worker_that_was_down_warns_of_nothing_that_is_past(bring, now):
    order = bring()

    assert tasks.tick(now + timedelta(minutes=20)) == 1
    assert said(order) == ["stage-overdue"]


def test_one_tick_after_a_long_stop_says_all_and_leaves_no_offender(bring, now):
    order, later = bring(), now + timedelta(hours=5)
    assert invariants.overdue_without_an_event(now=later) == [order.pk]

    assert tasks.tick(later) == 2

    assert said(order) == ["stage-overdue", "stage-badly-late"]
    assert invariants.overdue_without_an_event(now=later) == []


def test_a_stop_of_the_worker_is_not_the_units_time_after_a_suspension(bring, now):
    order = bring(State.SUSPENDED)
    later = WorkOrder.objects.get(pk=order.pk).suspended_until + timedelta(days=30)

    tasks.tick(later)

    resumed = WorkOrder.objects.get(pk=order.pk)
    assert (resumed.state, resumed.state_since) == (State.HANDLING, later)
    assert said(order) == []
    assert resumed.alert_at > later
    assert invariants.overdue_without_an_event(now=later) == []


def test_a_step_in_time_starts_a_new_clock(bring, wang_fang, now):
    order = bring()
    verify.accept(order.pk, actor=wang_fang, now=now + timedelta(minutes=10))

    assert tasks.tick(now + timedelta(minutes=13)) == 0
    assert said(order) == []


def test_an_ended_order_is_silent(bring, now):
    for state in (State.CLOSED, State.REJECTED, State.VOIDED):
        order = bring(state)
        assert WorkOrder.objects.get(pk=order.pk).alert_at is None

    assert tasks.tick(now + timedelta(days=30)) == 0


def test_the_event_names_stage_unit_and_deadline(bring, now):
    bring(State.HANDLING)

    tasks.tick(now + timedelta(hours=2))

    data = Event.objects.get(name="workorders.stage-overdue").data
    assert '"state_label":"处置中"' in data
    assert '"unit":"S01"' in data
    assert '"due_text":"11-25 12:30"' in data


def test_ticks_by_a_batch_at_a_time(bring, now):
    from chengzhi.accounts.interface import system_actor
    from chengzhi.workorders.commands.clock import mark_due

    for _ in range(3):
        bring()
    worker = system_actor("deadlines", division="330225")

    counts = [mark_due(actor=worker, now=now + timedelta(minutes=20), most=2) for _ in range(3)]

    assert counts == [2, 1, 0]


@pytest.mark.parametrize("state", list(State))
def test_every_life_led_by_the_commands_keeps_every_invariant(bring, now, state):
    bring(state)

    assert {check.__name__: check(now=now) for check in invariants.INVARIANTS} == {
        check.__name__: [] for check in invariants.INVARIANTS
    }


BROKEN = [
    (invariants.closed_without_a_check, State.CLOSED, {"checked_at": None}),
    (invariants.dispatched_without_a_condition, State.HANDLING, {"handler": ""}),
    (invariants.dispatched_without_a_condition, State.HANDLING, {"condition_number": 0}),
]


@pytest.mark.parametrize(
    ("check", "state", "wrong"), BROKEN, ids=lambda v: getattr(v, "__name__", "")
)
def test_an_invariant_names_the_offender(bring, now, check, state, wrong):
    order = bring(state)
    WorkOrder.objects.filter(pk=order.pk).update(**wrong)

    assert check(now=now) == [order.pk]


def test_the_database_refuses_an_ended_order_without_its_moment(bring):
    order = bring(State.CLOSED)

    with pytest.raises(IntegrityError), transaction.atomic():
        WorkOrder.objects.filter(pk=order.pk).update(ended_at=None)

    order.refresh_from_db()
    assert order.ended_at is not None


def test_a_master_of_itself_is_named(bring, now):
    order = bring(State.MERGED)
    WorkOrder.objects.filter(pk=order.pk).update(master=order.pk)

    assert invariants.merged_without_a_master(now=now) == [order.pk]


def test_a_deaf_worker_is_noticed(bring, now):
    order = bring()

    assert invariants.overdue_without_an_event(now=now + timedelta(hours=1)) == [order.pk]


def test_the_database_itself_refuses_an_open_order_without_a_deadline(bring):
    from django.db import IntegrityError, transaction

    order = bring()

    with pytest.raises(IntegrityError), transaction.atomic():
        WorkOrder.objects.filter(pk=order.pk).update(stage_due_at=None)


def test_a_row_that_cannot_be_marked_is_logged_and_holds_up_no_other(bring, now, caplog):
    first, bad, last = bring(at=now - timedelta(minutes=1)), bring(), bring()
    WorkOrder.objects.filter(pk=bad.pk).update(limit_unit="?")  # counts nothing
    later = now + timedelta(minutes=30)

    assert tasks.tick(later) == 2

    assert (said(first), said(bad), said(last)) == (["stage-overdue"], [], ["stage-overdue"])
    assert f"row {bad.pk} was not marked by _mark" in caplog.text
    assert WorkOrder.objects.get(pk=bad.pk).alert_at <= later  # still due: tried again, and named
    assert invariants.overdue_without_an_event(now=later) == [bad.pk]
