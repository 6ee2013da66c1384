"""Other systems' lists: read by a mapping file, cleaned, brought in once, and explained."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import call_command

from chengzhi.accounts.interface import NotPermitted
from chengzhi.accounts.models import Post
from chengzhi.accounts.types import Actor, Role
from chengzhi.audit.interface import history
from chengzhi.kernel.errors import InvalidInput
from chengzhi.places.interface import bd09_from_metres, convert
from chengzhi.places.types import Datum
from chengzhi.workorders.commands.imports import import_list
from chengzhi.workorders.invariants import closed_without_a_check
from chengzhi.workorders.models import ImportRun, WorkOrder
from chengzhi.workorders.types.imports import ImportResult, Outcome
from tests.workorders.conftest import COUNTY, DANDONG, HERE, SINCE, signed_in, text

SEED = Path(__file__).parents[2] / "seed" / "imports"
HOTLINE = (SEED / "hotline.toml").read_text(encoding="utf-8")
ADMINISTRATOR = Actor(
    ref="person:7", name="孙丽", roles=frozenset({Role.ADMINISTRATOR}), division=COUNTY
)
HEAD = "工单编号,问题类别,办理状态,X坐标,Y坐标,发生地点,问题描述,办理结果,联系人,联系电话,所属片区,受理时间,办结时间"
PLACE = "13568825.52,3415706.99"  # HERE, as the vendor's system writes it
CLOSED = (
    f"R-1,暴露垃圾,已办结,{PLACE},靖南大街126号,垃圾堆在路口 请打13812345678,已清理,"
    "王大明先生（来电人）139 1234 5678,13912345678/0574-65712345,丹城镇,2023/5/6 08:30,2023/5/6 15:00"
)
OPEN = (
    f"R-2,店外经营,办理中,{PLACE},靖南大街88号,果筐越出门线,,李女士,13700001111,丹东街道,"
    "2023-05-07 09:00:00,"
)


def listing(*rows: str) -> bytes:
    return ("\ufeff" + "\n".join((HEAD, *rows))).encode()


def bring(content: bytes, now: datetime, *, mapping: str = HOTLINE, **more) -> ImportResult:
    given = {"file_name": "热线.csv", "actor": ADMINISTRATOR, "now": now, **more}
    return import_list(content, mapping=mapping, **given)


@pytest.fixture(autouse=True)
def a_county(county):
    return county


def test_pain_39_a_vendors_export_is_cleaned_row_by_row(now):
    result = bring(listing(CLOSED), now)

    assert [line.outcome for line in result.lines] == [Outcome.IMPORTED]
    order = WorkOrder.objects.get()
    assert (order.lon, order.lat) == pytest.approx(HERE, abs=2e-4)  # BD-09MC → BD-09 → WGS-84
    assert (order.town, order.state, order.channel) == (DANDONG, "closed", "hotline")
    assert (order.reporter_name, order.reporter_phone) == ("王大明", "139****5678")
    assert order.description == "垃圾堆在路口 请打138****5678；已清理"
    assert order.reported_at == datetime(2023, 5, 6, 0, 30, tzinfo=UTC)
    assert order.ended_at == datetime(2023, 5, 6, 7, 0, tzinfo=UTC)
    assert result.told == ()  # 丹城镇 is known to be 丹东街道


def test_what_ended_elsewhere_has_one_event_that_says_so_and_no_step_of_ours(now):
    bring(listing(CLOSED), now)

    order = WorkOrder.objects.get()
    (only,) = history(order.subject)
    assert (only.label, only.happened_at, only.actor) == ("导入", now, "person:7")
    assert only.sentence == (
        "从 hotline-2023 导入（原编号 R-1，原状态“已办结”，2023-05-06 08:30 上报"
        "，2023-05-06 15:00 办结）"
    )
    assert (order.filed_at, order.handled_at, order.checked_at) == (None, None, None)
    assert closed_without_a_check(now=now) == []


def test_what_is_still_open_is_reported_here_and_its_clocks_start_now(now):
    bring(listing(OPEN), now)

    order = WorkOrder.objects.get()
    assert (order.state, order.reported_at) == ("reported", now)
    assert order.occurred_at == datetime(2023, 5, 7, 1, 0, tzinfo=UTC)
    assert order.stage_due_at and order.stage_due_at > now
    assert [entry.label for entry in history(order.subject)] == ["上报", "导入"]


def test_a_list_that_comes_again_brings_nothing_twice(now):
    bring(listing(CLOSED, OPEN), now)

    again = bring(listing(CLOSED, OPEN), now)

    assert [line.outcome for line in again.lines] == [Outcome.KNOWN, Outcome.KNOWN]
    assert WorkOrder.objects.count() == 2
    first, second = ImportRun.objects.order_by("pk")
    assert (first.imported, first.known, second.imported, second.known) == (2, 0, 0, 2)


REFUSED = [
    ({"R-1": ""}, "external_id", "没有编号，无法防止重复导入。"),
    (
        {"暴露垃圾": "外星人"},
        "category",
        "类别“外星人”在对照表中没有对应的事项，请在 [categories] 中补充。",
    ),
    ({"已办结": "挂起"}, "status", "状态“挂起”在对照表中没有对应，请在 [statuses] 中补充。"),
    ({PLACE: ","}, "x", "没有坐标，无法落到网格。"),
    ({PLACE: "东,北"}, "x", "坐标“东，北”不是数字。"),
    ({PLACE: "0,0"}, "x", "坐标“0，0”是空值。"),
    ({PLACE: "99999999,1"}, "x", "坐标“99999999.0，1.0”不是百度米制坐标。"),
    ({PLACE: "13000000,3000000"}, "x", "点位不在本县任何镇街范围内，请核对坐标系或坐标。"),
    (
        {"2023/5/6 08:30": "前天"},
        "reported_at",
        "时间“前天”读不懂，请在 time_formats 中补充它的写法。",
    ),
    ({"2023/5/6 08:30": "2033/5/6 08:30"}, "reported_at", "时间“2033/5/6 08:30”早于 2000 年或晚于现在。"),
    ({"2023/5/6 15:00": "2022/5/6 15:00"}, "ended_at", "办结时间早于上报时间。"),
]  # fmt: skip


@pytest.mark.parametrize(("wrong", "field", "sentence"), REFUSED, ids=[s for *_, s in REFUSED])
def test_a_row_that_cannot_be_imported_is_told_and_the_others_come_in(now, wrong, field, sentence):
    ((old, new),) = wrong.items()

    result = bring(listing(CLOSED.replace(old, new, 1), OPEN), now)

    bad, good = result.lines
    assert (bad.outcome, bad.field, bad.sentence) == (Outcome.REFUSED, field, sentence)
    assert good.outcome is Outcome.IMPORTED
    assert WorkOrder.objects.count() == 1


def test_an_area_that_contradicts_the_point_is_noted_and_the_point_counts(now):
    result = bring(listing(CLOSED.replace("丹城镇", "石浦")), now)

    (line,) = result.told
    assert (line.outcome, line.sentence) == (
        Outcome.IMPORTED,
        "原清单写“石浦镇”，点位在丹东街道，以点位为准。",
    )
    assert WorkOrder.objects.get().town == DANDONG


def test_a_dry_run_writes_nothing(now, snapshot):
    before = snapshot()

    result = bring(listing(CLOSED, OPEN), now, dry_run=True)

    assert [line.outcome for line in result.lines] == [Outcome.IMPORTED] * 2
    assert (snapshot(), ImportRun.objects.count(), result.run) == (before, 0, None)


def test_a_list_in_gb_18030_is_read(now):
    content = "\n".join((HEAD, CLOSED)).encode("gb18030")

    bring(content, now)

    assert WorkOrder.objects.get().address == "靖南大街126号"


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ('source = "hotline-2023"', 'source = "Hot Line"', "source"),
        ('channel = "hotline"', 'channel = "camera"', "channel"),
        ('"Asia/Shanghai"', '"Asia/Nowhere"', "time_zone"),
        ('crs = "bd09mc"', 'crs = "mars"', "place.crs"),
        ('"已办结" = "closed"', '"已办结" = "done"', "statuses"),
        ('x = "X坐标"', "", "columns"),
        ('x = "X坐标"', 'z = "X坐标"', "columns"),
        ("[columns]", "[columns", "mapping"),
    ],
)
def test_a_mapping_file_that_cannot_be_read_names_its_entry(now, old, new, field):
    with pytest.raises(InvalidInput) as refused:
        bring(listing(CLOSED), now, mapping=HOTLINE.replace(old, new, 1))

    assert refused.value.field == field
    assert ImportRun.objects.count() == 0


def test_only_an_administrator_imports(now, wang_fang):
    with pytest.raises(NotPermitted):
        bring(listing(CLOSED), now, actor=wang_fang)

    assert WorkOrder.objects.count() == 0


def test_baidus_metres_become_degrees():
    """天安门 as Baidu's own documentation gives it, and the seams of the bands."""
    assert bd09_from_metres(12958160.97, 4825907.72) == pytest.approx(
        (116.403874, 39.914889), abs=1e-6
    )
    for seam in (8362377.87, 5591021.0, 3481989.83, 1678043.12):
        above, below = bd09_from_metres(1.3e7, seam), bd09_from_metres(1.3e7, seam - 0.01)
        assert above == pytest.approx(below, abs=1e-5)
    assert bd09_from_metres(float("nan"), 1) is None
    lon, lat = bd09_from_metres(13568825.52, 3415706.99) or (0, 0)
    east, north = convert(lon, lat, source=Datum.BD09, target=Datum.WGS84)
    assert (float(east), float(north)) == pytest.approx(HERE, abs=2e-4)


