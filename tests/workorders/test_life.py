"""One life after the other: each deed's success, each refusal, and what the log says."""

from datetime import UTC, datetime, timedelta

import pytest

from chengzhi.accounts.interface import NotPermitted, system_actor
from chengzhi.accounts.types import Role
from chengzhi.audit.models import Event
from chengzhi.kernel.errors import InvalidInput, NotVisible
from chengzhi.kernel.procedure import StepNotAllowed
from chengzhi.workorders.commands import check, file, handle, notes, verify
from chengzhi.workorders.models import WorkOrder
from chengzhi.workorders.procedure import PROCEDURE
from chengzhi.workorders.types import Channel, Check, State, Verification
from tests.conftest import actor
from tests.workorders.conftest import AT_SEA, LITTER, MANHOLE

pytestmark = pytest.mark.django_db


def fresh(order: WorkOrder) -> WorkOrder:
    return WorkOrder.objects.get(pk=order.pk)


def test_the_whole_loop_leaves_eight_events_and_a_closed_order(bring, events, now):
    order = bring(State.CLOSED)

    assert events(order) == [
        "reported", "accepted", "filed", "dispatched", "task-accepted", "handled", "checked",
        "closed",
    ]  # fmt: skip
    assert order.ended_at == order.checked_at == order.handled_at == now
    assert (order.stage_due_at, order.alert_at) == (None, None)
    assert order.handled_on_time


def test_filing_freezes_the_condition_row(bring):
    order = bring(State.FILED)

    assert (order.scheme, order.condition_number) == ("GB/T 47678.5-2026", 1)
    assert order.filing_condition == "超出门窗外摆放经营物品，或有跨门占道经营行为"
    assert order.closing_condition == "取缔"
    assert (order.limit_amount, order.limit_unit, order.limit_text) == (
        2, "urgent_hour", "2 紧急工作时",
    )  # fmt: skip
    assert "Yuncheng" in order.standard_source
    assert order.handler_kind == "squad"


def test_filing_may_correct_the_category(bring, wang_fang, now):
    order = bring(State.ACCEPTED)

    filed = file.file(order.pk, matter_code=LITTER, condition_number=1, actor=wang_fang, now=now)

    assert (filed.matter_code, filed.matter_name) == (LITTER, "暴露垃圾")
    assert filed.limit_text == "4 工作时"


def test_filing_without_a_row_is_refused(bring, wang_fang, now, snapshot):
    order = bring(State.ACCEPTED)
    before = snapshot()

    with pytest.raises(StepNotAllowed, match="不能立案：没有选择立案条件，请在条件表中选一行。"):
        file.file(order.pk, condition_number=9, actor=wang_fang, now=now)

    assert snapshot() == before


def test_what_lies_outside_the_county_is_not_accepted(bring, wang_fang, now, snapshot):
    order = bring(lon=AT_SEA[0], lat=AT_SEA[1])
    before = snapshot()

    with pytest.raises(StepNotAllowed, match="点位不在本县"):
        verify.accept(order.pk, actor=wang_fang, now=now)

    assert snapshot() == before


def test_a_hotline_report_is_verified_before_it_is_accepted(
    bring, wang_fang, li_ming, now, events, photograph
):
    order = bring(channel=Channel.HOTLINE)
    with pytest.raises(StepNotAllowed, match="“热线”的问题须先到现场核实"):
        verify.accept(order.pk, actor=wang_fang, now=now)
    verify.ask_verify(order.pk, assignee=li_ming.ref, actor=wang_fang, now=now)

    photos = (photograph(li_ming, "near"),)
    verify.record_verification(
        order.pk, result=Verification.EXISTS, photos=photos, actor=li_ming, now=now
    )

    order = fresh(order)
    assert (order.state, order.verification) == (State.ACCEPTED, Verification.EXISTS)
    assert (order.verifier, order.accepted_at) == ("person:1", now)
    assert events(order) == ["reported", "verification-asked", "verified"]


