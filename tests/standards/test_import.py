"""A city's table laid over the standards: read, judged, written; nothing lost, nothing guessed."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from chengzhi.kernel.clock import Duration, Unit
from chengzhi.standards import Standards, store
from chengzhi.standards.check import check
from chengzhi.standards.importing import Deed, Import, Plan, apply_plan, judge, prepared
from chengzhi.standards.types import Kind, StandardBroken, StandardMissing
from tests.standards.books import HEADS, LITTER, MANHOLE, book

DAY = date(2026, 12, 1)
NEXT = date(2026, 12, 2)
BEFORE = date(2026, 11, 30)


def asked(content: bytes, **changes: object) -> Import:
    made = Import(content=content, file_name="标准.xlsx", scheme="某市 2026", valid_from=DAY)
    return replace(made, **changes)


def plan_of(rows, **how) -> Plan:
    return judge(asked(book(rows, **how)), Standards.load())


def deeds(plan: Plan) -> dict[Deed, int]:
    return dict(Counter(change.deed for change in plan.changes))


def put(plan: Plan, folder: Path) -> Standards:
    apply_plan(plan, folder, Standards.load(folder))
    return Standards.load(folder)


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_merged_cells_and_empty_cells_mean_as_above():
    rows = [
        (*MANHOLE, "缺失", "恢复", "2紧急工作时"),
        (None, None, None, None, None, None, "破损", "更换", "4小时"),
        (None, None, "02", "污水井盖", "排水中心", None, "缺失", None, "1天"),
        (None, None, None, None, None, None, "下沉", None, "5天"),
    ]

    plan = plan_of(rows, merges=["A3:A6", "D3:D4", "H5:H6"])

    assert [(f.row, f.column, f.reason) for f in plan.errors] == [
        (5, "结案条件", "空着，请补上；同上一行的请合并单元格"),
        (6, "结案条件", "空着，请补上；同上一行的请合并单元格"),
    ]
    by_code = {c.shown.category_code for c in plan.changes}
    assert by_code == {"01001", "01019", "01024"}  # what 上水井盖 stands for


def test_a_row_wholly_under_merged_cells_is_no_condition_of_its_own():
    rows = [(*LITTER, "垃圾", "清理", "4小时"), (None,) * 9, (*[None] * 6, "满溢", "清运", "1天")]

    plan = plan_of(rows, sheet="事件", merges=["G3:G4", "H3:H4", "I3:I4"])

    assert (plan.line_count, plan.read_count) == (2, 2)


def test_pain_38_the_limit_text_wins_over_a_typed_unit_column():
    heads = (*HEADS, "时限单位")
    plan = plan_of(
        [(*LITTER, "垃圾", "清理", "2紧急工作时", "work_hour"), (*LITTER, "满溢", "清理", 3, "工作日")],
        heads=heads, sheet="事件",
    )  # fmt: skip

    limits = [c.after.limit for c in plan.changes if c.after and c.deed is not Deed.UNCHANGED]
    assert limits == [Duration(2, Unit.URGENT_HOUR), Duration(3, Unit.WORK_DAY)]
    assert [(f.row, f.column, f.reason) for f in plan.warnings] == [
        (3, "时限单位", "单位列写的是“工作时”，以时限文字“2紧急工作时”为准")
    ]


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ((*LITTER, "垃圾", "清理", "尽快"), "处置时限", "时限“尽快”无法识别"),
        ((*LITTER, "垃圾", "清理", 2), "处置时限", "只有数字没有单位"),
        ((*LITTER, "垃圾", "清理", "0天"), "处置时限", "时限为 0"),
        ((*LITTER, "垃圾", "清理", "收获季节3天"), "处置时限", "季节不明或重复"),
        (("01", "市容", "A1", "甲", "环卫", "局", "a", "b", "1天"), "小类代码", "编码只能是数字"),
        (("", "", "", "甲", "环卫", "局", "a", "b", "1天"), "大类代码", "缺少编码"),
        (("01", "市容", "10", "", "环卫", "局", "a", "b", "1天"), "小类名称", "没有类别名称"),
        (
            ("01", "市容", "88", "天外来物", "环卫", "局", "a", "b", "1天"),
            "小类名称",
            "没有对应的 5 位",
        ),
        ((*LITTER, "垃" * 1001, "清理", "1天"), "立案条件", "超过 1000 字"),
    ],
)
def test_a_row_that_cannot_be_read_is_reported_with_row_column_text_and_why(row, column, reason):
    plan = plan_of([row], sheet="事件")

    assert [(f.sheet, f.row, f.column) for f in plan.errors] == [("事件", 3, column)]
    assert reason in plan.errors[0].reason
    assert (plan.line_count, plan.read_count, plan.changes) == (1, 0, ())


def test_a_five_digit_code_is_taken_as_it_is_and_another_name_is_a_doubt():
    heads = ("编码", "名称", "立案条件", "结案条件", "处置时限", "处置单位类型")
    plan = plan_of(
        [("09005", "跨门经营", "越出门窗", "收回", "1小时", "执法中队")], heads=heads, sheet="事项"
    )

    assert deeds(plan) == {Deed.CHANGED: 1}
    assert plan.warnings[0].reason == "标准中 09005 叫“店外经营”，以编码为准"


def test_a_kind_of_handler_that_is_unknown_is_refused():
    heads = (*HEADS, "处置单位类型")
    plan = plan_of([(*LITTER, "垃圾", "清理", "4小时", "神仙")], heads=heads, sheet="事件")

    assert [(f.column, f.text) for f in plan.errors] == [("处置单位类型", "神仙")]


def test_what_changes_is_told_against_what_is_in_force():
    plan = plan_of(
        [
            (*LITTER, "公共场所未倒入垃圾容器的生活垃圾", "清理", "2小时"),
            (*LITTER, "满溢", "清运", "1天"),
        ],
        sheet="事件",
    )

    changed, new = plan.changes
    assert (changed.deed, new.deed) == (Deed.CHANGED, Deed.NEW)
    assert ("处置时限", "4 工作时", "2 工作时") in changed.differences
    assert (new.shown.condition_no, new.shown.handler) == (2, "sanitation")


def test_applying_closes_older_rows_by_date_and_deletes_none(tmp_path):
    first = put(plan_of([(*LITTER, "垃圾", "清理", "2小时")], sheet="事件"), tmp_path)
    later = asked(book([(*LITTER, "垃圾", "清理", "1天")], sheet="事件"), valid_from=NEXT)

    second = put(judge(later, first), tmp_path)

    assert [
        (row.limit_text, row.valid_from, row.valid_to) for row in second.handling_versions("06010")
    ] == [
        ("4小时", date(2026, 7, 1), DAY),
        ("2工作时", DAY, NEXT),
        ("1工作日", NEXT, None),
    ]
    assert [second.handling_row("06010", 1, on=on).limit_text for on in (BEFORE, DAY, NEXT)] == [
        "4小时", "2工作时", "1工作日",
    ]  # fmt: skip
    assert [p for p in check(second, on=NEXT) if not p.is_warning] == []
    assert second.handling_rows("06011", on=NEXT) == Standards.load().handling_rows(
        "06011", on=NEXT
    )


def test_a_condition_that_the_file_no_longer_has_is_closed_and_its_finding_is_told():
    shipped = Standards.load()
    kind = next(iter(shipped.finding_kinds(on=DAY)))
    heads = ("编码", "名称", "立案条件", "结案条件", "处置时限")
    rows = [(kind.matter_code, "x", f"另一种 {n}", "整改", "1天") for n in range(1)]

    plan = plan_of(rows, heads=heads, sheet="事项")

    in_force = shipped.handling_rows(kind.matter_code, on=DAY)
    assert deeds(plan).get(Deed.CLOSED, 0) == len(in_force) - 1


def test_the_same_file_again_changes_nothing(tmp_path):
    table = book([(*LITTER, "垃圾", "清理", "2小时")], sheet="事件")
    put(judge(asked(table), Standards.load(tmp_path)), tmp_path)

    again = judge(asked(table, valid_from=NEXT), Standards.load(tmp_path))

    assert deeds(again) == {Deed.UNCHANGED: 1}
    assert again.touched == frozenset()


def test_a_day_before_a_later_version_is_refused(tmp_path):
    put(plan_of([(*LITTER, "垃圾", "清理", "2小时")], sheet="事件"), tmp_path)
    other = asked(book([(*LITTER, "垃圾", "清理", "3小时")], sheet="事件"))

    plan = judge(other, Standards.load(tmp_path))

    assert plan.errors[0].reason == "已有 2026-12-01 起施行的版本，生效日期须晚于这一天"
    assert plan.touched == frozenset()


def test_categories_of_a_city_s_own_become_local_matters_when_asked(tmp_path):
    rows = [("01", "市容", "88", "天外来物", "环卫中心", "局", "落地", "搬走", "1天")]
    plan = judge(asked(book(rows, sheet="事件"), registers=True), Standards.load(tmp_path))

    table = put(plan, tmp_path)

    made = plan.matters[0]
    assert (made.code[:2], made.scheme) == ("06", "local")
    assert table.matter(made.code, on=DAY).name == "天外来物"
    assert table.handling_row(made.code, 1, on=DAY).handler == "sanitation"
    assert table.mapped_matters(Kind.MATTER, "0188", on=DAY) == [made.code]
    assert [p for p in check(table, on=DAY) if not p.is_warning] == []


def test_a_seasonal_limit_is_honoured_by_the_day_of_filing(tmp_path):
    tree = ("04", "园林", "02", "行道树", "园林中心", "局")
    table = put(plan_of([(*tree, "缺失", "补种", "种植季节15工作日；其余30工作日")]), tmp_path)
    code = table.mapped_matters(Kind.COMPONENT, "0402", on=DAY)[0]

    def limit(on: date) -> tuple[int, str]:
        row = next(r for r in table.handling_rows(code, on=on) if r.filing_condition == "缺失")
        return row.limit.amount, row.season

    assert limit(date(2027, 3, 1)) == (15, "种植季节")
    assert limit(date(2027, 7, 1)) == (30, "其余")


def test_a_row_out_of_its_season_is_refused_with_its_months(tmp_path):
    tree = ("04", "园林", "02", "行道树", "园林中心", "局")
    plan = plan_of([(*tree, "缺失", "补种", "种植季节15工作日"), (*tree, "枯死", "清理", "2天")])
    table = put(plan, tmp_path)
    code = table.mapped_matters(Kind.COMPONENT, "0402", on=DAY)[0]
    summer = date(2027, 7, 1)

    assert "不能按本行立案" in plan.warnings[0].reason
    assert [row.closing_condition for row in table.handling_rows(code, on=summer)] == ["清理"]
    number = table.out_of_season(code, on=summer)[0].condition_no
    with pytest.raises(StandardMissing, match="只在3月、4月、5月、10月、11月适用"):
        table.handling_row(code, number, on=summer)


def test_an_import_that_would_break_the_tables_writes_nothing(tmp_path, monkeypatch):
    (tmp_path / "local_codes.csv").write_text(
        "scheme,kind,code,name,major,major_name,source,valid_from,valid_to\n"
        "local,matter,06999,甲,06,市容环境类,s,,\n",
        encoding="utf-8",
    )
    plan = plan_of([(*LITTER, "垃圾", "清理", "2小时")], sheet="事件")
    broken = replace(plan, changes=tuple(_unknown_handler(change) for change in plan.changes))
    before = files(tmp_path)

    with pytest.raises(StandardBroken, match="没有写入"):
        apply_plan(broken, tmp_path, Standards.load(tmp_path))

    assert files(tmp_path) == before


def _unknown_handler(change):
    return replace(change, after=change.after and replace(change.after, handler="nobody"))


def test_nothing_is_in_force_until_the_last_file_is_renamed(tmp_path):
    plan = plan_of([(*LITTER, "垃圾", "清理", "2小时")], sheet="事件")

    with prepared(plan, tmp_path, Standards.load(tmp_path)) as put_in_force:
        assert [path.suffix for path in tmp_path.iterdir()] == [".tmp", ".tmp"]
        assert Standards.load(tmp_path).handling_row("06010", 1, on=DAY).limit_text == "4小时"
        put_in_force()

    assert sorted(path.name for path in tmp_path.iterdir()) == ["handling_47678.csv", "schemes.csv"]
    assert Standards.load(tmp_path).handling_row("06010", 1, on=DAY).limit_text == "2工作时"


@pytest.fixture
def in_force(tmp_path) -> Callable[[], Standards]:
    before = store.current().overlay
    store.configure(tmp_path)
    yield store.current
    store.configure(before)


def test_another_process_notices_an_import_by_the_folder(in_force, tmp_path):
    old = in_force()
    apply_plan(plan_of([(*LITTER, "垃圾", "清理", "2小时")], sheet="事件"), tmp_path, old)

    store.notice()

    assert in_force().handling_row("06010", 1, on=DAY).limit_text == "2工作时"
    assert in_force() is in_force()
    assert old.handling_row("06010", 1, on=DAY).limit_text == "4小时"


def test_a_folder_that_becomes_unreadable_leaves_the_last_tables_in_force(in_force, tmp_path):
    old = in_force()

    (tmp_path / "schemes.csv").write_text("code\nx\n", encoding="utf-8")
    store.notice()

    assert in_force() is old
    assert "schemes.csv" in store.fault()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"PK\x03\x04 not a zip", "不是能打开的 xlsx"),
        (b"\xff\xfe\x00\x00\x81\x20\xff", "不是 xlsx，也不是"),
        ("甲,乙\n1,2\n".encode(), "没有找到表头"),
        (b"", "没有找到表头"),
    ],
)
def test_a_file_that_is_no_table_is_refused_whole(content, sentence):
    with pytest.raises(StandardBroken, match=sentence):
        judge(asked(content), Standards.load())


def test_real_workbook_of_a_city_every_row_is_read_or_reported(shared_data):
    path = shared_data / "standards" / "yuncheng_case_standards_muban.xlsx"
    content = path.read_bytes()

    plan = judge(asked(content), Standards.load())
    whole = judge(asked(content, registers=True), Standards.load())

    assert (plan.line_count, plan.read_count, len(plan.errors)) == (519, 444, 75)
    assert {fault.column for fault in plan.errors} == {"小类名称"}  # 26 categories without a matter
    assert (whole.read_count, len(whole.errors), len(whole.matters)) == (519, 0, 26)
    assert [(f.row, f.text) for f in whole.warnings] == [(29, "1紧急工作时制止")]


def test_real_csv_of_a_city_with_a_seasonal_limit_and_its_law(shared_data, tmp_path):
    path = shared_data / "standards" / "yuncheng_component_standards_with_law.csv"
    plan = judge(
        asked(path.read_bytes(), file_name=path.name, registers=True), Standards.load(tmp_path)
    )

    assert (plan.line_count, plan.read_count) == (279, 279)
    seasonal = [c.after for c in plan.changes if c.after and c.after.seasonal]
    assert {(row.category_name, row.limit_text) for row in seasonal} == {
        (name, "种植季节15工作日")
        for name in ("行道树异常", "独立树异常", "林地及林地管护设施异常")
    }
    manhole = next(c.after for c in plan.changes if c.shown.category_code == "01001")
    assert manhole.basis.startswith("《城市道路管理条例》")
    assert manhole.guide.startswith("1.现场有井盖")
    assert [p for p in check(put(plan, tmp_path), on=DAY) if not p.is_warning] == []
