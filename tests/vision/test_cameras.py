"""Cameras, zones and rules: registered, changed, drawn, versioned, and told in the log."""

from dataclasses import replace

import pytest

from chengzhi.accounts.rules import NotPermitted
from chengzhi.audit import interface as audit
from chengzhi.kernel.errors import InvalidInput, NotVisible
from chengzhi.vision import commands
from chengzhi.vision.commands.cameras import CodeTaken
from chengzhi.vision.models import Camera, Rule, Zone
from chengzhi.vision.queries.cameras import camera_detail, camera_file, worker_cameras
from chengzhi.vision.rules.camera_file import as_toml, parse_toml
from chengzhi.vision.types import FindingKind, RuleSpec, ZoneKind
from tests.vision.conftest import picture


def log(code: str = "C001") -> list[str]:
    camera = Camera.objects.get(code=code)
    return [entry.sentence for entry in audit.history(f"camera:{camera.pk}")]


def test_registering_tells_where_but_not_the_stream(db, draft, administrator, now):
    commands.register_camera("C001", draft, actor=administrator, now=now)

    camera = Camera.objects.get()
    assert camera.division.startswith("330225")
    assert log() == ["登记摄像头C001“靖南大街天安路口北”"]
    assert "secret" not in str(audit.history(f"camera:{camera.pk}"))


def test_a_code_is_given_once(camera, draft, administrator, now):
    with pytest.raises(CodeTaken, match="C001"):
        commands.register_camera("C001", draft, actor=administrator, now=now)

    assert Camera.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"lon": 29.4, "lat": 121.8}, "lon"),
        ({"lat": 80.0}, "lat"),
        ({"heading": 360.0}, "heading"),
        ({"address": "长" * 201}, "address"),
        ({"worker": "w" * 61}, "worker"),
        ({"source": "ftp://host/x"}, "source"),
        ({"source": "x" * 501}, "source"),
        ({"source": "http://[broken"}, "source"),
    ],
)
def test_a_malformed_camera_is_refused_by_field(db, draft, administrator, now, changes, field):
    with pytest.raises(InvalidInput) as refused:
        commands.register_camera("C001", replace(draft, **changes), actor=administrator, now=now)

    assert refused.value.field == field
    assert not Camera.objects.exists()


@pytest.mark.parametrize("who", ["jiang_lina", "wang_fang", "zhao_qiang", "chen_jing"])
def test_only_the_administrator_manages_cameras(camera, draft, zone, request, now, who):
    person = request.getfixturevalue(who)
    before = log()

    with pytest.raises(NotPermitted):
        commands.register_camera("C002", draft, actor=person, now=now)
    with pytest.raises(NotPermitted):
        commands.change_camera("C001", draft, actor=person, now=now)
    with pytest.raises(NotPermitted):
        commands.save_zones("C001", (), size=None, actor=person, now=now)
    with pytest.raises(NotPermitted):
        commands.save_rules("C001", "kerb", (), actor=person, now=now)

    assert Camera.objects.count() == 1
    assert log() == before


def test_an_administrator_of_another_county_finds_no_camera(camera, draft, administrator, now):
    stranger = replace(administrator, division="330203")

    with pytest.raises(NotVisible):
        commands.change_camera("C001", draft, actor=stranger, now=now)

    assert len(log()) == 4


def test_a_change_names_its_fields_and_no_value_of_the_stream(camera, draft, administrator, now):
    changed = replace(draft, name="路口南", source="rtsp://u:other@h/live")

    commands.change_camera("C001", changed, actor=administrator, now=now)

    assert Camera.objects.get().source == "rtsp://u:other@h/live"
    assert log()[-1] == "修改摄像头C001：名称、视频地址"


def test_no_change_is_no_event(camera, draft, administrator, now):
    before = log()

    commands.change_camera("C001", draft, actor=administrator, now=now)

    assert log() == before


def test_the_stream_is_shown_to_the_administrator_and_the_worker_only(
    camera, administrator, worker, jiang_lina, now
):
    assert camera_detail(administrator, "C001", now=now).source.startswith("rtsp://")
    assert worker_cameras(worker)[0]["camera"]["source"].startswith("rtsp://")
    seen = camera_detail(jiang_lina, "C001", now=now)
    assert (seen.source, seen.has_source) == ("", True)
    assert "secret" not in as_toml(camera_file(jiang_lina, "C001"))
    with pytest.raises(NotPermitted):
        worker_cameras(jiang_lina)


def test_a_worker_gets_its_own_cameras_and_those_of_nobody(
    camera, draft, administrator, worker, now
):
    for code, owner in (("C002", "甲"), ("C003", "乙")):
        commands.register_camera(code, replace(draft, worker=owner), actor=administrator, now=now)
    commands.register_camera("C004", replace(draft, enabled=False), actor=administrator, now=now)

    codes = [table["camera"]["code"] for table in worker_cameras(worker, worker="甲")]

    assert codes == ["C001", "C002"]
    assert len(worker_cameras(worker)) == 3


