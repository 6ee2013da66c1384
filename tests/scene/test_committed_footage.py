"""The committed clips and stills are what their indexes say, and their truth can be planned again."""

import csv
import hashlib
import json
from pathlib import Path
from typing import Any

import av
import pytest
from PIL import Image

from tools.scene.streetscene.camera_file import camera_text
from tools.scene.streetscene.footage import CLIPS, Clip, plan_of
from tools.scene.streetscene.truth import truth_text

SEED = Path(__file__).parents[2] / "seed"
FOOTAGE, IMAGES = SEED / "footage", SEED / "img"
CODES = Path(__file__).parents[2] / "src/chengzhi/standards/data/gbt47678_5_codes.csv"


def clips() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((FOOTAGE / "index.json").read_text("utf-8"))["clips"]
    return found


def pictures() -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads((IMAGES / "index.json").read_text("utf-8"))["pictures"]
    return found


def test_every_clip_of_the_list_is_committed() -> None:
    assert [clip["file"] for clip in clips()] == [f"{clip.name}.mp4" for clip in CLIPS]


@pytest.mark.parametrize("clip", clips(), ids=lambda clip: str(clip["file"]))
def test_clip_is_small_and_has_the_hash_of_the_index(clip: dict[str, Any]) -> None:
    body = (FOOTAGE / clip["file"]).read_bytes()

    assert len(body) == clip["bytes"] <= 3_000_000
    assert hashlib.sha256(body).hexdigest() == clip["sha256"]


@pytest.mark.parametrize("clip", clips(), ids=lambda clip: str(clip["file"]))
def test_clip_is_vp9_with_a_key_frame_every_two_seconds(clip: dict[str, Any]) -> None:
    with av.open(str(FOOTAGE / clip["file"])) as container:
        stream = container.streams.video[0]
        packets = [packet for packet in container.demux(stream) if packet.pts is not None]
        keys = [float(p.pts * p.time_base) for p in packets if p.is_keyframe and p.pts is not None]

    assert stream.codec_context.name in ("vp9", "libvpx-vp9")
    assert len(packets) == clip["seconds"] * clip["fps"]
    assert max(b - a for a, b in zip(keys, keys[1:], strict=False)) <= 2.0


@pytest.mark.parametrize("clip", CLIPS, ids=lambda clip: clip.name)
def test_truth_and_camera_file_are_those_of_the_plan(clip: Clip) -> None:
    plan = plan_of(clip)

    assert truth_text(plan) == (FOOTAGE / f"{clip.name}.truth.json").read_text("utf-8")
    assert camera_text(plan) == (FOOTAGE / f"{clip.name}.camera.toml").read_text("utf-8")


def test_stills_are_small_webp_pictures() -> None:
    for name in {picture["file"] for picture in pictures()}:
        with Image.open(IMAGES / name) as image:
            assert (image.format, image.size) == ("WEBP", (640, 480))
        assert (IMAGES / name).stat().st_size <= 60_000


def test_every_matter_with_stills_has_them_in_every_role() -> None:
    roles: dict[str, set[str]] = {}
    for picture in pictures():
        roles.setdefault(picture["matter_code"], set()).add(picture["role"])

    assert len(roles) == 17
    assert all(found == {"near", "far", "before", "after"} for found in roles.values())


def test_stills_name_codes_of_the_standard() -> None:
    with CODES.open(encoding="utf-8") as table:
        known = {row["code"] for row in csv.DictReader(table)}

    assert {picture["matter_code"] for picture in pictures()} <= known


def test_no_picture_lies_about_unlisted() -> None:
    listed = {picture["file"] for picture in pictures()}

    assert {path.name for path in IMAGES.glob("*.webp")} == listed
