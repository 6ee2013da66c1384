"""What each stage came to, written as it ends; the clocks that stood in the tables."""

from datetime import datetime, timedelta

import pytest

from chengzhi.workorders.commands import check, file, handle, intake, verify
from chengzhi.workorders.models import ClockPause, StageRun, WorkOrder
from chengzhi.workorders.queries.stages import stages_of
from chengzhi.workorders.types import Channel, Check, State, Verification
from tests.workorders.conftest import MANHOLE, STALL_REPORT

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def runs(order: WorkOrder) -> list[tuple[str, str, str]]:
    rows = StageRun.objects.filter(order=order).order_by("pk")
    return [(run.stage, run.ended_by, run.unit) for run in rows]


def last(order: WorkOrder, stage: str) -> StageRun:
    return StageRun.objects.filter(order=order, stage=stage).order_by("-pk")[0]


def test_a_whole_life_leaves_a_record_of_every_stage(bring):
    order = bring(State.CLOSED)

    assert runs(order) == [
        ("register", "accept", "C01"),
        ("file", "file", "C01"),
        ("dispatch", "dispatch", "C01"),
        ("accept", "accept_task", "S01"),
        ("handle", "record_handling", "S01"),
        ("check", "check_pass", "C01"),
        ("close", "close", "C01"),
    ]


def test_a_report_writes_no_record_of_a_stage(county, li_ming, now, django_assert_num_queries):
    """Intake stays at its four statements: a stage is written down only as it ends."""
    intake.report(STALL_REPORT, actor=li_ming, now=now)

    assert not StageRun.objects.exists()


def test_a_stage_names_its_limit_its_end_and_its_person(bring, wang_fang, now):
    order = bring()

    verify.accept(order.pk, actor=wang_fang, now=now + 14 * MINUTE)

    run = last(order, "register")
    assert (run.started_at, run.due_at, run.ended_at) == (now, now + 15 * MINUTE, now + 14 * MINUTE)
    assert (run.person, run.was_overdue, run.badly_late) == ("person:2", False, False)


@pytest.mark.parametrize(
    ("minutes", "overdue", "badly"), [(15, False, False), (16, True, False), (45, True, True)]
)
def test_a_late_stage_says_so_and_badly_late_from_three_times_its_limit(
    bring, wang_fang, now, minutes, overdue, badly
):
    order = bring()

    verify.accept(order.pk, actor=wang_fang, now=now + minutes * MINUTE)

    run = last(order, "register")
    assert (run.was_overdue, run.badly_late) == (overdue, badly)


def test_handling_is_counted_from_the_dispatch_not_from_the_acceptance(bring, zhou_jian, now):
    order = bring(State.DISPATCHED)

    handle.accept_task(order.pk, actor=zhou_jian, now=now + 20 * MINUTE)
    handle_at = now + 50 * MINUTE
    order = WorkOrder.objects.get(pk=order.pk)

    assert order.handling_since == order.clock_since == now
    assert last(order, "accept").ended_at == now + 20 * MINUTE
    assert handle_at < order.handling_due_at


def test_verification_stops_the_clock_of_acceptance(bring, li_ming, wang_fang, now):
    """15 urgent minutes, 5 used, an hour of verification: ten are left."""
    order = bring(channel=Channel.HOTLINE)
    asked, answered = now + 5 * MINUTE, now + 65 * MINUTE
    verify.ask_verify(order.pk, assignee=li_ming.ref, actor=wang_fang, now=asked)

    order = verify.record_verification(
        order.pk, result=Verification.ABSENT, reason="现场未见", actor=li_ming, now=answered
    )

    assert order.stage_due_at == answered + 10 * MINUTE
    assert order.clock_since == now
    pause = ClockPause.objects.get(order=order)
    assert (pause.clock, pause.started_at, pause.ended_at) == ("register", asked, answered)
    assert pause.event == "workorders.verification-asked"
    verify.reject(order.pk, reason="不存在", actor=wang_fang, now=answered + MINUTE)
    assert last(order, "register").paused_minutes == 60


def test_two_verifications_stop_it_twice(bring, li_ming, wang_fang, now):
    order, moment = bring(channel=Channel.HOTLINE), now
    for _ in range(2):
        moment += 2 * MINUTE
        verify.ask_verify(order.pk, assignee=li_ming.ref, actor=wang_fang, now=moment)
        moment += 30 * MINUTE
        verify.record_verification(
            order.pk, result=Verification.UNABLE, reason="大门锁着", actor=li_ming, now=moment
        )

    order = WorkOrder.objects.get(pk=order.pk)
    assert order.stage_due_at == moment + 11 * MINUTE
    assert order.pause_count == 2


