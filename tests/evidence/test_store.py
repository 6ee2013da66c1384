"""Files are kept once, whole, under their hash; every deed leaves its trace."""

import hashlib
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from chengzhi.accounts import interface as accounts
from chengzhi.audit import interface as audit
from chengzhi.audit.models import Event
from chengzhi.evidence import interface as evidence
from chengzhi.evidence.commands.store import safe_name
from chengzhi.evidence.models import Attachment, Deposit, EvidenceFile, FileMissing
from chengzhi.kernel.errors import InvalidInput, NotVisible
from tests.evidence.pictures import PDF, clip, exif, picture

THING = "thing:330225-1"


@pytest.fixture
def photo(db, li_ming, now):
    return evidence.store(picture(exif=exif()), name="near.jpg", actor=li_ming, now=now)


def files_under(folder) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_a_file_lies_under_its_hash(photo, store_folder):
    content = picture(exif=exif())
    sha256 = hashlib.sha256(content).hexdigest()

    assert photo.sha256 == sha256
    assert files_under(store_folder) == [f"{sha256}.jpg"]
    assert (store_folder / sha256[:2] / f"{sha256}.jpg").read_bytes() == content


def test_what_the_check_found_is_kept(photo, now):
    row = EvidenceFile.objects.get()

    assert (photo.media_type, photo.size, photo.name) == ("image/jpeg", row.size, "near.jpg")
    assert (photo.width, photo.height) == (640, 480)
    assert (photo.lon, photo.lat) == (121.87, 29.4766667)
    assert photo.captured_at == row.exif_at == now - timedelta(minutes=9, seconds=30)
    assert (photo.stored_at, row.stored_by) == (now, "person:1")


@pytest.mark.django_db
def test_the_senders_time_goes_before_the_devices(li_ming, now):
    said = now - timedelta(minutes=1)

    stored = evidence.store(
        picture(exif=exif()), name="a.jpg", actor=li_ming, now=now, captured_at=said
    )

    assert stored.captured_at == said
    assert EvidenceFile.objects.get().exif_at == now - timedelta(minutes=9, seconds=30)


def test_the_same_bytes_are_kept_once(photo, li_ming, wang_fang, now, store_folder):
    again = evidence.store(picture(exif=exif()), name="b.jpg", actor=li_ming, now=now)
    other = evidence.store(picture(exif=exif()), name="c.jpg", actor=wang_fang, now=now)

    assert again.sha256 == other.sha256 == photo.sha256
    assert again.name == "near.jpg"
    assert len(files_under(store_folder)) == 1
    assert Deposit.objects.count() == 2
    assert [entry.actor for entry in evidence.custody(photo.sha256)] == ["person:1", "person:2"]


@pytest.mark.django_db
def test_a_refused_file_leaves_nothing(li_ming, now, store_folder):
    with pytest.raises(evidence.UploadRefused):
        evidence.store(b"<html>", name="photo.jpg", actor=li_ming, now=now)

    assert not store_folder.exists()
    assert not EvidenceFile.objects.exists()
    assert not Event.objects.exists()


@pytest.mark.django_db
def test_a_row_and_its_trace_stand_or_fall_together(li_ming, now, settings):
    settings.CHENGZHI_HASH = "md5"  # the trace cannot be written

    with pytest.raises(ValueError, match="unknown hash algorithm"):
        evidence.store(picture(), name="a.jpg", actor=li_ming, now=now)

    assert not EvidenceFile.objects.exists()
    assert not Deposit.objects.exists()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("现场.jpeg", "现场.png"),
        ("../../etc/passwd", "passwd.png"),
        ("C:\\temp\\evil.exe", "evil.png"),
        ('a"b<c>.html', "abc.png"),
        ("", "file.png"),
        ("...", "file.png"),
        ("x" * 300 + ".png", "x" * 150 + ".png"),
        ("a\r\nSet-Cookie: x.png", "aSet-Cookie x.png"),
    ],
)
def test_a_name_is_made_plain(given, kept):
    assert safe_name(given, extension="png") == kept


def test_a_file_is_attached_once_in_a_role(photo, li_ming, now):
    for _ in range(2):
        evidence.attach(photo.sha256, subject=THING, role="near", actor=li_ming, now=now)
    evidence.attach(photo.sha256, subject=THING, role="far", actor=li_ming, now=now)

    assert [file.role for file in evidence.files_of(THING)] == ["near", "far"]
    assert [entry.sentence for entry in evidence.custody(photo.sha256)[1:]] == [
        "附入 thing:330225-1，作为近景",
        "附入 thing:330225-1，作为远景",
    ]


def test_a_role_that_does_not_exist_is_refused(photo, li_ming, now):
    with pytest.raises(InvalidInput, match="没有“selfie”这种材料，可用：near、far"):
        evidence.attach(photo.sha256, subject=THING, role="selfie", actor=li_ming, now=now)

    assert not Attachment.objects.exists()


def test_knowing_a_hash_does_not_open_the_file(photo, chen_jing, now):
    with pytest.raises(NotVisible, match="没有这个文件"):
        evidence.attach(
            photo.sha256, subject="thing:330203-1", role="near", actor=chen_jing, now=now
        )
    with pytest.raises(NotVisible):
        evidence.read(chen_jing, photo.sha256, now=now)

    assert not Attachment.objects.exists()


def test_the_system_carries_a_file_to_its_record(photo, now):
    system = accounts.system_actor("reactions", division="330225")

    evidence.attach(photo.sha256, subject=THING, role="still_confirm", actor=system, now=now)

    assert evidence.files_of(THING)[0].role == "still_confirm"
    with pytest.raises(NotVisible):
        evidence.attach("0" * 64, subject=THING, role="near", actor=system, now=now)


