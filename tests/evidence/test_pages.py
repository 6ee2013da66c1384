"""Serving: by permission on each file, in parts for players, never as a page."""

import hashlib
import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from chengzhi.accounts import commands as accounts_commands
from chengzhi.accounts import queries
from chengzhi.accounts.types import Role, TokenScope
from chengzhi.evidence import interface as evidence
from chengzhi.evidence.models import EvidenceFile
from tests.accounts.people import ELSEWHERE, ROOT, person, unit
from tests.evidence.looking import seeing
from tests.evidence.pictures import PDF, clip, exif, picture

BACKEND = "chengzhi.accounts.web.KnownPeople"
THING = "thing:330225-1"


def sign_in(client, account):
    client.force_login(account, backend=BACKEND)
    return client


@pytest.fixture
def duty_manager(db):
    unit()
    return person("haiyan", "陈海燕", Role.DUTY_MANAGER)


@pytest.fixture
def client(client, duty_manager):
    return sign_in(client, duty_manager)


@pytest.fixture
def stranger(db):
    unit("X01", name="外区中心", division="330203", actor=ELSEWHERE)
    return person("chenjing", "陈静", Role.DUTY_MANAGER, unit="X01", actor=ELSEWHERE)


@pytest.fixture
def keep(duty_manager):
    """Store bytes and attach them to a record of the county."""
    actor = queries.actor_of(duty_manager, on=timezone.localdate())

    def keep(content, name="a", role="near"):
        stored = evidence.store(content, name=name, actor=actor, now=timezone.now())
        evidence.attach(stored.sha256, subject=THING, role=role, actor=actor, now=timezone.now())
        return f"/evidence/{stored.sha256}"

    return keep


def test_a_picture_is_served_as_a_guarded_copy(client, keep):
    answer = client.get(keep(picture(exif=exif()), "现场.jpg"))

    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/webp"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].endswith("; sandbox")
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer["Content-Disposition"].startswith("inline; filename*=utf-8''%E7%8E%B0")
    assert answer["Cache-Control"] == "private, no-cache"
    assert b"TestPhone" not in answer.content


def test_a_copy_that_the_browser_has_is_not_sent_again(client, keep):
    address = keep(picture())
    etag = client.get(address)["ETag"]

    again = client.get(address, headers={"if-none-match": etag})

    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("variant", ["", "/thumbnail"])
def test_a_mended_copy_replaces_the_one_that_the_browser_has(client, keep, look_through, variant):
    address = keep(picture())
    sketch = client.get(address + variant)
    look_through()
    looked = client.get(address + variant, headers={"if-none-match": sketch["ETag"]})

    client.post(address + "/cover", {"x": "50", "y": "0", "w": "50", "h": "100"})

    mended = client.get(address + variant, headers={"if-none-match": looked["ETag"]})
    assert [answer.status_code for answer in (sketch, looked, mended)] == [200, 200, 200]
    assert len({answer["ETag"] for answer in (sketch, looked, mended)}) == 3
    assert {a["Cache-Control"] for a in (sketch, looked, mended)} == {"private, no-cache"}


def test_a_thumbnail_has_its_own_address(client, keep):
    answer = client.get(keep(picture(size=(1600, 900))) + "/thumbnail")

    assert answer["Content-Type"] == "image/webp"
    assert client.get(keep(PDF) + "/thumbnail").status_code == 404


def test_a_document_is_downloaded(client, keep):
    answer = client.get(keep(PDF, "报告.pdf", "document"))

    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment;")


@pytest.mark.parametrize(
    ("asked", "status", "expected"),
    [
        ("bytes=0-9", 206, slice(0, 10)),
        ("bytes=10-", 206, slice(10, None)),
        ("bytes=-7", 206, slice(-7, None)),
        ("bytes=5-999999", 206, slice(5, None)),
        ("bytes=9-5", 200, slice(None)),
        ("bytes=-", 200, slice(None)),
        ("bytes=0-1,3-4", 200, slice(None)),
        ("lines=1-2", 200, slice(None)),
    ],
)
def test_a_recording_is_served_in_parts(client, keep, look_through, asked, status, expected):
    address = keep(clip(), role="clip")
    look_through()
    whole = client.get(address)

    part = client.get(address, headers={"range": asked})

    assert whole["Accept-Ranges"] == "bytes"
    assert part.status_code == status
    assert part.content == whole.content[expected]
    if status == 206:
        start = range(len(whole.content))[expected][0]
        end = start + len(part.content) - 1
        assert part["Content-Range"] == f"bytes {start}-{end}/{len(whole.content)}"


