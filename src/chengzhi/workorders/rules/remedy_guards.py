"""Guards of a remedy: each cites the article that stands against the step, or passes."""

from chengzhi.evidence.types import FileRole
from chengzhi.kernel.money import Money
from chengzhi.workorders.types.remedies import Conclusion, RemedyFacts, Track

BUILDING = "building"


def reason_given(facts: RemedyFacts) -> str | None:
    """A change of mind says why."""
    return None if facts.reason.strip() else "没有写理由，请写明原因"


def searched_everywhere(facts: RemedyFacts) -> str | None:
    """An owner was looked for wherever the settings say before it counts as ownerless."""
    if not facts.missing_sources:
        return None
    return f"还没有查过{'、'.join(facts.missing_sources)}，请逐项查找并登记结果"


def no_obligor(facts: RemedyFacts) -> str | None:
    """Who has an obligor on record is not ownerless: substitute performance needs Art. 50."""
    if not facts.obligor:
        return None
    return (
        f"已登记责任人“{facts.obligor}”，不属于无主问题；责任人不履行的，"
        "须按行政强制法第五十条、第五十一条作出代履行决定"
    )


def meeting_held(facts: RemedyFacts) -> str | None:
    """A responsibility meeting confirmed that nobody is responsible."""
    if facts.meeting == Conclusion.OWNERLESS:
        return None
    return "责任认定会还没有确认无主，请召开并登记结论"


def obligor_named(facts: RemedyFacts) -> str | None:
    """Substitute performance is at somebody's cost, so that somebody is named (行政强制法 50)."""
    return None if facts.obligor else "没有登记责任人，代履行须有当事人（行政强制法 50）"


def budget_named(facts: RemedyFacts) -> str | None:
    """The decision carries the cost budget (行政强制法 51(1)(1))."""
    return None if facts.budget_fen > 0 else "没有费用预算，请填写预算金额（行政强制法 51）"


def fund_enough(facts: RemedyFacts) -> str | None:
    """No more is bound than the fund of the year holds."""
    if facts.budget_fen <= facts.fund_left_fen:
        return None
    left = Money(max(facts.fund_left_fen, 0))
    return f"本年专项资金只剩 {left}，不够这笔预算，请减少预算或先追加资金"


def building_noticed(facts: RemedyFacts) -> str | None:
    """An ownerless building is announced for thirty days first (浙江省城乡规划条例 64)."""
    if facts.kind != BUILDING or facts.is_notarized:
        return None
    if facts.notice_on is None or facts.notice_ends_on is None:
        return "无主违法建筑须先在媒体和现场公告不少于三十日（浙江省城乡规划条例 64）"
    if facts.today is None or facts.today <= facts.notice_ends_on:
        return (
            f"公告期到 {facts.notice_ends_on:%Y-%m-%d} 届满，期满后才能批准"
            "（浙江省城乡规划条例 64，不少于三十日）"
        )
    return None


def not_building(facts: RemedyFacts) -> str | None:
    """A building with an owner is demolished under Art. 44, not by substitute performance."""
    if facts.kind != BUILDING:
        return None
    return "违法建筑有责任人的，须按行政强制法第四十四条公告、限期自行拆除，不适用代履行"


def duty_overdue(facts: RemedyFacts) -> str | None:
    """The obligor was ordered, and did not do it in time (行政强制法 50)."""
    if facts.ordered_on is None or facts.perform_by is None:
        return "没有责令履行的日期和期限，须先依法作出决定（行政强制法 50）"
    if facts.today is None or facts.today <= facts.perform_by:
        return f"履行期限到 {facts.perform_by:%Y-%m-%d}，逾期不履行才能代履行（行政强制法 50）"
    return None


def demand_failed(facts: RemedyFacts) -> str | None:
    """A demand (催告) came after the duty fell due and was of no avail (行政强制法 50)."""
    if facts.demanded_on is None:
        return "没有催告，经催告仍不履行的才能代履行（行政强制法 50）"
    early = facts.perform_by is not None and facts.demanded_on <= facts.perform_by
    late = facts.today is not None and facts.demanded_on > facts.today
    if early or late:
        return "催告日期应在履行期限届满之后、今天以前（行政强制法 50）"
    return None


def consequence_named(facts: RemedyFacts) -> str | None:
    """Only what harms traffic, environment or resources may be performed by another (50)."""
    if facts.consequence:
        return None
    return "没有选择后果：须已经或将危害交通安全、造成环境污染或破坏自然资源（行政强制法 50）"


def performer_disinterested(facts: RemedyFacts) -> str | None:
    """The performer is the agency, or a third party without an interest (行政强制法 50)."""
    if not facts.is_performer_known:
        return "没有选择代履行人，请选定一个施工单位（行政强制法 51）"
    if facts.is_performer_party:
        return "代履行人与当事人有利害关系，须委托没有利害关系的第三人（行政强制法 50）"
    return None


