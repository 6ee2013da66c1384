"""Ends and ties: forced, linked, merged, split, referred (pains 6, 9, 10, 11, 13, 29)."""

import pytest
from django.db import IntegrityError, transaction

from chengzhi.accounts.interface import NotPermitted
from chengzhi.accounts.types import Role
from chengzhi.audit.models import Event
from chengzhi.kernel.errors import InvalidInput, NotVisible
from chengzhi.kernel.procedure import StepNotAllowed
from chengzhi.workorders import interface
from chengzhi.workorders.commands import again, check, file, followers, notes, refer, verify
from chengzhi.workorders.commands.clock import mark_due
from chengzhi.workorders.invariants import INVARIANTS
from chengzhi.workorders.models import Referral, WorkOrder
from chengzhi.workorders.queries.lists import page
from chengzhi.workorders.queries.record import record
from chengzhi.workorders.types import Channel, ClosingResult, Filters, State
from tests.conftest import actor

pytestmark = pytest.mark.django_db
FORCED = (State.FILED, State.DISPATCHED, State.HANDLING, State.TO_CHECK, State.CHECKED)


def fresh(order):
    return WorkOrder.objects.get(pk=order.pk)


def force(order, *, result=ClosingResult.UNRESOLVED, met=False, reason="无主，找不到责任人", **who):
    return check.force_close(order.pk, result=result, is_condition_met=met, reason=reason, **who)


@pytest.mark.parametrize("state", FORCED)
def test_pain_9_a_forced_end_says_that_it_is_not_fixed(bring, wang_fang, now, events, state):
    order = bring(state)

    force(order, actor=wang_fang, now=now)

    order = fresh(order)
    assert (order.state, order.closing_result, order.closing_basis) == (
        "closed", "unresolved", "forced",
    )  # fmt: skip
    assert (order.condition_met, order.ended_at) == ("no", now)
    assert "force-closed" in events(order)
    assert [broken for broken in INVARIANTS if broken(now=now)] == []


def test_pain_9_closed_and_fixed_are_told_apart_in_list_and_record(bring, wang_fang, now):
    fixed, left = bring(State.CLOSED), bring(State.HANDLING)
    force(left, actor=wang_fang, now=now)

    unresolved = page(wang_fang, Filters(results=("unresolved",)), now=now)
    resolved = page(wang_fang, Filters(results=("resolved",)), now=now)

    assert [row.id for row in unresolved.rows] == [left.pk]
    assert [row.id for row in resolved.rows] == [fixed.pk]
    assert record(wang_fang, left.pk, now=now).ties.result_label == "未解决"
    assert fresh(fixed).closing_basis == "checked"


def test_pain_9_no_order_is_closed_without_its_result(bring):
    order = bring(State.CLOSED)

    with pytest.raises(IntegrityError), transaction.atomic():
        WorkOrder.objects.filter(pk=order.pk).update(closing_result="")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"reason": " "}, "没有写理由"),
        ({"met": None}, "没有说明结案条件是否满足"),
        ({"result": ClosingResult.RESOLVED}, "不能是“已解决”"),
        ({"result": ClosingResult.REFERRED}, "没有移送执法"),
    ],
    ids=["reason", "condition", "solved", "referred"],
)
def test_a_forced_end_states_everything(bring, wang_fang, now, snapshot, said, words):
    order = bring(State.HANDLING)
    before = snapshot()

    with pytest.raises(StepNotAllowed, match=words):
        force(order, **said, actor=wang_fang, now=now)

    assert snapshot() == before


def test_what_a_leader_supervises_is_forced_by_a_leader(bring, wang_fang, zhao_qiang, now):
    order = bring(State.HANDLING)
    WorkOrder.objects.filter(pk=order.pk).update(supervision=1)

    with pytest.raises(StepNotAllowed, match="须由局领导决定"):
        force(order, actor=wang_fang, now=now)

    assert force(order, actor=zhao_qiang, now=now).state == State.CLOSED


