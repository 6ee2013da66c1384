"""Evidence: clips with pre-roll, stills apart from published copies, a manifest of hashes."""

import hashlib
import json
from dataclasses import replace

import av
import cv2
import numpy as np
import pytest

from chengzhi_vision.evidence.clip import ENCODERS, write_clip
from chengzhi_vision.evidence.files import Footage, write_evidence
from chengzhi_vision.evidence.manifest import Chain
from chengzhi_vision.evidence.publish import known_things, publisher
from chengzhi_vision.evidence.ring import PacketRing, Piece
from chengzhi_vision.sources.video import VideoSource
from chengzhi_vision.types import Link, ObjectClass

from .scenes import Thing, camera_with, parked, player, standing


def piece(pts: float, *, key: bool = False, size: int = 10) -> Piece:
    return Piece(pts=pts, dts=pts, duration=0.2, is_key=key, payload=bytes(size))


def ring_of(seconds: int, *, keep_s: float = 100, max_bytes: int = 10**9) -> PacketRing:
    ring = PacketRing(keep_s=keep_s, max_bytes=max_bytes)
    for i in range(seconds * 5):
        ring.add(piece(i / 5, key=i % 10 == 0))
    return ring


def opened(path) -> tuple[VideoSource, PacketRing]:
    ring = PacketRing(keep_s=100, max_bytes=10**9)
    source = VideoSource(str(path), fps=5, keyframes_only=False, ring=ring)
    list(source.frames(started_at=0, stop=lambda: False))
    return source, ring


def test_a_cut_begins_at_the_key_frame_before_the_wanted_moment():
    pieces = ring_of(20).cut(start=7.3, end=9.1)

    assert pieces[0].is_key
    assert (pieces[0].pts, pieces[-1].pts) == (6.0, 9.0)


def test_a_cut_from_before_the_ring_begins_with_what_is_there():
    pieces = ring_of(20, keep_s=5).cut(start=0, end=100)

    assert (pieces[0].pts, pieces[-1].pts) == (14.0, 19.8)


def test_an_empty_ring_gives_no_clip(tmp_path):
    assert PacketRing(keep_s=5, max_bytes=10).cut(start=0, end=9) == []
    assert write_clip([], template=None, path=tmp_path / "x.mp4") is None


def test_a_ring_keeps_to_its_bytes_and_to_whole_groups():
    ring = ring_of(20, max_bytes=250)

    assert ring.size <= 250
    assert ring.cut(start=0, end=100)[0].is_key


def test_a_clip_is_remuxed_packet_by_packet(make_clip, tmp_path):
    source, ring = opened(make_clip(seconds=8))
    pieces = ring.cut(start=3, end=6)

    how = write_clip(pieces, template=source.template, path=tmp_path / "out.mp4")

    with av.open(str(tmp_path / "out.mp4")) as clip:
        payloads = [bytes(p) for p in clip.demux(video=0) if p.size]
    assert how == "remuxed"
    assert payloads == [p.payload for p in pieces]
    assert len(pieces) == 21


@pytest.mark.slow
def test_what_mp4_refuses_is_encoded_with_a_permissive_encoder(make_clip, tmp_path):
    source, ring = opened(make_clip(seconds=4, codec="msmpeg4", name="clip.avi"))
    pieces = ring.cut(start=0, end=10)

    how = write_clip(pieces, template=source.template, path=tmp_path / "out.mp4")

    with av.open(str(tmp_path / "out.mp4")) as clip:
        frames = sum(1 for _ in clip.decode(video=0))
    assert how in ENCODERS
    assert "x264" not in how
    assert frames == 20


def test_an_alarm_leaves_stills_overlay_clip_and_a_manifest_of_hashes(make_clip, tmp_path):
    car = Thing(kind=ObjectClass.VEHICLE, where=standing(300, 200))
    source, ring = opened(make_clip(car, seconds=20))
    camera = camera_with(parked(10))
    street = player(camera, car)
    street.play(0, 20)

    finding = write_evidence(
        street.alarms[0],
        camera=camera,
        footage=Footage(ring=ring, template=source.template),
        folder=tmp_path / "e",
        publish=publisher(street.scene, with_files=True),
    )

    roles = [item.role for item in finding.evidence]
    assert roles == [
        "first_seen",
        "dwell_reached",
        "confirmation",
        "published_first_seen",
        "published_dwell_reached",
        "published_confirmation",
        "clip",
        "overlay",
        "overlay_drawing",
        "manifest",
    ]
    for item in finding.evidence:
        data = (tmp_path / "e" / item.name).read_bytes()
        assert (hashlib.sha256(data).hexdigest(), len(data)) == (item.sha256, item.size)
    manifest = json.loads((tmp_path / "e" / "manifest.json").read_text("utf-8"))
    assert [f["sha256"] for f in manifest["files"]] == [f.sha256 for f in finding.evidence[:-1]]
    assert manifest["stills_pts"] == {
        "first_seen": 0.0,
        "dwell_reached": 10.0,
        "confirmation": 11.0,
    }
    assert (manifest["complete"], manifest["missing"], manifest["clip"]) == (True, [], "remuxed")
    assert finding.frame_sha256 == finding.evidence[1].sha256
    overlay = json.loads((tmp_path / "e" / "overlay.json").read_text("utf-8"))
    assert overlay["bbox"] == [300, 200, 90, 60]


