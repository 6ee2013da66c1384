"""The list as a file: csv streams row by row, xlsx is built on disk, the same columns in both."""

import csv
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from tempfile import TemporaryFile

import xlsxwriter
from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from chengzhi.kernel.errors import InvalidInput
from chengzhi.workorders.types import Row

Cell = str | int | float | datetime | None
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_XLSX = 1_000_000  # a sheet has 1,048,576 rows
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would run what begins so
COLUMNS: tuple[tuple[str, Callable[[Row], Cell]], ...] = (
    ("编号", lambda row: row.code),
    ("状态", lambda row: row.state_label),
    ("来源", lambda row: row.channel_label),
    ("事项代码", lambda row: row.matter_code),
    ("类别", lambda row: row.matter_name),
    ("镇街", lambda row: row.town_name),
    ("地点", lambda row: row.address),
    ("责任网格", lambda row: row.grid),
    ("处置单位", lambda row: row.handler_name),
    ("上报时间", lambda row: row.reported_at),
    ("立案时间", lambda row: row.filed_at),
    ("处置截止", lambda row: row.handling_due_at),
    ("办结时间", lambda row: row.closed_at),
    ("返工", lambda row: row.rework_count),
    ("回退", lambda row: row.return_count),
    ("结案结果", lambda row: row.closing_result_label),
    ("经度", lambda row: row.lon),
    ("纬度", lambda row: row.lat),
)


def export(kind: str, rows: Iterable[Row]) -> HttpResponseBase:
    """Return the rows as a file to download.

    :raises InvalidInput: neither csv nor xlsx was asked for.
    """
    makers = {"csv": _csv, "xlsx": _xlsx}
    if kind not in makers:
        raise InvalidInput(f"不能导出为“{kind}”，请选 xlsx 或 csv。", field="export")
    return makers[kind](rows)


class _Echo:
    def write(self, line: str) -> str:
        return line


def _csv(rows: Iterable[Row]) -> HttpResponseBase:
    writer = csv.writer(_Echo())

    def lines() -> Iterator[str]:
        yield "\ufeff"  # so that spreadsheets read it as UTF-8
        yield writer.writerow(_head())
        for row in rows:
            yield writer.writerow([_guarded(_text(cell(row))) for _, cell in COLUMNS])

    answer = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="work-orders.csv"'
    return answer


def _head() -> list[str]:
    return [gettext(label) for label, _ in COLUMNS]


def _text(cell: Cell) -> str | int | float:
    if isinstance(cell, datetime):
        return timezone.localtime(cell).strftime("%Y-%m-%d %H:%M:%S")
    return "" if cell is None else cell


def _guarded(cell: str | int | float) -> str | int | float:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def _xlsx(rows: Iterable[Row]) -> HttpResponseBase:
    content = TemporaryFile()  # noqa: SIM115 (FileResponse closes it)
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(content, options)
    sheet = book.add_worksheet(gettext("案件"))
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, _head())
    for number, row in zip(range(1, MOST_XLSX), rows, strict=False):
        for column, (_, cell) in enumerate(COLUMNS):
            _write(sheet, number, column, cell(row), moment)
    book.close()
    content.seek(0)
    return FileResponse(content, as_attachment=True, filename="work-orders.xlsx", content_type=XLSX)


def _write(sheet: Worksheet, row: int, column: int, cell: Cell, moment: Format) -> None:
    if isinstance(cell, datetime):
        naive = timezone.localtime(cell).replace(tzinfo=None, microsecond=0)
        sheet.write_datetime(row, column, naive, moment)
    elif cell is not None:
        sheet.write(row, column, cell)
