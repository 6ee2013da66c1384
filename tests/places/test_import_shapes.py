"""Imports of divisions, cells, grids and roads: every record has a verdict, nothing is half done."""

import json

import pytest
import shapely

from chengzhi.accounts.interface import NotPermitted
from chengzhi.audit.interface import history
from chengzhi.audit.models import Event
from chengzhi.kernel.errors import InvalidInput
from chengzhi.places import commands
from chengzhi.places.interface import division_name, grid, locate, refresh, road
from chengzhi.places.models import Cell, Division, PatrolGrid, PlacesVersion, Road
from chengzhi.places.queries.index import build
from chengzhi.places.types import Datum, GridRef, Located, PlaceKind, Point, RoadRef, Verdict
from tests.places.conftest import (
    COMMUNITY,
    COUNTY,
    TOWN,
    collection,
    feature,
    middle,
    paper_cells,
    square,
)

pytestmark = pytest.mark.django_db


def counts() -> tuple[int, ...]:
    tables = (Division, Cell, PatrolGrid, Road, Event)
    return tuple(table.objects.count() for table in tables)


def only(report):
    (line,) = report.lines
    return line.verdict, line.sentence


def test_cells_are_imported_and_found(paper_county):
    found = locate(Point(lon=middle(1, 1)[0], lat=middle(1, 1)[1]))

    assert found == Located(cell=f"{COMMUNITY}002", town=TOWN, community=COMMUNITY, squad="S01")
    assert Cell.objects.get(code=f"{COMMUNITY}002").area == pytest.approx(10_749, rel=1e-3)


def test_import_is_one_event_that_names_what_came(paper_county):
    entry = history(f"places:{COUNTY}")[-1]

    assert entry.sentence == "导入单元网格：新增4，变更0，修复0（WGS-84 / CGCS2000）"
    assert entry.data["added"] == [f"{COMMUNITY}{n:03d}" for n in (1, 2, 3, 4)]


def test_dry_run_judges_and_writes_nothing(bring, paper_county):
    before = counts()

    report = bring(PlaceKind.CELL, *paper_cells(), dry_run=True)

    assert report.acceptable and not report.written
    assert report.count(Verdict.UNCHANGED) == 4
    assert counts() == before


def test_importing_the_same_again_changes_nothing(bring, paper_county):
    before = counts(), PlacesVersion.objects.get(county=COUNTY).stamp

    report = bring(PlaceKind.CELL, *paper_cells())

    assert report.written and report.count(Verdict.UNCHANGED) == 4
    assert (counts(), PlacesVersion.objects.get(county=COUNTY).stamp) == before


def test_one_refused_record_keeps_the_whole_file_out(bring, paper_county):
    before = counts()
    good = feature(shapely.box(121.87, 29.46, 121.8709, 29.461), code=f"{COMMUNITY}003")
    bad = feature(square(2, 1), code="33022500100100")

    report = bring(PlaceKind.CELL, good, bad)

    assert not report.written and report.count(Verdict.REFUSED) == 1
    assert counts() == before


@pytest.mark.parametrize(
    ("shape", "code", "sentence"),
    [
        (square(0, 0), "12", "单元网格标识码“12”不对：应为15位数字。"),
        (square(0, 0), "330225001009001", "社区（村）330225001009尚未登记，请先导入行政区划。"),
        (square(0, 0), "330225009001001", "街道（乡镇）330225009尚未登记，请先导入行政区划。"),
        (square(0, 0), "330203001001001", "编码330203001001001不属于本县（330225）。"),
        (square(0, 0), "330225001001009", "与单元网格330225001001003重叠10752平方米，单元网格不得重叠。"),
        (square(3, 3), "330225001001009", "有100.0%的面积在330225001001之外。请核对编码和边界。"),
    ],
    ids=["code", "community", "town", "county", "overlap", "outside"],
)  # fmt: skip
def test_cell_is_refused_with_the_reason(bring, paper_county, shape, code, sentence):
    before = counts()

    report = bring(PlaceKind.CELL, feature(shape, code=code))

    assert only(report) == (Verdict.REFUSED, sentence)
    assert counts() == before


