"""What happens to the matrix of responsibility, and to suggestions when it changes."""

from dataclasses import dataclass, field

from chengzhi.kernel.events import event


@event("workorders.routing-changed", label="派遣规则", say="{deed}派遣规则：{text}{trial_text}")
@dataclass(frozen=True, kw_only=True)
class RoutingChanged:
    deed: str
    text: str
    looked: int = 0  # the dry run: work orders of the last weeks, and where they would have gone
    would_change: int = 0
    moves: list[str] = field(default_factory=list)
    trial_text: str = ""


@event("workorders.routing-flagged", label="派遣规则失效", say="派遣规则 {rule} 停止采用：{reason}")
@dataclass(frozen=True, kw_only=True)
class RoutingFlagged:
    rule: int
    reason: str


@event(
    "workorders.layer-loaded",
    label="装载图层",
    say="装载图层“{title}”，{rule_count} 条派遣规则用到它",
)
@dataclass(frozen=True, kw_only=True)
class LayerLoaded:
    title: str
    rule_count: int


@event(
    "workorders.suggestion-changed",
    label="建议变更",
    say="派遣规则改动后，建议由“{was_name}”改为“{unit_name}”：{reason}",
)
@dataclass(frozen=True, kw_only=True)
class SuggestionChanged:
    code: str
    was: str
    was_name: str
    was_rule: int
    unit: str
    unit_name: str
    rule: int
    reason: str


@event(
    "workorders.matrix-imported",
    label="导入权责矩阵",
    say="导入权责矩阵 {file_name}：新增 {added}、修改 {changed}、停用 {ended} 条{trial_text}",
)
@dataclass(frozen=True, kw_only=True)
class MatrixImported:
    file_name: str
    added: int
    changed: int
    ended: int
    unread: int
    looked: int
    would_change: int
    moves: list[str]
    trial_text: str
