"""Lists as files: the same columns as xlsx or csv, safe to open in a spreadsheet."""

import csv
from collections.abc import Iterable, Sequence
from datetime import date, datetime, tzinfo
from io import BytesIO, StringIO

import xlsxwriter

from chengzhi.kernel.errors import InvalidInput

Cell = str | int | float | bool | date | datetime | None
CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A text that begins so would be run as a formula."""


def as_csv(head: Sequence[str], rows: Iterable[Sequence[Cell]], *, zone: tzinfo) -> bytes:
    """Return comma-separated UTF-8 with a byte-order mark, as spreadsheets expect it."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(head)
    writer.writerows([_guarded(_plain(cell, zone)) for cell in row] for row in rows)
    return ("\ufeff" + out.getvalue()).encode()


def as_xlsx(head: Sequence[str], rows: Iterable[Sequence[Cell]], *, zone: tzinfo) -> bytes:
    """Return a workbook of one sheet with a frozen bold head; text stays text."""
    out = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(out, options)
    sheet = book.add_worksheet()
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, head, book.add_format({"bold": True}))
    for number, row in enumerate(rows, start=1):
        sheet.write_row(number, 0, [_plain(cell, zone) for cell in row])
    book.close()
    return out.getvalue()


def as_file(
    kind: str, head: Sequence[str], rows: Iterable[Sequence[Cell]], *, zone: tzinfo
) -> tuple[bytes, str]:
    """Return the rows as `xlsx` or `csv` with the media type.

    :raises InvalidInput: another kind was asked for.
    """
    writers = {"csv": (as_csv, CSV), "xlsx": (as_xlsx, XLSX)}
    if kind not in writers:
        raise InvalidInput(f"不能导出为“{kind}”，请选 xlsx 或 csv。", field="export")
    write, media_type = writers[kind]
    return write(head, rows, zone=zone), media_type


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
