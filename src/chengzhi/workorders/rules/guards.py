"""Guards of the procedure: each returns the reason why not, in Chinese, or None."""

from chengzhi.evidence.types import FileRole
from chengzhi.workorders.types import (
    CHANNEL_LABELS,
    FINAL_STATES,
    STATE_LABELS,
    Channel,
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
        return "没有选择采集员，请选定一人"
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