@pytest.mark.parametrize("asked", ["bytes=999999-", "bytes=-0"])
def test_a_part_past_the_end_cannot_be_served(client, keep, look_through, asked):
    address = keep(clip(), role="clip")
    look_through()

    answer = client.get(address, headers={"range": asked})

    assert answer.status_code == 416
    assert answer["Content-Range"].startswith("bytes */")
    assert answer.content == b""


def test_a_stranger_finds_nothing(client, keep, stranger):
    address = keep(picture())
    there = client.get(address)
    sign_in(client, stranger)

    for deed in ("", "/thumbnail", "/original?reason=x", "/custody"):
        assert client.get(address + deed).status_code == 404, deed
    absent = client.get("/evidence/" + "0" * 64)
    assert there.status_code == 200
    assert client.get(address).context["error"].sentence == absent.context["error"].sentence
    assert client.get(f"/evidence/manifest/{THING}").status_code == 404


def test_somebody_unknown_is_asked_to_sign_in(client, keep):
    address = keep(picture())
    client.logout()

    for deed in ("", "/thumbnail", "/original", "/custody"):
        assert client.get(address + deed)["Location"].startswith("/login/"), deed
    assert client.get(f"/evidence/manifest/{THING}")["Location"].startswith("/login/")


@pytest.mark.parametrize(
    "address",
    [
        "/evidence/../../etc/passwd",
        "/evidence/..%2f..%2fetc%2fpasswd",
        "/evidence/" + "0" * 63,
        "/evidence/" + "0" * 64 + ".jpg",
        "/evidence/" + "0" * 64 + "/../x",
        "/evidence/" + "Z" * 64,
        "/evidence/" + "0" * 64 + "/raw",
    ],
)
def test_only_a_hash_reaches_the_store(client, address):
    assert client.get(address).status_code == 404


def test_an_original_is_served_with_a_reason_and_leaves_a_trace(client, keep):
    content = picture(exif=exif())
    address = keep(content)

    silent = client.get(address + "/original")
    answer = client.get(address + "/original", {"reason": "办理行政复议"})

    assert (silent.status_code, "调阅原件须写明事由" in silent.text) == (422, True)
    assert answer.content == content
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Content-Disposition"].startswith("attachment;")
    assert "调阅原件，事由：办理行政复议" in client.get(address + "/custody").text


def test_an_original_is_not_for_everybody_who_sees_the_copy(client, keep):
    address = keep(picture())
    sign_in(client, person("liming", "李明", Role.COLLECTOR))

    assert client.get(address).status_code == 200
    assert client.get(address + "/original", {"reason": "看看"}).status_code == 403
    assert 'aria-disabled="true"' in client.get(address + "/custody").text


def test_files_take_no_post(client, keep):
    assert client.post(keep(picture())).status_code == 405


def test_the_manifest_is_a_page_and_a_file(client, keep):
    address = keep(picture())

    page = client.get(f"/evidence/manifest/{THING}")
    kept = client.get(f"/evidence/manifest/{THING}", {"format": "json"})

    sha256 = address.rpartition("/")[2]
    assert sha256 in page.text
    assert "近景" in page.text
    listed = json.loads(kept.content)
    assert listed["rows"][0]["sha256"] == sha256
    assert listed["digest"] == evidence.manifest(THING).digest
    assert 'filename="manifest-thing-330225-1.json"' in kept["Content-Disposition"]
    assert "这条记录还没有文件" in client.get("/evidence/manifest/thing:330225-9").text


