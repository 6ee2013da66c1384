"""代整治 as one table: look for an owner, choose the legal way, work, accept, settle, recover."""

from functools import partial

from chengzhi.accounts.types import Role
from chengzhi.kernel.procedure import Procedure, Step
from chengzhi.workorders.procedure.steps import step
from chengzhi.workorders.rules import remedy_guards as g
from chengzhi.workorders.types.remedies import REMEDY_FINAL, REMEDY_LABELS, RemedyState

LOCAL = "县代整治工作机制"
SUBSTITUTE = "行政强制法 50、51；宁波市市容和环境卫生管理条例 70"
IMMEDIATE = "行政强制法 52；宁波市市容和环境卫生管理条例 70"
COST = "行政强制法 51(2)"
CENTRE, DUTY, LEADER = Role.DISPATCHER, Role.DUTY_MANAGER, Role.LEADER
SQUAD, HANDLER = Role.SQUAD_LEADER, Role.HANDLER
R = RemedyState
_step = partial(step, basis=LOCAL)


REMEDY = Procedure(
    name="remedy",
    label="无主难题与代整治",
    version="2026.1",
    initial=R.REGISTERED,
    final=frozenset(REMEDY_FINAL),
    states=dict(REMEDY_LABELS),
    steps=(
        _step("start_search", "开始查找权属", R.REGISTERED, R.SEARCHING, CENTRE, limit="search"),
        _step("conclude_ownerless", "认定无主", R.SEARCHING, R.OWNERLESS, CENTRE,
              g.searched_everywhere, g.no_obligor, g.meeting_held),
        _step("find_owner", "登记责任人", R.SEARCHING, R.OWNER_FOUND, CENTRE, g.obligor_named),
        _step("find_owner", "登记责任人", R.OWNERLESS, R.OWNER_FOUND, CENTRE, g.obligor_named),
        _step("find_owner", "登记责任人", R.APPROVED, R.OWNER_FOUND, CENTRE, g.obligor_named),
        _step("hand_over", "转正常派遣", R.OWNER_FOUND, R.HANDED_OVER, CENTRE, g.reason_given),
        # track A: ownerless
        _step("approve", "批准兜底整治", R.OWNERLESS, R.APPROVED, LEADER,
              g.no_obligor, g.building_noticed, g.budget_named, g.fund_enough,
              basis="县代整治工作机制；违法建筑依浙江省城乡规划条例 64",
              document="兜底整治审批表"),
        # track B: an obligor who does not perform
        _step("decide", "作出代履行决定", R.OWNER_FOUND, R.DECIDED, LEADER,
              g.obligor_named, g.not_building, g.duty_overdue, g.demand_failed,
              g.consequence_named, g.performer_disinterested, g.budget_named, g.fund_enough,
              basis=SUBSTITUTE, document="代履行决定书"),
        _step("remind", "代履行前催告", R.DECIDED, R.REMINDED, SQUAD, g.reminder_in_time,
              basis="行政强制法 51(2)、69", limit="substitute_reminder", document="代履行催告书"),
        _step("perform_at_once", "立即代履行", R.OWNER_FOUND, R.WORKING, SQUAD,
              g.obligor_named, g.public_place, g.obligor_unable, g.contractor_named, g.before_photo,
              basis=IMMEDIATE, limit="notify", document="立即代履行决定书"),
        _step("performed", "责任人已履行", R.OWNER_FOUND, R.PERFORMED, CENTRE, g.reason_given,
              basis=COST),
        _step("performed", "责任人已履行，停止代履行", R.DECIDED, R.PERFORMED, CENTRE,
              g.reason_given, basis="行政强制法 51(1)(2)"),
        _step("performed", "责任人已履行，停止代履行", R.REMINDED, R.PERFORMED, CENTRE,
              g.reason_given, basis="行政强制法 51(1)(2)"),
        # the work
        _step("begin_work", "下达施工单", R.APPROVED, R.WORKING, CENTRE,
              g.no_obligor, g.contractor_named, g.before_photo, document="施工单"),
        _step("begin_work", "实施代履行", R.REMINDED, R.WORKING, CENTRE,
              g.day_has_come, g.no_night_or_holiday, g.performer_disinterested, g.before_photo,
              basis="行政强制法 43、51", document="施工单"),
        _step("finish_work", "施工完成", R.WORKING, R.TO_ACCEPT, HANDLER,
              g.by_contractor, g.after_photo, g.quantity_named, g.supervised,
              basis="行政强制法 51(1)(3)、(4)"),
        _step("accept_work", "验收通过", R.TO_ACCEPT, R.REMEDIED, DUTY, g.not_by_contractor,
              document="验收单"),
        _step("reject_work", "验收不通过", R.TO_ACCEPT, R.WORKING, DUTY,
              g.not_by_contractor, g.reason_given),
        # the money
        _step("settle", "结算", R.REMEDIED, R.SETTLED, DUTY,
              g.amount_named, g.within_budget, g.party_told, basis=COST, document="结算单"),
        _step("close_remedy", "办结", R.SETTLED, R.CLOSED, DUTY, g.nothing_to_recover),
        _step("claim", "追偿", R.SETTLED, R.RECOVERING, DUTY, g.has_obligor,
              basis=COST, limit="pay", document="代履行费用缴纳通知书"),
        _step("close_recovered", "收齐办结", R.RECOVERING, R.CLOSED, DUTY, g.paid_in_full,
              basis=COST),
        _step("write_off", "终结追偿", R.RECOVERING, R.CLOSED, LEADER, g.reason_given,
              basis="行政强制法 40"),
    ),
)  # fmt: skip

