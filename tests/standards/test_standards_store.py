"""The standards answer by key and day, and refuse in sentences."""

import json
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook

from chengzhi import standards
from chengzhi.kernel.calendar import CHINA
from chengzhi.kernel.clock import Duration, Unit, deadline, last_day, latest_day_before
from chengzhi.standards import Standards
from chengzhi.standards.check import check
from chengzhi.standards.limit_text import parse_limit
from chengzhi.standards.pages import pages
from chengzhi.standards.types import Direction, Kind, StandardMissing
from chengzhi.standards.work_calendar import holiday_names

NOW = date(2026, 11, 25)
STREET_MATTERS = [
    "06001", "06010", "06011", "06012", "06014", "06017", "06020", "06028", "06029", "06035",
    "06036", "06042", "06045", "06007", "06013", "07001", "07003", "07006", "07007", "08001",
    "08002", "08003", "08004", "08006", "08011", "08012", "09001", "09005", "09006", "09009",
    "09010", "09011", "09012", "09022", "10002", "06043", "06901", "06902", "06903", "10901",
    "10902", "10904", "03001",
]  # fmt: skip


@pytest.fixture(scope="module")
def table() -> Standards:
    return Standards.load()


def test_the_tables_have_no_problem_and_say_what_is_unconfirmed(table):
    found = check(table, on=NOW)

    assert [problem for problem in found if not problem.is_warning] == []
    assert found[0].sentence.startswith("2027 年的放假调休安排尚未录入")
    assert len(found) == 12


def test_the_standard_has_153_components_and_250_matters(table):
    of_standard = [m for m in table.matters(on=NOW) if m.scheme == "GB/T 47678.5-2026"]

    assert len(table.components(on=NOW)) == 153
    assert len(of_standard) == 250
    assert Counter(m.major for m in of_standard)["06"] == 51


def test_a_matter_and_a_component_may_share_a_code(table):
    assert table.matter("01001", on=NOW).name == "供水井盖异常"
    assert table.component("01001", on=NOW).name == "供水井盖"


def test_a_code_is_refused_before_its_standard_is_in_force(table):
    with pytest.raises(StandardMissing, match="2026-07-01 起施行") as refusal:
        table.matter("06010", on=date(2026, 6, 30))

    assert refusal.value.status == 409
    assert table.matter("06010", on=date(2026, 7, 1)).name == "暴露垃圾"


def test_an_unknown_code_is_refused(table):
    with pytest.raises(StandardMissing, match="没有事项“99999”"):
        table.matter("99999", on=NOW)


def test_every_matter_has_conditions_with_a_limit_and_a_handler(table):
    kinds = {kind.code for kind in table.handler_kinds(on=NOW)}

    for matter in table.matters(on=NOW):
        rows = table.handling_rows(matter.code, on=NOW)
        assert [row.condition_no for row in rows] == list(range(1, len(rows) + 1)), matter.code
        assert all(row.limit.amount > 0 and row.handler in kinds for row in rows)


@pytest.mark.parametrize("code", STREET_MATTERS)
def test_street_matters_do_not_rest_on_defaults(table, code):
    assert not any(row.is_default for row in table.handling_rows(code, on=NOW))


@pytest.mark.parametrize(
    ("code", "condition_no", "limit"),
    [
        ("01001", 1, Duration(2, Unit.URGENT_HOUR)),
        ("01001", 2, Duration(4, Unit.WORK_HOUR)),
        ("01001", 4, Duration(5, Unit.WORK_DAY)),
        ("06001", 1, Duration(2, Unit.URGENT_DAY)),
        ("06001", 2, Duration(15, Unit.WORK_DAY)),
        ("06010", 1, Duration(4, Unit.WORK_HOUR)),
        ("06012", 1, Duration(2, Unit.WORK_HOUR)),
        ("09005", 1, Duration(2, Unit.URGENT_HOUR)),
        ("10901", 1, Duration(1, Unit.URGENT_HOUR)),
    ],
)
def test_limits_are_those_of_the_sample_city(table, code, condition_no, limit):
    assert table.handling_row(code, condition_no, on=NOW).limit == limit


def test_a_condition_that_does_not_exist_is_refused(table):
    with pytest.raises(StandardMissing, match="没有第 9 种立案条件"):
        table.handling_row("06010", 9, on=NOW)