def test_twice_the_same_code_in_one_file_is_refused(bring, paper_county):
    cell = feature(square(0, 0), code=f"{COMMUNITY}003")

    report = bring(PlaceKind.CELL, cell, cell)

    assert report.lines[1].sentence == f"编码{COMMUNITY}003与第1条重复。"


def test_gap_in_a_community_is_told_but_accepted(bring, paper_county):
    report = bring(PlaceKind.CELL, *paper_cells()[:3], dry_run=True)

    assert report.acceptable
    assert report.notes == (f"社区{COMMUNITY}有10752平方米（25.0%）没有单元网格覆盖。",)


def test_hole_among_cells_is_told_where_the_community_has_no_border(bring, admin, now):
    for code, name in ((COUNTY, "象山县"), (TOWN, "丹东街道"), (COMMUNITY, "金秋社区")):
        commands.register_division(code, name, actor=admin, now=now)
    around = [(c, r) for r in range(3) for c in range(3) if (c, r) != (1, 1)]
    cells = [
        feature(square(*spot), code=f"{COMMUNITY}{number:03d}")
        for number, spot in enumerate(around, start=1)
    ]

    report = bring(PlaceKind.CELL, *cells)

    assert report.written
    assert report.notes == (f"社区{COMMUNITY}的单元网格之间有1处空隙，共10752平方米。",)
    assert division_name(COMMUNITY) == "金秋社区"


def test_cell_with_a_hole_of_its_own_leaves_no_gap(bring, admin, now):
    for code, name in ((COUNTY, "象山县"), (TOWN, "丹东街道"), (COMMUNITY, "金秋社区")):
        commands.register_division(code, name, actor=admin, now=now)
    ring = shapely.difference(square(0, 0, size=3), square(1, 1))

    report = bring(PlaceKind.CELL, feature(ring, code=f"{COMMUNITY}001"))

    assert report.written and report.notes == ()


def test_changed_border_closes_the_old_cell_and_keeps_its_beginning(bring, paper_county, now):
    smaller = feature(shapely.box(121.87, 29.46, 121.8709, 29.461), code=f"{COMMUNITY}003")

    report = bring(PlaceKind.CELL, smaller, now=now.replace(year=2027))

    assert report.written
    old, new = Cell.objects.filter(code=f"{COMMUNITY}003").order_by("pk")
    assert str(old.valid_to) == str(new.valid_from) == str(new.changed_on) == "2027-11-25"
    assert new.valid_to is None and new.initial_on == old.initial_on
    assert history(f"cell:{COMMUNITY}003")[0].sentence.startswith(
        f"调整单元网格{COMMUNITY}003：面积10752→9677平方米"
    )


def test_bow_tie_is_refused_with_the_place_where_it_crosses(bring, paper_county):
    tie = {"type": "Polygon", "coordinates": [[[121.87, 29.46], [121.872, 29.462], [121.872, 29.46], [121.87, 29.462], [121.87, 29.46]]]}  # fmt: skip # noqa: E501
    broken = {"type": "Feature", "properties": {"code": f"{COMMUNITY}003"}, "geometry": tie}

    verdict, sentence = only(bring(PlaceKind.CELL, broken))

    assert verdict is Verdict.REFUSED
    assert sentence == "图形自相交，在（121.871, 29.461）附近。请在制图软件中修正后再导入。"


def test_small_faults_are_mended_and_said(bring, paper_county):
    ring = [[121.870, 29.460, 5], [121.871, 29.460, 5], [121.871, 29.461, 5], [121.87, 29.461, 5]]
    open_ring = {"type": "Polygon", "coordinates": [ring]}
    broken = {"type": "Feature", "properties": {"code": f"{COMMUNITY}003"}, "geometry": open_ring}

    report = bring(PlaceKind.CELL, broken)

    assert only(report) == (Verdict.FIXED, "首尾未闭合，已闭合；高程已舍去")
    assert report.written


