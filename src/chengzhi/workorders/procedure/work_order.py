"""The life of a work order (监督案件) as one table, and what may be done without a step."""

from chengzhi.accounts.types import Role
from chengzhi.kernel.procedure import Guard, Procedure, Step
from chengzhi.workorders.rules import guards
from chengzhi.workorders.rules.reports import CHANNEL_ROLES
from chengzhi.workorders.types import FINAL_STATES, OPEN_STATES, STATE_LABELS, State

LOOP = "CJJ/T 106、GB/T 30428.8"
FILING = "GB/T 30428.8 立案条件"
HANDLING = "GB/T 30428.8 处置时限"
CLOSING = "GB/T 30428.8 结案条件"
WITHDRAWAL = "机器发现须经人工确认（docs/adr/0009）"
COLLECTION = "GB/T 30428.7 核实、核查"
STANDSTILL = "缓办、挂账停表（domain.md 1.4、1.5）"
RETURNS = "CJJ/T 106；回退矩阵（docs/procedures/returns.md）"
SPOT = "公布的现场处置办法（docs/howto/loop.md）"
CAMERA_CHECK = "公布的监控核查办法（docs/howto/verdicts.md）"

# The stage clock that runs in each open state, by its key in the stage limits. Acceptance and
# filing share the filing limit (立案), each with its own run. While a unit handles, the limit is
# the one of the condition row ("handle"), counted from the dispatch.
STAGE_LIMITS: dict[str, str] = {
    State.REPORTED: "file",
    State.TO_VERIFY: "verify",
    State.ACCEPTED: "file",
    State.FILED: "dispatch",
    State.DISPATCHED: "accept",
    State.HANDLING: "handle",
    State.TO_CHECK: "check",
    State.CHECKED: "close",
    State.SUSPENDED: "suspended",  # until the day that was granted
}


def _step(
    name: str,
    label: str,
    source: State,
    target: State,
    role: Role,
    basis: str,
    *needed: Guard,
    document: str | None = None,
) -> Step:
    return Step(
        name=name,
        label=label,
        source=source,
        target=target,
        role=role,
        basis=basis,
        limit=STAGE_LIMITS.get(target),
        document=document,
        guards=needed,
    )


ACCEPTANCE, DUTY, DISPATCHER = Role.ACCEPTANCE_OFFICER, Role.DUTY_MANAGER, Role.DISPATCHER
COLLECTOR, HANDLER = Role.COLLECTOR, Role.HANDLER
REPORTED, TO_VERIFY, ACCEPTED, FILED = (
    State.REPORTED,
    State.TO_VERIFY,
    State.ACCEPTED,
    State.FILED,
)
DISPATCHED, IN_HANDLING, TO_CHECK, CHECKED = (
    State.DISPATCHED,
    State.HANDLING,
    State.TO_CHECK,
    State.CHECKED,
)
SUSPENDED = State.SUSPENDED
g = guards

