"""A city's own folder: merged by key, refused in sentences, checked like the rest."""

from datetime import date, datetime, time
from pathlib import Path

import pytest

from chengzhi.kernel.calendar import CHINA, CalendarConflict
from chengzhi.kernel.clock import Duration, Unit, deadline
from chengzhi.standards import Standards
from chengzhi.standards.check import check
from chengzhi.standards.limit_text import parse_limit
from chengzhi.standards.types import StandardBroken

NOW = date(2026, 11, 25)
HANDLING = (
    "scheme,kind,code,name,condition_no,filing_condition,closing_condition,limit,handler,origin,"
    "source,valid_from,valid_to\n"
)


def local(folder: Path, name: str, text: str) -> Standards:
    (folder / name).write_text(text, encoding="utf-8")
    return Standards.load(folder)


def sentences(table: Standards) -> list[str]:
    return [f"{p.table} {p.key}: {p.sentence}" for p in check(table, on=NOW) if not p.is_warning]


def test_an_overlay_replaces_all_conditions_of_a_matter_and_nothing_else(tmp_path: Path):
    row = "GB/T 47678.5-2026,matter,01001,供水井盖异常,1,缺失,恢复,1紧急工作时,utility,own,象山,,\n"

    table = local(tmp_path, "handling_47678.csv", HANDLING + row)

    assert [r.limit for r in table.handling_rows("01001", on=NOW)] == [
        Duration(1, Unit.URGENT_HOUR)
    ]
    assert table.handling_rows("01002", on=NOW) == Standards.load().handling_rows("01002", on=NOW)
    assert sentences(table) == []


def test_a_city_may_count_a_limit_from_the_next_day_to_closing_time(tmp_path: Path):
    head = HANDLING.replace("valid_to\n", "valid_to,start,day_end\n")
    row = "local,matter,06010,暴露垃圾,1,甲,清理,1天,sanitation,own,象山,,,next_day,closing\n"
    table = local(tmp_path, "handling_47678.csv", head + row)
    filed = datetime(2026, 11, 25, 9, 15, tzinfo=CHINA)
    found = table.handling_row("06010", 1, on=NOW)

    ends = deadline(filed, found.limit, calendar=table.calendar, rules=found.rules)

    assert ends.due_at == datetime(2026, 11, 26, 18, 0, tzinfo=CHINA)


def test_a_city_may_adopt_a_scheme_on_another_day(tmp_path: Path):
    text = (
        "code,name,source,valid_from,valid_to\nGB/T 47678.5-2026,管理部件和事项,试点,2024-01-01,\n"
    )

    table = local(tmp_path, "schemes.csv", text)

    assert table.matter("06010", on=date(2024, 1, 1)).name == "暴露垃圾"
    assert table.handling_row("06010", 1, on=date(2024, 1, 1)).limit.amount == 4


def test_an_overlay_may_be_saved_by_a_spreadsheet_with_a_byte_order_mark(tmp_path: Path):
    (tmp_path / "handler_kinds.csv").write_text(
        "code,name,source,valid_from,valid_to\nmarine,海上中队,象山,2026-01-01,\n",
        encoding="utf-8-sig",
    )

    assert Standards.load(tmp_path).handler_kind("marine", on=NOW).name == "海上中队"


