"""Cells of an xlsx or csv file: merged cells filled, rows carried on, nothing dropped in silence."""

import csv
import io
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from chengzhi.standards.importing.grammar import Grammar
from chengzhi.standards.types import StandardBroken

MOST_BYTES = 10_000_000
MOST_UNPACKED = 200_000_000
MOST_ROWS = 20_000
MOST_COLUMNS = 60
HEAD_WITHIN = 10  # rows of titles above the heads
ZIP = b"PK\x03\x04"


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One thing that could not be read, or was read with a doubt: where, what, why."""

    sheet: str
    row: int
    column: str
    text: str
    reason: str
    is_warning: bool = False


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One sheet as text: `cells[row][column]`, and which of them lie under a merge begun above."""

    name: str
    cells: tuple[tuple[str, ...], ...]
    under: frozenset[tuple[int, int]] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Line:
    """One row of a table by column key, with the place where it stands."""

    sheet: str
    row: int
    title: str  # what stands above the heads
    values: dict[str, str]

    def value(self, key: str) -> str:
        """Return a cell's text; empty where there is none."""
        return self.values.get(key, "")


def read_sheets(content: bytes, *, name: str = "") -> list[Sheet]:
    """Return the sheets of an xlsx or csv file.

    :raises StandardBroken: it is neither, or too large.
    """
    if len(content) > MOST_BYTES:
        raise StandardBroken(f"文件超过 {MOST_BYTES // 1_000_000} MB，请分成几个文件再导入。")
    return _workbook(content) if content.startswith(ZIP) else [_csv(content, name)]


def _workbook(content: bytes) -> list[Sheet]:
    broken = StandardBroken("这个文件不是能打开的 xlsx 表格，请另存为 xlsx 或 csv 后重试。")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            size = sum(item.file_size for item in packed.infolist())
        book = load_workbook(io.BytesIO(content), data_only=True) if size < MOST_UNPACKED else None
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError) as error:
        raise broken from error
    if book is None:
        raise broken
    return [_worksheet(sheet) for sheet in book.worksheets if isinstance(sheet, Worksheet)]


def _worksheet(sheet: Worksheet) -> Sheet:
    rows = min(sheet.max_row, MOST_ROWS + 1)
    columns = min(sheet.max_column, MOST_COLUMNS)
    cells = [
        [plain(cell) for cell in row]
        for row in sheet.iter_rows(max_row=rows, max_col=columns, values_only=True)
    ]
    under = set()
    for merge in sheet.merged_cells.ranges:
        value = cells[merge.min_row - 1][merge.min_col - 1] if merge.min_row <= rows else ""
        for row in range(merge.min_row, min(merge.max_row, rows) + 1):
            for column in range(merge.min_col, min(merge.max_col, columns) + 1):
                cells[row - 1][column - 1] = value
                if row > merge.min_row:
                    under.add((row - 1, column - 1))
    return Sheet(name=sheet.title, cells=tuple(tuple(row) for row in cells), under=frozenset(under))


def _csv(content: bytes, name: str) -> Sheet:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            break
    else:
        raise StandardBroken("这个文件不是 xlsx，也不是 UTF-8 或 GB18030 的 csv，请另存后重试。")
    try:
        rows = [tuple(plain(cell) for cell in row) for row in csv.reader(io.StringIO(text))]
    except csv.Error as error:
        raise StandardBroken("这个 csv 文件读不下去，请用表格软件另存后重试。") from error
    width = min(max(map(len, rows), default=0), MOST_COLUMNS)
    cells = tuple((*row[:width], *[""] * (width - len(row))) for row in rows[: MOST_ROWS + 1])
    return Sheet(name=name or "csv", cells=cells)


def plain(cell: Any) -> str:
    """Return a cell as text in one spelling: no full-width digits, no line breaks, no edges."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    if isinstance(cell, datetime):
        cell = cell.date() if cell.time() == time() else cell
    if isinstance(cell, date | time):
        return cell.isoformat()
    lines = (line.strip() for line in str(cell).splitlines())
    return " ".join(line for line in lines if line)


def key_text(text: str) -> str:
    """Return a text as two spellings of it are compared."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def read_lines(sheets: list[Sheet], grammar: Grammar) -> tuple[list[Line], list[Fault]]:
    """Return the rows of every sheet that has the heads of the grammar, and what is wrong.

    :raises StandardBroken: no sheet has them, or there are too many rows.
    """
    lines: list[Line] = []
    faults: list[Fault] = []
    found = False
    for sheet in sheets:
        heads = _heads(sheet, grammar)
        if heads is None:
            if any(any(row) for row in sheet.cells):
                faults.append(_headless(sheet, grammar))
            continue
        found = True
        lines += _lines(sheet, grammar, *heads)
    if not found:
        raise StandardBroken(
            f"没有找到表头。前 {HEAD_WITHIN} 行中须有一行写明各列名称，至少有："
            f"{'、'.join(grammar.label(key) for key in _needed(grammar))}。"
        )
    if len(lines) > MOST_ROWS:
        raise StandardBroken(f"超过 {MOST_ROWS} 行，请分成几个文件再导入。")
    return lines, faults


def _needed(grammar: Grammar) -> list[str]:
    return [column.key for column in grammar.columns if column.is_needed]


def _headless(sheet: Sheet, grammar: Grammar) -> Fault:
    needed = "、".join(grammar.label(key) for key in _needed(grammar))
    return Fault(
        sheet=sheet.name, row=1, column="", text="", is_warning=True,
        reason=f"这张表没有表头（{needed}），整张没有读",
    )  # fmt: skip


def _heads(sheet: Sheet, grammar: Grammar) -> tuple[int, dict[int, str]] | None:
    for number, cells in enumerate(sheet.cells[:HEAD_WITHIN]):
        found = grammar.match(key_text(cell) for cell in cells)
        if found:
            return number, found
    return None


def _lines(sheet: Sheet, grammar: Grammar, head: int, heads: dict[int, str]) -> Iterator[Line]:
    carried = {column.key for column in grammar.columns if column.carries}
    title = " ".join(dict.fromkeys(cell for row in sheet.cells[:head] for cell in row if cell))
    above: dict[str, str] = {}
    for number in range(head + 1, len(sheet.cells)):
        said = {key: sheet.cells[number][column] for column, key in heads.items()}
        fresh = {
            key
            for column, key in heads.items()
            if said[key] and (number, column) not in sheet.under
        }
        if not fresh:
            continue  # an empty row, or one that lies wholly under merged cells
        above = _carry(above, said, fresh, carried, grammar)
        if fresh.isdisjoint(grammar.own):
            continue  # a row that only opens a class
        yield Line(
            sheet=sheet.name, row=number + 1, title=title, values={**above, **_own(said, carried)}
        )


def _own(said: dict[str, str], carried: set[str]) -> dict[str, str]:
    return {key: value for key, value in said.items() if key not in carried}


def _carry(
    above: dict[str, str],
    said: dict[str, str],
    fresh: set[str],
    carried: set[str],
    grammar: Grammar,
) -> dict[str, str]:
    """Return what this row hands on: a new class or category begins with nothing of the old."""
    begins = not fresh.isdisjoint(grammar.starts) and any(
        said.get(key) and said[key] != above.get(key) for key in grammar.starts
    )
    classes = {"kind", "major", "major_name"}
    kept = {k: v for k, v in above.items() if not begins or k in classes}
    return {**kept, **{key: said[key] for key in carried if said.get(key)}}