def test_pain_6_a_closed_order_takes_a_late_document(bring, zhou_jian, photograph, now, events):
    order = bring(State.CLOSED)
    document = photograph(zhou_jian, "document")

    notes.attach(order.pk, photos=(document,), actor=zhou_jian, now=now)

    assert events(order)[-1] == "attached"
    assert fresh(order).ended_at == order.ended_at


def test_pain_10_a_closed_order_offers_a_clear_new_report(bring, wang_fang, now, events):
    order = bring(State.CLOSED)

    new = again.report_again(
        order.pk, description="又摆出来了", channel=Channel.HOTLINE, actor=wang_fang, now=now
    )

    assert (new.origin_id, new.state, new.matter_code) == (order.pk, "reported", order.matter_code)
    assert events(new) == ["reported", "origin-linked"]
    assert events(order)[-1] == "came-back"
    assert record(wang_fang, new.pk, now=now).ties.origin.id == order.pk
    assert [x.id for x in record(wang_fang, order.pk, now=now).ties.repeats] == [new.pk]


def test_pain_11_nobody_reopens_a_closed_order(bring, now, snapshot):
    everybody = actor("person:8", "全能", *Role, unit="S01")
    order = bring(State.CLOSED)
    before = snapshot()

    for deed in (verify.accept, check.close):
        with pytest.raises(StepNotAllowed, match="无（已办结）"):
            deed(order.pk, actor=everybody, now=now)

    assert snapshot() == before


def test_pain_13_a_remark_on_a_closed_order_stays_there_and_opens_nothing(
    bring, wang_fang, now, events
):
    order = bring(State.CLOSED)

    notes.comment(order.pk, text="今天又看到了", actor=wang_fang, now=now)

    assert events(order)[-1] == "commented"
    assert (fresh(order).state, WorkOrder.objects.count()) == ("closed", 1)
    assert "report_again" in record(wang_fang, order.pk, now=now).capabilities


@pytest.mark.parametrize("state", [s for s in State if s not in ("closed", "suspended")])
def test_only_a_closed_order_is_reported_again(bring, wang_fang, now, snapshot, state):
    order = bring(state)
    before = snapshot()

    with pytest.raises(StepNotAllowed):
        again.report_again(order.pk, description="又来", actor=wang_fang, now=now)

    assert snapshot() == before


def test_a_new_report_says_what_is_there_now(bring, wang_fang, now, snapshot):
    order = bring(State.CLOSED)
    before = snapshot()

    with pytest.raises(InvalidInput, match="怎样再次出现"):
        again.report_again(order.pk, description=" ", actor=wang_fang, now=now)

    assert snapshot() == before


def merged(bring, wang_fang, now, state=State.CHECKED):
    master, twin, third = bring(state), bring(), bring()
    file.merge(third.pk, master=twin.pk, actor=wang_fang, now=now)
    file.merge(twin.pk, master=master.pk, actor=wang_fang, now=now)
    return master, twin, third


def test_pain_29_duplicates_end_with_their_master_and_take_its_result(
    bring, wang_fang, now, events
):
    master, twin, third = merged(bring, wang_fang, now)

    check.close(master.pk, actor=wang_fang, now=now)

    for order in map(fresh, (twin, third)):
        assert (order.state, order.closing_result, order.ended_at) == ("merged", "resolved", now)
        assert order.closing_basis == "master"
        assert events(order)[-1] == "ended-with-master"
    shown = record(wang_fang, master.pk, now=now).ties.duplicates
    assert [(x.id, x.state_label) for x in shown] == [(twin.pk, "已并案（已解决）")]


def test_pain_29_a_duplicate_of_an_unsolved_master_is_unsolved_too(bring, wang_fang, now):
    master, twin, _ = merged(bring, wang_fang, now, State.HANDLING)

    force(master, actor=wang_fang, now=now)

    assert fresh(twin).closing_result == "unresolved"


