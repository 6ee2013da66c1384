"""Every pair of state and step of a remedy; every guard both ways, with the article it cites."""

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import product

import pytest

from chengzhi.accounts.types import Role
from chengzhi.kernel.procedure import StepNotAllowed
from chengzhi.workorders.procedure.remedy import (
    REMEDY,
    REMEDY_CAN,
    REMEDY_CAN_LABELS,
    REMEDY_CAN_ROLES,
    remedy_roles,
)
from chengzhi.workorders.rules import remedy_guards as g
from chengzhi.workorders.rules.remedy_limits import (
    is_night,
    is_workday,
    notice_ends_on,
    remind_by,
)
from chengzhi.workorders.types.remedies import RemedyFacts, RemedyState

READY = RemedyFacts(
    kind="cover",
    track="substitute",
    obligor="远东置业",
    meeting="ownerless",
    budget_fen=100,
    fund_left_fen=100,
    ordered_on=date(2026, 11, 2),
    perform_by=date(2026, 11, 16),
    demanded_on=date(2026, 11, 18),
    consequence="traffic",
    performer="K01",
    is_performer_known=True,
    perform_on=date(2026, 11, 25),
    remind_by=date(2026, 11, 25),
    is_notified=True,
    settled_fen=90,
    recovered_fen=90,
    contractor="K01",
    today=date(2026, 11, 25),
    actor_unit="K01",
    reason="有理由",
    place="road",
    is_unable=True,
    photo_roles=frozenset({"before", "after"}),
    quantity="1 套",
    supervisors="两人",
    signatures="已签",
    amount_fen=90,
)
OWNERLESS = replace(READY, obligor="", track="ownerless")
TABLE = {
    ("registered", "start_search"): "searching",
    ("searching", "conclude_ownerless"): "ownerless",
    ("searching", "find_owner"): "owner_found",
    ("ownerless", "find_owner"): "owner_found",
    ("ownerless", "approve"): "approved",
    ("approved", "find_owner"): "owner_found",
    ("approved", "begin_work"): "working",
    ("owner_found", "hand_over"): "handed_over",
    ("owner_found", "decide"): "decided",
    ("owner_found", "perform_at_once"): "working",
    ("owner_found", "performed"): "performed",
    ("decided", "remind"): "reminded",
    ("decided", "performed"): "performed",
    ("reminded", "performed"): "performed",
    ("reminded", "begin_work"): "working",
    ("working", "finish_work"): "to_accept",
    ("to_accept", "accept_work"): "remedied",
    ("to_accept", "reject_work"): "working",
    ("remedied", "settle"): "settled",
    ("settled", "close_remedy"): "closed",
    ("settled", "claim"): "recovering",
    ("recovering", "close_recovered"): "closed",
    ("recovering", "write_off"): "closed",
}
NAMES = sorted({step.name for step in REMEDY.steps})


def facts_for(state: str, name: str) -> RemedyFacts:
    if name in ("conclude_ownerless", "approve", "close_remedy") or state == "approved":
        facts = OWNERLESS if name != "find_owner" else READY
    else:
        facts = READY
    return replace(facts, actor_unit="C01") if name in ("accept_work", "reject_work") else facts


@pytest.mark.parametrize(("state", "name"), sorted(product(RemedyState, NAMES)))
def test_a_pair_is_allowed_exactly_when_the_table_says_so(state, name):
    if (state, name) in TABLE:
        taken = REMEDY.take(name, state=state, facts=facts_for(state, name))
        assert taken.target == TABLE[state, name]
    else:
        with pytest.raises(StepNotAllowed, match=REMEDY.states[state]):
            REMEDY.take(name, state=state, facts=READY)


