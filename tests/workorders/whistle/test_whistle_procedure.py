"""Every pair of state and step of a whistle and of an answer; every guard, both ways."""

from dataclasses import replace
from itertools import product

import pytest

from chengzhi.accounts.types import Role
from chengzhi.kernel.procedure import StepNotAllowed
from chengzhi.workorders.procedure.whistle import ANSWER, WHISTLE, whistle_roles
from chengzhi.workorders.rules import whistle_guards as g
from chengzhi.workorders.rules.whistle_limits import ends_at, satisfied_from, whistle_limits
from chengzhi.workorders.rules.words import CHINA
from chengzhi.workorders.types.whistles import Score, Urgency, WhistleFacts

READY = WhistleFacts(
    town="330225101",
    items=("09005",),
    located_town="330225101",
    departments=("S02", "D01"),
    lead="S02",
    unit="S02",
    answered=frozenset({"S02"}),
    is_lead_there=True,
    actor_town="330225101",
    actor_unit="S02",
    reason="有理由",
    has_place=True,
    photo_roles=frozenset({"after"}),
    scores=(Score(unit="S02", points=5),),
)
WHISTLE_TABLE = {
    ("drafted", "issue"): "issued",
    ("drafted", "withdraw_whistle"): "withdrawn",
    ("issued", "withdraw_whistle"): "withdrawn",
    ("issued", "return_whistle"): "returned",
    ("issued", "dispatch_whistle"): "dispatched",
    ("returned", "issue"): "issued",
    ("returned", "withdraw_whistle"): "withdrawn",
    ("dispatched", "acknowledge"): "acknowledged",
    ("dispatched", "dispute"): "disputed",
    ("acknowledged", "arrive"): "arrived",
    ("acknowledged", "dispute"): "disputed",
    ("arrived", "report_whole"): "handled",
    ("arrived", "dispute"): "disputed",
    ("disputed", "decide_dispute"): "dispatched",
    ("disputed", "decide_on_site"): "arrived",
    ("handled", "send_back"): "arrived",
    ("handled", "confirm"): "confirmed",
    ("confirmed", "close_whistle"): "closed",
}
ANSWER_TABLE = {
    ("pending", "acknowledge"): "acknowledged",
    ("pending", "dispute"): "disputed",
    ("pending", "must_answer"): "pending",
    ("pending", "excuse"): "excused",
    ("acknowledged", "arrive"): "arrived",
    ("acknowledged", "dispute"): "disputed",
    ("acknowledged", "must_answer"): "pending",
    ("acknowledged", "excuse"): "excused",
    ("arrived", "report_back"): "reported",
    ("arrived", "excuse"): "excused",
    ("reported", "must_answer"): "pending",
    ("reported", "send_back"): "arrived",
    ("reported", "score"): "scored",
    ("disputed", "must_answer"): "pending",
    ("disputed", "excuse"): "excused",
    ("excused", "must_answer"): "pending",
}
TABLES = ((WHISTLE, WHISTLE_TABLE), (ANSWER, ANSWER_TABLE))
PAIRS = [
    (procedure, table, state, name)
    for procedure, table in TABLES
    for state, name in product(procedure.states, sorted({s.name for s in procedure.steps}))
]


@pytest.mark.parametrize(
    ("procedure", "table", "state", "name"),
    PAIRS,
    ids=[f"{p.name}-{state}-{name}" for p, _, state, name in PAIRS],
)
def test_a_pair_is_allowed_exactly_when_the_table_says_so(procedure, table, state, name):
    if (state, name) in table:
        taken = procedure.take(name, state=state, facts=READY)
        assert taken.target == table[state, name]
    else:
        with pytest.raises(StepNotAllowed, match=procedure.states[state]):
            procedure.take(name, state=state, facts=READY)


GUARDS = [
    (g.own_town, {"actor_town": "330225001"}, "别的镇街"),
    (g.items_named, {"items": ()}, "没有选择事项"),
    (g.in_own_town, {"located_town": "330225001"}, "不在本镇街"),
    (g.departments_named, {"departments": ()}, "没有选择响应部门"),
    (g.departments_named, {"unknown": ("Z9",)}, "Z9"),
    (g.lead_named, {"lead": "S01"}, "没有指定牵头部门"),
    (g.reason_given, {"reason": " "}, "没有写理由"),
    (g.by_department, {"actor_unit": "D01"}, "派给了别的部门"),
    (g.place_shown, {"has_place": False, "photo_roles": frozenset()}, "没有到场定位或照片"),
    (g.result_written, {"reason": ""}, "没有写处置结果"),
    (g.after_photo, {"photo_roles": frozenset({"near"})}, "缺处置后照片"),
    (g.others_reported, {"open_names": ("环卫指导中心",)}, "环卫指导中心还没有反馈"),
    (g.lead_there, {"is_lead_there": False}, "还没有到场"),
    (g.all_scored, {"scores": ()}, "还没有给 S02 评分"),
    (g.all_scored, {"scores": (Score(unit="S02", points=6),)}, "1 至 5 分"),
    (g.all_scored, {"scores": (Score(unit="S02", points=2),)}, "须写明哪里不满意"),
]


@pytest.mark.parametrize(
    ("guard", "wrong", "words"), GUARDS, ids=[f"{a.__name__}-{w}" for a, _, w in GUARDS]
)
def test_a_guard_says_why_not_and_passes_when_it_is_cured(guard, wrong, words):
    assert words in (guard(replace(READY, **wrong)) or "")
    assert guard(READY) is None


def test_every_step_rests_on_the_article_that_lets_a_town_call():
    assert all("综合行政执法条例 17" in step.basis for step in (*WHISTLE.steps, *ANSWER.steps))


def test_the_town_never_dispatches_and_a_department_never_confirms():
    field = {Role.HANDLER, Role.SQUAD_LEADER}
    for step in WHISTLE.steps:
        if step.name in ("confirm", "send_back", "issue", "withdraw_whistle"):
            assert set(whistle_roles(step)) == {Role.TOWN_OFFICER}
        if step.name in ("dispatch_whistle", "decide_dispute", "close_whistle"):
            assert field.isdisjoint(whistle_roles(step))


@pytest.mark.parametrize(
    ("urgency", "acknowledge", "arrive", "finish"),
    [
        (Urgency.NORMAL, "2026-11-26 10:30", "2026-11-27 10:30", "2026-12-09 10:30"),
        (Urgency.URGENT, "2026-11-25 11:00", "2026-11-25 12:30", "2026-12-02 10:30"),
        (Urgency.MAJOR, "2026-11-25 10:45", "2026-11-25 11:30", "2026-11-27 10:30"),
    ],
)
def test_the_limits_follow_the_urgency(now, urgency, acknowledge, arrive, finish):
    limits = whistle_limits(urgency, on=now.date())

    ends = [ends_at(d, since=now) for d in (limits.acknowledge, limits.arrive, limits.finish)]

    shown = [f"{at.astimezone(tz=CHINA):%Y-%m-%d %H:%M}" for at in ends]
    assert shown == [acknowledge, arrive, finish]
    assert satisfied_from() == 4
