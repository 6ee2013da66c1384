"""Guards of the procedure: each returns the reason why not, in Chinese, or None."""

from chengzhi.evidence.types import FileRole
from chengzhi.workorders.types import (
    CHANNEL_LABELS,
    FINAL_STATES,
    STATE_LABELS,
    Channel,
    ClosingResult,
    Facts,
    State,
    Verification,
)


def located(facts: Facts) -> str | None:
    """Only what lies in the county can be handled here."""
    if facts.located:
        return None
    return "点位不在本县任何镇街范围内，请核对坐标或退回报告人补充地点"


def verified_if_needed(facts: Facts) -> str | None:
    """核实 comes before filing, unless a collector or a confirmed finding saw it (1.5)."""
    unseen = facts.channel == Channel.CAMERA and not facts.confirmed_finding
    if not (facts.needs_verification or unseen) or facts.verification == Verification.EXISTS:
        return None
    label = CHANNEL_LABELS.get(facts.channel, facts.channel)
    return f"“{label}”的问题须先到现场核实，请先派发核实"


def reason_given(facts: Facts) -> str | None:
    """A refusal, a return or a change of mind says why."""
    return None if facts.reason.strip() else "没有写理由，请写明原因"


def condition_chosen(facts: Facts) -> str | None:
    """The limit follows from the condition row, so one must be chosen (GB/T 30428.8)."""
    return None if facts.chosen else "没有选择立案条件，请在条件表中选一行"


def condition_frozen(facts: Facts) -> str | None:
    """A filed work order carries its condition row."""
    return None if facts.condition_number else "案件没有立案条件，请先立案"


def unit_named(facts: Facts) -> str | None:
    """A dispatch names a unit of this county that handles work orders."""
    if not facts.unit:
        return "没有选择处置单位，请选定一个单位"
    if not facts.unit_known:
        return f"处置单位 {facts.unit} 不存在、已撤销或不承担处置，请换一个单位"
    return None


def unit_differs(facts: Facts) -> str | None:
    """A change of handler names another unit."""
    if facts.unit and facts.unit == facts.handler:
        return "该单位就是现在的处置单位，请选另一个单位"
    return None


def by_handler(facts: Facts) -> str | None:
    """Only the unit to which it was dispatched answers for it."""
    if facts.actor_unit == facts.handler:
        return None
    return "案件没有派给你所在的单位，须由被派遣的单位办理"


def not_returned_before(facts: Facts) -> str | None:
    """A unit returns a work order once; a second time the dispatcher decides (1.5)."""
    if facts.actor_unit not in facts.returned_by:
        return None
    return "本单位已回退过一次，派遣员仍派给本单位，不能再次回退，请联系派遣员协调"


def after_photo(facts: Facts) -> str | None:
    """Handling is proved by a picture taken after it (1.5, photo types)."""
    if FileRole.AFTER in facts.photo_roles:
        return None
    return "缺处置后照片，请在现场从相近角度拍摄至少一张"


def checker_differs(facts: Facts) -> str | None:
    """核查 is done by somebody else than the unit that handled it (监督与处置分开)."""
    if facts.handler and facts.actor_unit == facts.handler:
        return "处置单位不能核查自己的处置结果，须由采集员或监督中心核查"
    return None


def assigned_to_actor(facts: Facts) -> str | None:
    """A task in the field is answered by the person it was given to, or by the centre."""
    if facts.by_centre or not facts.assignee or facts.assignee == facts.actor:
        return None
    return "任务派给了另一位采集员，请由本人登记或重新派发"


def assignee_named(facts: Facts) -> str | None:
    """A task in the field is given to a collector of this county."""
    if not facts.assignee:
        return facts.nobody or "没有选择采集员，请选定一人"
    return None if facts.assignee_known else "所选人员不是本县在岗的采集员，请另选一人"


def checked_photo(facts: Facts) -> str | None:
    """A check that fails shows what is still wrong."""
    if facts.photo_roles or facts.reason.strip():
        return None
    return "核查不通过须写明问题或附核查照片"


def suspension_granted(facts: Facts) -> str | None:
    """A work order stands only where two people have said so (procedure/adjustment.py)."""
    return None if facts.suspension_granted else "须先申请缓办或挂账，经两级审批"


def stood_while_handling(facts: Facts) -> str | None:
    """A suspended work order goes back to where it stood."""
    return None if facts.suspended_from == State.HANDLING else "案件不是在处置中暂停的"


def stood_before_dispatch(facts: Facts) -> str | None:
    """A suspended work order goes back to where it stood."""
    return None if facts.suspended_from == State.FILED else "案件不是在待派遣时暂停的"


def confirmed_if_supervised(facts: Facts) -> str | None:
    """A supervised work order is closed only after a leader has confirmed (督办)."""
    return "案件在督办中，须由局领导确认后才能结案" if facts.needs_confirmation else None


