"""Findings and files come in any order, as often as they like, and count once."""

import json
from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest

from chengzhi.accounts.rules import NotPermitted
from chengzhi.audit.models import Event
from chengzhi.evidence import interface as evidence
from chengzhi.kernel.errors import InvalidInput
from chengzhi.vision import commands
from chengzhi.vision.models import ExpectedFile, Finding, Incident, ReceivedFile
from chengzhi.vision.queries.access import UnknownCamera
from chengzhi.vision.queries.desk import queue
from chengzhi.vision.queries.findings import detail, evidence_of
from chengzhi.vision.types import ExpectedEvidence, FindingKind, ManifestLink
from tests.vision.conftest import POLYGON, SHADES, STILLS, digest, incoming, picture, still

HASHES = tuple(file.sha256 for file in STILLS)


def names(subject: str) -> list[str]:
    return list(
        Event.objects.filter(subject=subject).order_by("seq").values_list("name", flat=True)
    )


def test_a_new_finding_is_kept_with_the_zone_and_rule_of_its_moment(camera, worker, now):
    receipt = commands.record_finding(incoming(now), actor=worker, now=now)

    finding = Finding.objects.get()
    assert (receipt.is_new, receipt.evidence_missing) == (True, HASHES)
    assert (finding.state, finding.zone, finding.rule_version) == ("pending", "kerb", 1)
    assert finding.polygon == [list(point) for point in POLYGON]
    assert finding.rule_text == "07:00–21:00 停留 ≥ 20秒，区域“kerb”"
    assert (finding.frame_width, finding.frame_height) == (768, 576)
    assert names(f"finding:{finding.pk}") == ["vision.finding-received"]


def test_the_same_finding_twice_is_one_row_and_one_event(camera, worker, now):
    first = commands.record_finding(incoming(now), actor=worker, now=now)

    again = commands.record_finding(incoming(now), actor=worker, now=now + timedelta(hours=1))

    assert (again.id, again.is_new, again.evidence_missing) == (first.id, False, HASHES)
    assert Finding.objects.count() == 1
    assert Event.objects.filter(name="vision.finding-received").count() == 1
    assert ExpectedFile.objects.count() == 3


@pytest.mark.parametrize("order", list(permutations(("message", 10, 20, 30))))
def test_message_and_files_may_come_in_any_order(camera, worker, bring, now, order):
    for step in order:
        if step == "message":
            commands.record_finding(incoming(now), actor=worker, now=now)
        else:
            bring(step)

    finding = Finding.objects.get()
    attached = evidence.files_of(f"finding:{finding.pk}")
    assert finding.is_evidence_complete
    assert {(file.role, file.sha256) for file in attached} == {
        ("still_first", HASHES[0]),
        ("still_dwell", HASHES[1]),
        ("still_confirm", HASHES[2]),
    }
    assert names(f"finding:{finding.pk}") == ["vision.finding-received", "vision.evidence-complete"]


def test_a_file_brought_twice_is_stored_once_and_told_once(camera, worker, bring, now):
    commands.record_finding(incoming(now), actor=worker, now=now)
    bring(*SHADES)

    bring(*SHADES)

    assert ReceivedFile.objects.count() == 3
    assert Event.objects.filter(name="vision.evidence-complete").count() == 1


def test_a_known_finding_asks_only_for_what_is_missing(camera, worker, bring, now):
    commands.record_finding(incoming(now), actor=worker, now=now)
    bring(20)

    receipt = commands.record_finding(incoming(now), actor=worker, now=now)

    assert receipt.evidence_missing == (HASHES[0], HASHES[2])


def test_two_stills_that_are_the_same_picture_need_one_file(camera, worker, bring, now):
    files = (still("first_seen", 10), still("dwell_reached", 10))

    receipt = commands.record_finding(incoming(now, evidence=files), actor=worker, now=now)
    bring(10)

    assert receipt.evidence_missing == (HASHES[0],)
    assert Finding.objects.get().is_evidence_complete
    assert len(evidence.files_of(f"finding:{receipt.id}")) == 2


def test_one_file_may_serve_two_findings(camera, worker, bring, now):
    files = (still("first_seen", 10),)
    for name in ("F-1", "F-2"):
        commands.record_finding(incoming(now, name, evidence=files), actor=worker, now=now)

    bring(10)

    assert list(Finding.objects.values_list("is_evidence_complete", flat=True)) == [True, True]


