"""What can happen to an ownerless problem and its remedy (无主难题、代整治)."""

from dataclasses import dataclass

from chengzhi.kernel.events import event


@event(
    "workorders.remedy-registered",
    label="登记无主难题",
    say="{kind_label}，{address}{hazard_text}；{solve_text} 前解决",
)
@dataclass(frozen=True, kw_only=True)
class RemedyRegistered:
    code: str
    kind: str
    kind_label: str
    address: str
    is_hazard: bool
    hazard_text: str
    solve_text: str
    work_order: int


@event(
    "workorders.remedy-fenced",
    label="现场围护",
    say="已围护{late_text}：{note}；照片 {photo_count} 张",
)
@dataclass(frozen=True, kw_only=True)
class RemedyFenced:
    code: str
    note: str
    photo_count: int
    late_text: str


@event(
    "workorders.owner-searched", label="查找权属", say="{source_label}：{result_label}；{result}"
)
@dataclass(frozen=True, kw_only=True)
class OwnerSearched:
    code: str
    source: str
    source_label: str
    found: bool
    result_label: str
    result: str


@event(
    "workorders.responsibility-met",
    label="责任认定会",
    say="{held_on} 召开，{attendees}；结论：{conclusion_label}；{opinions}",
)
@dataclass(frozen=True, kw_only=True)
class ResponsibilityMet:
    code: str
    held_on: str
    attendees: str
    opinions: str
    conclusion: str
    conclusion_label: str


@event(
    "workorders.remedy-noticed",
    label="公告",
    say="{notice_on} 起公告（{media}），{ends_on} 期满{notarized_text}",
)
@dataclass(frozen=True, kw_only=True)
class RemedyNoticed:
    code: str
    notice_on: str
    ends_on: str
    media: str
    notarized_text: str


@event("workorders.remedy-stepped", label="代整治", say="{step_label}{late_text}；{note}")
@dataclass(frozen=True, kw_only=True)
class RemedyStepped:
    """A step without figures of its own: search begun, ownerless, handed over, accepted …"""

    code: str
    step: str
    step_label: str
    source: str
    target: str
    note: str
    late_text: str


@event("workorders.owner-found", label="登记责任人", say="责任人已查明，依据：{basis}")
@dataclass(frozen=True, kw_only=True)
class OwnerFound:
    code: str
    basis: str


@event("workorders.remedy-approved", label="批准兜底整治", say="批准，预算 {budget_text}；{note}")
@dataclass(frozen=True, kw_only=True)
class RemedyApproved:
    code: str
    budget_fen: int
    budget_text: str
    note: str


@event(
    "workorders.substitute-decided",
    label="代履行决定",
    say="逾期未履行，催告无效，{consequence_label}；由 {performer_name} 于 {perform_on} 代履行，预算 {budget_text}",
)
@dataclass(frozen=True, kw_only=True)
class SubstituteDecided:
    code: str
    ordered_on: str
    perform_by: str
    demanded_on: str
    consequence: str
    consequence_label: str
    performer: str
    performer_name: str
    perform_on: str
    budget_fen: int
    budget_text: str


@event(
    "workorders.substitute-rescheduled",
    label="改代履行日期",
    say="改在 {perform_on}，催告最迟 {remind_by}；{reason}",
)
@dataclass(frozen=True, kw_only=True)
class SubstituteRescheduled:
    code: str
    perform_on: str
    remind_by: str
    reason: str


@event(
    "workorders.substitute-reminded",
    label="代履行催告",
    say="催告书 {reminded_on} 送达，{perform_on} 代履行",
)
@dataclass(frozen=True, kw_only=True)
class SubstituteReminded:
    code: str
    reminded_on: str
    perform_on: str


@event(
    "workorders.remedy-begun",
    label="开始整治",
    say="{track_label}：{contractor_name} 施工，{text}；整治前照片 {photo_count} 张",
)
@dataclass(frozen=True, kw_only=True)
class RemedyBegun:
    code: str
    track: str
    track_label: str
    contractor: str
    contractor_name: str
    text: str
    photo_count: int


@event("workorders.party-told", label="事后通知", say="已通知当事人{late_text}：{manner}")
@dataclass(frozen=True, kw_only=True)
class PartyTold:
    code: str
    manner: str
    late_text: str


@event(
    "workorders.remedy-finished",
    label="施工完成",
    say="{quantity}；监督：{supervisors}；签名：{signatures}；照片 {photo_count} 张",
)
@dataclass(frozen=True, kw_only=True)
class RemedyFinished:
    code: str
    quantity: str
    supervisors: str
    signatures: str
    photo_count: int


@event("workorders.remedy-settled", label="结算", say="结算 {amount_text}，预算 {budget_text}")
@dataclass(frozen=True, kw_only=True)
class RemedySettled:
    code: str
    amount_fen: int
    amount_text: str
    budget_text: str


@event("workorders.cost-claimed", label="追偿", say="向责任人追偿 {amount_text}，{due_text} 前缴纳")
@dataclass(frozen=True, kw_only=True)
class CostClaimed:
    code: str
    amount_fen: int
    amount_text: str
    due_text: str


@event(
    "workorders.cost-recovered",
    label="收到付款",
    say="{paid_on} 收到 {amount_text}，累计 {total_text}",
)
@dataclass(frozen=True, kw_only=True)
class CostRecovered:
    code: str
    paid_on: str
    amount_fen: int
    amount_text: str
    total_text: str
    receipt: str


@event("workorders.remedy-overdue", label="代整治超期", say="“{stage_label}”超过时限 {due_text}")
@dataclass(frozen=True, kw_only=True)
class RemedyOverdue:
    code: str
    stage: str
    stage_label: str
    due_text: str


@event("workorders.fund-changed", label="专项资金", say="{kind_label} {amount_text}；{note}")
@dataclass(frozen=True, kw_only=True)
class FundChanged:
    year: int
    kind: str
    kind_label: str
    amount_fen: int
    amount_text: str
    note: str
