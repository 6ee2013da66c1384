"""The words of exports that are written in the background."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ExportState(StrEnum):
    """Where a background export stands (导出)."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


EXPORT_STATE_LABELS: dict[str, str] = {
    ExportState.WAITING: "排队中",
    ExportState.RUNNING: "生成中",
    ExportState.DONE: "已生成",
    ExportState.FAILED: "未成功",
    ExportState.CANCELLED: "已取消",
    ExportState.EXPIRED: "已过期",
}
UNFINISHED = (ExportState.WAITING.value, ExportState.RUNNING.value)


@dataclass(frozen=True, kw_only=True)
class ExportView:
    """One background export as its owner sees it; `percent` is empty while nothing is counted."""

    id: int
    kind: str
    query: str
    state: str
    state_label: str
    rows_done: int
    rows_total: int | None
    size: int
    failure: str
    asked_at: datetime
    ended_at: datetime | None
    expires_at: datetime | None

    @property
    def is_unfinished(self) -> bool:
        """Whether it waits or runs."""
        return self.state in UNFINISHED

    @property
    def percent(self) -> int:
        """How much of it is written, of a hundred."""
        if not self.rows_total:
            return 0
        return min(100, self.rows_done * 100 // self.rows_total)
