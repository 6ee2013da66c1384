"""What happens when another system's list is brought in."""

from dataclasses import dataclass

from chengzhi.kernel.events import event


@event(
    "workorders.imported",
    label="导入",
    say="从 {source} 导入（原编号 {external_id}，原状态“{status_text}”，{reported_text} 上报"
    "{ended_text}）{notes}",
)
@dataclass(frozen=True, kw_only=True)
class WorkOrderImported:
    code: str
    source: str
    external_id: str
    status_text: str
    state: str
    matter_code: str
    reported_at: str
    reported_text: str
    ended_at: str
    ended_text: str
    notes: str


@event(
    "workorders.list-imported",
    label="导入清单",
    say="导入 {source} 的清单 {file_name}：新增 {imported} 件，以前已导入 {known} 件，未导入 {refused} 件",
)
@dataclass(frozen=True, kw_only=True)
class ListImported:
    source: str
    file_name: str
    file_hash: str
    imported: int
    known: int
    refused: int
