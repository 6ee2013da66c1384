"""What is sent back, and by the return matrix why."""

from dataclasses import dataclass

from chengzhi.kernel.events import event


@event(
    "workorders.sent-back",
    label="退回",
    say="由“{from_label}”退回“{to_label}”：{reason_label}；{reason}",
)
@dataclass(frozen=True, kw_only=True)
class WorkOrderSentBack:
    code: str
    step: str
    from_label: str
    to_label: str
    reason_code: str
    reason_label: str
    reason: str


@event("workorders.collector-missing", label="无人可派", say="{sentence}")
@dataclass(frozen=True, kw_only=True)
class CollectorMissing:
    code: str
    task: str  # "verify" or "check"
    grid: str
    sentence: str