def master_can_take(facts: Facts) -> str | None:
    """A duplicate is merged into another open work order; what comes back is filed anew (1.5)."""
    target = facts.target
    if target is None:
        return "没有找到要并入的案件，请核对编号"
    if target.is_same:
        return "不能并入自己，请选另一件案件"
    if target.state in FINAL_STATES:
        return f"{target.code} {STATE_LABELS[target.state]}，不能再并入；问题再次出现请单独立案"
    return None


def reason_listed(facts: Facts) -> str | None:
    """A return gives a reason of the return matrix (anchors_civic 6.6)."""
    if facts.reason_code in facts.reasons_known:
        return None
    return "没有选择回退原因，请从原因表中选一项"


def in_window(facts: Facts) -> str | None:
    """A unit returns a task within the time it has to accept it (1.5)."""
    return None if facts.in_window else "已超过签收时限，不能再回退，请接收任务或联系派遣员改派"


def sent_back_with_reason(facts: Facts) -> str | None:
    """Who gets a return does not simply send it back where it came from (anchors_civic 6.6)."""
    if facts.unit not in facts.returned_by or facts.reason.strip():
        return None
    return "该单位已回退过本案，派回原单位须写明理由"


def not_insisted_twice(facts: Facts) -> str | None:
    """A unit that returned an order is overruled once; then somebody else must be found."""
    if facts.unit not in facts.insisted_on:
        return None
    return "已派回该单位一次，不能再派给它，请另选单位，或退回立案由值班长协调"


def filing_not_returned_before(facts: Facts) -> str | None:
    """A filing is returned once; the second time the duty manager has decided."""
    return "已退回立案一次，值班长维持立案，不能再退回" if facts.filing_returns else None


def acceptance_not_returned_before(facts: Facts) -> str | None:
    """An acceptance is returned once; the second time it is filed or voided."""
    return "已退回受理一次，不能再退回，请立案或作废" if facts.acceptance_returns else None


def answered_if_returned(facts: Facts) -> str | None:
    """What came back is not passed on again without a word."""
    if not facts.acceptance_returns or facts.reason.strip():
        return None
    return "值班长已退回受理，再次受理须写明理由"


def recheck_shown(facts: Facts) -> str | None:
    """A check that was sent back passes only with a new picture or a written reason."""
    if not facts.rechecks or facts.photo_roles or facts.reason.strip():
        return None
    return "值班长已退回核查，再次通过须附核查照片或写明情况"


def handled_by_a_unit(facts: Facts) -> str | None:
    """Rework goes to the unit that handled it; what a collector handled has none."""
    return "本案由采集员现场处置，请改用“抽查不符”转派遣" if facts.on_the_spot else None


def handled_on_the_spot(facts: Facts) -> str | None:
    """Only what a collector handled is sent on to a unit by its sample check."""
    return None if facts.on_the_spot else "本案由处置单位处置，请登记“核查不通过”退回返工"


def camera_saw_gone(facts: Facts) -> str | None:
    """A camera may stand for the check only where it saw the place empty after the handling."""
    return None if facts.camera_saw_gone else "监控没有在处置之后看到问题消失，请由采集员核查"


def ending_stated(facts: Facts) -> str | None:
    """A forced end says why, whether the closing condition is met, and what became of it."""
    ending = facts.ending
    if ending is None or not ending.reason.strip():
        return "没有写理由，请写明原因"
    if ending.is_condition_met is None:
        return "没有说明结案条件是否满足，请选“是”或“否”"
    if ending.result == ClosingResult.RESOLVED and not ending.is_condition_met:
        return "结案条件没有满足，结案结果不能是“已解决”"
    if ending.result == ClosingResult.REFERRED and not facts.has_referral:
        return "本案没有移送执法，请先移送或另选结案结果"
    return None


def leader_if_supervised(facts: Facts) -> str | None:
    """What a leader supervises (督办) is forced to its end by a leader."""
    if not facts.needs_confirmation or facts.by_leader:
        return None
    return "本案正在督办，强制结案须由局领导决定"


def referred_if_said(facts: Facts) -> str | None:
    """Nothing is closed as referred that was not referred; and a check proves a solution."""
    if facts.result == ClosingResult.RESOLVED:
        return None
    if facts.result != ClosingResult.REFERRED:
        return "核查已通过，结案结果只能是“已解决”或“已移送执法”；其他结果请用强制结案"
    return None if facts.has_referral else "本案没有移送执法，请先移送或另选结案结果"


def master_still_open(facts: Facts) -> str | None:
    """A wrong merge is undone while the master is open; later it is reported anew."""
    if facts.master_state and facts.master_state not in FINAL_STATES:
        return None
    return "主案已经办结，不能再拆出；问题仍在请重新上报"


def control_answered(facts: Facts) -> str | None:
    """What lies in a control area or window is filed only with a reason (anchors_civic 2.14)."""
    if not facts.control or facts.reason.strip():
        return None
    return f"{facts.control}，仍要立案须写明理由"
