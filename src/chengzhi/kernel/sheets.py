"""Lists as files: the same columns as xlsx or csv, row by row, safe to open in a spreadsheet."""

import csv
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, tzinfo
from io import BytesIO, TextIOWrapper
from typing import IO, Any

import xlsxwriter

from chengzhi.kernel.errors import InvalidInput

Cell = str | int | float | bool | date | datetime | None
Row = Sequence[Cell]
CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_XLSX = 1_048_575  # rows of a sheet below its head
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A text that begins so would be run as a formula."""
MEDIA = {"csv": CSV, "xlsx": XLSX}


def as_csv(head: Sequence[str], rows: Iterable[Row], *, zone: tzinfo) -> bytes:
    """Return comma-separated UTF-8 with a byte-order mark, as spreadsheets expect it."""
    return as_file("csv", head, rows, zone=zone)[0]


def as_xlsx(head: Sequence[str], rows: Iterable[Row], *, zone: tzinfo) -> bytes:
    """Return a workbook of one sheet with a frozen bold head; text stays text."""
    return as_file("xlsx", head, rows, zone=zone)[0]


def as_file(
    kind: str, head: Sequence[str], rows: Iterable[Row], *, zone: tzinfo
) -> tuple[bytes, str]:
    """Return the rows as `xlsx` or `csv` with the media type: for lists that fit into memory.

    :raises InvalidInput: another kind was asked for.
    """
    out = BytesIO()
    media_type = write_file(out, kind, head, rows, zone=zone)
    return out.getvalue(), media_type


def write_file(
    out: IO[bytes], kind: str, head: Sequence[str], rows: Iterable[Row], *, zone: tzinfo
) -> str:
    """Write the rows to a file as they come, in constant memory, and return the media type.

    :raises InvalidInput: neither xlsx nor csv was asked for.
    """
    writers: dict[str, Callable[..., None]] = {"csv": _write_csv, "xlsx": _write_xlsx}
    if kind not in writers:
        raise InvalidInput(f"不能导出为“{kind}”，请选 xlsx 或 csv。", field="export")
    writers[kind](out, head, rows, zone)
    return MEDIA[kind]


def _write_csv(out: IO[bytes], head: Sequence[str], rows: Iterable[Row], zone: tzinfo) -> None:
    text = TextIOWrapper(out, encoding="utf-8-sig", newline="", write_through=False)
    writer = csv.writer(text)
    writer.writerow(head)
    writer.writerows([_guarded(_plain(cell, zone)) for cell in row] for row in rows)
    text.flush()
    text.detach()


def _write_xlsx(out: IO[bytes], head: Sequence[str], rows: Iterable[Row], zone: tzinfo) -> None:
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(out, options)
    sheet = book.add_worksheet()
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, head, book.add_format({"bold": True}))
    for number, row in zip(range(1, MOST_XLSX + 1), rows, strict=False):
        for column, cell in enumerate(row):
            _write_cell(sheet, number, column, cell, zone, moment)
    book.close()


def _write_cell(
    sheet: Any, number: int, column: int, cell: Cell, zone: tzinfo, moment: Any
) -> None:
    """Write one cell; a moment stays one, so that a spreadsheet can sort and subtract it."""
    if isinstance(cell, datetime):
        naive = cell.astimezone(zone).replace(tzinfo=None, microsecond=0)
        sheet.write_datetime(number, column, naive, moment)
    elif isinstance(cell, str):
        sheet.write_string(number, column, cell)
    elif cell is not None:
        sheet.write(number, column, _plain(cell, zone))


def _plain(cell: Cell, zone: tzinfo) -> str | int | float:
    if isinstance(cell, datetime):
        return f"{cell.astimezone(zone):%Y-%m-%d %H:%M:%S}"
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, bool):
        return "是" if cell else "否"
    return "" if cell is None else cell


def _guarded(cell: str | int | float) -> str | int | float:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
