"""A whistle from draft to close, and every branch; a refusal leaves everything as it was."""

from datetime import timedelta

import pytest

from chengzhi.accounts.rules import NotPermitted
from chengzhi.kernel.errors import InvalidInput, NotVisible
from chengzhi.kernel.procedure import StepNotAllowed
from chengzhi.workorders import tasks
from chengzhi.workorders.commands import whistle, whistle_answer, whistle_dispute
from chengzhi.workorders.commands.whistle_answer import NotAsked, Presence
from chengzhi.workorders.models import Whistle
from chengzhi.workorders.types.whistles import Score, WhistleState
from tests.workorders.whistle.conftest import DRAFT, answer_of, told

HOUR = timedelta(hours=1)


def test_a_whistle_goes_from_the_town_to_the_departments_and_back(blow):
    done = blow(WhistleState.CLOSED)

    assert done.state == "closed"
    assert done.items == "店外经营、暴露垃圾"
    assert told(done) == [
        "drafted", "issued", "dispatched", "acknowledged", "acknowledged", "arrived", "arrived",
        "answered", "answered", "confirmed", "closed",
    ]  # fmt: skip
    assert (answer_of(done, "S02").score, answer_of(done, "D01").score) == (5, 3)
    assert answer_of(done, "S02").arrived_metres == 0


def test_a_whistle_starts_the_clock_of_the_command_centre(blow, now):
    issued = blow(WhistleState.ISSUED)

    assert issued.stage_due_at == now + timedelta(minutes=15)


def test_each_department_has_its_own_three_limits(blow, now):
    sent = blow(WhistleState.DISPATCHED)

    lead, other = answer_of(sent, "S02"), answer_of(sent, "D01")
    assert lead.is_lead and not other.is_lead
    for answer in (lead, other):
        assert answer.acknowledge_due_at == now + timedelta(minutes=30)
        assert answer.arrive_due_at == now + timedelta(hours=2)
        assert answer.alert_at == now + timedelta(minutes=30)


def test_the_centre_may_send_it_to_others_than_the_town_asked_for(blow, wang_fang, now):
    issued = blow(WhistleState.ISSUED)

    whistle_answer.dispatch_whistle(
        issued.pk, departments=("S01", "S02"), lead="S01", actor=wang_fang, now=now
    )

    issued.refresh_from_db()
    assert (issued.departments, issued.lead) == ("S01 S02", "S01")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"items": ()}, "没有选择事项"),
        ({"departments": (), "lead": ""}, "没有选择响应部门"),
        ({"departments": ("Z9",), "lead": "Z9"}, "单位 Z9 不存在"),
        ({"lead": "S01"}, "没有指定牵头部门"),
        ({"lon": 121.8790, "lat": 29.4772}, "地点不在本镇街范围内"),
    ],
)
def test_an_unfinished_whistle_is_not_issued(blow, everything, wu_hai, now, changes, words):
    draft, before = blow(**changes), None
    before = everything()

    with pytest.raises(StepNotAllowed, match=words):
        whistle.issue_whistle(draft.pk, actor=wu_hai, now=now)

    assert everything() == before


@pytest.mark.parametrize(
    "changes", [{"address": " "}, {"lon": 999.0}, {"items": tuple(f"0900{n}" for n in range(11))}]
)
def test_a_malformed_draft_is_not_written(towns, wu_hai, now, changes):
    from dataclasses import replace

    with pytest.raises(InvalidInput):
        whistle.draft_whistle(replace(DRAFT, **changes), actor=wu_hai, now=now)

    assert not Whistle.objects.exists()


def test_only_a_town_blows_a_whistle(towns, wang_fang, now):
    with pytest.raises(NotPermitted, match="镇街人员"):
        whistle.draft_whistle(DRAFT, actor=wang_fang, now=now)

    assert not Whistle.objects.exists()


