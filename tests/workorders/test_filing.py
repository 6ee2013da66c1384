"""受理, 核实, 立案, 作废, 并案: success, refusal, and what the log says."""

from datetime import timedelta

import pytest

from chengzhi.accounts.interface import system_actor
from chengzhi.accounts.types import Role
from chengzhi.audit.models import Event
from chengzhi.kernel.errors import NotVisible
from chengzhi.kernel.procedure import StepNotAllowed
from chengzhi.workorders.commands import file, verify
from chengzhi.workorders.models import WorkOrder
from chengzhi.workorders.types import Channel, State, Verification
from tests.conftest import actor
from tests.workorders.conftest import AT_SEA, LITTER

pytestmark = pytest.mark.django_db


def fresh(order: WorkOrder) -> WorkOrder:
    return WorkOrder.objects.get(pk=order.pk)


def test_the_whole_loop_leaves_nine_events_and_a_closed_order(bring, events, now):
    order = bring(State.CLOSED)

    assert events(order) == [
        "reported", "accepted", "filed", "dispatched", "task-accepted", "handled",
        "check-assigned", "checked", "closed",
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