# Real lists ----------------------------------------------------------------------------------


def test_new_yorks_mixed_list_comes_in_with_every_refused_row_explained(now, shared_data):
    content = (shared_data / "open311" / "nyc311_mixed_1000.csv").read_bytes()
    mapping = (SEED / "nyc311.toml").read_text(encoding="utf-8")

    result = bring(content, now, mapping=mapping, file_name="nyc311_mixed_1000.csv")

    imported, refused = result.count(Outcome.IMPORTED), result.count(Outcome.REFUSED)
    assert (imported + refused, result.count(Outcome.KNOWN)) == (1000, 0)
    assert imported == WorkOrder.objects.count() == 539
    assert all(line.sentence for line in result.lines if line.outcome is Outcome.REFUSED)
    again = bring(content, now, mapping=mapping)
    assert again.count(Outcome.KNOWN) == imported
    assert WorkOrder.objects.count() == imported


def test_new_yorks_vendor_list_is_laid_over_the_county(now, shared_data):
    content = (shared_data / "open311" / "nyc311_vendor_requests_100.csv").read_bytes()
    mapping = (SEED / "nyc311_vendors.toml").read_text(encoding="utf-8")

    result = bring(content, now, mapping=mapping.replace('"refuse"', '"keep"'))

    assert result.count(Outcome.IMPORTED) == 97  # three have no coordinates
    assert WorkOrder.objects.filter(state="reported").count() == 97


