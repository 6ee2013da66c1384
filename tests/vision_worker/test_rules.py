"""Pure rules: geometry, calendar, identity of a finding."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from chengzhi_vision.alarms import finding_id
from chengzhi_vision.camera_file import read_camera
from chengzhi_vision.findings import kind_table
from chengzhi_vision.geometry import Box, contains, iou, share_inside
from chengzhi_vision.rules.calendar import ALWAYS, in_force_since
from chengzhi_vision.rules.violations import stands_in
from chengzhi_vision.types import FindingKind, ObjectClass

SQUARE = ((0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0))
SHANGHAI = ZoneInfo("Asia/Shanghai")


def rule_of(**more: object):
    rule = {"finding": "motor_vehicle_parked", "dwell_s": 60, **more}
    zone = {"name": "z", "kind": "no_parking", "polygon": [[0, 0], [9, 0], [9, 9]]}
    return read_camera({"camera": {"code": "C"}, "zones": [{**zone, "rules": [rule]}]})


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).timestamp()


def since(text: str, **more: object) -> float | None:
    rule = rule_of(**more).zones[0].rules[0]
    return in_force_since(rule, at=at(text), zone="Asia/Shanghai")


def test_overlap_of_boxes():
    one, other = Box(x=0, y=0, w=10, h=10), Box(x=5, y=0, w=10, h=10)

    assert iou(one, other) == pytest.approx(1 / 3)


def test_points_and_boxes_in_a_polygon():
    assert contains(SQUARE, (5, 5))
    assert not contains(SQUARE, (11, 5))
    assert share_inside(Box(x=-5, y=0, w=10, h=10), polygon=SQUARE) == pytest.approx(0.5, abs=0.1)


def test_the_share_of_a_box_in_a_polygon_is_that_of_its_points():
    star = ((0.0, 0.0), (10.0, 1.0), (3.0, 4.0), (9.0, 9.0), (5.0, 5.5), (1.0, 8.0))
    box = Box(x=0.5, y=0.5, w=9, h=8)

    share = share_inside(box, polygon=star, grid=20)

    steps = [(i + 0.5) / 20 for i in range(20)]
    points = [(box.x + box.w * a, box.y + box.h * b) for a in steps for b in steps]
    assert share == sum(contains(star, point) for point in points) / 400


def test_a_vehicle_stands_where_its_foot_is():
    zone = rule_of().zones[0]
    zone = type(zone)(name="z", kind=zone.kind, polygon=SQUARE, rules=zone.rules)

    foot_inside = Box(x=2, y=-10, w=6, h=18)
    foot_below = Box(x=2, y=2, w=6, h=18)

    assert stands_in(zone, foot_inside, ObjectClass.VEHICLE)
    assert not stands_in(zone, foot_below, ObjectClass.VEHICLE)


@pytest.mark.parametrize(
    ("moment", "calendar", "start"),
    [
        ("2026-11-25T10:00", {}, ALWAYS),
        ("2026-11-25T10:00", {"hours": ["07:00-22:00"]}, "2026-11-25T07:00"),
        ("2026-11-25T06:59", {"hours": ["07:00-22:00"]}, None),
        ("2026-11-25T22:00", {"hours": ["07:00-22:00"]}, None),
        ("2026-11-26T02:00", {"hours": ["22:00-06:00"]}, "2026-11-25T22:00"),
        ("2026-11-25T23:00", {"hours": ["22:00-06:00"]}, "2026-11-25T22:00"),
        ("2026-11-26T02:00", {"hours": ["22:00-06:00"], "weekdays": [3]}, "2026-11-25T22:00"),
        ("2026-11-26T23:00", {"hours": ["22:00-06:00"], "weekdays": [3]}, None),
        ("2026-11-25T10:00", {"weekdays": [1, 2, 3, 4, 5]}, "2026-11-23T00:00"),
        ("2026-11-28T10:00", {"weekdays": [1, 2, 3, 4, 5]}, None),
        ("2026-10-01T10:00", {"except_dates": ["2026-10-01"]}, None),
        ("2026-10-02T10:00", {"except_dates": ["2026-10-01"]}, "2026-10-02T00:00"),
        ("2026-11-25T23:30", {"hours": ["23:00-24:00"]}, "2026-11-25T23:00"),
    ],
)
def test_a_rule_is_in_force_by_its_calendar(moment, calendar, start):
    expected = at(start) if isinstance(start, str) else start

    assert since(moment, **calendar) == expected


def test_every_kind_has_a_code_and_a_source():
    table = kind_table()

    assert set(table) == set(FindingKind)
    assert all(row.matter_code and row.source and row.name for row in table.values())


def test_a_finding_id_depends_on_camera_zone_kind_start_and_place_only():
    known = {
        "camera": "C001",
        "zone": "kerb",
        "kind": FindingKind.MOTOR_VEHICLE_PARKED,
        "started_at": 12.04,
        "box": Box(x=100, y=100, w=50, h=40),
        "number": 1,
    }
    nearly = {**known, "started_at": 12.01, "box": Box(x=101, y=101, w=50, h=40)}

    assert finding_id(**known) == finding_id(**nearly)
    for change in ({"camera": "C002"}, {"zone": "x"}, {"started_at": 13.0}, {"number": 2}):
        assert finding_id(**{**known, **change}) != finding_id(**known)
