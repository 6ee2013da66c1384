"""Evidence: clips with pre-roll, stills apart from published copies, a manifest of hashes."""

import hashlib
import json

import av
import cv2
import numpy as np
import pytest

from chengzhi_vision.evidence.clip import ENCODERS, write_clip
from chengzhi_vision.evidence.files import Footage, write_evidence
from chengzhi_vision.evidence.publish import publisher, secret_parts
from chengzhi_vision.evidence.ring import PacketRing, Piece
from chengzhi_vision.sources.video import VideoSource
from chengzhi_vision.types import Box, Detection, ObjectClass

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
        publish=publisher(street.scene),
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
        "confirmation": 13.0,
    }
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
        publish=publisher(street.scene),
    )

    original = cv2.imread(str(tmp_path / "dwell_reached.jpg")).astype(int)
    copy = cv2.imread(str(tmp_path / "published_dwell_reached.jpg")).astype(int)
    change = np.abs(original - copy).mean(axis=2)
    assert (tmp_path / "dwell_reached.jpg").read_bytes() == alarm.reached.jpeg
    assert change[230:258, 302:388].mean() > 10
    assert change[:180].mean() < 5


def test_heads_and_plates_are_the_secret_parts():
    person = Detection(box=Box(x=0, y=0, w=10, h=100), kind=ObjectClass.PERSON, score=1)
    car = Detection(box=Box(x=0, y=0, w=100, h=100), kind=ObjectClass.VEHICLE, score=1)

    assert secret_parts([person]) == [Box(x=0, y=0, w=10, h=30)]
    assert [part.rounded() for part in secret_parts([car])] == [[0, 45, 100, 55]]