def test_a_whistle_that_the_centre_returned_is_amended_and_blown_again(blow, wu_hai, now):
    back = blow(WhistleState.RETURNED)

    whistle.amend_whistle(back.pk, DRAFT, actor=wu_hai, now=now)
    whistle.issue_whistle(back.pk, actor=wu_hai, now=now)

    back.refresh_from_db()
    assert (back.state, back.last_reason) == ("issued", "请补充现场照片")


def test_a_dispatched_whistle_is_no_longer_amended(blow, everything, wu_hai, now):
    sent = blow(WhistleState.DISPATCHED)
    before = everything()

    with pytest.raises(StepNotAllowed, match="草稿或退回件"):
        whistle.amend_whistle(sent.pk, DRAFT, actor=wu_hai, now=now)

    assert everything() == before


def test_a_department_that_was_not_called_does_not_answer(blow, everything, wang_fang, now):
    sent = blow(WhistleState.DISPATCHED)
    before = everything()

    with pytest.raises(NotAsked):
        whistle_answer.acknowledge(sent.pk, actor=wang_fang, now=now)

    assert everything() == before


def test_arriving_needs_a_place_or_a_picture(blow, everything, zheng_lang, now):
    coming = blow(WhistleState.ACKNOWLEDGED)
    before = everything()

    with pytest.raises(StepNotAllowed, match="没有到场定位或照片"):
        whistle_answer.arrive(
            coming.pk, presence=Presence(people="一人"), actor=zheng_lang, now=now
        )

    assert everything() == before


def test_the_lead_reports_the_whole_only_after_the_others(
    blow, everything, zheng_lang, photograph, now
):
    there = blow(WhistleState.ARRIVED)
    photos = (photograph(zheng_lang, "after"),)
    before = everything()

    with pytest.raises(StepNotAllowed, match="环卫指导中心还没有反馈"):
        whistle_answer.report_back(
            there.pk, result="劝离", photos=photos, actor=zheng_lang, now=now
        )

    assert everything() == before


def test_an_unhappy_town_sends_it_back_to_the_lead(blow, wu_hai, now):
    handled = blow(WhistleState.HANDLED)

    whistle.send_back(handled.pk, reason="摊位又回来了", actor=wu_hai, now=now + HOUR)

    handled.refresh_from_db()
    lead = answer_of(handled, "S02")
    assert (handled.state, handled.rework_count) == ("arrived", 1)
    assert (lead.state, lead.reported_at) == ("arrived", None)
    assert answer_of(handled, "D01").state == "reported"


def test_a_low_score_says_why(blow, everything, wu_hai, now):
    handled = blow(WhistleState.HANDLED)
    before = everything()
    scores = (Score(unit="S02", points=1), Score(unit="D01", points=5))

    with pytest.raises(StepNotAllowed, match="须写明哪里不满意"):
        whistle.confirm(handled.pk, scores=scores, actor=wu_hai, now=now)

    assert everything() == before


# disputes -----------------------------------------------------------------------------------


def test_the_county_body_decides_who_answers_and_why(blow, zhao_qiang, now):
    disputed = blow(WhistleState.DISPUTED)

    whistle_dispute.decide_dispute(
        disputed.pk,
        departments=("D01", "S01"),
        lead="S01",
        reason="路段归丹东中队",
        actor=zhao_qiang,
        now=now + HOUR,
    )

    disputed.refresh_from_db()
    assert (disputed.state, disputed.lead) == ("dispatched", "S01")
    assert answer_of(disputed, "S02").state == "excused"
    assert answer_of(disputed, "D01").state == "pending"
    assert answer_of(disputed, "D01").asked_at == now + HOUR
    assert answer_of(disputed, "S01").is_lead and not answer_of(disputed, "S02").is_lead
    assert told(disputed)[-1] == "decided"