PROCEDURE = Procedure(
    name="work order",
    label="监督案件办理",
    version="2026.1",
    initial=State.REPORTED,
    final=frozenset(FINAL_STATES),
    states=dict(STATE_LABELS),
    steps=(
        # 受理: take it on, look first, or refuse
        _step("accept", "受理", REPORTED, ACCEPTED, ACCEPTANCE, LOOP,
              g.located, g.verified_if_needed, g.answered_if_returned),
        _step("ask_verify", "派发核实", REPORTED, TO_VERIFY, ACCEPTANCE, COLLECTION, g.assignee_named),
        _step("reject", "不予受理", REPORTED, State.REJECTED, ACCEPTANCE, LOOP, g.reason_given),
        _step("withdraw", "撤回", REPORTED, State.VOIDED, Role.SYSTEM, WITHDRAWAL, g.reason_given),
        # 核实: before filing
        _step("verify_exists", "核实属实", TO_VERIFY, ACCEPTED, COLLECTOR, COLLECTION,
              g.assigned_to_actor, g.located),
        _step("verify_absent", "核实不存在", TO_VERIFY, REPORTED, COLLECTOR, COLLECTION,
              g.assigned_to_actor, g.reason_given),
        _step("verify_unable", "无法核实", TO_VERIFY, REPORTED, COLLECTOR, COLLECTION,
              g.assigned_to_actor, g.reason_given),
        # 立案 and 派遣
        _step("file", "立案", ACCEPTED, FILED, DUTY, FILING,
              g.located, g.condition_chosen, g.control_answered),
        _step("return_acceptance", "退回受理", ACCEPTED, REPORTED, DUTY, RETURNS,
              g.reason_given, g.reason_listed, g.acceptance_not_returned_before),
        _step("return_filing", "退回立案", FILED, ACCEPTED, DISPATCHER, RETURNS,
              g.reason_given, g.reason_listed, g.filing_not_returned_before),
        _step("dispatch", "派遣", FILED, DISPATCHED, DISPATCHER, LOOP,
              g.condition_frozen, g.unit_named, g.sent_back_with_reason, g.not_insisted_twice,
              document="派遣单"),
        _step("accept_task", "接收任务", DISPATCHED, IN_HANDLING, HANDLER, HANDLING, g.by_handler),
        _step("return_task", "回退", DISPATCHED, FILED, HANDLER, RETURNS,
              g.by_handler, g.reason_given, g.reason_listed, g.not_returned_before, g.in_window),
        _step("change_handler", "改派", DISPATCHED, DISPATCHED, DISPATCHER, LOOP,
              g.unit_named, g.unit_differs, g.reason_given, g.not_insisted_twice),
        _step("change_handler", "改派", IN_HANDLING, DISPATCHED, DISPATCHER, LOOP,
              g.unit_named, g.unit_differs, g.reason_given, g.not_insisted_twice),
        # 现场处置: the collector removed it, and a published policy stands for the decision
        _step("spot_done", "现场处置", FILED, CHECKED, Role.SYSTEM, SPOT, g.after_photo),
        _step("spot_sample", "现场处置抽查", FILED, TO_CHECK, Role.SYSTEM, SPOT, g.after_photo),
        # 处置, 反馈, 核查
        _step("record_handling", "反馈已处置", IN_HANDLING, TO_CHECK, HANDLER, HANDLING,
              g.by_handler, g.after_photo),
        _step("check_pass", "核查通过", TO_CHECK, CHECKED, COLLECTOR, COLLECTION,
              g.assigned_to_actor, g.checker_differs, g.recheck_shown),
        _step("check_fail", "核查不通过", TO_CHECK, IN_HANDLING, COLLECTOR, RETURNS,
              g.assigned_to_actor, g.checker_differs, g.checked_photo, g.handled_by_a_unit),
        _step("spot_fail", "抽查不符", TO_CHECK, FILED, COLLECTOR, RETURNS,
              g.assigned_to_actor, g.checker_differs, g.checked_photo, g.handled_on_the_spot),
        _step("camera_check", "监控核查通过", TO_CHECK, CHECKED, Role.SYSTEM, CAMERA_CHECK,
              g.handled_by_a_unit, g.camera_saw_gone),
        _step("check_unable", "无法核查", TO_CHECK, TO_CHECK, COLLECTOR, COLLECTION,
              g.assigned_to_actor, g.reason_given),
        # 结案
        _step("close", "结案", CHECKED, State.CLOSED, DUTY, CLOSING,
              g.confirmed_if_supervised, g.referred_if_said),
        _step("recheck", "退回核查", CHECKED, TO_CHECK, DUTY, RETURNS,
              g.reason_given, g.reason_listed),
        *(_step("force_close", "强制结案", state, State.CLOSED, DUTY, CLOSING,
                g.ending_stated, g.leader_if_supervised)
          for state in (FILED, DISPATCHED, IN_HANDLING, TO_CHECK, CHECKED, SUSPENDED)),
        # 缓办 and 挂账: granted by two people (procedure/adjustment.py), resumed by date or person
        _step("suspend", "缓办、挂账", FILED, SUSPENDED, DUTY, STANDSTILL,
              g.suspension_granted),
        _step("suspend", "缓办、挂账", IN_HANDLING, SUSPENDED, DUTY, STANDSTILL,
              g.suspension_granted),
        _step("resume_handling", "恢复处置", SUSPENDED, IN_HANDLING, DISPATCHER, STANDSTILL,
              g.stood_while_handling),
        _step("resume_dispatch", "恢复派遣", SUSPENDED, FILED, DISPATCHER, STANDSTILL,
              g.stood_before_dispatch),
        # 作废 and 并案
        _step("void", "作废", ACCEPTED, State.VOIDED, DUTY, LOOP, g.reason_given),
        _step("void", "作废", FILED, State.VOIDED, DUTY, LOOP, g.reason_given),
        _step("merge", "并案", REPORTED, State.MERGED, ACCEPTANCE, LOOP, g.master_can_take),
        _step("merge", "并案", TO_VERIFY, State.MERGED, ACCEPTANCE, LOOP, g.master_can_take),
        _step("merge", "并案", ACCEPTED, State.MERGED, DUTY, LOOP, g.master_can_take),
        _step("merge", "并案", FILED, State.MERGED, DISPATCHER, LOOP, g.master_can_take),
        _step("split", "拆出并案", State.MERGED, REPORTED, ACCEPTANCE, LOOP,
              g.reason_given, g.master_still_open),
    ),
)  # fmt: skip

