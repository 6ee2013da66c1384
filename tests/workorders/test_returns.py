"""The return matrix: every row of it, every pair not in it, and what the receiver may not do."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chengzhi.accounts.interface import NotPermitted
from chengzhi.accounts.types import Role
from chengzhi.audit.models import Event
from chengzhi.kernel.procedure import StepNotAllowed
from chengzhi.workorders.commands import check, file, handle, returns, verify
from chengzhi.workorders.models import WorkOrder
from chengzhi.workorders.procedure import PROCEDURE, roles_for
from chengzhi.workorders.rules.returns import fault_of, return_reasons, return_rows
from chengzhi.workorders.types import Check, State
from tests.conftest import actor

TODAY = date(2026, 11, 25)
ROWS = return_rows(on=TODAY)
BY_STEP = {row.step: row for row in ROWS}


def send_back(name, pk, **who):
    """Take a way back by its own command, with the first reason of its row."""
    code = BY_STEP[name].reasons[0]
    if name in ("check_fail", "spot_fail"):
        return check.record_check(pk, result=Check.FAIL, reason_code=code, reason="没清完", **who)
    deed = handle.return_task if name == "return_task" else getattr(returns, name)
    return deed(pk, reason_code=code, **who)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.step)
def test_a_row_is_a_step_of_the_procedure_taken_by_its_role(row):
    step = next(s for s in PROCEDURE.steps if s.name == row.step)

    assert (step.source, step.target) == (row.from_state, row.to_state)
    assert step.role == row.from_role
    assert [reason.code for reason in return_reasons(row.step, on=TODAY)] == list(row.reasons)
    assert row.receiver_may_not and row.source


def test_a_way_back_that_is_not_in_the_matrix_does_not_exist():
    order = list(PROCEDURE.states)
    loop = order[: order.index(State.CLOSED)]
    back = {
        step.name
        for step in PROCEDURE.steps
        if step.source in loop
        and step.target in loop
        and loop.index(step.target) < loop.index(step.source)
    }
    not_returns = {"verify_absent", "verify_unable", "change_handler", "resume_dispatch"}
    not_returns |= {"resume_handling"}

    assert back - not_returns == set(BY_STEP)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name", ["return_acceptance", "return_filing", "return_task", "check_fail", "recheck"]
)
def test_a_row_sends_the_order_back_with_its_reason(bring, now, events, name):
    row = BY_STEP[name]
    everybody = actor("person:1", "李明", *Role, unit="C01")
    order = bring(State(row.from_state))
    if name == "return_task":
        everybody = replace(everybody, unit="S01")

    send_back(name, order.pk, actor=everybody, now=now)

    order = WorkOrder.objects.get(pk=order.pk)
    assert (order.state, order.return_reason) == (row.to_state, row.reasons[0])
    assert f'"reason_code":"{row.reasons[0]}"' in "".join(
        Event.objects.filter(subject=order.subject).values_list("data", flat=True)
    )


@pytest.mark.django_db
@pytest.mark.parametrize("state", sorted(State))
@pytest.mark.parametrize("name", ["return_acceptance", "return_filing", "return_task", "recheck"])
def test_a_pair_that_is_not_in_the_matrix_is_refused(bring, now, snapshot, state, name):
    if state in (BY_STEP[name].from_state, State.SUSPENDED):
        return
    everybody = actor("person:8", "全能", *Role, unit="S01")
    order = bring(state)
    before = snapshot()

    with pytest.raises(StepNotAllowed):
        send_back(name, order.pk, actor=everybody, now=now)

    assert snapshot() == before


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["return_acceptance", "return_filing", "return_task", "recheck"])
def test_nobody_but_its_role_sends_an_order_back(bring, now, snapshot, name):
    step = next(s for s in PROCEDURE.steps if s.name == name)
    others = set(Role) - set(roles_for(step))
    everybody_else = actor("person:8", "别人", *others, unit="S01")
    order = bring(State(BY_STEP[name].from_state))
    before = snapshot()

    with pytest.raises(NotPermitted):
        send_back(name, order.pk, actor=everybody_else, now=now)

    assert snapshot() == before


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["", "complained_again", "no such"])
def test_a_return_gives_a_reason_of_its_row(bring, zhou_jian, now, snapshot, code):
    order = bring(State.DISPATCHED)
    before = snapshot()

    with pytest.raises(StepNotAllowed, match="请从原因表中选一项"):
        handle.return_task(order.pk, reason_code=code, reason="不属本队", actor=zhou_jian, now=now)

    assert snapshot() == before


@pytest.mark.django_db
def test_other_reasons_have_to_be_written_down(bring, zhou_jian, now, snapshot):
    order = bring(State.DISPATCHED)
    before = snapshot()

    with pytest.raises(StepNotAllowed, match="没有写理由"):
        handle.return_task(order.pk, reason_code="other", actor=zhou_jian, now=now)

    assert snapshot() == before


@pytest.mark.django_db
def test_a_unit_returns_a_task_only_while_it_may_still_accept_it(bring, zhou_jian, now, snapshot):
    order = bring(State.DISPATCHED)
    before = snapshot()

    with pytest.raises(StepNotAllowed, match="已超过签收时限"):
        send_back("return_task", order.pk, actor=zhou_jian, now=now + timedelta(minutes=31))

    assert snapshot() == before


@pytest.mark.django_db
def test_the_dispatcher_overrules_a_unit_once_and_says_why(bring, zhou_jian, wang_fang, now):
    order = bring(State.DISPATCHED)
    send_back("return_task", order.pk, actor=zhou_jian, now=now)
    with pytest.raises(StepNotAllowed, match="派回原单位须写明理由"):
        handle.dispatch(order.pk, unit="S01", actor=wang_fang, now=now)

    handle.dispatch(order.pk, unit="S01", reason="确属本队辖区", actor=wang_fang, now=now)

    handle.change_handler(order.pk, unit="D01", reason="两家会商", actor=wang_fang, now=now)
    with pytest.raises(StepNotAllowed, match="已派回该单位一次"):
        handle.change_handler(order.pk, unit="S01", reason="再派", actor=wang_fang, now=now)


@pytest.mark.django_db
def test_a_returned_filing_is_filed_anew_or_voided_but_not_dispatched(bring, wang_fang, now):
    order = bring(State.FILED)

    returns.return_filing(order.pk, reason_code="wrong_category", actor=wang_fang, now=now)

    order = WorkOrder.objects.get(pk=order.pk)
    assert (order.condition_number, order.filed_at, order.limit_text) == (0, None, "")
    with pytest.raises(StepNotAllowed, match="不能“派遣”"):
        handle.dispatch(order.pk, unit="S01", actor=wang_fang, now=now)
    file.file(order.pk, condition_number=1, actor=wang_fang, now=now)
    with pytest.raises(StepNotAllowed, match="已退回立案一次"):
        returns.return_filing(order.pk, reason_code="wrong_category", actor=wang_fang, now=now)


@pytest.mark.django_db
def test_a_returned_acceptance_is_accepted_again_only_with_a_word(bring, wang_fang, now, snapshot):
    order = bring(State.ACCEPTED)
    returns.return_acceptance(order.pk, reason_code="no_evidence", actor=wang_fang, now=now)
    before = snapshot()

    with pytest.raises(StepNotAllowed, match="再次受理须写明理由"):
        verify.accept(order.pk, actor=wang_fang, now=now)

    assert snapshot() == before
    verify.accept(order.pk, reason="已补照片", actor=wang_fang, now=now)
    with pytest.raises(StepNotAllowed, match="已退回受理一次"):
        returns.return_acceptance(order.pk, reason_code="no_evidence", actor=wang_fang, now=now)


@pytest.mark.django_db
def test_a_recheck_passes_only_with_a_picture_or_a_word(bring, wang_fang, li_ming, now, snapshot):
    order = bring(State.CHECKED)
    returns.recheck(order.pk, reason_code="photo_unclear", actor=wang_fang, now=now)
    before = snapshot()

    with pytest.raises(StepNotAllowed, match="再次通过须附核查照片或写明情况"):
        check.record_check(order.pk, result=Check.PASS, actor=li_ming, now=now)

    assert snapshot() == before
    check.record_check(order.pk, result=Check.PASS, reason="已到现场", actor=li_ming, now=now)
    assert WorkOrder.objects.get(pk=order.pk).recheck_count == 1


def test_a_reason_says_whose_accuracy_it_counts_against():
    assert [fault_of(code) for code in ("not_my_duty", "wrong_category", "already_gone")] == [
        "dispatch", "file", "",
    ]  # fmt: skip