def test_a_mapped_row_has_the_limit_of_the_row_it_names(table):
    sample = {
        f"{'event' if row.kind is Kind.MATTER else 'component'} {row.category_code}/{row.condition_no}": row
        for rows in table.legacy_handling_by_code.values()
        for row in rows
    }
    mapped = [
        row
        for rows in table.handling_by_code.values()
        for row in rows
        if row.origin not in ("own", "default")
    ]

    assert len(mapped) == 713
    assert [row for row in mapped if sample[row.origin].limit != row.limit] == []


def test_the_sample_of_the_old_scheme_is_complete(table):
    rows = table.legacy_handling_rows(Kind.MATTER, "0110", on=NOW)

    assert sum(len(rows) for rows in table.legacy_handling_by_code.values()) == 519
    assert rows[0].limit == Duration(4, Unit.WORK_HOUR)
    assert table.legacy_category(Kind.COMPONENT, "0101", on=NOW).name == "上水井盖"


def test_a_handling_limit_runs_from_the_moment_of_dispatch(table):
    row = table.handling_row("06010", 1, on=NOW)
    dispatched = datetime(2026, 11, 25, 16, 30, tzinfo=CHINA)

    ends = deadline(dispatched, row.limit, calendar=table.calendar, rules=row.rules)

    assert ends.due_at == datetime(2026, 11, 26, 10, 30, tzinfo=CHINA).astimezone(UTC)


def test_a_stage_is_quicker_when_the_matter_is_urgent(table):
    verify = table.stage_limit("verify", on=NOW)

    assert verify.limit_for(Duration(4, Unit.WORK_HOUR)) == Duration(120, Unit.WORK_MINUTE)
    assert verify.limit_for(Duration(2, Unit.URGENT_HOUR)) == Duration(60, Unit.URGENT_MINUTE)
    assert verify.limit_for() == verify.limit
    assert {"verify", "file", "dispatch", "accept", "check", "close"} <= {
        row.stage for row in table.stage_limits(on=NOW)
    }


def test_a_legal_limit_keeps_its_older_version(table):
    assert table.limit("reconsideration_apply", on=date(2023, 12, 31)).article.startswith(
        "行政复议法(2017) 9"
    )
    assert table.limit("reconsideration_apply", on=date(2024, 1, 1)).article.startswith(
        "行政复议法 20"
    )


@pytest.mark.parametrize(
    ("key", "start", "last"),
    [
        ("registration_preserve_decide", "2022-09-28", "2022-10-12"),  # 行政处罚法 56, 85
        ("seizure", "2022-09-20", "2022-10-20"),  # 行政强制法 25
        ("serve_decision", "2022-09-30", "2022-10-14"),  # 行政处罚法 61, 85
        ("cash_to_agency", "2022-09-30", "2022-10-09"),  # 行政处罚法 71, 85
        ("petition_tell", "2022-09-20", "2022-10-05"),  # 信访工作条例 22: does not roll
        ("petition_objection", "2022-09-30", "2022-10-12"),  # 信访工作条例 23
        ("petition_handle", "2022-09-20", "2022-11-19"),  # 信访工作条例 34
        ("permit_decision", "2022-09-20", "2022-10-21"),  # 行政许可法 42, 82
        ("limitation", "2020-02-29", "2022-02-28"),  # 行政处罚法 36
    ],
)
def test_legal_limits_end_on_the_day_of_their_article(table, key, start, last):
    limit = table.limit(key, on=NOW)

    assert last_day(date.fromisoformat(start), limit, table.calendar) == date.fromisoformat(last)


def test_a_seizure_is_extended_once_by_thirty_days_coercion_law_25(table):
    seizure = table.limit("seizure", on=NOW)

    assert seizure.extension == Duration(30, Unit.NATURAL_DAY)
    assert last_day(
        date(2022, 9, 20), seizure, table.calendar, extensions=[seizure.extension]
    ) == date(2022, 11, 19)


def test_hearing_notice_lies_seven_working_days_before_article_64(table):
    lead = table.limit("hearing_notice_lead", on=NOW)

    assert lead.direction is Direction.BEFORE
    assert latest_day_before(date(2022, 10, 18), lead, table.calendar) == date(2022, 10, 8)


def test_an_emergency_measure_is_reported_in_twenty_four_hours_coercion_law_19(table):
    limit = table.limit("emergency_measure_report", on=NOW)
    measure = datetime(2022, 9, 30, 22, 15, tzinfo=CHINA)

    ends = deadline(measure, limit.duration, calendar=table.calendar, rules=limit.rules)

    assert ends.due_at == measure + timedelta(hours=24)


def test_every_limit_names_article_source_and_date(table):
    limits = table.limits(on=NOW)

    assert len(limits) == 55
    assert all(limit.article and limit.source and limit.valid_from for limit in limits)


