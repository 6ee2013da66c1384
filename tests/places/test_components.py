"""The component register (GB/T 47678.5): codes, attributes, changes, imports."""

from datetime import date

import numpy as np
import pytest

from chengzhi.accounts.interface import NotPermitted
from chengzhi.audit.interface import history
from chengzhi.audit.models import Event
from chengzhi.kernel.errors import InvalidInput, NotVisible
from chengzhi.places import commands
from chengzhi.places.models import Component
from chengzhi.places.rules import wgs84_to_gcj02
from chengzhi.places.types import (
    ComponentChange,
    ComponentForm,
    ComponentStatus,
    Datum,
    Point,
    Verdict,
)
from tests.places.conftest import COMMUNITY, TOWN, middle

pytestmark = pytest.mark.django_db
HEAD = "type_code,lon,lat,authority_code,authority_name"


def at(column: float, row: float) -> Point:
    lon, lat = middle(column, row)
    return Point(lon=lon, lat=lat)


def bin_at(column: float, row: float, **attributes) -> ComponentForm:
    given = {"authority_code": "D01", "authority_name": "环境卫生指导中心", **attributes}
    return ComponentForm(type_code="03005", point=at(column, row), **given)


@pytest.fixture
def bin_code(paper_county, admin, now) -> str:
    return commands.register_component(bin_at(0, 0), actor=admin, now=now)


def test_component_gets_code_name_and_place(bin_code):
    row = Component.objects.get(code=bin_code)

    assert bin_code == "33022503005000001"
    assert (row.name, row.status, row.initial_on) == ("垃圾箱", "intact", date(2026, 11, 25))
    assert (row.cell_code, row.town_code, row.community_code) == (
        f"{COMMUNITY}003",
        TOWN,
        COMMUNITY,
    )
    assert [e.label for e in history(f"component:{bin_code}")] == ["登记部件"]


def test_codes_are_never_used_again(bin_code, admin, now):
    commands.remove_component(bin_code, reason="道路改造拆除", actor=admin, now=now)

    following = commands.register_component(bin_at(0, 0), actor=admin, now=now)

    assert following == "33022503005000002"
    assert Component.objects.get(code=bin_code).status == ComponentStatus.REMOVED


def test_another_type_has_its_own_sequence(bin_code, admin, now):
    lamp = ComponentForm(
        type_code="01037", point=at(1, 0), authority_code="D02", authority_name="市政园林管理中心"
    )

    assert commands.register_component(lamp, actor=admin, now=now) == "33022501037000001"


def test_component_outside_all_cells_is_refused(paper_county, admin, now):
    with pytest.raises(commands.OutsideCells, match="不在本县任何单元网格内"):
        commands.register_component(bin_at(5, 5), actor=admin, now=now)

    assert not Component.objects.exists()


@pytest.mark.parametrize(
    ("form", "field"),
    [
        (bin_at(0, 0, authority_code=""), "authority_code"),
        (bin_at(0, 0, name="长" * 31), "name"),
        (ComponentForm(type_code="99999", point=at(0, 0), authority_code="D", authority_name="D"),
         "type_code"),
    ],
)  # fmt: skip
def test_malformed_component_is_refused(paper_county, admin, now, form, field):
    with pytest.raises(InvalidInput) as refusal:
        commands.register_component(form, actor=admin, now=now)

    assert refusal.value.field == field
    assert not Component.objects.exists()


def test_collector_may_not_change_the_register(bin_code, li_ming, now):
    with pytest.raises(NotPermitted):
        commands.remove_component(bin_code, reason="x", actor=li_ming, now=now)

    assert Component.objects.get(code=bin_code).status == ComponentStatus.INTACT


def test_change_says_before_and_after(bin_code, admin, now):
    change = ComponentChange(status=ComponentStatus.DAMAGED, remark="盖板破裂")

    commands.change_component(bin_code, change, actor=admin, now=now)

    row = Component.objects.get(code=bin_code)
    assert (row.status, row.remark, row.changed_on) == ("damaged", "盖板破裂", date(2026, 11, 25))
    assert history(f"component:{bin_code}")[-1].sentence == (
        f"变更部件{bin_code}：状态“完好”改为“破损”，备注“”改为“盖板破裂”"
    )