def test_a_spike_is_cut_off(bring, paper_county):
    ring = [[121.87, 29.46], [121.871, 29.46], [121.871, 29.461], [121.871, 29.4612], [121.871, 29.461], [121.87, 29.461], [121.87, 29.46]]  # fmt: skip # noqa: E501
    spiky = {"type": "Feature", "properties": {"code": f"{COMMUNITY}003"}, "geometry": {"type": "Polygon", "coordinates": [ring]}}  # fmt: skip # noqa: E501

    verdict, sentence = only(bring(PlaceKind.CELL, spiky, dry_run=True))

    assert verdict is Verdict.FIXED
    assert sentence.startswith("图形自相交，已在（121.871")


@pytest.mark.parametrize(
    ("geometry", "sentence"),
    [
        (None, "缺少面（Polygon）几何。"),
        ({"type": "Point", "coordinates": [121, 29]}, "缺少面（Polygon）几何。"),
        ({"type": "Polygon", "coordinates": [[["x", 1]]]}, "几何的坐标不完整。请在制图软件中检查该要素。"),
        ({"type": "Polygon", "coordinates": []}, "几何为空。"),
    ],
    ids=["none", "point", "letters", "empty"],
)  # fmt: skip
def test_geometry_that_is_none_is_refused(bring, paper_county, geometry, sentence):
    bad = {"type": "Feature", "properties": {"code": f"{COMMUNITY}003"}, "geometry": geometry}

    assert only(bring(PlaceKind.CELL, bad)) == (Verdict.REFUSED, sentence)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"{", "文件第1行第2列不是合法的JSON"),
        (b"\xff\xfe\x00", "文件不是UTF-8编码"),
        (b"3", "文件不是GeoJSON要素集"),
        (b'{"type":"FeatureCollection","features":[]}', "文件中没有要素"),
        (
            b'{"features":[{}],"crs":{"properties":{"name":"urn:ogc:def:crs:EPSG::4549"}}}',
            "文件的坐标系为urn:ogc:def:crs:EPSG::4549，只接受经纬度",
        ),
    ],
)
def test_file_that_is_no_geojson_is_refused_whole(db, admin, now, content, sentence):
    with pytest.raises(InvalidInput, match=sentence):
        commands.import_geojson("cell", content, actor=admin, now=now)

    assert counts() == (0, 0, 0, 0, 0)


@pytest.mark.parametrize(("kind", "crs"), [("planet", "wgs84"), ("cell", "mars")])
def test_unknown_kind_or_system_is_refused(db, admin, now, kind, crs):
    with pytest.raises(InvalidInput, match="不认识"):
        commands.import_geojson(kind, "[]", actor=admin, now=now, crs=crs)


def test_somebody_without_the_permission_imports_nothing(paper_county, wang_fang, now):
    before = counts()

    with pytest.raises(NotPermitted):
        commands.import_geojson("cell", "{}", actor=wang_fang, now=now)

    assert counts() == before


def test_first_file_without_a_system_is_asked_about(bring):
    county = feature(square(0, 0, size=20), code=COUNTY, name="象山县")

    report = bring(PlaceKind.DIVISION, county, crs=None)

    assert not report.written
    assert report.refusal.startswith("文件没有注明坐标系，附近也没有可以比对的已知边界。")
    assert not Division.objects.exists()


def test_file_that_states_its_system_is_believed(db, admin, now):
    tree = json.loads(collection([feature(square(0, 0, size=20), code=COUNTY, name="象山县")]))
    tree["crs"] = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4490"}}

    report = commands.import_geojson("division", json.dumps(tree), actor=admin, now=now)

    assert report.written and report.datum is Datum.WGS84


