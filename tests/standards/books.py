"""Workbooks and csv files as a city might send them."""

from collections.abc import Sequence
from io import BytesIO

from openpyxl import Workbook

HEADS = (
    "大类代码", "大类名称", "小类代码", "小类名称", "处置单位", "主管部门", "立案条件", "结案条件", "处置时限",
)  # fmt: skip
MANHOLE = ("01", "公用设施", "01", "上水井盖", "节约用水中心、各产权单位", "城市管理局")
LITTER = ("01", "市容环境", "10", "暴露生活垃圾", "环卫中心", "城市管理局")


def book(
    rows: Sequence[Sequence[object]],
    *,
    heads: Sequence[str] = HEADS,
    sheet: str = "部件",
    merges: Sequence[str] = (),
    title: str = "某市立案、处置和结案标准",
) -> bytes:
    """Return an xlsx with a title, a head row and the rows."""
    made = Workbook()
    page = made.active
    page.title = sheet
    page.append([title])
    page.append(list(heads))
    for row in rows:
        page.append(list(row))
    for merge in merges:
        page.merge_cells(merge)
    out = BytesIO()
    made.save(out)
    return out.getvalue()
