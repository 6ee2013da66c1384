"""The standards as pages: matters, limits, calendar, findings, what is wrong; on any day."""

import csv
from collections.abc import Iterator
from datetime import date
from io import BytesIO, StringIO
from pathlib import Path

import openpyxl
import pytest
from django.test import Client

from chengzhi.accounts.types import Role
from chengzhi.site.web.standards import matter_rows, months
from chengzhi.site.web.standards.words import TRIGGER_LABELS, provenance
from chengzhi.standards import store

DAY = "2026-11-25"
PAGES = ("", "stages/", "limits/", "calendar/", "findings/", "check/", "matters/09005/")


@pytest.fixture
def leader(sign_in) -> Client:
    return sign_in(Role.LEADER)


@pytest.fixture
def overlay(tmp_path: Path) -> Iterator[Path]:
    """A city's own folder of tables, in force for one test."""
    before = store.current().overlay
    store.configure(tmp_path)
    yield tmp_path
    store.configure(before)


def page_of(client: Client, address: str) -> str:
    answer = client.get(f"/standards/{address}")
    assert answer.status_code == 200, answer.content.decode()[:500]
    return answer.content.decode()


def codes(answer) -> list[str]:
    return [matter.row.code for matter in answer.context["page"].rows]


@pytest.mark.parametrize("address", PAGES)
def test_every_page_has_one_heading_and_marks_where_it_is(leader, address):
    page = page_of(leader, f"{address}?on={DAY}")

    assert page.count("<h1>") == 1
    tabs = page.split('aria-label="标准"')[1].split("</nav>")[0]
    assert tabs.count('aria-current="page"') == 1
    assert f"on={DAY}" in tabs


@pytest.mark.parametrize("address", PAGES)
def test_nobody_is_sent_to_sign_in(client, db, address):
    assert client.get(f"/standards/{address}").status_code == 302


@pytest.mark.parametrize("role", [Role.HANDLER, Role.COLLECTOR, Role.TOWN_OFFICER])
def test_the_standards_are_open_to_everybody_signed_in(sign_in, role):
    assert "店外经营" in page_of(sign_in(role), f"matters/09005/?on={DAY}")


def test_all_matters_are_listed_national_and_local(leader):
    answer = leader.get(f"/standards/?on={DAY}")

    assert answer.context["pager"]["total"] == 263
    assert codes(answer)[0] == "01001"
    assert len(codes(answer)) == matter_rows.SIZE


def test_the_matters_page_by_key_there_and_back(leader):
    first = leader.get(f"/standards/?on={DAY}")
    second = leader.get(f"/standards/?on={DAY}&after={first.context['pager']['next']}")
    back = leader.get(f"/standards/?on={DAY}&before={second.context['pager']['previous']}")

    assert codes(second)[0] > codes(first)[-1]
    assert codes(back) == codes(first)
    assert first.context["pager"]["previous"] == ""


def test_the_last_page_has_no_next(leader):
    answer = leader.get(f"/standards/?on={DAY}&after=09001")

    assert answer.context["pager"]["next"] == ""
    assert answer.context["pager"]["total"] == 263


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("text=店外经营", ["09005"]),
        ("text=09005", ["09005"]),
        ("text=弹跳产生声响&major=01&handler=utility", None),
        ("basis=local&major=09", None),
        ("text=没有这样的事项", []),
    ],
)
def test_matters_are_found_by_words_class_handler_and_basis(leader, query, found):
    answer = leader.get(f"/standards/?on={DAY}&{query}")

    if found is None:
        assert all(code.startswith(query.split("major=")[1][:2]) for code in codes(answer))
    else:
        assert codes(answer) == found


def test_local_matters_are_thirteen(leader):
    answer = leader.get(f"/standards/?on={DAY}&basis=local")

    assert answer.context["pager"]["total"] == 13
    assert leader.get(f"/standards/?on={DAY}&basis=standard").context["pager"]["total"] == 250


def test_nothing_found_offers_to_clear(leader):
    page = page_of(leader, "?text=没有这样的事项")

    assert "没有符合的事项" in page
    assert "清空条件" in page


def test_before_the_standard_there_was_no_matter(leader):
    page = page_of(leader, "?on=2020-01-01")

    assert "这一天没有施行的事项表" in page
    assert "2020-01-01 施行的标准" in page


def test_a_matter_shows_when_it_is_filed_and_closed_by_when_and_by_whom(leader):
    page = page_of(leader, f"matters/01001/?on={DAY}")

    assert "缺失、移位、开裂，存在安全隐患的" in page
    assert "更换或修复" in page
    assert "2 紧急工作时" in page
    assert "管线权属单位" in page
    assert "由运城市标准对应" in page
    assert "2026-07-01 起" in page
    assert 'href="/work-orders/?matter=01001"' in page


def test_a_matter_that_is_often_confused_leads_to_its_neighbours(leader):
    page = page_of(leader, f"matters/09005/?on={DAY}")

    assert "有固定门店，商品或经营活动超出门窗的，才是店外经营" in page
    assert 'href="/standards/matters/09006/' in page
    assert "店外摆放" in page


