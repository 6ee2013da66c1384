"""Values of places: a point, what lies there, and the reports of imports."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Texts = NDArray[np.object_]


class Level(StrEnum):
    """Levels of an administrative division (行政区划, GB/T 2260 and GB/T 10114)."""

    COUNTY = "county"
    TOWN = "town"
    COMMUNITY = "community"


LEVEL_LABELS: dict[Level, str] = {
    Level.COUNTY: "县（市、区）",
    Level.TOWN: "街道（乡镇）",
    Level.COMMUNITY: "社区（村）",
}
LEVEL_DIGITS: dict[Level, int] = {Level.COUNTY: 6, Level.TOWN: 9, Level.COMMUNITY: 12}


class Datum(StrEnum):
    """The coordinate systems that Chinese maps come in."""

    WGS84 = "wgs84"  # CGCS2000 lies within centimetres of it
    GCJ02 = "gcj02"
    BD09 = "bd09"


DATUM_LABELS: dict[Datum, str] = {
    Datum.WGS84: "WGS-84 / CGCS2000",
    Datum.GCJ02: "GCJ-02（高德、腾讯）",
    Datum.BD09: "BD-09（百度）",
}


class PlaceKind(StrEnum):
    """What an import of shapes may bring."""

    DIVISION = "division"
    CELL = "cell"
    GRID = "grid"
    ROAD = "road"


PLACE_KIND_LABELS: dict[PlaceKind, str] = {
    PlaceKind.DIVISION: "行政区划",
    PlaceKind.CELL: "单元网格",
    PlaceKind.GRID: "责任网格",
    PlaceKind.ROAD: "道路",
}


class ComponentStatus(StrEnum):
    """The state of a component (管理部件状态, GB/T 47678.5 table 2)."""

    INTACT = "intact"
    DAMAGED = "damaged"
    LOST = "lost"
    ABANDONED = "abandoned"
    REMOVED = "removed"


COMPONENT_STATUS_LABELS: dict[ComponentStatus, str] = {
    ComponentStatus.INTACT: "完好",
    ComponentStatus.DAMAGED: "破损",
    ComponentStatus.LOST: "丢失",
    ComponentStatus.ABANDONED: "废弃",
    ComponentStatus.REMOVED: "移除",
}


class DataSource(StrEnum):
    """Where a component's place comes from (数据来源, GB/T 47678.5 table 2)."""

    SURVEY = "survey"
    TOPOGRAPHIC_MAP = "topographic_map"
    BASE_DATA = "base_data"
    OTHER = "other"


DATA_SOURCE_LABELS: dict[DataSource, str] = {
    DataSource.SURVEY: "实测",
    DataSource.TOPOGRAPHIC_MAP: "地形图",
    DataSource.BASE_DATA: "基础地理数据",
    DataSource.OTHER: "其他",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Point:
    """A place on the ground in WGS-84 degrees."""

    lon: float
    lat: float


@dataclass(frozen=True, kw_only=True)
class NamedPlace:
    """A place that an address names, and a point in it."""

    name: str
    point: Point


@dataclass(frozen=True, kw_only=True, slots=True)
class Located:
    """What a point lies in: codes, empty where there is none.

    `squad` is the unit code answerable for the patrol grid, or for the town outside any grid;
    `road` is the nearest road within forty metres.
    """

    cell: str = ""
    grid: str = ""
    town: str = ""
    community: str = ""
    squad: str = ""
    road: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class LocatedMany:
    """The same for many points: one array of codes per field, in the order of the points."""

    cell: Texts
    grid: Texts
    town: Texts
    community: Texts
    squad: Texts
    road: Texts


@dataclass(frozen=True, kw_only=True)
class DivisionRef:
    """A division as other contexts see it."""

    code: str
    name: str
    level: Level
    squad: str = ""


@dataclass(frozen=True, kw_only=True)
class GridRef:
    """A patrol grid (责任网格) as other contexts see it."""

    code: str
    name: str
    squad: str
    town: str
    cell_count: int


@dataclass(frozen=True, kw_only=True)
class RoadRef:
    """A road as other contexts see it."""

    code: str
    name: str


@dataclass(frozen=True, kw_only=True)
class ComponentForm:
    """What a person states of a component (管理部件); codes and places follow from it."""

    type_code: str
    point: Point
    authority_code: str
    authority_name: str
    name: str = ""  # the type's name when empty
    owner_code: str = ""
    owner_name: str = ""
    maintainer_code: str = ""
    maintainer_name: str = ""
    status: ComponentStatus = ComponentStatus.INTACT
    source: DataSource = DataSource.SURVEY
    initial_on: date | None = None
    remark: str = ""


@dataclass(frozen=True, kw_only=True)
class ComponentChange:
    """What is to change of a component; None leaves a value as it is."""

    name: str | None = None
    point: Point | None = None
    authority_code: str | None = None
    authority_name: str | None = None
    owner_code: str | None = None
    owner_name: str | None = None
    maintainer_code: str | None = None
    maintainer_name: str | None = None
    status: ComponentStatus | None = None
    source: DataSource | None = None
    remark: str | None = None


class Verdict(StrEnum):
    """What an import makes of one record."""

    OK = "ok"
    FIXED = "fixed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


VERDICT_LABELS: dict[Verdict, str] = {
    Verdict.OK: "可导入",
    Verdict.FIXED: "已修复",
    Verdict.UNCHANGED: "无变化",
    Verdict.REFUSED: "不能导入",
}


@dataclass(frozen=True, kw_only=True)
class ImportLine:
    """The verdict on one record of an import, with its sentence."""

    number: int  # counted from 1, as a person would
    code: str
    name: str
    verdict: Verdict
    sentence: str = ""


@dataclass(frozen=True, kw_only=True)
class ImportReport:
    """What an import found, and whether it wrote anything."""

    kind: str
    datum: Datum
    lines: tuple[ImportLine, ...]
    refusal: str = ""  # what stands against the file as a whole
    notes: tuple[str, ...] = ()
    written: bool = False

    @property
    def acceptable(self) -> bool:
        """Whether nothing stands against writing it."""
        return not self.refusal and not self.count(Verdict.REFUSED)

    def count(self, verdict: Verdict) -> int:
        """Return how many records got a verdict."""
        return sum(line.verdict is verdict for line in self.lines)