def test_town_overlapping_its_neighbor_is_refused(bring, paper_county):
    report = bring(
        PlaceKind.DIVISION, feature(square(5, 0, size=6), code="330225003", name="爵溪街道")
    )

    verdict, sentence = only(report)
    assert verdict is Verdict.REFUSED
    assert sentence.startswith("爵溪街道与330225001重叠")


@pytest.mark.parametrize(
    ("code", "name", "sentence"),
    [
        ("3302250", "丹东", "区划代码“3302250”不对"),
        ("330225004", "", "缺少名称（name）。"),
        ("330225009001", "某社区", "上级区划330225009尚未登记，请先导入。"),
    ],
)
def test_division_is_refused_with_the_reason(bring, paper_county, code, name, sentence):
    report = bring(PlaceKind.DIVISION, feature(square(0, 12), code=code, name=name))

    assert only(report)[1].startswith(sentence)


def test_town_outside_its_county_is_refused(bring, paper_county):
    report = bring(PlaceKind.DIVISION, feature(square(40, 40), code="330225004", name="外乡"))

    assert only(report)[1].startswith("有100.0%的面积在上级区划330225之外")


def test_patrol_grid_by_named_cells(bring, paper_county):
    cells = [f"{COMMUNITY}001", f"{COMMUNITY}002"]

    report = bring(
        PlaceKind.GRID, feature(None, code=f"{TOWN}001", name="丹东01格", squad="S01", cells=cells)
    )

    assert report.written
    assert grid(f"{TOWN}001") == GridRef(
        code=f"{TOWN}001", name="丹东01格", squad="S01", town=TOWN, cell_count=2
    )
    assert locate(Point(lon=middle(0, 1)[0], lat=middle(0, 1)[1])).grid == f"{TOWN}001"


def test_patrol_grid_by_shape_takes_the_cells_whose_middle_it_holds(bring, paper_county):
    report = bring(
        PlaceKind.GRID, feature(shapely.box(121.8699, 29.4599, 121.8701 + 0.002, 29.4611),
                                code=f"{TOWN}001", name="丹东01格", squad="S04")
    )  # fmt: skip

    assert report.written
    assert set(Cell.objects.filter(grid__code=f"{TOWN}001").values_list("code", flat=True)) == {
        f"{COMMUNITY}003",
        f"{COMMUNITY}004",
    }
    assert locate(Point(lon=middle(0, 0)[0], lat=middle(0, 0)[1])).squad == "S04"


def test_patrol_grid_gives_up_the_cells_it_no_longer_names(bring, paper_county):
    name = {"code": f"{TOWN}001", "name": "丹东01格", "squad": "S01"}
    bring(PlaceKind.GRID, feature(None, **name, cells=[f"{COMMUNITY}001", f"{COMMUNITY}002"]))

    bring(PlaceKind.GRID, feature(None, **name, cells=[f"{COMMUNITY}002"]))

    held = Cell.objects.filter(grid__isnull=False).values_list("code", flat=True)
    assert list(held) == [f"{COMMUNITY}002"]
    assert [e.sentence for e in history(f"grid:{TOWN}001")] == [
        f"责任网格{TOWN}001由S01负责，2个单元网格",
        f"责任网格{TOWN}001由S01负责，1个单元网格",
    ]


@pytest.mark.parametrize(
    ("properties", "sentence"),
    [
        ({"code": "1", "name": "格"}, "责任网格编码“1”不对"),
        ({"code": "330225009001", "name": "格"}, "街道（乡镇）330225009尚未登记"),
        ({"code": f"{TOWN}001", "name": ""}, "缺少名称"),
        ({"code": f"{TOWN}001", "name": "格"}, "责任网格没有单元网格"),
        ({"code": f"{TOWN}001", "name": "格", "cells": ["1"]}, "单元网格1等1个尚未登记"),
    ],
)
def test_patrol_grid_is_refused_with_the_reason(bring, paper_county, properties, sentence):
    verdict, told = only(bring(PlaceKind.GRID, feature(None, **properties)))

    assert (verdict, told.startswith(sentence)) == (Verdict.REFUSED, True)
    assert not PatrolGrid.objects.exists()