REMEDY_ALSO: dict[str, frozenset[Role]] = {
    "start_search": frozenset({DUTY, Role.ACCEPTANCE_OFFICER}),
    "conclude_ownerless": frozenset({DUTY}),
    "find_owner": frozenset({DUTY, SQUAD, Role.ACCEPTANCE_OFFICER}),
    "hand_over": frozenset({DUTY}),
    "remind": frozenset({CENTRE, DUTY}),
    "perform_at_once": frozenset({CENTRE, DUTY}),
    "performed": frozenset({DUTY, SQUAD}),
    "begin_work": frozenset({DUTY}),
    "finish_work": frozenset({SQUAD}),
    "accept_work": frozenset({CENTRE, Role.ACCEPTANCE_OFFICER}),
    "reject_work": frozenset({CENTRE, Role.ACCEPTANCE_OFFICER}),
    "settle": frozenset({LEADER}),
    "claim": frozenset({LEADER}),
    "close_remedy": frozenset({CENTRE}),
    "close_recovered": frozenset({CENTRE}),
}
REGISTRARS = frozenset(
    {Role.ACCEPTANCE_OFFICER, DUTY, CENTRE, Role.COLLECTOR, Role.TOWN_OFFICER, SQUAD}
)

# Deeds that change no state: where they may be done, and by whom.
EARLY = frozenset({R.REGISTERED, R.SEARCHING, R.OWNERLESS, R.OWNER_FOUND})
REMEDY_CAN: dict[str, frozenset[str]] = {
    "fence": EARLY | {R.APPROVED, R.DECIDED, R.REMINDED},
    "log_search": frozenset({R.SEARCHING}),
    "hold_meeting": frozenset({R.SEARCHING, R.OWNERLESS}),
    "post_notice": frozenset({R.SEARCHING, R.OWNERLESS}),
    "tell_party": frozenset({R.WORKING, R.TO_ACCEPT, R.REMEDIED}),
    "reschedule": frozenset({R.DECIDED}),
    "record_payment": frozenset({R.RECOVERING}),
}
REMEDY_CAN_LABELS: dict[str, str] = {
    "fence": "登记现场围护",
    "log_search": "登记查找结果",
    "hold_meeting": "登记责任认定会",
    "post_notice": "登记公告",
    "tell_party": "登记事后通知",
    "reschedule": "改代履行日期",
    "record_payment": "登记付款",
}
_SEARCHERS = frozenset({CENTRE, DUTY, Role.ACCEPTANCE_OFFICER, SQUAD})
REMEDY_CAN_ROLES: dict[str, frozenset[Role]] = {
    "fence": frozenset(
        {CENTRE, DUTY, Role.ACCEPTANCE_OFFICER, Role.COLLECTOR, SQUAD, HANDLER, Role.TOWN_OFFICER}
    ),
    "log_search": _SEARCHERS | {Role.TOWN_OFFICER},
    "hold_meeting": _SEARCHERS,
    "post_notice": _SEARCHERS,
    "tell_party": _SEARCHERS,
    "reschedule": frozenset({LEADER, DUTY}),
    "record_payment": frozenset({DUTY, CENTRE}),
}


def remedy_roles(step: Step) -> tuple[Role, ...]:
    """Return who may take a step: the role the table names first, then the others."""
    return (Role(step.role), *sorted(REMEDY_ALSO.get(step.name, frozenset()) - {Role(step.role)}))
