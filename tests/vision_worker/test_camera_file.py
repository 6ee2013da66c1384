"""The camera file: the format that stays, and refusals that name field and cure."""

import json
from datetime import date, time
from pathlib import Path

import pytest

from chengzhi_vision.camera_file import load_camera, read_camera
from chengzhi_vision.errors import CameraFileInvalid
from chengzhi_vision.types import FindingKind, ZoneKind

KERB = """
[camera]
code = "C001"
[[zones]]
name = "kerb"
kind = "no_parking"        # no_parking | two_wheeler_no_parking | pavement_clear | bin
polygon = [[640, 40], [724, 40], [724, 104], [640, 104]]
[[zones.rules]]
finding = "motor_vehicle_parked"
dwell_s = 20
"""


def table(**changes: object) -> dict[str, object]:
    rule = {"finding": "motor_vehicle_parked", "dwell_s": 20}
    zone = {"name": "kerb", "kind": "no_parking", "polygon": [[0, 0], [9, 0], [9, 9]]}
    head = {"code": "C001"}
    for key, value in changes.items():
        where, _, field = key.partition("__")
        {"camera": head, "zone": zone, "rule": rule}[where][field] = value
    return {"camera": head, "zones": [{**zone, "rules": [rule]}]}


def test_the_published_example_is_read(tmp_path: Path):
    path = tmp_path / "camera.toml"
    path.write_text(KERB, "utf-8")

    camera = load_camera(path)

    zone = camera.zones[0]
    assert (camera.code, zone.name, zone.kind) == ("C001", "kerb", ZoneKind.NO_PARKING)
    assert zone.polygon == ((640, 40), (724, 40), (724, 104), (640, 104))
    assert zone.rules[0].finding is FindingKind.MOTOR_VEHICLE_PARKED
    assert zone.rules[0].dwell_s == 20


def test_json_means_the_same_as_toml(tmp_path: Path):
    toml, other = tmp_path / "a.toml", tmp_path / "a.json"
    toml.write_text(KERB, "utf-8")
    zone = {
        "name": "kerb",
        "kind": "no_parking",
        "polygon": [[640, 40], [724, 40], [724, 104], [640, 104]],
        "rules": [{"finding": "motor_vehicle_parked", "dwell_s": 20}],
    }
    other.write_text(json.dumps({"camera": {"code": "C001"}, "zones": [zone]}), "utf-8")

    assert load_camera(toml) == load_camera(other)


def test_the_server_may_name_the_source_beside_the_camera():
    camera = read_camera({**table(), "source": "rtsp://10.0.0.1/1"})

    assert camera.source == "rtsp://10.0.0.1/1"


def test_calendar_and_limits_are_read():
    camera = read_camera(
        table(
            rule__hours=["07:00-22:00", "23:00-24:00"],
            rule__weekdays=[1, 5],
            rule__except_dates=["2026-10-01"],
            rule__min_size=40,
            rule__exempt=["bus"],
            rule__re_alert_s=600,
        )
    )

    rule = camera.zones[0].rules[0]
    assert [(s.start, s.end) for s in rule.hours] == [
        (time(7), time(22)),
        (time(23), time(0)),
    ]
    assert rule.weekdays == {1, 5}
    assert rule.except_dates == {date(2026, 10, 1)}
    assert (rule.min_size, rule.exempt, rule.re_alert_s) == ((40, 40), {"bus"}, 600)


def test_every_kind_of_finding_has_its_generator_and_warns_of_nothing():
    zone = {"zone__kind": "bin", "rule__finding": "bin_overflow"}

    assert read_camera(table(**zone)).warnings == ()


def test_own_thresholds_are_marked_in_the_version():
    camera = read_camera({**table(), "thresholds": {"dwell": {"grace_s": 30}}})

    assert camera.limits.dwell.grace_s == 30
    assert camera.limits.version == "6+camera"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"camera__code": ""}, "camera.code：缺少摄像机编码"),
        ({"camera__colour": 1}, "camera.colour：没有这个字段，可用字段为："),
        ({"camera__sample_fps": 0}, "camera.sample_fps：应为 0.05 到 30 之间的数，得到 0"),
        ({"camera__loop": 1}, "camera.loop：应为 true 或 false"),
        ({"camera__timezone": "Mars"}, "camera.timezone：不认识时区 'Mars'"),
        ({"zone__name": ""}, "zones[0].name：缺少区域名称"),
        ({"zone__kind": "lawn"}, "zones[0].kind：得到 'lawn'，可用的值为：no_parking"),
        ({"zone__polygon": [[0, 0], [1, 1]]}, "zones[0].polygon：至少需要 3 个点，得到 2 个"),
        ({"zone__polygon": [[0, 0], [1, 1], [2, 2]]}, "zones[0].polygon：各点在一条线上"),
        ({"zone__polygon": [[0, 0], [1], [2, 2]]}, "zones[0].polygon：每个点应为 [x, y]"),
        ({"rule__finding": "theft"}, "zones[0].rules[0].finding：得到 'theft'"),
        ({"rule__finding": "bin_overflow"}, "bin_overflow（垃圾站（箱）满溢）不能用于 no_parking"),
        ({"rule__dwell_s": 0}, "zones[0].rules[0].dwell_s：应为 1 到 604800 之间的数"),
        ({"rule__dwell_s": "20"}, "zones[0].rules[0].dwell_s：应为 1 到 604800 之间的数"),
        ({"rule__hours": ["7-22"]}, 'zones[0].rules[0].hours：时段应写成 "07:00-22:00"'),
        ({"rule__weekdays": [0]}, "zones[0].rules[0].weekdays：应为 1（周一）到 7（周日）"),
        ({"rule__except_dates": ["x"]}, "except_dates：日期应写成"),
        ({"rule__speed": 3}, "zones[0].rules[0].speed：没有这个字段"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_what_cannot_be_meant_is_refused_with_field_and_cure(changes, sentence):
    with pytest.raises(CameraFileInvalid) as refusal:
        read_camera(table(**changes))

    assert sentence in refusal.value.sentence


def test_a_missing_dwell_is_refused():
    broken = table()
    del broken["zones"][0]["rules"][0]["dwell_s"]

    with pytest.raises(CameraFileInvalid, match="缺少停留秒数"):
        read_camera(broken)


def test_two_zones_of_one_name_are_refused():
    twice = table()
    twice["zones"] = twice["zones"] * 2

    with pytest.raises(CameraFileInvalid, match="区域名称“kerb”重复"):
        read_camera(twice)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.toml", b"[camera\n", "语法有误"),
        ("a.json", b"{", "语法有误"),
        ("a.toml", b"\xff\xfe", "不是 UTF-8"),
        ("a.toml", b"x = 1", "x：没有这个字段"),
        ("a.json", b"[]", "配置：缺少这一节"),
    ],
)
def test_a_broken_file_is_refused(tmp_path: Path, name: str, content: bytes, sentence: str):
    path = tmp_path / name
    path.write_bytes(content)

    with pytest.raises(CameraFileInvalid, match=sentence):
        load_camera(path)


def test_a_missing_file_is_refused(tmp_path: Path):
    with pytest.raises(CameraFileInvalid, match="读不到摄像机配置"):
        load_camera(tmp_path / "none.toml")


def test_unknown_thresholds_are_refused():
    with pytest.raises(CameraFileInvalid, match=r"thresholds\.dwell\.gone：没有这一项阈值"):
        read_camera({**table(), "thresholds": {"dwell": {"gone": 1}}})
