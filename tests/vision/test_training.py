"""A training set: what is in it, what is withheld, who may take it."""

import io
import json
import zipfile
from dataclasses import replace

import pytest

from chengzhi.accounts.types import Role
from chengzhi.audit.models import Event
from chengzhi.evidence.models import Redaction
from chengzhi.evidence.types import HidingState
from chengzhi.kernel.errors import DomainError, InvalidInput
from chengzhi.vision import commands
from chengzhi.vision.commands.training import export_training
from chengzhi.vision.rules.training import box_in, coco
from chengzhi.vision.types import FindingFilter, Pictures, TrainingPicture, TrainingRow
from tests.conftest import actor
from tests.vision.conftest import digest, picture

ROW = TrainingRow(
    id=1,
    finding_id="F-1",
    camera="C001",
    kind="motor_vehicle_parked",
    matter_code="09009",
    zone="kerb",
    bbox=(100.0, 50.0, 40.0, 20.0),
    score=0.7,
    model="m",
    model_version="1",
    verdict="true",
    reason="",
    blames="",
    note="",
    alarm_at="2026-11-25T10:30:00+08:00",
    explored=False,
    shown_share=1.0,
    original="ab",
    width=800,
    height=400,
)
HALF = TrainingPicture(name="images/ab.webp", sha256="cd", width=400, height=200, state="redacted")


@pytest.fixture
def duty():
    return actor("person:2", "王芳", Role.DUTY_MANAGER)


@pytest.fixture
def reviewed(pending, jiang_lina, now):
    """One true finding, one false by the detector's fault, one allowed by a permit."""
    for name, reason in (("F-1", ""), ("F-2", "light"), ("F-3", "permitted")):
        key = pending(name)
        if reason:
            commands.reject_finding(key, reason=reason, actor=jiang_lina, now=now)
        else:
            commands.confirm_finding(key, actor=jiang_lina, now=now)


def opened(pieces) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(b"".join(pieces)))


def take(who, now, *, pictures=Pictures.REDACTED, reason="", wanted=None):
    return export_training(
        wanted or FindingFilter(), pictures=pictures, reason=reason, query="", actor=who, now=now
    )


def lines(archive: zipfile.ZipFile) -> list[dict[str, object]]:
    return [json.loads(line) for line in archive.read("manifest.jsonl").decode().splitlines()]


def test_a_box_shrinks_with_its_picture():
    assert box_in(ROW, HALF) == [50.0, 25.0, 20.0, 10.0]
    assert box_in(ROW, None) == [100.0, 50.0, 40.0, 20.0]


def test_true_findings_are_boxes_and_the_detectors_faults_are_pictures_without():
    other = replace(HALF, name="images/ef.webp")
    third = replace(HALF, name="images/gh.webp")
    wrong = replace(ROW, verdict="false", blames="detector")
    allowed = replace(ROW, verdict="false", blames="permit")

    made = coco([(ROW, HALF), (wrong, other), (allowed, third)])

    assert [image["file_name"] for image in made["images"]] == ["images/ab.webp", "images/ef.webp"]
    assert [note["image_id"] for note in made["annotations"]] == [1]
    assert made["annotations"][0]["bbox"] == [50.0, 25.0, 20.0, 10.0]
    assert made["categories"] == [{"id": 1, "name": "motor_vehicle_parked"}]


def test_pictures_that_nobody_looked_through_are_withheld(reviewed, duty, now):
    archive = opened(take(duty, now))

    assert [name for name in archive.namelist() if name.startswith("images/")] == []
    assert {line["withheld"] for line in lines(archive)} == {"还没有遮挡"}
    assert [line["verdict"] for line in lines(archive)] == ["true", "false", "false"]
    assert "蒋丽娜" not in archive.read("manifest.jsonl").decode()
    assert Event.objects.filter(name="vision.training-exported").count() == 1


def test_covered_pictures_lie_beside_their_lines(reviewed, duty, now):
    Redaction.objects.update(state=HidingState.DONE)

    archive = opened(take(duty, now))

    (name,) = [name for name in archive.namelist() if name.startswith("images/")]
    line = lines(archive)[0]
    assert (line["image"], line["redaction"]) == (name, "redacted")
    assert line["original_sha256"] == digest(picture(20))
    assert line["image_sha256"] == digest(archive.read(name))
    notes = json.loads(archive.read("annotations.json"))
    assert len(notes["annotations"]) == 1


def test_originals_need_a_permission_a_reason_and_leave_a_trace(reviewed, duty, now):
    leader = actor("person:3", "赵强", Role.LEADER)
    with pytest.raises(DomainError):
        take(leader, now, pictures=Pictures.ORIGINAL, reason="训练夜间模型")
    with pytest.raises(InvalidInput):
        take(duty, now, pictures=Pictures.ORIGINAL, reason=" ")
    assert not Event.objects.filter(name="vision.training-exported").exists()

    archive = opened(take(duty, now, pictures=Pictures.ORIGINAL, reason="训练夜间模型"))

    assert lines(archive)[0]["image_sha256"] == digest(picture(20))
    assert Event.objects.filter(name="evidence.read").count() == 1


def test_a_reviewer_may_not_and_a_stranger_finds_nothing(reviewed, jiang_lina, chen_jing, now):
    with pytest.raises(DomainError):
        take(jiang_lina, now)
    with pytest.raises(InvalidInput, match="没有已复核"):
        take(chen_jing, now)