def test_every_finding_kind_is_filed_as_a_matter(table):
    filed = {
        kind.code: table.handling_row(kind.matter_code, kind.condition_no, on=NOW).category_name
        for kind in table.finding_kinds(on=NOW)
    }

    assert filed == {
        "motor_vehicle_parked": "机动车乱停放",
        "two_wheeler_parked": "非机动车乱停放",
        "object_left": "乱堆杂物",
        "goods_on_pavement": "店外经营",
        "stall": "无照经营游商",
        "street_trading": "占道经营",
        "materials_piled": "施工物料乱堆放",
        "umbrella_out": "遮阳篷（棚、伞）破损",
        "banner_hung": "违规标语宣传品",
        "garbage_exposed": "暴露垃圾",
        "bin_overflow": "垃圾站（箱）满溢",
        "dog_unattended": "犬只违规、流浪犬",
        "camera_blind": "监控电子眼设施异常",
    }
    assert all(kind.is_active for kind in table.finding_kinds(on=NOW))


def test_reasons_and_channels_keep_the_order_of_the_table(table):
    assert [r.shortcut for r in table.verdict_reasons(on=NOW)] == list("123456780")
    assert table.verdict_reason("other", on=NOW).needs_note
    assert [c.code for c in table.channels(on=NOW)] == [
        "camera", "collector", "hotline", "citizen", "merchant", "patrol", "superior",
    ]  # fmt: skip
    assert table.channel("hotline", on=NOW).needs_verification
    assert not table.channel("collector", on=NOW).needs_verification


def test_hints_tell_confused_matters_apart(table):
    hint = table.hint("09005", on=NOW)

    assert hint is not None
    assert hint.confused_with == ("09006", "09001", "09022")
    assert table.hint("01001", on=NOW) is None


def test_a_work_order_is_numbered_by_year(table):
    assert table.work_order_code(41732, on=NOW) == "城案〔2026〕41732"
    assert table.work_order_code(7, on=NOW) == "城案〔2026〕00007"


def test_handlers_and_amounts_are_named(table):
    assert table.handler_kind("squad", on=NOW).name == "执法中队"
    assert table.amount("hearing_citizen", on=NOW).value == 10_000


def test_the_standards_of_the_process_are_configured_once(tmp_path: Path):
    before = standards.current()

    standards.configure(tmp_path)
    local = standards.current()
    standards.configure(None)

    assert local.overlay == tmp_path
    assert before is standards.current()


def test_the_pages_name_every_limit_and_every_matter(table):
    written = pages(table)

    assert sorted(written) == [
        "README.md", "calendar.md", "codes.md", "findings.md", "handling.md", "limits.md",
        "work-orders.md",
    ]  # fmt: skip
    assert all(f"`{limit.key}`" in written["limits.md"] for limit in table.limits(on=NOW))
    assert all(f"| {m.code} | " in written["codes.md"] for m in table.matters(on=NOW))
    assert "| 2022-10-08 | 六 |" in written["calendar.md"]
    assert pages() == written


def test_the_calendar_knows_every_published_plan_and_names_the_holidays(table):
    assert table.calendar.planned_years == frozenset(range(2020, 2027))
    assert holiday_names()[date(2022, 10, 7)] == "国庆节"
    assert not table.calendar.is_working_day(date(2027, 2, 8))
    assert not table.calendar.is_planned(date(2027, 2, 8))


@pytest.mark.parametrize("year", range(2020, 2027))
def test_the_calendar_equals_the_published_plan(table, shared_data: Path, year: int):
    plan = json.loads((shared_data / "calendar" / f"{year}.json").read_text(encoding="utf-8"))
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(366)]

    for day in (day for day in days if day.year == year):
        text = day.isoformat()
        works = text in plan["workdays"] or (day.weekday() < 5 and text not in plan["holidays"])
        assert table.calendar.is_working_day(day) is works, text


@pytest.mark.parametrize(("sheet", "kind"), [("部件", Kind.COMPONENT), ("事件", Kind.MATTER)])
def test_the_sample_equals_the_city_s_own_workbook(table, shared_data: Path, sheet, kind):
    book = load_workbook(shared_data / "standards" / "yuncheng_case_standards_muban.xlsx")
    lines = [line[6:9] for line in book[sheet].iter_rows(min_row=3, values_only=True)]
    written = [parse_limit(limit.removesuffix("制止")) for *_, limit in lines if limit]
    ours = [
        row.limit
        for rows in table.legacy_handling_by_code.values()
        for row in rows
        if row.kind is kind
    ]

    assert ours == written