@pytest.mark.parametrize("result", [Verification.ABSENT, Verification.UNABLE])
def test_a_verification_that_finds_nothing_goes_back_to_be_decided(
    bring, wang_fang, li_ming, now, result
):
    order = bring(State.TO_VERIFY, channel=Channel.HOTLINE)

    verify.record_verification(order.pk, result=result, reason="现场未见", actor=li_ming, now=now)

    order = fresh(order)
    assert (order.state, order.verification) == (State.REPORTED, result)
    assert order.last_reason == "现场未见"


def test_a_verification_is_given_only_to_a_collector(bring, wang_fang, now, snapshot):
    order = bring(channel=Channel.HOTLINE)
    before = snapshot()

    with pytest.raises(StepNotAllowed, match="不是本县在岗的采集员"):
        verify.ask_verify(order.pk, assignee="person:4", actor=wang_fang, now=now)

    assert snapshot() == before


def test_a_verification_is_answered_by_whom_it_was_given_to(bring, now, snapshot, wang_fang):
    order = bring(State.TO_VERIFY, channel=Channel.HOTLINE)
    xiao_yan = actor("person:5", "周小燕", Role.COLLECTOR)
    before = snapshot()

    with pytest.raises(NotVisible):
        verify.record_verification(order.pk, result=Verification.EXISTS, actor=xiao_yan, now=now)

    assert snapshot() == before


def test_a_verification_can_be_given_to_another_collector_and_its_clock_runs_on(
    bring, wang_fang, now
):
    order = bring(State.TO_VERIFY, channel=Channel.HOTLINE)

    verify.reassign_verification(
        order.pk, assignee="person:5", actor=wang_fang, now=now + timedelta(minutes=20)
    )

    again = fresh(order)
    assert again.verifier == "person:5"
    assert again.stage_due_at == order.stage_due_at


def test_nobody_unknown_is_sent(bring, wang_fang, now, snapshot):
    order = bring(State.TO_VERIFY, channel=Channel.HOTLINE)
    before = snapshot()

    with pytest.raises(verify.UnknownCollector):
        verify.reassign_verification(order.pk, assignee="person:3", actor=wang_fang, now=now)

    assert snapshot() == before


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
    handle.dispatch(order.pk, unit="S01", actor=wang_fang, now=now)
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


def test_a_failed_check_is_rework_and_cannot_buy_time(bring, li_ming, now, events):
    order = bring(State.TO_CHECK)
    later = now + timedelta(hours=1)

    order = check.record_check(
        order.pk, result=Check.FAIL, reason="果筐仍在人行道", actor=li_ming, now=later
    )

    assert (order.state, order.rework_count) == (State.HANDLING, 1)
    assert order.stage_due_at == later + timedelta(hours=2)
    assert order.handling_due_at == now + timedelta(hours=2)
    assert events(order)[-1] == "checked"


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


def test_a_voided_order_says_whether_it_had_been_filed(bring, wang_fang, now):
    order = bring(State.FILED)

    file.void(order.pk, reason="重复登记", actor=wang_fang, now=now)

    assert '"was_filed":true' in Event.objects.get(name="workorders.voided").data
    assert fresh(order).ended_at == now


def test_a_report_whose_finding_was_undone_is_taken_back_while_nobody_acted(bring, now, events):
    order = bring()
    robot = system_actor("wiring", division="330225")

    file.withdraw(order.pk, reason="抓拍判定已撤回", actor=robot, now=now)

    assert fresh(order).state == State.VOIDED
    assert events(order) == ["reported", "voided"]


def test_a_report_that_somebody_acted_on_is_not_taken_back(bring, now, snapshot):
    order = bring(State.ACCEPTED)
    robot = system_actor("wiring", division="330225")
    before = snapshot()

    with pytest.raises(StepNotAllowed):
        file.withdraw(order.pk, reason="抓拍判定已撤回", actor=robot, now=now)

    assert snapshot() == before


def test_a_duplicate_is_closed_into_its_master_and_both_say_so(bring, wang_fang, now, events):
    master, duplicate = bring(State.FILED), bring()

    file.merge(duplicate.pk, master=master.pk, actor=wang_fang, now=now)

    duplicate = fresh(duplicate)
    assert (duplicate.state, duplicate.master_id) == (State.MERGED, master.pk)
    assert duplicate.ended_at == now
    assert events(duplicate)[-1] == "merged"
    assert events(master)[-1] == "duplicate-linked"


