"""From the rows of a city's file to filing conditions, or to a fault that names row and column."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from chengzhi.kernel.clock import Unit
from chengzhi.standards.importing.grammar import HANDLING_GRAMMAR
from chengzhi.standards.importing.sheets import Fault, Line, key_text
from chengzhi.standards.limit_text import UNIT_WORDS, LimitReading, read_limit
from chengzhi.standards.store import Standards
from chengzhi.standards.types import Kind, StandardBroken

KIND_WORDS = {"部件": Kind.COMPONENT, "事件": Kind.MATTER, "事项": Kind.MATTER}
TITLE_KIND = re.compile(r"[（(](部件|事件|事项)类?[）)]")  # as titles end: “…标准（部件）”
MOST_TEXT = 1000


@dataclass(frozen=True, kw_only=True)
class Read:
    """One filing condition as the file has it, before it is laid over the standards."""

    line: Line
    kind: Kind
    code: str  # four digits of an older code table, or five
    name: str
    filing: str
    closing: str
    limit: LimitReading
    handler: str  # a kind of handler; empty where the file does not say it by itself
    handler_text: str
    authority: str
    basis: str
    guide: str


class Unread(Exception):
    """A row that cannot be read: the column, its text, and why."""

    def __init__(self, column: str, text: str, reason: str) -> None:
        super().__init__(reason)
        self.column, self.text, self.reason = column, text, reason


def read_rows(
    lines: list[Line], standards: Standards, *, on: date, kind: Kind | None = None
) -> tuple[list[Read], list[Fault]]:
    """Return what could be read, and a fault for every row that could not."""
    reader = _Reader(standards, on=on, kind=kind)
    rows: list[Read] = []
    for line in lines:
        try:
            rows.append(reader.read(line))
        except Unread as error:
            reader.say(line, error.column, error.text, error.reason, is_warning=False)
    return rows, reader.faults


class _Reader:
    def __init__(self, standards: Standards, *, on: date, kind: Kind | None) -> None:
        self.faults: list[Fault] = []
        self._kind = kind
        self._kinds = {
            word: row.code
            for row in standards.handler_kinds(on=on)
            for word in (row.code, row.name)
        }
        self._seasons = {
            row.name: row.months for rows in standards.seasons_by_code.values() for row in rows
        }

    def say(self, line: Line, key: str, text: str, reason: str, *, is_warning: bool = True) -> None:
        column = HANDLING_GRAMMAR.label(key)
        self.faults.append(
            Fault(sheet=line.sheet, row=line.row, column=column, text=text, reason=reason, is_warning=is_warning)
        )  # fmt: skip

    def read(self, line: Line) -> Read:
        name = line.value("name")
        if not name:
            raise Unread("name", "", "没有类别名称，上面各行也没有，请补上")
        handler = line.value("handler_kind")
        if handler and handler not in self._kinds:
            raise Unread("handler_kind", handler, "没有这类处置单位，请从处置单位类型表中选")
        return Read(
            line=line,
            kind=_kind(line, self._kind),
            code=_code(line),
            name=name,
            filing=_needed(line, "filing"),
            closing=_needed(line, "closing"),
            limit=self._limit(line),
            handler=self._kinds.get(handler, ""),
            handler_text=line.value("handler"),
            authority=line.value("authority"),
            basis=" ".join(filter(None, (line.value("basis"), line.value("article")))),
            guide=line.value("guide"),
        )

    def _limit(self, line: Line) -> LimitReading:
        """Return the limit; its own words win over a unit column beside them."""
        written, unit = _needed(line, "limit"), key_text(line.value("unit"))
        typed = UNIT_WORDS.get(unit)
        if unit and typed is None:
            self.say(line, "unit", unit, "不认识的单位，没有采用")
        if key_text(written).isdecimal():
            if typed is None:
                raise Unread(
                    "limit", written, "只有数字没有单位，请写成“2紧急工作时”“4小时”或“2天”"
                )
            written = f"{key_text(written)}{unit}"
        try:
            said = read_limit(written, seasons=self._seasons)
        except StandardBroken as error:
            raise Unread("limit", written, error.sentence.rstrip("。")) from error
        if said.limit.amount == 0:
            raise Unread("limit", written, "时限为 0，请写明长度")
        self._doubts(line, written, said, typed)
        return said

    def _doubts(self, line: Line, written: str, said: LimitReading, typed: Unit | None) -> None:
        if said.ignored:
            self.say(line, "limit", written, f"时限后面的“{said.ignored}”不是时间，没有采用")
        if typed is not None and typed is not said.limit.unit:
            reason = f"单位列写的是“{typed.label}”，以时限文字“{written}”为准"
            self.say(line, "unit", line.value("unit"), reason)
        if said.missing_months:
            months = "、".join(f"{month}月" for month in said.missing_months)
            self.say(line, "limit", written, f"{months}没有写时限，这些月份不能按本行立案，请补写")


def _kind(line: Line, asked: Kind | None) -> Kind:
    own = line.value("kind")
    if own:
        found = next((kind for word, kind in KIND_WORDS.items() if word in own), None)
        if found is None:
            raise Unread("kind", own, "类型只能写“部件”或“事项”（事件）")
        return found
    for text in (line.sheet, *TITLE_KIND.findall(line.title)):
        said = {kind for word, kind in KIND_WORDS.items() if word in text}
        if len(said) == 1:
            return said.pop()
    if asked is None:
        raise Unread("kind", "", "表名和标题都没有说明是部件还是事项，请加“类型”一列")
    return asked


def _code(line: Line) -> str:
    whole, major, minor = (key_text(line.value(key)) for key in ("code", "major", "minor"))
    for key, text in (("code", whole), ("major", major), ("minor", minor)):
        if text and not (text.isascii() and text.isdecimal()):
            raise Unread(key, text, "编码只能是数字")
    if whole:
        if len(whole) not in (4, 5):
            raise Unread("code", whole, "编码须是 4 位（大类 2 小类 2）或 5 位（大类 2 小类 3）")
        return whole
    if not major or not minor:
        missing = "minor" if major else "major"
        raise Unread(missing, "", "缺少编码，上面各行也没有，请补上")
    width = 3 if len(minor) == 3 else 2
    if len(major) > 2 or len(minor) > 3:
        raise Unread("minor", f"{major}-{minor}", "大类 2 位，小类 2 位或 3 位")
    return major.zfill(2) + minor.zfill(width)


def _needed(line: Line, key: str) -> str:
    text = line.value(key)
    if not text:
        raise Unread(key, "", "空着，请补上；同上一行的请合并单元格")
    if len(text) > MOST_TEXT:
        raise Unread(key, text[:40], f"超过 {MOST_TEXT} 字，请缩短")
    return text


def handler_of(text: str, aliases: Mapping[str, str]) -> str:
    """Return the kind of handler that a city's words name first; empty if none is known."""
    found = [(text.find(word), -len(word), kind) for word, kind in aliases.items() if word in text]
    return min(found)[2] if found else ""