def test_cell_in_two_patrol_grids_is_refused(bring, paper_county):
    cells = [f"{COMMUNITY}001"]

    report = bring(
        PlaceKind.GRID,
        feature(None, code=f"{TOWN}001", name="甲格", cells=cells),
        feature(None, code=f"{TOWN}002", name="乙格", cells=cells),
    )

    assert report.lines[1].sentence == (
        f"单元网格{COMMUNITY}001已属于责任网格{TOWN}001，不能再属于此格。"
    )


def test_road_is_imported_and_found_nearby(bring, paper_county):
    line = shapely.LineString([middle(0, 0), middle(1, 0)])

    report = bring(PlaceKind.ROAD, feature(line, code="3302250001", name="靖南大街"))

    assert report.written
    assert Road.objects.get().length == pytest.approx(97, abs=1)
    assert locate(Point(lon=middle(0, 0)[0], lat=middle(0, 0)[1])).road == "3302250001"
    assert road("3302250001") == RoadRef(code="3302250001", name="靖南大街")


@pytest.mark.parametrize(
    ("properties", "end", "sentence"),
    [
        ({"code": "1", "name": "路"}, (1, 0), "道路编码“1”不对"),
        ({"code": "3302250001"}, (1, 0), "缺少路名"),
        ({"code": "3302250001", "name": "路"}, (0.001, 0), "道路长度不足10米。"),
    ],
)
def test_road_is_refused_with_the_reason(bring, paper_county, properties, end, sentence):
    line = shapely.LineString([middle(0, 0), middle(*end)])

    verdict, told = only(bring(PlaceKind.ROAD, feature(line, **properties)))

    assert verdict is Verdict.REFUSED
    assert told.startswith(sentence)


def test_index_of_another_process_is_noticed_within_a_second(bring, paper_county, now):
    point = Point(lon=middle(0, 0)[0], lat=middle(0, 0)[1])
    assert locate(point, now=now).squad == "S01"

    Division.objects.filter(code=TOWN).update(squad="S09")
    PlacesVersion.objects.update(stamp="changed elsewhere")

    assert locate(point, now=now).squad == "S01"
    refresh(now=now.replace(second=2))
    assert locate(point).squad == "S09"


def test_index_leaves_out_what_is_closed(bring, paper_county, now):
    Cell.objects.filter(code=f"{COMMUNITY}001").update(valid_to=now.date())

    assert build().cell_count == 3


def test_cells_of_an_unregistered_county_actor_are_refused(db, now, admin):
    nowhere = type(admin)(ref="person:8", name="无名", roles=admin.roles, division="")

    with pytest.raises(InvalidInput, match="没有所属的县"):
        commands.import_geojson("cell", "{}", actor=nowhere, now=now)


def test_division_registers_by_name_and_refuses_to_come_twice(db, admin, now):
    commands.register_division(COUNTY, "象山县", actor=admin, now=now)
    commands.register_division(TOWN, "丹东街道", actor=admin, now=now, squad="S01")

    with pytest.raises(commands.DivisionTaken):
        commands.register_division(TOWN, "丹东", actor=admin, now=now)

    assert Division.objects.get(code=TOWN).parent.code == COUNTY
    assert [e.sentence for e in history(f"division:{TOWN}")] == [f"登记丹东街道（{TOWN}）"]


@pytest.mark.parametrize("code", ["330203001", "330225001001"])
def test_division_of_elsewhere_or_without_parent_is_refused(db, admin, now, code):
    with pytest.raises(InvalidInput):
        commands.register_division(code, "某处", actor=admin, now=now)

    assert not Division.objects.exists()