@pytest.mark.parametrize("wrong", ["itself", "closed", "absent", "another county's"])
def test_a_wrong_master_is_refused(bring, wang_fang, now, snapshot, wrong):
    order = bring()
    foreign = bring()
    WorkOrder.objects.filter(pk=foreign.pk).update(county="330203")
    masters = {
        "itself": order.pk,
        "closed": bring(State.CLOSED).pk,
        "absent": 987654,
        "another county's": foreign.pk,
    }
    before = snapshot()

    with pytest.raises(StepNotAllowed, match="不能并案"):
        file.merge(order.pk, master=masters[wrong], actor=wang_fang, now=now)

    assert snapshot() == before


def test_a_stranger_merges_nothing(bring, chen_jing, now, snapshot):
    master, duplicate = bring(), bring()
    before = snapshot()

    with pytest.raises(NotVisible):
        file.merge(duplicate.pk, master=master.pk, actor=chen_jing, now=now)

    assert snapshot() == before


def test_judged_apart_is_written_once(bring, wang_fang, now, events):
    order, other = bring(), bring()

    for _ in range(2):
        file.not_duplicate(order.pk, others=(other.pk,), actor=wang_fang, now=now)

    assert fresh(order).judged_apart == str(other.pk)
    assert events(order) == ["reported", "not-duplicate"]


def test_a_remark_goes_on_the_timeline_even_after_closing(bring, zhou_jian, now, events):
    order = bring(State.CLOSED)

    notes.comment(order.pk, text=" 店主已签承诺书 ", actor=zhou_jian, now=now)

    assert events(order)[-1] == "commented"
    assert '"text":"店主已签承诺书"' in Event.objects.get(name="workorders.commented").data


@pytest.mark.parametrize("text", ["  ", "字" * 1001])
def test_a_remark_has_words_and_an_end(bring, wang_fang, now, snapshot, text):
    order = bring()
    before = snapshot()

    with pytest.raises(InvalidInput):
        notes.comment(order.pk, text=text, actor=wang_fang, now=now)

    assert snapshot() == before


def test_a_late_document_is_attached_to_a_closed_order(bring, zhou_jian, now, photograph, events):
    """anchors_civic 4, pain 6."""
    order = bring(State.CLOSED)

    notes.attach(order.pk, photos=(photograph(zhou_jian, "document"),), actor=zhou_jian, now=now)

    assert events(order)[-1] == "attached"


def test_nothing_attached_is_refused(bring, wang_fang, now, snapshot):
    order = bring()
    before = snapshot()

    with pytest.raises(InvalidInput, match="没有选择文件"):
        notes.attach(order.pk, photos=(), actor=wang_fang, now=now)

    assert snapshot() == before


def test_looking_at_the_reporter_is_an_event(bring, wang_fang, now, events):
    order = bring(channel=Channel.HOTLINE, reporter_name="王大明", reporter_phone="13800005678")

    contact = notes.show_reporter(order.pk, reason="回访核实地点", actor=wang_fang, now=now)

    assert (contact.name, contact.phone) == ("王大明", "13800005678")
    assert events(order) == ["reported", "reporter-shown"]
    assert "13800005678" not in "".join(Event.objects.values_list("data", flat=True))


def test_looking_at_the_reporter_needs_a_reason(bring, wang_fang, now, snapshot):
    order = bring(channel=Channel.HOTLINE, reporter_phone="13800005678")
    before = snapshot()

    with pytest.raises(InvalidInput, match="须写明用途"):
        notes.show_reporter(order.pk, reason=" ", actor=wang_fang, now=now)

    assert snapshot() == before


def test_a_handler_never_sees_the_reporter(bring, zhou_jian, now, snapshot):
    order = bring(State.HANDLING, reporter_phone="13800005678")
    before = snapshot()

    with pytest.raises(NotPermitted):
        notes.show_reporter(order.pk, reason="联系", actor=zhou_jian, now=now)

    assert snapshot() == before