def test_moved_component_finds_its_cell_again(bin_code, admin, now):
    commands.change_component(bin_code, ComponentChange(point=at(1, 1)), actor=admin, now=now)

    assert Component.objects.get(code=bin_code).cell_code == f"{COMMUNITY}002"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (ComponentChange(), "没有任何变化"),
        (ComponentChange(status=ComponentStatus.INTACT), "没有任何变化"),
        (ComponentChange(status=ComponentStatus.REMOVED), "移除部件请使用“移除”"),
        (ComponentChange(name="长" * 31), "name超过30个字符"),
    ],
)
def test_change_that_is_none_is_refused(bin_code, admin, now, change, sentence):
    events = Event.objects.count()

    with pytest.raises(InvalidInput, match=sentence):
        commands.change_component(bin_code, change, actor=admin, now=now)

    assert Event.objects.count() == events


def test_removed_component_is_changed_no_more(bin_code, admin, now):
    commands.remove_component(bin_code, reason="拆除", actor=admin, now=now)

    with pytest.raises(commands.ComponentGone):
        commands.change_component(bin_code, ComponentChange(remark="x"), actor=admin, now=now)
    with pytest.raises(commands.ComponentGone):
        commands.remove_component(bin_code, reason="再拆", actor=admin, now=now)

    assert len(history(f"component:{bin_code}")) == 2


def test_removal_needs_a_reason(bin_code, admin, now):
    with pytest.raises(InvalidInput, match="请说明移除的原因"):
        commands.remove_component(bin_code, reason=" ", actor=admin, now=now)

    assert Component.objects.get(code=bin_code).status == ComponentStatus.INTACT


def test_somebody_from_another_county_sees_no_component(bin_code, admin, now):
    stranger = type(admin)(ref="person:9", name="陈静", roles=admin.roles, division="330203")

    with pytest.raises(NotVisible):
        commands.remove_component(bin_code, reason="拆除", actor=stranger, now=now)

    assert Component.objects.get(code=bin_code).status == ComponentStatus.INTACT


def row(type_code: str, column: float, place: float, *, code: str = "") -> str:
    lon, lat = middle(column, place)
    return f"{type_code},{lon:.6f},{lat:.6f},D01,环境卫生指导中心" + (f",{code}" if code else "")


def sheet(*rows: str, head: str = HEAD) -> str:
    return "\n".join([head, *rows]) + "\n"


def test_csv_registers_all_rows_with_events(paper_county, admin, now):
    report = commands.import_components(
        sheet(row("03005", 0, 0), row("03005", 1, 1), row("01037", 1, 0)), actor=admin, now=now
    )

    assert report.written and report.count(Verdict.OK) == 3
    assert list(Component.objects.order_by("code").values_list("code", "cell_code")) == [
        ("33022501037000001", f"{COMMUNITY}004"),
        ("33022503005000001", f"{COMMUNITY}003"),
        ("33022503005000002", f"{COMMUNITY}002"),
    ]
    assert history("places:330225")[-1].sentence == "导入部件3个（2类）"
    assert Event.objects.filter(name="places.component-registered").count() == 3


def test_csv_keeps_codes_given_and_counts_on_from_them(paper_county, admin, now):
    content = sheet(
        row("03005", 0, 0, code="33022503005000007"),
        row("03005", 1, 1, code="") + ",",
        head=f"{HEAD},code",
    )

    report = commands.import_components(content, actor=admin, now=now)

    assert report.written
    assert sorted(Component.objects.values_list("code", flat=True)) == [
        "33022503005000007",
        "33022503005000008",
    ]


