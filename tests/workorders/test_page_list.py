"""The list: filters in the address, views, pages by key, exports."""

import csv
from io import BytesIO, StringIO

import openpyxl
import pytest
from django.utils import timezone

from chengzhi.workorders.models import SavedView
from chengzhi.workorders.queries.exports import HEAD
from chengzhi.workorders.types import State
from tests.workorders.conftest import LITTER, text

pytestmark = pytest.mark.usefixtures("county")


def test_filters_survive_a_reload_because_they_are_in_the_address(centre, bring, today):
    bring(at=today)
    litter = bring(at=today, matter_code=LITTER)
    address = "/work-orders/?state=reported&matter=06&town=330225001&text=靖南"

    page = text(centre.get(address))

    assert page.count("<tr data-row>") == 1
    assert f">{litter.pk}</a>" in page
    assert "状态：待受理" in page
    assert "镇街：丹东街道" in page


def test_the_list_pages_by_key(centre, bring, today):
    for _ in range(16):
        bring(at=today)

    first = centre.get("/work-orders/?size=15")
    following = first.context["pager"]["next"]
    second = centre.get(f"/work-orders/?size=15&after={following}")

    assert text(first).count("<tr data-row>") == 15
    assert text(second).count("<tr data-row>") == 1
    assert first.context["pager"]["total"] == second.context["pager"]["total"] == 16


def test_days_are_whole_and_both_included(centre, bring, today):
    bring(at=today)
    day = timezone.localdate(today).isoformat()

    assert centre.get(f"/work-orders/?since={day}&until={day}").context["pager"]["total"] == 1
    assert centre.get("/work-orders/?since=2020-01-01&until=2020-01-02").context["rows"] == ()


@pytest.mark.parametrize(
    "query", ["since=yesterday", "rework=x", "after=x", "sort=fine", "measure=x"]
)
def test_an_address_nobody_understands_is_refused_in_a_sentence(centre, query):
    assert centre.get(f"/work-orders/?{query}").status_code == 422


def test_nothing_found_offers_to_clear(centre, bring, today):
    bring(at=today)

    assert "没有符合的案件" in text(centre.get("/work-orders/?text=没有这条路"))


def test_nothing_yet_says_where_it_comes_from(stranger):
    assert "还没有案件" in text(stranger.get("/work-orders/"))


def test_a_view_is_saved_shown_and_dropped(centre, bring, today):
    bring(at=today)
    query = "state=reported&town=330225001"

    centre.post("/work-orders/views/", {"name": "丹东待受理", "query": query})
    page = text(centre.get(f"/work-orders/?{query}"))
    centre.post(f"/work-orders/views/{SavedView.objects.get().pk}/drop/")

    tabs = page.split('class="views"')[1].split("</nav>")[0]
    assert 'aria-current="page">丹东待受理' in tabs
    assert not SavedView.objects.exists()


def test_nobody_drops_anothers_view(centre, handler):
    centre.post("/work-orders/views/", {"name": "我的", "query": "open=1"})

    answer = handler.post(f"/work-orders/views/{SavedView.objects.get().pk}/drop/")

    assert answer.status_code == 404
    assert SavedView.objects.count() == 1


def test_csv_carries_the_filtered_list(centre, bring, today):
    bring(at=today)
    litter = bring(at=today, matter_code=LITTER, address="=HYPERLINK(1)")

    answer = centre.get("/work-orders/?matter=06&export=csv")

    lines = list(csv.reader(StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert tuple(lines[0]) == HEAD
    row = dict(zip(*lines, strict=True))
    assert (row["编号"], row["状态"], row["来源"]) == (litter.code, "待受理", "采集员上报")
    assert (row["事项代码"], row["类别"]) == (LITTER, "暴露垃圾")
    assert (row["镇街"], row["地点"]) == ("丹东街道", "'=HYPERLINK(1)")
    assert row["上报时间"] == timezone.localtime(today).strftime("%Y-%m-%d %H:%M:%S")
    assert len(lines) == 2


def test_xlsx_carries_the_same_columns(centre, bring, today):
    order = bring(State.CLOSED, at=today)

    answer = centre.get("/work-orders/?export=xlsx")

    sheet = openpyxl.load_workbook(BytesIO(b"".join(answer.streaming_content))).active
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    assert tuple(rows[0]) == HEAD
    row = dict(zip(*rows, strict=True))
    assert (row["编号"], row["状态"], row["来源"]) == (order.code, "已结案", "采集员上报")
    assert row["上报时间"] == timezone.localtime(today).replace(tzinfo=None, microsecond=0)
    assert len(rows) == 2


def test_export_is_for_whom_may_export_and_in_a_known_form(centre, handler):
    assert handler.get("/work-orders/?export=csv").status_code == 403
    assert centre.get("/work-orders/?export=pdf").status_code == 422
