"""What can happen to a coverage plan (错区域计划)."""

from dataclasses import dataclass

from chengzhi.kernel.events import event


@event(
    "workorders.coverage-planned",
    label="编制计划",
    say="编制 {starts_on} 起的计划，片区 {zone_count} 个；{note}",
)
@dataclass(frozen=True, kw_only=True)
class CoveragePlanned:
    plan: int
    starts_on: str
    zone_count: int
    note: str


@event("workorders.coverage-changed", label="修改计划", say="{text}")
@dataclass(frozen=True, kw_only=True)
class CoverageChanged:
    plan: int
    text: str


@event(
    "workorders.coverage-activated",
    label="启用计划",
    say="{starts_on} 起执行，片区 {zone_count} 个，空档 {gap_count} 个",
)
@dataclass(frozen=True, kw_only=True)
class CoverageActivated:
    plan: int
    starts_on: str
    zone_count: int
    gap_count: int


@event("workorders.coverage-ended", label="计划终止", say="{reason}")
@dataclass(frozen=True, kw_only=True)
class CoverageEnded:
    plan: int
    reason: str
