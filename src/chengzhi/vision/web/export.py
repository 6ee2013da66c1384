"""A list as a file: xlsx or csv, the same columns in both."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from io import BytesIO

import xlsxwriter
from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone

from chengzhi.kernel.errors import InvalidInput

Cell = str | int | float | bool | datetime | None
LIMIT = 50_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: A cell that begins so would be run as a formula by a spreadsheet.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def export(
    kind: str, *, name: str, head: Sequence[str], rows: Iterable[Sequence[Cell]]
) -> HttpResponseBase:
    """Return the rows as a file to download.

    :raises InvalidInput: neither xlsx nor csv was asked for.
    """
    if kind == "csv":
        return _csv(name, head, rows)
    if kind == "xlsx":
        return _xlsx(name, head, rows)
    raise InvalidInput(f"不能导出为“{kind}”，请选 xlsx 或 csv。", field="export")


class _Echo:
    def write(self, value: str) -> str:
        return value


def _csv(name: str, head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> StreamingHttpResponse:
    writer = csv.writer(_Echo())

    def lines() -> Iterator[str]:
        yield "\ufeff"  # so that spreadsheets read UTF-8
        yield writer.writerow(head)
        for row in rows:
            yield writer.writerow([_guarded(_plain(cell)) for cell in row])

    answer = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def _xlsx(name: str, head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> FileResponse:
    content = BytesIO()
    book = xlsxwriter.Workbook(
        content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet()
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, head, book.add_format({"bold": True}))
    for number, row in enumerate(rows, start=1):
        sheet.write_row(number, 0, [_plain(cell) for cell in row])
    book.close()
    content.seek(0)
    return FileResponse(content, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)


def _plain(cell: Cell) -> str | int | float:
    if isinstance(cell, datetime):
        return f"{timezone.localtime(cell):%Y-%m-%d %H:%M:%S}"
    if isinstance(cell, bool):
        return "是" if cell else "否"
    return "" if cell is None else cell


def _guarded(cell: str | int | float) -> str | int | float:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