def test_overlay_and_manifest_are_kept_as_text_beside_the_pictures(camera, worker, now):
    text = json.dumps({"bbox": [1, 2, 3, 4]}).encode()
    file = ExpectedEvidence(
        name="overlay.json",
        role="overlay",
        media_type="application/json",
        sha256=digest(text),
        size=len(text),
    )
    receipt = commands.record_finding(incoming(now, evidence=(file,)), actor=worker, now=now)

    commands.store_evidence(text, sha256=file.sha256, actor=worker, now=now)

    assert ReceivedFile.objects.get().text == text.decode()
    assert Finding.objects.get().is_evidence_complete
    assert evidence.files_of(f"finding:{receipt.id}") == []
    (seen,) = evidence_of(receipt.id)
    assert (seen.is_side, seen.is_still, seen.role_label) == (True, False, "标注数据")


def test_the_desk_shows_the_covered_copy_where_the_worker_made_one(camera, worker, bring, now):
    files = (still("confirmation", 30), still("published_confirmation", 40))
    receipt = commands.record_finding(incoming(now, evidence=files), actor=worker, now=now)
    original, covered = files

    bring(30)
    before = evidence_of(receipt.id)[0].shown
    bring(40)
    after = evidence_of(receipt.id)[0].shown

    assert (before, after) == (original.sha256, covered.sha256)
    assert evidence_of(receipt.id)[1].is_still is False


def test_bytes_that_are_not_those_of_the_address_are_refused(camera, worker, now):
    commands.record_finding(incoming(now), actor=worker, now=now)

    with pytest.raises(InvalidInput, match="散列不符") as refused:
        commands.store_evidence(picture(99), sha256=HASHES[0], actor=worker, now=now)

    assert refused.value.field == "sha256"
    assert not ReceivedFile.objects.exists()
    assert not Finding.objects.get().is_evidence_complete


def test_an_unknown_camera_is_refused_by_name(camera, worker, now):
    with pytest.raises(UnknownCamera, match="“C999”") as refused:
        commands.record_finding(incoming(now, camera="C999"), actor=worker, now=now)

    assert (refused.value.status, refused.value.field) == (404, "camera")
    assert not Finding.objects.exists()


def test_a_worker_of_another_county_knows_no_camera_here(camera, worker, now):
    from dataclasses import replace

    stranger = replace(worker, division="330203")

    with pytest.raises(UnknownCamera):
        commands.record_finding(incoming(now), actor=stranger, now=now)

    assert not Finding.objects.exists()


def test_a_person_may_not_pretend_to_be_a_worker(camera, jiang_lina, now):
    with pytest.raises(NotPermitted):
        commands.record_finding(incoming(now), actor=jiang_lina, now=now)
    with pytest.raises(NotPermitted):
        commands.store_evidence(picture(10), sha256=HASHES[0], actor=jiang_lina, now=now)

    assert not Finding.objects.exists()
    assert not ReceivedFile.objects.exists()


def test_an_id_belongs_to_one_camera(camera, draft, administrator, worker, now):
    commands.record_finding(incoming(now), actor=worker, now=now)
    commands.register_camera("C002", draft, actor=administrator, now=now)

    with pytest.raises(InvalidInput) as refused:
        commands.record_finding(incoming(now, camera="C002"), actor=worker, now=now)

    assert refused.value.field == "finding_id"
    assert Finding.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"score": 1.1}, "score"),
        ({"bbox": (0.0, 0.0, 0.0, 5.0)}, "bbox"),
        ({"frame_sha256": "xyz"}, "frame_sha256"),
        ({"evidence": (still("clip", 1),) * 13}, "evidence"),
        (
            {
                "evidence": (
                    ExpectedEvidence(name="a", role="clip", media_type="v", sha256="", size=1),
                )
            },
            "evidence[0].sha256",
        ),
        (
            {
                "evidence": (
                    ExpectedEvidence(
                        name="a", role="clip", media_type="v", sha256="a" * 64, size=0
                    ),
                )
            },
            "evidence[0].size",
        ),
        ({"chain": ManifestLink(day="today", number=1)}, "chain.day"),
        ({"chain": ManifestLink(day="2026-03-02", number=0)}, "chain.number"),
        ({"chain": ManifestLink(day="2026-03-02", number=2, previous="x")}, "chain.previous"),
    ],
)
def test_a_message_that_contradicts_itself_is_refused_by_field(camera, worker, now, changes, field):
    with pytest.raises(InvalidInput) as refused:
        commands.record_finding(incoming(now, **changes), actor=worker, now=now)

    assert refused.value.field == field
    assert not Finding.objects.exists()