def test_whoever_sees_the_record_sees_its_files(photo, li_ming, wang_fang, chen_jing, now):
    with pytest.raises(NotVisible):
        evidence.read(wang_fang, photo.sha256, now=now)

    evidence.attach(photo.sha256, subject=THING, role="near", actor=li_ming, now=now)

    content, media_type = evidence.read(wang_fang, photo.sha256, now=now)
    assert (content[8:12], media_type) == (b"WEBP", "image/webp")
    with pytest.raises(NotVisible):
        evidence.read(chen_jing, photo.sha256, now=now)


def test_records_of_a_context_that_says_nothing_are_seen_by_nobody(photo, li_ming, wang_fang, now):
    evidence.attach(photo.sha256, subject="riddle:1", role="near", actor=li_ming, now=now)

    with pytest.raises(NotVisible):
        evidence.read(wang_fang, photo.sha256, now=now)


def test_a_copy_is_made_once(photo, li_ming, now, store_folder):
    first, _ = evidence.read(li_ming, photo.sha256, variant="thumbnail", now=now)
    (made,) = [path for path in store_folder.rglob("*.webp")]
    made.write_bytes(b"made before")

    second, _ = evidence.read(li_ming, photo.sha256, variant="thumbnail", now=now)

    assert first[8:12] == b"WEBP"
    assert second == b"made before"


def test_an_original_is_read_with_permission_and_reason_and_leaves_a_trace(
    photo, li_ming, wang_fang, now
):
    evidence.attach(photo.sha256, subject=THING, role="near", actor=li_ming, now=now)

    content, media_type = evidence.read(
        wang_fang, photo.sha256, variant="original", now=now, reason=" 办理行政复议 "
    )

    assert hashlib.sha256(content).hexdigest() == photo.sha256
    assert media_type == "image/jpeg"
    last = evidence.custody(photo.sha256)[-1]
    assert (last.sentence, last.actor) == ("调阅原件，事由：办理行政复议", "person:2")


def test_an_original_without_reason_or_permission_is_not_read(photo, li_ming, wang_fang, now):
    evidence.attach(photo.sha256, subject=THING, role="near", actor=li_ming, now=now)
    before = len(evidence.custody(photo.sha256))

    with pytest.raises(InvalidInput, match="调阅原件须写明事由"):
        evidence.read(wang_fang, photo.sha256, variant="original", now=now)
    with pytest.raises(accounts.NotPermitted, match="须由值班长、抓拍复核员、中队长"):
        evidence.read(li_ming, photo.sha256, variant="original", now=now, reason="看看")

    assert len(evidence.custody(photo.sha256)) == before


def test_the_manifest_lists_every_file_under_one_digest(photo, li_ming, now):
    evidence.attach(photo.sha256, subject=THING, role="near", actor=li_ming, now=now)
    first = evidence.manifest(THING)
    report = evidence.store(PDF, name="报告.pdf", actor=li_ming, now=now)
    evidence.attach(report.sha256, subject=THING, role="document", actor=li_ming, now=now)

    second = evidence.manifest(THING)

    assert [row.sha256 for row in second.rows] == [photo.sha256, report.sha256]
    assert second.rows[0].captured_at == "2026-11-25T02:20:30.000000+00:00"
    assert second.rows[0].attached_by == "person:1"
    assert (len(first.digest), first.algorithm) == (64, "sha256")
    assert first.digest != second.digest
    assert evidence.manifest(THING) == second


@pytest.mark.django_db
def test_the_manifest_of_nothing_is_empty():
    assert evidence.manifest("thing:330225-404").rows == ()


def test_the_files_of_many_records_come_with_one_query(
    photo, li_ming, now, django_assert_num_queries
):
    for number in range(3):
        subject = f"thing:330225-{number}"
        evidence.attach(photo.sha256, subject=subject, role="near", actor=li_ming, now=now)

    with django_assert_num_queries(1):
        found = evidence.files_of_many(["thing:330225-0", "thing:330225-2", "thing:330225-9"])

    assert {subject: len(files) for subject, files in found.items()} == {
        "thing:330225-0": 1,
        "thing:330225-2": 1,
        "thing:330225-9": 0,
    }


def test_a_file_is_known_by_its_hash(photo):
    assert evidence.file_of(photo.sha256) == photo
    assert evidence.file_of("0" * 64) is None


def test_a_missing_file_is_said_to_be_missing(photo, li_ming, now, store_folder):
    for path in store_folder.rglob("*.jpg"):
        path.unlink()

    with pytest.raises(FileMissing, match="chengzhi evidence verify"):
        evidence.read(li_ming, photo.sha256, now=now)


def test_a_store_that_holds_is_verified(photo, li_ming, now, capsys):
    evidence.store(clip(), name="b.mp4", actor=li_ming, now=now)

    call_command("evidence", "verify")

    assert "证据核验通过" in capsys.readouterr().out


def test_a_missing_and_a_changed_file_are_named_and_noted(
    photo, li_ming, now, store_folder, capsys
):
    changed = evidence.store(PDF, name="报告.pdf", actor=li_ming, now=now)
    next(store_folder.rglob("*.jpg")).unlink()
    next(store_folder.rglob("*.pdf")).write_bytes(PDF.replace(b"1.7", b"1.6"))

    with pytest.raises(CommandError, match="证据核验发现 2 个文件异常") as refusal:
        call_command("evidence", "verify")

    told = capsys.readouterr().out
    assert refusal.value.returncode == 1
    assert f"{photo.sha256}  near.jpg：文件缺失" in told
    assert f"{changed.sha256}  报告.pdf：文件内容与摘要不符，被改动过" in told
    assert evidence.custody(photo.sha256)[-1].label == "核验异常"
    assert audit.verify() is None