def test_local_days_hours_and_years_are_laid_over_the_calendar(tmp_path: Path):
    table = local(
        tmp_path,
        "calendar_cn.toml",
        """
        [[days]]
        date = 2026-11-25
        kind = "off"
        name = "台风停工"
        [[days]]
        date = 2026-11-28
        kind = "work"
        name = "补班"
        [[short_days]]
        date = 2026-11-27
        spans = ["08:00-12:00"]
        [[hours]]
        valid_from = 2010-01-01
        spans = ["08:30-12:00", "13:30-17:00"]
        [[hours]]
        valid_from = 2026-01-01
        season_from = "06-15"
        season_to = "09-15"
        spans = ["08:00-12:00", "14:30-17:30"]
        [[years]]
        year = 2027
        published = true
        holidays = [{ name = "元旦", first = 2027-01-01, last = 2027-01-03 }]
        make_up = [2027-01-09]
        """,
    )
    calendar = table.calendar

    assert not calendar.is_working_day(date(2026, 11, 25))
    assert calendar.is_working_day(date(2026, 11, 28))
    assert calendar.is_working_day(date(2027, 1, 9))
    assert calendar.is_planned(date(2027, 5, 1))
    assert len(calendar.spans_on(date(2026, 11, 27))) == 1
    assert calendar.spans_on(date(2026, 7, 1))[1][0].time() == time(14, 30)
    assert calendar.spans_on(date(2026, 9, 15))[1][0].time() == time(13, 30)
    assert calendar.spans_on(date(2025, 7, 1))[1][0].time() == time(13, 30)


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("handling_47678.csv", HANDLING + "GB,matter,01001,a,1,b,c,4小时,squad,,s,,\n", "请先登记"),
        (
            "handling_47678.csv",
            HANDLING + "local,matter,01001,a,1,b,c,四小时,squad,,s,,\n",
            "时限“四小时”无法识别",
        ),
        (
            "handling_47678.csv",
            HANDLING + "local,matter,01001,a,一,b,c,4小时,squad,,s,,\n",
            "第 2 行的“condition_no”须是整数",
        ),
        (
            "handling_47678.csv",
            HANDLING + "local,thing,01001,a,1,b,c,4小时,squad,,s,,\n",
            "“kind”现为“thing”，只能是：component、matter",
        ),
        (
            "handling_47678.csv",
            HANDLING + "local,matter,01001,a,1,,c,4小时,squad,,s,,\n",
            "缺少“filing_condition”",
        ),
        (
            "handling_47678.csv",
            HANDLING + "local,matter,01001,a,1,b,c,4小时,squad,,s,七月,\n",
            "须是 2026-07-01 这样的日期",
        ),
        ("channels.csv", "code,name,source\nx,y,z\n", "缺少“needs_verification”"),
        (
            "channels.csv",
            "code,name,needs_verification,is_public,source,valid_from\nx,y,maybe,no,s,2026-01-01\n",
            "须写 yes 或 no",
        ),
        ("handler_kinds.csv", "code,name,source,valid_from\nx,y,z,\n", "缺少“valid_from”"),
        ("limits.toml", "[decision\n", "limits.toml 不是有效的 TOML"),
        ("limits.toml", '[x]\nname = "x"\ntrigger = "y"\namount = 1\nunit = "week"\n', "unit"),
        ("calendar_cn.toml", "[[hours]]\nvalid_from = 2010-01-01\n", "'spans'"),
        ("calendar_cn.toml", '[[days]]\ndate = 2026-11-25\nname = "x"\n', "'kind'"),
    ],
)
def test_a_broken_overlay_is_refused_with_the_place_and_the_cure(
    tmp_path: Path, name: str, text: str, sentence: str
):
    with pytest.raises(StandardBroken) as refusal:
        local(tmp_path, name, text)

    assert sentence in refusal.value.sentence
    assert refusal.value.status == 422


def test_a_file_in_another_encoding_is_refused(tmp_path: Path):
    (tmp_path / "channels.csv").write_bytes("code,name\nx,热线\n".encode("gb18030"))

    with pytest.raises(StandardBroken, match="另存为 UTF-8"):
        Standards.load(tmp_path)


def test_a_missing_folder_is_refused(tmp_path: Path):
    with pytest.raises(StandardBroken, match="不存在"):
        Standards.load(tmp_path / "nowhere")