CENTRE = frozenset({ACCEPTANCE, DUTY, DISPATCHER})
UNIT = frozenset({HANDLER, Role.SQUAD_LEADER, Role.TOWN_OFFICER})
AT_UNIT = frozenset({State.DISPATCHED, State.HANDLING})

# Who may take a step beside the role that the table names. A collector in the field tells the
# centre by telephone, and the centre writes it down; a squad leader answers for the squad.
ALSO: dict[str, frozenset[Role]] = {
    "accept": frozenset({DUTY}),
    "ask_verify": frozenset({DUTY}),
    "reject": frozenset({DUTY}),
    "verify_exists": frozenset({ACCEPTANCE, DUTY}),
    "verify_absent": frozenset({ACCEPTANCE, DUTY}),
    "verify_unable": frozenset({ACCEPTANCE, DUTY}),
    "accept_task": frozenset({Role.SQUAD_LEADER, Role.TOWN_OFFICER}),
    "return_task": frozenset({Role.SQUAD_LEADER, Role.TOWN_OFFICER}),
    "record_handling": frozenset({Role.SQUAD_LEADER, Role.TOWN_OFFICER}),
    "check_pass": frozenset({ACCEPTANCE, DUTY}),
    "check_fail": frozenset({ACCEPTANCE, DUTY}),
    "check_unable": frozenset({ACCEPTANCE, DUTY}),
    "merge": CENTRE,
    "suspend": frozenset({Role.LEADER}),
    "resume_handling": frozenset({DUTY, Role.LEADER, Role.SYSTEM}),
    "resume_dispatch": frozenset({DUTY, Role.LEADER, Role.SYSTEM}),
    "split": CENTRE,
    "spot_fail": frozenset({ACCEPTANCE, DUTY}),
    "force_close": frozenset({Role.LEADER}),
}

# Deeds that change no state: where they may be done. A closed work order still takes a late
# document or a remark.
CAN: dict[str, frozenset[str]] = {
    "comment": frozenset(State),
    "attach": frozenset(State),
    "show_reporter": frozenset(State),
    "not_duplicate": frozenset(OPEN_STATES),
    "reassign_verification": frozenset({State.TO_VERIFY}),
    "assign_check": frozenset({State.TO_CHECK}),
    "ask_extension": frozenset({State.HANDLING}),
    "ask_suspension": frozenset({State.FILED, State.HANDLING}),
    "urge": AT_UNIT,
    "supervise": AT_UNIT | {State.TO_CHECK, State.CHECKED},
    "confirm_closing": frozenset({State.CHECKED}),
    "appeal": frozenset(State),
    "report_again": frozenset({State.CLOSED}),
    "refer": frozenset({State.HANDLING, State.TO_CHECK, State.CHECKED}),
}
CAN_LABELS: dict[str, str] = {
    "comment": "添加记录",
    "attach": "补充附件",
    "show_reporter": "查看报告人",
    "not_duplicate": "判为不是重复",
    "reassign_verification": "改派核实",
    "assign_check": "派发核查",
    "ask_extension": "申请延期",
    "ask_suspension": "申请缓办、挂账",
    "urge": "催办",
    "supervise": "督办",
    "confirm_closing": "确认结案",
    "appeal": "超时申诉",
    "report_again": "问题再次出现",
    "refer": "移送执法",
}
CAN_ROLES: dict[str, frozenset[Role]] = {  # "show_reporter" asks for a permission instead
    "comment": frozenset(Role) - {Role.AUDITOR, Role.SYSTEM},
    "attach": frozenset(Role) - {Role.AUDITOR},
    "not_duplicate": CENTRE,
    "reassign_verification": frozenset({ACCEPTANCE, DUTY}),
    "assign_check": CENTRE,
    "ask_extension": UNIT,
    "ask_suspension": UNIT | {DISPATCHER},
    "urge": CENTRE,
    "supervise": frozenset({DUTY, DISPATCHER, Role.LEADER}),
    "confirm_closing": frozenset({Role.LEADER}),
    "appeal": UNIT,
    "report_again": frozenset().union(*CHANNEL_ROLES.values()) - {Role.REVIEWER, Role.SYSTEM},
    "refer": UNIT | CENTRE,
}


def roles_for(step: Step) -> tuple[Role, ...]:
    """Return who may take a step: the role the table names first, then the others."""
    return (Role(step.role), *sorted(ALSO.get(step.name, frozenset()) - {Role(step.role)}))