GUARDS = [
    (g.searched_everywhere, {"missing_sources": ("社区（村）",)}, "还没有查过社区（村）"),
    (g.meeting_held, {"meeting": "unclear"}, "责任认定会还没有确认无主"),
    (g.obligor_named, {"obligor": ""}, "行政强制法 50"),
    (g.budget_named, {"budget_fen": 0}, "行政强制法 51"),
    (g.fund_enough, {"fund_left_fen": 99}, "本年专项资金只剩 0.99 元"),
    (g.not_building, {"kind": "building"}, "行政强制法第四十四条"),
    (g.duty_overdue, {"perform_by": None}, "行政强制法 50"),
    (g.duty_overdue, {"perform_by": date(2026, 11, 25)}, "行政强制法 50"),
    (g.demand_failed, {"demanded_on": None}, "行政强制法 50"),
    (g.demand_failed, {"demanded_on": date(2026, 11, 16)}, "行政强制法 50"),
    (g.demand_failed, {"demanded_on": date(2026, 11, 26)}, "行政强制法 50"),
    (g.consequence_named, {"consequence": ""}, "行政强制法 50"),
    (g.performer_disinterested, {"is_performer_party": True}, "没有利害关系的第三人"),
    (g.performer_disinterested, {"is_performer_known": False}, "行政强制法 51"),
    (g.reminder_in_time, {"perform_on": None}, "行政强制法 51"),
    (g.reminder_in_time, {"remind_by": date(2026, 11, 24)}, "行政强制法 51(2)、69"),
    (g.day_has_come, {"perform_on": date(2026, 11, 26)}, "行政强制法 51"),
    (g.no_night_or_holiday, {"is_night": True}, "行政强制法 43"),
    (g.no_night_or_holiday, {"is_workday": False}, "行政强制法 43"),
    (g.public_place, {"place": ""}, "行政强制法 52"),
    (g.obligor_unable, {"is_unable": False}, "行政强制法 52"),
    (g.contractor_named, {"is_performer_known": False}, "没有选择施工单位"),
    (g.before_photo, {"photo_roles": frozenset()}, "缺整治前照片"),
    (g.after_photo, {"photo_roles": frozenset()}, "缺整治后照片"),
    (g.quantity_named, {"quantity": ""}, "没有写工程量"),
    (g.supervised, {"supervisors": ""}, "行政强制法 51(1)(3)"),
    (g.supervised, {"signatures": ""}, "行政强制法 51(1)(4)"),
    (g.by_contractor, {"actor_unit": "S01"}, "施工交给了别的单位"),
    (g.amount_named, {"amount_fen": 0}, "没有结算金额"),
    (g.within_budget, {"amount_fen": 101}, "行政强制法 51"),
    (g.party_told, {"track": "immediate", "is_notified": False}, "行政强制法 52"),
    (g.has_obligor, {"obligor": ""}, "无从追偿"),
    (g.paid_in_full, {"recovered_fen": 10}, "还差 0.80 元"),
    (g.reason_given, {"reason": ""}, "没有写理由"),
]


@pytest.mark.parametrize(
    ("guard", "wrong", "words"), GUARDS, ids=[f"{a.__name__}-{w}" for a, _, w in GUARDS]
)
def test_a_guard_says_why_not_and_passes_when_it_is_cured(guard, wrong, words):
    assert words in (guard(replace(READY, **wrong)) or "")
    assert guard(READY) is None


def test_track_a_is_closed_to_whom_an_obligor_is_known():
    assert "行政强制法第五十条、第五十一条" in (g.no_obligor(READY) or "")
    assert g.no_obligor(OWNERLESS) is None


def test_track_a_needs_no_supervision_and_no_recovery():
    bare = replace(OWNERLESS, supervisors="", signatures="")

    assert g.supervised(bare) is None
    assert g.nothing_to_recover(bare) is None
    assert "行政强制法 51(2)" in (g.nothing_to_recover(READY) or "")


def test_nobody_accepts_his_own_work():
    assert "不能验收自己" in (g.not_by_contractor(READY) or "")
    assert g.not_by_contractor(replace(READY, actor_unit="C01")) is None


@pytest.mark.parametrize(
    ("notice_on", "today", "is_refused"),
    [
        (None, date(2026, 11, 25), True),
        (date(2026, 10, 26), date(2026, 11, 25), True),  # the thirtieth day is not over
        (date(2026, 10, 25), date(2026, 11, 25), False),
    ],
)
def test_an_ownerless_building_is_announced_for_thirty_days(notice_on, today, is_refused):
    """浙江省城乡规划条例 64."""
    ends = notice_ends_on(notice_on) if notice_on else None
    facts = replace(
        OWNERLESS, kind="building", notice_on=notice_on, notice_ends_on=ends, today=today
    )

    reason = g.building_noticed(facts)

    assert ("城乡规划条例 64" in (reason or "")) is is_refused
    assert g.building_noticed(replace(facts, is_notarized=True)) is None


@pytest.mark.parametrize(
    ("perform_on", "latest"),
    [
        (date(2026, 12, 2), date(2026, 11, 26)),  # 27 Nov, 30 Nov, 1 Dec lie between
        (date(2026, 11, 30), date(2026, 11, 24)),
        (date(2026, 10, 9), date(2026, 9, 29)),  # National Day: 30 Sep, (1-7 off), 8 Oct … between
    ],
)
def test_the_reminder_comes_three_working_days_before(perform_on, latest):
    """行政强制法 51(2)、69: three working days lie between the reminder and the performance."""
    if perform_on == date(2026, 10, 9):
        assert remind_by(perform_on) < date(2026, 10, 1)
    else:
        assert remind_by(perform_on) == latest


def test_nights_and_holidays_are_known():
    """行政强制法 43; a Saturday is no statutory holiday, but no working day either: be strict."""
    assert is_workday(date(2026, 11, 25)) and not is_workday(date(2026, 11, 28))
    assert not is_workday(date(2026, 10, 1))
    assert is_night(datetime(2026, 11, 25, 15, 0, tzinfo=UTC))  # 23:00
    assert not is_night(datetime(2026, 11, 25, 2, 30, tzinfo=UTC))


def test_only_the_leader_chooses_a_legal_ground_with_money():
    for step in REMEDY.steps:
        if step.name in ("approve", "decide", "write_off"):
            assert set(remedy_roles(step)) == {Role.LEADER}


def test_capabilities_are_labelled_and_have_roles():
    assert set(REMEDY_CAN) == set(REMEDY_CAN_LABELS) == set(REMEDY_CAN_ROLES)