def test_pain_38_the_unit_that_sent_it_back_goes_on_with_its_own_clock(
    bring, zhou_jian, wang_fang, now
):
    """Pain 38 (timer) and anchors_civic.md 2.4: 20 minutes used, a day at the dispatcher's desk."""
    order = bring(State.DISPATCHED)
    returned, again = now + 20 * MINUTE, now + timedelta(days=1)
    handle.return_task(order.pk, reason="不属本队", actor=zhou_jian, now=returned)
    assert WorkOrder.objects.get(pk=order.pk).handling_due_at is None

    order = handle.dispatch(order.pk, unit="S01", reason="确属本队", actor=wang_fang, now=again)

    assert order.handling_due_at == again + 100 * MINUTE
    assert (order.handling_since, order.dispatched_at) == (now, again)
    assert ClockPause.objects.get(order=order).occasion == "return"


def test_another_unit_begins_anew_after_a_return(bring, zhou_jian, wang_fang, now):
    order = bring(State.DISPATCHED)
    handle.return_task(order.pk, reason="属环卫", actor=zhou_jian, now=now + 20 * MINUTE)
    again = now + timedelta(days=1)

    order = handle.dispatch(order.pk, unit="D01", actor=wang_fang, now=again)

    assert order.handling_due_at == again + 2 * HOUR
    assert order.handling_since == again
    assert not ClockPause.objects.exists()


def test_a_returned_task_leaves_a_record_of_acceptance_and_of_handling(bring, zhou_jian, now):
    order = bring(State.DISPATCHED)

    handle.return_task(order.pk, reason="不属本队", actor=zhou_jian, now=now + 20 * MINUTE)

    accepted, handled = last(order, "accept"), last(order, "handle")
    assert (accepted.ended_by, accepted.unit, accepted.was_overdue) == ("return_task", "S01", False)
    assert (handled.ended_by, handled.unit, handled.was_overdue) == ("return_task", "S01", False)
    assert handled.due_at == now + 2 * HOUR


def test_a_changed_handler_is_the_end_of_the_first_ones_handling(bring, wang_fang, now):
    order = bring(State.HANDLING)

    handle.change_handler(
        order.pk, unit="D01", reason="属环卫", actor=wang_fang, now=now + 3 * HOUR
    )

    run = last(order, "handle")
    assert (run.unit, run.ended_by, run.was_overdue) == ("S01", "change_handler", True)


def test_a_rework_is_a_record_of_its_own_whose_clock_began_with_the_dispatch(
    bring, li_ming, zhou_jian, photograph, now
):
    order = bring(State.TO_CHECK)
    failed, handled = now + HOUR, now + 90 * MINUTE
    check.record_check(order.pk, result=Check.FAIL, reason="仍在", actor=li_ming, now=failed)

    photos = (photograph(zhou_jian, "after"),)
    handle.record_handling(order.pk, photos=photos, actor=zhou_jian, now=handled)

    run = last(order, "handle")
    assert (run.started_at, run.clock_since, run.ended_at) == (failed, now, handled)
    assert (run.paused_minutes, run.was_overdue) == (60, False)


def test_the_record_page_tells_the_stages_from_their_records(bring, wang_fang, now):
    order = bring(State.ACCEPTED)
    late = now + 50 * MINUTE
    file.file(order.pk, condition_number=1, actor=wang_fang, now=late)

    stages = {s.name: s for s in stages_of(WorkOrder.objects.get(pk=order.pk), now=late)}

    assert stages["file"].was_overdue and stages["file"].is_badly_late
    assert stages["file"].due_at == now + 15 * MINUTE
    assert (stages["dispatch"].state, stages["dispatch"].due_at) == ("now", late + 15 * MINUTE)


def test_a_stage_that_stands_is_not_shown_as_overdue(bring, now):
    order = bring(State.SUSPENDED)

    stages = {s.name: s for s in stages_of(order, now=now + timedelta(days=3))}

    assert (stages["handle"].state, stages["handle"].due_at) == ("now", None)


def test_the_limit_is_counted_as_its_row_says(bring, wang_fang, now: datetime, monkeypatch):
    """domain.md 1.4: a row that counts from the next day is frozen with its rule."""
    order = bring(State.ACCEPTED, matter_code=MANHOLE)
    file.file(order.pk, condition_number=3, actor=wang_fang, now=now)  # 2 work days
    WorkOrder.objects.filter(pk=order.pk).update(limit_rules="next_day none closing")

    order = handle.dispatch(order.pk, unit="S01", actor=wang_fang, now=now)

    assert order.handling_due_at.isoformat() == "2026-11-27T10:00:00+00:00"  # Friday, 18:00


def test_a_rule_survives_its_way_into_the_record():
    from chengzhi.kernel.clock import CIVIL_PERIOD, FROM_MOMENT
    from chengzhi.workorders.rules.limits import count_rules, rules_text

    assert count_rules(rules_text(FROM_MOMENT)) == FROM_MOMENT
    assert rules_text(FROM_MOMENT) == ""
    assert count_rules(rules_text(CIVIL_PERIOD)) == CIVIL_PERIOD
