"""Extensions, deferrals, shelving, notices and appeals, as the log tells them."""

from dataclasses import dataclass

from chengzhi.kernel.events import event


@event(
    "workorders.adjustment-asked",
    label="申请调整",
    say="申请{kind_label} {what}：{reason}；{due_text} 前初审",
)
@dataclass(frozen=True, kw_only=True)
class AdjustmentAsked:
    code: str
    adjustment: int
    kind: str
    kind_label: str
    what: str
    unit: str
    reason: str
    due_text: str


@event(
    "workorders.adjustment-approved",
    label="初审同意",
    say="{kind_label}申请初审同意，{due_text} 前终审；{note}",
)
@dataclass(frozen=True, kw_only=True)
class AdjustmentFirstApproved:
    code: str
    adjustment: int
    kind: str
    kind_label: str
    due_text: str
    note: str


@event(
    "workorders.adjustment-granted",
    label="批准",
    say="批准{kind_label} {what}{until_text}；{note}",
)
@dataclass(frozen=True, kw_only=True)
class AdjustmentGranted:
    code: str
    adjustment: int
    kind: str
    kind_label: str
    what: str
    unit: str
    until_text: str
    note: str


@event("workorders.adjustment-refused", label="不批准", say="{kind_label}申请未批准：{reason}")
@dataclass(frozen=True, kw_only=True)
class AdjustmentRefused:
    code: str
    adjustment: int
    kind: str
    kind_label: str
    unit: str
    reason: str


@event("workorders.adjustment-withdrawn", label="撤回申请", say="撤回{kind_label}申请；{reason}")
@dataclass(frozen=True, kw_only=True)
class AdjustmentWithdrawn:
    code: str
    adjustment: int
    kind: str
    kind_label: str
    reason: str


@event(
    "workorders.adjustment-cancelled",
    label="申请自动取消",
    say="{kind_label}申请自动取消：{reason}",
)
@dataclass(frozen=True, kw_only=True)
class AdjustmentCancelled:
    code: str
    adjustment: int
    kind: str
    kind_label: str
    unit: str
    reason: str


@event(
    "workorders.adjustment-overdue",
    label="审批超期",
    say="{kind_label}申请“{state_label}”超过 {due_text} 仍未答复",
)
@dataclass(frozen=True, kw_only=True)
class AdjustmentOverdue:
    code: str
    adjustment: int
    kind: str
    kind_label: str
    state_label: str
    due_text: str


@event(
    "workorders.suspended",
    label="暂停办理",
    say="{kind_label}至 {until_text}（{cause_label}），全部时限停计",
)
@dataclass(frozen=True, kw_only=True)
class WorkOrderSuspended:
    code: str
    adjustment: int
    kind: str
    kind_label: str
    cause_label: str
    until: str
    until_text: str


@event(
    "workorders.resumed",
    label="恢复办理",
    say="{kind_label}结束，恢复“{state_label}”，{due_text} 到期；{reason}",
)
@dataclass(frozen=True, kw_only=True)
class WorkOrderResumed:
    code: str
    kind: str
    kind_label: str
    state: str
    state_label: str
    due_text: str
    reason: str


@event(
    "workorders.notice-issued",
    label="催办督办",
    say="{level_label} {unit_name}：{text}；{due_text} 前回复",
)
@dataclass(frozen=True, kw_only=True)
class NoticeIssued:
    code: str
    notice: int
    kind: str
    level: str
    level_label: str
    unit: str
    unit_name: str
    text: str
    due_text: str
    is_automatic: bool


@event("workorders.notice-acknowledged", label="签收通知", say="签收{level_label}通知")
@dataclass(frozen=True, kw_only=True)
class NoticeAcknowledged:
    code: str
    notice: int
    level_label: str
    unit: str


@event("workorders.notice-replied", label="回复通知", say="回复{level_label}：{reply}")
@dataclass(frozen=True, kw_only=True)
class NoticeReplied:
    code: str
    notice: int
    level_label: str
    unit: str
    reply: str


@event("workorders.notice-revoked", label="撤销通知", say="撤销{level_label}：{reason}")
@dataclass(frozen=True, kw_only=True)
class NoticeRevoked:
    code: str
    notice: int
    level_label: str
    unit: str
    reason: str


@event(
    "workorders.notice-overdue",
    label="通知超期",
    say="{level_label}超过 {due_text} 仍“{state_label}”",
)
@dataclass(frozen=True, kw_only=True)
class NoticeOverdue:
    code: str
    notice: int
    level_label: str
    state_label: str
    unit: str
    due_text: str


@event(
    "workorders.closing-confirmed",
    label="督办结案确认",
    say="确认可以结案；{reason}",
)
@dataclass(frozen=True, kw_only=True)
class ClosingConfirmed:
    code: str
    level: str
    reason: str


@event("workorders.appeal-filed", label="超时申诉", say="对“{stage_label}”超时申诉：{reason}")
@dataclass(frozen=True, kw_only=True)
class AppealLodged:
    code: str
    appeal: int
    run: int
    stage: str
    stage_label: str
    unit: str
    reason: str
    photo_count: int


@event(
    "workorders.appeal-supported",
    label="申诉初审通过",
    say="“{stage_label}”超时申诉初审通过；{note}",
)
@dataclass(frozen=True, kw_only=True)
class AppealSupported:
    code: str
    appeal: int
    stage_label: str
    unit: str
    note: str


@event(
    "workorders.appeal-upheld",
    label="申诉成立",
    say="“{stage_label}”超时申诉成立：曾超时，不计考核；{note}",
)
@dataclass(frozen=True, kw_only=True)
class AppealUpheld:
    code: str
    appeal: int
    run: int
    stage: str
    stage_label: str
    unit: str
    note: str


@event(
    "workorders.appeal-dismissed", label="申诉不成立", say="“{stage_label}”超时申诉不成立：{reason}"
)
@dataclass(frozen=True, kw_only=True)
class AppealDismissed:
    code: str
    appeal: int
    stage_label: str
    unit: str
    reason: str


@event("workorders.appeal-dropped", label="撤回申诉", say="撤回“{stage_label}”超时申诉")
@dataclass(frozen=True, kw_only=True)
class AppealDropped:
    code: str
    appeal: int
    stage_label: str
    unit: str
