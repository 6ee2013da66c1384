"""催办 and 督办: notices with their own deadline, beside the loop."""

from datetime import timedelta

import pytest

from chengzhi.accounts.interface import NotPermitted
from chengzhi.accounts.types import Role
from chengzhi.audit.models import Event
from chengzhi.kernel.errors import InvalidInput, NotVisible
from chengzhi.kernel.procedure import StepNotAllowed
from chengzhi.workorders import tasks
from chengzhi.workorders.commands import check, handle, notice
from chengzhi.workorders.models import Notice, WorkOrder
from chengzhi.workorders.procedure import NOTICE, notifiers
from chengzhi.workorders.queries.notices import notices, unanswered_count
from chengzhi.workorders.types import State
from chengzhi.workorders.types.notices import NOTICE_STATES, NoticeFilters
from tests.conftest import actor

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def fresh(order: WorkOrder) -> WorkOrder:
    return WorkOrder.objects.get(pk=order.pk)


def said(order: WorkOrder) -> list[str]:
    rows = Event.objects.filter(subject=order.subject).order_by("seq")
    return [name.removeprefix("workorders.") for name in rows.values_list("name", flat=True)]


def test_a_notice_is_no_state_of_the_order_and_stops_no_clock(bring, wang_fang, now):
    """domain.md 1.5: 督办 is a notice with its own deadline, not a state."""
    order = bring(State.HANDLING)

    row = notice.supervise(order.pk, level="bureau", text="请立即清理", actor=wang_fang, now=now)

    after = fresh(order)
    assert (after.state, after.stage_due_at) == (State.HANDLING, order.stage_due_at)
    assert (row.unit, row.due_at) == ("S01", now + 2 * HOUR)  # 120 urgent minutes
    assert (after.supervision, said(order)[-1]) == ("bureau", "notice-issued")


def test_pain_23_a_unit_is_reminded_and_the_third_reminder_in_vain_becomes_a_supervision(
    bring, wang_fang, now
):
    """anchors_civic.md pain 23: remind the body after N updates."""
    order = bring(State.HANDLING)

    for minute in (0, 20, 40):
        notice.urge(order.pk, text="请尽快", actor=wang_fang, now=now + minute * MINUTE)

    rows = Notice.objects.filter(order=order).order_by("pk")
    assert [(row.kind, row.level, row.is_automatic) for row in rows] == [
        ("urging", "urging", False),
        ("urging", "urging", False),
        ("urging", "urging", False),
        ("supervision", "bureau", True),
    ]
    assert (fresh(order).urging_count, fresh(order).supervision) == (3, "bureau")


def test_reminders_that_were_answered_do_not_escalate(bring, zhou_jian, wang_fang, now):
    order = bring(State.HANDLING)
    for _ in range(4):
        row = notice.urge(order.pk, text="请尽快", actor=wang_fang, now=now)
        notice.reply(row.pk, text="已到现场", actor=zhou_jian, now=now)

    assert fresh(order).supervision == ""
    assert not Notice.objects.filter(kind="supervision").exists()


def test_the_unit_acknowledges_and_answers(bring, zhou_jian, wang_fang, now):
    order = bring(State.HANDLING)
    row = notice.urge(order.pk, text="请尽快", actor=wang_fang, now=now)
    assert unanswered_count(zhou_jian) == 1

    notice.acknowledge(row.pk, actor=zhou_jian, now=now + MINUTE)
    row = notice.reply(row.pk, text="正在清运", actor=zhou_jian, now=now + 9 * MINUTE)

    assert (row.state, row.reply, row.alert_at) == ("replied", "正在清运", None)
    assert (row.acknowledged_at, row.replied_at) == (now + MINUTE, now + 9 * MINUTE)
    assert unanswered_count(zhou_jian) == 0
    assert said(order)[-2:] == ["notice-acknowledged", "notice-replied"]


def test_an_unanswered_notice_is_said_overdue_once(bring, wang_fang, now):
    order = bring(State.HANDLING)
    notice.urge(order.pk, text="请尽快", actor=wang_fang, now=now)  # 60 urgent minutes

    for minutes in (59, 60, 61, 90):
        tasks.tick(now + minutes * MINUTE)

    assert said(order).count("notice-overdue") == 1


def test_a_supervised_order_is_closed_only_after_a_leader_has_confirmed(
    bring, wang_fang, zhao_qiang, now
):
    order = bring(State.CHECKED)
    notice.supervise(order.pk, level="bureau", text="领导关注", actor=wang_fang, now=now)
    with pytest.raises(StepNotAllowed, match="须由局领导确认后才能结案"):
        check.close(order.pk, actor=wang_fang, now=now)
    assert fresh(order).state == State.CHECKED

    notice.confirm_closing(order.pk, actor=zhao_qiang, now=now, reason="现场已看")
    order = check.close(order.pk, actor=wang_fang, now=now)

    assert (order.state, order.closing_confirmed_by) == (State.CLOSED, "person:3")


def test_a_new_supervision_asks_for_a_new_confirmation(bring, wang_fang, zhao_qiang, now):
    order = bring(State.CHECKED)
    notice.supervise(order.pk, level="bureau", text="领导关注", actor=wang_fang, now=now)
    notice.confirm_closing(order.pk, actor=zhao_qiang, now=now)

    notice.supervise(order.pk, level="county", text="县领导批示", actor=zhao_qiang, now=now)

    assert (fresh(order).supervision, fresh(order).closing_confirmed_by) == ("county", "")


