"""Every pair of state and step, allowed or forbidden, for every role; every guard, both ways."""

from dataclasses import replace
from itertools import product

import pytest

from chengzhi import standards
from chengzhi.accounts.types import Role
from chengzhi.kernel.procedure import StepNotAllowed
from chengzhi.workorders.procedure import (
    ALSO,
    CAN,
    CAN_LABELS,
    CAN_ROLES,
    PROCEDURE,
    STAGE_LIMITS,
    roles_for,
)
from chengzhi.workorders.rules import guards
from chengzhi.workorders.types import (
    CHANNEL_LABELS,
    FINAL_STATES,
    OPEN_STATES,
    STATE_LABELS,
    Channel,
    ClosingResult,
    Condition,
    Facts,
    ForcedEnd,
    MasterFacts,
    State,
)

ROW = Condition(
    scheme="GB/T 47678.5-2026",
    number=1,
    filing_condition="超出门窗",
    closing_condition="取缔",
    limit_amount=2,
    limit_unit="urgent_hour",
    limit_text="2 紧急工作时",
    source="sample",
)
MASTER = MasterFacts(id=7, code="城案〔2026〕00007", state=State.FILED, is_same=False)
ENDING = ForcedEnd(result=ClosingResult.UNRESOLVED, is_condition_met=False, reason="无主")
READY = Facts(
    located=True,
    condition_number=1,
    handler="S01",
    actor="person:1",
    actor_unit="S01",
    reason="有理由",
    photo_roles=frozenset({"after"}),
    unit="S02",
    unit_known=True,
    chosen=ROW,
    assignee="person:1",
    assignee_known=True,
    target=MASTER,
    suspension_granted=True,
    suspended_from="handling",
    reason_code="other",
    reasons_known=frozenset({"other"}),
    ending=ENDING,
    master_state="filed",
    camera_saw_gone=True,
)
BY_CENTRE = replace(READY, actor="person:2", actor_unit="C01", by_centre=True)
ALLOWED = {(step.source, step.name): step for step in PROCEDURE.steps}
NAMES = sorted({step.name for step in PROCEDURE.steps})

# The table again, written by hand from domain.md 1.5, so that a slip in either shows.
EXPECTED = {
    ("reported", "accept"): "accepted",
    ("reported", "ask_verify"): "to_verify",
    ("reported", "reject"): "rejected",
    ("reported", "merge"): "merged",
    ("reported", "withdraw"): "voided",
    ("to_verify", "verify_exists"): "accepted",
    ("to_verify", "verify_absent"): "reported",
    ("to_verify", "verify_unable"): "reported",
    ("to_verify", "merge"): "merged",
    ("accepted", "file"): "filed",
    ("accepted", "void"): "voided",
    ("accepted", "merge"): "merged",
    ("filed", "dispatch"): "dispatched",
    ("filed", "void"): "voided",
    ("filed", "merge"): "merged",
    ("dispatched", "accept_task"): "handling",
    ("dispatched", "return_task"): "filed",
    ("dispatched", "change_handler"): "dispatched",
    ("handling", "record_handling"): "to_check",
    ("handling", "change_handler"): "dispatched",
    ("to_check", "check_pass"): "checked",
    ("to_check", "check_fail"): "handling",
    ("to_check", "check_unable"): "to_check",
    ("checked", "close"): "closed",
    ("filed", "suspend"): "suspended",
    ("handling", "suspend"): "suspended",
    ("suspended", "resume_handling"): "handling",
    ("suspended", "resume_dispatch"): "filed",
    # the ways back of the return matrix
    ("accepted", "return_acceptance"): "reported",
    ("filed", "return_filing"): "accepted",
    ("checked", "recheck"): "to_check",
    # ends without a check, and a wrong merge undone
    ("filed", "force_close"): "closed",
    ("dispatched", "force_close"): "closed",
    ("handling", "force_close"): "closed",
    ("to_check", "force_close"): "closed",
    ("checked", "force_close"): "closed",
    ("suspended", "force_close"): "closed",
    ("merged", "split"): "reported",
    # handled on the spot, under a published policy
    ("filed", "spot_done"): "checked",
    ("filed", "spot_sample"): "to_check",
    ("to_check", "spot_fail"): "filed",
    # the camera that reported it saw it gone, under a published policy
    ("to_check", "camera_check"): "checked",
}
ON_THE_SPOT = {"spot_fail"}  # possible only where a collector handled it himself


def test_the_table_is_the_loop_of_the_standard():
    assert {pair: step.target for pair, step in ALLOWED.items()} == EXPECTED


