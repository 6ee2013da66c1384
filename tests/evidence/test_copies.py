"""Published copies carry the picture and nothing else."""

import io

import av
import pytest
from PIL import Image

from chengzhi.evidence.rules import NoSuchCopy, media_type, published, thumbnail
from tests.evidence.pictures import PDF, clip, exif, picture

JPEG, PNG, MP4 = media_type("image/jpeg"), media_type("image/png"), media_type("video/mp4")


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def test_a_copy_is_webp_with_a_long_side_of_1600():
    content, name = published(picture(size=(3000, 1500)), JPEG)

    copy = opened(content)
    assert (name, copy.format, copy.size) == ("image/webp", "WEBP", (1600, 800))


def test_a_small_picture_is_not_enlarged():
    assert opened(published(picture(size=(300, 200)), JPEG)[0]).size == (300, 200)


def test_time_place_and_device_are_gone():
    original = picture(exif=exif())

    copy = opened(published(original, JPEG)[0])

    assert b"TestPhone" in original
    assert dict(copy.getexif()) == {}
    assert not {"exif", "icc_profile", "xmp"} & set(copy.info)
    assert b"TestPhone" not in published(original, JPEG)[0]


def test_what_hides_behind_the_picture_is_gone():
    polyglot = picture() + b"<script>alert(1)</script>"

    assert b"<script>" not in published(polyglot, JPEG)[0]


def test_a_turned_picture_is_set_upright():
    lying = picture(size=(400, 200), exif=exif(orientation=6))

    assert opened(published(lying, JPEG)[0]).size == (200, 400)
    assert opened(thumbnail(lying, JPEG)[0]).size == (160, 320)


def test_what_is_transparent_becomes_white():
    glass = picture(form="PNG", mode="RGBA", colour=(200, 0, 0, 0), size=(10, 10))

    assert opened(published(glass, PNG)[0]).convert("RGB").getpixel((5, 5)) == (255, 255, 255)


def test_a_thumbnail_fits_into_320():
    assert opened(thumbnail(picture(size=(1600, 900)), JPEG)[0]).size == (320, 180)


def test_a_recording_is_copied_without_its_metadata():
    original = clip(metadata={"title": "secret place", "comment": "TestPhone"})

    content, name = published(original, MP4)

    assert b"secret place" in original
    assert b"secret place" not in content
    assert name == "video/mp4"
    with av.open(io.BytesIO(content)) as container:
        assert sum(1 for _ in container.decode(video=0)) == 12


def test_the_thumbnail_of_a_recording_is_its_first_picture():
    content, name = thumbnail(clip(size=(640, 480)), MP4)

    assert (name, opened(content).size) == ("image/webp", (320, 240))


def test_a_document_is_its_own_copy_and_has_no_thumbnail():
    pdf = media_type("application/pdf")

    assert published(PDF, pdf) == (PDF, "application/pdf")
    with pytest.raises(NoSuchCopy, match="文件没有缩略图"):
        thumbnail(PDF, pdf)


@pytest.mark.parametrize("make", [published, thumbnail])
def test_a_file_that_cannot_be_copied_is_said_to_be_damaged(make):
    with pytest.raises(NoSuchCopy, match="文件有损坏"):
        make(clip()[:300], MP4)
