"""Real surveillance clips: one finding where one stands, none where nothing does."""

import json
from pathlib import Path

import av
import pytest

from chengzhi_vision.analyse import Outcome, analyse
from chengzhi_vision.camera_file import read_camera

pytestmark = pytest.mark.slow

VAN = [[640, 40], [724, 40], [724, 104], [640, 104]]
PETS = "PETS09-S2L1_vtest.avi"


def rule(finding: str, dwell_s: float) -> dict[str, object]:
    return {"finding": finding, "dwell_s": dwell_s}


def zone(kind: str, polygon: list[list[int]], *rules: dict[str, object]) -> dict[str, object]:
    return {"name": f"{kind}-{polygon[0]}", "kind": kind, "polygon": polygon, "rules": list(rules)}


def whole(width: int, height: int) -> list[list[int]]:
    return [[0, 0], [width, 0], [width, height], [0, height]]


def judge(clip: Path, out: Path, detector, *zones: dict[str, object]) -> Outcome:
    camera = read_camera({"camera": {"code": "C001"}, "zones": list(zones)})
    return analyse(
        str(clip),
        camera=camera,
        detector=detector,
        out=out,
        started_at=0.0,
        progress=lambda _done, _total: None,
    )


def test_the_white_van_is_found_once_and_marked_start_unknown(video_data, ssdlite, tmp_path):
    kerb = zone("no_parking", VAN, rule("motor_vehicle_parked", 20))

    outcome = judge(video_data / PETS, tmp_path, ssdlite, kerb)

    rows = [json.loads(line) for line in (tmp_path / "findings.jsonl").open(encoding="utf-8")]
    assert outcome.frames == 795
    assert [(r["kind"], r["start_unknown"]) for r in rows] == [("motor_vehicle_parked", True)]
    assert (rows[0]["start_pts"], rows[0]["alarm_pts"]) == (0.0, 20.0)
    roles = {item["role"]: item for item in rows[0]["evidence"]}
    assert {"first_seen", "dwell_reached", "confirmation", "clip"} <= set(roles)
    with av.open(str(tmp_path / roles["clip"]["path"])) as clip:
        assert clip.streams.video[0].codec_context.name != "h264"
        assert sum(1 for _ in clip.decode(video=0)) > 100


def test_the_same_street_without_that_zone_gives_nothing(video_data, ssdlite, tmp_path):
    pavement = zone(
        "pavement_clear",
        [[0, 130], [640, 130], [768, 200], [768, 576], [0, 576]],
        rule("object_left", 20),
    )
    road = zone(
        "no_parking",
        [[0, 180], [640, 130], [768, 200], [768, 500], [0, 240]],
        rule("motor_vehicle_parked", 10),
    )
    cycles = zone(
        "two_wheeler_no_parking",
        [[0, 130], [640, 130], [768, 200], [768, 576], [0, 576]],
        rule("two_wheeler_parked", 10),
    )

    outcome = judge(video_data / PETS, tmp_path, ssdlite, pavement, road, cycles)

    assert outcome.findings == ()


@pytest.mark.parametrize(
    ("name", "size"),
    [("intel_car-detection.mp4", (768, 432)), ("motorway_video02.avi", (320, 240))],
)
def test_traffic_that_does_not_stop_gives_nothing(video_data, ssdlite, tmp_path, name, size):
    road = zone("no_parking", whole(*size), rule("motor_vehicle_parked", 8))
    cycles = zone("two_wheeler_no_parking", whole(*size), rule("two_wheeler_parked", 8))
    pavement = zone("pavement_clear", whole(*size), rule("object_left", 15))

    outcome = judge(video_data / name, tmp_path, ssdlite, road, cycles, pavement)

    assert outcome.findings == ()