def test_what_a_worker_reads_costs_no_more_queries_for_more_cameras(
    camera, draft, zone, administrator, worker, now, django_assert_num_queries
):
    for code in ("C002", "C003"):
        commands.register_camera(code, draft, actor=administrator, now=now)
        commands.save_zones(code, (zone,), size=(768, 576), actor=administrator, now=now)

    with django_assert_num_queries(4):
        tables = worker_cameras(worker)

    assert [len(table["zones"][0]["rules"]) for table in tables] == [len(zone.rules)] * 3


def test_zones_are_made_exactly_those_given(camera, zone, administrator, now):
    moved = replace(zone, polygon=((1.0, 1.0), (9.0, 1.0), (9.0, 9.0)))
    bin_zone = replace(zone, name="桶", kind=ZoneKind.BIN, rules=())

    commands.save_zones("C001", (moved, bin_zone), size=None, actor=administrator, now=now)
    commands.save_zones("C001", (bin_zone,), size=None, actor=administrator, now=now)

    assert list(Zone.objects.values_list("name", "kind")) == [("桶", "bin")]
    assert log()[-4:] == [
        "摄像头C001布控区域：kerb、桶",
        "摄像头C001布控方案第2版：kerb、桶；规则1条",
        "摄像头C001布控区域：桶",
        "摄像头C001布控方案第3版：桶；规则0条",
    ]


def test_saving_the_same_zones_again_tells_nothing(camera, zone, administrator, now):
    before = log()

    commands.save_zones("C001", (zone,), size=(768, 576), actor=administrator, now=now)

    assert log() == before
    assert Rule.objects.get().version == 1


def test_a_zone_outside_the_picture_is_refused(camera, zone, administrator, now):
    outside = replace(zone, polygon=((1.0, 1.0), (800.0, 1.0), (9.0, 9.0)))

    with pytest.raises(InvalidInput, match="768×576") as refused:
        commands.save_zones("C001", (outside,), size=None, actor=administrator, now=now)

    assert refused.value.field == "zones[0].polygon"
    assert Zone.objects.get().corners == zone.polygon


def test_a_changed_rule_is_a_new_version_and_a_removed_one_is_told(camera, administrator, now):
    slower = RuleSpec(finding=FindingKind.MOTOR_VEHICLE_PARKED, dwell_s=60)
    bicycles = RuleSpec(finding=FindingKind.TWO_WHEELER_PARKED, dwell_s=300, enabled=False)

    commands.save_rules("C001", "kerb", (slower, bicycles), actor=administrator, now=now)
    commands.save_rules("C001", "kerb", (bicycles,), actor=administrator, now=now)

    rule = Rule.objects.get()
    assert (rule.spec(), rule.version) == (bicycles, 1)
    told = [sentence for sentence in log() if "布控方案" not in sentence]
    assert told[-3:] == [
        "区域“kerb”机动车违停规则第2版：全天 停留 ≥ 1分，区域“kerb”",
        "区域“kerb”非机动车违停规则第1版：全天 停留 ≥ 5分，区域“kerb”（停用）",
        "区域“kerb”机动车违停规则第2版：已取消",
    ]


def test_rules_need_a_zone(camera, administrator, now):
    with pytest.raises(InvalidInput) as refused:
        commands.save_rules("C001", "nowhere", (), actor=administrator, now=now)

    assert refused.value.field == "zone"


def test_importing_a_file_keeps_the_place_and_replaces_the_zones(camera, administrator, now):
    file = parse_toml(
        '[camera]\ncode = "C001"\nname = "南口"\nsample_fps = 2\npicture = [640, 480]\n'
        '[[zones]]\nname = "A"\nkind = "bin"\npolygon = [[0, 0], [9, 0], [9, 9]]\n'
        '[[zones.rules]]\nfinding = "bin_overflow"\ndwell_s = 600\n'
    )

    commands.import_camera_file(file, actor=administrator, now=now)

    camera_row = Camera.objects.get()
    assert (camera_row.name, camera_row.address) == ("南口", "丹东街道靖南大街")
    assert (camera_row.frame_width, camera_row.options) == (640, {"sample_fps": 2})
    assert camera_row.source.startswith("rtsp://")
    assert camera_file(administrator, "C001").zones == file.zones


def test_importing_a_file_of_an_unknown_camera_changes_nothing(camera, administrator, now):
    file = parse_toml('[camera]\ncode = "C777"\n')

    with pytest.raises(NotVisible):
        commands.import_camera_file(file, actor=administrator, now=now)

    assert Camera.objects.count() == 1


def test_a_still_becomes_the_picture_zones_are_drawn_on(camera, administrator, now):
    commands.save_zones("C001", (), size=None, actor=administrator, now=now)

    stored = commands.set_still(
        "C001", picture(50), name="p.jpg", size=(96, 72), actor=administrator, now=now
    )

    seen = camera_detail(administrator, "C001", now=now)
    assert (seen.still, seen.frame_width, seen.frame_height) == (stored, 96, 72)
    assert log()[-1] == "修改摄像头C001：画面"
