"""Remarks, files, the reporter; and every forbidden deed by everybody who may not."""

import pytest

from chengzhi.accounts.interface import NotPermitted
from chengzhi.accounts.types import Role
from chengzhi.audit.models import Event
from chengzhi.kernel.errors import InvalidInput
from chengzhi.kernel.procedure import StepNotAllowed
from chengzhi.workorders.commands import (
    check,
    file,
    followers,
    handle,
    notes,
    returns,
    verify,
)
from chengzhi.workorders.models import WorkOrder
from chengzhi.workorders.procedure import PROCEDURE
from chengzhi.workorders.types import Channel, Check, ClosingResult, State, Verification
from tests.conftest import actor

pytestmark = pytest.mark.django_db


def fresh(order: WorkOrder) -> WorkOrder:
    return WorkOrder.objects.get(pk=order.pk)


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
    "return_acceptance": lambda pk, **who: returns.return_acceptance(
        pk, reason_code="no_evidence", **who
    ),
    "return_filing": lambda pk, **who: returns.return_filing(
        pk, reason_code="wrong_category", **who
    ),
    "recheck": lambda pk, **who: returns.recheck(pk, reason_code="doubted", **who),
    "force_close": lambda pk, **who: check.force_close(
        pk, result=ClosingResult.UNRESOLVED, is_condition_met=False, reason="无主", **who
    ),
    "split": lambda pk, **who: followers.split(pk, reason="不是同一处", **who),
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
