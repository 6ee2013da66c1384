"""延期, 缓办, 挂账: two people, the quota, the clocks, and what ends by itself."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from chengzhi.accounts.interface import NotPermitted
from chengzhi.accounts.types import Role
from chengzhi.audit.models import Event
from chengzhi.kernel.clock import FROM_MOMENT, Duration, Pause, Unit
from chengzhi.kernel.errors import NotVisible
from chengzhi.kernel.procedure import StepNotAllowed, refusals
from chengzhi.standards.work_calendar import read_plan
from chengzhi.workorders import invariants, tasks
from chengzhi.workorders.commands import adjust, check, file, handle, suspend
from chengzhi.workorders.commands.taking import take
from chengzhi.workorders.models import Adjustment, ClockPause, StageRun, WorkOrder
from chengzhi.workorders.procedure import ADJUSTMENT, adjusters
from chengzhi.workorders.queries.adjustments import adjustments, waiting_count
from chengzhi.workorders.rules import adjusting
from chengzhi.workorders.types import Check, State
from chengzhi.workorders.types.adjustments import (
    ADJUSTMENT_STATES,
    AdjustmentFacts,
    AdjustmentFilters,
    AdjustmentKind,
    Asked,
)
from tests.conftest import DANDONG, actor
from tests.kernel.reference_clock import ReferenceClock
from tests.workorders.conftest import LITTER, MANHOLE

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
MORE = Asked(kind=AdjustmentKind.EXTENSION, reason="须调吊车", amount=1)
RAIN = Asked(
    kind=AdjustmentKind.DEFERRAL, reason="连续降雨", until=date(2026, 12, 5), cause="weather"
)
FUNDS = Asked(
    kind=AdjustmentKind.SHELVING, reason="改造资金未落实", until=date(2027, 5, 1), cause="funds"
)


@pytest.fixture
def zhu_jianjun():
    """The leader of the Dandong squad."""
    return actor("person:6", "朱建军", Role.SQUAD_LEADER, unit="S01", division=DANDONG)


@pytest.fixture
def approve(zhu_jianjun, wang_fang):
    def both(row: Adjustment, at: datetime) -> Adjustment:
        adjust.first_approve(row.pk, actor=zhu_jianjun, now=at)
        return adjust.grant(row.pk, actor=wang_fang, now=at)

    return both


def fresh(order: WorkOrder) -> WorkOrder:
    return WorkOrder.objects.get(pk=order.pk)


def said(order: WorkOrder) -> list[str]:
    rows = Event.objects.filter(subject=order.subject).order_by("seq")
    return [name.removeprefix("workorders.") for name in rows.values_list("name", flat=True)]


# 延期


def test_pain_2_an_extension_moves_the_end_in_the_unit_of_the_limit(bring, zhou_jian, approve, now):
    """2 urgent hours and one more, warned at four fifths of three (pain 2)."""
    order = bring(State.HANDLING)

    approve(adjust.ask(order.pk, asked=MORE, actor=zhou_jian, now=now), now + HOUR)

    order = fresh(order)
    assert order.handling_due_at == order.stage_due_at == now + 3 * HOUR
    assert order.handling_warn_at == order.alert_at == now + 144 * MINUTE
    assert (order.extension_count, order.has_pending_request) == (1, False)
    assert said(order)[-3:] == ["adjustment-asked", "adjustment-approved", "adjustment-granted"]


def test_a_work_hour_is_extended_by_work_hours(bring, zhou_jian, wang_fang, approve, now):
    """4 work hours from 10:30 end at 16:30; two more at 08:30 of the next working day."""
    order = bring(State.ACCEPTED, matter_code=LITTER)
    file.file(order.pk, condition_number=1, actor=wang_fang, now=now)
    handle.dispatch(order.pk, unit="S01", actor=wang_fang, now=now)
    handle.accept_task(order.pk, actor=zhou_jian, now=now)
    asked = Asked(kind=AdjustmentKind.EXTENSION, reason="量大", amount=2)

    approve(adjust.ask(order.pk, asked=asked, actor=zhou_jian, now=now), now)

    assert fresh(order).handling_due_at == datetime(2026, 11, 26, 0, 30, tzinfo=UTC)


def test_a_request_alone_moves_nothing(bring, zhou_jian, zhu_jianjun, now):
    order = bring(State.HANDLING)

    row = adjust.ask(order.pk, asked=MORE, actor=zhou_jian, now=now)
    adjust.first_approve(row.pk, actor=zhu_jianjun, now=now)

    assert fresh(order).handling_due_at == now + 2 * HOUR
    assert fresh(order).has_pending_request


def test_at_most_two_extensions_are_granted(bring, zhou_jian, approve, now, snapshot):
    order = bring(State.HANDLING)
    for _ in range(2):
        approve(adjust.ask(order.pk, asked=MORE, actor=zhou_jian, now=now), now)
    before = snapshot()

    with pytest.raises(StepNotAllowed, match="已批准延期 2 次，最多 2 次"):
        adjust.ask(order.pk, asked=MORE, actor=zhou_jian, now=now)

    assert snapshot() == before
    assert fresh(order).handling_due_at == now + 4 * HOUR


def test_what_was_refused_does_not_use_up_the_quota(
    bring, zhou_jian, zhu_jianjun, wang_fang, approve, now
):
    """anchors_civic.md 6.7."""
    order = bring(State.HANDLING)
    for refuse_by in (zhu_jianjun, wang_fang, zhu_jianjun):
        row = adjust.ask(order.pk, asked=MORE, actor=zhou_jian, now=now)
        adjust.refuse(row.pk, reason="人手足够", actor=refuse_by, now=now)

    for _ in range(2):
        approve(adjust.ask(order.pk, asked=MORE, actor=zhou_jian, now=now), now)

    assert fresh(order).extension_count == 2


@pytest.mark.parametrize(
    ("asked", "minutes", "words"),
    [
        (Asked(kind=AdjustmentKind.EXTENSION, reason=" ", amount=1), 0, "没有写理由"),
        (Asked(kind=AdjustmentKind.EXTENSION, reason="忙", amount=0), 0, "延长时间须为 1 至 2"),
        (Asked(kind=AdjustmentKind.EXTENSION, reason="忙", amount=3), 0, "延长时间须为 1 至 2"),
        (MORE, 121, "处置时限已过"),
        (Asked(kind=AdjustmentKind.DEFERRAL, reason="雨", cause="weather"), 0, "没有选定今天以后"),
        (Asked(kind=AdjustmentKind.DEFERRAL, reason="雨", until=RAIN.until), 0, "没有选择缓办原因"),
        (
            Asked(
                kind=AdjustmentKind.SHELVING, reason="钱", cause="funds", until=date(2027, 11, 26)
            ),
            0,
            "挂账最长 365 天",
        ),
    ],
)
def test_a_request_that_does_not_fit_is_refused_with_its_cure(
    bring, zhou_jian, now, snapshot, asked, minutes, words
):
    order = bring(State.HANDLING)
    before = snapshot()

    with pytest.raises(StepNotAllowed, match=words):
        adjust.ask(order.pk, asked=asked, actor=zhou_jian, now=now + minutes * MINUTE)

    assert snapshot() == before


def test_one_request_at_a_time(bring, zhou_jian, now, snapshot):
    order = bring(State.HANDLING)
    adjust.ask(order.pk, asked=MORE, actor=zhou_jian, now=now)
    before = snapshot()

    with pytest.raises(StepNotAllowed, match="已有申请在审批中"):
        adjust.ask(order.pk, asked=RAIN, actor=zhou_jian, now=now)

    assert snapshot() == before


def test_two_levels_are_two_people(bring, zhou_jian, wang_fang, now, snapshot):
    order = bring(State.HANDLING)
    row = adjust.ask(order.pk, asked=MORE, actor=zhou_jian, now=now)
    adjust.first_approve(row.pk, actor=wang_fang, now=now)
    before = snapshot()

    with pytest.raises(StepNotAllowed, match="终审须由另一人办理"):
        adjust.grant(row.pk, actor=wang_fang, now=now)

    assert snapshot() == before
    assert Adjustment.objects.get(pk=row.pk).state == "first_approved"


def test_nobody_approves_what_they_asked_for(bring, zhu_jianjun, now, snapshot):
    order = bring(State.HANDLING)
    row = adjust.ask(order.pk, asked=MORE, actor=zhu_jianjun, now=now)
    before = snapshot()

    with pytest.raises(StepNotAllowed, match="申请是你本人提出的"):
        adjust.first_approve(row.pk, actor=zhu_jianjun, now=now)

    assert snapshot() == before


def test_a_handler_approves_nothing_and_a_stranger_sees_nothing(
    bring, zhou_jian, chen_jing, now, snapshot
):
    order = bring(State.HANDLING)
    row = adjust.ask(order.pk, asked=MORE, actor=zhou_jian, now=now)
    colleague = actor("person:8", "任海波", Role.HANDLER, unit="S01", division=DANDONG)
    before = snapshot()

    with pytest.raises(NotPermitted):
        adjust.first_approve(row.pk, actor=colleague, now=now)
    with pytest.raises(NotVisible):
        adjust.first_approve(row.pk, actor=chen_jing, now=now)

    assert snapshot() == before


def test_a_request_is_taken_back_by_the_unit_that_asked(bring, zhou_jian, wang_fang, now):
    order = bring(State.HANDLING)
    row = adjust.ask(order.pk, asked=MORE, actor=zhou_jian, now=now)

    with pytest.raises(StepNotAllowed, match="只能由申请单位撤回"):
        adjust.take_back(row.pk, actor=wang_fang, now=now)
    row = adjust.take_back(row.pk, actor=zhou_jian, now=now, reason="已调到吊车")

    assert (row.state, fresh(order).has_pending_request) == ("withdrawn", False)


@pytest.mark.parametrize("deed", ["change_handler", "record_handling"])
def test_pain_38_a_pending_request_is_cancelled_when_the_task_leaves_the_unit(
    bring, zhou_jian, wang_fang, photograph, now, deed
):
    """anchors_civic.md pain 38: 撤销指派 left pending 延期 applications."""
    order = bring(State.HANDLING)
    row = adjust.ask(order.pk, asked=MORE, actor=zhou_jian, now=now)

    if deed == "change_handler":
        handle.change_handler(order.pk, unit="D01", reason="属环卫", actor=wang_fang, now=now)
    else:
        photos = (photograph(zhou_jian, "after"),)
        handle.record_handling(order.pk, photos=photos, actor=zhou_jian, now=now)

    row = Adjustment.objects.get(pk=row.pk)
    label = {"change_handler": "改派", "record_handling": "反馈已处置"}[deed]
    assert (row.state, row.decided_note) == ("cancelled", f"案件已“{label}”，申请不再适用")
    assert not fresh(order).has_pending_request
    assert "adjustment-cancelled" in said(order)


def test_an_extension_does_not_follow_the_order_to_another_unit(
    bring, zhou_jian, wang_fang, approve, now
):
    order = bring(State.HANDLING)
    approve(adjust.ask(order.pk, asked=MORE, actor=zhou_jian, now=now), now)
    later = now + HOUR

    order = handle.change_handler(order.pk, unit="D01", reason="属环卫", actor=wang_fang, now=later)

    assert order.handling_due_at == later + 2 * HOUR
    assert order.extension_count == 1  # the order's quota is used all the same


def test_an_extension_of_an_overdue_stage_says_overdue_anew_only_at_the_new_end(
    bring, zhou_jian, zhu_jianjun, wang_fang, now
):
    order = bring(State.HANDLING)
    row = adjust.ask(order.pk, asked=MORE, actor=zhou_jian, now=now + 115 * MINUTE)
    tasks.tick(now + 121 * MINUTE)
    adjust.first_approve(row.pk, actor=zhu_jianjun, now=now + 122 * MINUTE)
    adjust.grant(row.pk, actor=wang_fang, now=now + 123 * MINUTE)

    tasks.tick(now + 150 * MINUTE)
    assert fresh(order).alert_at == now + 3 * HOUR
    tasks.tick(now + 181 * MINUTE)

    assert [name for name in said(order) if name == "stage-overdue"] == ["stage-overdue"] * 2


def test_a_request_that_nobody_answers_is_said_overdue_once(bring, zhou_jian, now):
    order = bring(State.HANDLING)
    adjust.ask(order.pk, asked=MORE, actor=zhou_jian, now=now)  # 60 urgent minutes

    for minutes in (59, 61, 62, 90):
        tasks.tick(now + minutes * MINUTE)

    assert said(order).count("adjustment-overdue") == 1


# 缓办 and 挂账


def test_pain_1_a_deferred_order_stands_and_its_clocks_with_it(bring, zhou_jian, approve, now):
    """anchors_civic.md pain 1: the planned end moves by the time it was suspended."""
    order = bring(State.HANDLING)
    asked = now + 30 * MINUTE

    approve(adjust.ask(order.pk, asked=RAIN, actor=zhou_jian, now=asked), asked)

    order = fresh(order)
    assert (order.state, order.suspended_from) == (State.SUSPENDED, State.HANDLING)
    assert (order.is_deferred, order.is_shelved) == (True, False)
    assert order.stage_due_at == datetime(2026, 12, 4, 16, tzinfo=UTC)  # as 5 December begins
    standing = ClockPause.objects.filter(order=order, ended_at__isnull=True)
    assert {pause.clock for pause in standing} == {"handle", "whole"}
    assert said(order)[-1] == "suspended"


def test_the_worker_lets_it_go_on_as_the_day_begins_once(bring, zhou_jian, approve, now):
    order = bring(State.HANDLING)
    asked = now + 30 * MINUTE
    approve(adjust.ask(order.pk, asked=RAIN, actor=zhou_jian, now=asked), asked)
    day = datetime(2026, 12, 4, 16, tzinfo=UTC)

    ticks = [tasks.tick(day - MINUTE), tasks.tick(day), tasks.tick(day + MINUTE)]

    order = fresh(order)
    assert ticks == [0, 1, 0]
    assert (order.state, order.is_deferred, order.suspended_until) == (State.HANDLING, False, None)
    assert order.handling_due_at == order.stage_due_at == day + 90 * MINUTE
    assert order.alert_at == day + 66 * MINUTE
    assert said(order).count("resumed") == 1
    assert not ClockPause.objects.filter(ended_at__isnull=True).exists()


def test_a_person_may_let_it_go_on_before_the_day(bring, zhou_jian, wang_fang, approve, now):
    order = bring(State.HANDLING)
    approve(adjust.ask(order.pk, asked=FUNDS, actor=zhou_jian, now=now), now)
    assert fresh(order).is_shelved
    back = now + timedelta(days=20)

    order = suspend.resume(order.pk, actor=wang_fang, now=back, reason="资金已到位")

    assert order.handling_due_at == back + 2 * HOUR
    assert not order.is_shelved


def test_a_filed_order_that_nobody_can_solve_is_shelved_by_the_dispatcher(
    bring, wang_fang, zhao_qiang, now
):
    """The dispatcher asks, another dispatcher agrees, a leader decides; the clock of dispatch
    goes on with what was left of its 15 minutes."""
    order = bring(State.FILED)
    asked, other = now + 5 * MINUTE, actor("person:7", "陈海燕", Role.DISPATCHER)
    row = adjust.ask(order.pk, asked=FUNDS, actor=wang_fang, now=asked)
    adjust.first_approve(row.pk, actor=other, now=asked)
    adjust.grant(row.pk, actor=zhao_qiang, now=asked)
    back = now + timedelta(days=30)

    order = suspend.resume(order.pk, actor=wang_fang, now=back)

    assert order.state == State.FILED
    assert order.stage_due_at == back + 10 * MINUTE
    assert order.clock_since == now


def test_a_suspended_order_takes_no_other_step(bring, zhou_jian, wang_fang, photograph, now):
    order = bring(State.SUSPENDED)

    with pytest.raises(StepNotAllowed, match="“暂停办理”"):
        handle.change_handler(order.pk, unit="D01", reason="改", actor=wang_fang, now=now)
    photos = (photograph(zhou_jian, "after"),)
    with pytest.raises(StepNotAllowed, match="“暂停办理”"):
        handle.record_handling(order.pk, photos=photos, actor=zhou_jian, now=now)

    assert fresh(order).state == State.SUSPENDED


def test_nobody_suspends_without_a_request(bring, now):
    order = bring(State.HANDLING)

    with pytest.raises(StepNotAllowed, match="两级审批"):
        take(order, "suspend", actor=actor("person:2", "王芳", Role.DUTY_MANAGER))


def test_a_handler_does_not_resume(bring, zhou_jian, now, snapshot):
    order = bring(State.SUSPENDED)
    before = snapshot()

    with pytest.raises(NotPermitted):
        suspend.resume(order.pk, actor=zhou_jian, now=now)

    assert snapshot() == before


def test_a_suspension_is_no_stage_but_what_went_before_is_written(bring, zhou_jian, approve, now):
    order = bring(State.HANDLING)
    asked = now + 30 * MINUTE
    approve(adjust.ask(order.pk, asked=RAIN, actor=zhou_jian, now=asked), asked)
    tasks.tick(datetime(2026, 12, 5, 1, tzinfo=UTC))

    runs = StageRun.objects.filter(order=order).order_by("pk")

    assert [(run.stage, run.ended_by) for run in runs][-1] == ("handle", "suspend")
    assert not runs.filter(stage="suspended").exists()


def test_every_invariant_holds_of_a_suspended_order(bring, now):
    bring(State.SUSPENDED)

    assert [c.__name__ for c in invariants.INVARIANTS if c(now=now)] == []


# the clock in the tables, against the reference


PLAN = replace(read_plan(), first=date(2026, 11, 1), last=date(2027, 3, 31))
REFERENCE = ReferenceClock(PLAN)
KINDS = ("return", "change", "suspend", "extend", "rework")


@pytest.mark.parametrize("seed", range(16))
def test_any_life_in_the_tables_ends_where_the_reference_clock_says(
    bring, zhou_jian, li_ming, wang_fang, approve, photograph, now, seed
):
    """Random lives through the commands, minute by minute beside them by hand (domain.md 1.4)."""
    dice = Random(seed)
    row = dice.choice((1, 2, 3))  # 2 urgent hours, 4 work hours, 2 work days
    order = bring(State.ACCEPTED, matter_code=MANHOLE)
    file.file(order.pk, condition_number=row, actor=wang_fang, now=now)
    handle.dispatch(order.pk, unit="S01", actor=wang_fang, now=now)
    handle.accept_task(order.pk, actor=zhou_jian, now=now)
    book = Book(began=now)
    moment = now
    for _ in range(dice.randint(2, 5)):
        moment += dice.randint(1, 300) * MINUTE
        moment = _live(
            dice, order, book, moment, zhou_jian, li_ming, wang_fang, approve, photograph
        )

    order = fresh(order)
    limit = Duration(order.limit_amount + book.added, Unit(order.limit_unit))
    reference = REFERENCE.deadline(book.began, limit, book.gaps, FROM_MOMENT)
    assert order.handling_due_at == reference.due_at
    assert order.handling_warn_at == reference.warn_at


class Book:
    """What a person with a pencil would note: since when, where it stood, what was added."""

    def __init__(self, began: datetime) -> None:
        self.began, self.gaps, self.added = began, [], 0


def _live(dice, order, book, at, zhou_jian, li_ming, wang_fang, approve, photograph):
    """Do one thing at a moment; return the moment at which the unit works again."""
    back = at + dice.randint(5, 2000) * MINUTE
    what = dice.choice(KINDS)
    if what == "extend":
        current = fresh(order)
        if current.extension_count < 2 and at <= current.handling_due_at:
            asked = Asked(kind=AdjustmentKind.EXTENSION, reason="忙", amount=1)
            approve(adjust.ask(order.pk, asked=asked, actor=zhou_jian, now=at), at)
            book.added += 1
        return at
    if what == "rework":
        photos = (photograph(zhou_jian, "after"),)
        handle.record_handling(order.pk, photos=photos, actor=zhou_jian, now=at)
        check.record_check(order.pk, result=Check.FAIL, reason="仍在", actor=li_ming, now=back)
    elif what == "suspend":
        approve(adjust.ask(order.pk, asked=FUNDS, actor=zhou_jian, now=at), at)
        suspend.resume(order.pk, actor=wang_fang, now=back)
    else:
        handle.change_handler(order.pk, unit="D01", reason="试", actor=wang_fang, now=at)
        book.began, book.gaps, book.added = back, [], 0
        handle.change_handler(order.pk, unit="S01", reason="试", actor=wang_fang, now=back)
        handle.accept_task(order.pk, actor=zhou_jian, now=back)
        return back
    book.gaps.append(Pause(at, back))
    return back


# lists


def test_a_request_waits_for_those_who_may_decide_it(
    bring, zhou_jian, zhu_jianjun, wang_fang, chen_jing, now
):
    order = bring(State.HANDLING)
    row = adjust.ask(order.pk, asked=MORE, actor=zhou_jian, now=now)
    people = (zhou_jian, zhu_jianjun, wang_fang, chen_jing)
    assert [waiting_count(person) for person in people] == [0, 1, 1, 0]

    adjust.first_approve(row.pk, actor=wang_fang, now=now)

    assert [waiting_count(person) for person in people] == [0, 0, 0, 0]


def test_the_list_names_what_the_reader_may_do(bring, zhou_jian, zhu_jianjun, wang_fang, now):
    order = bring(State.HANDLING)
    adjust.ask(order.pk, asked=MORE, actor=zhou_jian, now=now)

    def may(person):
        return adjustments(person, AdjustmentFilters(), now=now).rows[0].actions

    assert may(zhou_jian) == ("take_back",)
    assert may(zhu_jianjun) == ("first_approve", "refuse", "take_back")
    assert may(wang_fang) == ("first_approve", "refuse")


def test_the_list_is_paged_by_key_and_filtered(bring, zhou_jian, now):
    rows = []
    for _ in range(5):
        order = bring(State.HANDLING)
        rows.append(adjust.ask(order.pk, asked=MORE, actor=zhou_jian, now=now).pk)
    adjust.take_back(rows[0], actor=zhou_jian, now=now)
    asked = AdjustmentFilters(states=("asked",))

    first = adjustments(zhou_jian, asked, now=now, size=3)
    second = adjustments(zhou_jian, asked, now=now, size=3, after=first.next_key)

    assert [row.id for row in (*first.rows, *second.rows)] == rows[:0:-1]
    assert (first.count, second.next_key) == (4, None)


# the table


GUARDS = [
    (adjusting.own_squad, {"actor_unit": "S02"}, "申请单位负责人或派遣员"),
    (adjusting.not_own_request, {"actor": "person:4"}, "申请是你本人提出"),
    (adjusting.second_person, {"first_by": "person:3"}, "另一人"),
    (adjusting.within_quota, {"granted_count": 2}, "最多 2 次"),
    (adjusting.reason_given, {"reason": ""}, "没有写理由"),
    (adjusting.by_asking_unit, {"actor_unit": "S02"}, "申请单位撤回"),
    (adjusting.still_ahead, {"kind": "deferral", "until": date(2026, 11, 25)}, "今天以后"),
    (adjusting.fits_the_state, {"state": "to_check"}, "只有“处置中”时"),
]
FACTS = AdjustmentFacts(
    state="handling", handler="S01", asked_by="person:4", asked_unit="S01", first_by="person:6",
    actor="person:3", actor_unit="S01", reason="有", amount=1, limit_amount=2,
    until=date(2026, 12, 1), today=date(2026, 11, 25),
)  # fmt: skip


@pytest.mark.parametrize(
    ("guard", "wrong", "words"), GUARDS, ids=[g.__name__ for g, _, _ in GUARDS]
)
def test_a_guard_says_why_not_and_passes_when_it_is_cured(guard, wrong, words):
    assert words in (guard(replace(FACTS, **wrong)) or "")
    assert guard(FACTS) is None


@pytest.mark.parametrize("step", ADJUSTMENT.steps, ids=lambda s: f"{s.source}-{s.name}")
def test_every_step_of_a_request_is_taken_by_its_roles(step):
    expected = {
        ("asked", "first_approve"): "squad_leader dispatcher",
        ("asked", "refuse"): "squad_leader dispatcher",
        ("first_approved", "grant"): "duty_manager leader",
        ("first_approved", "refuse"): "duty_manager leader",
        ("asked", "cancel_request"): "system",
        ("first_approved", "cancel_request"): "system",
    }.get((step.source, step.name), "handler squad_leader town_officer dispatcher")

    assert {role.value for role in adjusters(step)} == set(expected.split())
    assert refusals(step, FACTS) == []


def test_every_state_of_a_request_has_a_label():
    assert set(ADJUSTMENT.states) == set(ADJUSTMENT_STATES)