def reminder_in_time(facts: RemedyFacts) -> str | None:
    """The reminder comes three working days before (行政强制法 51(2)、69)."""
    if facts.perform_on is None or facts.remind_by is None:
        return "没有代履行日期，请先确定哪一天实施（行政强制法 51）"
    if facts.today is None or facts.today > facts.remind_by:
        return (
            f"代履行定在 {facts.perform_on:%Y-%m-%d}，催告书最迟应在 {facts.remind_by:%Y-%m-%d} 送达"
            "（代履行三日前，行政强制法 51(2)、69），请改期后再催告"
        )
    return None


def day_has_come(facts: RemedyFacts) -> str | None:
    """Nothing begins before the day that the decision names (行政强制法 51(1)(1))."""
    if facts.track != Track.SUBSTITUTE or facts.perform_on is None:
        return None
    if facts.today is None or facts.today < facts.perform_on:
        return f"代履行时间是 {facts.perform_on:%Y-%m-%d}，不能提前实施（行政强制法 51）"
    return None


def no_night_or_holiday(facts: RemedyFacts) -> str | None:
    """Not at night and not on statutory holidays, emergencies apart (行政强制法 43)."""
    if facts.track != Track.SUBSTITUTE:
        return None
    if facts.is_night or not facts.is_workday:
        return "不得在夜间或者法定节假日实施行政强制执行（行政强制法 43），紧急情况走立即代履行"
    return None


def public_place(facts: RemedyFacts) -> str | None:
    """Immediate performance is for roads, waterways and public places (行政强制法 52)."""
    if facts.place:
        return None
    return "立即代履行只用于道路、河道、航道或公共场所的遗洒物、障碍物或污染物（行政强制法 52）"


def obligor_unable(facts: RemedyFacts) -> str | None:
    """Only what the party cannot remove itself is removed at once (行政强制法 52)."""
    if facts.is_unable:
        return None
    return "须确认当事人不能清除（行政强制法 52），能清除的请责令限期清除"


def contractor_named(facts: RemedyFacts) -> str | None:
    """Somebody is told to do the work."""
    return None if facts.is_performer_known else "没有选择施工单位，请选定一个"


def before_photo(facts: RemedyFacts) -> str | None:
    """The place is shown as it was."""
    return None if FileRole.BEFORE in facts.photo_roles else "缺整治前照片，请先拍摄至少一张"


def after_photo(facts: RemedyFacts) -> str | None:
    """The place is shown as it is now."""
    return None if FileRole.AFTER in facts.photo_roles else "缺整治后照片，请拍摄至少一张"


def quantity_named(facts: RemedyFacts) -> str | None:
    """What was done is measured, since it is paid by that."""
    return None if facts.quantity.strip() else "没有写工程量，请写明数量和单位"


def supervised(facts: RemedyFacts) -> str | None:
    """Officers supervise on the spot and everybody signs (行政强制法 51(1)(3)、(4))."""
    if facts.track == Track.OWNERLESS:
        return None
    if not facts.supervisors.strip():
        return "没有到场监督的执法人员，作出决定的机关应派员到场监督（行政强制法 51(1)(3)）"
    if not facts.signatures.strip():
        return "没有签名情况，应由到场监督人员、代履行人和当事人或见证人签名（行政强制法 51(1)(4)）"
    return None


def by_contractor(facts: RemedyFacts) -> str | None:
    """The contractor says that it is done."""
    return None if facts.actor_unit == facts.contractor else "施工交给了别的单位，须由该单位反馈"


def not_by_contractor(facts: RemedyFacts) -> str | None:
    """Nobody accepts his own work."""
    return "施工单位不能验收自己的工程" if facts.actor_unit == facts.contractor else None


def amount_named(facts: RemedyFacts) -> str | None:
    """A settlement has an amount."""
    return None if facts.amount_fen > 0 else "没有结算金额，请填写"


def within_budget(facts: RemedyFacts) -> str | None:
    """No more is paid than was approved; on track B the cost is reasonable (行政强制法 51(2))."""
    if facts.amount_fen <= facts.budget_fen:
        return None
    return (
        f"结算金额超过批准的预算 {Money(facts.budget_fen)}，费用应按成本合理确定（行政强制法 51）"
    )


def party_told(facts: RemedyFacts) -> str | None:
    """Whoever was absent is told at once afterwards (行政强制法 52)."""
    if facts.track != Track.IMMEDIATE or facts.is_notified:
        return None
    return "还没有通知当事人，当事人不在场的应在事后立即通知（行政强制法 52）"


def has_obligor(facts: RemedyFacts) -> str | None:
    """The cost is borne by the party (行政强制法 51(2))."""
    return None if facts.obligor else "没有责任人，无从追偿，请直接办结"


def nothing_to_recover(facts: RemedyFacts) -> str | None:
    """With an obligor the cost is claimed before the case is closed (行政强制法 51(2))."""
    if facts.track == Track.OWNERLESS or not facts.obligor:
        return None
    return "代履行费用由当事人承担（行政强制法 51(2)），请先追偿"


def paid_in_full(facts: RemedyFacts) -> str | None:
    """What was claimed has come in."""
    if facts.recovered_fen >= facts.settled_fen:
        return None
    missing = Money(facts.settled_fen - facts.recovered_fen)
    return f"还差 {missing} 没有收到，请登记付款，或由局领导终结追偿"
