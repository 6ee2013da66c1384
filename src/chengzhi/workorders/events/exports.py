"""What is told when lists leave the house as files."""

from dataclasses import dataclass

from chengzhi.kernel.events import event


@event(
    "workorders.list-exported", label="导出清单", say="导出案件 {rows} 件（{kind}）；条件：{query}"
)
@dataclass(frozen=True, kw_only=True)
class ListExported:
    rows: int
    kind: str
    query: str


@event("workorders.export-asked", label="申请后台导出", say="申请后台导出（{kind}）；条件：{query}")
@dataclass(frozen=True, kw_only=True)
class ExportAsked:
    kind: str
    query: str


@event("workorders.export-finished", label="后台导出完成", say="后台导出完成：{rows} 件（{kind}）")
@dataclass(frozen=True, kw_only=True)
class ExportFinished:
    """The file is there: a hook for telling the person who asked for it."""

    person: str
    kind: str
    rows: int
    expires_at: str


@event("workorders.export-failed", label="后台导出未成功", say="后台导出未成功：{reason}")
@dataclass(frozen=True, kw_only=True)
class ExportFailed:
    person: str
    kind: str
    reason: str


@event("workorders.export-cancelled", label="取消后台导出", say="取消后台导出，已写 {rows} 件")
@dataclass(frozen=True, kw_only=True)
class ExportCancelled:
    rows: int


@event("workorders.export-fetched", label="取走导出文件", say="取走导出文件，{rows} 件（{kind}）")
@dataclass(frozen=True, kw_only=True)
class ExportFetched:
    rows: int
    kind: str
