"""Facts about places that must hold in production; `chengzhi places check` tells where not."""

from collections.abc import Iterator

from chengzhi.places.queries import health


def problems() -> Iterator[str]:
    """Return a sentence for each thing that is wrong."""
    yield from cells_overlap()
    yield from cells_without_community()
    yield from components_without_cell()
    yield from grids_without_cells()


def cells_overlap() -> Iterator[str]:
    """Unit grids share no ground (GB/T 47678.3)."""
    for first, second, size in health.overlapping_cells():
        yield f"单元网格{first}与{second}重叠{size:.0f}平方米。"


def cells_without_community() -> Iterator[str]:
    """A unit grid's community stands."""
    for code in health.homeless_cells():
        yield f"单元网格{code}所属的社区{code[:12]}没有登记。"


def components_without_cell() -> Iterator[str]:
    """A component that stands lies in a unit grid that stands."""
    for code, cell in health.lost_components():
        yield f"部件{code}所在的单元网格{cell}已不存在，请重新定位。"


def grids_without_cells() -> Iterator[str]:
    """A patrol grid that stands has unit grids."""
    for code in health.empty_grids():
        yield f"责任网格{code}没有单元网格。"