def test_an_alarm_before_its_start_and_a_malformed_id_are_refused(camera, worker, now):
    backwards = incoming(now, started_at=now, alarm_at=now - timedelta(seconds=1))

    for message, field in ((backwards, "started_at"), (incoming(now, "F 1"), "finding_id")):
        with pytest.raises(InvalidInput) as refused:
            commands.record_finding(message, actor=worker, now=now)
        assert refused.value.field == field

    assert not Finding.objects.exists()


def test_a_finding_waits_for_its_files_but_not_for_ever(camera, worker, jiang_lina, now):
    receipt = commands.record_finding(incoming(now), actor=worker, now=now)
    later = now + timedelta(minutes=5)

    assert list(queue(jiang_lina, now=now)) == []
    assert [row.pk for row in queue(jiang_lina, now=later)] == [receipt.id]
    assert "证据还在上传" in detail(jiang_lina, receipt.id, now=now).refusal
    assert detail(jiang_lina, receipt.id, now=later).refusal == ""


def test_a_zone_nobody_drew_here_is_kept_by_name(camera, worker, now):
    commands.record_finding(incoming(now, zone="已删去"), actor=worker, now=now)

    finding = Finding.objects.get()
    assert (finding.zone, finding.polygon, finding.rule_text) == ("已删去", [], "")


def test_a_blind_camera_is_an_incident_and_never_reviewed(camera, worker, jiang_lina, bring, now):
    message = incoming(
        now,
        "B-1",
        kind=FindingKind.CAMERA_BLIND,
        matter_code="01050",
        zone="",
        bbox=(0.0, 0.0, 0.0, 0.0),
        evidence=(still("confirmation", 30),),
    )

    commands.record_finding(message, actor=worker, now=now)
    commands.record_finding(message, actor=worker, now=now)
    bring(30)

    finding, incident = Finding.objects.get(), Incident.objects.get()
    assert (finding.state, finding.is_evidence_complete) == ("noted", True)
    assert (incident.kind, incident.finding, incident.ended_at) == ("blind", finding, None)
    assert list(queue(jiang_lina, now=now + timedelta(hours=1))) == []
    assert Event.objects.filter(name="vision.camera-blind").count() == 1


def test_a_second_blindness_report_joins_the_open_incident(camera, worker, now):
    for name in ("B-1", "B-2"):
        message = incoming(now, name, kind=FindingKind.CAMERA_BLIND, evidence=())
        commands.record_finding(message, actor=worker, now=now)

    assert Incident.objects.count() == 1
    assert Finding.objects.filter(state="noted").count() == 2


def test_the_film_strip_tells_the_moment_and_the_dwell_of_each_still(camera, worker, bring, now):
    text = b'{"stills_pts": {"first_seen": 0, "dwell_reached": 60, "confirmation": 75}}'
    file = ExpectedEvidence(
        name="manifest.json",
        role="manifest",
        media_type="application/json",
        sha256=digest(text),
        size=len(text),
    )
    message = incoming(now, evidence=(*STILLS, file))
    receipt = commands.record_finding(message, actor=worker, now=now)

    commands.store_evidence(text, sha256=file.sha256, actor=worker, now=now)

    seen = [(view.at, view.dwell) for view in evidence_of(receipt.id) if view.is_still]
    assert seen == [
        (message.alarm_at - timedelta(seconds=60), "0:00"),
        (message.alarm_at, "1:00"),
        (message.alarm_at + timedelta(seconds=15), "1:15"),
    ]


def test_names_of_shops_are_kept_as_a_hint(camera, worker, now):
    message = replace(incoming(now), shop_names=("甲乙水果",))

    receipt = commands.record_finding(message, actor=worker, now=now)

    assert Finding.objects.get(pk=receipt.id).shop_names == ["甲乙水果"]


def test_what_the_worker_saw_of_faces_is_hidden_whichever_comes_first(camera, worker, bring, now):
    told = {"method": "things/1", "stills": {"first_seen": [{"kind": "face", "box": [1, 1, 9, 9]}]}}
    text = json.dumps({"redaction": told}).encode()
    manifest = ExpectedEvidence(
        name="manifest.json",
        role="manifest",
        media_type="application/json",
        sha256=digest(text),
        size=len(text),
    )
    one, other = still("first_seen", 10), still("first_seen", 20)
    for name, photo in (("F-1", one), ("F-2", other)):
        files = (photo, manifest)
        commands.record_finding(incoming(now, name, evidence=files), actor=worker, now=now)

    bring(10)
    before = evidence.redacted_among([one.sha256])
    commands.store_evidence(text, sha256=manifest.sha256, actor=worker, now=now)
    bring(20)

    assert before == set()
    assert evidence.redacted_among([one.sha256, other.sha256]) == {one.sha256, other.sha256}
