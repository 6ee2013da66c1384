"""Words and values of a coverage plan (错区域管理; domain.md 4.13)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum


class Source(StrEnum):
    """Who looks at a zone in a slot, so that discovery is staggered and not duplicated."""

    AI = "ai"
    COLLECTOR = "collector"
    SQUAD = "squad"


SOURCE_LABELS: dict[str, str] = {
    Source.AI: "智能抓拍",
    Source.COLLECTOR: "采集员",
    Source.SQUAD: "中队巡查",
}


class PlanState(StrEnum):
    """Where a version of the plan stands."""

    PLANNED = "planned"
    ACTIVE = "active"
    REPLACED = "replaced"


PLAN_LABELS: dict[str, str] = {
    PlanState.PLANNED: "编制中",
    PlanState.ACTIVE: "现行",
    PlanState.REPLACED: "已被接替",
}
WEEKDAYS = (1, 2, 3, 4, 5, 6, 7)
WEEKDAY_NAMES = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")


@dataclass(frozen=True, kw_only=True)
class PlanFacts:
    """What the guards of a plan may ask."""

    zone_count: int = 0
    starts_on: date | None = None
    active_since: date | None = None
    today: date | None = None
    doubled: tuple[str, ...] = ()  # grids that lie in two zones


@dataclass(frozen=True, kw_only=True)
class CellChange:
    """Who looks at a zone on a weekday in a slot; an empty primary leaves a gap."""

    zone: int
    weekday: int
    slot: str
    primary: str
    backup: str = ""
    unit: str = ""  # who handles, where it is not the zone's own unit


@dataclass(frozen=True, kw_only=True)
class Turn:
    """Whose turn it is in a grid at a moment (主责来源、备份、责任单位)."""

    plan: int
    zone: str
    weekday: int
    slot: str
    slot_label: str
    primary: str
    backup: str
    unit: str


@dataclass(frozen=True, kw_only=True)
class PlanRef:
    """A version of the plan in a list."""

    id: int
    state: str
    state_label: str
    starts_on: date
    ends_on: date | None
    note: str
    created_by_name: str
    created_at: datetime
    zone_count: int
    gap_count: int


@dataclass(frozen=True, kw_only=True)
class CellView:
    """One cell of the matrix."""

    slot: str
    primary: str
    backup: str
    choice: str  # as the form's select says it: "ai+squad"
    label: str
    unit_name: str
    found: dict[str, int]  # what each source found there lately
    is_gap: bool
    is_overlap: bool


@dataclass(frozen=True, kw_only=True)
class ZoneView:
    """One row of the matrix on a weekday."""

    id: int
    name: str
    grids: tuple[str, ...]
    unit: str
    unit_name: str
    cells: tuple[CellView, ...]
    gap_week: int  # gaps of the whole week
    overlap_week: int


@dataclass(frozen=True, kw_only=True)
class CoverageNumbers:
    """What the plan is judged by: gaps, overlaps, minutes, the share found by machines."""

    slots: int
    gaps: int
    overlaps: int
    found: dict[str, int]
    handling: timedelta | None  # mean time from the report to the feedback

    @property
    def gap_share(self) -> float | None:
        """Zone-slots without a primary source, of all."""
        return self.gaps / self.slots if self.slots else None

    @property
    def ai_share(self) -> float | None:
        """What cameras found, of what the three sources found (智能发现占比)."""
        whole = sum(self.found.values())
        return self.found.get(Source.AI, 0) / whole if whole else None


@dataclass(frozen=True, kw_only=True)
class PlanView:
    """One version of the plan on one weekday, with what was found lately."""

    ref: PlanRef
    weekday: int
    zones: tuple[ZoneView, ...]
    numbers: CoverageNumbers
    actions: tuple[tuple[str, str, tuple[str, ...]], ...]  # name, label, reasons why not
    may_edit: bool
