"""Names of shops are a hint: read above the zone, of findings that are about a shop."""

from dataclasses import dataclass, field, replace

import cv2
import numpy as np
import pytest

from chengzhi_vision.evidence.shop_names import Line, shop_names
from chengzhi_vision.spool.message import finding_message
from chengzhi_vision.types import Box, FindingKind, ModelRef, Still
from chengzhi_vision.types import Finding as Found

from .scenes import camera_with, parked

CAMERA = camera_with(parked(10))
STILL = Still(
    pts=0, at=0, jpeg=cv2.imencode(".jpg", np.zeros((360, 640, 3), np.uint8))[1].tobytes()
)


@dataclass
class Reads:
    """Reads what it is told, and remembers how large the picture was."""

    lines: list[Line]
    sizes: list[tuple[int, int]] = field(default_factory=list)

    def read(self, picture):
        self.sizes.append(picture.shape[:2])
        return self.lines


def finding(kind: FindingKind = FindingKind.GOODS_ON_PAVEMENT) -> Found:
    return Found(
        finding_id="f", camera="C001", kind=kind, matter_code="09005", zone=CAMERA.zones[0].name,
        start_pts=0, alarm_pts=0, started_at=0, alarm_at=0, start_unknown=False,
        box=Box(x=0, y=0, w=9, h=9), frame=(640, 360), score=1, model=ModelRef(name="m", version="1"),
        frame_sha256="0" * 64,
    )  # fmt: skip


def line(text: str, *, score: float = 0.9, height: float = 20) -> Line:
    return Line(text=text, score=score, height=height)


def test_the_largest_letters_come_first_and_numbers_are_no_names():
    reader = Reads([line("甲乙水果", height=12), line("138 0000 0000"), line("丙丁烟酒", height=40),
                    line("糊的", score=0.3), line("A"), line("甲乙水果")])  # fmt: skip

    assert shop_names(STILL, finding(), CAMERA, reader=reader) == ("丙丁烟酒", "甲乙水果")
    assert len(reader.sizes) == 1


@pytest.mark.parametrize("kind", [FindingKind.MOTOR_VEHICLE_PARKED, FindingKind.CAMERA_BLIND])
def test_what_is_about_no_shop_is_not_read(kind):
    reader = Reads([line("甲乙水果")])

    assert shop_names(STILL, finding(kind), CAMERA, reader=reader) == ()
    assert reader.sizes == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("电话13800000000", ()),
        ("订水 0574-6500 0000", ()),
        ("7天24小时便利店", ("7天24小时便利店",)),
        ("始于1998年 老街面馆", ("始于1998年 老街面馆",)),
    ],
)
def test_a_telephone_is_no_name_because_it_belongs_to_a_person(text, names):
    assert shop_names(STILL, finding(), CAMERA, reader=Reads([line(text)])) == names


def test_without_a_zone_or_a_reader_there_is_no_hint():
    lost = replace(finding(), zone="gone")

    assert shop_names(STILL, lost, CAMERA, reader=Reads([line("甲乙水果")])) == ()
    assert shop_names(STILL, finding(), CAMERA, reader=None) == ()


def test_the_message_carries_hints_only_where_there_are_some():
    assert "hints" not in finding_message(finding())
    assert finding_message(replace(finding(), shop_names=("甲乙水果",)))["hints"] == {
        "shop_names": ["甲乙水果"]
    }