def test_a_default_condition_says_that_it_waits_for_confirmation(leader):
    page = page_of(leader, f"matters/01055/?on={DAY}")

    assert "立案条件和时限用的是默认值" in page


def test_a_matter_on_a_day_before_it_held_says_when_it_holds(leader):
    page = page_of(leader, "matters/09005/?on=2020-01-01")

    assert "事项 09005 这一天没有施行" in page
    assert '<a href="?on=2026-07-01">2026-07-01 起</a>' in page


def test_an_unknown_matter_is_not_found(leader):
    answer = leader.get("/standards/matters/99999/")

    assert answer.status_code == 404
    assert "没有代码为 99999 的事项" in answer.content.decode()


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("?on=昨天", "日期“昨天”应写成 2026-11-25"),
        ("limits/?on=2026-02-30", "日期“2026-02-30”应写成 2026-11-25"),
        ("calendar/?on=0001-01-01", "应在 1990 年至 2099 年之间"),
        ("?basis=x", "没有“x”这一类"),
        ("limits/?party=x", "没有“x”这类义务人"),
        ("calendar/?year=1999", "工作日历只有 2010 年至 2035 年"),
        ("calendar/?year=二〇", "工作日历只有 2010 年至 2035 年"),
        ("stages/?export=pdf", "不能导出为“pdf”"),
        ("stages/?export=csv&table=x", "没有名为“x”的表"),
    ],
)
def test_what_nobody_understands_is_refused_in_a_sentence(leader, address, sentence):
    answer = leader.get(f"/standards/{address}")

    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_stages_show_the_usual_and_the_urgent_limit(leader):
    page = page_of(leader, f"stages/?on={DAY}")

    assert "120 工作分钟" in page
    assert "60 紧急分钟" in page
    assert "12319、96310 热线" in page


def test_a_legal_limit_names_article_start_and_dates(leader):
    page = page_of(leader, f"limits/?on={DAY}&text=作出处罚决定")

    assert "自立案之日" in page
    assert "90 日" in page
    assert "次日起算，不顺延" in page
    assert "行政处罚法 60" in page
    assert "2021-07-15 起" in page


def test_a_limit_before_an_act_says_so(leader):
    assert "举行听证前" in page_of(leader, f"limits/?on={DAY}&text=听证通知")


def test_limits_are_those_of_the_day(leader):
    article = "行政复议法"
    now, then = (
        leader.get(f"/standards/limits/?on={on}&text={article}").context["tables"][0].rows
        for on in (DAY, "2010-01-01")
    )

    assert len(now) > len(then) == 1
    assert then[0][-1].text == "1999-10-01 – 2023-12-31"


def test_limits_are_narrowed_to_who_must_act(leader):
    tables = leader.get(f"/standards/limits/?on={DAY}&party=court").context["tables"]

    assert [row[0].text for row in tables[0].rows] == [
        "法院受理强制执行申请", "法院作出执行裁定", "法院作出执行裁定（听取意见的）",
    ]  # fmt: skip
    assert tables[1].rows == ()


def test_no_limit_found_offers_to_clear(leader):
    assert page_of(leader, "limits/?text=没有这样的期限").count("没有符合的内容") == 2


def test_the_calendar_shows_holidays_and_make_up_days(leader):
    page = page_of(leader, "calendar/?year=2026")

    assert page.count('<table class="month">') == 12
    assert "2026-10-01 放假" in page
    assert 'title="2026-10-10 调休上班"' in page
    assert "08:00–12:00、14:00–18:00" in page
    assert "2026 年的放假调休安排尚未录入" not in page


def test_a_year_without_a_plan_says_so(leader):
    assert "2027 年的放假调休安排尚未录入" in page_of(leader, "calendar/?year=2027")


def test_the_months_count_the_working_days_of_the_year():
    standards = store.current()
    days = months.days_of(standards, 2026, today=date(2026, 11, 25))

    shown = months.months(days, standards)

    expected = standards.calendar.working_days(date(2026, 1, 1), date(2027, 1, 1))
    assert sum(month.working_days for month in shown) == expected
    assert sum(day is not None for month in shown for week in month.weeks for day in week) == 365
    assert [day.on for day in days if day.is_today] == [date(2026, 11, 25)]


def test_a_city_adds_its_own_days(overlay, leader):
    (overlay / "calendar_cn.toml").write_text(
        'days = [{date = 2026-09-16, kind = "off", name = "开渔节"}]\n'
        'short_days = [{date = 2026-09-15, spans = ["08:00-12:00"]}]\n',
        encoding="utf-8",
    )

    page = page_of(leader, "calendar/?year=2026")

    assert 'title="2026-09-16 放假 开渔节"' in page
    assert 'title="2026-09-15 缩短工时"' in page
    assert "含本地标准" in page_of(leader, "stages/")


def test_findings_name_the_matter_and_condition_they_are_filed_as(leader):
    page = page_of(leader, f"findings/?on={DAY}")

    assert f'<a href="/standards/matters/09005/?on={DAY}">09005 店外经营</a>' in page
    assert "店内物品" in page