DEEDS = {
    "accept": lambda pk, **who: verify.accept(pk, **who),
    "ask_verify": lambda pk, **who: verify.ask_verify(pk, assignee="person:1", **who),
    "reject": lambda pk, **who: verify.reject(pk, reason="不受理", **who),
    "verify_exists": lambda pk, **who: verify.record_verification(
        pk, result=Verification.EXISTS, **who
    ),
    "verify_absent": lambda pk, **who: verify.record_verification(
        pk, result=Verification.ABSENT, reason="无", **who
    ),
    "verify_unable": lambda pk, **who: verify.record_verification(
        pk, result=Verification.UNABLE, reason="无", **who
    ),
    "file": lambda pk, **who: file.file(pk, condition_number=1, **who),
    "void": lambda pk, **who: file.void(pk, reason="作废", **who),
    "withdraw": lambda pk, **who: file.withdraw(pk, reason="判定撤回", **who),
    "merge": lambda pk, **who: file.merge(pk, master=pk, **who),
    "dispatch": lambda pk, **who: handle.dispatch(pk, unit="S01", **who),
    "change_handler": lambda pk, **who: handle.change_handler(pk, unit="D01", reason="改", **who),
    "accept_task": lambda pk, **who: handle.accept_task(pk, **who),
    "return_task": lambda pk, **who: handle.return_task(pk, reason="退", **who),
    "record_handling": lambda pk, **who: handle.record_handling(pk, photos=(), **who),
    "check_pass": lambda pk, **who: check.record_check(pk, result=Check.PASS, **who),
    "check_fail": lambda pk, **who: check.record_check(pk, result=Check.FAIL, reason="x", **who),
    "check_unable": lambda pk, **who: check.record_check(
        pk, result=Check.UNABLE, reason="x", **who
    ),
    "close": lambda pk, **who: check.close(pk, **who),
}
STATES = [State.REPORTED, State.ACCEPTED, State.FILED, State.HANDLING, State.CLOSED]
ALLOWED = {(step.source, step.name) for step in PROCEDURE.steps}


@pytest.mark.parametrize("state", STATES)
def test_every_forbidden_deed_changes_nothing_and_writes_nothing(bring, now, snapshot, state):
    """The whole cast in one person: only the table says no."""
    everybody = actor("person:8", "全能", *Role, unit="S01")
    order = bring(state)
    before = snapshot()

    for name, deed in DEEDS.items():
        if (state, name) not in ALLOWED:
            with pytest.raises(StepNotAllowed):
                deed(order.pk, actor=everybody, now=now)

    assert snapshot() == before


@pytest.mark.parametrize("name", sorted(DEEDS))
def test_an_evaluator_may_look_but_take_no_step(bring, now, snapshot, name):
    from chengzhi.kernel.errors import DomainError

    source = next(step.source for step in PROCEDURE.steps if step.name == name)
    order = bring(State(source))
    looker = actor("person:8", "旁观", Role.EVALUATOR, unit="B01")
    before = snapshot()

    with pytest.raises(DomainError) as refused:
        DEEDS[name](order.pk, actor=looker, now=now)

    assert isinstance(refused.value, NotPermitted | StepNotAllowed)
    assert snapshot() == before


def test_change_and_history_stand_or_fall_together(bring, wang_fang, now, snapshot, settings):
    order = bring()
    before = snapshot()
    settings.CHENGZHI_HASH = "no such algorithm" * 3

    with pytest.raises(Exception):  # noqa: B017 (whatever the log raises)
        verify.accept(order.pk, actor=wang_fang, now=now)

    settings.CHENGZHI_HASH = "sha256"
    assert snapshot() == before


def test_a_deed_without_a_state_has_its_place_too(bring, wang_fang, now, snapshot):
    order = bring()
    before = snapshot()

    with pytest.raises(StepNotAllowed, match="案件“待受理”，不能“改派核实”。"):
        verify.reassign_verification(order.pk, assignee="person:5", actor=wang_fang, now=now)

    assert snapshot() == before