@pytest.fixture
def bearer(db):
    now = timezone.now()
    issued = accounts_commands.issue_token(
        name="外部系统",
        scopes=[TokenScope.API],
        expires_at=now + timedelta(days=1),
        actor=ROOT,
        now=now,
    )
    return {"authorization": f"Bearer {issued.plain}"}


def bring(client, bearer, content, name="a.jpg", **fields):
    data = {"file": SimpleUploadedFile(name, content), **fields}
    return client.post("/api/v1/evidence/files", data, headers=bearer)


def test_the_api_keeps_a_file(client, bearer):
    client.logout()
    content = picture(exif=exif())

    answer = bring(client, bearer, content, captured_at="2026-11-25T10:00:00+08:00")

    sha256 = hashlib.sha256(content).hexdigest()
    assert answer.status_code == 201
    brought = answer.json()
    assert (brought["sha256"], brought["media_type"]) == (sha256, "image/jpeg")
    assert brought["captured_at"] == "2026-11-25T10:00:00+08:00"
    facts = client.get(f"/api/v1/evidence/files/{sha256}", headers=bearer).json()
    assert (facts["lon"], facts["lat"]) == (121.87, 29.4766667)


@pytest.mark.parametrize(
    ("content", "fields", "field"),
    [
        (b"<html>", {}, "file"),
        (picture(), {"captured_at": "2026-11-25T10:00:00"}, "captured_at"),
        (picture(), {"captured_at": "yesterday"}, "captured_at"),
    ],
)
def test_the_api_refuses_by_field_and_keeps_nothing(client, bearer, content, fields, field):
    client.logout()

    answer = bring(client, bearer, content, **fields)

    assert answer.status_code == 422
    assert answer.json()["field"] == field
    assert not EvidenceFile.objects.exists()


def test_the_api_shows_a_file_only_to_those_who_may_see_it(client, keep, bearer):
    sha256 = keep(picture()).rpartition("/")[2]
    client.logout()

    assert client.get(f"/api/v1/evidence/files/{sha256}").status_code == 401
    listed = client.get(f"/api/v1/evidence/subjects/{THING}/manifest", headers=bearer)
    assert [row["sha256"] for row in listed.json()["rows"]] == [sha256]
    elsewhere = "/api/v1/evidence/subjects/thing:330203-1/manifest"
    assert client.get(elsewhere, headers=bearer).status_code == 404


def test_the_page_shows_what_is_hidden_and_who_may_mend_it_mends_it(client, keep, look_through):
    address = keep(picture())
    look_through(seeing(faces=[(0.1, 0.1, 0.2, 0.2)]))

    page = client.get(f"{address}/custody").content.decode()
    box = {"x": "50", "y": "50", "w": "20", "h": "20"}
    covered = client.post(f"{address}/cover", box)
    uncovered = client.post(f"{address}/uncover", {"number": "0", "reason": "是招牌"})
    after = client.get(f"{address}/custody").content.decode()

    assert "人脸" in page and "手工" not in page
    assert covered["Location"] == uncovered["Location"] == f"{address}/custody"
    assert "手工" in after
    assert "取消公开副本上的第 0 处遮挡：是招牌" in after


def test_a_mark_that_is_no_number_is_refused(client, keep, look_through):
    address = keep(picture())
    look_through()

    answer = client.post(f"{address}/cover", {"x": "a", "y": "0", "w": "1", "h": "1"})

    assert answer.status_code == 422


@pytest.mark.parametrize("number", ["", "²", "-1", "9" * 20])
def test_a_part_that_is_not_there_is_refused(client, keep, look_through, number):
    address = keep(picture())
    look_through()

    answer = client.post(f"{address}/uncover", {"number": number, "reason": "是招牌"})

    assert (answer.status_code, "没有这处遮挡" in answer.text) == (422, True)


def test_the_place_of_a_mark_can_be_written(client, keep, look_through):
    address = keep(picture())
    look_through()

    page = client.get(f"{address}/custody").text

    assert [page.count(f'name="{name}"') for name in "xywh"] == [1, 1, 1, 1]
