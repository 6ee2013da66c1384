"""Which columns a table may have, and how people head them."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column: its key in the code, its heads, and what an empty cell means."""

    key: str
    heads: tuple[str, ...]
    is_needed: bool = False
    carries: bool = False  # an empty cell means "as in the row above"

    @property
    def label(self) -> str:
        """The head that reports name."""
        return self.heads[0]


@dataclass(frozen=True, kw_only=True)
class Grammar:
    """The columns of one kind of table; `own` are those that make a row a row of its own."""

    columns: tuple[Column, ...]
    own: tuple[str, ...]
    starts: tuple[str, ...] = ()  # a value here ends what the row above carries

    @property
    def needed(self) -> frozenset[str]:
        """The columns without which nothing can be read."""
        return frozenset(column.key for column in self.columns if column.is_needed)

    def label(self, key: str) -> str:
        """Return the head of a column."""
        return next(column.label for column in self.columns if column.key == key)

    def match(self, cells: Iterable[str]) -> dict[int, str]:
        """Return column number to key for the cells of a head row."""
        keys = {head: column.key for column in self.columns for head in column.heads}
        found = {n: keys[cell] for n, cell in enumerate(cells) if cell in keys}
        return found if self.needed <= set(found.values()) else {}


HANDLING_GRAMMAR = Grammar(
    columns=(
        Column(key="kind", heads=("类型", "类别类型"), carries=True),
        Column(key="major", heads=("大类代码", "大类编码", "大类编号"), carries=True),
        Column(key="major_name", heads=("大类名称", "大类"), carries=True),
        Column(key="minor", heads=("小类代码", "小类编码", "小类编号"), carries=True),
        Column(key="code", heads=("代码", "编码", "事项代码", "类别代码"), carries=True),
        Column(
            key="name",
            heads=("小类名称", "事项名称", "部件名称", "类别名称", "名称", "小类"),
            is_needed=True,
            carries=True,
        ),
        Column(key="handler_kind", heads=("处置单位类型",), carries=True),
        Column(
            key="handler", heads=("处置单位", "责任主体", "责任单位", "处置责任单位"), carries=True
        ),
        Column(
            key="authority", heads=("主管部门", "监管主体", "监管部门", "监管单位"), carries=True
        ),
        Column(key="filing", heads=("立案条件", "立案标准"), is_needed=True),
        Column(key="closing", heads=("结案条件", "结案标准"), is_needed=True),
        Column(key="limit", heads=("处置时限", "时限", "处置期限"), is_needed=True),
        Column(key="unit", heads=("时限单位", "处置时限单位", "计时单位")),
        Column(key="basis", heads=("法律法规依据", "法律依据", "依据"), carries=True),
        Column(key="article", heads=("法律法规具体条款", "具体条款", "条款"), carries=True),
        Column(key="guide", heads=("采集要求", "采集说明"), carries=True),
    ),
    own=("filing", "closing", "limit"),
    starts=("minor", "code", "name"),
)
