"""What can happen to a work order, as registered events with a sentence for people."""

from dataclasses import dataclass, field

from chengzhi.kernel.events import event


@event(
    "workorders.reported",
    label="上报",
    say="{channel_label}：{matter_name}，{address}；照片 {photo_count} 张，查重 {duplicate_count} 件",
)
@dataclass(frozen=True, kw_only=True)
class WorkOrderReported:
    code: str
    channel: str
    channel_label: str
    matter_code: str
    matter_name: str
    lon: float
    lat: float
    cell: str
    grid: str
    town: str
    address: str
    photo_count: int
    duplicate_count: int
    duplicates: list[int]
    suggested_unit: str
    client_ref: str
    finding: str


@event("workorders.accepted", label="受理", say="予以受理，转立案；{reason}")
@dataclass(frozen=True, kw_only=True)
class WorkOrderAccepted:
    code: str
    reason: str


@event("workorders.rejected", label="不予受理", say="不予受理：{reason}")
@dataclass(frozen=True, kw_only=True)
class WorkOrderRejected:
    code: str
    reason: str
    client_ref: str
    finding: str


@event(
    "workorders.verification-asked",
    label="派发核实",
    say="派给 {assignee_name} 到现场核实；{reason}",
)
@dataclass(frozen=True, kw_only=True)
class VerificationAsked:
    code: str
    assignee: str
    assignee_name: str
    due_at: str
    reason: str = ""


@event(
    "workorders.verified",
    label="核实结果",
    say="核实：{result_label}；照片 {photo_count} 张；{reason}",
)
@dataclass(frozen=True, kw_only=True)
class WorkOrderVerified:
    code: str
    result: str
    result_label: str
    reason: str
    photo_count: int


@event(
    "workorders.filed",
    label="立案",
    say="按 {matter_name} 第 {condition_number} 行立案：{filing_condition}；处置时限 {limit_text}",
)
@dataclass(frozen=True, kw_only=True)
class WorkOrderFiled:
    code: str
    matter_code: str
    matter_name: str
    scheme: str
    condition_number: int
    filing_condition: str
    closing_condition: str
    limit_text: str
    source: str


@event(
    "workorders.dispatched",
    label="派遣",
    say="派给 {unit_name}，处置截止 {due_text}；{reason}",
)
@dataclass(frozen=True, kw_only=True)
class WorkOrderDispatched:
    code: str
    unit: str
    unit_name: str
    suggested_unit: str
    due_at: str
    due_text: str
    reason: str


@event("workorders.task-accepted", label="接收任务", say="{unit_name} 接收任务")
@dataclass(frozen=True, kw_only=True)
class TaskAccepted:
    code: str
    unit: str
    unit_name: str


@event(
    "workorders.task-returned", label="回退", say="{unit_name} 回退派遣员：{reason_label}；{reason}"
)
@dataclass(frozen=True, kw_only=True)
class TaskReturned:
    code: str
    unit: str
    unit_name: str
    reason: str
    reason_code: str = ""
    reason_label: str = ""


@event("workorders.handler-changed", label="改派", say="由 {from_name} 改派 {unit_name}：{reason}")
@dataclass(frozen=True, kw_only=True)
class HandlerChanged:
    code: str
    from_unit: str
    from_name: str
    unit: str
    unit_name: str
    due_at: str
    reason: str


@event(
    "workorders.handled",
    label="反馈：已处置",
    say="{unit_name} 反馈已处置，照片 {photo_count} 张{late_text}；{note}",
)
@dataclass(frozen=True, kw_only=True)
class WorkOrderHandled:
    code: str
    unit: str
    unit_name: str
    on_time: bool
    late_text: str
    photo_count: int
    note: str


@event(
    "workorders.check-assigned", label="派发核查", say="派给 {assignee_name} 到现场核查；{reason}"
)
@dataclass(frozen=True, kw_only=True)
class CheckAssigned:
    code: str
    assignee: str
    assignee_name: str
    reason: str = ""


@event("workorders.checked", label="核查结果", say="核查：{result_label}；{reason}{confirmed_text}")
@dataclass(frozen=True, kw_only=True)
class WorkOrderChecked:
    code: str
    result: str
    result_label: str
    reason: str
    photo_count: int
    rework_count: int
    reason_code: str = ""
    closing_condition: str = ""
    confirmed: list[str] = field(default_factory=list)
    confirmed_text: str = ""


@event(
    "workorders.closed", label="结案", say="结案（{result_label}）：{closing_condition}{late_text}"
)
@dataclass(frozen=True, kw_only=True)
class WorkOrderClosed:
    code: str
    matter_code: str
    channel: str
    town: str
    unit: str
    on_time: bool
    late_text: str
    closing_condition: str
    client_ref: str
    finding: str
    result: str = "resolved"
    result_label: str = "已解决"
    basis: str = "checked"


@event("workorders.voided", label="作废", say="作废：{reason}")
@dataclass(frozen=True, kw_only=True)
class WorkOrderVoided:
    code: str
    was_filed: bool
    reason: str
    client_ref: str
    finding: str


@event("workorders.merged", label="并案", say="与 {master_code} 重复，并入后不再单独办理；{reason}")
@dataclass(frozen=True, kw_only=True)
class WorkOrderMerged:
    code: str
    master: int
    master_code: str
    reason: str
    client_ref: str
    finding: str


@event("workorders.duplicate-linked", label="并入重复", say="{duplicate_code} 作为重复并入本案")
@dataclass(frozen=True, kw_only=True)
class DuplicateLinked:
    code: str
    duplicate: int
    duplicate_code: str


@event("workorders.not-duplicate", label="不是重复", say="与 {other_codes} 不是同一问题")
@dataclass(frozen=True, kw_only=True)
class NotDuplicate:
    code: str
    others: list[int]
    other_codes: str


@event("workorders.commented", label="现场记录", say="“{text}”")
@dataclass(frozen=True, kw_only=True)
class WorkOrderCommented:
    code: str
    text: str


@event("workorders.attached", label="补充附件", say="补充附件 {photo_count} 件（{roles}）")
@dataclass(frozen=True, kw_only=True)
class WorkOrderAttached:
    code: str
    photo_count: int
    roles: str


@event("workorders.reporter-shown", label="查看报告人", say="查看报告人姓名和电话：{reason}")
@dataclass(frozen=True, kw_only=True)
class ReporterShown:
    code: str
    reason: str


@event(
    "workorders.stage-warned", label="临期提醒", say="“{state_label}”已用八成时限，{due_text} 到期"
)
@dataclass(frozen=True, kw_only=True)
class StageWarned:
    code: str
    state: str
    state_label: str
    unit: str
    due_at: str
    due_text: str


@event("workorders.stage-overdue", label="超期", say="“{state_label}”超过时限 {due_text}")
@dataclass(frozen=True, kw_only=True)
class StageOverdue:
    code: str
    state: str
    state_label: str
    unit: str
    due_at: str
    due_text: str