def test_work_goes_on_where_it_is_if_the_lead_is_there(blow, he_jie, zhao_qiang, wang_fang, now):
    """A second department disputes while the lead is on the spot."""
    there = blow(WhistleState.DISPATCHED)
    lead = next(a for a in [answer_of(there, "S02")])
    from tests.workorders.whistle.conftest import member

    whistle_answer.acknowledge(there.pk, actor=member(22), now=now)
    whistle_answer.arrive(
        there.pk, presence=Presence(lon=121.95, lat=29.2), actor=member(22), now=now
    )
    whistle_answer.dispute(there.pk, reason="不归环卫", actor=he_jie, now=now)

    whistle_dispute.decide_dispute(
        there.pk, departments=("S02",), lead="S02", reason="环卫免于到场", actor=wang_fang, now=now
    )

    there.refresh_from_db()
    lead.refresh_from_db()
    assert (there.state, lead.state) == ("arrived", "arrived")
    assert answer_of(there, "D01").state == "excused"


def test_a_decision_without_a_reason_is_refused(blow, everything, zhao_qiang, now):
    disputed = blow(WhistleState.DISPUTED)
    before = everything()

    with pytest.raises(StepNotAllowed, match="没有写理由"):
        whistle_dispute.decide_dispute(
            disputed.pk, departments=("D01",), lead="D01", reason="", actor=zhao_qiang, now=now
        )

    assert everything() == before


def test_a_department_does_not_decide_its_own_dispute(blow, everything, zheng_lang, now):
    disputed = blow(WhistleState.DISPUTED)
    before = everything()

    with pytest.raises(NotPermitted):
        whistle_dispute.decide_dispute(
            disputed.pk, departments=("D01",), lead="D01", reason="推", actor=zheng_lang, now=now
        )

    assert everything() == before


# clocks -------------------------------------------------------------------------------------


def test_an_overdue_stage_is_said_once_and_escalated_by_urgency(blow, now):
    sent = blow(WhistleState.DISPATCHED)

    for minutes in (29, 30, 31, 32):
        tasks.tick(now + timedelta(minutes=minutes))

    lead = answer_of(sent, "S02")
    assert told(sent).count("overdue") == 2  # one for each of two departments
    assert (lead.overdue_stages, lead.escalated_to) == ("acknowledge", "leader")
    assert lead.alert_at == now + timedelta(hours=2)


def test_a_normal_whistle_is_escalated_to_the_duty_manager(blow, now):
    sent = blow(WhistleState.DISPATCHED, urgency="normal")

    tasks.tick(now + timedelta(days=2, hours=1))

    lead = answer_of(sent, "S02")
    assert lead.escalated_to == "duty_manager"
    assert lead.overdue_stages == "acknowledge arrive"


def test_the_centre_is_told_that_it_did_not_dispatch(blow, now):
    issued = blow(WhistleState.ISSUED)

    tasks.tick(now + timedelta(minutes=16))
    tasks.tick(now + timedelta(minutes=17))

    assert told(issued) == ["drafted", "issued", "overdue"]


def test_a_late_acknowledgement_stays_late(blow, zheng_lang, now):
    sent = blow(WhistleState.DISPATCHED)
    tasks.tick(now + HOUR)

    whistle_answer.acknowledge(sent.pk, actor=zheng_lang, now=now + HOUR)

    lead = answer_of(sent, "S02")
    assert lead.overdue_stages == "acknowledge"
    assert lead.acknowledged_at > lead.acknowledge_due_at


# who sees it ----------------------------------------------------------------------------------


def test_a_draft_is_seen_by_its_own_town_alone(blow, wang_fang, now):
    draft = blow()

    with pytest.raises(NotVisible):
        whistle_answer.dispatch_whistle(draft.pk, actor=wang_fang, now=now)


def test_a_stranger_sees_nothing(blow, chen_jing, now):
    sent = blow(WhistleState.DISPATCHED)

    with pytest.raises(NotVisible):
        whistle_answer.close_whistle(sent.pk, actor=chen_jing, now=now)


def test_a_squad_that_was_not_called_sees_nothing(blow, zhou_jian, now):
    sent = blow(WhistleState.DISPATCHED)

    with pytest.raises(NotVisible):
        whistle_answer.acknowledge(sent.pk, actor=zhou_jian, now=now)
