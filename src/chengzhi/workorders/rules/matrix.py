"""The matrix of responsibility as a sheet: its columns, and how its words are read (权责矩阵)."""

import re
from datetime import date

from chengzhi.standards.importing import Column, Grammar
from chengzhi.standards.importing.sheets import key_text
from chengzhi.workorders.rules.routing import WEEKDAYS

MATRIX_GRAMMAR = Grammar(
    columns=(
        Column(key="matter", heads=("事项", "事项代码", "事项类别"), is_needed=True),
        Column(key="condition_number", heads=("情形", "立案条件序号", "第几种情形")),
        Column(key="area", heads=("范围", "区域", "责任区域")),
        Column(key="road", heads=("道路", "路段")),
        Column(key="road_metres", heads=("两侧米数", "道路两侧米数", "缓冲米数")),
        Column(key="layer", heads=("图层", "地块")),
        Column(key="weekdays", heads=("星期",)),
        Column(key="slot", heads=("时段",)),
        Column(key="kind", heads=("处置单位类型",)),
        Column(key="unit", heads=("处置单位", "责任单位", "责任部门"), is_needed=True),
        Column(key="person", heads=("责任人",)),
        Column(key="note", heads=("备注", "说明")),
        Column(key="valid_from", heads=("启用日期", "生效日期")),
        Column(key="valid_to", heads=("停用日期", "失效日期")),
        Column(key="state", heads=("状态",)),
    ),
    own=("matter", "unit"),
)
HEADS = tuple(column.label for column in MATRIX_GRAMMAR.columns)
ANY = {"", "全部", "全部事项", "各类事项", "全县", "不限", "每天", "全天", "—", "-", "长期"}
_SLOT = re.compile(r"(\d{1,2})[:：](\d{2})\s*[-—–~至到]+\s*(?:次日)?(\d{1,2})[:：](\d{2})")


class Unreadable(Exception):
    """A cell that cannot be read: its column and why."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column, self.reason = column, reason


def is_any(text: str) -> bool:
    """Return whether a cell does not narrow."""
    return key_text(text) in ANY


def weekdays_of(text: str) -> str:
    """Return digits from "周一至周五", "一、三、五", "工作日" or "12345"."""
    plain = key_text(text)
    if plain in ANY:
        return ""
    if plain == "工作日":
        return "12345"
    if plain in ("周末", "双休日"):
        return "67"
    if plain.isascii() and plain.isdecimal():
        return _checked(plain, text)
    bare = re.sub(r"周|星期|礼拜", "", plain).replace("天", "日")
    digits = ""
    for part in re.split(r"[、,，;；]", bare):
        span = re.fullmatch(rf"([{WEEKDAYS}])[至到~—-]+([{WEEKDAYS}])", part)
        if span:
            first, last = WEEKDAYS.index(span[1]), WEEKDAYS.index(span[2])
            digits += "".join(str((first + n) % 7 + 1) for n in range((last - first) % 7 + 1))
        elif part and set(part) <= set(WEEKDAYS):
            digits += "".join(str(WEEKDAYS.index(day) + 1) for day in part)
        else:
            raise Unreadable("weekdays", "写成“周一至周五”“周六、周日”或 12345")
    return _checked(digits, text)


def _checked(digits: str, text: str) -> str:
    if not digits or not set(digits) <= set("1234567"):
        raise Unreadable("weekdays", "写成“周一至周五”“周六、周日”或 12345")
    kept = "".join(sorted(set(digits)))
    return "" if len(kept) == 7 else kept


def slot_of(text: str) -> str:
    """Return "18:00-06:00" from "18:00—次日6:00"."""
    if is_any(text):
        return ""
    found = _SLOT.fullmatch(text.strip())
    if found is None:
        raise Unreadable("slot", "写成 18:00-22:00，可过零点")
    starts, ends = (f"{int(found[n]):02d}:{found[n + 1]}" for n in (1, 3))
    return f"{starts}-{ends}"


def whole_number(text: str, column: str) -> int:
    """Return a number; 0 for an empty cell."""
    plain = key_text(text).removesuffix("米").removeprefix("第").removesuffix("种")
    if plain in ANY:
        return 0
    if not plain.isdecimal() or len(plain) > 5:
        raise Unreadable(column, "须是数字")
    return int(plain)


def day_of(text: str, column: str) -> date | None:
    """Return a day; none for an empty cell."""
    if is_any(text):
        return None
    try:
        return date.fromisoformat(key_text(text).replace("/", "-"))
    except ValueError as error:
        raise Unreadable(column, "日期写成 2026-12-01") from error