def test_pain_29_a_duplicate_never_goes_overdue_while_its_master_is_open(bring, wang_fang, now):
    from datetime import timedelta

    _, twin, _ = merged(bring, wang_fang, now)

    mark_due(actor=wang_fang, now=now + timedelta(days=30))

    assert fresh(twin).stage_due_at is None
    assert not Event.objects.filter(subject=twin.subject, name="workorders.stage-overdue").exists()


def test_a_wrong_merge_is_undone_while_the_master_is_open(bring, wang_fang, now, events):
    master, twin, _ = merged(bring, wang_fang, now)

    followers.split(twin.pk, reason="隔壁一家", actor=wang_fang, now=now)

    twin = fresh(twin)
    assert (twin.state, twin.master_id, twin.ended_at) == ("reported", None, None)
    assert str(master.pk) in twin.judged_apart.split()
    assert (events(twin)[-1], events(master)[-1]) == ("split-off", "duplicate-unlinked")


def test_after_the_masters_end_a_duplicate_stays_with_it(bring, wang_fang, now, snapshot):
    master, twin, _ = merged(bring, wang_fang, now)
    check.close(master.pk, actor=wang_fang, now=now)
    before = snapshot()

    with pytest.raises(StepNotAllowed, match="主案已经办结"):
        followers.split(twin.pk, reason="隔壁一家", actor=wang_fang, now=now)

    assert snapshot() == before


def test_a_referral_is_sent_once_and_answered_once(bring, zhou_jian, wang_fang, now, events):
    order = bring(State.HANDLING)
    sent = refer.refer(
        order.pk, item="占道经营", reason="屡次", parties="某店", actor=zhou_jian, now=now
    )
    with pytest.raises(refer.ReferralWaits):
        refer.refer(order.pk, item="占道经营", reason="屡次", actor=zhou_jian, now=now)

    first = interface.note_referral_answer(
        sent.pk, is_taken=True, case_ref="case:7", actor=wang_fang, now=now
    )
    second = interface.note_referral_answer(
        sent.pk, is_taken=True, case_ref="case:7", actor=wang_fang, now=now
    )

    assert (first, second) == (True, False)
    assert events(order)[-2:] == ["referred", "referral-answered"]
    assert "某店" not in "".join(Event.objects.values_list("data", flat=True))
    with pytest.raises(refer.ReferralWasAnswered):
        interface.note_referral_answer(sent.pk, is_taken=False, actor=wang_fang, now=now)


def test_what_was_referred_may_be_closed_as_referred(bring, wang_fang, now, snapshot):
    order = bring(State.CHECKED)
    before = snapshot()
    with pytest.raises(StepNotAllowed, match="没有移送执法"):
        check.close(order.pk, result=ClosingResult.REFERRED, actor=wang_fang, now=now)
    assert snapshot() == before
    refer.refer(order.pk, item="占道经营", reason="屡次", actor=wang_fang, now=now)

    closed = check.close(order.pk, result=ClosingResult.REFERRED, actor=wang_fang, now=now)

    assert (closed.state, closed.closing_result) == ("closed", "referred")


def test_a_stranger_answers_no_referral(bring, wang_fang, chen_jing, now, snapshot):
    order = bring(State.HANDLING)
    refer.refer(order.pk, item="占道经营", reason="屡次", actor=wang_fang, now=now)
    before = snapshot()

    with pytest.raises(NotVisible):
        refer.note_referral_answer(
            Referral.objects.get().pk, is_taken=True, actor=chen_jing, now=now
        )

    assert snapshot() == before


def test_a_collector_refers_nothing(bring, li_ming, now, snapshot):
    order = bring(State.HANDLING)
    before = snapshot()

    with pytest.raises(NotPermitted):
        refer.refer(order.pk, item="占道经营", reason="屡次", actor=li_ming, now=now)

    assert snapshot() == before