def test_originals_are_untouched_and_published_copies_hide_plates(tmp_path):
    car = Thing(kind=ObjectClass.VEHICLE, where=standing(300, 200))
    street = player(camera_with(parked(10)), car)
    street.play(0, 20)
    alarm = street.alarms[0]

    write_evidence(
        alarm,
        camera=street.pipeline.camera,
        footage=None,
        folder=tmp_path,
        publish=publisher(street.scene, with_files=True),
    )

    original = cv2.imread(str(tmp_path / "dwell_reached.jpg")).astype(int)
    copy = cv2.imread(str(tmp_path / "published_dwell_reached.jpg")).astype(int)
    change = np.abs(original - copy).mean(axis=2)
    assert (tmp_path / "dwell_reached.jpg").read_bytes() == alarm.reached.jpeg
    assert change[230:258, 302:388].mean() > 10
    assert change[:180].mean() < 5


def alarm_of_a_parked_car(until: float = 20):
    car = Thing(kind=ObjectClass.VEHICLE, where=standing(300, 200))
    street = player(camera_with(parked(10)), car)
    street.play(0, until)
    return street, street.alarms[0]


def manifest_in(folder):
    return json.loads((folder / "manifest.json").read_text("utf-8"))


def test_the_manifest_says_what_each_still_hides_and_the_copies_stay_at_home(tmp_path):
    street, alarm = alarm_of_a_parked_car()

    finding = write_evidence(
        alarm,
        camera=street.pipeline.camera,
        footage=None,
        folder=tmp_path,
        publish=publisher(street.scene),
    )

    hidden = manifest_in(tmp_path)["redaction"]
    assert not [item.role for item in finding.evidence if item.role.startswith("published_")]
    assert hidden["method"] == "things+plates/1"
    assert "band" in [row["kind"] for row in hidden["stills"]["dwell_reached"]]
    assert [seen.area.w for seen in known_things(finding, street.scene.picture(0))] == [90]


def test_a_finding_without_video_says_that_the_clip_is_missing(tmp_path):
    street, alarm = alarm_of_a_parked_car()

    write_evidence(alarm, camera=street.pipeline.camera, footage=None, folder=tmp_path)

    manifest = manifest_in(tmp_path)
    assert (manifest["complete"], manifest["missing"], manifest["clip"]) == (False, ["clip"], "")
    assert "redaction" not in manifest


def test_the_drawing_lies_apart_from_the_pictures(tmp_path):
    street, alarm = alarm_of_a_parked_car()

    write_evidence(alarm, camera=street.pipeline.camera, footage=None, folder=tmp_path)

    drawing = (tmp_path / "overlay.svg").read_text("utf-8")
    assert drawing.startswith('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 360">')
    assert '<rect x="300" y="200" width="90" height="60"' in drawing


def test_manifests_of_a_day_form_a_chain_that_begins_anew_the_next_day(tmp_path):
    camera, chain = camera_with(parked(10)), Chain(tmp_path)
    noon, tomorrow = 1_764_129_600.0, 1_764_129_600.0 + 86_400

    first = chain.next(camera, at=noon)
    chain.begin(camera, first, sha256="a" * 64, finding_id="one")
    second = chain.next(camera, at=noon + 60)
    chain.begin(camera, second, sha256="b" * 64, finding_id="two")
    third = chain.next(camera, at=tomorrow)

    assert first == Link(day="2025-11-26", number=1)
    assert second == Link(day="2025-11-26", number=2, previous="a" * 64)
    assert third == Link(day="2025-11-27", number=1)


def test_a_crash_before_the_spool_leaves_no_gap_and_one_after_it_no_fork(tmp_path):
    camera, noon = camera_with(parked(10)), 1_764_129_600.0
    chain = Chain(tmp_path)
    chain.begin(camera, chain.next(camera, at=noon), sha256="a" * 64, finding_id="one")

    lost = Chain(tmp_path).next(camera, at=noon, is_kept=lambda finding_id: False)
    chain.begin(camera, Link(day="2025-11-26", number=1), sha256="b" * 64, finding_id="two")
    kept = Chain(tmp_path).next(camera, at=noon, is_kept=lambda finding_id: finding_id == "two")

    assert lost == Link(day="2025-11-26", number=1)
    assert kept == Link(day="2025-11-26", number=2, previous="b" * 64)


def test_each_lease_has_a_stretch_that_names_the_last_of_the_one_before(tmp_path):
    camera, chain, noon = camera_with(parked(10)), Chain(tmp_path), 1_764_129_600.0
    seven, eight = replace(camera, epoch=7), replace(camera, epoch=8)

    links = []
    for name, own in enumerate([seven, seven, eight, eight, camera]):
        links.append(chain.next(own, at=noon))
        chain.begin(own, links[-1], sha256=str(name) * 64, finding_id=str(name))

    assert [(link.stretch, link.number, link.previous[:1]) for link in links] == [
        (7, 1, ""), (7, 2, "0"), (8, 1, "1"), (8, 2, "2"), (8, 3, "3"),
    ]  # fmt: skip


def test_an_alarm_from_before_midnight_that_comes_late_does_not_begin_its_day_anew(tmp_path):
    camera, chain = camera_with(parked(10)), Chain(tmp_path)
    midnight = 1_764_172_800.0  # in Shanghai
    first = chain.next(camera, at=midnight + 1)
    chain.begin(camera, first, sha256="a" * 64, finding_id="one")

    late = chain.next(camera, at=midnight - 5)

    assert (first.day, late) == ("2025-11-27", replace(first, number=2, previous="a" * 64))
