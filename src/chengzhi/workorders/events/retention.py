"""What happens to records by the passing of time: holds, and removals."""

from dataclasses import dataclass

from chengzhi.kernel.events import event


@event("workorders.hold-placed", label="暂停清除", say="暂停到期清除：{reason}；至 {until_text}")
@dataclass(frozen=True, kw_only=True)
class HoldPlaced:
    code: str
    reason: str
    until_text: str


@event("workorders.hold-lifted", label="恢复清除", say="恢复到期清除：{reason}")
@dataclass(frozen=True, kw_only=True)
class HoldLifted:
    code: str
    reason: str


@event(
    "workorders.data-removed",
    label="到期清除",
    say="{rule_label}：{action_label} {item_count} 项，批次 {batch}，规则 {rule_version}",
)
@dataclass(frozen=True, kw_only=True)
class DataRemoved:
    """Something personal went from the record; what it was is nowhere any more."""

    code: str
    rule: str
    rule_label: str
    action_label: str
    item_count: int
    batch: str
    rule_version: str


@event(
    "workorders.retention-run",
    label="执行到期清除",
    say="批次 {batch} 按规则 {rule_version} 清除 {row_count} 行，摘要 {digest}",
)
@dataclass(frozen=True, kw_only=True)
class RetentionExecuted:
    batch: str
    rule_version: str
    row_count: int
    digest: str
