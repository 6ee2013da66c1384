"""Exported lists open in a spreadsheet as what they are."""

import csv
from datetime import UTC, date, datetime
from io import BytesIO, StringIO
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook

from chengzhi.kernel.sheets import as_csv, as_xlsx

ZONE = ZoneInfo("Asia/Shanghai")
HEAD = ("姓名", "时间")


def test_csv_begins_with_the_mark_that_spreadsheets_need():
    content = as_csv(HEAD, [("李明", datetime(2026, 11, 25, 2, 30, tzinfo=UTC))], zone=ZONE)

    assert content.startswith(b"\xef\xbb\xbf")
    assert content.decode("utf-8-sig") == "姓名,时间\r\n李明,2026-11-25 10:30:00\r\n"


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_a_text_that_looks_like_a_formula_is_quoted_in_csv(formula):
    content = as_csv(("a",), [(formula,)], zone=ZONE).decode("utf-8-sig")

    assert list(csv.reader(StringIO(content)))[1] == [f"'{formula}"]


def test_xlsx_keeps_text_as_text_and_numbers_as_numbers():
    rows = [("=1+1", 3, True, None, date(2026, 1, 2))]

    sheet = load_workbook(BytesIO(as_xlsx(("a", "b", "c", "d", "e"), rows, zone=ZONE))).active

    cells = sheet[2]
    assert [cell.value for cell in cells] == ["=1+1", 3, "是", None, "2026-01-02"]
    assert cells[0].data_type == "s"
