"""What can happen to a whistle (镇街吹哨)."""

from dataclasses import dataclass

from chengzhi.kernel.events import event


@event(
    "workorders.whistle-drafted",
    label="起草吹哨",
    say="{deed}：{urgency_label}，{items}，{address}；拟请 {department_names}",
)
@dataclass(frozen=True, kw_only=True)
class WhistleDrafted:
    code: str
    deed: str
    town: str
    urgency: str
    urgency_label: str
    items: str
    address: str
    departments: list[str]
    department_names: str
    lead: str
    work_order: int


@event("workorders.whistle-issued", label="吹哨", say="{urgency_label}吹哨，请 {due_text} 前派发")
@dataclass(frozen=True, kw_only=True)
class WhistleIssued:
    code: str
    town: str
    urgency: str
    urgency_label: str
    due_text: str


@event("workorders.whistle-withdrawn", label="撤回吹哨", say="撤回：{reason}")
@dataclass(frozen=True, kw_only=True)
class WhistleWithdrawn:
    code: str
    town: str
    reason: str


@event("workorders.whistle-returned", label="退回镇街", say="退回镇街补充：{reason}")
@dataclass(frozen=True, kw_only=True)
class WhistleReturned:
    code: str
    town: str
    reason: str


@event(
    "workorders.whistle-dispatched",
    label="派发响应",
    say="派给 {department_names}，{lead_name} 牵头；{acknowledge_text} 前签收，{arrive_text} 前到场",
)
@dataclass(frozen=True, kw_only=True)
class WhistleDispatched:
    code: str
    departments: list[str]
    department_names: str
    lead: str
    lead_name: str
    acknowledge_text: str
    arrive_text: str


@event("workorders.whistle-acknowledged", label="部门签收", say="{unit_name} 签收{late_text}")
@dataclass(frozen=True, kw_only=True)
class WhistleAcknowledged:
    code: str
    unit: str
    unit_name: str
    late_text: str


@event(
    "workorders.whistle-arrived",
    label="部门到场",
    say="{unit_name} 到场{late_text}，{people}；{place_text}，照片 {photo_count} 张",
)
@dataclass(frozen=True, kw_only=True)
class WhistleArrived:
    code: str
    unit: str
    unit_name: str
    people: str
    place_text: str
    photo_count: int
    late_text: str


@event(
    "workorders.whistle-answered",
    label="部门反馈",
    say="{unit_name} {deed}{late_text}：{result}；照片 {photo_count} 张",
)
@dataclass(frozen=True, kw_only=True)
class WhistleAnswered:
    code: str
    unit: str
    unit_name: str
    deed: str
    is_whole: bool
    result: str
    photo_count: int
    late_text: str


@event("workorders.whistle-disputed", label="职责争议", say="{unit_name} 认为不属本部门：{reason}")
@dataclass(frozen=True, kw_only=True)
class WhistleDisputed:
    code: str
    unit: str
    unit_name: str
    reason: str


@event(
    "workorders.whistle-decided",
    label="争议裁定",
    say="裁定由 {department_names} 响应，{lead_name} 牵头；免于响应：{excused_names}；理由：{reason}",
)
@dataclass(frozen=True, kw_only=True)
class WhistleDecided:
    code: str
    departments: list[str]
    department_names: str
    lead: str
    lead_name: str
    excused: list[str]
    excused_names: str
    reason: str


@event("workorders.whistle-sent-back", label="退回重办", say="镇街不满意，退回牵头部门：{reason}")
@dataclass(frozen=True, kw_only=True)
class WhistleSentBack:
    code: str
    lead: str
    reason: str
    rework_count: int


@event(
    "workorders.whistle-confirmed", label="镇街确认", say="镇街确认；评分：{scores_text}；{words}"
)
@dataclass(frozen=True, kw_only=True)
class WhistleConfirmed:
    code: str
    town: str
    scores: dict[str, int]
    scores_text: str
    words: str


@event("workorders.whistle-closed", label="吹哨办结", say="办结{late_text}")
@dataclass(frozen=True, kw_only=True)
class WhistleClosed:
    code: str
    town: str
    lead: str
    late_text: str


@event(
    "workorders.whistle-overdue",
    label="吹哨超期",
    say="{who_name} “{stage_label}”超过时限 {due_text}，上报{escalated_label}",
)
@dataclass(frozen=True, kw_only=True)
class WhistleOverdue:
    code: str
    urgency: str
    unit: str  # empty where the command centre or the town is late
    who_name: str
    stage: str
    stage_label: str
    due_text: str
    escalated_to: str
    escalated_label: str