def test_a_short_day_on_a_day_off_is_refused(tmp_path: Path):
    with pytest.raises(CalendarConflict, match="半日工作"):
        local(
            tmp_path,
            "calendar_cn.toml",
            '[[short_days]]\ndate = 2026-11-28\nspans = ["08:00-12:00"]\n',
        )


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        (
            "local_codes.csv",
            "scheme,kind,code,name,major,major_name,source,valid_from,valid_to\n"
            "local,matter,6999,甲,06,市容环境类,s,,\n",
            "codes 6999: 编码须是大类 2 位加小类 3 位",
        ),
        (
            "local_codes.csv",
            "scheme,kind,code,name,major,major_name,source,valid_from,valid_to\n"
            "local,matter,06999,甲,06,市容,s,,\n",
            "大类 06 有两个名称",
        ),
        (
            "local_codes.csv",
            "scheme,kind,code,name,major,major_name,source,valid_from,valid_to\n"
            "local,component,05999,甲,05,其他部件,s,,\n",
            "没有同码的“异常”事项",
        ),
        (
            "local_codes.csv",
            "scheme,kind,code,name,major,major_name,source,valid_from,valid_to\n"
            "local,matter,06999,甲,06,市容环境类,s,2026-01-01,\n"
            "local,matter,06999,乙,06,市容环境类,s,2026-06-01,\n",
            "matters 06999: 重复，或有效期重叠（2026-06-01 起）",
        ),
        (
            "local_codes.csv",
            "scheme,kind,code,name,major,major_name,source,valid_from,valid_to\n"
            "local,matter,06999,甲,06,市容环境类,s,2026-01-01,2025-01-01\n",
            "失效日期不晚于生效日期",
        ),
        (
            "handling_47678.csv",
            HANDLING + "local,matter,06998,甲,1,b,c,4小时,nobody,own,s,,\n",
            "处置单位类型“nobody”不在",
        ),
        (
            "handling_47678.csv",
            HANDLING + "local,matter,06998,甲,1,b,c,4小时,squad,own,s,,\n",
            "立案条件指向不存在的事项",
        ),
        (
            "finding_kinds.csv",
            "code,name,matter_code,condition_no,is_active,source,valid_from,valid_to\n"
            "stall,摊点,09006,7,no,s,2026-01-01,\n",
            "finding_kinds stall: 事项 09006 第 7 种条件不存在",
        ),
        (
            "matter_hints.csv",
            "code,hint,confused_with,source,valid_from,valid_to\n09005,甲,09999,s,2026-01-01,\n",
            "不存在的事项 09999",
        ),
        (
            "limits.toml",
            '[x]\nname = "甲"\ntrigger = "y"\namount = 0\nunit = "month"\ndirection = "before"\n'
            'party = "nobody"\narticle = "a"\nsource = "s"\nvalid_from = 2026-01-01\n',
            "limits x: 期限为 0",
        ),
        (
            "stage_limits.toml",
            '[verify]\nname = "核实"\nlimit = "2小时"\nurgent = "1小时"\nsource = "s"\n'
            "valid_from = 2026-01-01\n",
            "紧急时限须以紧急",
        ),
        (
            "verdict_reasons.csv",
            "code,name,shortcut,needs_note,source,valid_from,valid_to\n"
            "shadow,影子,1,no,s,2026-01-01,\n",
            "快捷键 1 已被 goods_inside 使用",
        ),
        (
            "code_patterns.toml",
            '[work_order]\nname = "案件编号"\npattern = "{sequence}"\nregex = "A\\\\d+"\n'
            'example = "B1"\nsource = "s"\nvalid_from = 2026-01-01\n',
            "示例“B1”不符合自己的规则",
        ),
        ("calendar_cn.toml", "[calendar]\nlast = 2027-12-31\n", "不足以计算五年期限"),
        ("limit.toml", "", "overlay limit.toml: 本地文件不是任何标准表"),
    ],
)
def test_check_names_what_is_wrong(tmp_path: Path, name: str, text: str, sentence: str):
    found = sentences(local(tmp_path, name, text))

    assert any(sentence in line for line in found), found


def test_check_reports_every_fault_of_one_limit(tmp_path: Path):
    table = local(
        tmp_path,
        "limits.toml",
        '[x]\nname = "甲"\ntrigger = "y"\namount = 1\nunit = "month"\ndirection = "before"\n'
        'party = "nobody"\narticle = "a"\nsource = "s"\nvalid_from = 2026-01-01\n',
    )

    assert [line.split("：")[0] for line in sentences(table)] == [
        "limits x: 倒推的期限须以日计。",
        "limits x: 义务主体“nobody”须是 agency、court、organ、party、police 之一。",
    ]


def test_a_matter_without_conditions_is_told(tmp_path: Path):
    table = local(
        tmp_path,
        "local_codes.csv",
        "scheme,kind,code,name,major,major_name,source,valid_from,valid_to\n"
        "local,matter,06999,甲,06,市容环境类,s,,\n",
    )

    assert sentences(table) == ["handling 06999: 事项没有立案条件，请至少写一行。"]


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("2紧急工作时", Duration(2, Unit.URGENT_HOUR)),
        ("2紧急工作日", Duration(2, Unit.URGENT_DAY)),
        ("4小时", Duration(4, Unit.WORK_HOUR)),
        ("4 工作时", Duration(4, Unit.WORK_HOUR)),
        ("2天", Duration(2, Unit.WORK_DAY)),
        ("15自然日", Duration(15, Unit.NATURAL_DAY)),
    ],
)
def test_a_limit_is_read_as_handling_standards_write_it(text, limit):
    assert parse_limit(text) == limit


@pytest.mark.parametrize("text", ["", "天", "两天", "2紧急工作时制止", "-2天"])
def test_a_limit_that_cannot_be_read_is_refused(text):
    with pytest.raises(StandardBroken, match="无法识别"):
        parse_limit(text)
