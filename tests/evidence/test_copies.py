"""Published copies carry the picture and nothing else."""

import io

import av
import numpy as np
import pytest
from PIL import Image

from chengzhi.evidence.rules import (
    NoSuchCopy,
    media_type,
    published,
    sniff,
    thumbnail,
    upright,
)
from chengzhi.evidence.rules.clips import _covered, _regions, hidden_clip
from chengzhi_redaction.policy import regions_of
from chengzhi_redaction.types import Area, Found, Seen, ThingKind
from tests.evidence.looking import Sees
from tests.evidence.pictures import PDF, checkered, clip, exif, picture

JPEG, PNG, MP4 = media_type("image/jpeg"), media_type("image/png"), media_type("video/mp4")


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def test_a_copy_is_webp_with_a_long_side_of_1600():
    content, name = published(picture(size=(3000, 1500)), JPEG, rows=[])

    copy = opened(content)
    assert (name, copy.format, copy.size) == ("image/webp", "WEBP", (1600, 800))


def test_a_small_picture_is_not_enlarged():
    assert opened(published(picture(size=(300, 200)), JPEG, rows=[])[0]).size == (300, 200)


def test_time_place_and_device_are_gone():
    original = picture(exif=exif())

    copy = opened(published(original, JPEG, rows=[])[0])

    assert b"TestPhone" in original
    assert dict(copy.getexif()) == {}
    assert not {"exif", "icc_profile", "xmp"} & set(copy.info)
    assert b"TestPhone" not in published(original, JPEG, rows=[])[0]


def test_what_hides_behind_the_picture_is_gone():
    polyglot = picture() + b"<script>alert(1)</script>"

    assert b"<script>" not in published(polyglot, JPEG, rows=[])[0]


def test_a_turned_picture_is_set_upright():
    lying = picture(size=(400, 200), exif=exif(orientation=6))

    assert opened(published(lying, JPEG, rows=[])[0]).size == (200, 400)
    assert opened(thumbnail(lying, JPEG, rows=[])[0]).size == (160, 320)


def test_what_is_transparent_becomes_white():
    glass = picture(form="PNG", mode="RGBA", colour=(200, 0, 0, 0), size=(10, 10))

    assert opened(published(glass, PNG, rows=[])[0]).convert("RGB").getpixel((5, 5)) == (
        255,
        255,
        255,
    )


def test_a_thumbnail_fits_into_320():
    assert opened(thumbnail(picture(size=(1600, 900)), JPEG, rows=[])[0]).size == (320, 180)


def test_the_covered_recording_is_small_slow_and_says_nothing_of_its_device():
    original = clip(metadata={"title": "secret place", "comment": "TestPhone"})

    content = hidden_clip(original, things=Sees())

    assert b"secret place" in original
    assert b"secret place" not in content
    assert sniff(content).name == "video/webm"
    with av.open(io.BytesIO(content)) as container:
        assert sum(1 for _ in container.decode(video=0)) == 5


def test_a_head_seen_once_is_hidden_in_the_pictures_around_it():
    person = Seen(kind=ThingKind.PERSON, area=Area(x=0, y=0, w=64, h=160))
    blink = iter([[], [], [], [person], [], [], [], []])
    noisy = np.random.default_rng(3).integers(0, 256, (240, 320, 3), np.uint8)

    def look(picture):
        return regions_of(next(blink), faces=(), plates=())

    shown = [p[:40, :60].std() for p in _covered(iter([noisy.copy() for _ in range(8)]), look)]

    assert [deviation < 30 for deviation in shown] == [
        False, True, True, True, True, True, False, False,
    ]  # fmt: skip


def test_a_recording_hides_a_plate_without_its_car_and_a_sure_one_does_not_spare_the_body():
    plate = Found(area=Area(x=40, y=120, w=60, h=20), score=0.99)
    car = Seen(kind=ThingKind.VEHICLE, area=Area(x=0, y=0, w=240, h=180))

    class Finder:
        def __init__(self, *seen):
            self.seen = seen

        def things(self, picture):
            return self.seen

        def find(self, picture):
            return [plate]

    picture = np.zeros((180, 240, 3), np.uint8)
    alone, whole = (_regions(picture, Finder(*seen), Finder()) for seen in ([], [car]))

    assert [str(region.kind) for region in alone] == ["plate"]
    assert [str(region.kind) for region in whole] == ["band"]


def test_a_recording_has_no_copy_that_shows_it_as_it_is():
    with pytest.raises(NoSuchCopy, match="请写明事由调阅原件"):
        published(clip(), MP4, rows=[])


def test_what_nobody_has_looked_at_is_a_coarse_sketch():
    board = checkered(400, 300)

    sketch = np.asarray(opened(published(board, PNG, rows=None)[0]).convert("L"), float)
    plain = np.asarray(opened(published(board, PNG, rows=[])[0]).convert("L"), float)

    assert (plain.std() > 100, sketch.std() < 10) == (True, True)


def test_a_copy_hides_its_rows_and_so_does_its_thumbnail():
    rows = [{"kind": "hand", "box": [0.5, 0.0, 0.5, 1.0]}]

    for make in (published, thumbnail):
        image = np.asarray(opened(make(checkered(400, 300), PNG, rows=rows)[0]).convert("L"), float)
        half = image.shape[1] // 2
        assert image[:, : half - 4].std() > 60
        assert image[:, half + 4 :].std() < 10


def test_the_thumbnail_of_a_recording_is_its_first_picture():
    content, name = thumbnail(clip(size=(640, 480)), MP4, rows=None)

    assert (name, opened(content).size) == ("image/webp", (320, 240))


def test_a_document_is_its_own_copy_and_has_no_thumbnail():
    pdf = media_type("application/pdf")

    assert published(PDF, pdf, rows=None) == (PDF, "application/pdf")
    with pytest.raises(NoSuchCopy, match="文件没有缩略图"):
        thumbnail(PDF, pdf, rows=None)


@pytest.mark.parametrize(
    "make",
    [
        lambda: published(picture()[:300], JPEG, rows=[]),
        lambda: thumbnail(clip()[:300], MP4, rows=[]),
        lambda: upright(picture()[:300], JPEG),
    ],
)
def test_a_file_that_cannot_be_copied_is_said_to_be_damaged(make):
    with pytest.raises(NoSuchCopy, match="文件有损坏"):
        make()
