"""A remedy on either track, from the search to the money; a refusal leaves everything as it was."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chengzhi.accounts.rules import NotPermitted
from chengzhi.kernel.errors import InvalidInput, NotVisible
from chengzhi.kernel.procedure import StepNotAllowed
from chengzhi.workorders import tasks
from chengzhi.workorders.commands import remedy_ground, remedy_search, remedy_work
from chengzhi.workorders.models import Remedy
from chengzhi.workorders.queries.remedies import (
    REMEDY_MEASURES,
    remedies_waiting,
    remedy_page,
    remedy_rates,
)
from chengzhi.workorders.queries.remedy_access import fund
from chengzhi.workorders.queries.remedy_record import remedy_record
from chengzhi.workorders.types.remedies import (
    Conclusion,
    RemedyFilters,
    RemedyState,
    WorkDone,
    WorkOrdered,
)
from tests.workorders.conftest import AT_SEA, COUNTY
from tests.workorders.remedy.conftest import (
    DAY_OF_PERFORMANCE,
    PROBLEM,
    SUBSTITUTE,
    TRACK_B,
    YUAN,
    told,
)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def test_an_ownerless_cover_is_mended_from_the_fund(mend):
    done = mend(RemedyState.CLOSED)

    assert (done.state, done.track, done.settled_fen) == ("closed", "ownerless", 2800 * YUAN)
    assert told(done) == [
        "remedy-registered", "remedy-stepped", "owner-searched", "owner-searched",
        "owner-searched", "owner-searched", "responsibility-met", "remedy-stepped",
        "remedy-approved", "remedy-begun", "remedy-finished", "remedy-stepped", "remedy-settled",
        "remedy-stepped",
    ]  # fmt: skip
    assert fund(COUNTY, 2026).left_fen == (100_000 - 2800) * YUAN
    assert fund(COUNTY, 2026).committed_fen == 0


def test_an_obligor_pays_for_what_another_had_to_do(mend):
    """行政强制法 50、51: ordered, demanded, decided, reminded, supervised, claimed, paid."""
    done = mend(path=TRACK_B)

    assert (done.state, done.track) == ("closed", "substitute")
    assert done.recovered_fen == done.settled_fen == 2800 * YUAN
    assert fund(COUNTY, 2026).recovered_fen == 2800 * YUAN


def test_track_a_is_refused_when_an_obligor_is_recorded(mend, everything, zhao_qiang, now):
    found = mend(RemedyState.OWNER_FOUND)
    before = everything()

    with pytest.raises(StepNotAllowed, match="已登记责任人.*行政强制法第五十条"):
        remedy_ground.approve(found.pk, budget_fen=100, actor=zhao_qiang, now=now)

    assert everything() == before


def test_an_owner_who_turns_up_after_the_approval_closes_track_a(mend, wang_fang, now):
    approved = mend(RemedyState.APPROVED)
    from tests.workorders.remedy.conftest import OBLIGOR

    remedy_search.find_owner(approved.pk, obligor=OBLIGOR, actor=wang_fang, now=now)

    approved.refresh_from_db()
    assert (approved.state, approved.track, approved.budget_fen) == ("owner_found", "", 0)
    assert fund(COUNTY, 2026).committed_fen == 0


def test_nothing_is_ownerless_before_every_source_was_asked(mend, everything, wang_fang, now):
    searching = mend(RemedyState.SEARCHING)
    remedy_search.log_search(
        searching.pk, source="ledger", found=False, result="台账无记录", actor=wang_fang, now=now
    )
    before = everything()

    with pytest.raises(StepNotAllowed, match="管线权属单位、社区（村）、现场公示"):
        remedy_search.conclude_ownerless(searching.pk, actor=wang_fang, now=now)

    assert everything() == before


def test_nothing_is_ownerless_before_a_meeting_says_so(mend, wang_fang, now):
    searching = mend(RemedyState.SEARCHING)
    for source in ("ledger", "utilities", "community", "notice"):
        remedy_search.log_search(
            searching.pk, source=source, found=False, result="无", actor=wang_fang, now=now
        )
    remedy_search.hold_meeting(
        searching.pk, held_on=now.date(), attendees="三方", opinions="意见不一",
        conclusion=Conclusion.UNCLEAR, actor=wang_fang, now=now,
    )  # fmt: skip

    with pytest.raises(StepNotAllowed, match="责任认定会还没有确认无主"):
        remedy_search.conclude_ownerless(searching.pk, actor=wang_fang, now=now)


def test_no_more_is_approved_than_the_fund_holds(mend, everything, zhao_qiang, now):
    ownerless = mend(RemedyState.OWNERLESS)
    before = everything()

    with pytest.raises(StepNotAllowed, match="本年专项资金只剩 100,000 元"):
        remedy_ground.approve(ownerless.pk, budget_fen=100_001 * YUAN, actor=zhao_qiang, now=now)

    assert everything() == before


def test_an_ownerless_building_waits_thirty_days(mend, wang_fang, zhao_qiang, now):
    """浙江省城乡规划条例 64."""
    ownerless = mend(RemedyState.OWNERLESS, kind="building")
    remedy_search.post_notice(
        ownerless.pk, on=date(2026, 11, 25), media="今日象山；现场张贴", actor=wang_fang, now=now
    )

    with pytest.raises(StepNotAllowed, match="公告期到 2026-12-25 届满"):
        remedy_ground.approve(ownerless.pk, budget_fen=YUAN, actor=zhao_qiang, now=now + 30 * DAY)
    remedy_ground.approve(ownerless.pk, budget_fen=YUAN, actor=zhao_qiang, now=now + 31 * DAY)

    ownerless.refresh_from_db()
    assert ownerless.state == "approved"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"perform_by": None}, "没有责令履行的日期和期限"),
        ({"perform_by": date(2026, 11, 25)}, "逾期不履行才能代履行"),
        ({"demanded_on": None}, "经催告仍不履行"),
        ({"consequence": ""}, "没有选择后果"),
        ({"performer": "Z9"}, "没有选择代履行人"),
        ({"budget_fen": 0}, "没有费用预算"),
    ],
)
def test_a_decision_lacks_what_the_law_asks_for(mend, everything, zhao_qiang, now, changes, words):
    """行政强制法 50、51(1)(1)."""
    found = mend(RemedyState.OWNER_FOUND)
    before = everything()

    with pytest.raises(StepNotAllowed, match=words):
        remedy_ground.decide(
            found.pk, substitute=replace(SUBSTITUTE, **changes), actor=zhao_qiang, now=now
        )

    assert everything() == before


def test_the_reminder_that_comes_too_late_moves_the_day(mend, everything, zhu_jun, zhao_qiang, now):
    """行政强制法 51(2): the last day for a performance on 2 December is 26 November."""
    decided = mend(RemedyState.DECIDED)
    before = everything()

    with pytest.raises(StepNotAllowed, match="催告书最迟应在 2026-11-26 送达"):
        remedy_ground.remind(decided.pk, actor=zhu_jun, now=now + 2 * DAY)
    assert everything() == before
    remedy_ground.reschedule(
        decided.pk,
        perform_on=date(2026, 12, 8),
        reason="催告改期",
        actor=zhao_qiang,
        now=now + 2 * DAY,
    )
    remedy_ground.remind(decided.pk, actor=zhu_jun, now=now + 2 * DAY)

    decided.refresh_from_db()
    assert (decided.state, decided.reminded_on) == ("reminded", date(2026, 11, 27))


@pytest.mark.parametrize(
    ("later", "words"),
    [
        (6 * DAY, "不能提前实施"),
        (DAY_OF_PERFORMANCE + 13 * HOUR, "夜间"),  # 23:30
        (DAY_OF_PERFORMANCE + 3 * DAY, "法定节假日"),  # a Saturday
    ],
)
def test_performance_keeps_to_its_day_and_never_comes_at_night(
    mend, everything, wang_fang, photograph, now, later, words
):
    """行政强制法 43、51."""
    reminded = mend(RemedyState.REMINDED)
    work = WorkOrdered(contractor="K01", text="拆除", photos=(photograph(wang_fang, "before"),))
    before = everything()

    with pytest.raises(StepNotAllowed, match=words):
        remedy_work.begin_work(reminded.pk, work=work, actor=wang_fang, now=now + later)

    assert everything() == before


def test_an_obligor_who_does_it_himself_stops_everything(mend):
    """行政强制法 51(1)(2)."""
    done = mend(RemedyState.PERFORMED)

    assert done.solved_at is not None
    assert fund(COUNTY, 2026).committed_fen == 0


def test_a_road_is_cleared_at_once_and_the_party_told_afterwards(
    mend, wang_fang, zhu_jun, qian_gong, photograph, now
):
    """行政强制法 52."""
    found = mend(RemedyState.OWNER_FOUND, kind="waste")
    work = WorkOrdered(
        contractor="K01", text="清除遗洒渣土", photos=(photograph(zhu_jun, "before"),)
    )

    remedy_ground.perform_at_once(
        found.pk, place="road", is_unable=True, work=work, actor=zhu_jun, now=now
    )
    done = WorkDone(
        quantity="2 吨",
        supervisors="朱军",
        signatures="见证人",
        photos=(photograph(qian_gong, "after"),),
    )
    remedy_work.finish_work(found.pk, done=done, actor=qian_gong, now=now)
    remedy_work.accept_work(found.pk, actor=wang_fang, now=now)
    with pytest.raises(StepNotAllowed, match="还没有通知当事人.*行政强制法 52"):
        remedy_work.settle(found.pk, amount_fen=YUAN, actor=wang_fang, now=now)
    remedy_work.tell_party(found.pk, manner="电话告知负责人", actor=wang_fang, now=now)
    remedy_work.settle(found.pk, amount_fen=YUAN, actor=wang_fang, now=now)

    found.refresh_from_db()
    assert (found.state, found.track) == ("settled", "immediate")


@pytest.mark.parametrize(("place", "is_unable"), [("", True), ("road", False)])
def test_immediate_performance_keeps_to_its_article(
    mend, everything, zhu_jun, photograph, now, place, is_unable
):
    found = mend(RemedyState.OWNER_FOUND)
    work = WorkOrdered(contractor="K01", text="清除", photos=(photograph(zhu_jun, "before"),))
    before = everything()

    with pytest.raises(StepNotAllowed, match="行政强制法 52"):
        remedy_ground.perform_at_once(
            found.pk, place=place, is_unable=is_unable, work=work, actor=zhu_jun, now=now
        )

    assert everything() == before


def test_work_on_track_b_is_supervised_and_signed(mend, everything, qian_gong, photograph, now):
    """行政强制法 51(1)(3)、(4)."""
    working = mend(path=TRACK_B[:5])
    done = WorkDone(quantity="1 套", photos=(photograph(qian_gong, "after"),))
    before = everything()

    with pytest.raises(StepNotAllowed, match="派员到场监督"):
        remedy_work.finish_work(working.pk, done=done, actor=qian_gong, now=now)

    assert everything() == before


def test_a_cost_with_an_obligor_is_claimed_before_the_end(mend, everything, wang_fang, now):
    settled = mend(path=TRACK_B[:8])
    before = everything()

    with pytest.raises(StepNotAllowed, match="请先追偿"):
        remedy_work.close_remedy(settled.pk, actor=wang_fang, now=now)

    assert everything() == before


def test_a_receipt_counts_once_and_no_more_is_paid_than_claimed(mend, everything, wang_fang, now):
    recovering = mend(RemedyState.RECOVERING)
    half = {
        "amount_fen": 1400 * YUAN,
        "paid_on": now.date(),
        "payer": "远东置业",
        "receipt": "NO.1",
        "actor": wang_fang,
        "now": now,
    }
    remedy_work.record_payment(recovering.pk, **half)
    before = everything()

    with pytest.raises(InvalidInput, match="票据号已经登记过"):
        remedy_work.record_payment(recovering.pk, **half)
    with pytest.raises(InvalidInput, match="不超过未收的 1,400 元"):
        remedy_work.record_payment(
            recovering.pk, **half | {"amount_fen": 1401 * YUAN, "receipt": "NO.2"}
        )
    with pytest.raises(StepNotAllowed, match="还差 1,400 元"):
        remedy_work.close_remedy(recovering.pk, actor=wang_fang, now=now)

    assert everything() == before


def test_a_hazard_is_fenced_within_two_hours_or_it_is_said_once(mend, wang_fang, now):
    hazard = mend()

    for minutes in (119, 120, 121):
        tasks.tick(now + timedelta(minutes=minutes))
    remedy_search.fence(hazard.pk, note="围挡并设警示灯", actor=wang_fang, now=now + 3 * HOUR)
    tasks.tick(now + 4 * HOUR)

    hazard.refresh_from_db()
    assert hazard.fence_due_at == now + 2 * HOUR
    assert told(hazard).count("remedy-overdue") == 1
    assert hazard.alert_at == hazard.search_due_at


def test_what_is_no_hazard_needs_no_fence(mend):
    plain = mend(is_hazard=False)

    assert plain.fence_due_at is None


@pytest.mark.parametrize(
    "changes",
    [{"kind": "ship"}, {"address": ""}, {"lon": 999.0}, {"lon": AT_SEA[0], "lat": AT_SEA[1]}],
)
def test_a_malformed_problem_is_not_registered(firm, wang_fang, now, changes):
    with pytest.raises(InvalidInput):
        remedy_search.register_problem(replace(PROBLEM, **changes), actor=wang_fang, now=now)

    assert not Remedy.objects.exists()


def test_a_handler_does_not_approve(mend, everything, zhu_jun, now):
    ownerless = mend(RemedyState.OWNERLESS)
    before = everything()

    with pytest.raises(NotPermitted):
        remedy_ground.approve(ownerless.pk, budget_fen=YUAN, actor=zhu_jun, now=now)

    assert everything() == before


def test_a_stranger_and_an_uninvolved_firm_see_nothing(mend, chen_jing, qian_gong, now):
    found = mend(RemedyState.OWNERLESS)

    for who in (chen_jing, qian_gong):
        with pytest.raises(NotVisible):
            remedy_record(who, found.pk, now=now)


# numbers --------------------------------------------------------------------------------------


def test_the_two_rates_open_the_lists_that_they_counted(mend, wang_fang, now):
    mend(RemedyState.CLOSED)
    mend(RemedyState.PERFORMED)
    mend(RemedyState.OWNERLESS)
    mend(RemedyState.HANDED_OVER)
    late = mend(RemedyState.TO_ACCEPT)
    remedy_work.accept_work(late.pk, actor=wang_fang, now=now + 10 * DAY)
    since, until = now - DAY, now + DAY

    rates = remedy_rates(wang_fang, since=since, until=until, now=now + 20 * DAY)

    for measure in REMEDY_MEASURES:
        filters = RemedyFilters(measure=measure, since=since, until=until)
        page = remedy_page(wang_fang, filters, now=now + 20 * DAY)
        assert page.count == rates.counts[measure]
    assert rates.counts["registered"] == 4  # what was handed over is no ownerless problem
    assert (rates.solved, rates.solved_on_time) == (3 / 4, 2 / 4)
    assert rates.mean_cost_fen == 2800 * YUAN


def test_the_wizard_shows_what_stands_against_each_way(mend, zhao_qiang, now):
    found = remedy_record(zhao_qiang, mend(RemedyState.OWNER_FOUND).pk, now=now)
    ownerless = remedy_record(zhao_qiang, mend(RemedyState.OWNERLESS).pk, now=now)

    ways = {card.track: card.reasons for card in found.tracks}
    assert "行政强制法第五十条" in ways["ownerless"][0]
    assert ways["substitute"] == ways["immediate"] == ()
    ways = {card.track: card.reasons for card in ownerless.tracks}
    assert ways["ownerless"] == ()
    assert "行政强制法 50" in ways["substitute"][0]


def test_the_rail_counts_whose_move_it_is(mend, wang_fang, zhao_qiang, qian_gong, now):
    mend(RemedyState.OWNERLESS)
    mend(RemedyState.WORKING)

    seen = [remedies_waiting(who, now=now)[0] for who in (wang_fang, zhao_qiang, qian_gong)]

    assert seen == [0, 1, 1]


def test_the_obligors_name_is_masked_for_whom_it_does_not_concern(mend, zhao_qiang, wang_fang, now):
    pk = mend(RemedyState.OWNER_FOUND).pk

    assert remedy_record(wang_fang, pk, now=now).obligor_name == "远东置业有限公司"
    assert remedy_record(zhao_qiang, pk, now=now).obligor_name == "远*******"