@pytest.mark.parametrize(("state", "name"), sorted(product(STATE_LABELS, NAMES)))
def test_a_pair_is_allowed_exactly_when_the_table_says_so(state, name):
    facts = BY_CENTRE if name.startswith(("check", "spot_fail")) else READY
    facts = replace(facts, on_the_spot=name in ON_THE_SPOT)
    if name == "resume_dispatch":
        facts = replace(facts, suspended_from="filed")
    if (state, name) in EXPECTED:
        assert PROCEDURE.take(name, state=state, facts=facts).target == EXPECTED[state, name]
    else:
        with pytest.raises(StepNotAllowed, match=f"“{STATE_LABELS[state]}”"):
            PROCEDURE.take(name, state=state, facts=facts)


HOLDERS = {
    "accept": "acceptance_officer duty_manager",
    "ask_verify": "acceptance_officer duty_manager",
    "reject": "acceptance_officer duty_manager",
    "verify_exists": "collector acceptance_officer duty_manager",
    "verify_absent": "collector acceptance_officer duty_manager",
    "verify_unable": "collector acceptance_officer duty_manager",
    "file": "duty_manager",
    "void": "duty_manager",
    "merge": "acceptance_officer duty_manager dispatcher",
    "dispatch": "dispatcher",
    "change_handler": "dispatcher",
    "accept_task": "handler squad_leader town_officer",
    "return_task": "handler squad_leader town_officer",
    "record_handling": "handler squad_leader town_officer",
    "check_pass": "collector acceptance_officer duty_manager",
    "check_fail": "collector acceptance_officer duty_manager",
    "check_unable": "collector acceptance_officer duty_manager",
    "close": "duty_manager",
    "withdraw": "system",
    "suspend": "duty_manager leader",
    "resume_handling": "dispatcher duty_manager leader system",
    "resume_dispatch": "dispatcher duty_manager leader system",
    "return_acceptance": "duty_manager",
    "return_filing": "dispatcher",
    "recheck": "duty_manager",
    "force_close": "duty_manager leader",
    "split": "acceptance_officer duty_manager dispatcher",
    "spot_done": "system",
    "spot_sample": "system",
    "spot_fail": "collector acceptance_officer duty_manager",
    "camera_check": "system",
}


BY_ITSELF = {
    "withdraw",
    "resume_handling",
    "resume_dispatch",
    "spot_done",
    "spot_sample",
    "camera_check",
}


@pytest.mark.parametrize("step", PROCEDURE.steps, ids=lambda s: f"{s.source}-{s.name}")
def test_a_step_is_taken_by_its_roles_and_no_other(step):
    assert {role.value for role in roles_for(step)} == set(HOLDERS[step.name].split())
    assert (Role.SYSTEM in roles_for(step)) is (step.name in BY_ITSELF)


def test_filing_and_handling_are_never_in_one_hand():
    """监督与指挥分开, domain.md 1.5: who files or checks does not handle."""
    field = {Role.HANDLER, Role.SQUAD_LEADER, Role.TOWN_OFFICER}

    for step in PROCEDURE.steps:
        if step.name in ("file", "close", "check_pass", "check_fail", "void"):
            assert field.isdisjoint(roles_for(step))


def test_every_open_state_has_a_clock_that_the_standards_know(now):
    on = now.date()
    known = {limit.stage for limit in standards.current().stage_limits(on=on)}

    assert set(STAGE_LIMITS) == set(OPEN_STATES)
    assert set(STAGE_LIMITS.values()) - known == {"handle", "suspended"}


def test_every_channel_is_one_of_the_standards(now):
    known = {channel.code for channel in standards.current().channels(on=now.date())}

    assert set(CHANNEL_LABELS) == known == set(Channel)


def test_capabilities_name_known_states_and_roles():
    assert set(CAN) == set(CAN_LABELS)
    assert set(CAN) - set(CAN_ROLES) == {"show_reporter"}
    assert all(states <= set(State) for states in CAN.values())
    assert set(ALSO) <= set(NAMES)


def test_final_states_let_nothing_out_but_a_wrong_merge():
    assert [s.name for state in FINAL_STATES for s in PROCEDURE.steps_from(state)] == ["split"]


