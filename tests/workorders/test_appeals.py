"""超时申诉: once for each late stage; the fact stays, the statistic may leave it out."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chengzhi.accounts.types import Role
from chengzhi.kernel.errors import NotVisible
from chengzhi.kernel.procedure import StepNotAllowed
from chengzhi.workorders.commands import appeal, check, handle
from chengzhi.workorders.models import Appeal, StageRun, WorkOrder
from chengzhi.workorders.procedure import APPEAL, reviewers
from chengzhi.workorders.queries.appeals import appeals, late_stages_of, waiting_count
from chengzhi.workorders.queries.grouped import totals_by
from chengzhi.workorders.queries.lists import count
from chengzhi.workorders.queries.measures import MEASURES, totals
from chengzhi.workorders.queries.stages import stages_of
from chengzhi.workorders.rules import appealing
from chengzhi.workorders.types import Filters, State
from chengzhi.workorders.types.adjustments import AdjustmentFilters
from chengzhi.workorders.types.appeals import APPEAL_STATES, AppealFacts
from tests.conftest import actor

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def officer():
    """Another acceptance officer, for the final review."""
    return actor("person:7", "胡晓", Role.ACCEPTANCE_OFFICER)


@pytest.fixture
def late(bring, zhou_jian, photograph, now):
    """A work order that was handled an hour late."""

    def make() -> tuple[WorkOrder, StageRun]:
        order = bring(State.HANDLING)
        photos = (photograph(zhou_jian, "after"),)
        handle.record_handling(order.pk, photos=photos, actor=zhou_jian, now=now + 3 * HOUR)
        return order, StageRun.objects.get(order=order, stage="handle")

    return make


def close(order: WorkOrder, li_ming, wang_fang, at) -> None:
    check.record_check(order.pk, result="pass", actor=li_ming, now=at)
    check.close(order.pk, actor=wang_fang, now=at)


def test_an_upheld_appeal_keeps_the_fact_and_exempts_the_statistic(
    late, zhou_jian, li_ming, wang_fang, officer, now
):
    """domain.md 1.5: the raw timeout stays, only an exempted flag is set."""
    order, run = late()
    at = now + 4 * HOUR
    row = appeal.lodge(order.pk, run=run.pk, reason="台风停工", actor=zhou_jian, now=at)
    appeal.support(row.pk, actor=wang_fang, now=at, note="属实")
    row = appeal.uphold(row.pk, actor=officer, now=at)

    run.refresh_from_db()
    order = WorkOrder.objects.get(pk=order.pk)
    assert (row.state, run.was_overdue, run.exempted) == ("upheld", True, True)
    assert (order.is_exempted, order.handled_on_time) == (True, False)
    stage = next(s for s in stages_of(order, now=at) if s.name == "handle")
    assert (stage.was_overdue, stage.is_exempted) == (True, True)


def test_every_number_is_the_length_of_its_list_raw_and_adjusted(
    late, zhou_jian, li_ming, wang_fang, officer, now
):
    """anchors_civic.md 6.9: count == drill-down."""
    at, since, until = now + 4 * HOUR, now - DAY, now + DAY
    for is_appealed in (True, False):
        order, run = late()
        close(order, li_ming, wang_fang, at)
        if is_appealed:
            row = appeal.lodge(order.pk, run=run.pk, reason="台风", actor=zhou_jian, now=at)
            appeal.support(row.pk, actor=wang_fang, now=at)
            appeal.uphold(row.pk, actor=officer, now=at)

    found = totals(wang_fang, since=since, until=until, now=at)

    assert (found.late, found.late_counted, found.exempted) == (2, 1, 1)
    assert found.due_to_close == 2
    for measure in MEASURES:
        listed = count(wang_fang, Filters(measure=measure, since=since, until=until), now=at)
        assert listed == getattr(found, measure), measure
        groups = totals_by(wang_fang, by="town", since=since, until=until, now=at)
        assert sum(getattr(group, measure) for group in groups) == listed


def test_what_stands_is_not_due_to_close(bring, wang_fang, now):
    """domain.md 1.6: 应结案 = filed − voided − 缓办/挂账."""
    bring(State.SUSPENDED)
    bring(State.HANDLING)

    found = totals(wang_fang, since=now - DAY, until=now + DAY, now=now)

    assert (found.due_to_close, found.suspended, found.open) == (1, 1, 2)


def test_a_late_stage_is_appealed_once(late, zhou_jian, wang_fang, now, snapshot):
    order, run = late()
    at = now + 4 * HOUR
    row = appeal.lodge(order.pk, run=run.pk, reason="台风", actor=zhou_jian, now=at)
    appeal.dismiss(row.pk, reason="当天无台风", actor=wang_fang, now=at)
    before = snapshot()

    with pytest.raises(StepNotAllowed, match="每条只能申诉一次"):
        appeal.lodge(order.pk, run=run.pk, reason="再说一次", actor=zhou_jian, now=at)

    assert snapshot() == before
    assert Appeal.objects.count() == 1


def test_a_stage_in_time_is_not_appealed(bring, zhou_jian, now, snapshot):
    order = bring(State.TO_CHECK)
    run = StageRun.objects.get(order=order, stage="handle")
    before = snapshot()

    with pytest.raises(StepNotAllowed, match="没有超期，不需要申诉"):
        appeal.lodge(order.pk, run=run.pk, reason="以防万一", actor=zhou_jian, now=now)

    assert snapshot() == before


def test_an_appeal_comes_within_five_working_days(late, zhou_jian, now, snapshot):
    """Ended Wednesday 13:30; the window closes the Wednesday after."""
    order, run = late()
    before = snapshot()

    with pytest.raises(StepNotAllowed, match="超过申诉期限（环节结束后 5 工作日）"):
        appeal.lodge(order.pk, run=run.pk, reason="晚了", actor=zhou_jian, now=now + 8 * DAY)

    assert snapshot() == before
    appeal.lodge(order.pk, run=run.pk, reason="还来得及", actor=zhou_jian, now=now + 6 * DAY)


def test_a_pending_appeal_stops_no_clock(late, zhou_jian, now):
    order, run = late()
    before = WorkOrder.objects.get(pk=order.pk)

    appeal.lodge(order.pk, run=run.pk, reason="台风", actor=zhou_jian, now=now + 4 * HOUR)

    after = WorkOrder.objects.get(pk=order.pk)
    assert (after.state, after.stage_due_at) == (before.state, before.stage_due_at)


def test_two_reviews_are_two_people(late, zhou_jian, wang_fang, now, snapshot):
    order, run = late()
    row = appeal.lodge(order.pk, run=run.pk, reason="台风", actor=zhou_jian, now=now + 4 * HOUR)
    appeal.support(row.pk, actor=wang_fang, now=now + 4 * HOUR)
    before = snapshot()

    with pytest.raises(StepNotAllowed, match="终审须由另一人办理"):
        appeal.uphold(row.pk, actor=wang_fang, now=now + 4 * HOUR)

    assert snapshot() == before
    run.refresh_from_db()
    assert not run.exempted


def test_the_unit_does_not_judge_itself_and_a_stranger_sees_nothing(
    late, zhou_jian, chen_jing, now, snapshot
):
    order, run = late()
    row = appeal.lodge(order.pk, run=run.pk, reason="台风", actor=zhou_jian, now=now + 4 * HOUR)
    own = actor("person:8", "任海波", Role.DISPATCHER, unit="S01")
    before = snapshot()

    with pytest.raises(StepNotAllowed, match="不能审核自己的申诉"):
        appeal.support(row.pk, actor=own, now=now + 4 * HOUR)
    with pytest.raises(NotVisible):
        appeal.support(row.pk, actor=chen_jing, now=now + 4 * HOUR)

    assert snapshot() == before


def test_another_unit_does_not_appeal(late, now, snapshot):
    order, run = late()
    town = actor("person:8", "林丹", Role.TOWN_OFFICER, unit="T01", division="330225001")
    before = snapshot()

    with pytest.raises(StepNotAllowed, match="须由超时单位申诉"):
        appeal.lodge(order.pk, run=run.pk, reason="帮忙", actor=town, now=now + 4 * HOUR)

    assert snapshot() == before


def test_an_appeal_is_dropped_by_its_unit(late, zhou_jian, now):
    order, run = late()
    row = appeal.lodge(order.pk, run=run.pk, reason="台风", actor=zhou_jian, now=now + 4 * HOUR)

    assert appeal.drop(row.pk, actor=zhou_jian, now=now + 5 * HOUR).state == "dropped"


def test_lists_say_what_waits_for_whom(late, zhou_jian, wang_fang, officer, chen_jing, now):
    order, run = late()
    at = now + 4 * HOUR
    row = appeal.lodge(order.pk, run=run.pk, reason="台风", actor=zhou_jian, now=at)
    assert [waiting_count(who) for who in (zhou_jian, wang_fang, officer, chen_jing)] == [
        0,
        1,
        0,
        0,
    ]

    appeal.support(row.pk, actor=wang_fang, now=at)

    assert [waiting_count(who) for who in (zhou_jian, wang_fang, officer, chen_jing)] == [
        0,
        0,
        1,
        0,
    ]
    page = appeals(officer, AdjustmentFilters(mine=True), now=at)
    assert [(r.id, r.actions) for r in page.rows] == [(row.pk, ("uphold", "dismiss"))]


def test_the_record_names_its_late_stages_and_until_when_they_may_be_appealed(late, zhou_jian, now):
    order, run = late()

    (stage,) = late_stages_of(zhou_jian, order.pk, now=now + 4 * HOUR)

    assert (stage.run, stage.stage_label, stage.unit) == (run.pk, "处置", "S01")
    assert (stage.is_badly_late, stage.appeal) == (False, "")
    assert stage.appeal_until is not None


FACTS = AppealFacts(
    unit="S01", lodged_by="person:4", first_by="person:2", actor="person:4", actor_unit="S01",
    reason="有",
)  # fmt: skip
GUARDS = [
    (appealing.own_lateness, {"actor_unit": "S02"}, "须由超时单位申诉"),
    (appealing.was_late, {"was_overdue": False}, "没有超期"),
    (appealing.in_window, {"is_in_window": False, "window_text": "5 工作日"}, "5 工作日"),
    (appealing.once, {"appealed_before": True}, "只能申诉一次"),
    (appealing.reason_given, {"reason": " "}, "没有写理由"),
    (appealing.second_person, {"actor": "person:2"}, "另一人"),
]


@pytest.mark.parametrize(
    ("guard", "wrong", "words"), GUARDS, ids=[g.__name__ for g, _, _ in GUARDS]
)
def test_a_guard_says_why_not_and_passes_when_it_is_cured(guard, wrong, words):
    assert words in (guard(replace(FACTS, **wrong)) or "")
    assert guard(FACTS) is None


@pytest.mark.parametrize("step", APPEAL.steps, ids=lambda s: f"{s.source}-{s.name}")
def test_every_step_of_an_appeal_is_taken_by_its_roles(step):
    expected = {
        ("lodged", "support"): "dispatcher",
        ("lodged", "dismiss"): "dispatcher",
        ("supported", "uphold"): "duty_manager acceptance_officer",
        ("supported", "dismiss"): "duty_manager acceptance_officer",
    }.get((step.source, step.name), "handler squad_leader town_officer")

    assert {role.value for role in reviewers(step)} == set(expected.split())
    assert set(APPEAL.states) == set(APPEAL_STATES)
