"""镇街吹哨 as two tables: the whistle itself, and each department's answer to it."""

from functools import partial

from chengzhi.accounts.types import Role
from chengzhi.kernel.procedure import Procedure, Step
from chengzhi.workorders.procedure.steps import step
from chengzhi.workorders.rules import whistle_guards as g
from chengzhi.workorders.types.whistles import (
    ANSWER_LABELS,
    WHISTLE_FINAL,
    WHISTLE_LABELS,
    AnswerState,
    WhistleState,
)

COOPERATION = "浙江省综合行政执法条例 17"
DISPUTES = "浙江省综合行政执法条例 17（争议由县级指导机构协调）"
TOWN, CENTRE, DUTY = Role.TOWN_OFFICER, Role.DISPATCHER, Role.DUTY_MANAGER
HANDLER, LEADER = Role.HANDLER, Role.LEADER
W, A = WhistleState, AnswerState
_step = partial(step, basis=COOPERATION)


READY = (g.own_town, g.items_named, g.in_own_town, g.departments_named, g.lead_named)

WHISTLE = Procedure(
    name="whistle",
    label="镇街吹哨",
    version="2026.1",
    initial=W.DRAFTED,
    final=frozenset(WHISTLE_FINAL),
    states=dict(WHISTLE_LABELS),
    steps=(
        _step("issue", "吹哨", W.DRAFTED, W.ISSUED, TOWN, *READY,
              limit="dispatch", document="吹哨单"),
        _step("withdraw_whistle", "撤回", W.DRAFTED, W.WITHDRAWN, TOWN, g.own_town),
        _step("withdraw_whistle", "撤回", W.ISSUED, W.WITHDRAWN, TOWN, g.own_town, g.reason_given),
        _step("return_whistle", "退回镇街", W.ISSUED, W.RETURNED, CENTRE, g.reason_given),
        _step("issue", "重新吹哨", W.RETURNED, W.ISSUED, TOWN, *READY, limit="dispatch"),
        _step("withdraw_whistle", "撤回", W.RETURNED, W.WITHDRAWN, TOWN, g.own_town),
        _step("dispatch_whistle", "派发", W.ISSUED, W.DISPATCHED, CENTRE,
              g.departments_named, g.lead_named, limit="acknowledge", document="响应通知"),
        # the lead department carries the whole forward
        _step("acknowledge", "签收", W.DISPATCHED, W.ACKNOWLEDGED, HANDLER, limit="arrive"),
        _step("arrive", "到场", W.ACKNOWLEDGED, W.ARRIVED, HANDLER, limit="finish"),
        _step("report_whole", "汇总反馈", W.ARRIVED, W.HANDLED, HANDLER,
              g.others_reported, g.result_written, g.after_photo, limit="confirm"),
        # disputes go to the county body
        _step("dispute", "提出职责争议", W.DISPATCHED, W.DISPUTED, HANDLER, g.reason_given,
              basis=DISPUTES),
        _step("dispute", "提出职责争议", W.ACKNOWLEDGED, W.DISPUTED, HANDLER, g.reason_given,
              basis=DISPUTES),
        _step("dispute", "提出职责争议", W.ARRIVED, W.DISPUTED, HANDLER, g.reason_given,
              basis=DISPUTES),
        _step("decide_dispute", "裁定", W.DISPUTED, W.DISPATCHED, LEADER,
              g.departments_named, g.lead_named, g.reason_given,
              basis=DISPUTES, limit="acknowledge", document="争议裁定书"),
        _step("decide_on_site", "裁定，现场继续处置", W.DISPUTED, W.ARRIVED, LEADER,
              g.departments_named, g.lead_named, g.reason_given, g.lead_there,
              basis=DISPUTES, limit="finish", document="争议裁定书"),
        # the town has the last word
        _step("send_back", "不满意，退回重办", W.HANDLED, W.ARRIVED, TOWN,
              g.own_town, g.reason_given, limit="finish"),
        _step("confirm", "确认并评分", W.HANDLED, W.CONFIRMED, TOWN, g.own_town, g.all_scored),
        _step("close_whistle", "办结", W.CONFIRMED, W.CLOSED, CENTRE),
    ),
)  # fmt: skip

ANSWER = Procedure(
    name="whistle answer",
    label="吹哨响应",
    version="2026.1",
    initial=A.PENDING,
    final=frozenset({A.SCORED}),
    states=dict(ANSWER_LABELS),
    steps=(
        _step("acknowledge", "签收", A.PENDING, A.ACKNOWLEDGED, HANDLER, g.by_department,
              limit="arrive"),
        _step("arrive", "到场", A.ACKNOWLEDGED, A.ARRIVED, HANDLER,
              g.by_department, g.place_shown, limit="finish"),
        _step("report_back", "反馈结果", A.ARRIVED, A.REPORTED, HANDLER,
              g.by_department, g.result_written),
        _step("dispute", "提出职责争议", A.PENDING, A.DISPUTED, HANDLER,
              g.by_department, g.reason_given, basis=DISPUTES),
        _step("dispute", "提出职责争议", A.ACKNOWLEDGED, A.DISPUTED, HANDLER,
              g.by_department, g.reason_given, basis=DISPUTES),
        # what the county body decides: who must answer begins anew, who need not is excused
        _step("must_answer", "裁定须响应", A.DISPUTED, A.PENDING, LEADER, basis=DISPUTES),
        _step("must_answer", "裁定须响应", A.ACKNOWLEDGED, A.PENDING, LEADER, basis=DISPUTES),
        _step("must_answer", "裁定须响应", A.PENDING, A.PENDING, LEADER, basis=DISPUTES),
        _step("must_answer", "裁定须响应", A.REPORTED, A.PENDING, LEADER, basis=DISPUTES),
        _step("must_answer", "裁定须响应", A.EXCUSED, A.PENDING, LEADER, basis=DISPUTES),
        _step("excuse", "裁定免于响应", A.DISPUTED, A.EXCUSED, LEADER, basis=DISPUTES),
        _step("excuse", "裁定免于响应", A.PENDING, A.EXCUSED, LEADER, basis=DISPUTES),
        _step("excuse", "裁定免于响应", A.ACKNOWLEDGED, A.EXCUSED, LEADER, basis=DISPUTES),
        _step("excuse", "裁定免于响应", A.ARRIVED, A.EXCUSED, LEADER, basis=DISPUTES),
        _step("send_back", "退回重办", A.REPORTED, A.ARRIVED, TOWN),
        _step("score", "评分", A.REPORTED, A.SCORED, TOWN),
    ),
)  # fmt: skip

# Who may take a step beside the role that the table names.
_FIELD = frozenset({Role.SQUAD_LEADER, TOWN})
WHISTLE_ALSO: dict[str, frozenset[Role]] = {
    "return_whistle": frozenset({DUTY}),
    "dispatch_whistle": frozenset({DUTY}),
    "close_whistle": frozenset({DUTY}),
    "decide_dispute": frozenset({DUTY}),
    "decide_on_site": frozenset({DUTY}),
    "must_answer": frozenset({DUTY}),
    "excuse": frozenset({DUTY}),
    "acknowledge": _FIELD,
    "arrive": _FIELD,
    "report_back": _FIELD,
    "report_whole": _FIELD,
    "dispute": _FIELD,
}


def whistle_roles(step: Step) -> tuple[Role, ...]:
    """Return who may take a step: the role the table names first, then the others."""
    return (Role(step.role), *sorted(WHISTLE_ALSO.get(step.name, frozenset()) - {Role(step.role)}))