def test_without_supervision_there_is_nothing_to_confirm(bring, zhao_qiang, now, snapshot):
    order = bring(State.CHECKED)
    before = snapshot()

    with pytest.raises(StepNotAllowed, match="没有在督办中"):
        notice.confirm_closing(order.pk, actor=zhao_qiang, now=now)

    assert snapshot() == before


def test_a_revoked_supervision_is_over(bring, wang_fang, now):
    order = bring(State.CHECKED)
    row = notice.supervise(order.pk, level="bureau", text="领导关注", actor=wang_fang, now=now)

    notice.revoke(row.pk, reason="发错案件", actor=wang_fang, now=now)

    assert fresh(order).supervision == ""
    assert check.close(order.pk, actor=wang_fang, now=now).state == State.CLOSED


def test_the_level_of_the_county_is_for_leaders(bring, wang_fang, now, snapshot):
    order = bring(State.HANDLING)
    before = snapshot()

    with pytest.raises(NotPermitted, match="局领导"):
        notice.supervise(order.pk, level="county", text="批示", actor=wang_fang, now=now)

    assert snapshot() == before


@pytest.mark.parametrize(
    ("level", "text", "words"),
    [("urging", "快", "没有选择督办级别"), ("bureau", " ", "1 至 500 字")],
)
def test_a_notice_that_says_nothing_is_refused(bring, wang_fang, now, snapshot, level, text, words):
    order = bring(State.HANDLING)
    before = snapshot()

    with pytest.raises(InvalidInput, match=words):
        notice.supervise(order.pk, level=level, text=text, actor=wang_fang, now=now)

    assert snapshot() == before


def test_another_unit_and_a_stranger_do_not_answer(bring, wang_fang, chen_jing, now, snapshot):
    order = bring(State.HANDLING)
    row = notice.urge(order.pk, text="请尽快", actor=wang_fang, now=now)
    both = actor("person:2", "王芳", Role.HANDLER, Role.DUTY_MANAGER)
    before = snapshot()

    with pytest.raises(StepNotAllowed, match="须由收件单位办理"):
        notice.reply(row.pk, text="好", actor=both, now=now)
    with pytest.raises(NotVisible):
        notice.reply(row.pk, text="好", actor=chen_jing, now=now)

    assert snapshot() == before
    assert Notice.objects.get(pk=row.pk).state == "issued"


def test_a_notice_ends_when_its_unit_loses_the_task(bring, wang_fang, now):
    order = bring(State.HANDLING)
    row = notice.urge(order.pk, text="请尽快", actor=wang_fang, now=now)

    handle.change_handler(order.pk, unit="D01", reason="属环卫", actor=wang_fang, now=now)

    row = Notice.objects.get(pk=row.pk)
    assert (row.state, row.alert_at) == ("revoked", None)
    assert "notice-revoked" in said(order)


def test_a_notice_ends_with_its_order(bring, wang_fang, li_ming, zhao_qiang, now):
    order = bring(State.CHECKED)
    row = notice.supervise(order.pk, level="bureau", text="请复核", actor=wang_fang, now=now)
    notice.confirm_closing(order.pk, actor=zhao_qiang, now=now)

    check.close(order.pk, actor=wang_fang, now=now)

    assert Notice.objects.get(pk=row.pk).state == "revoked"
    assert tasks.tick(now + timedelta(days=30)) == 0


@pytest.mark.parametrize("state", [State.REPORTED, State.FILED, State.TO_CHECK, State.CLOSED])
def test_nobody_is_urged_who_has_nothing_to_do(bring, wang_fang, now, snapshot, state):
    order = bring(state)
    before = snapshot()

    with pytest.raises(StepNotAllowed, match="不能“催办”"):
        notice.urge(order.pk, text="请尽快", actor=wang_fang, now=now)

    assert snapshot() == before


def test_the_list_is_paged_by_key_and_filtered(bring, wang_fang, zhou_jian, chen_jing, now):
    order = bring(State.HANDLING)
    rows = [notice.urge(order.pk, text=f"第{n}次", actor=wang_fang, now=now).pk for n in range(2)]
    notice.reply(rows[0], text="好", actor=zhou_jian, now=now + HOUR + MINUTE)
    later = now + 2 * HOUR

    page = notices(zhou_jian, NoticeFilters(), now=later, size=1)
    over = notices(wang_fang, NoticeFilters(overdue=True), now=later)

    assert ([row.id for row in page.rows], page.count, page.next_key) == (rows[1:], 2, rows[1])
    assert page.rows[0].actions == ("acknowledge", "reply")
    assert [(row.id, row.is_overdue) for row in over.rows] == [(rows[1], True)]
    assert notices(chen_jing, NoticeFilters(), now=later).count == 0


@pytest.mark.parametrize("step", NOTICE.steps, ids=lambda s: f"{s.source}-{s.name}")
def test_every_step_of_a_notice_is_taken_by_its_roles(step):
    expected = "duty_manager dispatcher leader"
    if step.name != "revoke":
        expected = "handler squad_leader town_officer"

    assert {role.value for role in notifiers(step)} == set(expected.split())
    assert set(NOTICE.states) == set(NOTICE_STATES)
