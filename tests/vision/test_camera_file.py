"""The camera file: read, refused with the field's name, written again."""

import json

import pytest

from chengzhi.kernel.errors import InvalidInput
from chengzhi.vision.rules.camera_file import as_table, as_toml, parse_toml, read_camera_file
from chengzhi.vision.types import FindingKind, ZoneKind
from chengzhi_vision.camera_file import read_camera

ISSUE = """
[camera]
code = "C001"
[[zones]]
name = "kerb"
kind = "no_parking"
polygon = [[640, 40], [724, 40], [724, 104], [640, 104]]
[[zones.rules]]
finding = "motor_vehicle_parked"
dwell_s = 20
"""

FULL = """
[camera]
code = "C-0117"
name = "靖南大街“北”"
source = "rtsp://u:p@10.0.0.8/live"
picture = [1280, 720]
keyframes_only = true
sample_fps = 2.5

[[zones]]
name = "人行道 A"
kind = "pavement_clear"
polygon = [[1, 2], [300.5, 2], [300, 200]]

[[zones.rules]]
finding = "goods_on_pavement"
dwell_s = 1200
hours = ["07:00-11:30", "13:00-24:00"]
weekdays = [5, 1]
except_dates = ["2026-10-01"]
min_size = 12
max_size = [300, 200]
exempt = ["bench"]
re_alert_s = 3600
min_score = 0.5
grace_s = 20

[[zones.rules]]
finding = "object_left"
dwell_s = 300

[thresholds.score]
vehicle = 0.5
"""


def test_the_file_of_the_issue_is_read():
    camera = parse_toml(ISSUE)

    (zone,) = camera.zones
    (rule,) = zone.rules
    assert (camera.code, zone.name, zone.kind) == ("C001", "kerb", ZoneKind.NO_PARKING)
    assert zone.polygon == ((640, 40), (724, 40), (724, 104), (640, 104))
    assert (rule.finding, rule.dwell_s, rule.hours) == (
        FindingKind.MOTOR_VEHICLE_PARKED,
        20,
        (),
    )


@pytest.mark.parametrize("text", [ISSUE, FULL])
def test_what_is_written_reads_back_the_same(text):
    camera = parse_toml(text)

    assert parse_toml(as_toml(camera)) == camera
    assert read_camera_file(json.loads(json.dumps(as_table(camera)))) == camera


@pytest.mark.parametrize("text", [ISSUE, FULL])
def test_the_worker_reads_what_the_platform_sends(text):
    camera = parse_toml(text)

    seen = read_camera(json.loads(json.dumps(as_table(camera))))

    assert seen.code == camera.code
    assert [zone.name for zone in seen.zones] == [zone.name for zone in camera.zones]
    assert [rule.dwell_s for zone in seen.zones for rule in zone.rules] == [
        rule.dwell_s for zone in camera.zones for rule in zone.rules
    ]


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ('code = "C001"', "", "camera.code"),
        ('code = "C001"', 'code = "坏"', "camera.code"),
        ('code = "C001"', 'code = "C001"\nlens = 1', "camera.lens"),
        ('code = "C001"', 'code = "C001"\nname = 3', "camera.name"),
        ('code = "C001"', 'code = "C001"\npicture = 3', "camera.picture"),
        ('name = "kerb"', 'name = " "', "zones[0].name"),
        ('kind = "no_parking"', 'kind = "car_park"', "zones[0].kind"),
        ('"no_parking"', '"bin"', "zones[0].rules[0].finding"),
        ("[[640, 40], [724, 40], [724, 104], [640, 104]]", "[[1, 1]]", "zones[0].polygon"),
        ("[640, 40]", "[640]", "zones[0].polygon"),
        ("[[640, 40], [724, 40], [724, 104], [640, 104]]", "4", "zones[0].polygon"),
        (
            "[[640, 40], [724, 40], [724, 104], [640, 104]]",
            "[[0, 0], [1, 1], [2, 2]]",
            "zones[0].polygon",
        ),
        ("dwell_s = 20", "", "zones[0].rules[0].dwell_s"),
        ("dwell_s = 20", "dwell_s = 0", "zones[0].rules[0].dwell_s"),
        ("dwell_s = 20", "dwell_s = true", "zones[0].rules[0].dwell_s"),
        ("dwell_s = 20", 'dwell_s = 20\nhours = ["7-9"]', "zones[0].rules[0].hours"),
        ("dwell_s = 20", "dwell_s = 20\nhours = [7]", "zones[0].rules[0].hours"),
        ("dwell_s = 20", "dwell_s = 20\nweekdays = [0]", "zones[0].rules[0].weekdays"),
        ("dwell_s = 20", 'dwell_s = 20\nexcept_dates = ["x"]', "zones[0].rules[0].except_dates"),
        ("dwell_s = 20", "dwell_s = 20\nmin_score = 2", "zones[0].rules[0].min_score"),
        ("dwell_s = 20", "dwell_s = 20\nenabled = 1", "zones[0].rules[0].enabled"),
        ("dwell_s = 20", "dwell_s = 20\ndwell = 3", "zones[0].rules[0].dwell"),
        ("[camera]", "[kamera]", "kamera"),
        ("[camera]", "[camera", "file"),
    ],
)
def test_what_is_wrong_is_refused_by_the_name_of_its_field(old, new, field):
    with pytest.raises(InvalidInput) as refused:
        parse_toml(ISSUE.replace(old, new, 1))

    assert refused.value.field == field
    assert refused.value.sentence.endswith("。")


def test_two_zones_may_not_share_a_name():
    twice = ISSUE + ISSUE.partition('[camera]\ncode = "C001"')[2]

    with pytest.raises(InvalidInput, match="“kerb”重复") as refused:
        parse_toml(twice)

    assert refused.value.field == "zones[1].name"


def test_one_kind_of_finding_has_one_rule_in_a_zone():
    rule = ISSUE[ISSUE.index("[[zones.rules]]") :]

    with pytest.raises(InvalidInput, match="机动车违停") as refused:
        parse_toml(ISSUE + rule)

    assert refused.value.field == "zones[0].rules[1].finding"


def test_a_rule_that_is_switched_off_is_not_sent_to_the_worker():
    camera = parse_toml(ISSUE.replace("dwell_s = 20", "dwell_s = 20\nenabled = false"))

    assert as_table(camera)["zones"][0]["rules"] == []