def test_the_check_shows_warnings_and_where_they_lie(leader):
    page = page_of(leader, "check/?on=2026-08-01")

    assert "标准表没有问题，有 12 条提示待本地核定。" in page
    assert "“防蚊闸异常”使用默认条件和时限" in page
    assert 'href="/standards/matters/01055/?on=2026-08-01"' in page


def test_a_problem_of_the_tables_alarms(overlay, leader):
    (overlay / "verdict_reasons.csv").write_text(
        "code,name,shortcut,needs_note,source,valid_from,valid_to\n"
        "another,另一个,1,no,local,2020-01-01,\n",
        encoding="utf-8",
    )

    page = page_of(leader, "check/")

    assert "标准表有 1 个问题。" in page
    assert "快捷键 1 已被 goods_inside 使用。" in page


def test_csv_carries_every_condition_of_the_matters_found(leader):
    answer = leader.get(f"/standards/?on={DAY}&text=01001&export=csv")

    lines = list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))
    assert lines[0][:5] == ["代码", "名称", "大类", "序号", "立案条件"]
    assert lines[1][:9] == [
        "01001", "供水井盖异常", "市政公用设施", "1", "缺失、移位、开裂，存在安全隐患的",
        "恢复", "2 紧急工作时", "管线权属单位（供水、燃气、热力、电力、通信）", "",
    ]  # fmt: skip
    assert len(lines) == 5


@pytest.mark.parametrize(
    ("address", "head", "rows"),
    [
        ("stages/?export=xlsx", "环节", 8),
        ("stages/?export=xlsx&table=channels", "来源渠道", 7),
        (f"limits/?export=xlsx&on={DAY}", "期限", 55),
        (f"findings/?export=xlsx&table=reasons&on={DAY}", "误报原因", 9),
        (f"matters/01001/?export=xlsx&on={DAY}", "序号", 4),
        ("check/?export=xlsx&on=2026-08-01", "级别", 12),
    ],
)
def test_xlsx_carries_the_table_that_was_asked_for(leader, address, head, rows):
    answer = leader.get(f"/standards/{address}")

    sheet = openpyxl.load_workbook(BytesIO(answer.content)).active
    assert sheet["A1"].value == head
    assert sheet.max_row == rows + 1


def test_the_calendar_is_exported_as_stretches(leader):
    answer = leader.get("/standards/calendar/?year=2026&export=csv")

    lines = list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))
    assert lines[1] == ["2026-01-01 星期四 – 2026-01-03 星期六", "放假", "元旦", "3"]
    assert lines[2] == ["2026-01-04 星期日", "调休上班", "—", "1"]


def test_export_is_for_whom_may_export(sign_in):
    assert sign_in(Role.HANDLER).get("/standards/stages/?export=csv").status_code == 403


def test_every_trigger_of_a_limit_has_a_word():
    rows = [row for versions in store.current().limits_by_key.values() for row in versions]

    assert {row.trigger for row in rows} - set(TRIGGER_LABELS) == set()


@pytest.mark.parametrize(
    ("source", "word", "text"),
    [
        ("[V:LAW]", "已核对", ""),
        ("GB/T 47678.5-2026 附录 [V2:CIA]", "据转录核对", "GB/T 47678.5-2026 附录"),
        ("[M]; configurable", "待核定", "可按本地调整"),
        ("unmapped: default row, confirm locally [D]", "待核定", "样本中没有对应类别，默认条件"),
        ("review desk [D]", "本系统设定", "复核台"),
        (
            "domain 1.5, 1.8: a person confirms at the review desk [D]",
            "本系统设定",
            "由复核员确认",
        ),
        ("domain 1.5 [V:SCG]", "已核对", ""),
        (
            "local extension [D], after sample city 01-84 违规养犬 [V:SCG]",
            "本系统设定",
            "本地扩展, 参照运城市 01-84 违规养犬",
        ),
        ("象山县 2026", "本地", "象山县 2026"),
    ],
)
def test_a_source_says_how_sure_it_is(source, word, text):
    known = provenance(source)

    assert (known.word, known.text) == (word, text)


def test_no_english_is_left_in_a_source_of_the_tables():
    standards = store.current()
    indexes = (
        standards.handling_by_code, standards.stages_by_name, standards.channels_by_code,
        standards.limits_by_key, standards.amounts_by_key, standards.findings_by_kind,
        standards.reasons_by_code, standards.matters_by_code,
    )  # fmt: skip
    sources = {row.source for index in indexes for rows in index.values() for row in rows}

    texts = {provenance(source).text for source in sources}

    words = {word for text in texts for word in text.split() if word.isascii() and word.isalpha()}
    assert {word for word in words if len(word) > 3} == set()


def test_in_english_labels_are_english(leader):
    leader.cookies["django_language"] = "en"

    page = page_of(leader, f"limits/?on={DAY}")

    assert "Legal limits" in page
    assert "from the next day" in page
    assert "次日起算" not in page
