"""Events of places. (`name` is the event's own name, so no field is called that.)"""

from dataclasses import dataclass

from chengzhi.kernel.events import event


@event(
    "places.imported",
    label="导入地理数据",
    say="导入{kind_label}：新增{added_count}，变更{changed_count}，修复{fixed_count}（{datum}）",
)
@dataclass(frozen=True, kw_only=True)
class PlacesImported:
    """One import run was written."""

    kind: str
    kind_label: str
    county: str
    datum: str
    digest: str  # sha256 of the file
    added: list[str]
    changed: list[str]
    added_count: int
    changed_count: int
    fixed_count: int


@event("places.division-registered", label="登记行政区划", say="登记{division_name}（{code}）")
@dataclass(frozen=True, kw_only=True)
class DivisionRegistered:
    """A division was registered without a shape."""

    code: str
    division_name: str
    level: str


@event(
    "places.cell-changed",
    label="调整单元网格",
    say="调整单元网格{code}：面积{area_before:.0f}→{area_after:.0f}平方米",
)
@dataclass(frozen=True, kw_only=True)
class CellChanged:
    """A unit grid got another border; the old one stays on record."""

    code: str
    area_before: float
    area_after: float


@event(
    "places.grid-changed",
    label="调整责任网格",
    say="责任网格{code}由{squad}负责，{cell_count}个单元网格",
)
@dataclass(frozen=True, kw_only=True)
class GridChanged:
    """A patrol grid's name, squad or cells changed."""

    code: str
    grid_name: str
    squad: str
    cell_count: int


@event(
    "places.component-registered",
    label="登记部件",
    say="登记{component_name}（{code}），位于{cell_code}",
)
@dataclass(frozen=True, kw_only=True)
class ComponentRegistered:
    """A component entered the register."""

    code: str
    type_code: str
    component_name: str
    cell_code: str
    lon: float
    lat: float
    status: str


@event("places.component-changed", label="变更部件", say="变更部件{code}：{fields_text}")
@dataclass(frozen=True, kw_only=True)
class ComponentChanged:
    """Attributes of a component changed."""

    code: str
    before: dict[str, str]
    after: dict[str, str]
    fields_text: str


@event("places.component-removed", label="移除部件", say="移除部件{code}：{reason}")
@dataclass(frozen=True, kw_only=True)
class ComponentRemoved:
    """A component is gone from the street; its row and code stay."""

    code: str
    reason: str


@event(
    "places.components-imported",
    label="导入部件",
    say="导入部件{added_count}个（{type_count}类）",
)
@dataclass(frozen=True, kw_only=True)
class ComponentsImported:
    """One import of components was written; each also has its own event."""

    county: str
    digest: str
    added_count: int
    type_count: int