# The command line and the pages --------------------------------------------------------------


def test_the_command_line_checks_imports_and_writes_its_report(tmp_path, capsys):
    file, report = tmp_path / "热线.csv", tmp_path / "说明.csv"
    file.write_bytes(listing(CLOSED, OPEN.replace("店外经营", "外星人")))
    mapping = ["--mapping", str(SEED / "hotline.toml")]

    call_command("workorders", "import", str(file), *mapping, "--dry-run")
    call_command("workorders", "import", str(file), *mapping, "--report", str(report))

    said = capsys.readouterr().out
    assert "检查完毕，没有写入：已导入 1，以前已导入 0，未导入 1" in said
    assert "说明 1 行写入" in said
    assert "R-2,未导入,category,类别“外星人”" in report.read_text(encoding="utf-8-sig")


@pytest.fixture
def administrator(now):
    Post.objects.create(person_id=2, role=Role.ADMINISTRATOR, valid_from=SINCE)
    return signed_in(2)


def test_the_page_lists_imports_and_opens_one(administrator, now):
    bring(listing(CLOSED, OPEN.replace("店外经营", "外星人")), now)
    run = ImportRun.objects.get()

    listed = text(administrator.get("/work-orders/imports/"))
    opened = text(administrator.get(f"/work-orders/imports/{run.pk}/"))
    file = administrator.get(f"/work-orders/imports/{run.pk}/?export=csv")

    assert "热线.csv" in listed and "hotline-2023" in listed
    assert "新增 1 件，以前已导入 0 件，未导入 1 件" in opened
    assert "类别“外星人”在对照表中没有对应的事项" in opened
    assert "R-2,未导入,category" in file.content.decode("utf-8-sig")
    assert administrator.get("/work-orders/imports/?export=xlsx").status_code == 200


def test_an_empty_list_of_imports_says_how_to_begin(administrator):
    assert "还没有导入过清单" in text(administrator.get("/work-orders/imports/"))


def test_imports_are_for_administrators_of_the_county_only(now):
    bring(listing(CLOSED), now)
    run = ImportRun.objects.get()
    Post.objects.create(person_id=9, role=Role.ADMINISTRATOR, valid_from=SINCE)

    handler, stranger = signed_in(4), signed_in(9)

    assert handler.get("/work-orders/imports/").status_code == 403
    assert stranger.get(f"/work-orders/imports/{run.pk}/").status_code == 404
    assert "热线.csv" not in text(stranger.get("/work-orders/imports/"))