GUARDS = [
    (guards.located, {"located": False}, "点位不在本县"),
    (guards.reason_given, {"reason": " "}, "没有写理由"),
    (guards.condition_chosen, {"chosen": None}, "没有选择立案条件"),
    (guards.condition_frozen, {"condition_number": 0}, "没有立案条件"),
    (guards.unit_named, {"unit": ""}, "没有选择处置单位"),
    (guards.unit_named, {"unit_known": False}, "处置单位 S02 不存在"),
    (guards.unit_differs, {"unit": "S01"}, "就是现在的处置单位"),
    (guards.by_handler, {"actor_unit": "S02"}, "没有派给你所在的单位"),
    (guards.not_returned_before, {"returned_by": frozenset({"S01"})}, "已回退过一次"),
    (guards.after_photo, {"photo_roles": frozenset({"near"})}, "缺处置后照片"),
    (guards.assigned_to_actor, {"assignee": "person:5"}, "派给了另一位采集员"),
    (guards.assignee_named, {"assignee": ""}, "没有选择采集员"),
    (guards.assignee_named, {"assignee_known": False}, "不是本县在岗的采集员"),
    (guards.checked_photo, {"photo_roles": frozenset(), "reason": ""}, "须写明问题"),
    (guards.master_can_take, {"target": None}, "没有找到要并入的案件"),
    (guards.master_can_take, {"target": replace(MASTER, is_same=True)}, "不能并入自己"),
    (guards.master_can_take, {"target": replace(MASTER, state="closed")}, "请单独立案"),
    (guards.suspension_granted, {"suspension_granted": False}, "两级审批"),
    (guards.stood_while_handling, {"suspended_from": "filed"}, "不是在处置中暂停"),
    (guards.confirmed_if_supervised, {"needs_confirmation": True}, "须由局领导确认"),
    (guards.verified_if_needed, {"needs_verification": True, "channel": "hotline"}, "须先到现场核实"),
    (guards.verified_if_needed, {"channel": "camera"}, "须先到现场核实"),
    (guards.assignee_named, {"assignee": "", "nobody": "周三没有安排采集员"}, "没有安排采集员"),
    (guards.reason_listed, {"reason_code": "untold"}, "请从原因表中选一项"),
    (guards.in_window, {"in_window": False}, "已超过签收时限"),
    (guards.sent_back_with_reason, {"returned_by": frozenset({"S02"}), "reason": ""}, "派回原单位"),
    (guards.not_insisted_twice, {"insisted_on": frozenset({"S02"})}, "已派回该单位一次"),
    (guards.filing_not_returned_before, {"filing_returns": 1}, "已退回立案一次"),
    (guards.acceptance_not_returned_before, {"acceptance_returns": 1}, "已退回受理一次"),
    (guards.answered_if_returned, {"acceptance_returns": 1, "reason": ""}, "再次受理须写明理由"),
    (guards.recheck_shown, {"rechecks": 1, "photo_roles": frozenset(), "reason": ""}, "再次通过"),
    (guards.handled_by_a_unit, {"on_the_spot": True}, "采集员现场处置"),
    (guards.ending_stated, {"ending": None}, "没有写理由"),
    (guards.ending_stated, {"ending": replace(ENDING, is_condition_met=None)}, "没有说明结案条件"),
    (guards.ending_stated, {"ending": replace(ENDING, result="resolved")}, "不能是“已解决”"),
    (guards.ending_stated, {"ending": replace(ENDING, result="referred")}, "没有移送执法"),
    (guards.leader_if_supervised, {"needs_confirmation": True}, "须由局领导决定"),
    (guards.referred_if_said, {"result": "referred"}, "没有移送执法"),
    (guards.referred_if_said, {"result": "unresolved"}, "其他结果请用强制结案"),
    (guards.master_still_open, {"master_state": "closed"}, "主案已经办结"),
    (guards.control_answered, {"control": "在管控范围内：集市", "reason": ""}, "仍要立案须写明理由"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("guard", "wrong", "words"), GUARDS, ids=[f"{g.__name__}-{w}" for g, _, w in GUARDS]
)
def test_a_guard_says_why_not_and_passes_when_it_is_cured(guard, wrong, words):
    assert words in (guard(replace(READY, **wrong)) or "")
    assert guard(READY) is None


def test_the_unit_that_handled_does_not_check():
    assert "不能核查自己" in (guards.checker_differs(READY) or "")
    assert guards.checker_differs(BY_CENTRE) is None


def test_the_centre_writes_down_what_the_collector_says_by_telephone():
    other = replace(BY_CENTRE, assignee="person:5")

    assert guards.assigned_to_actor(other) is None


@pytest.mark.parametrize(
    "seen",
    [
        {"channel": "camera", "confirmed_finding": True},
        {"channel": "hotline", "needs_verification": True, "verification": "exists"},
        {"channel": "collector"},
    ],
)
def test_what_somebody_saw_needs_no_verification(seen):
    assert guards.verified_if_needed(replace(READY, **seen)) is None


@pytest.mark.parametrize("result", ["absent", "unable"])
def test_a_verification_that_found_nothing_does_not_count(result):
    facts = replace(READY, channel="hotline", needs_verification=True, verification=result)

    assert guards.verified_if_needed(facts)
