"""What happens to the standards: the tables themselves know no log."""

from dataclasses import dataclass

from chengzhi.kernel.events import event


@event(
    "standards.imported",
    label="导入标准",
    say=(
        "导入“{scheme}”（{file_name}），{valid_from} 起施行：读取 {read} 行，"
        "新增 {added}、修改 {changed}、停用 {closed}、不变 {unchanged}，未能读取 {unread} 行"
    ),
)
@dataclass(frozen=True, kw_only=True)
class StandardsImported:
    scheme: str
    valid_from: str
    file_name: str
    sha256: str
    read: int
    unread: int
    added: int
    changed: int
    closed: int
    unchanged: int
    local_matters: list[str]
