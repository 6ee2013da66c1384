"""What a file is, is judged by its bytes."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from PIL.ExifTags import GPS, IFD

from chengzhi.evidence.rules import MEDIA, UploadRefused, check, refuse_size, sniff
from chengzhi.evidence.rules.content import MOST_BYTES
from tests.evidence.pictures import PDF, clip, exif, office, picture

ZONE = ZoneInfo("Asia/Shanghai")
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (picture(), "image/jpeg"),
        (picture(form="PNG"), "image/png"),
        (picture(form="WEBP"), "image/webp"),
        (clip(), "video/mp4"),
        (clip(form="mov"), "video/quicktime"),
        (clip(form="webm", codec="libvpx"), "video/webm"),
        (clip(form="avi"), "video/x-msvideo"),
        (PDF, "application/pdf"),
        (office(), DOCX),
        (office("xl"), XLSX),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_is_what_its_bytes_say(content, name):
    assert check(content, zone=ZONE).media_type.name == name


def test_every_kept_type_has_a_size_limit():
    assert all(0 < media.most_bytes <= MOST_BYTES for media in MEDIA)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "文件是空的"),
        (b"<html><script>alert(1)</script></html>", "与支持的类型都不符"),
        (b"<?xml version='1.0'?><svg onload='alert(1)'/>", "与支持的类型都不符"),
        (b"GIF89a" + b"\0" * 40, "与支持的类型都不符"),
        (b"MZ" + b"\0" * 80, "与支持的类型都不符"),
        (b"\0\0\0\x18ftypheic" + b"\0" * 40, "暂不接收 HEIC"),
        (b"PK\x03\x04" + b"\0" * 40, "与支持的类型都不符"),
        (office("ppt"), "与支持的类型都不符"),
        (b"\x1a\x45\xdf\xa3" + b"matroska" + b"\0" * 60, "与支持的类型都不符"),
    ],
)
def test_what_is_not_kept_is_refused_with_what_is(content, words):
    with pytest.raises(UploadRefused, match=words) as refusal:
        sniff(content)

    assert (refusal.value.status, refusal.value.field) == (422, "file")


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xd8\xff\xe0<html><script>alert(1)</script></html>",
        b"\x89PNG\r\n\x1a\n<html>",
        b"RIFF\0\0\0\0WEBP<html>",
        picture()[:-400],
        picture(form="PNG")[:-40],
        picture(form="WEBP")[:40],
    ],
    ids=["html as jpg", "html as png", "html as webp", "cut jpg", "cut png", "cut webp"],
)
def test_a_picture_that_does_not_decode_is_refused(content):
    with pytest.raises(UploadRefused, match="图片已损坏或不完整"):
        check(content, zone=ZONE)


@pytest.mark.parametrize(
    "content",
    [clip()[:300], b"\0\0\0\x18ftypisom<html>", b"RIFF\0\0\0\0AVI <html>"],
    ids=["cut mp4", "html as mp4", "html as avi"],
)
def test_a_recording_that_does_not_decode_is_refused(content):
    with pytest.raises(UploadRefused, match="录像已损坏或不完整"):
        check(content, zone=ZONE)


def test_a_decompression_bomb_is_refused_before_it_is_decoded():
    bomb = picture(form="PNG", mode="1", colour=1, size=(6000, 5000))

    with pytest.raises(UploadRefused, match="画面为 6000×5000，超过 2500 万像素的上限"):
        check(bomb, zone=ZONE)

    assert len(bomb) < 20_000


def test_a_file_that_is_too_large_is_refused():
    large = PDF + b"\0" * (30 * 2**20)

    with pytest.raises(UploadRefused, match=r"文件有 30\.0 MB，超过 30 MB 的上限"):
        check(large, zone=ZONE)


def test_an_announced_size_is_refused_unread():
    assert refuse_size(MOST_BYTES) is None
    with pytest.raises(UploadRefused, match="超过 100 MB 的上限"):
        refuse_size(MOST_BYTES + 1)


def test_a_pdf_without_end_is_refused():
    with pytest.raises(UploadRefused, match="PDF 不完整"):
        check(PDF[:-6], zone=ZONE)


def test_a_document_with_macros_is_refused():
    with pytest.raises(UploadRefused, match="文件带有宏"):
        check(office(extra={"word/vbaProject.bin": "x"}), zone=ZONE)


def test_a_document_that_unpacks_too_large_is_refused():
    bomb = office(extra={"word/huge.xml": b"\0" * (201 * 2**20)})

    with pytest.raises(UploadRefused, match="文件解压后过大"):
        check(bomb, zone=ZONE)

    assert len(bomb) < 2**20


def test_size_and_length_of_a_recording_are_read():
    found = check(clip(frames=24), zone=ZONE)

    assert (found.width, found.height) == (160, 120)
    assert found.duration_s == pytest.approx(2.0, abs=0.1)


def test_a_recording_that_runs_too_long_is_refused():
    with pytest.raises(UploadRefused, match="录像长 31 分钟，超过 30 分钟"):
        check(clip(frames=2, seconds_apart=930), zone=ZONE)


def test_a_recording_with_too_large_a_picture_is_refused():
    with pytest.raises(UploadRefused, match="超过 900 万像素的上限"):
        check(clip(frames=1, size=(4000, 2400)), zone=ZONE)


def test_sound_alone_is_no_recording():
    with pytest.raises(UploadRefused, match="文件里没有画面"):
        check(clip(sound_only=True), zone=ZONE)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_time_and_place_are_read_from_exif(form):
    found = check(picture(form=form, exif=exif()), zone=ZONE).taken

    assert found.at == datetime(2026, 11, 25, 2, 20, 30, tzinfo=UTC)
    assert (found.lon, found.lat) == (121.87, 29.4766667)


def test_the_offset_that_the_device_wrote_holds():
    found = check(picture(exif=exif(offset="+09:00")), zone=ZONE).taken

    assert found.at == datetime(2026, 11, 25, 1, 20, 30, tzinfo=UTC)


def test_the_southern_and_western_halves_are_negative():
    tags = exif()
    tags.get_ifd(IFD.GPSInfo)[GPS.GPSLatitudeRef] = "S"
    tags.get_ifd(IFD.GPSInfo)[GPS.GPSLongitudeRef] = "W"

    found = check(picture(exif=tags), zone=ZONE).taken

    assert (found.lon, found.lat) == (-121.87, -29.4766667)


@pytest.mark.parametrize("at", ["0000:00:00 00:00:00", "yesterday", "2026:13:45 10:00:00", ""])
def test_a_wrong_time_is_no_time(at):
    assert check(picture(exif=exif(at=at)), zone=ZONE).taken.at is None


def test_a_wrong_or_half_place_is_no_place():
    far, half, none = exif(), exif(), exif(gps=False)
    far.get_ifd(IFD.GPSInfo)[GPS.GPSLatitude] = (129.0, 0.0, 0.0)
    del half.get_ifd(IFD.GPSInfo)[GPS.GPSLongitude]

    for tags in (far, half, none):
        found = check(picture(exif=tags), zone=ZONE).taken
        assert (found.lon, found.lat) == (None, None)
