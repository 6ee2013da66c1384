"""The detections contract: lines of somebody else's boxes through our rules."""

import json
from pathlib import Path

import httpx
import numpy as np
import pytest
from jsonschema_rs import validator_for

from chengzhi_vision.analyse import analyse
from chengzhi_vision.camera_file import load_camera
from chengzhi_vision.detectors.given import GivenDetector
from chengzhi_vision.errors import SourceFailed, VisionError
from chengzhi_vision.sources.detections import (
    DetectionsSource,
    is_detections,
    is_pushed,
    read_line,
    write_line,
)
from chengzhi_vision.types import Box, Detection, Frame, ObjectClass

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "docs" / "examples" / "vehicle_parked.detections.jsonl"
SCHEMA = json.loads((ROOT / "docs" / "detections.schema.json").read_text("utf-8"))
CAR = Detection(box=Box(x=40, y=30, w=20, h=10), kind=ObjectClass.VEHICLE, score=0.9, label="truck")
LINE = {"version": 1, "pts": 0, "width": 8, "height": 4, "objects": []}


def frame(pts: float = 0.0) -> Frame:
    image = np.arange(60 * 80 * 3, dtype=np.uint32).reshape(60, 80, 3) % 251
    return Frame(index=0, pts=pts, at=pts, image=image.astype(np.uint8))


def read_all(source: DetectionsSource) -> list[Frame]:
    return list(source.frames(started_at=1000.0, stop=lambda: False))


def test_the_recorded_example_keeps_to_the_schema_and_gives_one_finding(tmp_path):
    lines = [json.loads(line) for line in EXAMPLE.read_text("utf-8").splitlines()]
    validator = validator_for(SCHEMA)

    outcome = analyse(
        str(EXAMPLE),
        camera=load_camera(ROOT / "seed" / "footage" / "vehicle_parked.camera.toml"),
        detector=None,
        out=tmp_path,
        started_at=0.0,
        progress=lambda _done, _total: None,
    )

    assert [validator.is_valid(line) for line in lines] == [True] * 38
    (found,) = outcome.findings
    assert (found.kind, found.zone, found.model.name) == ("motor_vehicle_parked", "kerb", "given")
    assert {file.role for file in found.evidence} >= {"first_seen", "dwell_reached"}


def test_every_class_of_the_schema_is_one_that_the_worker_knows():
    known = SCHEMA["properties"]["objects"]["items"]["properties"]["class"]["enum"]

    assert set(known) == set(ObjectClass) - {ObjectClass.OBJECT}


def test_a_line_written_is_read_back_the_same(tmp_path):
    path = tmp_path / f"C1{'.detections.jsonl'}"
    text = write_line(frame(3.5), [CAR], at="2026-11-25T08:00:00+08:00", picture_width=80)
    path.write_text(f"{text}\n\n{write_line(frame(4.0), [])}\n", "utf-8")
    given = GivenDetector()

    (seen,) = read_all(DetectionsSource(str(path), given=given))

    assert seen.at == 1795564800.0
    assert seen.image.shape == (60, 80, 3)
    assert given.detect(seen.image) == (CAR,)


def test_a_part_of_the_picture_shows_what_stands_in_it():
    given, image = GivenDetector(), frame().image
    given.give(image, [CAR])

    inside = given.detect(image[20:60, 30:80])
    beside = given.detect(image[0:20, 0:30])

    assert [one.box for one in inside] == [Box(x=10, y=10, w=20, h=10)]
    assert list(beside) == list(given.detect(frame().image)) == []


def test_a_producer_is_read_over_http_and_its_clock_starts_at_zero():
    body = "".join(f"{write_line(frame(pts), [CAR], picture_width=80)}\n" for pts in (70.0, 72.0))
    transport = httpx.MockTransport(lambda _request: httpx.Response(200, text=body))
    source = DetectionsSource(
        "detections+http://producer/C001", given=GivenDetector(), transport=transport
    )

    frames = read_all(source)

    assert [(one.pts, one.at) for one in frames] == [(0.0, 1000.0), (2.0, 1002.0)]


def test_a_producer_that_is_away_is_a_source_that_failed():
    transport = httpx.MockTransport(lambda _request: httpx.Response(503))
    source = DetectionsSource("detections+http://p/C1", given=GivenDetector(), transport=transport)

    with pytest.raises(SourceFailed, match="检测结果流中断"):
        read_all(source)


def test_a_bad_line_is_left_out_and_twenty_in_a_row_end_the_source(tmp_path):
    good = write_line(frame(), [], picture_width=80)
    few, many = tmp_path / "few.detections.jsonl", tmp_path / "many.detections.jsonl"
    few.write_text("\n".join(["{}", good, "no"]), "utf-8")
    many.write_text("\n".join([good, *["{}"] * 20]), "utf-8")

    assert len(read_all(DetectionsSource(str(few), given=GivenDetector()))) == 1
    with pytest.raises(SourceFailed, match="检测结果流连续有误：version：应为 1"):
        read_all(DetectionsSource(str(many), given=GivenDetector()))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"version": 2}, "version：应为 1"),
        ({"pts": "soon"}, "pts：应为"),
        ({"width": 0}, "width：应为 1 到 8192"),
        ({"objects": None}, "objects：应为列表"),
        ({"objects": [{"class": "cat", "score": 1, "box": [0, 0, 1, 1]}]}, r"objects\[0\].class"),
        ({"objects": [{"class": "dog", "score": 2, "box": [0, 0, 1, 1]}]}, r"objects\[0\].score"),
        ({"objects": [{"class": "dog", "score": 1, "box": [0, 0, 1]}]}, r"objects\[0\].box"),
        ({"objects": [{"class": "dog", "score": 1, "box": [0, 0, 0, 1]}]}, "宽和高应大于 0"),
        ({"at": "2026-11-25T08:00:00"}, "at：缺少时区"),
        ({"at": 5}, "at：应为带时区"),
        ({"picture": "???"}, "picture：应为 Base64"),
        ({"picture": "aGVsbG8="}, "picture：解不出图片"),
    ],
)
def test_a_line_that_keeps_not_to_the_contract_names_the_field(change, said):
    with pytest.raises(VisionError, match=said):
        read_line(json.dumps({**LINE, **change}))


def test_addresses_of_detections_are_told_from_streams():
    assert is_detections("detections:/tmp/x.jsonl") and not is_pushed("detections:/tmp/x.jsonl")
    assert is_pushed("detections+https://producer/C001")
    assert not is_detections("rtsp://camera/1")
