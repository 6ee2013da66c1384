"""A training set: what is in it, what is withheld, who may take it."""

import io
import json
import zipfile
from dataclasses import replace

import pytest
from PIL import Image

from chengzhi.accounts.types import Role
from chengzhi.audit.models import Event
from chengzhi.evidence.models import Redaction
from chengzhi.evidence.types import HidingState
from chengzhi.kernel.errors import DomainError, InvalidInput
from chengzhi.vision import commands
from chengzhi.vision.commands.training import export_training
from chengzhi.vision.rules.garbage_labels import CLASSES, is_sample, sample
from chengzhi.vision.rules.training import box_in, coco
from chengzhi.vision.types import FindingFilter, FindingKind, Pictures, TrainingPicture, TrainingRow
from chengzhi_vision.detectors.garbage import CLASSES as DETECTED
from tests.conftest import actor
from tests.vision.conftest import digest, picture, still
from tools.training.pictures import read_photo

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


# ── for the garbage detector ───────────────────────────────────────────────────────────

HEAP = replace(ROW, kind="garbage_exposed")
FULL = replace(ROW, kind="bin_overflow", bbox=(700.0, 300.0, 60.0, 80.0))
WHOLE = TrainingPicture(name="images/ab.webp", sha256="cd", width=800, height=400, state="redacted")


def test_the_labels_number_the_classes_as_the_detector_does():
    assert [kind.value for _, kind in DETECTED] == list(CLASSES)


def test_a_picture_is_cut_to_what_was_judged_and_labelled_in_its_shares():
    kept = sample([HEAP], WHOLE)

    assert kept.window == (0, 0, 320, 320)
    assert kept.labels == "0 0.375000 0.187500 0.125000 0.062500\n"


def test_all_boxes_of_a_picture_are_labelled_together():
    kept = sample([HEAP, FULL, FULL], WHOLE)

    assert kept.window == (0, 0, 800, 400)
    assert [line[0] for line in kept.labels.splitlines()] == ["0", "2"]


@pytest.mark.parametrize(
    ("row", "reason", "blames", "labels"),
    [
        (HEAP, "nothing", "detector", ""),
        (HEAP, "person", "detector", ""),
        (FULL, "light", "detector", ""),
        (FULL, "nothing", "detector", "1 "),
    ],
)
def test_a_mistake_of_the_detector_is_an_empty_label_unless_it_is_a_bin(
    row, reason, blames, labels
):
    wrong = replace(row, verdict="false", reason=reason, blames=blames)

    assert is_sample(wrong)
    assert sample([wrong], WHOLE).labels[:2] == labels


@pytest.mark.parametrize(
    "row",
    [
        ROW,
        replace(HEAP, verdict="duplicate"),
        replace(HEAP, verdict="false", reason="permitted", blames="permit"),
        replace(HEAP, verdict="false", reason="unclear", blames="nobody"),
    ],
)
def test_what_says_nothing_of_garbage_is_no_sample(row):
    assert not is_sample(row)


def test_the_set_holds_a_folder_that_the_training_takes(pending, jiang_lina, duty, now, tmp_path):
    heap = pending("F-1", kind=FindingKind.GARBAGE_EXPOSED, bbox=(10.0, 10.0, 20.0, 20.0))
    other = pending("F-2", kind=FindingKind.GARBAGE_EXPOSED, evidence=(still("dwell_reached", 30),))
    commands.confirm_finding(heap, actor=jiang_lina, now=now)
    commands.reject_finding(other, reason="nothing", actor=jiang_lina, now=now)
    Redaction.objects.update(state=HidingState.DONE)

    archive = opened(take(duty, now))

    names = sorted(name for name in archive.namelist() if name.startswith("garbage/"))
    assert names == sorted(
        f"garbage/{folder}/{digest(picture(shade))}.{ending}"
        for folder, ending in (("images", "jpg"), ("labels", "txt"))
        for shade in (20, 30)
    )
    labels = [archive.read(f"garbage/labels/{digest(picture(s))}.txt") for s in (20, 30)]
    assert labels[0].startswith(b"0 0.")
    assert labels[1] == b""
    with Image.open(io.BytesIO(archive.read(names[0]))) as image:
        assert (image.format, image.size) == ("JPEG", (96, 72))
    archive.extractall(tmp_path)
    photos = [read_photo(tmp_path / "garbage", digest(picture(shade))) for shade in (20, 30)]
    assert [list(photo.kinds) for photo in photos] == [[0], []]


# ── who, and what is withheld ──────────────────────────────────────────────────────────


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