def test_csv_head_may_be_chinese_or_abbreviated_and_gbk(paper_county, admin, now):
    lon, lat = middle(0, 0)
    content = (
        "部件类别代码,经度,纬度,ZGBMDM,主管部门名称,状态,初始日期,数据来源\n"
        f"03005,{lon},{lat},D01,环境卫生指导中心,破损,20240501,地形图\n"
    ).encode("gb18030")

    report = commands.import_components(content, actor=admin, now=now)

    assert report.written
    found = Component.objects.get()
    assert (found.status, found.initial_on, found.source) == (
        "damaged",
        date(2024, 5, 1),
        "topographic_map",
    )


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("03005,x,29.4605,D01,中心,,,", "lon“x”不是数字"),
        (
            "03005,29.4605,121.8705,D01,中心,,,",
            "lon为29.4605，不在中国境内。请检查经纬度是否颠倒。",
        ),
        ("03005,121.8705,29.4605,,,,,", "请填写主管部门代码和名称（必填）。"),
        ("99999,121.8705,29.4605,D01,中心,,,", "部件类别代码“99999”不在标准表中"),
        ("03005,121.8705,29.4605,D01,中心,坏了,,", "状态“坏了”不对，可选：完好、破损"),
        ("03005,121.8705,29.4605,D01,中心,,明天,", "初始日期“明天”不对"),
        ("03005,121.8705,29.4605,D01,中心,,,1", "管理部件标识码“1”不对：应为17位数字"),
        ("03005,121.8705,29.4605,D01,中心,,,33020303005000001", "不属于本县"),
        ("03005,121.8705,29.4605,D01,中心,,,33022501037000001", "与类别代码03005不符"),
        ("03005,121.8905,29.4805,D01,中心,,,", "位置不在本县任何单元网格内"),
    ],
)
def test_csv_row_is_refused_with_the_reason(paper_county, admin, now, line, sentence):
    content = sheet(row("03005", 0, 0) + ",,,", line, head=f"{HEAD},status,initial_on,code")

    report = commands.import_components(content, actor=admin, now=now, crs="wgs84")

    assert not report.written
    assert report.lines[0].verdict is Verdict.OK
    assert sentence in report.lines[1].sentence
    assert not Component.objects.exists()


def test_csv_code_registered_before_is_refused(bin_code, admin, now):
    content = sheet(row("03005", 0, 0, code=bin_code), head=f"{HEAD},code")

    report = commands.import_components(content, actor=admin, now=now)

    assert report.lines[0].sentence == f"标识码{bin_code}已登记，号码不重复使用。"
    assert Component.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("a,b\n1,2\n", "表头缺少列：lon、lat、authority_code、authority_name、type_code。"),
        (HEAD + "\n", "文件中没有部件。"),
        (b"\xff\xff\xff", "不是UTF-8或GB18030编码"),
    ],
)
def test_file_that_is_no_register_is_refused_whole(paper_county, admin, now, content, sentence):
    with pytest.raises(InvalidInput, match=sentence):
        commands.import_components(content, actor=admin, now=now)

    assert not Component.objects.exists()


def test_csv_in_another_system_is_asked_about_and_converted_when_said(paper_county, admin, now):
    east, north = wgs84_to_gcj02(*np.array([middle(0, 0), middle(1, 0), middle(1, 1)]).T)
    content = sheet(
        *(f"03005,{lon:.7f},{lat:.7f},D01,中心" for lon, lat in zip(east, north, strict=True))
    )

    asked = commands.import_components(content, actor=admin, now=now)
    said = commands.import_components(content, actor=admin, now=now, crs="gcj02")

    assert not asked.written and "crs=gcj02" in asked.refusal
    assert said.written and said.datum is Datum.GCJ02
    found = Component.objects.order_by("code").first()
    assert (found.lon, found.lat) == pytest.approx(middle(0, 0), abs=1e-6)


def test_dry_run_of_a_register_writes_nothing(paper_county, admin, now):
    report = commands.import_components(
        sheet(row("03005", 0, 0)), actor=admin, now=now, dry_run=True
    )

    assert report.acceptable and not report.written
    assert not Component.objects.exists()
